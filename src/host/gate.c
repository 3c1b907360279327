#include "host/gate.h"

#include <stdio.h>

#include "host/node_internal.h"

void
turn_gate(struct turn *turn, enum gate gate, const char *why)
{
	struct node *node = turn->node;

	node->gate = gate;
	snprintf(node->gate_why, sizeof(node->gate_why), "%s", why);
}

const struct adoption *
turn_adoption(const struct turn *turn)
{
	return turn->node->adoption;
}

bool
turn_worked_before(const struct turn *turn)
{
	return turn->node->worked_before;
}

enum err
gate_check(
    const struct node *node, const struct part *part, struct problem *problem)
{
	const struct part *system = &node->parts[node->n_parts - 1];

	if (node->gate == GATE_HALTED ||
	    (node->gate == GATE_WAITING && part == system))
		return problem_set(problem, ERR_BUSY, "%s", node->gate_why);

	return OK;
}
