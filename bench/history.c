/* A resident's view: a hundred records among millions, by the portal; against
 * one read of these rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "bench/bench.h"
#include "bench/prepared.h"
#include "crypto/hash.h"
#include "nation/progress.h"
#include "network_rows.h"
#include "portal_rows.h"
#include "store/store.h"
#include "systems/network/network.h"
#include "systems/portal/portal.h"

#define RECORDS_DEFAULT 1000000
#define RECORDS_EACH 100
#define VIEWERS 200
#define ROUNDS 10
#define LOOKS (ROUNDS * VIEWERS)
#define YEARS 6
#define ANSWER_MS 5 /* from a request to its provision */
#define YEARS_MS (YEARS * 365ll * 24 * 3600 * 1000)

struct history {
	struct prepared nation; /* residents: those who have records */
	int64_t records;
	struct instant now;
	struct linkage *linkage;
	struct code_owner portal;
	char tokens[VIEWERS][PORTAL_SECRET_LEN + 1];
	/* One read of the database: median, and a core's mean. */
	double read_ms, read_core_ms;
	struct problem *problem;
};

/* --- Records ------------------------------------------------------------------ */

static enum err
add_persons(
    struct history *h, struct filler *network, struct record_code *codes)
{
	int64_t i, n = h->nation.residents;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		prepared_record_code(i, &codes[i]);
		rc = prepared_person(network, i, n);
		if (rc == OK)
			rc = prepared_holder(
			    network, prepared_id(i, n), h->portal);
	}

	return rc;
}

/* A record as the network leaves it: its columns, by the same two statements. */
struct entry {
	char record[33], inquiry[33];
	struct instant requested;
	struct digest digest; /* stands for those of both messages */
};

/* Ids ascend with time, as those do that the systems make. */
static struct entry
make_entry(const struct history *h, int64_t i)
{
	int64_t at = h->now.ms - YEARS_MS + i * (YEARS_MS / h->records);
	struct entry e = {.requested = {at}};

	snprintf(e.record, sizeof(e.record), "%016llx%016llx", (long long)at,
	    (long long)i);
	snprintf(e.inquiry, sizeof(e.inquiry), "%016llx%016llx",
	    (long long)at - 9, (long long)i);
	e.digest = digest_of(slice_of(e.inquiry));

	return e;
}

static enum err
put_permit(struct filler *network, const struct entry *e,
    const struct record_code *person)
{
	struct instant expires = instant_plus(e->requested, NETWORK_PERMIT_MS);

	return network_record_add(network->store,
	    &(struct network_record_add){.person = person,
		.record = slice_of(e->record),
		.inquirer = SLICE("131041"),
		.inquiry = slice_of(e->inquiry),
		.affair = SLICE("106"),
		.item = SLICE("local-tax"),
		.provider = SLICE("012041"),
		.unit = SLICE("子ども家庭部子ども家庭課"),
		.article =
		    SLICE("番号法19条8号、令和6年命令第9号2条の表106の項"),
		.edition = SLICE(""),
		.requested = e->requested,
		.expires = &expires,
		.outcome = SLICE("permitted"),
		.reason = SLICE(""),
		.asked = digest_slice(&e->digest)});
}

static enum err
put_report(struct filler *network, const struct entry *e)
{
	struct instant provided = instant_plus(e->requested, ANSWER_MS);

	return network_record_report(network->store,
	    &(struct network_record_report){.record = slice_of(e->record),
		.outcome = SLICE("provided"),
		.reason = SLICE(""),
		.provided = &provided,
		.reported = provided,
		.report = digest_slice(&e->digest)});
}

static enum err
add_record(struct history *h, struct filler *network, int64_t i,
    const struct record_code *person)
{
	const struct entry e = make_entry(h, i);
	enum err rc = put_permit(network, &e, person);

	return filler_next(network, rc ? rc : put_report(network, &e));
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct record_code));
}

/* One of the years: some records of each person. */
static enum err
add_year(struct history *h, struct filler *network, int year,
    struct record_code *codes, struct progress *bar)
{
	int k, first = year * RECORDS_EACH / YEARS;
	int64_t i, n = h->nation.residents;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		for (k = first;
		     rc == OK && k < (year + 1) * RECORDS_EACH / YEARS; k++)
			rc = add_record(h, network, k * n + i, &codes[i]);
		progress_show(bar, first * n + i * (k - first));
	}

	return rc;
}

/*
 * Year by year, so that a person's pages part, and lie apart, as those of
 * seven years do; within one in the order of the table, which is many times
 * faster.
 */
