/*
 * The live host: one node on a socket, single-threaded around libevent.
 *
 * All requests, receipts and envelopes that are ready in one turn of the
 * loop share one transaction, so that durability costs one flush for many.
 * Replies leave after the commit.  The courier posts outgoing envelopes,
 * one batch under way for each peer, with back-off from 50 ms to 30 s.
 */
#ifndef BANGO_HOST_LIVE_H
#define BANGO_HOST_LIVE_H

#include "host/node.h"
#include "wire/tls.h"

struct live_options {
	struct node *node;
	struct tls *tls;
	const char *host;
	uint16_t port;
	struct clock clock;
	const char *crl_path; /* read again on SIGHUP; NULL: none */
	/* Read the directory of peers again, on SIGHUP; may be NULL. */
	enum err (*reload)(void *state, struct problem *problem);
	/* Called once when the port is open. */
	void (*ready)(void *state, uint16_t port);
	void *state;
	/* A line for the log: no personal data in it. */
	void (*log)(void *state, const char *line);
};

/* Serve until SIGTERM or SIGINT; then finish what is under way. */
MUST_USE enum err
live_run(const struct live_options *options, struct problem *problem);

#endif
