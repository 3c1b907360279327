/* Renewal of keys: what is due, what is used when, and half a renewal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "base/file.h"
#include "nation/own_keys.h"
#include "nation/renew.h"
#include "pki/revoked.h"
#include "tests/support/scratch.h"

#define DAY_MS (24ll * 3600 * 1000)
#define YEARS_MS (730 * DAY_MS)
#define FOUNDED ((struct instant){1795219200000})
#define FILES 3

static const char ini[] = "[nation]\n"
			  "[organisation 131041]\n"
			  "kind = municipality\n"
			  "name = Shinjuku\n"
			  "systems = registry\n";
/* In the order in which a renewal replaces them. */
static const char *const names[FILES] = {"systems/131041-registry/keys",
    "directory.json", "systems/131041-registry/cert.pem"};

static char dir[SCRATCH_PATH_MAX];
static struct config *config;
static struct problem problem;
static size_t n;

static int
set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "%s", scratch_path());
	problem_clear(&problem);
	if (nation_found(
		&(struct found_options){
		    .dir = dir, .ini = slice_of(ini), .now = FOUNDED},
		&problem) ||
	    nation_config(dir, &config, &problem))
		fail_msg("%s", problem.text);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	bug_set(BUG_NONE);
	config_free(config);
	scratch_remove(dir);

	return 0;
}

static struct instant
days_before_the_end(int64_t days)
{
	return instant_plus(FOUNDED, YEARS_MS - days * DAY_MS);
}

static struct renew_options
at(struct instant now)
{
	return (struct renew_options){.dir = dir,
	    .now = now,
	    .begin = instant_plus(now, KEY_ANNOUNCED_MS)};
}

static enum err
renew(const struct renew_options *o)
{
	struct buf told;
	enum err rc;

	problem_clear(&problem);
	buf_init(&told);
	rc = nation_renew(o, &told, &n, &problem);
	buf_done(&told);

	return rc;
}

/* --- Looking -------------------------------------------------------------- */

static void
own_open(struct own_keys *own)
{
	*own = (struct own_keys){.dir = dir, .system = &config->systems[0]};
	buf_init(&own->ca);
	buf_init(&own->certificates.text);
	if (own_keys_open(own, FOUNDED, &problem))
		fail_msg("%s", problem.text);
}

/* Whether the directory lists the key for TLS. */
static bool
is_listed(const struct fingerprint *fp)
{
	struct buf path, text, hex;
	bool is;
	size_t i;

	buf_init(&path);
	buf_init(&text);
	buf_init(&hex);
	nation_path(&path, dir, "directory.json");
	assert_int_equal(file_read(path.data, 1 << 20, &text, &problem), OK);
	for (i = 0; i < sizeof(fp->digest.bytes); i++)
		buf_printf(&hex, "%02x", fp->digest.bytes[i]);
	is = memmem(text.data, text.len, hex.data, hex.len) != NULL;
	buf_done(&path);
	buf_done(&text);
	buf_done(&hex);

	return is;
}

/* A system that starts now has a key for its certificate, and others know both it
 * and its signing key.  Returns the number of certificates. */
static size_t
assert_whole(struct instant now)
{
	struct tls_identity identity = {0};
	struct own_keys own;
	size_t certificates;

	own_open(&own);
	assert_int_equal(own_keys_tls(&own, now, &identity, &problem), OK);
	assert_true(is_listed(&own.used));
	assert_in_range(own_keys_sign_epoch(&own), 1, own.attested);
	certificates = own.certificates.n;
	own_keys_done(&own);

	return certificates;
}

static struct fingerprint
used_at(struct instant now)
{
	struct tls_identity identity = {0};
	struct fingerprint used;
	struct own_keys own;

	own_open(&own);
	assert_int_equal(own_keys_tls(&own, now, &identity, &problem), OK);
	used = own.used;
	own_keys_done(&own);

	return used;
}

static bool
is_same(struct fingerprint a, struct fingerprint b)
{
	return digest_equal(&a.digest, &b.digest);
}

/* --- What is due ---------------------------------------------------------- */

static void
nothing_is_renewed_before_the_last_month(void **state)
{
	struct renew_options o = at(days_before_the_end(31));

	(void)state;
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 0);
	assert_int_equal(assert_whole(o.now), 1);
}

static void
in_the_last_month_all_is_renewed_once(void **state)
{
	struct renew_options o = at(days_before_the_end(29));

	(void)state;
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 2);
	assert_int_equal(assert_whole(o.now), 2);
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 0);
	/* A certificate that has ended leaves with the next renewal. */
	o = at(instant_plus(FOUNDED, 2 * YEARS_MS - 35 * DAY_MS));
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 2);
	assert_int_equal(assert_whole(o.now), 2);
}

static void
a_new_key_is_used_an_hour_later(void **state)
{
	struct renew_options o = at(days_before_the_end(29));
	struct fingerprint old = used_at(o.now);

	(void)state;
	assert_int_equal(renew(&o), OK);
	assert_true(is_same(used_at(o.now), old));
	assert_true(is_same(used_at(instant_plus(o.begin, -1000)), old));
	assert_false(is_same(used_at(o.begin), old));
	if (!bug_is_possible())
		return;
	bug_set(BUG_KEY_UNANNOUNCED);
	assert_false(is_same(used_at(o.now), old));
}

static void
a_holder_is_renewed_if_somebody_says_so(void **state)
{
	struct renew_options o = at(days_before_the_end(29));

	(void)state;
	assert_int_equal(renew(&o), OK);
	o.holders = true;
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 1);
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 0);
}

