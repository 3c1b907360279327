#include "systems/jukinet/outstanding.h"

#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/designation.h"
#include "systems/jukinet/lapsed.h"
#include "systems/jukinet/stock.h"

#define BASIS SLICE("住民基本台帳法30条の2")
/* Serials that one message examines: some 25 ms. */
#define EXAMINED_MAX MESSAGE_CODES_MAX

/* A list as it grows. */
struct listing {
	struct slice municipality;
	struct resident_code *codes;
	size_t n, examined;
	struct serial last; /* examined */
};

/* Whether the code is the municipality's, and nobody has or had it; its serial. */
static enum err
is_outstanding(struct turn *turn, struct slice municipality,
    const struct resident_code *code, struct serial *ret_serial, bool *ret)
{
	struct jukinet_serial_uses_row uses;
	struct designated d;

	TRY(designation_of(turn, code, &d));
	TRY(jukinet_serial_uses(turn->store, d.serial, &uses));
	*ret_serial = d.serial;
	*ret = uses.n == 0 && slice_equal(d.municipality, municipality);

	return OK;
}

/* Examine a range from the serial `from` on. */
static enum err
examine(struct turn *turn, struct listing *l, int64_t from, int64_t end)
{
	struct resident_code code;
	struct serial of_code;
	bool outstanding;

	for (; from < end && l->examined < EXAMINED_MAX; from++) {
		l->last = (struct serial){from};
		l->examined++;
		TRY(designation_code(turn, l->last, &code));
		TRY(is_outstanding(
		    turn, l->municipality, &code, &of_code, &outstanding));
		/* A serial that was left out has the code of an older one. */
		if (outstanding && of_code.value == from)
			l->codes[l->n++] = code;
	}

	return OK;
}

/* Examine the municipality's ranges after the serial `after`. */
static enum err
examine_all(struct turn *turn, struct listing *l, struct serial after)
{
	struct jukinet_designation_after_row range;
	int64_t from = after.value + 1;
	enum err rc = OK;

	while (rc == OK && l->examined < EXAMINED_MAX) {
		rc = jukinet_designation_after(
		    turn->store, l->municipality, from, &range);
		if (rc == OK && from < range.first)
			from = range.first;
		if (rc == OK)
			rc = examine(turn, l, from, range.end);
		from = l->last.value + 1;
	}

	return rows_end(rc);
}

/* The serial after which the list goes on; 0: from the beginning.  Another
 * municipality's code is refused as nobody's is. */
static enum err
find_after(struct turn *turn, const struct listing *l,
    const struct codes_outstanding *asked, struct serial *ret)
{
	struct designated d = {{0}};

	if (asked->has_after) {
		TRY(designation_of(turn, &asked->after, &d));
		if (!slice_equal(d.municipality, l->municipality))
			return problem_set(turn->problem, ERR_INPUT,
			    "field after: was not designated to you; expected "
			    "`next` of the list before");
	}
	*ret = d.serial;

	return OK;
}

enum err
outstanding_take(struct turn *turn, const struct message *message)
{
	const struct codes_outstanding *asked =
	    MESSAGE(message, codes_outstanding);
	struct listing l = {
	    .municipality = system_id_organisation(&message->from),
	    .codes = arena_array(turn->arena, EXAMINED_MAX, sizeof(*l.codes))};
	struct codes_listed answer = {.request = asked->request};
	struct serial after = {0};

	TRY(find_after(turn, &l, asked, &after));
	TRY(examine_all(turn, &l, after));
	TRY(turn_audit(turn, "codes.outstanding", SLICE(""), BASIS));
	answer.codes = l.codes;
	answer.n_codes = l.n;
	answer.has_next = l.examined == EXAMINED_MAX;
	if (answer.has_next)
		TRY(designation_code(turn, l.last, &answer.next));

	return turn_tell(turn, &message->from, codes_listed, &answer);
}

/* --- Giving back ---------------------------------------------------------- */

enum err
outstanding_return(struct turn *turn, const struct message *message)
{
	const struct codes_return *back = MESSAGE(message, codes_return);
	struct slice municipality = system_id_organisation(&message->from);
	struct serial serial;
	bool outstanding;
	int64_t n = 0;
	size_t i;

	for (i = 0; i < back->n_codes; i++) {
		TRY(is_outstanding(turn, municipality, &back->codes[i], &serial,
		    &outstanding));
		if (outstanding)
			TRY(lapsed_add(turn, municipality, serial));
		n += outstanding;
	}
	TRY(stock_use(turn, municipality, n));

	return turn_audit(turn, "codes.return", municipality, BASIS);
}
