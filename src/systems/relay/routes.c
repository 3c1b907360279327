/* The relay's tables: messages, routes, timers. */
#include "relay_statements.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/linkage.h"
#include "systems/relay/provision.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"
#include "systems/relay/sealing.h"

#define WAIT_MAX 60 /* seconds */

enum err
relay_network(struct turn *turn, struct system_id *ret)
{
	return turn_system(turn, "network", "digital/network", ret);
}

/* --- Counts -------------------------------------------------------------- */

static enum err
count(struct turn *turn, json_t *counts)
{
	static const struct {
		int statement;
		const char *const names[3];
	} all[] = {
	    {RELAY_COUNT_LINKED, {"linked"}},
	    {RELAY_COUNT_PENDING, {"pending"}},
	    {RELAY_COUNT_REPLICAS, {"replicas"}},
	    {RELAY_COUNT_INQUIRIES, {"inquiries", "waiting"}},
	    {RELAY_COUNT_PROVISIONS, {"provisions"}},
	};
	size_t i;
	enum err rc = OK;

	for (i = 0; rc == OK && i < sizeof(all) / sizeof(all[0]); i++)
		rc = turn_counts(turn, all[i].statement, all[i].names, counts);

	return rc;
}

/* --- Routes -------------------------------------------------------------- */

/* Has everything come that the caller waits for?  Who names no count waits
 * for time to pass. */
static bool
is_reached(const struct input *in, const json_t *counts)
{
	static const char *const names[] = {"linked", "replicas"};
	bool named = false;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!input_has(in, names[i]))
			continue;
		named = true;
		if (json_integer_value(json_object_get(counts, names[i])) <
		    input_int(in, names[i]))
			return false;
	}

	return named;
}

static enum err
get_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	int wait = (int)input_int(in, "wait");
	json_t *body = json_object();
	enum err rc;

	rc = count(turn, body);
	if (rc) {
		json_decref(body);
		return rc;
	}
	if (wait > 0 && !input_waited(in) && !is_reached(in, body)) {
		json_decref(body);
		reply_wait(reply, RELAY_WAKE_KEY, wait);
		return OK;
	}
	reply_json(reply, 200, body);

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

/* --- Records end after seven years (施行令30条) --------------------------- */

static enum err
erase(struct turn *turn, int statement)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_int(&q, "before", turn->now.ms - RELAY_RECORD_KEEP_MS);

	return query_run(&q);
}

static enum err
erase_records(struct turn *turn)
{
	enum err rc;

	rc = erase(turn, RELAY_INQUIRY_ERASE);
	if (rc == OK)
		rc = erase(turn, RELAY_PROVISION_ERASE);

	return rc;
}

/* --- Tables -------------------------------------------------------------- */

static const struct field progress_fields[] = {
    {"linked", FIELD_INT, INT64_MAX, false,
	"wait until so many persons have a code"},
    {"replicas", FIELD_INT, INT64_MAX, false,
	"wait until there are so many replicas"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait"},
    {0},
};

static const struct field records_fields[] = {
    {"internal_number", FIELD_DIGITS, INTERNAL_NUMBER_DIGITS, true,
	"internal addressee number"},
    {0},
};

static const struct route routes[] = {
    {HTTP_GET, "/progress", ROLE_OPERATOR, get_progress, progress_fields, false,
	"counts of codes, replicas, inquiries and provisions"},
    {HTTP_GET, "/records", ROLE_OPERATOR, get_records, records_fields, false,
	"who asked whom about a person, and when"},
    {0},
};

static const struct message_handler messages[] = {
    {"acquisition.link", "addressee", FROM_OWN_ORGANISATION, linkage_take_links,
	"who stands behind acquisition numbers"},
    {"acquisition.code", "network", FROM_ANY_ORGANISATION, linkage_take_codes,
	"which codes belong to acquisition numbers"},
    {"acquisition.drop", "addressee", FROM_OWN_ORGANISATION, linkage_drop,
	"acquisitions that were refused"},
    {"replica.put", "addressee", FROM_OWN_ORGANISATION, replica_put,
	"replicas, by internal number"},
    {"inquiry.request", "addressee", FROM_OWN_ORGANISATION, inquiry_ask,
	"a question to another organisation"},
    {"inquiry.permitted", "network", FROM_ANY_ORGANISATION, inquiry_permitted,
	"our question is allowed"},
    {"inquiry.refused", "network", FROM_ANY_ORGANISATION, inquiry_refused,
	"our question is not allowed"},
    {"permit.issued", "network", FROM_ANY_ORGANISATION, provision_answer,
	"another organisation's question to us"},
    {"answer.sealed", "relay", FROM_ANY_ORGANISATION, inquiry_take_answer,
	"another organisation's answer to us"},
    {0},
};

static const struct timer timers[] = {
    {"inquiries", 60ll * 1000, inquiry_expire,
	"give up questions whose permit is over"},
    {"acquisitions", 24 * 3600ll * 1000, linkage_forget,
	"forget halves of acquisitions"},
    {"records", 24 * 3600ll * 1000, erase_records,
	"erase records after seven years"},
    {0},
};

const struct system relay_system = {
    .name = "relay",
    .title = "中間サーバー",
    .summary = "codes, replicas, inquiries and provisions of an organisation",
    .schema = &relay_schema,
    .routes = routes,
    .messages = messages,
    .timers = timers,
    .start = sealing_start,
    .stop = sealing_stop,
    .count = count,
};