static enum err
add_records(struct history *h, struct filler *network)
{
	int64_t n = h->nation.residents;
	struct record_code *codes = heap_array((size_t)n, sizeof(*codes));
	struct progress bar;
	enum err rc;
	int year;

	progress_begin(&bar, "records of the network", h->records);
	rc = add_persons(h, network, codes);
	qsort(codes, (size_t)n, sizeof(*codes), compare);
	for (year = 0; rc == OK && year < YEARS; year++)
		rc = add_year(h, network, year, codes, &bar);
	progress_end(&bar, n * RECORDS_EACH);
	free(codes);

	return rc;
}

/* --- Viewers -------------------------------------------------------------------- */

static void
make_token(int i, char ret[PORTAL_SECRET_LEN + 1])
{
	struct random random = random_system();
	uint8_t bytes[32];
	struct buf text;

	(void)i;
	random_bytes(&random, bytes, sizeof(bytes));
	buf_init(&text);
	base64url_encode(slice_bytes(bytes, sizeof(bytes)), &text);
	snprintf(ret, PORTAL_SECRET_LEN + 1, "%s", text.data);
	buf_done(&text);
}

static enum err
add_account(struct history *h, struct filler *portal, const char *enrolment,
    const struct linkage_code *code)
{
	struct digest secret = digest_of(slice_of(enrolment));
	enum err rc;

	rc = filler_next(portal,
	    portal_resident_add(portal->store, slice_of(enrolment), code));
	if (rc)
		return rc;

	return filler_next(portal,
	    portal_account_add(portal->store, slice_of(enrolment),
		slice_of(enrolment), &secret, h->now));
}

/* The index of the i-th viewer, among all residents. */
static int64_t
viewer(const struct history *h, int i)
{
	return i * (h->nation.residents / VIEWERS);
}

/* Somebody who has joined the portal and signed in. */
static enum err
add_viewer(struct history *h, struct filler *portal, int i)
{
	int64_t n = h->nation.residents;
	struct linkage_code code;
	struct digest token;
	char enrolment[33];
	enum err rc;

	snprintf(enrolment, sizeof(enrolment), "%032x", i + 1);
	make_token(i, h->tokens[i]);
	token = digest_of(slice_of(h->tokens[i]));
	rc = linkage_make(
	    h->linkage, prepared_id(viewer(h, i), n), h->portal, &code);
	if (rc == OK)
		rc = add_account(h, portal, enrolment, &code);
	if (rc)
		return rc;

	return filler_next(portal,
	    portal_session_add(portal->store, &token, slice_of(enrolment),
		instant_plus(h->now, 24 * 3600 * 1000)));
}

static enum err
fill(struct history *h)
{
	struct filler network, portal;
	const char *dir = h->nation.stage->dir;
	enum err rc;
	int i;

	rc = prepared_linkage(dir, &h->linkage, h->problem);
	if (rc)
		return rc;
	h->portal.epoch = linkage_epoch(h->linkage);
	rc = filler_open(&network, dir, "digital/network", h->problem);
	if (rc == OK)
		rc = prepared_organisation(
		    &network, "digital", &h->portal.organisation);
	if (rc == OK)
		rc = add_records(h, &network);
	rc = filler_close(&network, rc);
	if (rc)
		return rc;
	rc = filler_open(&portal, dir, "digital/portal", h->problem);
	for (i = 0; rc == OK && i < VIEWERS; i++)
		rc = add_viewer(h, &portal, i);

	return filler_close(&portal, rc);
}

/* --- Reading --------------------------------------------------------------------- */

/* The rows that a viewer sees, as the network reads them, and no more; how many
 * of them are of a provision. */
static enum err
read_rows(const struct history *h, struct filler *network,
    const struct record_code *person, int *ret_n)
{
	struct network_shown_row row;
	struct query q;
	enum err rc;

	*ret_n = 0;
	network_records_of_person_rows(
	    network->store, person, h->now, RECORDS_EACH, &q);
	while ((rc = network_records_of_person_next(&q, &row)) == OK)
		*ret_n += row.has_provided;

	return rows_end(rc);
}

