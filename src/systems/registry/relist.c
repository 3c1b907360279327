#include "systems/registry/relist.h"

#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/registry/news.h"
#include "systems/registry/tally.h"

static enum err
ask(struct turn *turn, const struct codes_outstanding *question)
{
	TRY(registry_relisting_put(turn->store, question->request));

	return tell_jukinet(turn, codes_outstanding, question);
}

enum err
relist_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct codes_outstanding first = {.request = turn_new_id(turn)};
	struct tally tally;

	(void)in;
	TRY(tally_load(turn, &tally));
	tally.pool = 0;
	TRY(registry_pool_empty(turn->store));
	TRY(registry_code_requests_end(turn->store, turn->now));
	TRY(tally_store(turn, &tally));
	TRY(ask(turn, &first));
	TRY(turn_audit(
	    turn, "pool.relist", SLICE(""), SLICE("住民基本台帳法30条の2")));
	json_out_text(reply_object(reply, 202), "request", first.request);

	return OK;
}

enum err
relist_is_open(struct turn *turn, bool *ret)
{
	struct registry_relisting_row row = {{0}};

	TRY(rows_end(registry_relisting(turn->store, turn->arena, &row)));
	*ret = row.request.len > 0;

	return OK;
}

static enum err
add_codes(struct turn *turn, const struct codes_listed *listed)
{
	struct tally tally;
	size_t i;

	TRY(tally_load(turn, &tally));
	for (i = 0; i < listed->n_codes; i++)
		TRY(registry_pool_add(turn->store, &listed->codes[i]));
	tally.pool += (int64_t)listed->n_codes;

	return tally_store(turn, &tally);
}

enum err
relist_take(struct turn *turn, const struct message *message)
{
	const struct codes_listed *listed = MESSAGE(message, codes_listed);
	struct registry_relisting_row row = {{0}};

	TRY(rows_end(registry_relisting(turn->store, turn->arena, &row)));
	if (!slice_equal(row.request, listed->request))
		return OK; /* of a list before, or taken already */
	TRY(add_codes(turn, listed));
	if (listed->has_next)
		return ask(turn,
		    &(struct codes_outstanding){.request = turn_new_id(turn),
			.after = listed->next,
			.has_after = true});
	turn_hurry(turn, "numbering");

	return registry_relisting_end(turn->store);
}
