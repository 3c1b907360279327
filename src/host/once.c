#include "host/once.h"

#include "crypto/hash.h"

struct slice
once_content(struct turn *turn, const struct shape *shape, const void *request)
{
	struct digest digest;
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(shape, request, &o, NULL);
	digest = digest_of(json_out_finish(&o));

	return arena_copy(turn->arena, digest_slice(&digest));
}

enum err
once_check(
    struct turn *turn, const char *field, struct slice kept, struct slice said)
{
	if (slice_is_empty(kept) || slice_equal(kept, said))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field %s: this id was used for a request of other content; expected "
	    "the same content again, or a new id",
	    field);
}
