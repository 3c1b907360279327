/* The network's tables: messages, timers, keys. */
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/inquiry.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"
#include "systems/network/permit.h"
#include "systems/network/record.h"
#include "systems/network/search.h"

static enum err
count(struct turn *turn, json_t *counts)
{
	static const struct {
		int statement;
		const char *const names[4];
	} all[] = {
	    {NETWORK_COUNT_PERSONS, {"persons"}},
	    {NETWORK_COUNT_CODES, {"codes"}},
	    {NETWORK_COUNT_RECORDS, {"records", "refusals", "open"}},
	};
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < sizeof(all) / sizeof(all[0]); i++)
		rc = turn_counts(turn, all[i].statement, all[i].names, counts);

	return rc;
}

static const struct field revocation_fields[] = {
    {"permit", FIELD_ID, 0, true, "which"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct field disclosure_fields[] = {
    {"record", FIELD_ID, 0, true, "which"},
    {"decision", FIELD_TEXT, 8, true, "hide it from the person, or show it"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct field correction_fields[] = {
    {"record", FIELD_ID, 0, true, "which"},
    {"note", FIELD_TEXT, NETWORK_REASON_MAX, true,
	"what was wrong; shown to the person"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct route routes[] = {
    {HTTP_POST, "/permits/{permit}/revocation", ROLE_OPERATOR,
	permit_route_revoke, revocation_fields, false,
	"take back a permit that nobody used yet"},
    {HTTP_GET, "/records/hidden", ROLE_OPERATOR, permit_route_hidden, NULL,
	false, "records that are kept from the person's view"},
    {HTTP_POST, "/records/{record}/disclosure", ROLE_OPERATOR,
	permit_route_disclosure, disclosure_fields, false,
	"hide a record from the person, or show it (番号法23条2項)"},
    {HTTP_POST, "/records/{record}/correction", ROLE_OPERATOR,
	permit_route_correction, correction_fields, false,
	"note that a record was wrong (番号法31条)"},
    {0},
};

static const struct message_handler messages[] = {
    {"acquisition.identify", "jukinet", FROM_ANY_ORGANISATION,
	acquisition_identify,
	"whose Resident Record Code stands behind an acquisition number"},
    {"code.changed", "jukinet", FROM_ANY_ORGANISATION, acquisition_recode,
	"persons who have another Resident Record Code now"},
    {"inquiry.request", "relay", FROM_ANY_ORGANISATION, inquiry_take,
	"one organisation asks another"},
    {"inquiry.cancel", "relay", FROM_ANY_ORGANISATION, permit_cancel,
	"an organisation takes back what it asked"},
    {"provider.search", "relay", FROM_ANY_ORGANISATION, search_take,
	"where does a person have a code?"},
    {"provision.report", "relay", FROM_ANY_ORGANISATION, record_report,
	"what a provider did with a permit"},
    {"records.request", "portal", FROM_ANY_ORGANISATION, record_show,
	"a resident wants to see the records"},
    {0},
};

static const struct timer timers[] = {
    {"expiry", 60 * 1000, record_expire, "permits that nobody used in time"},
    {"decisions", 24 * 3600ll * 1000, permit_erase,
	"erase officers' decisions after seven years"},
    {"erase", 24 * 3600ll * 1000, record_erase,
	"erase records after seven years"},
    {0},
};

static const char *const keys[] = {LINKAGE_KEY, NULL};

const struct system network_system = {
    .name = "network",
    .title = "情報提供ネットワークシステム",
    .summary = "linkage codes, permits by the law's table, and their records",
    .schema = &network_schema,
    .routes = routes,
    .messages = messages,
    .timers = timers,
    .keys = keys,
    .start = network_start,
    .stop = network_stop,
    .count = count,
};
