#include "systems/portal/enrolment.h"

#include "base/shape.h"
#include "messages/ticket.h"
#include "systems/portal/account.h"
#include "systems/portal/deed.h"
#include "systems/portal/portal.h"
#include "systems/portal/ticket.h"

#define TYPED_MAX (2 * TICKET_TEXT) /* with further blanks */

struct enrolment_input {
	struct slice ticket;
	int64_t wait;
};

static const struct field fields[] = {
    FIELD(enrolment_input, ticket, TEXT(TYPED_MAX),
	"the ticket, as the counter printed it"),
    OPTION(enrolment_input, wait, INT(0, PORTAL_WAIT_MAX),
	"seconds to wait for a ticket that was printed just now"),
};
const struct shape enrolment_input_shape = SHAPE(enrolment_input, fields);

static enum err
begin(struct turn *turn, const struct ticket *ticket, struct reply *reply)
{
	struct credentials made;
	struct json_out *o;

	TRY(account_begin(turn, ticket->resident, &made));
	TRY(deed_add(turn, ticket->resident, "begun", ticket->municipality));
	TRY(turn_audit(
	    turn, "enrolment.begin", ticket->resident, SLICE("番号法附則6条")));
	o = reply_object(reply, 201);
	json_out_text(o, "enrolment", made.enrolment);
	json_out_text(o, "secret", made.secret);

	return OK;
}

static enum err
wait_for_ticket(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct enrolment_input *i = INPUT(in, enrolment_input);
	struct slice key;

	if (i->wait == 0 || input_waited(in) ||
	    ticket_wake_key(turn, i->ticket, &key))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this ticket does not work: it is mistyped, used, older "
		    "than three days, or not here yet; the municipality's "
		    "counter prints another");
	reply_wait(reply, key, (int)i->wait);

	return OK;
}

enum err
enrolment_begin(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct enrolment_input *i = INPUT(in, enrolment_input);
	struct ticket ticket;
	enum err rc = ticket_use(turn, i->ticket, &ticket);

	if (rc == ERR_NOT_FOUND)
		return wait_for_ticket(turn, in, reply);
	TRY(rc);

	return begin(turn, &ticket, reply);
}
