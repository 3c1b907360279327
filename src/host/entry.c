/* Entries of the audit: who hears of them, and that of a change which nobody wrote
 * one for. */
#include "host/node_internal.h"
#include "host_rows.h"

void
turn_tell_audited(struct turn *turn)
{
	const struct node *node = turn->node;
	size_t i;

	for (i = 0; i < node->n_parts; i++) {
		if (node->parts[i].component->audited != NULL)
			node->parts[i].component->audited(turn);
	}
}

enum err
node_enter_change(struct node *node)
{
	struct turn turn = {
	    .node = node, .store = node->store, .now = node->now};

	if (!store_rows_unaudited(node->store))
		return OK;
	turn_tell_audited(&turn);

	return host_audit_put(node->store,
	    &(struct host_audit_put){.at = node->now,
		.actor = SLICE("host"),
		.action = SLICE("rows.change"),
		.subject = SLICE(""),
		.basis = SLICE(""),
		.request = SLICE("commit")});
}
