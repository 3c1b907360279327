#include "messages/question.h"

#include <string.h>

#define MINUTE_MS 60000

static const struct field question_fields[] = {
    FIELD(question, nonce, ID, "random"),
    FIELD(question, asker, ORGANISATION, "the organisation that asks"),
    BLANK(question, provider, ORGANISATION,
	"the organisation that is asked; empty in a search"),
    FIELD(question, affair, NAME_OF, "the inquiry's affair"),
    BLANK(question, step, STEP, "the procedure within the affair"),
    FIELD(question, item, NAME_OF, "item of information"),
    BLANK(question, version, NAME_OF, "the version of the item"),
    FIELD(question, unit, UNIT, "the inquirer's unit"),
    FIELD(question, who, DIGEST, "commitment to the person"),
    FIELD_AS(question, of_case, "case", DIGEST, "commitment to the case"),
    FIELD(question, asked, PAST, "the minute in which it was asked"),
    FIELD(question, until, INSTANT, "the end of the question"),
    BLANK(question, withheld, WITHHOLDING,
	"how the record is kept from the person's view (不開示)"),
    FIELD(question, seal, JSON(1024), "the key that the answer is sealed for"),
};
const struct shape question_shape = SHAPE(question, question_fields);

enum err
question_write(struct arena *arena, const struct question *q, struct slice *ret,
    struct problem *problem)
{
	return shape_text(&question_shape, arena, q, ret, problem);
}

static enum err
check(const struct question *q, struct problem *problem)
{
	if (q->asked.ms % MINUTE_MS != 0)
		return problem_set(problem, ERR_INPUT,
		    "field question.asked: is not a whole minute");
	if (instant_is_before(q->until, q->asked) ||
	    q->until.ms - q->asked.ms > QUESTION_LIFE_MS)
		return problem_set(problem, ERR_INPUT,
		    "field question.until: expected at most seven days after "
		    "`asked`");

	return OK;
}

enum err
question_read(struct arena *arena, struct slice text, struct question *ret,
    struct problem *problem)
{
	struct json_out again;

	TRY(shape_read(&question_shape, arena, text, ret, problem));
	json_out_init(&again, arena);
	shape_write(&question_shape, ret, &again, NULL);
	if (!slice_equal(text, json_out_finish(&again)))
		return problem_set(problem, ERR_INPUT,
		    "field question: is spelt otherwise than a question is");

	return check(ret, problem);
}

/* --- Commitments ---------------------------------------------------------- */

static struct digest
commit(struct arena *arena, const char *label, const struct digest *blind,
    struct slice value)
{
	struct slice of = digest_slice(blind);
	size_t head = slice_of(label).len;
	char *bytes = arena_alloc(arena, head + of.len + value.len);

	memcpy(bytes, label, head);
	memcpy(bytes + head, of.data, of.len);
	memcpy(bytes + head + of.len, value.data, value.len);

	return digest_of(slice_bytes(bytes, head + of.len + value.len));
}

struct digest
question_who(struct arena *arena, const struct digest *blind,
    const struct linkage_code *code)
{
	return commit(arena, "bango-who", blind, linkage_code_slice(code));
}

struct digest
question_case(
    struct arena *arena, const struct digest *blind, struct slice text)
{
	return commit(arena, "bango-case", blind, text);
}

enum err
inquiry_case_text(struct arena *arena, const struct inquiry_case *c,
    struct slice *ret, struct problem *problem)
{
	return shape_text(&inquiry_case_shape, arena, c, ret, problem);
}
