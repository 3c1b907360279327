/* The relay's tables: messages, routes, timers. */
#include "components/components.h"
#include "crypto/rest.h"
#include "messages/acquisition.h"
#include "messages/relinking.h"
#include "messages/replicas.h"
#include "relay_statements.h"
#include "systems/relay/correction.h"
#include "systems/relay/discrepancy.h"
#include "systems/relay/exchange.h"
#include "systems/relay/hold.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/linkage.h"
#include "systems/relay/mark.h"
#include "systems/relay/outdated.h"
#include "systems/relay/provision.h"
#include "systems/relay/relay.h"
#include "systems/relay/renewal.h"
#include "systems/relay/replica.h"
#include "systems/relay/search.h"
#include "systems/relay/state.h"
#include "systems/relay/withholding.h"

static const struct route routes[] = {
    {HTTP_GET, "/progress", DUTY_STATUS, relay_route_progress,
	&relay_progress_input_shape,
	"counts of codes, replicas, inquiries and provisions"},
    {HTTP_GET, "/records", DUTY_LOOK, exchange_route_records,
	&relay_person_input_shape,
	"inquiries about a person: inquirer, provider and time"},
    {HTTP_POST, "/records/{record}/correction", DUTY_CORRECT,
	correction_route_post, &relay_correction_input_shape,
	"note that a record was wrong (番号法31条)"},
    {HTTP_POST, "/records/{record}/withholding", DUTY_MARK,
	withholding_route_post, &relay_withholding_input_shape,
	"keep a record from the person's view for longer (番号法23条2項)"},
    {HTTP_GET, "/changes", DUTY_LOOK, replica_route_changes,
	&relay_person_input_shape,
	"changes of a person's replicas: officer, time and kind"},
    {HTTP_GET, "/marks", DUTY_MARK, mark_route_get, &relay_person_input_shape,
	"marks of a person: held, undisclosed"},
    {HTTP_POST, "/marks", DUTY_MARK, mark_route_post, &relay_mark_input_shape,
	"mark a person, or one item"},
    {HTTP_POST, "/marks/remove", DUTY_MARK, mark_route_remove,
	&relay_mark_input_shape, "take a mark away"},
    {HTTP_GET, "/evidence/{exchange}", DUTY_EVIDENCE, exchange_route_evidence,
	&relay_evidence_input_shape,
	"signed messages about an exchange; for `bango evidence`"},
    {HTTP_GET, "/discrepancies", DUTY_DISCREPANCY, discrepancy_route_get,
	&keeper_page_input_shape,
	"exchanges that the network's record or ours lacks, with the person"},
    {HTTP_POST, "/discrepancies/explanations", DUTY_DISCREPANCY,
	keeper_explain_post, &keeper_explanation_input_shape,
	"an officer has looked at one of them; the keeper is told"},
    {HTTP_GET, "/held", DUTY_HOLD, hold_route_get, NULL,
	"inquiries that wait for a person's decision (自動応答不可)"},
    {HTTP_POST, "/held/{permit}/decision", DUTY_HOLD, hold_route_decide,
	&relay_decision_input_shape, "release the answer, or refuse it"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_acquisition_link, "addressee", FROM_OWN_ORGANISATION,
	linkage_take_links, "the persons behind acquisition numbers"},
    {&message_acquisition_code, "network", FROM_ANY_ORGANISATION,
	linkage_take_codes, "the codes of acquisition numbers"},
    {&message_acquisition_drop, "addressee", FROM_OWN_ORGANISATION,
	linkage_drop, "acquisitions that were refused"},
    {&message_code_renewed, "network", FROM_ANY_ORGANISATION | REPEATABLE,
	renewal_take, "other codes in the places of ours"},
    {&message_addressee_replica_put, "addressee",
	FROM_OWN_ORGANISATION | REPEATABLE, replica_put,
	"replicas, by internal number"},
    {&message_addressee_inquiry_request, "addressee",
	FROM_OWN_ORGANISATION | REPEATABLE, inquiry_ask,
	"a question to another organisation"},
    {&message_inquiry_permitted, "network", FROM_ANY_ORGANISATION,
	inquiry_permitted, "our question is allowed"},
    {&message_inquiry_refused, "network", FROM_ANY_ORGANISATION,
	inquiry_refused, "our question is not allowed"},
    {&message_inquiry_waiting, "network", FROM_ANY_ORGANISATION | REPEATABLE,
	inquiry_waiting, "our question waits for an officer of the network"},
    {&message_permit_issued, "network", FROM_ANY_ORGANISATION | REPEATABLE,
	provision_answer, "another organisation's question to us"},
    {&message_permit_revoked, "network", FROM_ANY_ORGANISATION | REPEATABLE,
	provision_revoke, "a permit that shall not work any more"},
    {&message_inquiry_cancel, "addressee", FROM_OWN_ORGANISATION | REPEATABLE,
	inquiry_cancel, "an inquiry of ours that is taken back"},
    {&message_addressee_provider_search, "addressee",
	FROM_OWN_ORGANISATION | REPEATABLE, search_ask,
	"a search for providers that could be asked about a person"},
    {&message_provider_found, "network", FROM_ANY_ORGANISATION, search_found,
	"providers that could be asked"},
    {&message_addressee_mark_put, "addressee", FROM_OWN_ORGANISATION, mark_take,
	"an office marks a person, or takes a mark away"},
    {&message_provision_corrected, "relay", FROM_ANY_ORGANISATION,
	outdated_take,
	"another organisation corrected contents that we received"},
    {&message_network_record_corrected, "network", FROM_ANY_ORGANISATION,
	correction_take, "a record of an exchange was wrong"},
    {&message_relay_inquiry_held, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	inquiry_held, "a person of the provider's decides about our question"},
    {&message_answer_sealed, "relay", FROM_ANY_ORGANISATION | REPEATABLE,
	inquiry_take_answer, "another organisation's answer to us"},
    {0},
};

static const struct refusal_handler refused[] = {
    {&message_relay_inquiry_request, "network", inquiry_not_taken,
	"our question was not taken"},
    {&message_relay_provider_search, "network", search_not_taken,
	"our search was not taken"},
    {0},
};

static const struct timer timers[] = {
    {"inquiries", 60ll * 1000, inquiry_expire,
	"give up questions whose permit is over"},
    {"holds", 60ll * 1000, hold_expire,
	"refuse inquiries that were not decided by their deadline"},
    {"acquisitions", 24 * 3600ll * 1000, linkage_forget,
	"forget halves of acquisitions"},
    {"searches", 24 * 3600ll * 1000, search_forget,
	"forget searches that no case counts any more"},
    {"records", 24 * 3600ll * 1000, exchange_erase,
	"erase records after seven years"},
    {0},
};

static const char *const keys[] = {REST_PURPOSE, NULL};

const struct system relay_system = {
    .component.name = "relay",
    .component.schema = &relay_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.start = state_start,
    .component.stop = state_stop,
    .component.count = relay_count,
    .component.revoked = hold_revoked,
    .title = "中間サーバー",
    .summary = "codes, replicas, inquiries and provisions of an organisation",
    .duties = RIGHT_BIT(DUTY_HOLD) | RIGHT_BIT(DUTY_MARK) |
	RIGHT_BIT(DUTY_CORRECT) | RIGHT_BIT(DUTY_EVIDENCE),
    .keys = keys,
    .components = node_components,
    .relies_on = "network",
    .holds.internal_number = HOLDS_KEPT,
    .holds.linkage_code = HOLDS_OWN,
    .holds.contents = "replicas; answers, passing through",
};
