#include "nation/auditing.h"

#include <stdlib.h>

#include "base/file.h"
#include "nation/nation.h"
#include "nation/refusal.h"
#include "pki/attest.h"

struct auditing {
	char *dir;
	struct config *config;
	struct nation *nation; /* for running systems; NULL until needed */
	json_t *directory;
	json_t *certified; /* keys out of certificates; see keys_of() */
	struct arena *arena;
};

/* --- The nation's directory ---------------------------------------------- */

enum err
auditing_open(const char *dir, struct auditing **ret, struct problem *problem)
{
	struct auditing *a = heap_array(1, sizeof(*a));
	enum err rc;

	a->dir = heap_string(slice_of(dir));
	a->arena = arena_new();
	a->certified = json_array();
	rc = nation_config(dir, &a->config, problem);
	if (rc == OK)
		rc = nation_directory(dir, &a->directory, problem);
	if (rc) {
		auditing_close(a);
		return rc;
	}
	*ret = a;

	return OK;
}

void
auditing_close(struct auditing *a)
{
	if (a == NULL)
		return;
	nation_close(a->nation);
	config_free(a->config);
	json_decref(a->directory);
	json_decref(a->certified);
	arena_free(a->arena);
	free(a->dir);
	free(a);
}

size_t
auditing_systems(const struct auditing *a)
{
	return a->config->n_systems;
}

const struct system_id *
auditing_system(const struct auditing *a, size_t index)
{
	return &a->config->systems[index].id;
}

/* NULL if the directory does not have it. */
static const json_t *
entry_of(const struct auditing *a, struct slice id)
{
	const json_t *entry;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(a->directory, "systems"), i, entry)
	{
		name = json_string_value(json_object_get(entry, "id"));
		if (name != NULL && slice_equal_string(id, name))
			return entry;
	}

	return NULL;
}

const json_t *
auditing_key(const struct auditing *a, struct slice id)
{
	return json_object_get(entry_of(a, id), "key");
}

const json_t *
auditing_certificates(const struct auditing *a, struct slice id)
{
	return json_object_get(entry_of(a, id), "certificates");
}

enum err
auditing_anchor(
    const struct auditing *a, struct buf *ret, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, a->dir, "ca/ca.pem");
	rc = nation_certificate(path.data, ret, problem);
	buf_done(&path);

	return rc;
}

/* The public keys of a system. */
struct keys {
	const json_t **all; /* in the arena */
	size_t n;
};

/* Add the key that a certificate of the system `id` is for. */
static enum err
add_certified(struct auditing *a, const struct system_id *id, struct slice pem,
    struct slice anchor, struct keys *keys)
{
	struct attested_key attested;

	TRY(certificate_open(a->arena, pem, anchor, &attested));
	json_array_append_new(a->certified, attested.jwk);
	keys->all[keys->n++] = attested.jwk;

	return slice_equal_string(attested.common_name, id->text) ? OK
								  : ERR_CRYPTO;
}

/*
 * The keys that a system signs or signed with: the present one, then those of
 * its certificates, the newest first.  A signature from before a rotation
 * stays until the system, or the witness, signs again.  ERR_NOT_FOUND if the
 * directory does not have the system, ERR_CRYPTO if a certificate is not for it.
 */
static enum err
keys_of(struct auditing *a, const struct system_id *id, struct keys *ret,
    struct problem *problem)
{
	const json_t *list = auditing_certificates(a, slice_of(id->text));
	size_t i = json_array_size(list);
	struct verify_key *key = NULL;
	struct slice pem = {0};
	struct buf anchor;
	enum err rc;

