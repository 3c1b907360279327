/* The network's tables: messages, timers, keys. */
#include "components/budget/budget.h"
#include "components/components.h"
#include "messages/acquisition.h"
#include "messages/enrolment.h"
#include "messages/inquiries.h"
#include "messages/numbering.h"
#include "messages/relinking.h"
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/affair.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/extension.h"
#include "systems/network/hiding.h"
#include "systems/network/inquiry.h"
#include "systems/network/network.h"
#include "systems/network/permit.h"
#include "systems/network/question.h"
#include "systems/network/record.h"
#include "systems/network/relinking.h"
#include "systems/network/reports.h"
#include "systems/network/search.h"
#include "systems/network/start.h"
#include "systems/network/waiting.h"

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"persons", NETWORK_COUNT_PERSONS, 0},
	    {"codes", NETWORK_COUNT_CODES, 0},
	    {"records", NETWORK_COUNT_RECORDS, 0},
	    {"refusals", NETWORK_COUNT_REFUSALS, 0},
	    {"open", NETWORK_COUNT_OPEN, 0},
	    {"waiting", NETWORK_COUNT_WAITING, 0},
	    {"relinking", NETWORK_COUNT_RELINKING, 0},
	    {0},
	};

	TRY(turn_counts(turn, figures, counts));

	return hiding_count(turn, counts);
}

static const struct route routes[] = {
    {HTTP_POST, "/permits/{permit}/revocation", DUTY_PERMIT_REVOKE,
	permit_route_revoke, &permit_revocation_shape,
	"take back a permit that was not used yet"},
    {HTTP_GET, "/records/hidden", DUTY_HIDE, hiding_route_list,
	&hiding_page_shape,
	"records that are kept from the person's view, and by whom; 200 a page"},
    {HTTP_POST, "/records/{record}/disclosure", DUTY_HIDE,
	permit_route_disclosure, &permit_disclosure_shape,
	"hide a record from the person, or show it (番号法23条2項)"},
    {HTTP_POST, "/records/{record}/correction", DUTY_CORRECT,
	permit_route_correction, &permit_correction_shape,
	"note that a record was wrong (番号法31条)"},
    {HTTP_GET, "/law/decision", DUTY_LOOK, basis_route_decision,
	&law_decision_asked_shape,
	"the decision whether one may ask another: row and article, or the "
	"reason against"},
    {HTTP_GET, "/law/editions", DUTY_LOOK, amendment_route_list, NULL,
	"editions of the law's table"},
    {HTTP_POST, "/law/editions", DUTY_EDITION, amendment_route_load,
	&edition_loading_shape,
	"load an edition, a table as TSV; it takes effect on its day",
	.raw = true, .max_bytes = 16u << 20},
    {HTTP_POST, "/law/editions/{effective}/withdrawal", DUTY_EDITION,
	amendment_route_withdraw, &edition_withdrawal_shape,
	"take back an edition before it takes effect"},
    {HTTP_GET, "/affairs", DUTY_COMMISSION_CONFIRM, affair_route_list, NULL,
	"own-use affairs and the limits of providers "
	"(番号法19条9号, 26条)"},
    {HTTP_POST, "/affairs/{declaration}/decision", DUTY_COMMISSION_CONFIRM,
	affair_route_decide, &affair_decision_shape,
	"the Commission confirms or refuses an own-use affair"},
    {HTTP_GET, "/inquiries/waiting", DUTY_BUDGET, waiting_route_list,
	&waiting_page_shape, "inquiries past a budget, oldest first"},
    {HTTP_POST, "/inquiries/waiting/{record}/decision", DUTY_BUDGET,
	waiting_route_decide, &waiting_decision_shape,
	"release an inquiry past a budget, or refuse it"},
    {HTTP_GET, "/discrepancies", DUTY_DISCREPANCY, reports_route_discrepancies,
	&keeper_page_input_shape,
	"exchanges that a relay's record or ours lacks"},
    {HTTP_POST, "/discrepancies/explanations", DUTY_DISCREPANCY,
	keeper_explain_post, &keeper_explanation_input_shape,
	"an officer has looked at one of them; the keeper is told"},
    {HTTP_GET, "/reports/{record}", DUTY_DISCREPANCY, reports_route_get,
	&network_report_input_shape,
	"the provider's report of an exchange as it signed it, for sixty days"},
    {HTTP_GET, "/relinkings", DUTY_RELINK, relinking_route_show,
	&relinking_page_shape,
	"how far organisations are with their other linkage codes; 200 a page"},
    {HTTP_POST, "/relinkings", DUTY_RELINK, relinking_route_begin,
	&relinking_order_shape,
	"give all organisations other linkage codes, after a key has leaked"},
    {HTTP_POST, "/budgets/grants", DUTY_BUDGET, budget_grant_post,
	&budget_grant_input_shape,
	"grant an organisation more than its budget"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_acquisition_identify, "jukinet", FROM_ANY_ORGANISATION,
	acquisition_identify,
	"the Resident Record Codes behind acquisition numbers"},
    {&message_enrolment_identified, "jukinet", FROM_ANY_ORGANISATION,
	acquisition_enrol, "residents who are at a counter about the portal"},
    {&message_code_changed, "jukinet", FROM_ANY_ORGANISATION,
	acquisition_recode,
	"persons who have another Resident Record Code now"},
    {&message_question_sheet, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	question_take_sheet, "the signature under the questions of a batch"},
    {&message_relay_inquiry_request, "relay",
	FROM_ANY_ORGANISATION | REPEATABLE, inquiry_take,
	"one organisation asks another"},
    {&message_inquiry_cancel, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	permit_cancel, "an organisation takes back an inquiry"},
    {&message_relay_record_corrected, "relay", FROM_ANY_ORGANISATION,
	permit_correct, "an organisation's record of an exchange was wrong"},
    {&message_record_withheld, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	extension_take, "an organisation withholds its record for longer"},
    {&message_relay_provider_search, "relay",
	FROM_ANY_ORGANISATION | REPEATABLE, search_take,
	"the organisations at which a person has a code"},
    {&message_provision_report, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	record_report, "a provider's report of a permit's outcome"},
    {&message_affair_declare, "offices", FROM_ANY_ORGANISATION, affair_take,
	"a local government declares an own-use affair"},
    {&message_affair_limit, "offices", FROM_ANY_ORGANISATION, affair_limit,
	"a provider limits the items it provides for own-use affairs"},
    {&message_affair_withdraw, "offices", FROM_ANY_ORGANISATION,
	affair_withdraw, "a declaration is taken back"},
    {&message_code_taken, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	relinking_take, "an organisation uses the other codes"},
    {&message_code_taken, "portal", FROM_ANY_ORGANISATION | REPEATABLE,
	relinking_take, "the portal uses the other codes"},
    {&message_records_request, "portal", FROM_ANY_ORGANISATION, record_show,
	"a resident wants to see the records"},
    {0},
};

