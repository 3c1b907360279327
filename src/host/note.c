/* Lines for the log of a node. */
#include "host/node_internal.h"

void
node_note(struct node *node, const char *what, struct slice which,
    const struct problem *problem)
{
	struct buf line;

	/* A spoilt batch is done again, and logs its lines then. */
	if (node->log == NULL || store_is_spoilt(node->store))
		return;
	buf_init(&line);
	buf_printf(&line, "%s %.*s: %s", what, SLICE_ARG(which), problem->text);
	if (problem->detail[0] != '\0')
		buf_printf(&line, " [%s]", problem->detail);
	node->log(node->log_state, line.data);
	buf_done(&line);
}

void
turn_note(struct turn *turn, const char *what, struct slice which,
    const struct problem *problem)
{
	node_note(turn->node, what, which, problem);
}
