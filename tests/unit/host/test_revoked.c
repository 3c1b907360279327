/* Revoked keys: a list is taken in one turn, and the keys on it are dead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "base/encode.h"
#include "crypto/sign.h"
#include "host_statements.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define A "a/sample"
#define B "b/sample"

static struct problem problem;

static void
note(struct simulation *sim, const char *system, const char *id)
{
	json_t *answer = NULL;
	int status;

	assert_int_equal(simulation_call(sim, system, HTTP_POST, "/notes",
			     json_pack("{s:s,s:s}", "id", id, "text", "short"),
			     &status, &answer),
	    OK);
	assert_int_equal(status, 201);
	json_decref(answer);
}

static int64_t
count(struct simulation *sim, const char *system, int statement)
{
	return sample_count(simulation_node(sim, system), statement, "n");
}

static void
revoke(struct simulation *sim, const char *system, const char *reason)
{
	if (simulation_revoke(sim, system, reason, &problem))
		fail_msg("%s", problem.text);
}

/* The newest entry of the audit. */
static void
assert_audited(struct simulation *sim, const char *system, const char *basis)
{
	struct query q;
	char found[200];

	store_query(
	    node_store(simulation_node(sim, system)), NOTES_NEWEST_ENTRY, &q);
	assert_int_equal(query_step(&q), OK);
	snprintf(
	    found, sizeof(found), "%.*s", SLICE_ARG(column_text(&q, "basis")));
	query_done(&q);
	assert_string_equal(found, basis);
}

static int64_t
waiting(struct simulation *sim, const char *system)
{
	return count(sim, system, NOTES_OUTBOX);
}

static struct peer_info
peer_of(struct simulation *sim, const char *system, const char *peer)
{
	struct node *node = simulation_node(sim, system);
	size_t i;

	for (i = 0; i < node_peers(node); i++) {
		if (strcmp(node_peer(node, i).id.text, peer) == 0)
			return node_peer(node, i);
	}
	fail();

	return (struct peer_info){0};
}

static void
met(uint64_t seed, struct simulation **ret)
{
	*ret = pair_new(seed, NULL, NULL);
	note(*ret, A, "00112233445566778899aabbccddee01");
	assert_int_equal(simulation_settle(*ret, 10000), OK);
	assert_int_equal(count(*ret, B, NOTES_HEARD), 1);
	sample_revoked = 0;
}

/* --- A key ---------------------------------------------------------------- */

/* How many notes of a revoked system B hears. */
static int64_t
heard_of(const char *reason)
{
	struct simulation *sim;
	int64_t n;

	met(1, &sim);
	revoke(sim, A, reason);
	note(sim, A, "00112233445566778899aabbccddee02");
	simulation_run(sim, 60000);
	n = count(sim, B, NOTES_HEARD) - 1;
	simulation_free(sim);

	return n;
}

static void
a_revoked_key_is_not_heard(void **state)
{
	(void)state;
	assert_int_equal(heard_of(REVOKED_SUPERSEDED), 0);
	assert_int_equal(heard_of(REVOKED_COMPROMISED), 0);
	assert_int_equal(heard_of(REVOKED_ENDED), 0);
	if (!bug_is_possible())
		return;
	bug_set(BUG_REVOKED_HEARD);
	assert_int_equal(heard_of(REVOKED_COMPROMISED), 1);
	bug_set(BUG_NONE);
}

static void
a_revoked_systems_certificate_has_no_right(void **state)
{
	struct simulation *sim;
	struct fingerprint fp;
	struct slice name;

	(void)state;
	met(2, &sim);
	fp = peer_of(sim, B, A).fingerprints[0];
	name = node_organisation(simulation_node(sim, B), &fp);
	assert_true(slice_equal_string(name, "a"));
	assert_false(node_is_revoked(simulation_node(sim, B), &fp));
	revoke(sim, A, REVOKED_COMPROMISED);
	name = node_organisation(simulation_node(sim, B), &fp);
	assert_false(slice_equal_string(name, "a"));
	assert_true(node_is_revoked(simulation_node(sim, B), &fp));
	assert_true(peer_of(sim, B, A).is_revoked);
	simulation_free(sim);
}

static void
a_revocation_survives_a_restart(void **state)
{
	struct simulation *sim;
	struct fingerprint fp;

	(void)state;
	met(3, &sim);
	fp = peer_of(sim, B, A).fingerprints[0];
	revoke(sim, A, REVOKED_COMPROMISED);
	assert_int_equal(
	    simulation_restart(sim, B, simulation_now(sim), &problem), OK);
	assert_true(node_is_revoked(simulation_node(sim, B), &fp));
	assert_int_equal(node_revoked_number(simulation_node(sim, B)), 1);
	simulation_free(sim);
}

/* --- What follows --------------------------------------------------------- */

