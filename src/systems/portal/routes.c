/* The portal's tables: routes, messages, timers. */
#include "components/components.h"
#include "crypto/rest.h"
#include "messages/enrolment.h"
#include "messages/records.h"
#include "messages/relinking.h"
#include "messages/tokens.h"
#include "portal_statements.h"
#include "systems/portal/account.h"
#include "systems/portal/deed.h"
#include "systems/portal/discrepancies.h"
#include "systems/portal/enrolment.h"
#include "systems/portal/portal.h"
#include "systems/portal/records.h"
#include "systems/portal/replaced.h"
#include "systems/portal/session.h"
#include "systems/portal/ticket.h"

/* Residents may use the peers' door in nations that have no people's door. */
#define PEOPLE (HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE)

static const struct route routes[] = {
    {HTTP_POST, "/enrolments", RIGHT_PUBLIC, enrolment_begin,
	&enrolment_input_shape, "enrol with the ticket of a counter",
	.doors = PEOPLE, .guessed = true},
    {HTTP_POST, "/sessions", RIGHT_PUBLIC, session_begin, &session_input_shape,
	"sign in", .doors = PEOPLE, .guessed = true},
    {HTTP_DELETE, "/sessions", RIGHT_RESIDENT, session_end, NULL, "sign out",
	.doors = PEOPLE},
    {HTTP_GET, "/records", RIGHT_RESIDENT, records_get, &records_input_shape,
	"the records of provision about me: inquirer, provider, item and "
	"basis",
	.doors = PEOPLE},
    {HTTP_GET, "/discrepancies", RIGHT_PUBLIC, discrepancies_get, NULL,
	"organisations whose records of exchanges differ from the network's, by "
	"month",
	.doors = PEOPLE},
    {0},
};

static const struct message_handler messages[] = {
    {&message_code_renewed, "network", FROM_ANY_ORGANISATION | REPEATABLE,
	replaced_take, "other codes in the places of the portal's"},
    {&message_enrolment_code, "network", FROM_ANY_ORGANISATION,
	ticket_take_orders, "orders of counters about residents' sign-ins"},
    {&message_records_answer, "network", FROM_ANY_ORGANISATION,
	records_answered, "records of provision of one resident"},
    {&message_records_discrepancies, NULL, FROM_ANY_ORGANISATION,
	discrepancies_take, "a keeper's counts of an organisation's"},
    {0},
};

static const struct timer timers[] = {
    {"sessions", 60ll * 1000, session_erase, "forget sessions that are over"},
    {"former", 24 * 3600ll * 1000, replaced_erase,
	"forget codes that others replaced seven years ago"},
    {"tickets", 3600ll * 1000, ticket_erase, "forget tickets that are over"},
    {"accounts", 24 * 3600ll * 1000, account_erase,
	"forget sign-ins that ended a year ago"},
    {"deeds", 24 * 3600ll * 1000, deed_erase,
	"forget the acts of counters after seven years"},
    {0},
};

static const char *const keys[] = {REST_PURPOSE, NULL};

const struct system portal_system = {
    .component.name = "portal",
    .component.schema = &portal_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.count = portal_count,
    .keys = keys,
    .title = "マイナポータル",
    .summary = "a resident's view of the records of provision",
    .doors = HTTP_DOOR_PEOPLE,
    .public_api = true,
    .components = node_components,
    .relies_on = "network",
    .usual = PORTAL_USUAL,
    .holds.linkage_code = HOLDS_OWN,
    .holds.contents = "the list of records, passing through",
};
