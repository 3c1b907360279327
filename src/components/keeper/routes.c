/* The keeper's tables: routes, messages, timers, its setting. */
#include "host/routes.h"
#include "components/keeper/compare.h"
#include "components/keeper/discrepancy.h"
#include "components/keeper/report.h"
#include "keeper_statements.h"

#define HOUR_MS (3600ll * 1000)

static const struct route routes[] = {
    {HTTP_GET, "/keeper", DUTY_STATUS, compare_get, NULL,
	"as keeper: how many exchanges of each organisation ended on a day, and "
	"how many of them both have reported"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_records_tokens, "relay", FROM_ANY_ORGANISATION, compare_take,
	"as keeper: the exchanges that ended at an organisation"},
    {&message_records_tokens, "network", FROM_ANY_ORGANISATION, compare_take,
	"as keeper: the same, as the network has it"},
    {&message_records_explained, "relay", FROM_ANY_ORGANISATION,
	compare_take_explanation,
	"as keeper: an officer has looked at an alarm"},
    {&message_records_explained, "network", FROM_ANY_ORGANISATION,
	compare_take_explanation, "as keeper: an officer of the network has"},
    {&message_records_unmatched, NULL, FROM_ANY_ORGANISATION, discrepancy_take,
	"tokens that one side alone has reported to our keeper"},
    {0},
};

static const struct timer timers[] = {
    {COMPARE_TIMER, HOUR_MS, compare_look,
	"as keeper: ask for tokens that do not match, raise alarms"},
    {REPORT_TIMER, HOUR_MS, report_send,
	"report to the keeper the exchanges of a day that is over"},
    {REPORT_FORGET_TIMER, HOUR_MS, report_forget,
	"forget tokens that were reported a month ago"},
    {"keeper.erase", 24 * HOUR_MS, compare_erase,
	"erase counts and alarms after seven years"},
    {0},
};

static const struct setting_rule settings[] = {
    {"keeper", SETTING_KEEPER, NULL},
    {0},
};

const struct component keeper_component = {
    .name = "keeper",
    .schema = &keeper_schema,
    .routes = routes,
    .messages = messages,
    .timers = timers,
    .settings = settings,
    .count = discrepancy_count,
};