static void
the_outbox_to_a_compromised_system_is_erased_and_audited(void **state)
{
	static const struct simulation_faults none = {0};
	static const struct simulation_faults lost = {.lose_request = 1000};
	struct simulation *sim;

	(void)state;
	met(4, &sim);
	simulation_set_faults(sim, &lost);
	note(sim, B, "00112233445566778899aabbccddee03");
	note(sim, B, "00112233445566778899aabbccddee04");
	simulation_run(sim, 1000);
	assert_int_equal(waiting(sim, B), 2);
	revoke(sim, A, REVOKED_COMPROMISED);
	assert_int_equal(waiting(sim, B), 0);
	assert_int_equal(sample_revoked, 1);
	/* The hook left one, which is erased as well. */
	assert_audited(sim, B, "compromised; 3 messages erased");
	/* Later messages wait for a new key. */
	simulation_set_faults(sim, &none);
	note(sim, B, "00112233445566778899aabbccddee05");
	simulation_run(sim, 60000);
	assert_int_equal(waiting(sim, B), 1);
	assert_int_equal(count(sim, A, NOTES_HEARD), 0);
	simulation_free(sim);
}

static void
a_superseded_key_ends_nothing_else(void **state)
{
	static const struct simulation_faults lost = {.lose_request = 1000};
	struct simulation *sim;

	(void)state;
	met(5, &sim);
	simulation_set_faults(sim, &lost);
	note(sim, B, "00112233445566778899aabbccddee06");
	simulation_run(sim, 1000);
	revoke(sim, A, REVOKED_SUPERSEDED);
	assert_int_equal(waiting(sim, B), 1);
	assert_int_equal(sample_revoked, 0);
	/* A worse reason counts, once. */
	revoke(sim, A, REVOKED_COMPROMISED);
	assert_int_equal(waiting(sim, B), 0);
	assert_int_equal(sample_revoked, 1);
	revoke(sim, A, REVOKED_COMPROMISED);
	assert_int_equal(sample_revoked, 1);
	simulation_free(sim);
}

/* --- New keys ------------------------------------------------------------- */

/* Tell B a certificate and a signing key of A. */
static void
add(struct simulation *sim, struct fingerprint fp, const json_t *jwk)
{
	struct peer peer = {.url = "simulated:", .fingerprint = fp, .key = jwk};

	assert_int_equal(system_id_parse(SLICE(A), &peer.id), OK);
	assert_int_equal(
	    node_add_peers(simulation_node(sim, B), &peer, 1, &problem), OK);
}

static json_t *
new_jwk(void)
{
	struct signing_key *key = NULL;
	json_t *jwk;

	assert_int_equal(signing_key_generate(&key), OK);
	jwk = signing_key_jwk(key);
	signing_key_free(key);

	return jwk;
}

static void
a_peer_has_the_keys_that_the_directory_lists(void **state)
{
	struct peer peer = {.url = "simulated:"};
	struct simulation *sim;
	struct fingerprint old;
	struct slice name;
	struct node *b;

	(void)state;
	met(11, &sim);
	b = simulation_node(sim, B);
	old = peer_of(sim, B, A).fingerprints[0];
	peer.key = new_jwk();
	peer.fingerprint.digest.bytes[0] = 7;
	peer.older[0] = old;
	peer.n_older = 1;
	assert_int_equal(system_id_parse(SLICE(A), &peer.id), OK);
	assert_int_equal(node_add_peers(b, &peer, 1, &problem), OK);
	assert_int_equal(peer_of(sim, B, A).n_fingerprints, 2);
	name = node_organisation(b, &old);
	assert_true(slice_equal_string(name, "a"));
	name = node_organisation(b, &peer.fingerprint);
	assert_true(slice_equal_string(name, "a"));
	/* The old one has ended: it is forgotten, also after a restart. */
	peer.n_older = 0;
	assert_int_equal(node_add_peers(b, &peer, 1, &problem), OK);
	assert_int_equal(peer_of(sim, B, A).n_fingerprints, 1);
	assert_int_equal(
	    simulation_restart(sim, B, simulation_now(sim), &problem), OK);
	b = simulation_node(sim, B);
	assert_int_equal(peer_of(sim, B, A).n_fingerprints, 1);
	name = node_organisation(b, &old);
	assert_false(slice_equal_string(name, "a"));
	json_decref((json_t *)(uintptr_t)peer.key);
	simulation_free(sim);
}

static void
a_revoked_key_comes_back_under_no_certificate(void **state)
{
	struct simulation *sim;
	struct fingerprint old, pinned, fresh = {digest_of(SLICE("fresh"))};
	json_t *jwk = new_jwk();

	(void)state;
	met(6, &sim);
	old = peer_of(sim, B, A).fingerprints[0];
	revoke(sim, A, REVOKED_COMPROMISED);
	/* A certificate has the key's fingerprint, whoever signed it. */
	add(sim, old, jwk);
	assert_true(peer_of(sim, B, A).is_revoked);
	add(sim, fresh, jwk);
	assert_false(peer_of(sim, B, A).is_revoked);
	pinned = peer_of(sim, B, A).fingerprints[0];
	assert_memory_equal(&pinned, &fresh, sizeof(fresh));
	assert_true(node_is_revoked(simulation_node(sim, B), &old));
	json_decref(jwk);
	simulation_free(sim);
}

