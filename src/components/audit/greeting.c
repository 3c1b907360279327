#include "components/audit/greeting.h"

#include <stdlib.h>

#include "base/bug.h"
#include "components/audit/ledger_internal.h"
#include "host/gate.h"

#define WAIT_MS 10000
#define AGAIN_MS 500 /* the directory may lack the witness at first */

struct greeting {
	bool is_sent, is_answered, is_halted;
	struct instant until;
};

/* --- Halting -------------------------------------------------------------- */

static void
halt(struct turn *turn, struct greeting *g)
{
	g->is_halted = true;
	turn_gate(turn, GATE_HALTED,
	    "this system is halted: its witness has a checkpoint that our own "
	    "key has signed and this database does not have; restore the "
	    "newest copy; to go on with this one, start with --adopt-older "
	    "REASON");
}

/* Was a claim left undecided by an earlier run?  An officer decides by the
 * option of this start. */
static enum err
look_at_claims(struct turn *turn, struct greeting *g)
{
	const struct adoption *adoption = turn_adoption(turn);
	struct audit_claims_open_row open;

	TRY(audit_claims_open(turn->store, &open));
	if (open.n == 0)
		return OK;
	if (adoption == NULL || adoption->what != ADOPT_OLDER) {
		halt(turn, g);
		return OK;
	}
	TRY(audit_claims_adopt(turn->store, turn->now));

	return turn_audit(turn, "database.adopt-older", SLICE("ledger"),
	    slice_of(adoption->reason));
}

enum err
greeting_start(struct turn *turn, void **ret_state)
{
	struct greeting *g = heap_array(1, sizeof(*g));

	*ret_state = g;
	g->until = instant_plus(turn->now, WAIT_MS);
	if (slice_is_empty(turn_setting(turn, "witness")))
		turn_gate(turn, GATE_UNWITNESSED, "");
	else if (turn_worked_before(turn))
		turn_gate(turn, GATE_WAITING,
		    "this system waits for its witness, ten seconds at most, "
		    "and takes messages then");

	return look_at_claims(turn, g);
}

void
greeting_stop(void *state)
{
	free(state);
}

/* --- Greeting --------------------------------------------------------------- */

bool
greeting_is_owed(struct turn *turn)
{
	struct greeting *g = turn->state;

	if (g->is_answered || g->is_halted)
		return false;
	if (!instant_is_before(turn->now, g->until)) {
		turn_gate(turn, GATE_UNWITNESSED, "");
		return false;
	}
	turn_hurry_within(turn, GREETING_TIMER,
	    g->is_sent ? g->until.ms - turn->now.ms : AGAIN_MS);

	return !g->is_sent;
}

void
greeting_sent(struct turn *turn)
{
	struct greeting *g = turn->state;

	g->is_sent = true;
}

void
greeting_confirmed(struct turn *turn)
{
	struct greeting *g = turn->state;

	g->is_answered = true;
	if (!g->is_halted)
		turn_gate(turn, GATE_OPEN, "");
}

/* --- Claims ----------------------------------------------------------------- */

/* Whether `key`, one of ours, has signed it. */
static bool
has_signed(const struct stored_key *key, const struct checkpoint *c)
{
	struct checkpoint_key *public = NULL;
	struct signing_key *signing = NULL;
	json_t *jwk = NULL;
	bool has = false;

	if (signing_key_decode(key->secret, &signing) == OK)
		jwk = signing_key_jwk(signing);
	if (jwk != NULL && checkpoint_key_new(c->origin, jwk, &public) == OK)
		has = checkpoint_verify(c, public) == OK;
	checkpoint_key_free(public);
	json_decref(jwk);
	signing_key_free(signing);

	return has;
}

/* Whether it is a checkpoint of our ledger, signed with any key that we ever
 * had. */
static bool
is_ours(struct turn *turn, const struct checkpoint *c)
{
	const struct stored_key *key;
	uint32_t epoch;

	if (!slice_equal(
		c->origin, ledger_origin(turn->arena, turn_self(turn))))
		return false;
	for (epoch = 1;
	     (key = keystore_epoch(turn->keys, "sign", epoch)) != NULL;
	     epoch++) {
		if (has_signed(key, c))
			return true;
	}

	return false;
}

static enum err
ignore(struct turn *turn, const struct system_id *witness)
{
	struct problem problem = {0};

	(void)!problem_set(&problem, ERR_CRYPTO,
	    "it claims to have a checkpoint of ours that no key of ours has "
	    "signed; expected one of our own; the claim is ignored");
	turn_note(turn, "witness", slice_of(witness->text), &problem);

	return OK;
}

/* A history of ours that is not in this database.  One that an officer has
 * decided about does not stop the system again. */
static enum err
take_claim(struct turn *turn, const struct system_id *witness,
    const struct checkpoint *c, struct slice note)
{
	struct audit_claims_open_row open;

	TRY(audit_claim_put(turn->store,
	    &(struct audit_claim_put){.size = (int64_t)c->tree.size,
		.root = &c->tree.root,
		.note = note,
		.witness = witness,
		.at = turn->now}));
	TRY(audit_claims_open(turn->store, &open));
	if (open.n > 0)
		halt(turn, turn->state);

	return OK;
}

enum err
greeting_hear(struct turn *turn, const struct system_id *witness,
    struct slice newest, bool *ret_halted)
{
	struct merkle_tree tree;
	struct checkpoint c;

	*ret_halted = false;
	if (checkpoint_parse(turn->arena, newest, &c) ||
	    (!is_ours(turn, &c) && !bug_is(BUG_CLAIM_UNSIGNED)))
		return ignore(turn, witness);
	TRY(ledger_tree(turn, c.tree.size, &tree));
	if (tree.size == c.tree.size &&
	    digest_equal(&tree.root, &c.tree.root)) {
		greeting_confirmed(turn);
		return OK;
	}
	/* An operator who shows two histories would not halt. */
	*ret_halted = !bug_is(BUG_CLAIM_IGNORED) && !bug_is(BUG_HISTORY_FORKED);

	return *ret_halted ? take_claim(turn, witness, &c, newest) : OK;
}
