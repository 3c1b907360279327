/* The offices' tables: routes, messages, timers. */
#include "components/components.h"
#include "messages/inquiries.h"
#include "messages/records.h"
#include "messages/replicas.h"
#include "offices_statements.h"
#include "systems/offices/application.h"
#include "systems/offices/asking.h"
#include "systems/offices/corrected.h"
#include "systems/offices/declaration.h"
#include "systems/offices/finding.h"
#include "systems/offices/loading.h"
#include "systems/offices/marking.h"
#include "systems/offices/offices.h"
#include "systems/offices/record.h"
#include "systems/offices/replica.h"

/* Bytes of a body with OFFICES_ROWS_MAX and OFFICES_BATCH_MAX rows. */
#define ROWS_BYTES (4u << 20)
#define BATCH_BYTES (1u << 20)
#define CSV_BYTES (16u << 20)

static const struct route routes[] = {
    {HTTP_POST, "/tax-records", DUTY_IMPORT, loading_route_tax,
	&offices_tax_input_shape, "load local tax records; replicas follow",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/insured", DUTY_IMPORT, loading_route_insured,
	&offices_insured_input_shape,
	"register insured persons with their pension records",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/child-allowance", DUTY_CASE, application_route_post,
	&offices_allowance_input_shape,
	"open an application; it asks the previous municipality"},
    {HTTP_GET, "/applications/{application}", DUTY_CASE, application_route_get,
	&offices_application_input_shape,
	"an application and its received contents"},
    {HTTP_POST, "/replicas", DUTY_IMPORT, replica_route_post,
	&offices_replica_input_shape,
	"load, replace, correct or delete replicas of an item",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/replicas/csv", DUTY_IMPORT, replica_route_csv,
	&offices_csv_input_shape,
	"load, replace, correct or delete replicas, from a CSV file",
	.raw = true, .max_bytes = CSV_BYTES},
    {HTTP_POST, "/inquiries", DUTY_CASE, asking_route_post,
	&offices_ask_input_shape, "ask another organisation"},
    {HTTP_GET, "/inquiries/{inquiry}", DUTY_CASE, asking_route_get,
	&offices_inquiry_input_shape, "an inquiry and its received contents"},
    {HTTP_POST, "/inquiries/{inquiry}/cancel", DUTY_CASE, asking_route_cancel,
	&inquiry_cancel_shape,
	"take back an inquiry that was not answered yet"},
    {HTTP_POST, "/inquiry-files/{batch}", DUTY_CASE, asking_route_batch,
	&offices_file_input_shape, "load a part of a file of inquiries",
	.max_bytes = BATCH_BYTES},
    {HTTP_GET, "/inquiry-files/{batch}", DUTY_CASE, asking_route_batch_state,
	&offices_file_state_input_shape, "the progress of a file of inquiries"},
    {HTTP_GET, "/inquiry-files/{batch}/results", DUTY_CASE,
	asking_route_results, &offices_results_input_shape,
	"the results of a file, in the order of its lines"},
    {HTTP_POST, "/searches", DUTY_CASE, finding_route_post,
	&offices_search_input_shape,
	"search for providers that could be asked about a person"},
    {HTTP_GET, "/searches/{search}", DUTY_CASE, finding_route_get,
	&offices_search_wait_input_shape,
	"the providers that a search has found"},
    {HTTP_POST, "/affairs", DUTY_DECLARE, declaration_route_affair,
	&affair_declare_shape,
	"declare an own-use affair to the Commission (番号法9条2項)"},
    {HTTP_POST, "/affairs/limits", DUTY_DECLARE, declaration_route_limit,
	&affair_limit_shape,
	"declare the limits of our ordinance for own-use affairs "
	"(番号法26条)"},
    {HTTP_GET, "/affairs", DUTY_DECLARE, declaration_route_list, NULL,
	"our declarations and their states"},
    {HTTP_GET, "/affairs/{declaration}", DUTY_DECLARE, declaration_route_get,
	&offices_declaration_input_shape, "one declaration"},
    {HTTP_POST, "/affairs/{declaration}/withdrawal", DUTY_DECLARE,
	declaration_route_withdraw, &affair_withdraw_shape,
	"take a declaration back"},
    {HTTP_GET, "/corrections", DUTY_LOOK, corrected_route_get, NULL,
	"contents that were received and then corrected by the provider"},
    {HTTP_POST, "/marks", DUTY_MARK, marking_route_post,
	&offices_mark_input_shape,
	"mark a person or one item, or take a mark away"},
    {HTTP_GET, "/marks/{mark}", DUTY_MARK, marking_route_get,
	&offices_mark_wait_input_shape, "whether the relay has the mark"},
    {HTTP_GET, "/progress", DUTY_STATUS, offices_route_progress, NULL,
	"counts of records and applications"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_replica_refused, "addressee", FROM_OWN_ORGANISATION,
	record_refused, "replicas of persons whom the addressee does not know"},
    {&message_inquiry_answered, "relay", FROM_OWN_ORGANISATION,
	application_answered, "the answer to a question"},
    {&message_inquiry_answered, "addressee", FROM_OWN_ORGANISATION,
	application_answered,
	"the reason why no provider is asked about a person"},
    {&message_office_inquiry_held, "relay", FROM_OWN_ORGANISATION | REPEATABLE,
	asking_held, "a person of the provider's decides"},
    {&message_affair_state, "network", FROM_ANY_ORGANISATION,
	declaration_stands, "the state of a declaration of ours"},
    {&message_inquiry_corrected, "relay", FROM_OWN_ORGANISATION, corrected_take,
	"received contents that the provider has corrected"},
    {&message_mark_done, "relay", FROM_OWN_ORGANISATION, marking_done,
	"the relay has a mark"},
    {&message_mark_refused, "addressee", FROM_OWN_ORGANISATION, marking_refused,
	"no person has that business number"},
    {&message_provider_found, "relay", FROM_OWN_ORGANISATION, finding_found,
	"providers that could be asked"},
    {&message_provider_found, "addressee", FROM_OWN_ORGANISATION, finding_found,
	"no person has that business number"},
    {0},
};

static const struct refusal_handler refused[] = {
    {&message_office_inquiry_request, "addressee", application_not_taken,
	"our question was not taken"},
    {0},
};

static const struct timer timers[] = {
    {"replicas", OFFICES_RETRY_MS, record_retry, "put refused replicas again"},
    {0},
};

static const struct setting_rule settings[] = {
    {"pension_provider", SETTING_PROVIDER, NULL},
    {0},
};

const struct system offices_system = {
    .component.name = "offices",
    .component.schema = &offices_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.settings = settings,
    .component.count = offices_count,
    .title = "業務システム",
    .summary = "tax, pension and child allowance of an organisation",
    .duties = RIGHT_BIT(DUTY_IMPORT) | RIGHT_BIT(DUTY_MARK) |
	RIGHT_BIT(DUTY_DECLARE) | RIGHT_BIT(DUTY_CASE),
    .components = node_components,
    .holds.individual_number = HOLDS_PASSING,
    .holds.contents = "business data under BN",
};
