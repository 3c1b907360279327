#include "systems/portal/replaced.h"

#include "base/bug.h"
#include "crypto/rest.h"
#include "messages/relinking.h"
#include "portal_rows.h"
#include "systems/network/network.h"

/* The management of the secrets of exchanges [not checked against the text]. */
#define BASIS SLICE("番号法24条")
#define KEEP_MS (7 * 366 * 24 * 3600ll * 1000)
/* How often a code is replaced at most: the network has no more epochs. */
#define REPLACED_MAX 64

/* --- Former codes ----------------------------------------------------------- */

static enum err
find(struct turn *turn, const struct linkage_code *code,
    struct linkage_code *ret)
{
	struct portal_former_find_row row;
	uint32_t epoch = rest_epoch(turn->keys);
	enum err rc = ERR_NOT_FOUND;
	struct rest_tag tag;

	for (; rc == ERR_NOT_FOUND && epoch > 0; epoch--) {
		TRY(rest_tag_of(
		    turn->keys, epoch, linkage_code_slice(code), &tag));
		rc =
		    portal_former_find(turn->store, rest_tag_slice(&tag), &row);
	}
	TRY(rc);
	*ret = row.code;

	return OK;
}

enum err
replaced_apply(struct turn *turn, struct linkage_code *code)
{
	enum err rc = OK;
	int i;

	for (i = 0; i < REPLACED_MAX && rc == OK; i++)
		rc = find(turn, code, code);

	return rows_end(rc);
}

enum err
replaced_erase(struct turn *turn)
{
	return portal_former_erase(
	    turn->store, instant_plus(turn->now, -KEEP_MS));
}

/* --- code.renewed ----------------------------------------------------------- */

/* The portal believes the one network of the nation. */
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
	struct slice old = linkage_code_slice(&item->from), sealed;
	struct rest_tag tag;

	TRY(portal_resident_renew(turn->store, &item->to, &item->from));
	if (rest_tag_of(turn->keys, rest_epoch(turn->keys), old, &tag) ||
	    rest_seal(turn->arena, turn->keys, &turn->random, old, &sealed))
		return problem_set(turn->problem, ERR_CRYPTO,
		    "the key store has no key for values at rest; `bango keys "
		    "DIR SYSTEM --rotate rest` makes one");

	return portal_former_add(
	    turn->store, rest_tag_slice(&tag), sealed, &item->to, turn->now);
}

enum err
replaced_take(struct turn *turn, const struct message *message)
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
