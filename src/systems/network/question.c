#include "systems/network/question.h"

#include <string.h>

#include "base/bug.h"
#include "crypto/jose.h"
#include "network_rows.h"
#include "systems/network/network.h"

#define DIGEST_LEN sizeof(struct digest)

/* --- Sheets --------------------------------------------------------------- */

enum err
question_take_sheet(struct turn *turn, const struct message *message)
{
	const struct question_sheet *m = MESSAGE(message, question_sheet);
	struct sheet sheet;

	TRY(sheet_read(turn->arena, m->jws, &sheet, NULL, turn->problem));
	if (!system_id_equal(&sheet.by, &message->from))
		return problem_set(turn->problem, ERR_DENIED,
		    "field jws: the sheet is another system's");

	return network_sheet_add(turn->store,
	    &(struct network_sheet_add){
		.organisation = system_id_organisation(&message->from),
		.sheet = m->sheet,
		.jws = m->jws,
		.questions = slice_bytes(sheet.questions,
		    sheet.n_questions * sizeof(*sheet.questions)),
		.at = turn->now});
}

static enum err
find_sheet(struct turn *turn, const struct message *message, struct slice sheet,
    struct network_sheet_find_row *ret)
{
	enum err rc = network_sheet_find(turn->store, turn->arena,
	    system_id_organisation(&message->from), sheet, ret);

	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < NETWORK_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the sheet has not arrived here yet");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field sheet: no such sheet is here; ask again");

	return rc;
}

static bool
has(struct slice questions, const struct digest *digest)
{
	size_t i;

	for (i = 0; i + DIGEST_LEN <= questions.len; i += DIGEST_LEN) {
		if (memcmp(questions.data + i, digest, DIGEST_LEN) == 0)
			return true;
	}

	return false;
}

static enum err
check_sheet(struct turn *turn, const struct message *message,
    const struct asked *asked, struct network_question *q)
{
	struct network_sheet_find_row sheet;

	TRY(find_sheet(turn, message, asked->sheet, &sheet));
	if (!has(sheet.questions, &q->digest))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sheet: does not name the question");
	q->jws = sheet.jws;

	return OK;
}

/* --- The question ---------------------------------------------------------- */

static enum err
check_asker(
    struct turn *turn, const struct message *message, const struct question *q)
{
	if (!slice_equal(q->asker, system_id_organisation(&message->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "field question.asker: is not the sender");
	TRY(turn_check_past(turn, &question_shape, q));
	if (instant_is_before(q->until, turn->now))
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.until: has passed; ask again");

	return OK;
}

static enum err
check_person(
    struct turn *turn, const struct asked *asked, const struct question *q)
{
	struct digest who =
	    question_who(turn->arena, asked->blind, asked->code);

	if (!digest_equal(&who, &q->who) && !bug_is(BUG_QUESTION_OF_ANOTHER))
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.who: is not the person of the code");

	return OK;
}

enum err
question_open(struct turn *turn, const struct message *message,
    const struct asked *asked, struct network_question *ret)
{
	struct question *q = &ret->question;

	TRY(question_read(turn->arena, asked->text, q, turn->problem));
	ret->digest = digest_of(asked->text);
	TRY(check_asker(turn, message, q));
	TRY(check_person(turn, asked, q));
	if (jwe_check_recipient(turn->arena, q->seal))
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.seal: is not a valid P-256 public key");

	return check_sheet(turn, message, asked, ret);
}

enum err
question_forget(struct turn *turn)
{
	return network_sheets_erase(
	    turn->store, instant_plus(turn->now, -QUESTION_SHEET_KEEP_MS));
}
