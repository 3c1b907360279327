/* The faults of the simulated host, by name. */
#include "virtual/simulated.h"

/* Deliveries without any fault. */
#define DELAY_MIN_MS 1
#define DELAY_MAX_MS 20

static const char *const names[FAULT_COUNT] = {
    [FAULT_LOSS] = "loss",
    [FAULT_DUPLICATION] = "duplication",
    [FAULT_REORDERING] = "reordering",
    [FAULT_DELAY] = "delay",
    [FAULT_PARTITION] = "partition",
    [FAULT_CRASH] = "crash",
    [FAULT_TORN] = "torn",
    [FAULT_SLOW] = "slow",
    [FAULT_LYING] = "lying",
    [FAULT_SKEW] = "skew",
    [FAULT_SLEEP] = "sleep",
    [FAULT_LOST] = "lost",
};

const char *
simulation_fault_name(enum simulation_fault fault)
{
	return names[fault];
}

static void
add(struct simulation_faults *f, enum simulation_fault fault)
{
	switch (fault) {
	case FAULT_LOSS:
		f->lose_request = f->lose_receipt = 60;
		return;
	case FAULT_DUPLICATION:
		f->repeat = 100;
		return;
	case FAULT_REORDERING:
		f->reorder = 150;
		return;
	case FAULT_DELAY:
		f->delay_max_ms = 400;
		return;
	case FAULT_PARTITION:
		f->cut = 15;
		f->isolate = 4;
		f->cut_max_ms = 20000;
		return;
	case FAULT_CRASH:
		f->crash_before = f->crash_after = 12;
		return;
	case FAULT_TORN:
		f->tear = 20;
		f->rip = 3;
		return;
	case FAULT_SLOW:
		f->slow = 40;
		return;
	case FAULT_LYING:
		f->lie = 80;
		return;
	case FAULT_SKEW:
		f->skew_ms = 15000;
		return;
	case FAULT_SLEEP:
		f->sleep = 30;
		return;
	case FAULT_LOST:
		f->forget = 60;
		return;
	case FAULT_COUNT:
		return;
	}
}

struct simulation_faults
simulation_faults_of(unsigned int set)
{
	struct simulation_faults f = {
	    .delay_min_ms = DELAY_MIN_MS, .delay_max_ms = DELAY_MAX_MS};
	unsigned int i;

	for (i = 0; i < FAULT_COUNT; i++) {
		if ((set & 1u << i) != 0)
			add(&f, (enum simulation_fault)i);
	}

	return f;
}

static bool
find(struct slice word, unsigned int *ret)
{
	unsigned int i;

	for (i = 0; i < FAULT_COUNT; i++) {
		if (slice_equal_string(word, names[i])) {
			*ret |= 1u << i;
			return true;
		}
	}

	return false;
}

enum err
simulation_faults_parse(
    struct slice list, unsigned int *ret, struct problem *problem)
{
	unsigned int set = 0;
	struct slice word;

	if (slice_equal_string(list, "all"))
		set = FAULTS_ALL;
	else if (!slice_equal_string(list, "none")) {
		do {
			word = slice_cut(&list, ',');
			if (!find(word, &set))
				return problem_set(problem, ERR_INPUT,
				    "there is no fault \"%.*s\"",
				    SLICE_ARG(word));
		} while (list.data != NULL);
	}
	*ret = set;

	return OK;
}

void
simulation_faults_format(unsigned int set, struct buf *ret)
{
	const char *comma = "";
	unsigned int i;

	if (set == 0)
		buf_add_string(ret, "none");
	for (i = 0; i < FAULT_COUNT; i++) {
		if ((set & 1u << i) == 0)
			continue;
		buf_printf(ret, "%s%s", comma, names[i]);
		comma = ",";
	}
}
