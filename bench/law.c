/*
 * How many decisions a second the law's table gives on one core, allowed and
 * refused ones mixed as they come, in memory.
 *
 * Prints one line; --json for programs.  The best of five runs counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "law/law.h"

#define DECISIONS 5000000
#define QUESTIONS 4096
#define RUNS 5

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);

	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

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

int
main(int argc, char **argv)
{
	static struct law_question questions[QUESTIONS];
	struct law_text text = law_text_built_in();
	double start, took, best = 1e9;
	struct problem problem;
	struct law *law;
	size_t allowed = 0;
	int i;

	problem_clear(&problem);
	if (law_load(&text, &law, &problem)) {
		fprintf(stderr, "%s\n", problem.text);
		return 1;
	}
	make_questions(law, questions);
	for (i = 0; i < RUNS; i++) {
		start = seconds();
		allowed = decide_all(law, questions);
		took = seconds() - start;
		if (took < best)
			best = took;
	}
	law_free(law);
	if (argc == 2 && strcmp(argv[1], "--json") == 0)
		printf("{\"name\": \"law\", \"unit\": \"decisions/s\", "
		       "\"value\": %.0f}\n",
		    DECISIONS / best);
	else
		printf("law: %.1f million decisions/s, %zu of %d allowed, one "
		       "core, in memory\n",
		    DECISIONS / best / 1e6, allowed, DECISIONS);

	return 0;
}
