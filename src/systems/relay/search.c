#include "systems/relay/search.h"

#include "messages/inquiries.h"
#include "systems/network/network.h"
#include "systems/relay/case.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"

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

enum err
search_ask(struct turn *turn, const struct message *message)
{
	const struct addressee_provider_search *m =
	    MESSAGE(message, addressee_provider_search);
	struct relay_provider_search search = {
	    .search = m->search, .affair = m->affair, .item = m->item};
	enum refusal refusal = REFUSED_NOT;
	enum err rc;

	TRY(case_check(turn, &m->matter.of_case, &refusal));
	rc = linkage_code_of(turn, m->internal_number, &search.code);
	if (rc == ERR_NOT_FOUND && refusal == REFUSED_NOT)
		refusal = REFUSED_NOT_ACQUIRED;
	TRY(rows_end(rc));
	TRY(refusal == REFUSED_NOT ? turn_tell_usual(turn, NETWORK_USUAL,
					 relay_provider_search, &search)
				   : refuse(turn, m->search, refusal));

	return relay_audit(
	    turn, "provider.search", m->internal_number, SLICE("令85 40条3項"));
}

enum err
search_found(struct turn *turn, const struct message *message)
{
	struct system_id offices = turn_sibling(turn, "offices");

	return turn_tell(
	    turn, &offices, provider_found, MESSAGE(message, provider_found));
}
