/*
 * The share that each peer has of a server at the moment: connections, and
 * bytes of requests and replies.  A peer is the key of a certificate, so that
 * systems behind one address do not stand in each other's way; without a
 * certificate, and until the handshake is over, a peer is an address.
 *
 * Inside wire/ only.
 */
#ifndef BANGO_WIRE_HTTP_SHARE_H
#define BANGO_WIRE_HTTP_SHARE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/slice.h"
#include "wire/tls.h"

#define SHARE_ADDRESS_MAX 64

struct share {
	LIST_ENTRY(share) entry;
	/* The peer; only one of address and fingerprint counts. */
	bool in_handshake;
	bool has_certificate;
	struct fingerprint fingerprint;
	char address[SHARE_ADDRESS_MAX];
	/* Its share. */
	int connections;
	size_t bytes;
};
LIST_HEAD(shares, share);

/* One connection more for the peer that `who` describes. */
struct share *share_join(struct shares *shares, const struct share *who);
/* One connection less; a peer without connections is forgotten. */
void share_leave(struct share *share);
/* The peer with the most connections, in handshake or after it; NULL if there
 * is none. */
struct share *share_largest(const struct shares *shares, bool in_handshake);

#endif
