#include "nation/evidence_export.h"

#include <string.h>
#include <time.h>

#include "base/encode.h"

#define PAUSE_MS 250
#define ORIGIN "bango/"

struct exporting {
	struct arena *arena;
	struct auditing *auditing;
	const struct evidence_wish *wish;
	int64_t began; /* monotonic */
	bool has_waited;
	struct slice note; /* the ledger's head, also signed by others */
	struct checkpoint head;
	struct problem *problem;
};

/* --- Waiting ------------------------------------------------------------- */

/* ERR_BUSY if it is time to give up. */
static enum err
pause_for(struct exporting *x, const char *what)
{
	struct timespec pause = {0, PAUSE_MS * 1000000};

	if (monotonic_ms() - x->began >= x->wish->patience_ms)
		return problem_set(x->problem, ERR_BUSY,
		    "%s: %s; try again in a minute", x->wish->holder.text,
		    what);
	if (!x->has_waited && x->wish->on_wait != NULL)
		x->wish->on_wait();
	x->has_waited = true;
	nanosleep(&pause, NULL);

	return OK;
}

/* The largest number of an entry in the ledger; -1 while one is not in it. */
static int64_t
last_index(const json_t *evidence)
{
	const json_t *message, *index;
	int64_t last = -1;
	size_t i;

	json_array_foreach(json_object_get(evidence, "messages"), i, message)
	{
		index =
		    json_object_get(json_object_get(message, "proof"), "index");
		if (!json_is_integer(index))
			return -1;
		if (json_integer_value(index) > last)
			last = json_integer_value(index);
	}

	return last;
}

static enum err
fetch_evidence(struct exporting *x, json_t **ret, int64_t *ret_last)
{
	json_t *evidence = NULL;
	enum err rc;

	for (;;) {
		rc = auditing_evidence(x->auditing, &x->wish->holder,
		    x->wish->exchange, &evidence, x->problem);
		if (rc)
			return rc;
		*ret_last = last_index(evidence);
		if (*ret_last >= 0)
			break;
		json_decref(evidence);
		evidence = NULL;
		rc = pause_for(x, "its ledger has not taken all entries yet");
		if (rc)
			return rc;
	}
	*ret = evidence;

	return OK;
}

static enum err
fetch_head(struct exporting *x, int64_t last)
{
	enum err rc;

	for (;;) {
		rc = auditing_cosigned(x->auditing, &x->wish->holder, &x->note,
		    &x->head, x->problem);
		if (rc == OK && x->head.tree.size > (uint64_t)last)
			return OK;
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
		rc = pause_for(x,
		    "no other organisation has signed its ledger with all "
		    "entries yet");
		if (rc)
			return rc;
	}
}

/* --- Proofs -------------------------------------------------------------- */

/* Prove the entry in the head that others have signed, in place of the relay's
 * newest head. */
static enum err
prove(struct exporting *x, json_t *proof)
{
	const json_t *index = json_object_get(proof, "index");
	json_t *hashes = json_array();
	struct merkle_proof inclusion;
	struct buf hex;
	size_t i;
	enum err rc;

	rc = auditing_inclusion(x->auditing, &x->wish->holder,
	    (uint64_t)json_integer_value(index), x->head.tree.size, &inclusion,
	    x->problem);
	for (i = 0; rc == OK && i < inclusion.n; i++) {
		buf_init(&hex);
		hex_encode(digest_slice(&inclusion.hashes[i]), &hex);
		json_push_text(hashes, buf_slice(&hex));
		buf_done(&hex);
	}
	json_put(proof, "inclusion", hashes);
	json_put_int(proof, "size", (int64_t)x->head.tree.size);
	json_put_text(proof, "checkpoint", x->note);

	return rc;
}

static enum err
prove_all(struct exporting *x, const json_t *evidence)
{
	json_t *message;
	size_t i;
	enum err rc = OK;

	json_array_foreach(json_object_get(evidence, "messages"), i, message)
	{
		rc = prove(x, json_object_get(message, "proof"));
		if (rc)
			break;
	}

	return rc;
}

/* --- Certificates -------------------------------------------------------- */

static enum err
add_certificates(struct exporting *x, json_t *certificates, struct slice id)
{
	const json_t *list = auditing_certificates(x->auditing, id);

	if (json_array_size(list) == 0)
		return problem_set(x->problem, ERR_NOT_FOUND,
		    "directory.json has no certificate of the key with which "
		    "%.*s signs; a nation of an earlier version gets them with "
		    "`bango keys DIR %.*s --rotate sign`",
		    SLICE_ARG(id), SLICE_ARG(id));
	json_object_setn_new(
	    certificates, id.data, id.len, json_deep_copy(list));

	return OK;
}

/* All systems that signed a part of the exchange. */
static enum err
add_parties(struct exporting *x, const json_t *evidence, json_t *certificates)
{
	struct envelope envelope = {0};
	struct slice text = {0};
	const json_t *message;
	enum err rc = OK;
	size_t i;

	json_array_foreach(json_object_get(evidence, "messages"), i, message)
	{
		rc = json_get_text(message, "envelope", &text, x->problem);
		if (rc == OK)
			rc = envelope_read(
			    x->arena, text, &envelope, x->problem);
		if (rc)
			break;
		rc = add_certificates(
		    x, certificates, slice_of(envelope.from.text));
		if (rc == OK)
			rc = add_certificates(
			    x, certificates, slice_of(envelope.to.text));
		if (rc)
			break;
	}

	return rc;
}

static enum err
add_signers(struct exporting *x, json_t *certificates)
{
	struct slice name;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < x->head.n_signatures; i++) {
		name = x->head.signatures[i].name;
		if (!slice_has_prefix(name, SLICE(ORIGIN)))
			return problem_set(x->problem, ERR_CORRUPT,
			    "the checkpoint is signed by a system outside the "
			    "nation");
		rc = add_certificates(x, certificates,
		    slice_bytes(
			name.data + strlen(ORIGIN), name.len - strlen(ORIGIN)));
	}

	return rc;
}

/* --- All of it ----------------------------------------------------------- */

enum err
evidence_export(struct auditing *auditing, const struct evidence_wish *wish,
    json_t **ret, struct problem *problem)
{
	struct exporting x = {.arena = arena_new(),
	    .auditing = auditing,
	    .wish = wish,
	    .began = monotonic_ms(),
	    .problem = problem};
	json_t *evidence = NULL, *certificates = json_object();
	int64_t last = 0;
	enum err rc;

	rc = fetch_evidence(&x, &evidence, &last);
	if (rc == OK)
		rc = fetch_head(&x, last);
	if (rc == OK)
		rc = prove_all(&x, evidence);
	if (rc == OK)
		rc = add_parties(&x, evidence, certificates);
	if (rc == OK)
		rc = add_signers(&x, certificates);
	arena_free(x.arena);
	if (rc) {
		json_decref(evidence);
		json_decref(certificates);
		return rc;
	}
	json_put(evidence, "certificates", certificates);
	*ret = evidence;

	return OK;
}
