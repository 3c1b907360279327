#include "systems/relay/search.h"

#include "host/once.h"
#include "messages/inquiries.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/case.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"
#include "systems/relay/signing.h"

static enum err
refuse(struct turn *turn, struct slice search, enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);
	struct system_id offices = turn_sibling(turn, "offices");

	return turn_tell(turn, &offices, provider_found,
	    &(struct provider_found){.search = search,
		.reason = slice_of(info->reason),
		.article = slice_of(info->article),
		.text = slice_of(info->text)});
}

/* A search tells where somebody is known: it is a question like any other. */
static enum err
send(struct turn *turn, const struct addressee_provider_search *m,
    const struct linkage_code *code)
{
	const struct question draft = {.affair = m->affair,
	    .item = m->item,
	    .unit = m->matter.of_case.unit};
	struct signed_question q;

	TRY(signing_ask(turn, &draft, &m->matter, code, &q));

	return turn_tell_usual(turn, NETWORK_USUAL, relay_provider_search,
	    &(struct relay_provider_search){.search = m->search,
		.code = *code,
		.blind = q.blind,
		.question = q.text,
		.sheet = q.sheet});
}

/* Write it down for its case.  The same id with something else is a conflict: a
 * search under a used id would not count. */
static enum err
record(struct turn *turn, const struct addressee_provider_search *m)
{
	struct slice content =
	    once_content(turn, message_addressee_provider_search.shape, m);
	struct relay_search_find_row held;

	TRY(relay_search_add(turn->store,
	    &(struct relay_search_add){.search = m->search,
		.content = content,
		.case_number = m->matter.of_case.number,
		.case_unit = m->matter.of_case.unit,
		.requested = turn->now}));
	if (store_changes(turn->store) == 1)
		return OK;
	TRY(relay_search_find(turn->store, turn->arena, m->search, &held));

	return once_check(turn, "search", held.content, content);
}

enum err
search_ask(struct turn *turn, const struct message *message)
{
	const struct addressee_provider_search *m =
	    MESSAGE(message, addressee_provider_search);
	enum refusal refusal = REFUSED_NOT;
	struct linkage_code code;
	enum err rc;

	TRY(relay_audit(turn, "provider.search", m->internal_number,
	    SLICE("令85 40条3項")));
	TRY(record(turn, m));
	TRY(case_check(turn, &m->matter.of_case, &refusal));
	rc = linkage_code_of(turn, m->internal_number, &code);
	if (rc == ERR_NOT_FOUND && refusal == REFUSED_NOT)
		refusal = REFUSED_NOT_ACQUIRED;
	TRY(rows_end(rc));

	return refusal == REFUSED_NOT ? send(turn, m, &code)
				      : refuse(turn, m->search, refusal);
}

enum err
search_found(struct turn *turn, const struct message *message)
{
	struct system_id offices = turn_sibling(turn, "offices");

	return turn_tell(
	    turn, &offices, provider_found, MESSAGE(message, provider_found));
}

enum err
search_not_taken(struct turn *turn, const struct message *message)
{
	const struct relay_provider_search *m =
	    MESSAGE(message, relay_provider_search);

	return refuse(turn, m->search, REFUSED_MESSAGE);
}

enum err
search_forget(struct turn *turn)
{
	return relay_searches_forget(
	    turn->store, instant_plus(turn->now, -CASE_PERIOD_MS));
}
