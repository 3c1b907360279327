#include "systems/offices/offices.h"

#include "offices_rows.h"
#include "offices_statements.h"

/* --- Waiting --------------------------------------------------------------- */

static struct slice
key(struct turn *turn, const char *what, struct slice id)
{
	return arena_printf(turn->arena, "%s:%.*s", what, SLICE_ARG(id));
}

bool
offices_wait(struct turn *turn, const struct input *in, struct reply *reply,
    const char *what, struct slice id, int64_t seconds)
{
	if (seconds == 0 || input_waited(in))
		return false;
	reply_wait(reply, key(turn, what, id), (int)seconds);

	return true;
}

void
offices_wake(struct turn *turn, const char *what, struct slice id)
{
	turn_wake(turn, key(turn, what, id));
}

/* --- The matter ------------------------------------------------------------ */

void
offices_matter(struct turn *turn, struct matter *matter, struct slice id,
    struct slice unit)
{
	struct inquiry_case *c = &matter->of_case;

	if (slice_is_empty(c->number))
		c->number = id;
	if (c->opened.year == 0)
		c->opened = date_in_japan(turn->now);
	if (slice_is_empty(matter->whose))
		matter->whose = SLICE(WHOSE_SELF);
	c->unit = slice_is_empty(unit) ? system_id_name(turn_self(turn)) : unit;
	c->clerk = turn->caller.name;
}

/* --- The audit ------------------------------------------------------------- */

enum err
offices_subject(struct turn *turn, struct slice inquiry, struct slice *ret)
{
	struct offices_inquiry_find_row asked = {0};
	struct offices_question_find_row question = {0};
	enum err rc =
	    offices_inquiry_find(turn->store, turn->arena, inquiry, &asked);

	*ret = asked.business_number;
	if (rc != ERR_NOT_FOUND)
		return rc;
	rc =
	    offices_question_find(turn->store, turn->arena, inquiry, &question);
	*ret = question.applicant;

	return rows_end(rc);
}

/* --- Answers --------------------------------------------------------------- */

void
offices_out_instant(struct json_out *o, const char *key, struct instant at)
{
	if (at.ms != 0)
		json_out_instant(o, key, at);
}

void
offices_out_asked(struct json_out *o, const struct offices_asked *asked)
{
	json_out_text(o, "inquiry", asked->inquiry);
	json_out_text(o, "business_number", asked->business_number);
	json_out_text(o, "affair", asked->affair);
	json_out_text(o, "item", asked->item);
	json_out_text(o, "provider", asked->provider);
	json_out_text(o, "unit", asked->unit);
	json_out_text(o, "clerk", asked->clerk);
}

enum err
offices_count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"records", OFFICES_COUNT_RECORDS, 0},
	    {"retrying", OFFICES_COUNT_RETRYING, 0},
	    {"given_up", OFFICES_COUNT_GIVEN_UP, 0},
	    {"applications", OFFICES_COUNT_APPLICATIONS, 0},
	    {"waiting", OFFICES_COUNT_QUESTIONS, 0},
	    {"inquiries", OFFICES_COUNT_INQUIRIES, 0},
	    {"asking", OFFICES_COUNT_ASKING, 0},
	    {"marking", OFFICES_COUNT_MARKS, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

enum err
offices_route_progress(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct counting counts = {0};

	(void)in;
	TRY(offices_count(turn, &counts));
	reply_counting(reply, 200, &counts);

	return OK;
}
