/* What a resident sees: a hundred records among millions, by the portal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "bench/bench.h"
#include "bench/prepared.h"
#include "crypto/hash.h"
#include "nation/progress.h"
#include "network_statements.h"
#include "portal_statements.h"
#include "store/store.h"
#include "systems/portal/portal.h"

#define RECORDS_DEFAULT 1000000
#define RECORDS_EACH 100
#define VIEWERS 200
#define ROUNDS 10
#define YEARS 6
#define YEARS_MS (YEARS * 365ll * 24 * 3600 * 1000)

struct history {
	struct prepared nation; /* residents: those who have records */
	int64_t records;
	struct instant now;
	struct linkage *linkage;
	struct code_owner portal;
	char tokens[VIEWERS][PORTAL_SECRET_LEN + 1];
	struct problem *problem;
};

/* --- Records ------------------------------------------------------------------ */

static enum err
add_persons(struct history *h, struct filler *network, uint8_t (*codes)[16])
{
	int64_t i, n = h->nation.residents;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		rc = prepared_person(network, i, n, codes[i]);
		if (rc == OK)
			rc = prepared_holder(
			    network, prepared_id(i, n), h->portal);
	}

	return rc;
}

static enum err
add_record(struct history *h, struct filler *network, int64_t i,
    const uint8_t person[16])
{
	int64_t at = h->now.ms - YEARS_MS + i * (YEARS_MS / h->records);
	char record[33], inquiry[33];
	struct query q;

	/* Ids ascend with time, as those do that the systems make. */
	snprintf(record, sizeof(record), "%016llx%016llx", (long long)at,
	    (long long)i);
	snprintf(inquiry, sizeof(inquiry), "%016llx%016llx", (long long)at - 9,
	    (long long)i);
	store_query(network->store, NETWORK_RECORD_ADD, &q);
	query_text(&q, "record", slice_of(record));
	query_blob(&q, "person", slice_bytes(person, 16));
	query_text(&q, "inquirer", SLICE("131041"));
	query_text(&q, "inquiry", slice_of(inquiry));
	query_text(&q, "affair", SLICE("106"));
	query_text(&q, "item", SLICE("local-tax"));
	query_text(&q, "provider", SLICE("012041"));
	query_text(&q, "unit", SLICE("子ども家庭部子ども家庭課"));
	query_text(&q, "article",
	    SLICE("番号法19条8号、令和6年命令第9号2条の表106の項"));
	query_text(&q, "edition", SLICE(""));
	query_int(&q, "requested", at);
	query_int(&q, "expires", at + 86400000);
	query_text(&q, "outcome", SLICE("provided"));
	query_text(&q, "reason", SLICE(""));
	query_int(&q, "undisclosed", 0);

	return filler_next(network, query_run(&q));
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* One of the years: some records of each person. */
static enum err
add_year(struct history *h, struct filler *network, int year,
    uint8_t (*codes)[16], struct progress *bar)
{
	int k, first = year * RECORDS_EACH / YEARS;
	int64_t i, n = h->nation.residents;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		for (k = first;
		     rc == OK && k < (year + 1) * RECORDS_EACH / YEARS; k++)
			rc = add_record(h, network, k * n + i, codes[i]);
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
	uint8_t(*codes)[16] = heap_array((size_t)n, sizeof(*codes));
	struct progress bar;
	enum err rc;
	int year;

	progress_begin(&bar, "records of the network", h->records, false);
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
	struct query q;
	enum err rc;

	store_query(portal->store, PORTAL_ACCOUNT_ADD, &q);
	query_text(&q, "enrolment", slice_of(enrolment));
	query_blob(&q, "secret", digest_slice(&secret));
	query_text(&q, "acquisition", slice_of(enrolment));
	query_int(&q, "made", h->now.ms);
	rc = filler_next(portal, query_run(&q));
	if (rc)
		return rc;
	store_query(portal->store, PORTAL_ACCOUNT_CONFIRM, &q);
	query_text(&q, "enrolment", slice_of(enrolment));
	query_blob(&q, "code", linkage_code_slice(code));

	return filler_next(portal, query_run(&q));
}

/* Somebody who has joined the portal and signed in. */
static enum err
add_viewer(struct history *h, struct filler *portal, int i)
{
	int64_t n = h->nation.residents;
	struct linkage_code code;
	struct digest token;
	char enrolment[33];
	struct query q;
	enum err rc;

	snprintf(enrolment, sizeof(enrolment), "%032x", i + 1);
	make_token(i, h->tokens[i]);
	token = digest_of(slice_of(h->tokens[i]));
	rc = linkage_make(
	    h->linkage, prepared_id(i * (n / VIEWERS), n), h->portal, &code);
	if (rc == OK)
		rc = add_account(h, portal, enrolment, &code);
	if (rc)
		return rc;
	store_query(portal->store, PORTAL_SESSION_ADD, &q);
	query_blob(&q, "token", digest_slice(&token));
	query_text(&q, "enrolment", slice_of(enrolment));
	query_int(&q, "expires", h->now.ms + 24 * 3600 * 1000);

	return filler_next(portal, query_run(&q));
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
put(struct bench_report *report, const struct history *h, const char *what,
    double ms, double target)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = ms;
	r->unit = "ms";
	r->target = target;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d records out of %lld, of %d residents in turn, %d times each, the "
	    "first included, one at a time; from the resident to portal and network and back; "
	    "mutual TLS, signed, durable%s",
	    RECORDS_EACH, (long long)h->records, VIEWERS, ROUNDS,
	    h->records < 10000000 ? "; asked at --records 10000000" : "");
}

static enum err
measure(struct history *h, struct bench_report *report)
{
	static double ms[ROUNDS * VIEWERS];
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < ROUNDS * VIEWERS; i++)
		rc = look(h, i % VIEWERS, &ms[i]);
	if (rc)
		return rc;
	put(report, h, "a resident's history, p50",
	    bench_percentile(ms, ROUNDS * VIEWERS, 50), 0);
	put(report, h, "a resident's history, p99",
	    bench_percentile(ms, ROUNDS * VIEWERS, 99), 10);

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
		rc = prepared_start(&h.nation, problem);
	if (rc == OK)
		rc = measure(&h, report);
	linkage_free(h.linkage);
	prepared_close(&h.nation);

	return rc;
}

const struct bench bench_history = {
    "history", "a resident's records among all of the network", run};