static const struct refusal_handler refused[] = {
    {&message_code_renewed, "relay", relinking_not_taken,
	"the relay did not take other codes"},
    {&message_code_renewed, "portal", relinking_not_taken,
	"the portal did not take other codes"},
    {0},
};

static enum err
end_revoked(struct turn *turn, const struct system_id *system)
{
	TRY(permit_end_revoked(turn, system));

	return relinking_revoked(turn, system);
}

static const struct timer timers[] = {
    {"expiry", 60 * 1000, record_expire,
	"end permits that were not used in time"},
    {"waiting", 60 * 1000, waiting_look_again,
	"look again at inquiries past a budget"},
    {"relinking", 60 * 1000, relinking_go,
	"give the next organisation other linkage codes"},
    {"sheets", 3600ll * 1000, question_forget,
	"forget the signatures of questions after a day"},
    {"decisions", 24 * 3600ll * 1000, permit_erase,
	"erase officers' decisions after seven years"},
    {"reports", 24 * 3600ll * 1000, reports_forget,
	"erase the providers' signed reports after sixty days"},
    {"erase", 24 * 3600ll * 1000, record_erase,
	"erase records after seven years, those about nobody after nine weeks"},
    {0},
};

static const char *const keys[] = {LINKAGE_KEY, NULL};
static const char *const assessments[] = {NETWORK_FILED, "overdue", NULL};
static const struct setting_rule settings[] = {
    {"assessment.", SETTING_WORD, assessments},
    {"commission", SETTING_OVERSEER, NULL},
    {0},
};

const struct system network_system = {
    .component.name = "network",
    .component.schema = &network_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.settings = settings,
    .component.start = network_start,
    .component.stop = network_stop,
    .component.count = count,
    .component.revoked = end_revoked,
    .title = "情報提供ネットワークシステム",
    .summary = "linkage codes, permits by the law's table, and their records",
    .keys = keys,
    .duties = RIGHT_BIT(DUTY_BUDGET) | RIGHT_BIT(DUTY_CORRECT) |
	RIGHT_BIT(DUTY_EDITION) | RIGHT_BIT(DUTY_HIDE) |
	RIGHT_BIT(DUTY_PERMIT_REVOKE) | RIGHT_BIT(DUTY_RELINK) |
	RIGHT_BIT(DUTY_COMMISSION_CONFIRM) | RIGHT_BIT(DUTY_COMMISSION_FREEZE),
    .components = node_components,
    .usual = NETWORK_USUAL,
    .holds.resident_code = HOLDS_KEPT,
    .holds.linkage_code = HOLDS_ALL,
    .never_empty =
	"which organisation has a code for whom stands nowhere else, and new "
	"id codes would contradict the codes that the relays hold",
};