	ret->all = arena_array(a->arena, i + 1, sizeof(const json_t *));
	ret->all[0] = auditing_key(a, slice_of(id->text));
	ret->n = 1;
	if (ret->all[0] == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is not in %s/directory.json", id->text, a->dir);
	if (verify_key_from_jwk(ret->all[0], &key))
		return problem_set(problem, ERR_CRYPTO,
		    "%s/directory.json: the key of %s is not a P-256 key",
		    a->dir, id->text);
	verify_key_free(key);
	buf_init(&anchor);
	rc = auditing_anchor(a, &anchor, problem);
	while (rc == OK && i-- > 0) {
		if (json_at_text(list, i, &pem) ||
		    add_certified(a, id, pem, buf_slice(&anchor), ret))
			rc = problem_set(problem, ERR_CRYPTO,
			    "%s/directory.json: certificate %zu of %s is not "
			    "one that the nation's authority issued to it",
			    a->dir, i + 1, id->text);
	}
	buf_done(&anchor);

	return rc;
}

/* --- Databases ----------------------------------------------------------- */

static enum err
open_database(const struct auditing *a, const struct system_id *id,
    struct store **ret, struct problem *problem)
{
	const struct system_config *s = config_system(a->config, id);
	struct store_options options = {.access = STORE_READ};
	struct buf location, if_lost;
	enum err rc;

	if (s == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is no system of this nation", id->text);
	buf_init(&location);
	buf_init(&if_lost);
	options.if_lost = nation_if_lost(&if_lost, a->dir, a->config, id);
	rc = nation_database(&location, a->dir, a->config, id, problem);
	if (rc == OK)
		rc = system_open_store(
		    s->system, location.data, &options, ret, problem);
	buf_done(&location);
	buf_done(&if_lost);

	return rc;
}

enum err
auditing_verify(struct auditing *a, const struct system_id *id,
    struct ledger_findings *ret, struct problem *problem)
{
	struct store *store = NULL;
	struct keys keys;
	enum err rc;

	rc = keys_of(a, id, &keys, problem);
	if (rc == OK)
		rc = open_database(a, id, &store, problem);
	if (rc == ERR_BUSY)
		return problem_set(problem, rc,
		    "%s is running; stop `bango up` first, or use `bango "
		    "ledger audit`",
		    id->text);
	if (rc == OK)
		rc = ledger_verify(store, id, keys.all, keys.n, ret, problem);
	store_close(store);

	return rc;
}

/* --- Running systems ----------------------------------------------------- */

static enum err
fetch(struct auditing *a, const struct system_id *id, const char *path,
    int *ret_status, struct buf *ret, struct problem *problem)
{
	enum err rc = OK;

	buf_clear(ret);
	if (a->nation == NULL)
		rc = nation_open(a->dir, &a->nation, problem);
	if (rc == OK)
		rc = nation_call_raw(a->nation, id->text, HTTP_GET, path, NULL,
		    (struct slice){0}, ret_status, ret, problem);
	if (rc == OK && *ret_status != 200 && *ret_status != 404)
		rc = nation_refusal(
		    id->text, *ret_status, buf_slice(ret), problem);

	return rc;
}

static enum err
prove_running(struct auditing *a, const struct system_id *id, int64_t seq,
    json_t **ret, struct problem *problem)
{
	struct buf path, answer;
	int status = 0;
	enum err rc;

	buf_init(&path);
	buf_init(&answer);
	buf_printf(&path, "/ledger/entries/%lld", (long long)seq);
	rc = fetch(a, id, path.data, &status, &answer, problem);
	if (rc == OK && status == 404)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "the ledger of %s has no entry %lld", id->text,
		    (long long)seq);
	if (rc == OK)
		rc = json_read(buf_slice(&answer), "the proof", ret, problem);
	buf_done(&path);
	buf_done(&answer);

	return rc;
}

/* As a running system would answer. */
static enum err
proof_tree(struct arena *arena, const struct ledger_proof *proof, json_t **ret,
    struct problem *problem)
{
	struct json_out o;

	json_out_init(&o, arena);
	json_out_object(&o, NULL);
	ledger_proof_write(proof, &o);

