/*
 * The deliberate bugs (base/bug.h) that are more than an expression.
 *
 * Each is a wrapper that the linker puts around a function of the program
 * (-Wl,--wrap, tests/CMakeLists.txt): a call of NAME from another file calls
 * __wrap_NAME, which calls the function itself as __real_NAME.  The code that
 * is shipped therefore contains nothing of these bugs.
 */
#include <string.h>

#include "base/bug.h"
#include "components/audit/ledger.h"
#include "host/node_internal.h"
#include "host_rows.h"
#include "ledger/checkpoint.h"
#include "messages/acquisition.h"
#include "messages/inquiries.h"
#include "messages/ledger.h"
#include "relay_rows.h"
#include "systems/network/linkage.h"
#include "systems/portal/account.h"
#include "systems/relay/permit.h"
#include "systems/relay/provision.h"

/* WRAP(TYPE, NAME, (PARAMETERS)): begins the wrapper's definition. */
#define WRAP(type, name, parameters)   \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters

/* The organisation that a linkage code is for: all are for the first. */
static uint32_t
stamp(uint32_t organisation)
{
	return bug_is(BUG_CODE_SHARED) ? 1 : organisation;
}

WRAP(enum err, linkage_make,
    (const struct linkage *linkage, struct id_code id, struct code_owner owner,
	struct linkage_code *ret))
{
	owner.organisation = stamp(owner.organisation);

	return __real_linkage_make(linkage, id, owner, ret);
}

WRAP(enum err, linkage_open,
    (const struct linkage *linkage, const struct linkage_code *code,
	uint32_t organisation, struct id_code *ret, uint16_t *ret_epoch))
{
	return __real_linkage_open(
	    linkage, code, stamp(organisation), ret, ret_epoch);
}

WRAP(enum err, linkage_convert,
    (const struct linkage *linkage, const struct linkage_code *code,
	uint32_t organisation, struct code_owner to, struct linkage_code *ret))
{
	to.organisation = stamp(to.organisation);

	return __real_linkage_convert(
	    linkage, code, stamp(organisation), to, ret);
}

/* BUG_PORTAL_CACHE: the first resident's code is everybody's. */
WRAP(enum err, account_code,
    (struct turn * turn, struct slice enrolment, struct linkage_code *ret))
{
	static struct linkage_code kept;
	static unsigned int epoch;
	enum err rc = __real_account_code(turn, enrolment, ret);

	if (rc || !bug_is(BUG_PORTAL_CACHE))
		return rc;
	if (epoch == bug_epoch())
		*ret = kept;
	epoch = bug_epoch();
	kept = *ret;

	return OK;
}

/* BUG_PERMIT_KEPT: a used permit is answered once more. */
WRAP(enum err, provision_answer,
    (struct turn * turn, const struct message *message))
{
	const struct permit_issued *issued = MESSAGE(message, permit_issued);
	struct relay_provision_find_row row;
	struct permit permit;

	if (!bug_is(BUG_PERMIT_KEPT) ||
	    relay_provision_find(
		turn->store, turn->arena, issued->permit, &row) ||
	    permit_read(turn, issued, &permit))
		return __real_provision_answer(turn, message);

	return turn_tell(turn, &permit.asker, answer_sealed,
	    &(struct answer_sealed){
		.question = permit.digest, .outcome = SLICE("no-data")});
}

/* BUG_INBOX_FORGETS: messages received before are not remembered. */
WRAP(enum err, node_receive,
    (struct node * node, const struct fingerprint *fingerprint,
	struct slice batch, struct buf *ret_receipt, struct problem *problem))
{
	enum err rc = OK;

	if (bug_is(BUG_INBOX_FORGETS))
		rc = host_inbox_erase(
		    node->store, INT64_MAX, (struct instant){INT64_MAX});

	return rc ? rc
		  : __real_node_receive(
			node, fingerprint, batch, ret_receipt, problem);
}

/* BUG_POSTED_IS_DELIVERED: messages leave the outbox before they are posted. */
static enum err
forget_posted(struct node *node, int64_t seq)
{
	enum err rc;

	TRY(store_begin(node->store));
	rc = host_outbox_delete(node->store, seq);
	if (rc == OK)
		return store_commit(node->store);
	store_rollback(node->store);

	return rc;
}

WRAP(enum err, node_outbox,
    (struct node * node, size_t peer_index, struct instant now,
	struct posting *posting))
{
	enum err rc = __real_node_outbox(node, peer_index, now, posting);

	return rc == OK && bug_is(BUG_POSTED_IS_DELIVERED)
	    ? forget_posted(node, posting->last)
	    : rc;
}

/* A checkpoint of the ledger's size, and of another root. */
static struct slice
another_history(struct turn *turn)
{
	struct ledger_head head = {0};
	struct merkle_tree tree;
	struct slice note = SLICE("");
	struct buf text;

	if (ledger_head_load(turn->store, turn->arena, "signed", &head))
		return note;
	tree = (struct merkle_tree){head.size, merkle_empty()};
	buf_init(&text);
	if (checkpoint_sign(ledger_origin(turn->arena, turn_self(turn)), &tree,
		turn_signing_key(turn), &text) == OK)
		note = arena_copy(turn->arena, buf_slice(&text));
	buf_done(&text);

	return note;
}

/*
 * BUG_HISTORY_FORKED: a witness without a checkpoint is shown another history.
 * BUG_NUMBER_ALONG: the relay is told the Individual Numbers, too.
 */
WRAP(enum err, turn_leave,
    (struct turn * turn, const struct system_id *to,
	const struct message_type *type, const void *body,
	enum urgency urgency))
{
	struct system_id relay = turn_sibling(turn, "relay");
	struct ledger_checkpoint forked;

	if (bug_is(BUG_NUMBER_ALONG) && type == &message_acquisition_request)
		TRY(__real_turn_leave(turn, &relay, type, body, urgency));
	if (bug_is(BUG_HISTORY_FORKED) && type == &message_ledger_checkpoint) {
		memcpy(&forked, body, sizeof(forked));
		if (forked.old == 0)
			forked.checkpoint = another_history(turn);
		body = &forked;
	}

	return __real_turn_leave(turn, to, type, body, urgency);
}
