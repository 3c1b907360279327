#include "systems/relay/withholding.h"

#include "messages/inquiries.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法23条2項")

/* The sides of an exchange: how our record is found and changed on each. */
struct side {
	enum err (*find)(struct store *store, struct arena *arena,
	    struct slice record, struct relay_withheld_row *ret);
	enum err (*withhold)(
	    struct store *store, struct slice withheld, struct slice record);
};
static const struct side inquirer = {
    relay_inquiry_withheld, relay_inquiry_withhold};
static const struct side provider = {
    relay_provision_withheld, relay_provision_withhold};

struct relay_withholding_input {
	struct slice side, record, ground;
	struct date until;
};
static const struct field withholding_fields[] = {
    FIELD(relay_withholding_input, side, WORD("inquirer|provider"),
	"the side on which we stand"),
    FIELD(relay_withholding_input, record, ID,
	"the inquiry of an inquirer's record, the permit of a provider's"),
    FIELD(relay_withholding_input, ground, NAME_OF,
	"a ground of the affair, or of a mark (data/withholding.tsv)"),
    FIELD(relay_withholding_input, until, DATE, "the last day"),
};
const struct shape relay_withholding_input_shape =
    SHAPE(relay_withholding_input, withholding_fields);

static bool
is_asked(const struct relay_withholding_input *i)
{
	return slice_equal_string(i->side, "inquirer");
}

/* The longer withholding, in the grade of that which has not ended. */
static enum err
lengthen(struct turn *turn, const struct relay_withholding_input *i,
    const struct relay_withheld_row *held, struct slice *ret)
{
	const struct date today = date_in_japan(turn->now);
	struct withholding now, then;
	struct slice article;

	if (withholding_parse(held->withheld, &now) ||
	    date_compare(now.until, today) < 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "we do not withhold this record, or no longer");
	if (date_compare(i->until, now.until) <= 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field until: expected a later day than that until which "
		    "the record is withheld anyway");
	then = (struct withholding){now.grade, i->ground, i->until};
	*ret = withholding_text(turn->arena, &then);

	return withholding_check(is_asked(i) ? held->affair : WITHHOLDING_MARK,
	    &then, today, &article, turn->problem);
}

static enum err
apply(struct turn *turn, const struct relay_withholding_input *i,
    struct slice *ret)
{
	const struct side *side = is_asked(i) ? &inquirer : &provider;
	struct relay_withheld_row held;
	enum err rc = side->find(turn->store, turn->arena, i->record, &held);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "this relay has no such record on that side; see GET "
		    "/records");
	TRY(rc);
	TRY(lengthen(turn, i, &held, ret));
	TRY(side->withhold(turn->store, *ret, i->record));
	TRY(relay_audit(turn, "record.withhold", held.internal, BASIS));

	return turn_tell_usual(turn, NETWORK_USUAL, record_withheld,
	    &(struct record_withheld){.side = i->side,
		.record = i->record,
		.ground = i->ground,
		.until = i->until,
		.officer = turn_first_holder(turn),
		.second = turn->caller.second});
}

enum err
withholding_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_withholding_input *i =
	    INPUT(in, relay_withholding_input);
	struct slice withheld;
	struct json_out *o;

	if (!input_is_confirmed(in))
		return reply_pending(turn, in, reply);
	TRY(apply(turn, i, &withheld));
	o = reply_object(reply, 200);
	json_out_text(o, "record", i->record);
	json_out_text(o, "withheld", withheld);

	return OK;
}
