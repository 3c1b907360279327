/* A server with one client's identity: the head of its tests. */
#ifndef BANGO_TESTS_UNIT_WIRE_SERVER_H
#define BANGO_TESTS_UNIT_WIRE_SERVER_H

#include "tests/unit/wire/world.h"

#define GET(path) SLICE("GET " path " HTTP/1.1\r\nHost: x\r\n\r\n")

static struct world w;
static struct identity id;
static struct http_limits limits;

static int
set_up(void **state)
{
	(void)state;
	world_init(&w);
	id = world_issue(w.ca, "1/client", WORLD_END);
	limits = http_limits_default();

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	identity_done(&id);
	world_done(&w);

	return 0;
}

static void
serve(void)
{
	world_serve(&w, TLS_CLIENTS_MUST, &limits);
}

static void
until_connections(int n)
{
	while (http_server_connections(w.server) != n)
		event_base_loop(w.base, EVLOOP_ONCE);
}

#endif
