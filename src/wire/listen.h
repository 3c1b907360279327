/*
 * A listening socket: TCP, non-blocking, on a host and a port.  Inside wire/
 * only.
 */
#ifndef BANGO_WIRE_LISTEN_H
#define BANGO_WIRE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Port 0 takes a free one.  ERR_INPUT if there is no such host, ERR_BUSY if
 * the port is taken, ERR_IO; the problem names host and port. */
MUST_USE enum err listen_open(
    const char *host, uint16_t port, int *ret_fd, struct problem *problem);
/* The port on which the socket listens. */
uint16_t listen_port(int fd);
/* Does it listen on an address of this machine alone, 127.0.0.0/8 or ::1? */
bool listen_is_loopback(int fd);

#endif
