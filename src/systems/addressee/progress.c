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

enum err
addressee_progress(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct addressee_progress_input *i =
	    INPUT(in, addressee_progress_input);
	struct counts_reply p = {
	    .awaited = {{"persons", i->has_persons, i->persons, false},
		{"acquiring", i->has_acquiring, i->acquiring, true}},
	    .wait = i->wait,
	    .key = ADDRESSEE_WAKE_KEY};

	TRY(addressee_count(turn, &p.counts));
	reply_progress(in, reply, &p);

	return OK;
}
