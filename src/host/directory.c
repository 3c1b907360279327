#include "host/directory.h"

#include <stdlib.h>
#include <string.h>

#include "host/node_internal.h"
#include "host_rows.h"

static int
peer_compare(const void *a, const void *b)
{
	const struct peer_entry *x = a, *y = b;

	return strcmp(x->id.text, y->id.text);
}

static int
certificate_compare(const void *a, const void *b)
{
	const struct peer_certificate *x = a, *y = b;

	return memcmp(&x->fingerprint, &y->fingerprint, sizeof(x->fingerprint));
}

static int
key_compare(const void *a, const void *b)
{
	const struct peer_key *x = a, *y = b;

	return strcmp(x->id.text, y->id.text);
}

/* qsort() wants an array even where there is none. */
static void
sort(void *array, size_t n, size_t size,
    int (*compare)(const void *a, const void *b))
{
	if (n > 0)
		qsort(array, n, size, compare);
}

/* Room for one more element, all zero. */
static void *
grow(void **array, size_t *n, size_t size)
{
	char *at;

	*array = heap_grow(*array, *n + 1, size);
	at = (char *)*array + *n * size;
	memset(at, 0, size);
	(*n)++;

	return at;
}

static enum err
load_peers(struct directory *d, struct store *store)
{
	struct host_peers_row row;
	struct peer_entry *p;
	struct query q;
	enum err rc;

	host_peers_rows(store, &q);
	while ((rc = host_peers_next(&q, &row)) == OK) {
		p = grow((void **)&d->peers, &d->n_peers, sizeof(*p));
		p->id = row.id;
		p->url = heap_string(row.url);
		p->due.ms = 1; /* messages may be left from before */
	}
	sort(d->peers, d->n_peers, sizeof(*d->peers), peer_compare);

	return rows_end(rc);
}

static enum err
load_certificate(struct directory *d, const struct host_certificates_row *row)
{
	struct peer_certificate *c =
	    grow((void **)&d->certificates, &d->n_certificates, sizeof(*c));
	struct peer_entry *p;

	c->peer = SIZE_MAX;
	c->fingerprint.digest = row->fingerprint;
	if (!row->has_peer) {
		c->operator_name = heap_string(row->operator);
		return OK;
	}
	p = directory_peer(d, &row->peer);
	if (p == NULL)
		return ERR_CORRUPT;
	p->fingerprint = c->fingerprint;
	c->peer = (size_t)(p - d->peers);

	return OK;
}

static enum err
load_certificates(struct directory *d, struct store *store)
{
	struct host_certificates_row row;
	struct query q;
	enum err rc;

	host_certificates_rows(store, &q);
	while ((rc = host_certificates_next(&q, &row)) == OK &&
	    (rc = load_certificate(d, &row)) == OK)
		;
	query_done(&q);
	sort(d->certificates, d->n_certificates, sizeof(*d->certificates),
	    certificate_compare);

	return rows_end(rc);
}

static enum err
load_key(struct directory *d, const struct host_peer_keys_row *row,
    struct problem *problem)
{
	struct peer_entry *p = directory_peer(d, &row->peer);
	struct peer_key *k;
	json_t *jwk = NULL;
	enum err rc;

	if (p == NULL)
		return ERR_CORRUPT;
	TRY(json_read(row->jwk, "peer key", &jwk, problem));
	k = grow((void **)&d->keys, &d->n_keys, sizeof(*k));
	k->peer = (size_t)(p - d->peers);
	rc = verify_key_from_jwk(jwk, &k->key);
	if (rc == OK)
		k->id = verify_key_id(k->key);
	json_decref(jwk);

	return rc;
}

static enum err
load_keys(struct directory *d, struct store *store, struct problem *problem)
{
	struct host_peer_keys_row row;
	struct query q;
	enum err rc;

	host_peer_keys_rows(store, &q);
	while ((rc = host_peer_keys_next(&q, &row)) == OK &&
	    (rc = load_key(d, &row, problem)) == OK)
		;
	query_done(&q);
	sort(d->keys, d->n_keys, sizeof(*d->keys), key_compare);

	return rows_end(rc);
}

enum err
directory_load(
    struct store *store, struct directory **ret, struct problem *problem)
{
	struct directory *d = heap_array(1, sizeof(*d));
	enum err rc;