	return json_read(json_out_finish(&o), "the proof", ret, problem);
}

enum err
auditing_prove(struct auditing *a, const struct system_id *id, int64_t seq,
    json_t **ret, struct problem *problem)
{
	struct store *store = NULL;
	struct ledger_proof proof;
	enum err rc;

	rc = open_database(a, id, &store, problem);
	if (rc == ERR_BUSY)
		return prove_running(a, id, seq, ret, problem);
	if (rc == OK)
		rc = store_begin(store);
	if (rc == OK) {
		rc = ledger_prove(store, a->arena, seq, &proof);
		if (rc)
			rc = problem_set(problem, rc,
			    "the ledger of %s has no entry %lld", id->text,
			    (long long)seq);
	}
	if (rc == OK)
		rc = proof_tree(a->arena, &proof, ret, problem);
	store_close(store);

	return rc;
}

/* --- Looking ------------------------------------------------------------- */

struct look {
	struct auditing *a;
	const struct system_id *id;
	struct keys keys; /* of the system */
	struct buf tile;
	struct problem *problem;
};

static enum err
wrong(struct look *l, const char *what)
{
	return problem_set(
	    l->problem, ERR_CORRUPT, "%s: %s", l->id->text, what);
}

/* Make a proof from tiles that come over HTTP; the proof is checked afterwards,
 * so that their source does not matter. */
static enum err
load_tile(void *state, const struct tile *tile, struct slice *ret)
{
	struct look *l = state;
	struct buf path;
	int status = 0;
	enum err rc;

	buf_init(&path);
	buf_add_char(&path, '/');
	tile_format(tile, &path);
	rc = fetch(l->a, l->id, path.data, &status, &l->tile, l->problem);
	if (rc == OK && status != 200)
		rc = wrong(l, "a tile of its ledger is missing");
	buf_done(&path);
	*ret = buf_slice(&l->tile);

	return rc;
}

static enum err
check_continues(struct look *l, const struct merkle_tree *before,
    const struct merkle_tree *now)
{
	struct tile_source source = {load_tile, l, now->size};
	struct merkle_reader hashes = tile_reader(&source);
	struct merkle_proof proof;
	enum err rc;

	if (before->size > now->size)
		return problem_set(l->problem, ERR_CORRUPT,
		    "%s: its ledger has %llu entries and had %llu before",
		    l->id->text, (unsigned long long)now->size,
		    (unsigned long long)before->size);
	rc = merkle_prove_consistency(&hashes, before->size, now->size, &proof);
	if (rc)
		return l->problem->text[0] != '\0'
		    ? rc
		    : wrong(l, "a tile of its ledger is too short");
	if (merkle_verify_consistency(before, now, &proof))
		return wrong(l,
		    "its ledger has two histories: the newest checkpoint does "
		    "not continue an earlier one");

	return OK;
}

/* Verify the line with that name, of the log or of a witness, with any of the
 * keys.  ERR_NOT_FOUND if there is none by these, ERR_CRYPTO if it does not
 * fit. */
static enum err
verify_line(
    const struct checkpoint *c, struct slice name, const struct keys *keys)
{
	struct checkpoint_key *key;
	struct instant at;
	enum err rc = ERR_NOT_FOUND;
	size_t i;

	for (i = 0; rc == ERR_NOT_FOUND && i < keys->n; i++) {
		TRY(checkpoint_key_new(name, keys->all[i], &key));
		rc = slice_equal(name, c->origin)
		    ? checkpoint_verify(c, key)
		    : checkpoint_verify_cosignature(c, key, &at);
		checkpoint_key_free(key);
	}

	return rc;
}

/* A note that this system signed. */
static enum err
read_note(struct look *l, struct slice text, struct checkpoint *ret)
{
	if (checkpoint_parse(l->a->arena, arena_copy(l->a->arena, text), ret) ||
	    !slice_equal(ret->origin, ledger_origin(l->a->arena, l->id)))
		return wrong(l, "its checkpoint is malformed");
	if (verify_line(ret, ret->origin, &l->keys))
		return wrong(l,
		    "its checkpoint is not signed with a key of "
		    "its own in directory.json");

	return OK;
}

/* `*ret_found` is false if there is none yet. */
static enum err
fetch_note(
    struct look *l, const char *path, struct checkpoint *ret, bool *ret_found)
{
	struct buf text;
	int status = 0;
	enum err rc;

