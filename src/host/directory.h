/*
 * The directory of peers, in memory: the keys and certificates by which each
 * peer is known.  The tables peer, peer_key and certificate are authoritative;
 * directory_load() reads them all.
 */
#ifndef BANGO_HOST_DIRECTORY_H
#define BANGO_HOST_DIRECTORY_H

#include "crypto/sign.h"
#include "host/node.h"

struct peer_entry {
	struct system_id id;
	char *url;
	struct fingerprint fingerprint; /* its newest certificate */
	struct instant due;
};

struct peer_certificate {
	struct fingerprint fingerprint;
	size_t peer; /* index; SIZE_MAX: an operator */
	char *operator_name;
};

struct peer_key {
	struct key_id id;
	size_t peer;
	struct verify_key *key;
};

struct directory {
	struct peer_entry *peers; /* by id */
	size_t n_peers;
	struct peer_certificate *certificates; /* by fingerprint */
	size_t n_certificates;
	struct peer_key *keys; /* by key id */
	size_t n_keys;
};

MUST_USE enum err directory_load(
    struct store *store, struct directory **ret, struct problem *problem);
void directory_free(struct directory *d);

/* NULL if unknown.  Whether a peer is revoked, TLS knows (wire/tls.h). */
struct peer_entry *
directory_peer(struct directory *d, const struct system_id *id);
const struct peer_certificate *directory_certificate(
    const struct directory *d, const struct fingerprint *fingerprint);
const struct peer_key *
directory_key(const struct directory *d, const struct key_id *id);

#endif