static void
the_lists_are_signed_anew_before_they_end(void **state)
{
	struct renew_options o =
	    at(instant_plus(FOUNDED, 5 * YEARS_MS - 40 * DAY_MS));

	(void)state;
	o.ended = true;
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 2);
	/* The authority ends in a month: no certificate would last longer. */
	o = at(instant_plus(FOUNDED, 5 * YEARS_MS - 20 * DAY_MS));
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 1);
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 0);
	o = at(instant_plus(FOUNDED, 5 * YEARS_MS));
	assert_int_equal(renew(&o), ERR_CONFLICT);
	assert_non_null(strstr(problem.text, "authority has ended"));
}

/* --- A wrong clock -------------------------------------------------------- */

static void
what_has_ended_is_not_renewed_by_itself(void **state)
{
	struct renew_options o = at(days_before_the_end(-1));

	(void)state;
	assert_int_equal(renew(&o), ERR_CONFLICT);
	assert_int_equal(n, 0);
	assert_non_null(strstr(problem.text, "whether the clock is right"));
	assert_int_equal(assert_whole(FOUNDED), 1);
	if (bug_is_possible()) {
		bug_set(BUG_RENEW_ENDED);
		assert_int_equal(renew(&o), OK);
		assert_int_equal(n, 2);
		bug_set(BUG_NONE);
		return;
	}
	o.ended = true;
	assert_int_equal(renew(&o), OK);
	assert_int_equal(n, 2);
}

static void
a_clock_that_jumps_makes_no_key_without_end(void **state)
{
	struct renew_options o;
	size_t i, made = 0;

	(void)state;
	for (i = 0; i < 20; i++) {
		o = at(i % 2 == 0 ? days_before_the_end(29)
				  : instant_plus(FOUNDED, DAY_MS));
		assert_int_equal(renew(&o), OK);
		made += n;
	}
	assert_int_equal(made, 2);
	assert_int_equal(assert_whole(instant_plus(FOUNDED, DAY_MS)), 2);
}

/* --- Half a renewal ------------------------------------------------------- */

static void
read_all(struct buf ret[FILES])
{
	struct buf path;
	size_t i;

	buf_init(&path);
	for (i = 0; i < FILES; i++) {
		buf_init(&ret[i]);
		nation_path(&path, dir, names[i]);
		assert_int_equal(
		    file_read(path.data, 1 << 20, &ret[i], &problem), OK);
	}
	buf_done(&path);
}

/* The first `n_new` files are new, the others old. */
static void
write_all(
    const struct buf old[FILES], const struct buf new[FILES], size_t n_new)
{
	struct buf path;
	size_t i;

	buf_init(&path);
	for (i = 0; i < FILES; i++) {
		nation_path(&path, dir, names[i]);
		assert_int_equal(file_replace(path.data,
				     buf_slice(i < n_new ? &new[i] : &old[i]),
				     0600, &problem),
		    OK);
	}
	buf_done(&path);
}

static void
half_a_renewal_leaves_the_old_keys_and_is_completed(void **state)
{
	struct renew_options o = at(days_before_the_end(29));
	struct buf old[FILES], new[FILES];
	struct fingerprint before = used_at(o.begin);
	size_t i;

	(void)state;
	read_all(old);
	assert_int_equal(renew(&o), OK);
	read_all(new);
	for (i = 0; i < FILES; i++) {
		write_all(old, new, i);
		assert_whole(o.begin);
		assert_true(is_same(used_at(o.begin), before));
		assert_int_equal(renew(&o), OK);
		assert_int_equal(assert_whole(o.begin), 2);
		assert_false(is_same(used_at(o.begin), before));
	}
	for (i = 0; i < FILES; i++) {
		buf_done(&old[i]);
		buf_done(&new[i]);
	}
}

/* --- Revoking ------------------------------------------------------------- */

static void
superseded_keys_are_revoked_if_somebody_says_so(void **state)
{
	struct renew_options o = at(days_before_the_end(29));
	struct revoke_options r = {.dir = dir,
	    .system_id = "131041/registry",
	    .reason = REVOKED_SUPERSEDED,
	    .since = o.now,
	    .now = o.now};
	struct fingerprint old = used_at(o.now);

	(void)state;
	assert_int_equal(nation_revoke(&r, &problem), ERR_NOT_FOUND);
	assert_int_equal(renew(&o), OK);
	/* The key that is in use is not superseded, though it has a successor. */
	r.now = r.since = o.begin;
	assert_int_equal(nation_revoke(&r, &problem), OK);
	o = at(instant_plus(o.begin, DAY_MS));
	o.only = "131041/registry";
	assert_int_equal(
	    nation_rotate(&o, "tls", &(uint32_t){0}, &problem), OK);
	assert_int_equal(assert_whole(o.begin), 2);
	assert_false(is_listed(&old));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(nothing_is_renewed_before_the_last_month),
	    TEST(in_the_last_month_all_is_renewed_once),
	    TEST(a_new_key_is_used_an_hour_later),
	    TEST(a_holder_is_renewed_if_somebody_says_so),
	    TEST(the_lists_are_signed_anew_before_they_end),
	    TEST(what_has_ended_is_not_renewed_by_itself),
	    TEST(a_clock_that_jumps_makes_no_key_without_end),
	    TEST(half_a_renewal_leaves_the_old_keys_and_is_completed),
	    TEST(superseded_keys_are_revoked_if_somebody_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
