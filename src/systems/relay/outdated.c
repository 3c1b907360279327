#include "systems/relay/outdated.h"

#include "law/refusal.h"
#include "messages/inquiries.h"
#include "relay_rows.h"
#include "systems/relay/apart.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")

/* --- The provider's side --------------------------------------------------- */

static enum err
tell_inquirer(struct turn *turn,
    const struct relay_provision_outdated_row *given, struct slice item,
    struct instant at)
{
	struct slice sealed = arena_copy(turn->arena, given->question_sealed);
	struct digest question;
	struct system_id to;
	struct slice plain;

	if (system_id_of(given->inquirer, "relay", &to))
		return ERR_CORRUPT;
	TRY(apart_open(turn, sealed, &plain));
	if (digest_from_bytes(plain, &question))
		return ERR_CORRUPT;

	return turn_tell(turn, &to, provision_corrected,
	    &(struct provision_corrected){
		.question = question, .item = item, .corrected = at});
}

enum err
outdated_tell(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct instant at)
{
	struct relay_provision_outdated_row given;
	enum err found, rc = OK;
	struct query q;

	relay_provision_outdated_rows(
	    turn->store, internal, item, version, at, &q);
	while ((found = relay_provision_outdated_next(&q, &given)) == OK) {
		rc = relay_audit(turn, "replica.outdated", internal, BASIS);
		if (rc == OK)
			rc = tell_inquirer(turn, &given, item, at);
		if (rc)
			break;
	}
	query_done(&q);

	return rc ? rc : rows_end(found);
}

/* --- The inquirer's side ---------------------------------------------------- */

/* Is the news about the item that we asked for, from the provider that we
 * asked? */
static bool
fits(const struct message *message, const struct provision_corrected *news,
    const struct relay_inquiry_row *asked)
{
	return slice_equal(
		   asked->provider, system_id_organisation(&message->from)) &&
	    slice_equal(asked->item, news->item);
}

/* ERR_BUSY if the news overtook the provider's answer, ERR_CONFLICT if the inquiry
 * ended without one that provides. */
static enum err
check_provided(struct turn *turn, const struct message *message,
    const struct relay_inquiry_row *asked)
{
	bool is_fresh = turn->now.ms - message->time.ms < RELAY_OVERTAKE_MS;

	if (slice_equal_string(asked->outcome, OUTCOME_PROVIDED))
		return OK;
	if (slice_is_empty(asked->answer) &&
	    (is_fresh || !slice_equal_string(asked->state, "answered")))
		return problem_set(turn->problem, ERR_BUSY,
		    "the answer has not arrived here yet");

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field question: nothing was provided for it; expected the question "
	    "of an exchange that was provided");
}

enum err
outdated_take(struct turn *turn, const struct message *message)
{
	const struct provision_corrected *news =
	    MESSAGE(message, provision_corrected);
	struct system_id offices = turn_sibling(turn, "offices");
	struct relay_inquiry_row asked;
	bool is_new;
	enum err rc;

	rc = inquiry_of_question(turn, &news->question, &asked);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field question: this relay asked no such question, or "
		    "erased it");
	if (rc)
		return rc;
	if (!fits(message, news, &asked))
		return problem_set(turn->problem, ERR_DENIED,
		    "field question: another item or another organisation "
		    "was asked");
	TRY(check_provided(turn, message, &asked));
	TRY(relay_inquiry_outdated(
	    turn->store, news->corrected, asked.inquiry));
	/* False if this correction, or a newer one, was noted before. */
	is_new = store_changes(turn->store) == 1;
	TRY(relay_audit(turn, is_new ? "inquiry.outdated" : "inquiry.repeat",
	    asked.internal, BASIS));
	/* The office never saw the contents of an inquiry it cancelled. */
	if (!is_new || asked.has_cancelled)
		return OK;

	return turn_tell(turn, &offices, inquiry_corrected,
	    &(struct inquiry_corrected){asked.inquiry, news->corrected});
}
