#include "host/directory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/encode.h"
#include "host/node_internal.h"
#include "host_rows.h"
#include "pki/revoked.h"

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
holder_compare(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	return memcmp(&x->fingerprint, &y->fingerprint, sizeof(x->fingerprint));
}

static int
key_compare(const void *a, const void *b)
{
	const struct peer_key *x = a, *y = b;

	return strcmp(x->id.text, y->id.text);
}

static int
revoked_compare(const void *a, const void *b)
{
	const struct revoked_key *x = a, *y = b;

	return strcmp(x->text, y->text);
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

/* --- Loading -------------------------------------------------------------- */

static enum err
load_revoked_key(struct directory *d, const struct host_revoked_keys_row *row)
{
	struct revoked_key *k =
	    grow((void **)&d->revoked, &d->n_revoked, sizeof(*k));

	if (row->key.len > REVOKED_KEY_MAX)
		return ERR_CORRUPT;
	memcpy(k->text, row->key.data, row->key.len);
	k->system = heap_string(row->system);
	k->reason = heap_string(row->reason);
	k->since = row->since;
	k->is_listed = row->listed == d->revoked_number;

	return OK;
}

static enum err
load_revoked(struct directory *d, struct store *store)
{
	struct host_revoked_list_row list;
	struct host_revoked_keys_row row;
	struct query q;
	enum err rc = host_revoked_list(store, &list);

	if (rc)
		return rows_end(rc);
	d->revoked_number = list.number;
	d->revoked_at = list.at;
	host_revoked_keys_rows(store, &q);
	while ((rc = host_revoked_keys_next(&q, &row)) == OK &&
	    (rc = load_revoked_key(d, &row)) == OK)
		;
	query_done(&q);
	sort(d->revoked, d->n_revoked, sizeof(*d->revoked), revoked_compare);

	return rows_end(rc);
}

static bool
has_ended(const struct directory *d, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < d->n_revoked; i++) {
		if (d->revoked[i].is_listed &&
		    strcmp(d->revoked[i].reason, REVOKED_ENDED) == 0 &&
		    strcmp(d->revoked[i].system, id->text) == 0)
			return true;
	}

	return false;
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
		p->has_ended = has_ended(d, &p->id);
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

	c->fingerprint.digest = row->fingerprint;
	c->is_revoked =
	    directory_revoked_certificate(d, &c->fingerprint) != NULL;
	p = directory_peer(d, &row->peer);
	if (p == NULL)
		return ERR_CORRUPT;
	c->peer = (size_t)(p - d->peers);
	c->is_revoked = c->is_revoked || p->has_ended;
	if (!p->has_certificate)
		p->n_fingerprints = 0;
	if ((!c->is_revoked || !p->has_certificate) &&
	    p->n_fingerprints < PEER_TLS_KEYS)
		p->fingerprints[p->n_fingerprints++] = c->fingerprint;
	p->has_certificate = p->has_certificate || !c->is_revoked;

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
	const struct revoked_key *revoked;
	struct peer_key *k;
	json_t *jwk = NULL;
	enum err rc;

	if (p == NULL)
		return ERR_CORRUPT;
	TRY(json_read(row->jwk, "peer key", &jwk, problem));
	k = grow((void **)&d->keys, &d->n_keys, sizeof(*k));
	k->peer = (size_t)(p - d->peers);
	rc = verify_key_from_jwk(jwk, &k->key);
	json_decref(jwk);
	if (rc)
		return rc;
	k->id = verify_key_id(k->key);
	revoked = directory_revoked(d, slice_of(k->id.text));
	if (revoked != NULL)
		k->revoked = revoked->since;
	p->has_key = p->has_key || revoked == NULL;

	return OK;
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

static enum err
load_holders(struct directory *d, struct store *store)
{
	struct host_holders_row row;
	struct holder *h;
	struct query q;
	enum err rc;

	host_holders_rows(store, &q);
	while ((rc = host_holders_next(&q, &row)) == OK) {
		h = grow((void **)&d->holders, &d->n_holders, sizeof(*h));
		h->fingerprint.digest = row.fingerprint;
		h->organisation = slice_of(heap_string(row.organisation));
		h->name = slice_of(heap_string(row.name));
		h->duties = duties_read(row.duties);
		h->since = row.since;
		h->until = row.until;
		if (row.has_revoked)
			h->revoked = row.revoked;
	}
	sort(d->holders, d->n_holders, sizeof(*d->holders), holder_compare);

	return rows_end(rc);
}

enum err
directory_load(
    struct store *store, struct directory **ret, struct problem *problem)
{
	struct directory *d = heap_array(1, sizeof(*d));
	enum err rc;

	rc = load_revoked(d, store);
	if (rc == OK)
		rc = load_peers(d, store);
	if (rc == OK)
		rc = load_certificates(d, store);
	if (rc == OK)
		rc = load_keys(d, store, problem);
	if (rc == OK)
		rc = load_holders(d, store);
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
	for (i = 0; i < d->n_peers; i++) {
		free(d->peers[i].url);
		free(d->peers[i].posted);
	}
	for (i = 0; i < d->n_holders; i++) {
		free((char *)(uintptr_t)d->holders[i].organisation.data);
		free((char *)(uintptr_t)d->holders[i].name.data);
	}
	for (i = 0; i < d->n_keys; i++)
		verify_key_free(d->keys[i].key);
	for (i = 0; i < d->n_revoked; i++) {
		free(d->revoked[i].system);
		free(d->revoked[i].reason);
	}
	free(d->revoked);
	free(d->peers);
	free(d->certificates);
	free(d->keys);
	free(d->holders);
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

bool
peer_is_revoked(const struct peer_entry *peer)
{
	return peer->has_ended || !peer->has_certificate || !peer->has_key;
}

const struct peer_certificate *
directory_certificate(
    const struct directory *d, const struct fingerprint *fingerprint)
{
	struct peer_certificate key = {.fingerprint = *fingerprint};
	const struct peer_certificate *found;

	if (d->n_certificates == 0)
		return NULL;
	found = bsearch(&key, d->certificates, d->n_certificates,
	    sizeof(*d->certificates), certificate_compare);

	return found == NULL || found->is_revoked ? NULL : found;
}

const struct revoked_key *
directory_revoked(const struct directory *d, struct slice key)
{
	struct revoked_key wanted = {.text = ""};

	if (d->n_revoked == 0 || key.len > REVOKED_KEY_MAX ||
	    bug_is(BUG_REVOKED_HEARD))
		return NULL;
	memcpy(wanted.text, key.data, key.len);

	return bsearch(&wanted, d->revoked, d->n_revoked, sizeof(*d->revoked),
	    revoked_compare);
}

const struct revoked_key *
directory_revoked_certificate(
    const struct directory *d, const struct fingerprint *fingerprint)
{
	const struct revoked_key *found = NULL;
	struct buf text;

	if (d->n_revoked == 0)
		return NULL;
	buf_init(&text);
	hex_encode(digest_slice(&fingerprint->digest), &text);
	found = directory_revoked(d, buf_slice(&text));
	buf_done(&text);

	return found;
}

const struct holder *
directory_holder(
    const struct directory *d, const struct fingerprint *fingerprint)
{
	struct holder key = {.fingerprint = *fingerprint};

	if (d->n_holders == 0)
		return NULL;

	return bsearch(&key, d->holders, d->n_holders, sizeof(*d->holders),
	    holder_compare);
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

/* A key that a list has named is not taken, whoever brings it. */
static bool
leave_out(struct node *node, const struct peer *peer, const char *which,
    const struct revoked_key *revoked)
{
	struct problem problem = {0};

	if (revoked == NULL)
		return false;
	(void)!problem_set(&problem, ERR_DENIED,
	    "its %s in the directory is revoked (%s), and is left out", which,
	    revoked->reason);
	node_note(node, "peer", slice_of(peer->id.text), &problem);

	return true;
}

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
	if (leave_out(node, peer, "signing key",
		directory_revoked(node->directory, slice_of(id.text))))
		return OK;
	buf_init(&jwk);
	json_write(peer->key, &jwk);
	rc = host_peer_key_put(node->store, slice_of(id.text), &peer->id,
	    buf_slice(&jwk), node->now);
	buf_done(&jwk);

	return rc;
}

static enum err
put_certificate(struct node *node, const struct peer *peer,
    const struct fingerprint *fingerprint)
{
	if (leave_out(node, peer, "certificate's key",
		directory_revoked_certificate(node->directory, fingerprint)))
		return OK;

	return host_certificate_put(
	    node->store, &fingerprint->digest, &peer->id);
}

static enum err
put_certificates(struct node *node, const struct peer *peer)
{
	const struct digest *kept[PEER_TLS_KEYS];
	size_t i;

	assert(peer->n_older < PEER_TLS_KEYS);
	for (i = 0; i < PEER_TLS_KEYS; i++)
		kept[i] = i < peer->n_older ? &peer->older[i].digest
					    : &peer->fingerprint.digest;
	TRY(host_certificates_drop(node->store,
	    &(struct host_certificates_drop){.peer = &peer->id,
		.first = kept[0],
		.second = kept[1],
		.third = kept[2],
		.fourth = kept[3]}));
	for (i = 0; i < peer->n_older; i++)
		TRY(put_certificate(node, peer, &peer->older[i]));

	return put_certificate(node, peer, &peer->fingerprint);
}

static enum err
put_peer(struct node *node, const struct peer *peer)
{
	TRY(host_peer_put(node->store, &peer->id, slice_of(peer->url)));
	TRY(put_certificates(node, peer));

	return put_key(node, peer);
}

/* Memory alone holds the state of receipts. */
static void
carry_receipts(struct directory *from, struct directory *to)
{
	const struct peer_entry *before;
	struct peer_entry *p;

	for (p = to->peers; p < to->peers + to->n_peers; p++) {
		before = directory_peer(from, &p->id);
		if (before == NULL)
			continue;
		p->last = before->last;
		p->last_at = before->last_at;
		p->lost_here = before->lost_here;
		p->lost_there = before->lost_there;
	}
}

enum err
directory_reload(struct node *node, struct problem *problem)
{
	struct directory *fresh = NULL;

	TRY(directory_load(node->store, &fresh, problem));
	assert(fresh != NULL);
	if (node->directory != NULL)
		carry_receipts(node->directory, fresh);
	directory_free(node->directory);
	node->directory = fresh;

	return OK;
}

/* End a change of the directory, and read the directory again. */
static enum err
finish_change(struct node *node, enum err rc, struct problem *problem)
{
	if (rc == OK)
		rc = node_enter_change(node);
	if (rc == OK)
		rc = store_commit(node->store);
	if (rc) {
		*problem = *store_problem(node->store);
		store_rollback(node->store);
		return problem->text[0] != '\0'
		    ? rc
		    : problem_set(problem, rc, "the directory was not changed");
	}

	return directory_reload(node, problem);
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

size_t
node_peers(const struct node *node)
{
	return node->directory->n_peers;
}

struct peer_info
node_peer(const struct node *node, size_t index)
{
	const struct peer_entry *p = &node->directory->peers[index];
	struct peer_info info = {.id = p->id,
	    .url = p->url,
	    .n_fingerprints = p->n_fingerprints > 0 ? p->n_fingerprints : 1,
	    .due = p->due,
	    .is_revoked = peer_is_revoked(p)};

	memcpy(info.fingerprints, p->fingerprints, sizeof(info.fingerprints));

	return info;
}
