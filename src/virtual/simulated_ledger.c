/* The ledgers of a simulated nation, after its end. */
#include "components/audit/ledger.h"
#include "components/audit/witness.h"
#include "virtual/simulated_internal.h"

struct books {
	struct simulation *sim;
	struct arena *arena;
	struct problem *problem;
	struct store *stores[MEMBERS_MAX];
};

static void
close_books(struct books *b)
{
	size_t i;

	for (i = 0; i < b->sim->n_members; i++)
		store_close(b->stores[i]);
	arena_free(b->arena);
}

static enum err
open_books(struct simulation *sim, struct books *ret, struct problem *problem)
{
	struct store_options options = {.access = STORE_READ};
	const struct member *m;
	enum err rc = OK;
	size_t i;

	*ret = (struct books){.sim = sim, .problem = problem};
	ret->arena = arena_new();
	for (i = 0; rc == OK && i < sim->n_members; i++) {
		m = &sim->members[i];
		rc = system_open_store(
		    m->system, m->database, &options, &ret->stores[i], problem);
	}
	if (rc)
		close_books(ret);

	return rc;
}

enum err
simulation_verify_ledgers(struct simulation *sim, struct problem *problem)
{
	struct ledger_findings findings;
	const struct json_t *key;
	struct problem found = {0};
	struct books b;
	enum err rc;
	size_t i;

	rc = open_books(sim, &b, problem);
	if (rc)
		return rc;
	for (i = 0; rc == OK && i < sim->n_members; i++) {
		key = sim->members[i].jwk;
		rc = ledger_verify(b.stores[i], &sim->members[i].id, &key, 1,
		    &findings, &found);
		if (rc == OK && findings.waiting > 0)
			rc = problem_set(&found, ERR_CORRUPT,
			    "%llu entries are not in the ledger yet",
			    (unsigned long long)findings.waiting);
		if (rc)
			rc = problem_set(problem, rc, "%s: %s",
			    sim->members[i].id.text, found.text);
	}
	close_books(&b);

	return rc;
}

/* --- Witnesses ----------------------------------------------------------- */

static enum err
contradicts(struct books *b, size_t witness, size_t log, const char *what)
{
	return problem_set(b->problem, ERR_CORRUPT, "%s, %s of %s",
	    b->sim->members[witness].id.text, what,
	    b->sim->members[log].id.text);
}

/* Check that the log has the root that the witness signed. */
static enum err
compare_root(struct books *b, size_t witness, size_t log,
    const struct merkle_tree *signed_tree)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct ledger_head head;
	struct digest root;
	enum err rc;

	rc = ledger_head_load(b->stores[log], b->arena, "signed", &head);
	if (rc)
		return rc;
	if (signed_tree->size > head.size)
		return contradicts(b, witness, log, "signed a longer ledger");
	ledger_reader_init(&reader, b->stores[log], head.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_root(&hashes, signed_tree->size, &root);
	ledger_reader_done(&reader);
	if (rc == OK && !digest_equal(&root, &signed_tree->root))
		rc = contradicts(b, witness, log, "signed another ledger");

	return rc;
}

/* Compare a log with the checkpoint that a witness signed of it, if any. */
static enum err
compare(struct books *b, size_t witness, size_t log)
{
	struct slice origin = ledger_origin(b->arena, &b->sim->members[log].id);
	struct witnessed w;
	enum err rc = witness_load(b->stores[witness], b->arena, origin, &w);

	if (rc)
		return rc;
	if (w.contradicted)
		return contradicts(b, witness, log, "saw two histories");

	return w.tree.size == 0 ? OK : compare_root(b, witness, log, &w.tree);
}

enum err
simulation_verify_witnesses(struct simulation *sim, struct problem *problem)
{
	struct books b;
	size_t i, j;
	enum err rc;

	rc = open_books(sim, &b, problem);
	if (rc)
		return rc;
	for (i = 0; rc == OK && i < sim->n_members; i++) {
		for (j = 0; rc == OK && j < sim->n_members; j++) {
			if (i != j)
				rc = compare(&b, i, j);
		}
	}
	close_books(&b);

	return rc;
}
