/* The relay's tables: messages, routes, timers. */
#include "components/audit/audit.h"
#include "components/components.h"
#include "host/evidence.h"
#include "relay_statements.h"
#include "systems/relay/correction.h"
#include "systems/relay/hold.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/linkage.h"
#include "systems/relay/mark.h"
#include "systems/relay/outdated.h"
#include "systems/relay/provision.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"
#include "systems/relay/sealing.h"
#include "systems/relay/search.h"

#define WAIT_MAX 60 /* seconds */

void
relay_put_flags(json_t *row, struct query *q)
{
	char at[INSTANT_TEXT_MAX];

	json_put_bool(row, "undisclosed_inquiry",
	    column_int(q, "undisclosed_inquiry") == 1);
	json_put_bool(row, "undisclosed_answer",
	    column_int(q, "undisclosed_answer") == 1);
	if (column_is_null(q, "corrected"))
		return;
	instant_format((struct instant){column_int(q, "corrected")}, at);
	json_put_text(row, "corrected", slice_of(at));
	json_put_text(row, "correction", column_text(q, "correction"));
}

/* --- Counts -------------------------------------------------------------- */

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"linked", RELAY_COUNT_LINKED, 0},
	    {"pending", RELAY_COUNT_PENDING, 0},
	    {"replicas", RELAY_COUNT_REPLICAS, RELAY_COUNT_DELETED},
	    {"inquiries", RELAY_COUNT_INQUIRIES, 0},
	    {"waiting", RELAY_COUNT_WAITING, 0},
	    {"provisions", RELAY_COUNT_PROVISIONS, 0},
	    {"held", RELAY_COUNT_HELD, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

/* --- Routes -------------------------------------------------------------- */

/* Has everything come that the caller waits for?  Who names no count waits
 * for time to pass. */
static bool
is_reached(const struct input *in, const struct counting *counts)
{
	static const char *const names[] = {"linked", "replicas", "held"};
	bool named = false;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!input_has(in, names[i]))
			continue;
		named = true;
		if (counting_of(counts, names[i]) < input_int(in, names[i]))
			return false;
	}

	return named;
}

static enum err
get_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	int wait = (int)input_int(in, "wait");
	struct counting counts = {0};
	enum err rc;

	rc = count(turn, &counts);
	if (rc)
		return rc;
	if (wait > 0 && !input_waited(in) && !is_reached(in, &counts)) {
		reply_wait(reply, RELAY_WAKE_KEY, wait);
		return OK;
	}
	reply_counting(reply, 200, &counts);

	return OK;
}

static enum err
get_records(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice text = input_text(in, "internal_number");
	struct internal_number internal;
	json_t *rows, *body;
	enum err rc;

	if (internal_number_parse(text, &internal))
		return problem_set(turn->problem, ERR_INPUT,
		    "field internal_number: not a number");
	rows = json_array();
	rc = inquiry_records(turn, internal, rows);
	if (rc == OK)
		rc = provision_records(turn, internal, rows);
	if (rc == OK)
		rc =
		    turn_audit(turn, "records.read", text, SLICE("番号法23条"));
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "records", rows);
	reply_json(reply, 200, body);

	return OK;
}

/* One of the two sides is ours. */
static enum err
permit_revoked(struct turn *turn, const struct message *message)
{
	struct slice inquirer;
	enum err rc;

	rc = json_get_text(message->body, "inquirer", &inquirer, turn->problem);
	if (rc)
		return rc;
	if (slice_equal(inquirer, turn_organisation(turn)))
		return inquiry_revoked(turn, message);

	return provision_revoke(turn, message);
}

static enum err
get_evidence(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice exchange = input_text(in, "exchange");
	json_t *body = NULL;
	enum err rc;

	rc = turn_audit(turn, "evidence.read", exchange, SLICE("番号法23条"));
	if (rc == OK)
		rc = audit_evidence(turn, exchange, &body);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "nothing is kept of such an exchange; name the inquiry at "
		    "the inquirer's relay, the permit at the provider's");
	if (rc == OK)
		reply_json(reply, 200, body);

	return rc;
}

