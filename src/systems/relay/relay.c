#include "systems/relay/relay.h"

#include "number/kinds.h"
#include "relay_statements.h"

#define WAIT_MAX 60 /* seconds */

enum err
relay_audit(struct turn *turn, const char *action,
    struct internal_number internal, struct slice basis)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, subject);

	return turn_audit(turn, action, slice_of(subject), basis);
}

static const struct field person_fields[] = {
    FIELD(relay_person_input, internal_number, INTERNAL_NUMBER,
	"internal addressee number"),
};
const struct shape relay_person_input_shape =
    SHAPE(relay_person_input, person_fields);

/* --- Progress ------------------------------------------------------------ */

enum err
relay_count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"linked", RELAY_COUNT_LINKED, 0},
	    {"pending", RELAY_COUNT_PENDING, 0},
	    {"replicas", RELAY_COUNT_REPLICAS, RELAY_COUNT_DELETED},
	    {"inquiries", RELAY_COUNT_INQUIRIES, 0},
	    {"waiting", RELAY_COUNT_WAITING, 0},
	    {"provisions", RELAY_COUNT_PROVISIONS, 0},
	    {"held", RELAY_COUNT_HELD, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

struct relay_progress_input {
	int64_t linked, replicas, held, wait;
	bool has_linked, has_replicas, has_held;
};
static const struct field progress_fields[] = {
    MAYBE(relay_progress_input, linked, INT(0, INT64_MAX),
	"the number of persons with a code to wait for"),
    MAYBE(relay_progress_input, replicas, INT(0, INT64_MAX),
	"the number of replicas to wait for"),
    MAYBE(relay_progress_input, held, INT(0, INT64_MAX),
	"the number of held permits to wait for"),
    OPTION(relay_progress_input, wait, INT(0, WAIT_MAX), "seconds to wait"),
};
const struct shape relay_progress_input_shape =
    SHAPE(relay_progress_input, progress_fields);

enum err
relay_route_progress(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_progress_input *i = INPUT(in, relay_progress_input);
	struct counts_reply p = {
	    .awaited = {{"linked", i->has_linked, i->linked, false},
		{"replicas", i->has_replicas, i->replicas, false},
		{"held", i->has_held, i->held, false}},
	    .wait = i->wait,
	    .key = RELAY_WAKE_KEY};

	TRY(relay_count(turn, &p.counts));
	reply_progress(in, reply, &p);

	return OK;
}
