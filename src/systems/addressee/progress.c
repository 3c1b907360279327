#include "systems/addressee/progress.h"

#include "addressee_statements.h"
#include "base/shape.h"
#include "systems/addressee/addressee.h"

#define WAIT_MAX 60 /* seconds */

enum err
addressee_count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"persons", ADDRESSEE_COUNT_PERSONS, 0},
	    {"linked", ADDRESSEE_COUNT_PERSONS, ADDRESSEE_COUNT_UNLINKED},
	    {"refused", ADDRESSEE_COUNT_REFUSED, 0},
	    {"acquiring", ADDRESSEE_COUNT_ACQUISITIONS, 0},
	    {"stuck", ADDRESSEE_COUNT_STUCK, 0},
	    {"conflicts", ADDRESSEE_COUNT_CONFLICTS, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

struct addressee_progress_input {
	int64_t persons, acquiring, wait;
	bool has_persons, has_acquiring;
};

static const struct field fields[] = {
    MAYBE(addressee_progress_input, persons, INT(0, INT64_MAX),
	"the number of persons to wait for"),
    MAYBE(addressee_progress_input, acquiring, INT(0, INT64_MAX),
	"the greatest number of open acquisitions to wait for"),
    OPTION(addressee_progress_input, wait, INT(0, WAIT_MAX), "seconds to wait"),
};
const struct shape addressee_progress_input_shape =
    SHAPE(addressee_progress_input, fields);

/* Has everything that the caller waits for arrived?  A caller that names no count
 * waits until its time is over. */
static bool
is_reached(
    const struct addressee_progress_input *i, const struct counting *counts)
{
	if (i->has_persons && counting_of(counts, "persons") < i->persons)
		return false;
	if (i->has_acquiring && counting_of(counts, "acquiring") > i->acquiring)
		return false;

	return i->has_persons || i->has_acquiring;
}

enum err
addressee_progress(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct addressee_progress_input *i =
	    INPUT(in, addressee_progress_input);
	struct counting counts = {0};

	TRY(addressee_count(turn, &counts));
	if (i->wait > 0 && !input_waited(in) && !is_reached(i, &counts))
		reply_wait(reply, ADDRESSEE_WAKE_KEY, (int)i->wait);
	else
		reply_counting(reply, 200, &counts);

	return OK;
}
