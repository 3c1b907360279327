#include "systems/relay/search.h"

#include "messages/inquiries.h"
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