static enum err
read_all(struct history *h, struct filler *network)
{
	static double ms[LOOKS];
	struct record_code person;
	double start, processor = bench_processor();
	enum err rc = OK;
	int i, n = RECORDS_EACH;

	for (i = 0; rc == OK && n == RECORDS_EACH && i < LOOKS; i++) {
		prepared_record_code(viewer(h, i % VIEWERS), &person);
		start = bench_seconds();
		rc = read_rows(h, network, &person, &n);
		ms[i] = (bench_seconds() - start) * 1000;
	}
	if (rc == OK && n != RECORDS_EACH)
		rc = problem_set(h->problem, ERR_CORRUPT,
		    "a resident has %d records of provisions in the database",
		    n);
	if (rc == OK)
		h->read_ms = bench_median(ms, LOOKS);
	h->read_core_ms = (bench_processor() - processor) * 1000 / LOOKS;

	return rc;
}

/* Before the network has its database. */
static enum err
measure_reading(struct history *h)
{
	struct filler network;
	enum err rc;

	rc = filler_open(
	    &network, h->nation.stage->dir, "digital/network", h->problem);
	if (rc == OK)
		rc = read_all(h, &network);

	return filler_close(&network, rc);
}

/* --- Looking ---------------------------------------------------------------------- */

static enum err
look(struct history *h, int viewer, double *ret_ms)
{
	double start = bench_seconds();
	json_t *answer = NULL;
	int status = 0;
	size_t n;
	enum err rc;

	rc = nation_call_as(h->nation.stage->nation, "digital/portal", HTTP_GET,
	    "/records?wait=30", NULL, slice_of(h->tokens[viewer]), &status,
	    &answer, h->problem);
	*ret_ms = (bench_seconds() - start) * 1000;
	n = json_array_size(json_object_get(answer, "records"));
	json_decref(answer);
	if (rc == OK && n != RECORDS_EACH)
		rc = problem_set(h->problem, ERR_CONFLICT,
		    "a resident was answered %d with %zu records", status, n);

	return rc;
}

static void
put(struct bench_report *report, const struct history *h, const char *name,
    double ms, double asked)
{
	bench_add(report,
	    &(struct bench_figure){.name = name,
		.unit = "ms",
		.measured = ms,
		.peer_name = "one indexed read of the same rows",
		.peer = h->read_ms,
		.asked = asked,
		.bound = BENCH_AT_MOST},
	    "load: one at a time; %d records out of %lld, of %d residents in "
	    "turn, %d times each, the first included; from the resident to "
	    "portal and network and back; mutual TLS, signed, durable%s",
	    RECORDS_EACH, (long long)h->records, VIEWERS, ROUNDS,
	    h->records < 10000000 ? "; asked at --records 10000000" : "");
}

static double
processor_of_both(const struct history *h)
{
	const struct stage *s = h->nation.stage;

	return bench_processor_of(stage_system_pid(s, "digital/portal")) +
	    bench_processor_of(stage_system_pid(s, "digital/network"));
}

static void
put_processor(struct bench_report *report, const struct history *h, double ms)
{
	bench_add(report,
	    &(struct bench_figure){.name = "processor time of a history",
		.unit = "ms",
		.measured = ms,
		.peer_name = "one indexed read of the same rows",
		.peer = h->read_core_ms,
		.asked = 55,
		.bound = BENCH_AT_MOST},
	    "of the same, portal and network together; the rest is TLS, signatures, "
	    "JSON, three commits");
}

static enum err
measure(struct history *h, struct bench_report *report)
{
	static double ms[LOOKS];
	double before = processor_of_both(h), processor;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < LOOKS; i++)
		rc = look(h, i % VIEWERS, &ms[i]);
	if (rc)
		return rc;
	processor = processor_of_both(h) - before;
	put(report, h, "a resident's history, p50",
	    bench_percentile(ms, LOOKS, 50), 100);
	put(report, h, "a resident's history, p99",
	    bench_percentile(ms, LOOKS, 99), 180);
	put_processor(report, h, processor * 1000 / LOOKS);

	return OK;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct clock clock = clock_system();
	struct history h = {.records = report->options->records,
	    .now = clock.now(clock.state),
	    .problem = problem};
	enum err rc;

	if (h.records == 0)
		h.records = RECORDS_DEFAULT;
	h.nation.residents = h.records / RECORDS_EACH;
	rc = prepared_found(&h.nation, problem);
	if (rc == OK)
		rc = fill(&h);
	if (rc == OK)
		rc = measure_reading(&h);
	if (rc == OK)
		rc = prepared_start(&h.nation, problem);
	if (rc == OK)
		rc = measure(&h, report);
	linkage_free(h.linkage);
	prepared_close(&h.nation);

	return rc;
}

const struct bench bench_history = {
    "history", "a resident's records among all of the network", run};