static void
a_system_that_has_ended_comes_back_under_no_key(void **state)
{
	struct simulation *sim;
	struct fingerprint fresh = {digest_of(SLICE("fresh"))};
	struct revoked_list withdrawn = {.number = 2};
	struct fingerprint old;
	json_t *jwk = new_jwk();

	(void)state;
	met(7, &sim);
	old = peer_of(sim, B, A).fingerprints[0];
	revoke(sim, A, REVOKED_ENDED);
	add(sim, fresh, jwk);
	assert_true(peer_of(sim, B, A).is_revoked);
	/* It was a false alarm: the system is back, its old key is not. */
	withdrawn.time = simulation_now(sim);
	assert_int_equal(node_take_revoked(simulation_node(sim, B), &withdrawn,
			     SLICE("text"), simulation_now(sim), &problem),
	    OK);
	assert_false(peer_of(sim, B, A).is_revoked);
	assert_true(node_is_revoked(simulation_node(sim, B), &old));
	json_decref(jwk);
	simulation_free(sim);
}

/* --- The list ------------------------------------------------------------- */

static enum err
take(struct simulation *sim, int64_t number)
{
	struct revoked_list list = {
	    .number = number, .time = simulation_now(sim)};

	return node_take_revoked(simulation_node(sim, B), &list,
	    SLICE("its text"), simulation_now(sim), &problem);
}

static void
an_older_list_is_refused(void **state)
{
	struct simulation *sim;

	(void)state;
	met(8, &sim);
	assert_int_equal(take(sim, 5), OK);
	assert_int_equal(take(sim, 4), ERR_CONFLICT);
	assert_non_null(strstr(problem.text, "the number 4"));
	assert_non_null(strstr(problem.text, "the number 5"));
	assert_int_equal(take(sim, 5), OK);
	assert_int_equal(node_revoked_number(simulation_node(sim, B)), 5);
	if (bug_is_possible()) {
		bug_set(BUG_REVOKED_LIST_OLDER);
		assert_int_equal(take(sim, 4), OK);
		bug_set(BUG_NONE);
		assert_int_equal(
		    node_revoked_number(simulation_node(sim, B)), 4);
	}
	simulation_free(sim);
}

static void
the_newest_list_is_shown(void **state)
{
	struct simulation *sim;
	json_t *answer = NULL;
	struct buf text;
	int status;

	(void)state;
	met(9, &sim);
	buf_init(&text);
	assert_int_equal(simulation_call_raw(sim, B, HTTP_GET, "/revoked",
			     SLICE(""), SLICE(""), &status, &text),
	    OK);
	assert_int_equal(status, 404);
	buf_clear(&text);
	assert_int_equal(take(sim, 5), OK);
	assert_int_equal(simulation_call_raw(sim, B, HTTP_GET, "/revoked",
			     SLICE(""), SLICE(""), &status, &text),
	    OK);
	assert_int_equal(status, 200);
	assert_string_equal(text.data, "its text");
	buf_done(&text);
	simulation_run(sim, 7000);
	assert_int_equal(simulation_call(sim, B, HTTP_GET, "/status", NULL,
			     &status, &answer),
	    OK);
	assert_int_equal(
	    json_integer_value(json_object_get(answer, "revocations")), 5);
	assert_in_range(json_integer_value(
			    json_object_get(answer, "revocations_age_seconds")),
	    6, 9);
	json_decref(answer);
	simulation_free(sim);
}

static void
a_peer_is_asked_once_an_hour(void **state)
{
	struct simulation *sim;
	struct node *b;

	(void)state;
	met(10, &sim);
	b = simulation_node(sim, B);
	while (node_wish_revoked(b) != SIZE_MAX)
		;
	simulation_run(sim, 30 * 60 * 1000);
	assert_int_equal(node_wish_revoked(b), SIZE_MAX);
	simulation_run(sim, 31 * 60 * 1000);
	assert_int_not_equal(node_wish_revoked(b), SIZE_MAX);
	assert_int_equal(node_wish_revoked(b), SIZE_MAX);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_revoked_key_is_not_heard),
	    cmocka_unit_test(a_revoked_systems_certificate_has_no_right),
	    cmocka_unit_test(a_revocation_survives_a_restart),
	    cmocka_unit_test(
		the_outbox_to_a_compromised_system_is_erased_and_audited),
	    cmocka_unit_test(a_superseded_key_ends_nothing_else),
	    cmocka_unit_test(a_peer_has_the_keys_that_the_directory_lists),
	    cmocka_unit_test(a_revoked_key_comes_back_under_no_certificate),
	    cmocka_unit_test(a_system_that_has_ended_comes_back_under_no_key),
	    cmocka_unit_test(an_older_list_is_refused),
	    cmocka_unit_test(the_newest_list_is_shown),
	    cmocka_unit_test(a_peer_is_asked_once_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
