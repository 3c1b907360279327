#include "wire/waybill.h"

#include "wire/kinds.h"

static const struct field fields[] = {
    FIELD(waybill, from, SYSTEM, "the sender"),
    FIELD(waybill, to, SYSTEM, "the receiver"),
    FIELD(waybill, time, INSTANT, "the time of posting"),
    LIST(waybill, envelopes, DIGEST, ENVELOPE_BATCH_MAX,
	"the digests of the envelopes, in their order"),
    MAYBE(waybill, last, MESSAGE_ID,
	"an envelope of before for which the sender has a receipt"),
};
static const struct shape shape = SHAPE(waybill, fields);

enum err
waybill_sign(struct arena *arena, const struct waybill *w,
    const struct signing_key *key, struct buf *ret)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&shape, w, &o, NULL);

	return jws_sign(key, WAYBILL_TYPE, json_out_finish(&o), ret);
}

enum err
waybill_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct waybill *ret, struct problem *problem)
{
	if (jws_verify(jws, key))
		return problem_set(problem, ERR_CRYPTO,
		    "the waybill's signature does not fit");
	if (shape_read(&shape, arena, jws->payload, ret, problem))
		return ERR_INPUT;
	if (ret->n_envelopes == 0)
		return problem_set(problem, ERR_INPUT,
		    "field envelopes: expected 1 to %d digests",
		    ENVELOPE_BATCH_MAX);

	return OK;
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
