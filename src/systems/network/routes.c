/* The network's tables: messages, timers, keys. */
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/inquiry.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"
#include "systems/network/record.h"

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

static const struct message_handler messages[] = {
    {"acquisition.identify", "jukinet", FROM_ANY_ORGANISATION,
	acquisition_identify,
	"whose Resident Record Code stands behind an acquisition number"},
    {"inquiry.request", "relay", FROM_ANY_ORGANISATION, inquiry_take,
	"one organisation asks another"},
    {"provision.report", "relay", FROM_ANY_ORGANISATION, record_report,
	"what a provider did with a permit"},
    {"records.request", "portal", FROM_ANY_ORGANISATION, record_show,
	"a resident wants to see the records"},
    {0},
};

static const struct timer timers[] = {
    {"expiry", 60 * 1000, record_expire, "permits that nobody used in time"},
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
    .messages = messages,
    .timers = timers,
    .keys = keys,
    .start = network_start,
    .stop = network_stop,
    .count = count,
};
