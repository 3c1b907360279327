/*
 * The directory of peers and holders, in memory: the keys and certificates by
 * which each of them is known, and the keys that were revoked.  The tables peer,
 * peer_key, certificate, certificate_holder and revoked_key are authoritative;
 * directory_load() reads them all.
 */
#ifndef BANGO_HOST_DIRECTORY_H
#define BANGO_HOST_DIRECTORY_H

#include "crypto/sign.h"
#include "host/node.h"

#define REVOKED_KEY_MAX (2 * sizeof(struct digest)) /* characters */

/* A key that a list has named (pki/revoked.h). */
struct revoked_key {
	char text[REVOKED_KEY_MAX + 1];
	char *system, *reason;
	struct instant since;
	bool is_listed; /* by the newest list; revoked in any case */
};

/* A message that was posted, and not yet settled. */
struct posted {
	struct digest digest;
	int64_t seq; /* of its row in the outbox */
};

struct peer_entry {
	struct system_id id;
	char *url;
	/* Its keys for TLS that are not revoked; if all are, the last one. */
	struct fingerprint fingerprints[PEER_TLS_KEYS];
	size_t n_fingerprints;
	struct instant due;
	/* The newest envelope of ours that it has acknowledged since our start;
	 * 0: none. */
	struct message_id last;
	struct instant last_at;
	/* Our database lacks one that we have acknowledged to it; its database
	 * lacks one of ours. */
	bool lost_here, lost_there;
	bool wish;             /* to fetch its list of revoked keys */
	struct instant wished; /* when that was last asked for */
	bool has_ended;        /* a list says so: none of its keys counts */
	bool has_certificate, has_key; /* one that is not revoked */
	struct posted *posted;         /* oldest first */
	size_t n_posted;
};

struct peer_certificate {
	struct fingerprint fingerprint;
	bool is_revoked;
	size_t peer; /* index */
};

struct peer_key {
	struct key_id id;
	size_t peer;
	struct verify_key *key;
	/* Its signatures from this instant on do not count; 0: it is good. */
	struct instant revoked;
};

struct directory {
	struct revoked_key *revoked; /* by text */
	size_t n_revoked;
	int64_t revoked_number; /* of the newest list; 0: none */
	struct instant revoked_at;
	struct peer_entry *peers; /* by id */
	size_t n_peers;
	struct peer_certificate *certificates; /* by fingerprint */
	size_t n_certificates;
	struct peer_key *keys; /* by key id */
	size_t n_keys;
	struct holder *holders; /* by fingerprint; their texts are owned */
	size_t n_holders;
};

MUST_USE enum err directory_load(
    struct store *store, struct directory **ret, struct problem *problem);
void directory_free(struct directory *d);

/* NULL if unknown. */
struct peer_entry *
directory_peer(struct directory *d, const struct system_id *id);
/* Whether none of its keys counts, so that nothing is sent to it. */
bool peer_is_revoked(const struct peer_entry *peer);
/* NULL if unknown or revoked. */
const struct peer_certificate *directory_certificate(
    const struct directory *d, const struct fingerprint *fingerprint);
const struct holder *directory_holder(
    const struct directory *d, const struct fingerprint *fingerprint);
/* Its key may be revoked: see the member. */
const struct peer_key *
directory_key(const struct directory *d, const struct key_id *id);
/* NULL if no list has named the key, which is given as revoked_key() does. */
const struct revoked_key *
directory_revoked(const struct directory *d, struct slice key);
const struct revoked_key *directory_revoked_certificate(
    const struct directory *d, const struct fingerprint *fingerprint);

/* Read the directory again, after a change of its tables. */
enum err directory_reload(struct node *node, struct problem *problem);

#endif
