/*
 * Messages of ours that a peer refused for good: the component that waits for
 * something of such a message is told.
 */
#include "host/node_internal.h"

/* The part with a row for this type, edition and peer; NULL if there is none. */
static const struct part *
find_row(const struct node *node, const struct envelope *e,
    const struct system_id *by, const struct refusal_handler **ret)
{
	const struct part *part = node->parts;
	const struct refusal_handler *h;

	for (; part < node->parts + node->n_parts; part++) {
		h = part->component->refused;
		for (; h != NULL && h->told != NULL; h++) {
			*ret = h;
			if (slice_equal_string(e->type, h->told->name) &&
			    e->edition == h->told->edition &&
			    peer_is_called(by, h->by))
				return part;
		}
	}

	return NULL;
}

/* Nobody is told: the message is settled all the same.  The handler may have
 * read personal data before its error, and its own entry is undone. */
static enum err
note_untold(struct turn *turn, struct slice which)
{
	turn_note(turn, "refusal-not-told", which, turn->problem);
	problem_clear(turn->problem);

	return turn_audit(turn, "refusal.untold", which, SLICE(""));
}

/* Our own message, as its receiver would have read it. */
static enum err
call_row(
    struct turn *turn, const struct refusal_handler *h, struct message *message)
{
	const struct shape *shape = h->told->shape;
	void *input = arena_alloc(turn->arena, shape->size);

	TRY(shape_read_kept(
	    shape, turn->arena, message->text, input, turn->problem));
	message->input = input;

	return h->handle(turn, message);
}

/* In a mark of its own, which a handler's error undoes. */
static enum err
call_marked(
    struct turn *turn, const struct refusal_handler *h, struct message *message)
{
	enum err rc;

	TRY(store_mark(turn->store));
	rc = call_row(turn, h, message);
	if (rc == OK)
		rc = store_keep(turn->store);
	if (rc == OK)
		return OK;
	store_undo(turn->store);

	return err_is_passing(rc) ? rc : note_untold(turn, message->type);
}

enum err
refused_tell(struct turn *turn, const struct system_id *by,
    struct slice envelope, struct slice reason)
{
	const struct refusal_handler *h;
	const struct part *part;
	struct envelope e;
	struct message message;

	if (envelope_read(turn->arena, envelope, &e, turn->problem))
		return note_untold(turn, SLICE("envelope"));
	part = find_row(turn->node, &e, by, &h);
	if (part == NULL)
		return OK;
	message = (struct message){.id = e.id,
	    .type = e.type,
	    .from = *by,
	    .time = e.time,
	    .text = e.body,
	    .is = h->told,
	    .refusal =
		slice_is_empty(reason) ? SLICE("without a reason") : reason};
	turn->state = part->state;
	turn->exchange = (struct slice){0};
	turn->caller.request = message_id_text(turn->arena, &e.id);

	return call_marked(turn, h, &message);
}