	rc = load_peers(d, store);
	if (rc == OK)
		rc = load_certificates(d, store);
	if (rc == OK)
		rc = load_keys(d, store, problem);
	if (rc) {
		directory_free(d);
		return problem_set(problem, rc,
		    "the directory of peers cannot be read from the database");
	}
	*ret = d;

	return OK;
}

void
directory_free(struct directory *d)
{
	size_t i;

	if (d == NULL)
		return;
	for (i = 0; i < d->n_peers; i++)
		free(d->peers[i].url);
	for (i = 0; i < d->n_certificates; i++)
		free(d->certificates[i].operator_name);
	for (i = 0; i < d->n_keys; i++)
		verify_key_free(d->keys[i].key);
	free(d->peers);
	free(d->certificates);
	free(d->keys);
	free(d);
}

struct peer_entry *
directory_peer(struct directory *d, const struct system_id *id)
{
	struct peer_entry key = {.id = *id};

	if (d->n_peers == 0)
		return NULL;

	return bsearch(
	    &key, d->peers, d->n_peers, sizeof(*d->peers), peer_compare);
}

const struct peer_certificate *
directory_certificate(
    const struct directory *d, const struct fingerprint *fingerprint)
{
	struct peer_certificate key = {.fingerprint = *fingerprint};

	if (d->n_certificates == 0)
		return NULL;

	return bsearch(&key, d->certificates, d->n_certificates,
	    sizeof(*d->certificates), certificate_compare);
}

const struct peer_key *
directory_key(const struct directory *d, const struct key_id *id)
{
	struct peer_key key = {.id = *id};

	if (d->n_keys == 0)
		return NULL;

	return bsearch(&key, d->keys, d->n_keys, sizeof(*d->keys), key_compare);
}

/* --- Changing it --------------------------------------------------------- */

static enum err
put_key(struct node *node, const struct peer *peer)
{
	struct verify_key *key;
	struct key_id id;
	struct buf jwk;
	enum err rc;

	TRY(verify_key_from_jwk(peer->key, &key));
	id = verify_key_id(key);
	verify_key_free(key);
	buf_init(&jwk);
	json_write(peer->key, &jwk);
	rc = host_peer_key_put(node->store, slice_of(id.text), &peer->id,
	    buf_slice(&jwk), node->now);
	buf_done(&jwk);

	return rc;
}

static enum err
put_peer(struct node *node, const struct peer *peer)
{
	const struct slice no_operator = {0};

	TRY(host_peer_put(node->store, &peer->id, slice_of(peer->url)));
	TRY(host_certificate_put(
	    node->store, &peer->fingerprint.digest, &peer->id, no_operator));

	return put_key(node, peer);
}

/* End a change of the directory, and read the directory again. */
static enum err
finish_change(struct node *node, enum err rc, struct problem *problem)
{
	struct directory *fresh = NULL;

	if (rc == OK)
		rc = store_commit(node->store);
	if (rc) {
		*problem = *store_problem(node->store);
		store_rollback(node->store);
		return problem->text[0] != '\0'
		    ? rc
		    : problem_set(problem, rc, "the directory was not changed");
	}
	rc = directory_load(node->store, &fresh, problem);
	if (rc)
		return rc;
	directory_free(node->directory);
	node->directory = fresh;

	return OK;
}

enum err
node_add_peers(struct node *node, const struct peer *peers, size_t n,
    struct problem *problem)
{
	enum err rc = store_begin(node->store);
	size_t i;

	for (i = 0; rc == OK && i < n; i++)
		rc = put_peer(node, &peers[i]);

	return finish_change(node, rc, problem);
}

enum err
node_add_operator(struct node *node, const struct fingerprint *fingerprint,
    struct slice name, struct problem *problem)
{
	enum err rc = store_begin(node->store);

	if (rc == OK)
		rc = host_certificate_put(
		    node->store, &fingerprint->digest, NULL, name);

	return finish_change(node, rc, problem);
}

size_t
node_peers(const struct node *node)
{
	return node->directory->n_peers;
}

struct peer_info
node_peer(const struct node *node, size_t index)
{
	const struct peer_entry *p = &node->directory->peers[index];

	return (struct peer_info){p->id, p->url, p->fingerprint, p->due};
}
