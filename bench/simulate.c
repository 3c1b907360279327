/* Exchanges between the systems of a nation in this process, under virtual
 * time: what the program itself costs, without sockets, TLS and disks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "bench/bench.h"
#include "bench/workshop.h"
#include "crypto/tally.h"
#include "nation/config.h"
#include "nation/config_setting.h"
#include "virtual/simulated.h"

#define PEOPLE 200 /* an organisation asks about each 20 times at most */
#define INQUIRIES 3000
#define START ((struct instant){1795000000000})
#define CITY "012041"
#define POPULATION "1000000" /* of the city: its budget of inquiries */
#define NUMBERING_MS (150 * 1000)
#define SETTLE_MS (3600ll * 1000)
#define LEDGER_MS (60 * 1000) /* then the entries are leaves, with witnesses */

struct bench_nation {
	char folder[WORKSHOP_PATH_MAX];
	struct config *config;
	struct simulation *sim;
	char residents[PEOPLE][16];
};

static enum err
open_nation(struct bench_nation *n, struct problem *problem)
{
	struct simulation_faults none = simulation_faults_of(0);
	char path[WORKSHOP_PATH_MAX + 16], databases[WORKSHOP_PATH_MAX + 16];
	enum err rc;
	size_t i;

	rc = workshop_memory(n->folder, problem);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), "%s/nation.ini", n->folder);
	snprintf(databases, sizeof(databases), "%s/db", n->folder);
	rc = file_replace(path, slice_of(config_default), 0600, problem);
	if (rc == OK)
		rc = config_read(path, &n->config, problem);
	if (rc == OK)
		rc = simulation_new(
		    1, databases, &none, START, &n->sim, problem);
	for (i = 0; rc == OK && i < n->config->n_systems; i++) {
		config_setting_add(
		    &n->config->systems[i], "population." CITY, POPULATION);
		rc = simulation_add(n->sim, n->config->systems[i].system,
		    n->config->systems[i].id.text,
		    n->config->systems[i].settings, problem);
	}

	return rc;
}

static void
close_nation(struct bench_nation *n)
{
	simulation_free(n->sim);
	config_free(n->config);
	workshop_remove(n->folder);
}

/* A request that must succeed. */
static enum err
ask(struct bench_nation *n, const char *system, enum http_method method,
    const char *path, json_t *body, json_t **ret, struct problem *problem)
{
	int status = 0;
	enum err rc;

	rc = simulation_call(n->sim, system, method, path, body, &status, ret);
	if (rc == OK && status >= 200 && status < 300)
		return OK;
	json_decref(*ret);
	*ret = NULL;

	return problem_set(
	    problem, ERR_CONFLICT, "%s %s: %d", system, path, status);
}

static enum err
arrive(struct bench_nation *n, int i, struct problem *problem)
{
	char id[33], address[80];
	json_t *answer = NULL;
	struct slice resident;
	enum err rc;

	snprintf(id, sizeof(id), "%032x", i + 1);
	snprintf(address, sizeof(address), "北海道旭川市永山%d番地", i + 1);
	rc = ask(n, CITY "/registry", HTTP_POST, "/move-ins",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "registration", id,
		"name", "模型　一郎", "kana", "モケイ　イチロウ", "birth",
		"1980-01-01", "sex", "1", "address", address, "postal_code",
		"0700001", "date", "2026-04-01"),
	    &answer, problem);
	if (rc == OK)
		rc = json_at_text(
		    json_object_get(answer, "residents"), 0, &resident);
	if (rc == OK)
		snprintf(n->residents[i], sizeof(n->residents[i]), "%.*s",
		    SLICE_ARG(resident));
	json_decref(answer);

	return rc;
}

