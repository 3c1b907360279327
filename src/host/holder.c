/* Holders of certificates: what they may do here, and changes of them. */
#include "host/holder.h"

#include "base/bug.h"
#include "host/node_internal.h"
#include "host_rows.h"

/* The setting of the network that names the Commission's organisation. */
#define COMMISSION "commission"

/* --- Rights --------------------------------------------------------------- */

static bool
is_in_force(const struct holder *h, struct instant now)
{
	return h->revoked.ms == 0 && h->since.ms <= now.ms &&
	    now.ms < h->until.ms;
}

/* The duties that somebody of that organisation may have at this node. */
static uint64_t
allowed(const struct node *node, struct slice organisation)
{
	if (slice_equal(organisation, system_id_organisation(&node->id)) ||
	    bug_is(BUG_DUTIES_ABROAD))
		return DUTIES_ALL & ~DUTIES_COMMISSION;
	if (slice_equal(organisation, node_setting(node, COMMISSION)))
		return DUTIES_COMMISSION;

	return 0;
}

uint64_t
holder_duties(const struct node *node, const struct holder *h)
{
	return is_in_force(h, node->now)
	    ? h->duties & allowed(node, h->organisation)
	    : 0;
}

/* --- Changes -------------------------------------------------------------- */

static bool
is_same(const struct holder *a, const struct holder *b)
{
	return slice_equal(a->organisation, b->organisation) &&
	    slice_equal(a->name, b->name) && a->duties == b->duties &&
	    a->since.ms == b->since.ms && a->until.ms == b->until.ms &&
	    a->revoked.ms == b->revoked.ms;
}

static enum err
audit_change(struct turn *turn, const char *action, const struct holder *h,
    struct slice duties)
{
	return turn_audit(turn, action,
	    arena_printf(turn->arena, "%.*s:%.*s", SLICE_ARG(h->organisation),
		SLICE_ARG(h->name)),
	    duties);
}

static enum err
put(struct turn *turn, const struct holder *h)
{
	const struct holder *old =
	    directory_holder(turn->node->directory, &h->fingerprint);
	struct slice duties;
	struct buf names;

	if (old != NULL && is_same(old, h))
		return OK;
	buf_init(&names);
	duties_write(h->duties, &names);
	duties = arena_copy(turn->arena, buf_slice(&names));
	buf_done(&names);
	TRY(host_holder_put(turn->store,
	    &(struct host_holder_put){.fingerprint = &h->fingerprint.digest,
		.organisation = h->organisation,
		.name = h->name,
		.duties = duties,
		.since = h->since,
		.until = h->until,
		.revoked = h->revoked.ms != 0 ? &h->revoked : NULL}));

	return audit_change(turn,
	    h->revoked.ms != 0 ? "holder.revoke" : "holder.set", h, duties);
}

static bool
is_among(const struct holder *h, const struct holder *all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (digest_equal(
			&all[i].fingerprint.digest, &h->fingerprint.digest))
			return true;
	}

	return false;
}

static enum err
replace(struct turn *turn, const struct holder *holders, size_t n)
{
	const struct directory *d = turn->node->directory;
	size_t i;

	for (i = 0; i < n; i++)
		TRY(put(turn, &holders[i]));
	for (i = 0; i < d->n_holders; i++) {
		if (is_among(&d->holders[i], holders, n))
			continue;
		TRY(host_holder_drop(
		    turn->store, &d->holders[i].fingerprint.digest));
		TRY(audit_change(
		    turn, "holder.drop", &d->holders[i], SLICE("")));
	}

	return OK;
}

enum err
node_set_holders(struct node *node, const struct holder *holders, size_t n,
    struct instant now, struct problem *problem)
{
	struct caller caller = {.role = ROLE_HOST, .request = SLICE("holders")};
	struct turn turn;
	enum err rc;

	rc = node_begin(node, now);
	if (rc)
		return problem_set(problem, rc,
		    "the database of %s takes no work", node->id.text);
	rc = turn_open(node, &caller, problem, &turn);
	if (rc == OK)
		rc = turn_close(&turn, replace(&turn, holders, n));
	if (rc) {
		node_abort(node);
		return rc;
	}
	TRY(node_commit(node, problem));

	return directory_reload(node, problem);
}
