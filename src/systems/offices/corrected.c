#include "systems/offices/corrected.h"

#include "messages/inquiries.h"
#include "offices_rows.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")
#define LIST_MAX 500

enum err
corrected_take(struct turn *turn, const struct message *message)
{
	const struct inquiry_corrected *c = MESSAGE(message, inquiry_corrected);
	struct slice subject;

	TRY(offices_inquiry_corrected(turn->store, c->corrected, c->inquiry));
	TRY(offices_question_corrected(turn->store, c->corrected, c->inquiry));

	TRY(offices_subject(turn, c->inquiry, &subject));

	return turn_audit(turn, "inquiry.corrected", subject, BASIS);
}

static void
describe(const struct offices_corrected_row *row, struct json_out *o)
{
	json_out_object(o, NULL);
	offices_out_asked(o, OFFICES_ASKED(row));
	json_out_text(o, "application", row->application);
	offices_out_instant(o, "answered", row->answered);
	json_out_instant(o, "corrected", row->corrected);
	json_out_end(o);
}

enum err
corrected_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct offices_corrected_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "corrections");
	offices_corrected_rows(turn->store, LIST_MAX, &q);
	while ((rc = offices_corrected_next(&q, &row)) == OK)
		describe(&row, o);
	TRY(rows_end(rc));

	return turn_audit(turn, "corrections.read", SLICE(""), BASIS);
}
