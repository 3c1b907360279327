/* Jukinet's tables: routes, messages. */
#include "components/budget/budget.h"
#include "components/components.h"
#include "jukinet_statements.h"
#include "messages/acquisition.h"
#include "messages/arrivals.h"
#include "messages/enrolment.h"
#include "messages/moving.h"
#include "messages/numbering.h"
#include "systems/jukinet/acquisition.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/changing.h"
#include "systems/jukinet/claim.h"
#include "systems/jukinet/enrolment.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/lookup.h"
#include "systems/jukinet/numbering.h"
#include "systems/jukinet/outstanding.h"
#include "systems/jukinet/recoding.h"
#include "systems/jukinet/restoration.h"
#include "systems/jukinet/transfer.h"
#include "systems/jukinet/update.h"

static const struct route routes[] = {
    {HTTP_POST, "/lookups", DUTY_LOOKUP, lookup_post,
	&jukinet_lookup_input_shape,
	"one person's identification information, by an exact match"},
    {HTTP_POST, "/persons/{person}/restoration", DUTY_RESTORE, restoration_post,
	&jukinet_restoration_input_shape,
	"take back a death, or that somebody has come back"},
    {HTTP_GET, "/number-changes", DUTY_RENUMBER, changing_list, NULL,
	"changes of numbers that wait for an officer"},
    {HTTP_POST, "/number-changes/{change}/decision", DUTY_RENUMBER,
	changing_decide, &changing_decision_shape,
	"allow or refuse a person's third number"},
    {HTTP_GET, "/claims", DUTY_CLAIMS, claim_list, &claim_list_input_shape,
	"claims that somebody has come back from abroad, which are open"},
    {HTTP_GET, "/claims/{claim}", DUTY_CLAIMS, claim_show,
	&claim_show_input_shape, "a claim, and what is held about the person"},
    {HTTP_POST, "/claims/{claim}/decision", DUTY_CLAIMS, claim_decide,
	&claim_decide_input_shape,
	"decide about a claim that the municipality of before did not agree to"},
    {HTTP_GET, "/progress", DUTY_STATUS, jukinet_get_progress, NULL,
	"codes designated, numbers generated and changed, in all"},
    {HTTP_GET, "/ledger", DUTY_STATUS, jukinet_get_ledger, NULL,
	"the same counts, day by day (令85 55条)"},
    {HTTP_POST, "/budgets/grants", DUTY_BUDGET, budget_grant_post,
	&budget_grant_input_shape,
	"grant an organisation more than its budget"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_codes_request, "registry", FROM_ANY_ORGANISATION,
	designation_take, "a municipality needs Resident Record Codes"},
    {&message_codes_outstanding, "registry", FROM_ANY_ORGANISATION | REPEATABLE,
	outstanding_take,
	"a registry lost its database: the codes that nobody has"},
    {&message_codes_return, "registry", FROM_ANY_ORGANISATION,
	outstanding_return, "a municipality does not need these codes"},
    {&message_numbering_request, "registry", FROM_ANY_ORGANISATION | REPEATABLE,
	numbering_take, "numbers for people with new codes"},
    {&message_number_change, "registry", FROM_ANY_ORGANISATION, changing_take,
	"another number after a leak"},
    {&message_arrival_decided, "registry", FROM_ANY_ORGANISATION | REPEATABLE,
	arrival_take_decision,
	"the decision whether an arrival from abroad is a known person"},
    {&message_arrival_reply, "registry", FROM_ANY_ORGANISATION | REPEATABLE,
	claim_take_reply,
	"the municipality of before agrees to a claim, or objects"},
    {&message_code_changed, "registry", FROM_ANY_ORGANISATION, recoding_take,
	"a resident has another Resident Record Code"},
    {&message_identity_update, "registry", FROM_ANY_ORGANISATION, update_take,
	"changes of residents"},
    {&message_transfer_notice, "registry", FROM_ANY_ORGANISATION,
	transfer_notice, "people move to another municipality"},
    {&message_transfer_arrive, "registry", FROM_ANY_ORGANISATION,
	transfer_arrive, "people have come, by a notice"},
    {&message_transfer_withdraw, "registry", FROM_ANY_ORGANISATION,
	transfer_withdraw, "people stay, after a notice"},
    {&message_acquisition_request, "addressee", FROM_ANY_ORGANISATION,
	acquisition_request, "linkage codes for people with these numbers"},
    {&message_enrolment_identify, "registry", FROM_ANY_ORGANISATION,
	enrolment_take, "a resident is at the counter about the portal"},
    {0},
};

static const struct refusal_handler refused[] = {
    {&message_transfer_notice, "registry", transfer_pass_back,
	"the other municipality did not take a move"},
    {0},
};

static const struct timer timers[] = {
    {"moves", 3600 * 1000, transfer_timer,
	"End the notices of moves that were not used in time"},
    {"claims", 5 * 60 * 1000, claim_timer,
	"Seek people who may have come back; remind, and end terms"},
    {0},
};

static const char *const keys[] = {"resident-code", "number", NULL};

const struct system jukinet_system = {
    .component.name = "jukinet",
    .component.schema = &jukinet_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.start = jukinet_start,
    .component.stop = jukinet_stop,
    .component.count = jukinet_counts,
    .component.revoked = claim_revoked,
    .title = "住民基本台帳ネットワーク全国サーバー",
    .summary = "Resident Record Codes, Individual Numbers, identification "
	       "information",
    .keys = keys,
    .duties = RIGHT_BIT(DUTY_LOOKUP) | RIGHT_BIT(DUTY_BUDGET) |
	RIGHT_BIT(DUTY_CLAIMS) | RIGHT_BIT(DUTY_RESTORE) |
	RIGHT_BIT(DUTY_RENUMBER),
    .components = node_components,
    .usual = JUKINET_USUAL,
    .holds.individual_number = HOLDS_COMPUTED,
    .holds.resident_code = HOLDS_COMPUTED,
    .holds.contents = "identification information",
};
