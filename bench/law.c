/*
 * How many decisions a second the law's table gives on one core, allowed and
 * refused ones mixed as they come, in memory, against reading each answer in an
 * array that has them all.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "law/law.h"

#define DECISIONS 5000000
#define QUESTIONS 4096

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

/* --- Both sides ------------------------------------------------------------- */

struct subject {
	const struct law *law;
	struct law_question questions[QUESTIONS];
	bool table[LAW_ROWS_MAX + 1][LAW_KINDS_MAX]; /* of their answers */
	size_t allowed, found;
};

static void
decide(void *state)
{
	struct subject *s = state;
	struct law_decision decision;
	size_t i;

	for (s->allowed = i = 0; i < DECISIONS; i++) {
		law_decide(s->law, &s->questions[i % QUESTIONS], &decision);
		s->allowed += decision.allowed;
	}
}

static void
look_up(void *state)
{
	struct subject *s = state;
	const struct law_question *q;
	size_t i;

	for (s->found = i = 0; i < DECISIONS; i++) {
		q = &s->questions[i % QUESTIONS];
		s->found += s->table[q->row][q->kind];
	}
}

/* As if the law were never read with other names, rows and kinds. */
static void
write_down(struct subject *s)
{
	struct law_decision decision;
	const struct law_question *q;

	for (q = s->questions; q < s->questions + QUESTIONS; q++) {
		law_decide(s->law, q, &decision);
		s->table[q->row][q->kind] = decision.allowed;
	}
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	static struct subject s;
	const struct bench_side decisions = {decide, &s, DECISIONS / 1e6};
	const struct bench_side look_ups = {look_up, &s, DECISIONS / 1e6};
	struct bench_figure f = {
	    .name = "decisions of the legal check in memory",
	    .unit = "million/s",
	    .peer_name = "reading the answer in an array",
	    .asked = 0.07};
	struct law_text text = law_text_built_in();
	struct law *law;
	enum err rc;

	rc = law_load(&text, &law, problem);
	if (rc)
		return rc;
	s.law = law;
	make_questions(law, s.questions);
	write_down(&s);
	bench_compare(&decisions, &look_ups, &f);
	bench_add(report, &f,
	    "%d decisions, %zu of them allowed; the peer has the answers in "
	    "an array of rows and kinds; processor time of one core",
	    DECISIONS, s.allowed);
	law_free(law);

	return OK;
}

const struct bench bench_law = {"law", "decisions of the legal check", run};
