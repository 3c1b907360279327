#include "wire/waybill.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/json_out.h"

/* --- Writing ------------------------------------------------------------- */

static void
write_digest(const struct digest *digest, struct json_out *o)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(digest_slice(digest), &text);
	json_out_text(o, buf_slice(&text));
	buf_done(&text);
}

enum err
waybill_sign(
    const struct waybill *w, const struct signing_key *key, struct buf *ret)
{
	char time[INSTANT_TEXT_MAX];
	struct json_out o;
	enum err rc;
	size_t i;

	instant_format(w->time, time);
	json_out_init(&o);
	json_out_object(&o);
	json_out_key(&o, "from");
	json_out_text(&o, slice_of(w->from.text));
	json_out_key(&o, "to");
	json_out_text(&o, slice_of(w->to.text));
	json_out_key(&o, "time");
	json_out_text(&o, slice_of(time));
	json_out_key(&o, "envelopes");
	json_out_array(&o);
	for (i = 0; i < w->n_envelopes; i++)
		write_digest(&w->envelopes[i], &o);
	rc = jws_sign(key, WAYBILL_TYPE, json_out_finish(&o), ret);
	json_out_done(&o);

	return rc;
}

/* --- Reading ------------------------------------------------------------- */

static enum err
read_envelopes(struct arena *arena, const json_t *list, struct waybill *ret,
    struct problem *problem)
{
	size_t i, n = json_array_size(list);
	struct digest *digests;
	struct slice text;

	if (n == 0 || n > ENVELOPE_BATCH_MAX)
		return problem_set(problem, ERR_INPUT,
		    "a waybill names 1 to %d envelopes", ENVELOPE_BATCH_MAX);
	digests = arena_array(arena, n, sizeof(*digests));
	for (i = 0; i < n; i++) {
		if (json_at_text(list, i, &text) ||
		    digest_parse(text, &digests[i]))
			return problem_set(problem, ERR_INPUT,
			    "line %zu of a waybill is no digest", i + 1);
	}
	ret->envelopes = digests;
	ret->n_envelopes = n;

	return OK;
}

static enum err
read_waybill(struct arena *arena, const json_t *document, struct waybill *ret,
    struct problem *problem)
{
	const json_t *list = NULL;
	enum err rc;

	if (json_object_size(document) != 4)
		return problem_set(problem, ERR_INPUT,
		    "a waybill has the fields from, to, time, envelopes and no "
		    "others");
	rc = json_get_system(document, "from", &ret->from, problem);
	if (rc == OK)
		rc = json_get_system(document, "to", &ret->to, problem);
	if (rc == OK)
		rc = json_get_time(document, &ret->time, problem);
	if (rc == OK)
		rc = json_get_array(document, "envelopes", &list, problem);
	if (rc == OK)
		rc = read_envelopes(arena, list, ret, problem);

	return rc;
}

enum err
waybill_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct waybill *ret, struct problem *problem)
{
	struct waybill waybill = {0};
	json_t *document = NULL;
	enum err rc;

	if (jws_verify(jws, key))
		return problem_set(problem, ERR_CRYPTO,
		    "the waybill's signature does not fit");
	rc = json_read(jws->payload, "the waybill", &document, problem);
	if (rc == OK)
		rc = read_waybill(arena, document, &waybill, problem);
	json_decref(document);
	if (rc == OK)
		*ret = waybill;

	return rc;
}

bool
waybill_has(const struct waybill *waybill, const struct digest *envelope)
{
	size_t i;

	for (i = 0; i < waybill->n_envelopes; i++) {
		if (digest_equal(&waybill->envelopes[i], envelope))
			return true;
	}

	return false;
}
