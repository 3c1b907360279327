#include "systems/jukinet/restoration.h"

#include "messages/numbering.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法30条の6")

struct jukinet_restoration_input {
	int64_t person;
	struct slice state;
	struct slice municipality;
	struct slice reason;
};
static const struct field fields[] = {
    FIELD(jukinet_restoration_input, person, INT(1, INT64_MAX),
	"the person's serial, as POST /lookups tells it"),
    FIELD(jukinet_restoration_input, state, WORD("resident|moved-out"),
	"the state of before, which is to be again"),
    FIELD(jukinet_restoration_input, municipality, ORGANISATION,
	"the municipality in which the person was that"),
    FIELD(jukinet_restoration_input, reason, EXPLANATION,
	"the mistake, and the papers that show it"),
};
const struct shape jukinet_restoration_input_shape =
    SHAPE(jukinet_restoration_input, fields);

/* The person as it is, and as it is to be again. */
struct restoration {
	const struct jukinet_restoration_input *asked;
	enum person_state state;
	struct person now, again;
};

static bool
is_so(const struct restoration *r)
{
	return r->now.state == r->state &&
	    slice_equal(r->now.municipality, r->asked->municipality);
}

static enum err
load(struct turn *turn, struct restoration *r)
{
	const struct serial serial = {r->asked->person};
	enum err rc = person_find(turn, serial, &r->now);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field person: no person has this serial");
	TRY(rc);
	if (is_so(r))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the person is %s in that municipality already",
		    person_state_name(r->state));
	rc = person_former(
	    turn, serial, r->state, r->asked->municipality, &r->again);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the person never was %s in that municipality; expected a "
		    "state of before",
		    person_state_name(r->state));

	return rc;
}

static enum err
write_again(struct turn *turn, struct restoration *r)
{
	r->again.event = SLICE("restored");
	r->again.event_date = date_in_japan(turn->now);
	r->again.updated = turn->now;
	TRY(person_replace(turn, &r->now, &r->again));

	return jukinet_count(turn, "restorations", 1);
}

static enum err
tell(struct turn *turn, struct slice organisation,
    const struct identity_restored *news)
{
	struct system_id registry;

	if (system_id_of(organisation, "registry", &registry) ||
	    !turn_has_peer(turn, &registry))
		return OK;

	return turn_tell(turn, &registry, identity_restored, news);
}

static enum err
tell_both(struct turn *turn, const struct restoration *r)
{
	struct identity_restored news = {.state = r->asked->state,
	    .municipality = r->again.municipality,
	    .date = r->again.event_date,
	    .reason = r->asked->reason};

	TRY(designation_code(turn, r->now.code, &news.code));
	TRY(tell(turn, r->again.municipality, &news));

	return slice_equal(r->now.municipality, r->again.municipality)
	    ? OK
	    : tell(turn, r->now.municipality, &news);
}

enum err
restoration_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct restoration *r = arena_alloc(turn->arena, sizeof(*r));
	struct json_out *o;

	r->asked = INPUT(in, jukinet_restoration_input);
	r->state = slice_equal_string(r->asked->state, "resident")
	    ? PERSON_RESIDENT
	    : PERSON_MOVED_OUT;
	TRY(load(turn, r));
	TRY(write_again(turn, r));
	TRY(tell_both(turn, r));
	TRY(person_audit(turn, "person.restore", r->now.serial, BASIS));
	o = reply_object(reply, 200);
	json_out_int(o, "person", r->now.serial.value);
	json_out_text(o, "state", slice_of(person_state_name(r->again.state)));
	json_out_text(o, "municipality", r->again.municipality);

	return OK;
}