static enum err
insure(struct bench_nation *n, int i, struct problem *problem)
{
	json_t *notice = NULL, *answer = NULL;
	char path[64], bn[16], address[80];
	enum err rc;

	snprintf(path, sizeof(path), "/notices/%s", n->residents[i]);
	snprintf(bn, sizeof(bn), "P-%d", i);
	snprintf(address, sizeof(address), "北海道旭川市永山%d番地", i + 1);
	rc = ask(n, CITY "/registry", HTTP_GET, path, NULL, &notice, problem);
	if (rc == OK)
		rc = ask(n, "nenkin/offices", HTTP_POST, "/insured",
		    json_pack("{s:[[s,O,s,s,s,s,s,{s:i}]]}", "items", bn,
			json_object_get(notice, "number"), "模型　一郎",
			"モケイ　イチロウ", "1980-01-01", "1", address,
			"months_insured", 100 + i),
		    &answer, problem);
	json_decref(notice);
	json_decref(answer);

	return rc;
}

static enum err
inquire(struct bench_nation *n, int i, struct problem *problem)
{
	json_t *answer = NULL;
	char id[33];
	enum err rc;

	snprintf(id, sizeof(id), "%032x", i + 1);
	rc = ask(n, CITY "/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", id,
		"business_number", n->residents[i % PEOPLE], "affair", "107",
		"item", "pension", "provider", "nenkin", "unit", "課"),
	    &answer, problem);
	json_decref(answer);

	return rc;
}

static enum err
provided(struct bench_nation *n, int64_t *ret, struct problem *problem)
{
	json_t *answer = NULL;
	enum err rc;

	rc =
	    ask(n, "nenkin/relay", HTTP_GET, "/status", NULL, &answer, problem);
	if (rc == OK)
		*ret = json_integer_value(json_object_get(
		    json_object_get(answer, "counts"), "provisions"));
	json_decref(answer);

	return rc;
}

static enum err
populate(struct bench_nation *n, struct problem *problem)
{
	enum err rc = OK;
	int i;

	simulation_run(n->sim, 1000);
	for (i = 0; rc == OK && i < PEOPLE; i++)
		rc = arrive(n, i, problem);
	simulation_run(n->sim, NUMBERING_MS);
	for (i = 0; rc == OK && i < PEOPLE; i++)
		rc = insure(n, i, problem);
	simulation_run(n->sim, NUMBERING_MS);

	return rc;
}

struct exchanges {
	double processor, keys; /* seconds of a core */
	int64_t n;              /* that were answered */
};

static enum err
exchange(struct bench_nation *n, struct exchanges *ret, struct problem *problem)
{
	struct crypto_tally before = crypto_tally, after;
	struct bench_key_costs costs;
	double start = bench_processor();
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < INQUIRIES; i++)
		rc = inquire(n, i, problem);
	if (rc == OK && simulation_settle(n->sim, SETTLE_MS))
		rc = problem_set(problem, ERR_BUSY, "the exchanges do not end");
	simulation_run(n->sim, LEDGER_MS);
	ret->processor = bench_processor() - start;
	after = crypto_tally;
	if (rc == OK)
		rc = provided(n, &ret->n, problem);
	if (rc == OK && bench_measure_keys(&costs))
		rc = problem_set(problem, ERR_CRYPTO, "a key failed");
	if (rc == OK)
		ret->keys = bench_key_seconds(&costs, &before, &after);

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct bench_nation n = {.sim = NULL};
	struct exchanges e = {.n = 0};
	enum err rc;

	rc = open_nation(&n, problem);
	if (rc == OK)
		rc = populate(&n, problem);
	if (rc == OK)
		rc = exchange(&n, &e, problem);
	close_nation(&n);
	if (rc)
		return rc;
	bench_add(report,
	    &(struct bench_figure){
		.name = "simulated exchanges, with three records each",
		.unit = "/s",
		.measured = (double)e.n / e.processor,
		.peer_name = "limit: signatures and seals they need",
		.peer = (double)e.n / e.keys,
		.asked = 0.21},
	    "%d inquiries, %lld provided; no network, no disk; processor time "
	    "of one core",
	    INQUIRIES, (long long)e.n);

	return OK;
}

const struct bench bench_simulate = {
    "simulate", "exchanges in a simulated nation", run};
