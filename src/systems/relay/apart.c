#include "systems/relay/apart.h"

#include "base/bug.h"
#include "crypto/rest.h"

#define MINUTE_MS 60000

uint32_t
apart_epoch(const struct turn *turn)
{
	return rest_epoch(turn->keys);
}

enum err
apart_tag(struct turn *turn, uint32_t epoch, const struct digest *question,
    struct slice *ret)
{
	struct rest_tag tag;

	TRY(rest_tag_of(turn->keys, epoch, digest_slice(question), &tag));
	*ret = arena_copy(turn->arena, rest_tag_slice(&tag));

	return OK;
}

enum err
apart_seal(struct turn *turn, struct slice plain, struct slice *ret)
{
	if (bug_is(BUG_ROWS_IN_THE_CLEAR)) {
		*ret = plain;
		return OK;
	}
	if (rest_seal(turn->arena, turn->keys, &turn->random, plain, ret))
		return problem_set(turn->problem, ERR_CRYPTO,
		    "the key store has no key for values at rest; `bango keys "
		    "DIR SYSTEM --rotate rest` makes one");

	return OK;
}

enum err
apart_open(struct turn *turn, struct slice sealed, struct slice *ret)
{
	if (bug_is(BUG_ROWS_IN_THE_CLEAR)) {
		*ret = sealed;
		return OK;
	}
	if (rest_open(turn->arena, turn->keys, sealed, ret))
		return problem_set(turn->problem, ERR_CORRUPT,
		    "a sealed value of the database cannot be opened with the "
		    "keys of this key store");

	return OK;
}

struct instant
apart_minute(struct instant at)
{
	return (struct instant){at.ms - at.ms % MINUTE_MS};
}
