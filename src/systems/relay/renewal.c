#include "systems/relay/renewal.h"

#include "base/bug.h"
#include "crypto/hash.h"
#include "messages/relinking.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/apart.h"

/* The management of the secrets of exchanges [not checked against the text]. */
#define BASIS SLICE("番号法24条")
/* How often a code is replaced at most: the network has no more epochs. */
#define REPLACED_MAX 64

/* --- Former codes ----------------------------------------------------------- */

static enum err
tag_of(struct turn *turn, uint32_t epoch, const struct linkage_code *code,
    struct slice *ret)
{
	struct digest digest = digest_of(linkage_code_slice(code));

	return apart_tag(turn, epoch, &digest, ret);
}

static enum err
find(struct turn *turn, const struct linkage_code *code, struct instant since,
    struct linkage_code *ret)
{
	struct relay_former_find_row row;
	enum err rc = ERR_NOT_FOUND;
	struct slice tag;
	uint32_t epoch;

	for (epoch = apart_epoch(turn); rc == ERR_NOT_FOUND && epoch > 0;
	     epoch--) {
		TRY(tag_of(turn, epoch, code, &tag));
		rc = relay_former_find(turn->store, tag, since, &row);
	}
	TRY(rc);
	*ret = row.code;

	return OK;
}

enum err
renewal_of(struct turn *turn, const struct linkage_code *code,
    struct instant since, struct linkage_code *ret)
{
	struct linkage_code next;
	enum err rc;
	int i;

	TRY(find(turn, code, since, ret));
	for (i = 1; i < REPLACED_MAX; i++) {
		rc = find(turn, ret, since, &next);
		if (rc)
			return rows_end(rc);
		*ret = next;
	}

	return OK;
}

enum err
renewal_is_needed(struct turn *turn, bool *ret)
{
	struct relay_former_any_row row;

	TRY(relay_former_any(turn->store, &row));
	*ret = row.n > 0;

	return OK;
}

/* --- code.renewed ----------------------------------------------------------- */

/* Every relay believes the one network of the nation. */
static enum err
check_sender(struct turn *turn, const struct message *message)
{
	struct system_id network;

	TRY(turn_single(turn, NETWORK_USUAL, &network));
	if (system_id_equal(&message->from, &network) ||
	    bug_is(BUG_RENEWED_BY_ANYBODY))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "other codes come from the network alone, which is %s",
	    network.text);
}

static enum err
replace(struct turn *turn, const struct code_renewed_item *item)
{
	struct slice tag, sealed;

	TRY(relay_linkage_renew(turn->store, &item->to, &item->from));
	TRY(tag_of(turn, apart_epoch(turn), &item->from, &tag));
	TRY(apart_seal(turn, linkage_code_slice(&item->from), &sealed));

	return relay_former_add(turn->store, tag, sealed, &item->to, turn->now);
}

enum err
renewal_take(struct turn *turn, const struct message *message)
{
	const struct code_renewed *m = MESSAGE(message, code_renewed);
	size_t i;

	TRY(check_sender(turn, message));
	for (i = 0; i < m->n_items; i++)
		TRY(replace(turn, &m->items[i]));
	TRY(turn_audit(turn, "codes.renew", SLICE(""), BASIS));
	if (m->n_items == 0)
		return OK;

	return turn_tell(turn, &message->from, code_taken,
	    &(struct code_taken){
		m->epoch, m->items[0].to, m->items[m->n_items - 1].to});
}
