#include "systems/relay/replica.h"

#include "base/bug.h"
#include "law/catalogue.h"
#include "messages/replicas.h"
#include "relay_rows.h"
#include "systems/relay/outdated.h"
#include "systems/relay/relay.h"

#define CHANGES_MAX 500

/* One replica that an office puts; its contents are empty to delete it. */
struct putting {
	const struct addressee_replica_put *all;
	struct slice kind; /* of change */
	struct internal_number internal;
	struct slice contents;
};

static enum err
keep_former(struct turn *turn, const struct putting *p, struct slice contents,
    struct instant put)
{
	return relay_former_replica_add(turn->store,
	    &(struct relay_former_replica_add){.internal = p->internal,
		.item = p->all->item,
		.version = p->all->version,
		.contents = contents,
		.put = put,
		.replaced = turn->now});
}

static enum err
note(
    struct turn *turn, const struct putting *p, struct slice kind, int64_t late)
{
	return relay_replica_change_add(turn->store,
	    &(struct relay_replica_change_add){.internal = p->internal,
		.item = p->all->item,
		.version = p->all->version,
		.kind = kind,
		.officer = p->all->officer,
		.put = p->all->at,
		.noted = turn->now,
		.late = late});
}

/* Apply a change to a replica.  A load over existing contents replaces them. */
static enum err
change(struct turn *turn, const struct putting *p,
    const struct relay_replica_find_row *old)
{
	bool has_old = !slice_is_empty(old->contents);
	bool replaces = has_old && slice_equal_string(p->kind, "load");

	if (slice_is_empty(p->contents))
		TRY(relay_former_replica_erase(
		    turn->store, p->internal, p->all->item, p->all->version));
	else if (has_old)
		TRY(keep_former(turn, p, old->contents, old->put));
	TRY(relay_replica_put(turn->store,
	    &(struct relay_replica_put){.internal = p->internal,
		.item = p->all->item,
		.version = p->all->version,
		.contents = p->contents,
		.put = p->all->at}));

	return note(turn, p, replaces ? SLICE("replace") : p->kind, false);
}

/* The change is older than the replica that is there. */
static enum err
put_late(struct turn *turn, const struct putting *p,
    const struct relay_replica_find_row *old)
{
	if (!slice_is_empty(p->contents) && !slice_is_empty(old->contents))
		TRY(keep_former(turn, p, p->contents, p->all->at));

	return note(turn, p, p->kind, true);
}

static enum err
put_one(struct turn *turn, const struct putting *p)
{
	const struct addressee_replica_put *all = p->all;
	bool corrects = slice_equal_string(p->kind, "correct");
	struct relay_replica_find_row old = {0};
	enum err rc;

	rc = relay_replica_find(turn->store, turn->arena, p->internal,
	    all->item, all->version, &old);
	TRY(rows_end(rc));
	if (rc == OK && instant_is_before(all->at, old.put) &&
	    !bug_is(BUG_REPLICA_OLDEST))
		TRY(put_late(turn, p, &old));
	else if (rc == ERR_NOT_FOUND || !slice_equal(old.contents, p->contents))
		TRY(change(turn, p, &old));
	else
		corrects = false;
	if (corrects)
		TRY(outdated_tell(
		    turn, p->internal, all->item, all->version, all->at));

	return relay_audit(turn, "replica.put", p->internal, all->item);
}

enum err
replica_put(struct turn *turn, const struct message *message)
{
	const struct addressee_replica_put *all =
	    MESSAGE(message, addressee_replica_put);
	struct putting p = {.all = all,
	    .kind = slice_is_empty(all->change) ? SLICE("load") : all->change};
	bool deletes =
	    slice_equal_string(p.kind, "delete") && !bug_is(BUG_DELETED_KEPT);
	unsigned int form;
	size_t i;

	TRY(catalogue_check(all->item, all->version, date_in_japan(all->at),
	    &form, turn->problem));
	for (i = 0; i < all->n_items; i++) {
		p.internal = all->items[i].internal;
		p.contents = deletes ? SLICE("") : all->items[i].contents;
		TRY(put_one(turn, &p));
	}
	turn_wake(turn, RELAY_WAKE_KEY);

	return OK;
}

/* --- Finding --------------------------------------------------------------- */

enum err
replica_find(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct replica *ret)
{
	struct relay_replica_row row;
	unsigned int form = 0;

	if (slice_is_empty(version))
		TRY(relay_replica_newest(
		    turn->store, turn->arena, internal, item, &row));
	else
		TRY(relay_replica_of_version(
		    turn->store, turn->arena, internal, item, version, &row));
	/* The form that was in force when the office put it. */
	if (catalogue_form(item, date_in_japan(row.put), &form))
		form = 0;
	*ret = (struct replica){.provided.item = item,
	    .provided.version = row.version,
	    .provided.form = form,
	    .provided.contents = row.contents,
	    .put = row.put};

	return OK;
}

/* --- Changes ------------------------------------------------------------- */

static void
describe(struct json_out *o, const struct relay_replica_changes_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "item", row->item);
	json_out_text(o, "version", row->version);
	json_out_text(o, "kind", row->kind);
	json_out_text(o, "officer", row->officer);
	json_out_instant(o, "put", row->put);
	json_out_instant(o, "noted", row->noted);
	json_out_bool(o, "late", row->late == 1);
	json_out_end(o);
}

enum err
replica_route_changes(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_person_input *i = INPUT(in, relay_person_input);
	struct json_out *o = reply_object(reply, 200);
	struct relay_replica_changes_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "changes");
	relay_replica_changes_rows(
	    turn->store, i->internal_number, CHANGES_MAX, &q);
	while ((rc = relay_replica_changes_next(&q, &row)) == OK)
		describe(o, &row);
	TRY(rows_end(rc));

	return relay_audit(turn, "changes.read", i->internal_number, SLICE(""));
}