	buf_init(&text);
	rc = fetch(l->a, l->id, path, &status, &text, l->problem);
	*ret_found = rc == OK && status == 200;
	if (*ret_found)
		rc = read_note(l, buf_slice(&text), ret);
	buf_done(&text);

	return rc;
}

/* Count the systems of the directory that have cosigned the checkpoint. */
static enum err
count_witnesses(struct look *l, const struct checkpoint *checkpoint,
    struct auditing_view *view)
{
	struct slice prefix = SLICE("bango/"), name;
	struct problem unknown;
	struct system_id id;
	struct keys keys;
	size_t i;
	enum err rc;

	for (i = 0; i < checkpoint->n_signatures; i++) {
		name = checkpoint->signatures[i].name;
		if (slice_equal(name, checkpoint->origin) ||
		    !slice_has_prefix(name, prefix) ||
		    system_id_parse(slice_bytes(name.data + prefix.len,
					name.len - prefix.len),
			&id) ||
		    keys_of(l->a, &id, &keys, &unknown))
			continue;
		rc = verify_line(checkpoint, name, &keys);
		if (rc == ERR_CRYPTO)
			return wrong(l, "a witness's signature does not fit");
		if (rc == OK && view->witnesses++ == 0)
			view->first = id;
	}

	return OK;
}

static enum err
look_at_cosigned(
    struct look *l, const struct checkpoint *newest, struct auditing_view *view)
{
	struct checkpoint cosigned;
	bool found;
	enum err rc;

	rc = fetch_note(l, "/checkpoint/cosigned", &cosigned, &found);
	if (rc || !found)
		return rc;
	view->cosigned = cosigned.tree.size;
	rc = count_witnesses(l, &cosigned, view);
	if (rc == OK && view->witnesses == 0)
		rc = wrong(
		    l, "no system of the nation has cosigned its checkpoint");
	/* It may have been cosigned after the newest was fetched. */
	if (rc == OK)
		rc = cosigned.tree.size > newest->tree.size
		    ? check_continues(l, &newest->tree, &cosigned.tree)
		    : check_continues(l, &cosigned.tree, &newest->tree);

	return rc;
}

/* `*ret_found` is false if the system was not seen before. */
static enum err
read_seen(
    struct look *l, const char *path, struct merkle_tree *ret, bool *ret_found)
{
	struct checkpoint before;
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc = file_read(path, CHECKPOINT_MAX, &text, l->problem);
	*ret_found = rc == OK;
	/* The key may have changed since; the file is ours. */
	if (rc == OK &&
	    checkpoint_parse(l->a->arena, buf_slice(&text), &before))
		rc = problem_set(l->problem, ERR_CORRUPT,
		    "%s, in which its last checkpoint was kept, is malformed",
		    path);
	buf_done(&text);
	if (rc == OK)
		*ret = before.tree;
	if (rc == ERR_NOT_FOUND) {
		problem_clear(l->problem);
		return OK;
	}

	return rc;
}

/* Compare the checkpoint with the one seen the last time, and replace that.
 * `note` is empty while there is none. */
static enum err
compare_with_seen(struct look *l, const char *seen,
    const struct merkle_tree *newest, struct slice note,
    struct auditing_view *view)
{
	struct merkle_tree before = {0};
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "%s/", seen);
	nation_add_file_name(&path, l->id);
	rc = read_seen(l, path.data, &before, &view->had);
	if (rc == OK && view->had)
		rc = check_continues(l, &before, newest);
	view->before = rc == OK ? before.size : 0;
	if (rc == OK && note.len > 0)
		rc = file_replace(path.data, note, 0644, l->problem);
	buf_done(&path);

