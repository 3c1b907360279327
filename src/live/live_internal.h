/* Inside the live host: declarations shared by the loop, the works and the courier. */
#ifndef BANGO_LIVE_LIVE_INTERNAL_H
#define BANGO_LIVE_LIVE_INTERNAL_H

#include "live/live.h"
#include "live/ready.h"
#include "wire/http_server.h"

struct event;
struct event_base;
struct courier;
struct http_client;

/* A request between its arrival and its answer. */
struct work {
	struct work *next;
	int round; /* in which its peer's turn comes */
	struct live *live;
	struct http_call *call;
	struct node_reply reply;
	struct buf receipt;
	struct intake intake; /* of envelopes */
	struct event *expiry; /* of a parked request */
	bool gone;            /* the connection has ended */
};

struct live {
	const struct live_options *options;
	struct event_base *base;
	struct http_server *servers[HTTP_DOOR_COUNT]; /* NULL: closed */
	struct courier *courier;
	struct http_client *fetcher; /* of lists of revoked keys */
	bool fetching;
	struct event *batch_event;
	struct event *latest_event; /* of the batch that is due */
	struct event *timer_event;
	struct event *gather_event;
	struct event *tidy_event;
	int64_t untidy_since; /* erased bytes may be in the log; 0: none */
	struct event *keys_event;
	struct event *signal_event;
	int signal_fd;
	struct ready gathering; /* requests let in together later */
	int64_t released;       /* when that was done last */
	struct ready ready;     /* for the next batch */
	struct work *parked;    /* waiting for a key */
	int n_parked;
	enum err last;                 /* how the last batch ended */
	struct instant directory_late; /* unread since; 0: it is read */
	/* Callers that were turned away, and how many of them are in the
	 * log. */
	int64_t turned_away, untold, second;
	int told;
};

/* Sockets and clocks have the middle one: see batch.c. */
#define LIVE_PRIORITIES 3

void live_log(const struct live *live, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Whether there is room in the log, in this second, for another line about a
 * stranger; if not, the line is counted. */
bool live_may_tell(struct live *live);
/* Log a refusal of a server's, whose state is the struct live; not every one of
 * very many. */
void live_refused(void *state, struct slice remote, const char *what);
/* Run a batch as soon as no more bytes are ready. */
void live_wake(struct live *live);
/* Take keys into use whose time has come, now and from then on. */
void live_use_keys(struct live *live, enum live_keys what);
/* ERR_INTERNAL if the kernel gives no descriptor for the signals. */
MUST_USE enum err live_catch_signals(struct live *live);

#endif
