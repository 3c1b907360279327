#include "systems/relay/sheets.h"

#include <stdlib.h>
#include <string.h>

#include "systems/relay/state.h"
#include "wire/sheet.h"

#define REMEMBERED 64

/* A sheet whose signature fits. */
struct verified {
	struct digest text;
	struct system_id by;
	struct key_id key;
	struct instant time;
	struct digest questions[SHEET_QUESTIONS_MAX];
	size_t n; /* 0: no sheet */
};

struct sheets {
	struct verified all[REMEMBERED];
	size_t next; /* to be forgotten */
};

struct sheets *
sheets_new(void)
{
	return heap_array(1, sizeof(struct sheets));
}

void
sheets_free(struct sheets *sheets)
{
	free(sheets);
}

/* The newest first: the questions of one sheet come together. */
static const struct verified *
recall(const struct sheets *sheets, const struct digest *text)
{
	const struct verified *sheet;
	size_t i;

	for (i = 1; i <= REMEMBERED; i++) {
		sheet =
		    &sheets->all[(sheets->next + REMEMBERED - i) % REMEMBERED];
		if (sheet->n > 0 && digest_equal(&sheet->text, text))
			return sheet;
	}

	return NULL;
}

static const struct verified *
remember(struct sheets *sheets, const struct verified *sheet)
{
	struct verified *place = &sheets->all[sheets->next];

	sheets->next = (sheets->next + 1) % REMEMBERED;
	*place = *sheet;

	return place;
}

static enum err
unsigned_by(struct turn *turn, const struct system_id *by)
{
	return problem_set(turn->problem, ERR_CRYPTO,
	    "the sheet is not signed with a key of %s in our directory",
	    by->text);
}

static enum err
verify(struct turn *turn, struct slice text, const struct system_id *by,
    struct verified *ret)
{
	const struct verify_key *key;
	struct sheet sheet;
	struct jws jws;

	TRY(sheet_read(turn->arena, text, &sheet, &jws, turn->problem));
	key = turn_peer_key(turn, by, &jws.key, sheet.time);
	if (key == NULL || !system_id_equal(&sheet.by, by) ||
	    jws_verify(&jws, key))
		return unsigned_by(turn, by);
	*ret = (struct verified){.text = digest_of(text),
	    .by = sheet.by,
	    .key = jws.key,
	    .time = sheet.time,
	    .n = sheet.n_questions};
	memcpy(ret->questions, sheet.questions,
	    sheet.n_questions * sizeof(*sheet.questions));

	return OK;
}

/* One that we remember was signed, but perhaps by another, or with a key that
 * is not taken any more. */
static enum err
find(struct turn *turn, struct slice text, const struct system_id *by,
    const struct verified **ret)
{
	struct sheets *sheets = state_of(turn)->sheets;
	const struct digest digest = digest_of(text);
	struct verified fresh;

	*ret = recall(sheets, &digest);
	if (*ret == NULL) {
		TRY(verify(turn, text, by, &fresh));
		*ret = remember(sheets, &fresh);
	}
	if (!system_id_equal(&(*ret)->by, by) ||
	    turn_peer_key(turn, by, &(*ret)->key, (*ret)->time) == NULL)
		return unsigned_by(turn, by);

	return OK;
}

enum err
sheets_verify(struct turn *turn, struct slice text, const struct system_id *by,
    const struct digest *question, struct instant *ret_time)
{
	const struct verified *found;
	struct sheet sheet;

	TRY(find(turn, text, by, &found));
	sheet = (struct sheet){
	    .questions = found->questions, .n_questions = found->n};
	if (!sheet_has(&sheet, question))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the sheet does not name the question");
	*ret_time = found->time;

	return OK;
}
