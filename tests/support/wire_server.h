/* A server with one client's identity, for the tests of the server. */
#ifndef BANGO_TESTS_SUPPORT_WIRE_SERVER_H
#define BANGO_TESTS_SUPPORT_WIRE_SERVER_H

#include "tests/support/wire_world.h"

#define GET(path) SLICE("GET " path " HTTP/1.1\r\nHost: x\r\n\r\n")

extern struct world w;
extern struct identity id;
extern struct http_limits limits;

/* cmocka's, with `limits` as they are by default. */
int set_up(void **state);
int tear_down(void **state);
/* Serve within `limits`. */
void serve(void);
/* Run the loop until the server has `n` connections. */
void until_connections(int n);
/* Run the loop until the server holds `n` bytes of requests and replies. */
void until_bytes(size_t n);

#endif
