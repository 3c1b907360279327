#include "systems/relay/permit.h"

#include "base/bug.h"
#include "relay_rows.h"
#include "systems/relay/apart.h"
#include "systems/relay/sheets.h"

enum err
permit_read(
    struct turn *turn, const struct permit_issued *issued, struct permit *ret)
{
	*ret = (struct permit){.issued = *issued};
	TRY(question_read(
	    turn->arena, issued->question, &ret->question, turn->problem));
	ret->digest = digest_of(issued->question);

	return system_id_of(ret->question.asker, "relay", &ret->asker);
}

static enum err
check_end(struct turn *turn, const struct permit *permit)
{
	if (permit->issued.expires.ms > turn->now.ms + PERMIT_LIFE_MAX_MS)
		return problem_set(turn->problem, ERR_INPUT,
		    "field expires: expected an end within eight days");

	return OK;
}

static enum err
check_signature(struct turn *turn, const struct permit *permit)
{
	struct instant asked = permit->question.asked, signed_at;

	if (bug_is(BUG_QUESTION_UNSIGNED))
		return OK;
	TRY(sheets_verify(turn, permit->issued.sheet, &permit->asker,
	    &permit->digest, &signed_at));
	if (signed_at.ms > asked.ms + PERMIT_APART_MS ||
	    signed_at.ms < asked.ms - PERMIT_APART_MS)
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.asked: is more than 15 minutes from the "
		    "signature");

	return OK;
}

static enum err
check_provider(struct turn *turn, const struct permit *permit)
{
	if (!slice_equal(permit->question.provider, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.provider: another organisation is asked");

	return OK;
}

/* A question is answered once, under whatever permit. */
static enum err
check_unused(struct turn *turn, const struct permit *permit)
{
	struct relay_question_used_row used;
	struct slice tag;
	uint32_t epoch;

	for (epoch = apart_epoch(turn); epoch > 0; epoch--) {
		TRY(apart_tag(turn, epoch, &permit->digest, &tag));
		TRY(relay_question_used(turn->store, tag, &used));
		if (used.n > 0 && !bug_is(BUG_QUESTION_TWICE))
			return problem_set(turn->problem, ERR_CONFLICT,
			    "field question: was asked before under another "
			    "permit");
	}

	return OK;
}

enum err
permit_verify(struct turn *turn, const struct permit *permit)
{
	TRY(check_end(turn, permit));
	TRY(check_signature(turn, permit));
	TRY(check_provider(turn, permit));

	return check_unused(turn, permit);
}
