/*
 * The shares of a server that its callers have at the moment: connections, and
 * bytes of requests and replies.
 *
 * Connections count for a peer: the key of a certificate, so that systems
 * behind one address do not stand in each other's way; without a certificate,
 * and until the handshake is over, a peer is an address.  Bytes count for an
 * organisation, so that its certificates together have one share.
 *
 * Inside wire/ only.
 */
#ifndef BANGO_WIRE_HTTP_SHARE_H
#define BANGO_WIRE_HTTP_SHARE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/slice.h"
#include "wire/tls.h"

#define SHARE_NAME_MAX 64

enum share_of {
	SHARE_HANDSHAKES,  /* of an address */
	SHARE_CONNECTIONS, /* of a peer */
	SHARE_BYTES,       /* of an organisation, or of an address */
};

struct share {
	LIST_ENTRY(share) entry;
	enum share_of of;
	/* The holder; with a fingerprint, the name does not count. */
	bool has_certificate;
	struct fingerprint fingerprint;
	char name[SHARE_NAME_MAX]; /* an address, or an organisation */
	/* The share itself. */
	int connections;
	size_t bytes;
};
LIST_HEAD(shares, share);

/* One connection more for the share that `who` describes. */
struct share *share_join(struct shares *shares, const struct share *who);
/* One connection less; a share without connections is forgotten. */
void share_leave(struct share *share);
/* The largest share of that sort, by bytes or by connections; NULL if there is
 * none. */
struct share *share_largest(const struct shares *shares, enum share_of of);

#endif