static enum err
get_changes(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct internal_number internal;
	json_t *rows, *body;
	enum err rc;

	if (internal_number_parse(input_text(in, "internal_number"), &internal))
		return problem_set(turn->problem, ERR_INPUT,
		    "field internal_number: not a number");
	rows = json_array();
	rc = replica_changes(turn, internal, rows);
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "changes", rows);
	reply_json(reply, 200, body);

	return OK;
}

/* --- Records end after seven years (施行令30条) --------------------------- */

static enum err
erase_records(struct turn *turn)
{
	static const struct {
		int statement;
		int64_t keep_ms;
	} all[] = {
	    {RELAY_INQUIRY_ERASE, RELAY_RECORD_KEEP_MS},
	    {RELAY_PROVISION_ERASE, RELAY_RECORD_KEEP_MS},
	    {RELAY_HELD_ERASE, RELAY_RECORD_KEEP_MS},
	    {RELAY_REPLICA_CHANGES_ERASE, RELAY_RECORD_KEEP_MS},
	    {RELAY_MARK_ERASE, RELAY_RECORD_KEEP_MS},
	    {RELAY_REVOCATION_ERASE, RELAY_REVOCATION_KEEP_MS},
	};
	bool more = false;
	struct query q;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < sizeof(all) / sizeof(all[0]); i++) {
		store_query(turn->store, all[i].statement, &q);
		query_int(&q, "before", turn->now.ms - all[i].keep_ms);
		rc = query_run(&q);
	}
	if (rc == OK)
		rc = evidence_erase(turn,
		    instant_plus(turn->now, -RELAY_RECORD_KEEP_MS), &more);
	if (rc == OK && more)
		turn_hurry(turn, "records");

	return rc;
}

/* --- Tables -------------------------------------------------------------- */

