/*
 * The live host: one node at its doors, a listening socket each, single-
 * threaded around libevent.
 *
 * All requests, receipts and envelopes that are ready in one turn of the
 * loop share one transaction, so that durability costs one flush for many.
 * Requests that waited for a result of this transaction go on in it, too.
 * Replies leave after the commit.  A batch is bounded in time, and requests are
 * taken from the peers in turn, so that a peer with many requests makes itself
 * wait and not the others; more requests than can be answered soon are answered
 * 503 with Retry-After.  While clients wait for other systems, more of them are
 * let in together (docs/decisions/0023).  The courier posts outgoing envelopes,
 * one batch under way for each peer, with back-off from 50 ms to 30 s.
 */
#ifndef BANGO_LIVE_LIVE_H
#define BANGO_LIVE_LIVE_H

#include "host/node.h"
#include "wire/http_server.h"

enum live_keys { LIVE_KEYS_DUE, LIVE_KEYS_ANEW /* read them again */ };

struct live_options {
	struct node *node;
	struct tls *tls;
	const char *host;
	uint16_t port; /* of the peers' door */
	/* Further doors; those with port 0 stay closed. */
	struct http_port further[HTTP_DOOR_COUNT - 1];
	struct clock clock;
	const char *crl_path; /* read again on SIGHUP; NULL: none */
	/* The list of revoked keys, read at the start and on SIGHUP; NULL:
	 * none.  The certificate of the CA that signs it and those of peers. */
	const char *revoked_path;
	struct slice ca_pem;
	/* Read the directory of peers again, on SIGHUP; may be NULL.  If it
	 * cannot be read, the known directory stays in force; `directory_late`
	 * is the instant since when, if that was so at the start already. */
	enum err (*reload)(void *state, struct problem *problem);
	struct instant directory_late; /* 0: it was read */
	/* Take keys into use whose time has come; after SIGHUP they are
	 * read anew.  Returns the milliseconds until the next time, -1 if
	 * there is none.  NULL: never. */
	int64_t (*keys)(void *state, enum live_keys what, struct instant now);
	/* Called once when the ports are open, with the peers'. */
	void (*ready)(void *state, uint16_t port);
	void *state;
	/* A line for the log, without personal data. */
	void (*log)(void *state, const char *line);
};

/* Serve until SIGTERM or SIGINT; then finish the work under way. */
MUST_USE enum err
live_run(const struct live_options *options, struct problem *problem);

#endif
