#include "host/directory.h"

#include <stdlib.h>
#include <string.h>

#include "host/node_internal.h"

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
	struct peer_entry *p;
	struct query q;
	enum err rc;

	store_query(store, HOST_PEERS, &q);
	while ((rc = query_step(&q)) == OK) {
		p = grow((void **)&d->peers, &d->n_peers, sizeof(*p));
		rc = system_id_parse(column_text(&q, "id"), &p->id);
		if (rc)
			break;
		p->url = heap_string(column_text(&q, "url"));
		p->revoked =
		    slice_equal_string(column_text(&q, "state"), "revoked");
		p->due.ms = 1; /* something may be left from before */
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	sort(d->peers, d->n_peers, sizeof(*d->peers), peer_compare);

	return OK;
}

static enum err
load_certificates(struct directory *d, struct store *store)
{
	struct peer_certificate *c;
	struct peer_entry *p;
	struct system_id id;
	struct slice fingerprint;
	struct query q;
	enum err rc;

	store_query(store, HOST_CERTIFICATES, &q);
	while ((rc = query_step(&q)) == OK) {
		c = grow(
		    (void **)&d->certificates, &d->n_certificates, sizeof(*c));
		c->peer = SIZE_MAX;
		fingerprint = column_blob(&q, "fingerprint");
		if (fingerprint.len != sizeof(c->fingerprint)) {
			rc = ERR_CORRUPT;
			break;
		}
		memcpy(&c->fingerprint, fingerprint.data, fingerprint.len);
		if (column_is_null(&q, "peer")) {
			c->operator_name =
			    heap_string(column_text(&q, "operator"));
			continue;
		}
		rc = system_id_parse(column_text(&q, "peer"), &id);
		p = rc ? NULL : directory_peer(d, &id);
		if (p == NULL) {
			rc = ERR_CORRUPT;
			break;
		}
		p->fingerprint = c->fingerprint;
		c->peer = (size_t)(p - d->peers);
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	sort(d->certificates, d->n_certificates, sizeof(*d->certificates),
	    certificate_compare);

	return OK;
}

static enum err
load_key(struct directory *d, struct query *q, struct problem *problem)
{
	struct peer_entry *p;
	struct system_id id;
	struct peer_key *k;
	json_t *jwk = NULL;
	enum err rc;

	rc = system_id_parse(column_text(q, "peer"), &id);
	if (rc)
		return rc;
	p = directory_peer(d, &id);
	if (p == NULL)
		return ERR_CORRUPT;
	rc = json_read(column_text(q, "jwk"), "peer key", &jwk, problem);
	if (rc)
		return rc;
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
	struct query q;
	enum err rc;

	store_query(store, HOST_PEER_KEYS, &q);
	while ((rc = query_step(&q)) == OK) {
		rc = load_key(d, &q, problem);
		if (rc)
			break;
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	sort(d->keys, d->n_keys, sizeof(*d->keys), key_compare);

	return OK;
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
put_certificate(struct node *node, const struct fingerprint *fingerprint,
    const char *peer, struct slice operator_name)
{
	struct query q;

	store_query(node->store, HOST_CERTIFICATE_PUT, &q);
	query_blob(&q, "fingerprint", digest_slice(&fingerprint->digest));
	if (peer != NULL) {
		query_text(&q, "peer", slice_of(peer));
		query_null(&q, "operator");
	} else {
		query_null(&q, "peer");
		query_text(&q, "operator", operator_name);
	}

	return query_run(&q);
}

static enum err
put_key(struct node *node, const struct peer *peer)
{
	struct verify_key *key;
	struct key_id id;
	struct query q;
	struct buf jwk;
	enum err rc;

	rc = verify_key_from_jwk(peer->key, &key);
	if (rc)
		return rc;
	id = verify_key_id(key);
	verify_key_free(key);
	buf_init(&jwk);
	json_write(peer->key, &jwk);
	store_query(node->store, HOST_PEER_KEY_PUT, &q);
	query_text(&q, "key_id", slice_of(id.text));
	query_text(&q, "peer", slice_of(peer->id.text));
	query_text(&q, "jwk", buf_slice(&jwk));
	query_int(&q, "since", node->now.ms);
	rc = query_run(&q);
	buf_done(&jwk);

	return rc;
}

static enum err
put_peer(struct node *node, const struct peer *peer)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_PEER_PUT, &q);
	query_text(&q, "id", slice_of(peer->id.text));
	query_text(&q, "url", slice_of(peer->url));
	rc = query_run(&q);
	if (rc == OK)
		rc = put_certificate(
		    node, &peer->fingerprint, peer->id.text, SLICE(""));
	if (rc == OK)
		rc = put_key(node, peer);

	return rc;
}

/* End a change of the directory, and read it anew. */
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
		rc = put_certificate(node, fingerprint, NULL, name);

	return finish_change(node, rc, problem);
}

enum err
node_revoke_peer(
    struct node *node, const struct system_id *id, struct problem *problem)
{
	struct query q;
	enum err rc;

	if (directory_peer(node->directory, id) == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is not in the directory", id->text);
	rc = store_begin(node->store);
	if (rc == OK) {
		store_query(node->store, HOST_PEER_REVOKE, &q);
		query_text(&q, "id", slice_of(id->text));
		rc = query_run(&q);
	}

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
