/*
 * How many decisions a second the law's table gives on one core, allowed and
 * refused ones mixed as they come, in memory.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "law/law.h"

#define DECISIONS 5000000
#define QUESTIONS 4096
#define RUNS 5

/* Municipalities ask municipalities for every row and item in turn. */
static void
make_questions(const struct law *law, struct law_question *questions)
{
	struct law_names municipality;
	size_t i;

	if (law_capacities(law, SLICE("municipality"), &municipality))
		abort();
	for (i = 0; i < QUESTIONS; i++) {
		questions[i].inquirer = municipality;
		questions[i].provider = municipality;
		questions[i].row = (unsigned int)(1 + i % 173);
		questions[i].kind = law_item_at(law, i % law_items(law)).number;
	}
}

static size_t
decide_all(const struct law *law, const struct law_question *questions)
{
	struct law_decision decision;
	size_t i, allowed = 0;

	for (i = 0; i < DECISIONS; i++) {
		law_decide(law, &questions[i % QUESTIONS], &decision);
		allowed += decision.allowed;
	}

	return allowed;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	static struct law_question questions[QUESTIONS];
	struct law_text text = law_text_built_in();
	double start, took, best = 1e9;
	struct bench_result *r;
	struct law *law;
	size_t allowed = 0;
	enum err rc;
	int i;

	rc = law_load(&text, &law, problem);
	if (rc)
		return rc;
	make_questions(law, questions);
	for (i = 0; i < RUNS; i++) {
		start = bench_seconds();
		allowed = decide_all(law, questions);
		took = bench_seconds() - start;
		if (took < best)
			best = took;
	}
	law_free(law);
	r = bench_row(report);
	r->what = "decisions of the legal check in memory";
	r->value = DECISIONS / best / 1e6;
	r->unit = "million/s";
	r->target = 3;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d decisions, %zu of them allowed, best of %d runs, one core",
	    DECISIONS, allowed, RUNS);

	return OK;
}

const struct bench bench_law = {"law", "decisions of the legal check", run};
