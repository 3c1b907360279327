/*
 * A listening socket: TCP, non-blocking, on a host and a port.  Inside wire/
 * only.
 */
#ifndef BANGO_WIRE_LISTEN_H
#define BANGO_WIRE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sockaddr;

#define LISTEN_REMOTE_MAX 64

/* Port 0 takes a free one.  ERR_INPUT if there is no such host, ERR_BUSY if
 * the port is taken, ERR_IO; the problem names host and port. */
MUST_USE enum err listen_open(
    const char *host, uint16_t port, int *ret_fd, struct problem *problem);
/* The port on which the socket listens. */
uint16_t listen_port(int fd);
/* Does it listen on an address of this machine alone, 127.0.0.0/8 or ::1? */
bool listen_is_loopback(int fd);
/* Write an address with its port, "192.0.2.1:443" or "[2001:db8::1]:443", and
 * the same without the port; "" if it has no name. */
void listen_name_remote(const struct sockaddr *address, int len,
    char ret[LISTEN_REMOTE_MAX], char ret_address[LISTEN_REMOTE_MAX]);

#endif
