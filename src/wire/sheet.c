#include "wire/sheet.h"

#include "wire/kinds.h"

static const struct field fields[] = {
    FIELD(sheet, by, SYSTEM, "the relay that asks"),
    FIELD(sheet, time, INSTANT, "the time of the signature"),
    LIST(sheet, questions, DIGEST, SHEET_QUESTIONS_MAX,
	"the digests of the questions"),
};
static const struct shape shape = SHAPE(sheet, fields);

enum err
sheet_sign(struct arena *arena, const struct sheet *sheet,
    const struct signing_key *key, struct buf *ret)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&shape, sheet, &o, NULL);

	return jws_sign(key, SHEET_TYPE, json_out_finish(&o), ret);
}

enum err
sheet_read(struct arena *arena, struct slice text, struct sheet *ret,
    struct jws *ret_jws, struct problem *problem)
{
	struct jws jws;

	if (jws_parse(arena, text, SHEET_TYPE, &jws))
		return problem_set(problem, ERR_INPUT,
		    "the sheet is not a JWS of type " SHEET_TYPE);
	TRY(shape_read(&shape, arena, jws.payload, ret, problem));
	if (ret->n_questions == 0)
		return problem_set(problem, ERR_INPUT,
		    "field questions: expected 1 to %d digests",
		    SHEET_QUESTIONS_MAX);
	if (ret_jws != NULL)
		*ret_jws = jws;

	return OK;
}

bool
sheet_has(const struct sheet *sheet, const struct digest *question)
{
	size_t i;

	for (i = 0; i < sheet->n_questions; i++) {
		if (digest_equal(&sheet->questions[i], question))
			return true;
	}

	return false;
}
