#include "tests/support/wire_server.h"

#include "wire/http_connection.h"

struct world w;
struct identity id;
struct http_limits limits;

int
set_up(void **state)
{
	(void)state;
	world_init(&w);
	id = world_issue(w.ca, "1/client", WORLD_END);
	limits = http_limits_default();

	return 0;
}

int
tear_down(void **state)
{
	(void)state;
	identity_done(&id);
	world_done(&w);

	return 0;
}

void
serve(void)
{
	world_serve(&w, TLS_CLIENTS_MUST, &limits);
}

void
until_connections(int n)
{
	while (http_server_connections(w.server) != n)
		event_base_loop(w.base, EVLOOP_ONCE);
}

void
until_bytes(size_t n)
{
	while (w.server->held != n)
		event_base_loop(w.base, EVLOOP_ONCE);
}