static const struct input_field progress_fields[] = {
    {"linked", FIELD_INT, INT64_MAX, false,
	"wait until so many persons have a code"},
    {"replicas", FIELD_INT, INT64_MAX, false,
	"wait until there are so many replicas"},
    {"held", FIELD_INT, INT64_MAX, false,
	"wait until so many permits wait for a person"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait"},
    {0},
};

static const struct input_field mark_fields[] = {
    {"internal_number", FIELD_DIGITS, INTERNAL_NUMBER_DIGITS, true,
	"internal addressee number"},
    {"item", FIELD_TEXT, RELAY_NAME_MAX, false,
	"item of information; all of the person's without it"},
    {"kind", FIELD_TEXT, 16, true, "hold, or undisclosed"},
    {"reason", FIELD_TEXT, RELAY_REASON_MAX, true, "why"},
    {"role", FIELD_TEXT, RELAY_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field decision_fields[] = {
    {"permit", FIELD_ID, 0, true, "which"},
    {"decision", FIELD_TEXT, 8, true, "release, or refuse"},
    {"reason", FIELD_TEXT, RELAY_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, RELAY_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field correction_fields[] = {
    {"side", FIELD_TEXT, 8, true, "inquirer, or provider"},
    {"record", FIELD_ID, 0, true,
	"the inquiry of an inquirer's record, the permit of a provider's"},
    {"note", FIELD_TEXT, RELAY_REASON_MAX, true, "what was wrong"},
    {0},
};

static const struct input_field records_fields[] = {
    {"internal_number", FIELD_DIGITS, INTERNAL_NUMBER_DIGITS, true,
	"internal addressee number"},
    {0},
};

static const struct input_field evidence_fields[] = {
    {"exchange", FIELD_ID, 0, true,
	"the inquiry at the inquirer's relay, the permit at the provider's"},
    {0},
};

static const struct route routes[] = {
    {HTTP_GET, "/progress", ROLE_OPERATOR, get_progress, progress_fields, false,
	"counts of codes, replicas, inquiries and provisions"},
    {HTTP_GET, "/records", ROLE_OPERATOR, get_records, records_fields, false,
	"who asked whom about a person, and when"},
    {HTTP_POST, "/records/{record}/correction", ROLE_OPERATOR,
	correction_route_post, correction_fields, false,
	"note that a record was wrong (番号法31条)"},
    {HTTP_GET, "/changes", ROLE_OPERATOR, get_changes, records_fields, false,
	"who changed a person's replicas, when and how"},
    {HTTP_GET, "/marks", ROLE_OPERATOR, mark_route_get, records_fields, false,
	"marks of a person: held, undisclosed"},
    {HTTP_POST, "/marks", ROLE_OPERATOR, mark_route_post, mark_fields, false,
	"mark a person, or one item"},
    {HTTP_POST, "/marks/remove", ROLE_OPERATOR, mark_route_remove, mark_fields,
	false, "take a mark away"},
    {HTTP_GET, "/evidence/{exchange}", ROLE_OPERATOR, get_evidence,
	evidence_fields, false,
	"what was said about an exchange, signed; for `bango evidence`"},
    {HTTP_GET, "/held", ROLE_OPERATOR, hold_route_get, NULL, false,
	"inquiries that wait for a person's decision (自動応答不可)"},
    {HTTP_POST, "/held/{permit}/decision", ROLE_OPERATOR, hold_route_decide,
	decision_fields, false, "release the answer, or refuse it"},
    {0},
};

static const struct message_handler messages[] = {
    {"acquisition.link", "addressee", FROM_OWN_ORGANISATION, linkage_take_links,
	"who stands behind acquisition numbers"},
    {"acquisition.code", "network", FROM_ANY_ORGANISATION, linkage_take_codes,
	"which codes belong to acquisition numbers"},
    {"acquisition.drop", "addressee", FROM_OWN_ORGANISATION, linkage_drop,
	"acquisitions that were refused"},
    {"replica.put", "addressee", FROM_OWN_ORGANISATION | REPEATABLE,
	replica_put, "replicas, by internal number"},
    {"inquiry.request", "addressee", FROM_OWN_ORGANISATION | REPEATABLE,
	inquiry_ask, "a question to another organisation"},
    {"inquiry.permitted", "network", FROM_ANY_ORGANISATION, inquiry_permitted,
	"our question is allowed"},
    {"inquiry.refused", "network", FROM_ANY_ORGANISATION, inquiry_refused,
	"our question is not allowed"},
    {"permit.issued", "network", FROM_ANY_ORGANISATION | REPEATABLE,
	provision_answer, "another organisation's question to us"},
    {"permit.revoked", "network", FROM_ANY_ORGANISATION | REPEATABLE,
	permit_revoked, "a permit that shall not work any more"},
    {"inquiry.cancel", "addressee", FROM_OWN_ORGANISATION | REPEATABLE,
	inquiry_cancel, "a question of ours that nobody needs any more"},
    {"provider.search", "addressee", FROM_OWN_ORGANISATION | REPEATABLE,
	search_ask, "who could be asked about a person?"},
    {"provider.found", "network", FROM_ANY_ORGANISATION, search_found,
	"who could be"},
    {"mark.put", "addressee", FROM_OWN_ORGANISATION, mark_take,
	"an office marks a person, or takes a mark away"},
    {"provision.corrected", "relay", FROM_ANY_ORGANISATION, outdated_take,
	"what another organisation gave us was corrected"},
    {"record.corrected", "network", FROM_ANY_ORGANISATION, correction_take,
	"a record of an exchange was wrong"},
    {"inquiry.held", "relay", FROM_ANY_ORGANISATION | REPEATABLE, inquiry_held,
	"a person of the provider's decides about our question"},
    {"answer.sealed", "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	inquiry_take_answer, "another organisation's answer to us"},
    {0},
};

static const struct timer timers[] = {
    {"inquiries", 60ll * 1000, inquiry_expire,
	"give up questions whose permit is over"},
    {"holds", 60ll * 1000, hold_expire,
	"refuse what nobody decided by its deadline"},
    {"acquisitions", 24 * 3600ll * 1000, linkage_forget,
	"forget halves of acquisitions"},
    {"records", 24 * 3600ll * 1000, erase_records,
	"erase records after seven years"},
    {0},
};

const struct system relay_system = {
    .component.name = "relay",
    .component.schema = &relay_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.start = sealing_start,
    .component.stop = sealing_stop,
    .component.count = count,
    .title = "中間サーバー",
    .summary = "codes, replicas, inquiries and provisions of an organisation",
    .components = node_components,
    .holds.internal_number = HOLDS_KEPT,
    .holds.linkage_code = HOLDS_OWN,
    .holds.contents = "replicas; answers, passing through",
};