	return rc;
}

static enum err
look(struct look *l, const char *seen, struct auditing_view *view)
{
	struct checkpoint newest = {0};
	struct buf note;
	int status = 0;
	enum err rc;

	buf_init(&note);
	rc = fetch(l->a, l->id, "/checkpoint", &status, &note, l->problem);
	if (status != 200)
		buf_clear(&note); /* nothing was written down yet */
	if (rc == OK && note.len > 0)
		rc = read_note(l, buf_slice(&note), &newest);
	if (rc == OK)
		view->size = newest.tree.size;
	if (rc == OK && note.len > 0)
		rc = look_at_cosigned(l, &newest, view);
	if (rc == OK && seen != NULL)
		rc = compare_with_seen(
		    l, seen, &newest.tree, buf_slice(&note), view);
	buf_done(&note);

	return rc;
}

enum err
auditing_look(struct auditing *a, const struct system_id *id, const char *seen,
    struct auditing_view *ret, struct problem *problem)
{
	struct look l = {.a = a, .id = id, .problem = problem};
	enum err rc;

	*ret = (struct auditing_view){0};
	problem_clear(problem);
	buf_init(&l.tile);
	rc = keys_of(a, id, &l.keys, problem);
	if (rc == OK)
		rc = look(&l, seen, ret);
	buf_done(&l.tile);

	return rc;
}

/* --- Evidence ------------------------------------------------------------ */

enum err
auditing_evidence(struct auditing *a, const struct system_id *id,
    struct slice exchange, json_t **ret, struct problem *problem)
{
	struct buf path, answer;
	int status = 0;
	enum err rc;

	buf_init(&path);
	buf_init(&answer);
	buf_printf(&path, "/evidence/%.*s", SLICE_ARG(exchange));
	rc = fetch(a, id, path.data, &status, &answer, problem);
	if (rc == OK && status == 404)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "%s keeps nothing of %.*s; the relay of the inquirer knows "
		    "an exchange by its inquiry, that of the provider by its "
		    "permit",
		    id->text, SLICE_ARG(exchange));
	if (rc == OK)
		rc =
		    json_read(buf_slice(&answer), "the evidence", ret, problem);
	buf_done(&path);
	buf_done(&answer);

	return rc;
}

enum err
auditing_cosigned(struct auditing *a, const struct system_id *id,
    struct slice *ret_note, struct checkpoint *ret, struct problem *problem)
{
	struct buf note;
	int status = 0;
	enum err rc;

	buf_init(&note);
	rc = fetch(a, id, "/checkpoint/cosigned", &status, &note, problem);
	if (rc == OK && status == 404)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "no other organisation has signed the ledger of %s yet",
		    id->text);
	*ret_note = arena_copy(a->arena, buf_slice(&note));
	buf_done(&note);
	if (rc == OK && checkpoint_parse(a->arena, *ret_note, ret))
		rc = problem_set(problem, ERR_CORRUPT,
		    "the answer of %s is not a checkpoint", id->text);

	return rc;
}

enum err
auditing_inclusion(struct auditing *a, const struct system_id *id,
    uint64_t index, uint64_t size, struct merkle_proof *ret,
    struct problem *problem)
{
	struct look l = {.a = a, .id = id, .problem = problem};
	struct tile_source source = {load_tile, &l, size};
	struct merkle_reader hashes = tile_reader(&source);
	enum err rc;

	problem_clear(problem);
	buf_init(&l.tile);
	rc = merkle_prove_inclusion(&hashes, index, size, ret);
	if (rc && problem->text[0] == '\0')
		rc = wrong(&l, "a tile of its ledger is too short");
	buf_done(&l.tile);

	return rc;
}
