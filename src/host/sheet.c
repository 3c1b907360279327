/*
 * Sheets of questions (wire/sheet.h): one signature of this system under all
 * questions of a batch of turns, made before the commit.
 *
 * The row of the sheet's message is written with the batch's first question, so
 * that the message leaves before those that name the sheet; it is filled in when
 * the batch ends.
 */
#include <string.h>

#include "host/node_internal.h"
#include "host_rows.h"
#include "messages/inquiries.h"

static struct slice
id_of(struct arena *arena, const struct open_sheet *open)
{
	return message_id_text(arena, &open->id);
}

/* Reserve the row.  A random digest stands for that of the envelope. */
static enum err
begin(struct turn *turn, const struct system_id *to)
{
	struct open_sheet *open = &turn->node->sheet;
	struct peer_entry *peer = directory_peer(turn->node->directory, to);
	struct host_outbox_reserve_row row;
	struct slice exchange = {0};
	const struct digest stand_in = {0};

	if (peer == NULL)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "system %s is not in the directory; add it and try again",
		    to->text);
	TRY(evidence_note_entry(turn));
	*open = (struct open_sheet){.id = turn_make_id(turn), .to = *to};
	open->envelope_id = turn_make_id(turn);
	/* A message within one organisation is no evidence. */
	if (!slice_equal(system_id_organisation(to), turn_organisation(turn)))
		exchange = id_of(turn->arena, open);
	TRY(host_outbox_reserve(turn->store,
	    &(struct host_outbox_reserve){.digest = &stand_in,
		.id = &open->envelope_id,
		.peer = to,
		.type = slice_of(message_question_sheet.name),
		.created = turn->now,
		.exchange = exchange,
		.entry = exchange.data != NULL ? &turn->entry : NULL},
	    &row));
	open->seq = row.seq;
	peer->due.ms = 1;

	return OK;
}

/* The text of the message, with the signature. */
static enum err
write_envelope(struct node *node, struct arena *arena, struct slice *ret)
{
	const struct open_sheet *open = &node->sheet;
	const struct sheet sheet = {.by = node->id,
	    .time = node->now,
	    .questions = open->questions,
	    .n_questions = open->n};
	struct envelope e = {.id = open->envelope_id,
	    .type = slice_of(message_question_sheet.name),
	    .edition = message_question_sheet.edition,
	    .from = node->id,
	    .to = open->to,
	    .time = node->now};
	struct buf jws;
	enum err rc;

	buf_init(&jws);
	rc = sheet_sign(arena, &sheet, node->signing, &jws);
	if (rc == OK)
		rc = shape_text(message_question_sheet.shape, arena,
		    &(struct question_sheet){
			id_of(arena, open), buf_slice(&jws)},
		    &e.body, NULL);
	buf_done(&jws);

	return rc ? rc : envelope_write(arena, &e, ret);
}

enum err
sheet_close(struct node *node, struct arena *arena)
{
	struct slice envelope;
	struct digest digest;

	if (node->sheet.n == 0)
		return OK;
	TRY(write_envelope(node, arena, &envelope));
	digest = digest_of(envelope);
	TRY(host_outbox_fill(node->store, &digest, envelope, node->sheet.seq));
	node->sheet.n = 0;

	return OK;
}

enum err
turn_question(struct turn *turn, const struct system_id *to,
    const struct digest *question, struct slice *ret_sheet)
{
	struct open_sheet *open = &turn->node->sheet;

	if (open->n == SHEET_QUESTIONS_MAX ||
	    (open->n > 0 && !system_id_equal(&open->to, to)))
		TRY(sheet_close(turn->node, turn->arena));
	if (open->n == 0)
		TRY(begin(turn, to));
	open->questions[open->n++] = *question;
	*ret_sheet = id_of(turn->arena, open);

	return OK;
}
