#include "wire/envelope.h"

#include "wire/kinds.h"

static const struct field fields[] = {
    FIELD(envelope, id, MESSAGE_ID, "the message's id"),
    FIELD(envelope, type, MESSAGE_TYPE, "the type of the message"),
    OPTION(envelope, edition, INT(1, EDITION_MAX),
	"the edition of the type; 1 without it"),
    FIELD(envelope, from, SYSTEM, "the sender"),
    FIELD(envelope, to, SYSTEM, "the receiver"),
    FIELD(envelope, time, INSTANT,
	"the time at which the sender wrote the message"),
    FIELD(envelope, body, BODY, "the message itself"),
};
static const struct shape shape = SHAPE(envelope, fields);

enum err
envelope_write(
    struct arena *arena, const struct envelope *envelope, struct slice *ret)
{
	struct envelope written = *envelope;
	struct json_out o;

	/* As before there were editions, so that earlier programs read it. */
	if (written.edition == 1)
		written.edition = 0;
	json_out_init(&o, arena);
	shape_write(&shape, &written, &o, NULL);
	*ret = json_out_finish(&o);

	return ret->len > ENVELOPE_MAX ? ERR_TOO_LARGE : OK;
}

enum err
envelope_read(struct arena *arena, struct slice text, struct envelope *ret,
    struct problem *problem)
{
	if (text.len > ENVELOPE_MAX)
		return problem_set(problem, ERR_INPUT,
		    "the envelope is longer than %u bytes", ENVELOPE_MAX);

	if (shape_read(&shape, arena, text, ret, problem))
		return ERR_INPUT;
	/* Envelopes had no edition before there was a second one. */
	if (ret->edition == 0)
		ret->edition = 1;

	return OK;
}
