/* The network's tables: messages, timers, keys. */
#include "components/components.h"
#include "law/own_use.h"
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/affair.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/inquiry.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"
#include "systems/network/permit.h"
#include "systems/network/record.h"
#include "systems/network/search.h"

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"persons", NETWORK_COUNT_PERSONS, 0},
	    {"codes", NETWORK_COUNT_CODES, 0},
	    {"records", NETWORK_COUNT_RECORDS, 0},
	    {"refusals", NETWORK_COUNT_REFUSALS, 0},
	    {"open", NETWORK_COUNT_OPEN, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

static const struct input_field revocation_fields[] = {
    {"permit", FIELD_ID, 0, true, "which"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field disclosure_fields[] = {
    {"record", FIELD_ID, 0, true, "which"},
    {"decision", FIELD_TEXT, 8, true, "hide it from the person, or show it"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field correction_fields[] = {
    {"record", FIELD_ID, 0, true, "which"},
    {"note", FIELD_TEXT, NETWORK_REASON_MAX, true,
	"what was wrong; shown to the person"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true, "why; stays here"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field edition_fields[] = {
    {"effective", FIELD_DATE, 0, true, "the day on which it takes effect"},
    {"reason", FIELD_TEXT, NETWORK_REASON_MAX, true,
	"why: what amended the order"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field edition_withdrawal_fields[] = {
    {"effective", FIELD_DATE, 0, true, "which"},
    {0},
};

static const struct input_field law_decision_fields[] = {
    {"inquirer", FIELD_TEXT, NETWORK_UNIT_MAX, true,
	"an organisation, a kind of them, or a name in the table"},
    {"affair", FIELD_TEXT, NETWORK_WORD_MAX, true,
	"row of the table, or own-use affair of the inquirer's"},
    {"provider", FIELD_TEXT, NETWORK_UNIT_MAX, true, "as the inquirer"},
    {"item", FIELD_TEXT, NETWORK_WORD_MAX, true, "item of information"},
    {"date", FIELD_DATE, 0, false, "on that day; today without it"},
    {0},
};

static const struct input_field affair_decision_fields[] = {
    {"declaration", FIELD_ID, 0, true, "which"},
    {"decision", FIELD_TEXT, 8, true, "confirm, refuse or withdraw"},
    {"reason", FIELD_TEXT, OWN_USE_TEXT_MAX, true,
	"why; told to the local government"},
    {"role", FIELD_TEXT, NETWORK_ROLE_MAX, true,
	"commission: who acts for the Commission"},
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
    {HTTP_GET, "/law/decision", ROLE_OPERATOR, basis_route_decision,
	law_decision_fields, false,
	"may one ask another? with row and article, or what is missing"},
    {HTTP_GET, "/law/editions", ROLE_OPERATOR, amendment_route_list, NULL,
	false, "editions of the law's table"},
    {HTTP_POST, "/law/editions", ROLE_OPERATOR, amendment_route_load,
	edition_fields, true,
	"load an edition, a table as TSV; it takes effect on its day",
	.max_bytes = 16u << 20},
    {HTTP_POST, "/law/editions/{effective}/withdrawal", ROLE_OPERATOR,
	amendment_route_withdraw, edition_withdrawal_fields, false,
	"take back an edition before it takes effect"},
    {HTTP_GET, "/affairs", ROLE_OPERATOR, affair_route_list, NULL, false,
	"own-use affairs and what providers limit (番号法19条9号, 26条)"},
    {HTTP_POST, "/affairs/{declaration}/decision", ROLE_OPERATOR,
	affair_route_decide, affair_decision_fields, false,
	"the Commission confirms or refuses an own-use affair"},
    {0},
};

static const struct message_handler messages[] = {
    {"acquisition.identify", "jukinet", FROM_ANY_ORGANISATION,
	acquisition_identify,
	"whose Resident Record Code stands behind an acquisition number"},
    {"code.changed", "jukinet", FROM_ANY_ORGANISATION, acquisition_recode,
	"persons who have another Resident Record Code now"},
    {"inquiry.request", "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	inquiry_take, "one organisation asks another"},
    {"inquiry.cancel", "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	permit_cancel, "an organisation takes back what it asked"},
    {"record.corrected", "relay", FROM_ANY_ORGANISATION, permit_correct,
	"an organisation's record of an exchange was wrong"},
    {"provider.search", "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	search_take, "where does a person have a code?"},
    {"provision.report", "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	record_report, "what a provider did with a permit"},
    {"affair.declare", "offices", FROM_ANY_ORGANISATION, affair_take,
	"a local government declares an own-use affair"},
    {"affair.limit", "offices", FROM_ANY_ORGANISATION, affair_limit,
	"a provider limits what it provides for own-use affairs"},
    {"affair.withdraw", "offices", FROM_ANY_ORGANISATION, affair_withdraw,
	"a declaration is taken back"},
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
    .component.name = "network",
    .component.schema = &network_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.start = network_start,
    .component.stop = network_stop,
    .component.count = count,
    .title = "情報提供ネットワークシステム",
    .summary = "linkage codes, permits by the law's table, and their records",
    .keys = keys,
    .components = node_components,
    .usual = NETWORK_USUAL,
    .holds.resident_code = HOLDS_KEPT,
    .holds.linkage_code = HOLDS_ALL,
};
