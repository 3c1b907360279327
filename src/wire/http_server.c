#include "wire/http_server.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "wire/http_connection.h"

#define ACCEPT_PAUSE_MS 100 /* when the process is out of descriptors */

struct http_limits
http_limits_default(void)
{
	return (struct http_limits){.connections = 1024,
	    .connections_per_peer = 64,
	    .handshakes = 256,
	    .header_bytes = 16u << 10,
	    .body_bytes = 16u << 20,
	    .all_bytes = 64u << 20,
	    .organisation_bytes = 32u << 20,
	    .request_ms = 60000,
	    .idle_seconds = 120};
}

/* --- Accepting ----------------------------------------------------------- */

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *address, int len, void *state)
{
	(void)listener;
	connection_accept(state, fd, address, len);
}

/* Out of descriptors, most likely.  The connection stays in the kernel's
 * queue, so accepting again at once would spin. */
static void
on_accept_error(struct evconnlistener *listener, void *state)
{
	struct http_server *s = state;
	struct timeval pause = {.tv_usec = ACCEPT_PAUSE_MS * 1000};

	http_server_refused(s, SLICE("(everybody)"), strerror(errno));
	evconnlistener_disable(listener);
	event_add(s->resume, &pause);
}

static void
on_resume(evutil_socket_t fd, short what, void *state)
{
	struct http_server *s = state;

	(void)fd;
	(void)what;
	if (s->listener != NULL)
		evconnlistener_enable(s->listener);
}

/* Plain text on the loopback does not leave this machine: a public port there
 * is the people's door, too. */
static unsigned int
doors_of(enum http_door door, int fd)
{
	if (door == HTTP_DOOR_PUBLIC && listen_is_loopback(fd))
		return HTTP_DOOR_PUBLIC | HTTP_DOOR_PEOPLE;

	return door;
}

enum err
http_server_new(const struct http_server_options *options,
    struct http_server **ret, struct problem *problem)
{
	struct http_server *s;
	enum err rc;
	int fd = -1;

	rc = listen_open(options->host, options->port, &fd, problem);
	if (rc)
		return rc;
	s = heap_array(1, sizeof(*s));
	s->base = options->base;
	s->door = options->door;
	s->doors = doors_of(options->door, fd);
	s->tls = options->tls;
	s->limits = options->limits;
	s->handler = options->handler;
	s->port = listen_port(fd);
	LIST_INIT(&s->connections);
	LIST_INIT(&s->shares);
	s->resume = evtimer_new(s->base, on_resume, s);
	s->listener = evconnlistener_new(s->base, on_accept, s,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (s->resume == NULL || s->listener == NULL) {
		if (s->listener == NULL)
			close(fd);
		http_server_free(s);
		return problem_set(problem, ERR_INTERNAL,
		    "libevent refuses the listening socket");
	}
	evconnlistener_set_error_cb(s->listener, on_accept_error);
	*ret = s;

	return OK;
}

uint16_t
http_server_port(const struct http_server *s)
{
	return s->port;
}

int
http_server_connections(const struct http_server *s)
{
	return s->n_handshakes + s->n_connections;
}

void
http_server_drain(struct http_server *s)
{
	struct connection *c;

	if (s->listener != NULL)
		evconnlistener_free(s->listener);
	s->listener = NULL;
	LIST_FOREACH(c, &s->connections, entry)
	{
		connection_drain(c);
	}
}

int
http_server_cut(struct http_server *s)
{
	struct connection *c, *next;
	int n = 0;

	for (c = LIST_FIRST(&s->connections); c != NULL; c = next) {
		next = LIST_NEXT(c, entry);
		if (!connection_is_revoked(c))
			continue;
		connection_cut(c, "its key is revoked");
		n++;
	}

	return n;
}

void
http_server_free(struct http_server *s)
{
	struct connection *c;

	if (s == NULL)
		return;
	if (s->listener != NULL)
		evconnlistener_free(s->listener);
	if (s->resume != NULL)
		event_free(s->resume);
	while ((c = LIST_FIRST(&s->connections)) != NULL)
		connection_free(c);
	free(s);
}
