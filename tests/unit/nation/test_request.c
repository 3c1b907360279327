/* Certificates from an authority elsewhere: clocks that are wrong, certificates
 * that are revoked, and key stores that come back from a copy.  `here` runs the
 * system, `there` has the authority's key. */
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
#include "nation/request.h"
#include "pki/revoked.h"
#include "tests/support/scratch.h"

#define DAY_MS (24ll * 3600 * 1000)
#define YEAR_MS (365 * DAY_MS)
#define FOUNDED ((struct instant){1795219200000})

static const char ini[] = "[nation]\n"
			  "[organisation 131041]\n"
			  "kind = municipality\n"
			  "name = Shinjuku\n"
			  "systems = registry\n";
static const char *const folders[] = {
    "", "ca", "systems", "systems/131041-registry"};
/* Each machine of the nation has these, whatever runs there. */
static const char *const common[] = {"nation.ini", "directory.json",
    "ca/ca.pem", "ca/ca.crl", "ca/revoked.json", NULL};
/* And where the authority's key is, these. */
static const char *const private[] = {
    "ca/ca.keys", "ca/passphrase", "systems/131041-registry/cert.pem", NULL};

static const char keys[] = "systems/131041-registry/keys";

static char here[SCRATCH_PATH_MAX], there[SCRATCH_PATH_MAX];
static char other[SCRATCH_PATH_MAX];
static struct config *config;
static struct problem problem;
static struct buf requests, certificates;

/* --- Files ---------------------------------------------------------------- */

static void
make_folders(const char *dir)
{
	struct buf path;
	size_t i;

	buf_init(&path);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		nation_path(&path, dir, folders[i]);
		assert_int_equal(folder_make(path.data, 0700, &problem), OK);
	}
	buf_done(&path);
}

static void
read_file(const char *dir, const char *name, struct buf *ret)
{
	struct buf path;

	buf_init(&path);
	buf_clear(ret);
	nation_path(&path, dir, name);
	if (file_read(path.data, 1 << 20, ret, &problem))
		fail_msg("%s", problem.text);
	buf_done(&path);
}

static void
write_file(const char *dir, const char *name, const struct buf *text)
{
	struct buf path;

	buf_init(&path);
	nation_path(&path, dir, name);
	if (file_replace(path.data, buf_slice(text), 0600, &problem))
		fail_msg("%s", problem.text);
	buf_done(&path);
}

static void
bring(const char *from, const char *to, const char *const *names)
{
	struct buf text;

	buf_init(&text);
	for (; *names != NULL; names++) {
		read_file(from, *names, &text);
		write_file(to, *names, &text);
	}
	buf_done(&text);
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(here, sizeof(here), "%s", scratch_path());
	snprintf(there, sizeof(there), "%s", scratch_path());
	snprintf(other, sizeof(other), "%s", scratch_path());
	problem_clear(&problem);
	buf_init(&requests);
	buf_init(&certificates);
	if (nation_found(
		&(struct found_options){
		    .dir = here, .ini = slice_of(ini), .now = FOUNDED},
		&problem) ||
	    nation_config(here, &config, &problem))
		fail_msg("%s", problem.text);
	make_folders(there);
	bring(here, there, common);
	bring(here, there, private);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	bug_set(BUG_NONE);
	buf_done(&requests);
	buf_done(&certificates);
	scratch_remove(here);
	scratch_remove(there);
	scratch_remove(other);
	config_free(config);

	return 0;
}

/* --- The three steps ------------------------------------------------------ */

static struct instant
later(int64_t ms)
{
	return instant_plus(FOUNDED, ms);
}

static enum err
request(struct instant now)
{
	const struct renew_options o = {.dir = here, .now = now, .anew = true};
	struct buf told;
	enum err rc;
	size_t n;

	buf_init(&told);
	buf_clear(&requests);
	problem_clear(&problem);
	rc = nation_request(&o, &told, &n, &requests, &problem);
	buf_done(&told);

	return rc;
}

static enum err
sign(struct instant now, int64_t begin_ms)
{
	const struct renew_options o = {
	    .dir = there, .now = now, .begin = instant_plus(now, begin_ms)};
	struct buf told, digest;
	enum err rc;

	buf_init(&told);
	buf_init(&digest);
	buf_clear(&certificates);
	problem_clear(&problem);
	requests_digest(buf_slice(&requests), &digest);
	rc = nation_sign(&o, buf_slice(&requests), digest.data, &told,
	    &certificates, &problem);
	buf_done(&told);
	buf_done(&digest);

	return rc;
}

static enum err
install_at(const char *dir, struct instant now)
{
	const struct renew_options o = {.dir = dir, .now = now};
	struct buf told;
	enum err rc;

	buf_init(&told);
	problem_clear(&problem);
	rc = nation_install(&o, buf_slice(&certificates), &told, &problem);
	buf_done(&told);

	return rc;
}

static enum err
install(struct instant now)
{
	return install_at(here, now);
}

static void
assert_done(enum err rc)
{
	if (rc)
		fail_msg("%s", problem.text);
}

static void
assert_refused(enum err rc, enum err expected, const char *text)
{
	assert_int_equal(rc, expected);
	if (strstr(problem.text, text) == NULL)
		fail_msg("%s", problem.text);
}

/* --- Revoked --------------------------------------------------------------- */

static void
a_revoked_certificate_that_begins_later_blocks_no_other(void **state)
{
	const struct instant now = later(DAY_MS);
	const struct revoke_options stolen = {.dir = there,
	    .system_id = "131041/registry",
	    .reason = "compromised",
	    .since = now,
	    .now = now};

	(void)state;
	assert_done(request(now));
	assert_done(sign(now, 29 * DAY_MS));
	assert_done(install(now));
	assert_done(request(now));
	assert_refused(
	    sign(now, DAY_MS), ERR_CONFLICT, "begins before the newest one");
	assert_done(nation_revoke(&stolen, &problem));
	bring(there, here, common);
	assert_done(request(now));
	assert_done(sign(now, DAY_MS));
	assert_done(install(now));
}

/* --- Wrong clocks --------------------------------------------------------- */

static void
a_certificate_of_a_clock_that_is_ahead_is_replaced(void **state)
{
	const struct instant now = later(DAY_MS);

	(void)state;
	assert_done(request(now));
	assert_done(sign(later(YEAR_MS), DAY_MS));
	assert_refused(
	    install(now), ERR_CONFLICT, "more than 31 days from now");
	assert_done(sign(now, DAY_MS));
	assert_done(install(now));
	/* Another key follows. */
	assert_done(request(now));
	assert_done(sign(now, 2 * DAY_MS));
	assert_done(install(now));
}

static void
without_the_check_it_keeps_every_other_one_out(void **state)
{
	const struct instant now = later(DAY_MS);

	(void)state;
	if (!bug_is_possible())
		return;
	bug_set(BUG_CERTIFICATE_UNTIMELY);
	assert_done(request(now));
	assert_done(sign(later(YEAR_MS), DAY_MS));
	assert_done(install(now));
	assert_done(request(now));
	assert_refused(
	    sign(now, DAY_MS), ERR_CONFLICT, "begins before the newest one");
}

static void
a_certificate_of_a_clock_that_is_behind_is_replaced(void **state)
{
	const struct instant now = later(3 * YEAR_MS);

	(void)state;
	assert_done(request(now));
	assert_done(sign(later(DAY_MS), DAY_MS));
	assert_refused(install(now), ERR_CONFLICT, "sign the same requests");
	assert_done(sign(now, DAY_MS));
	assert_done(install(now));
	assert_done(request(now));
	assert_done(sign(now, 2 * DAY_MS));
	assert_done(install(now));
}

static void
a_clock_before_the_authority_signs_nothing(void **state)
{
	(void)state;
	assert_done(request(later(DAY_MS)));
	assert_refused(
	    sign(later(-YEAR_MS), DAY_MS), ERR_CONFLICT, "set the clock");
	assert_done(sign(later(DAY_MS), DAY_MS));
	assert_done(install(later(DAY_MS)));
}

/* --- A key store from a copy ---------------------------------------------- */

/* The epoch of the signing key that the system starts with, which the directory
 * lists. */
static uint32_t
epoch_at_start(struct instant now)
{
	struct own_keys own = {.dir = here, .system = &config->systems[0]};
	uint32_t epoch;

	buf_init(&own.ca);
	buf_init(&own.certificates.text);
	assert_done(own_keys_open(&own, now, &problem));
	epoch = own_keys_sign_epoch(&own);
	assert_in_range(epoch, 1, own.attested);
	own_keys_done(&own);

	return epoch;
}

/* A certificate is made for keys that are lost then; `keeps` it, or not, in the
 * directory here. */
static void
lose_keys(struct instant now, bool keeps)
{
	struct buf copy;

	buf_init(&copy);
	read_file(here, keys, &copy);
	assert_done(request(now));
	assert_done(sign(now, DAY_MS));
	write_file(here, keys, &copy);
	buf_done(&copy);
	assert_refused(
	    install(now), ERR_CRYPTO, "answers the request from here");
	if (keeps)
		bring(there, here, common);
}

static void
assert_way_on(bool keeps)
{
	const struct instant now = later(DAY_MS);

	lose_keys(now, keeps);
	assert_int_equal(epoch_at_start(now), 1);
	assert_done(request(now));
	assert_int_equal(epoch_at_start(now), 1);
	assert_done(sign(now, 2 * DAY_MS));
	assert_done(install(now));
	assert_int_equal(epoch_at_start(now), 2);
	bring(there, here, common);
	assert_int_equal(epoch_at_start(now), 2);
	assert_done(request(now));
	assert_done(sign(now, 3 * DAY_MS));
	assert_done(install(now));
	assert_int_equal(epoch_at_start(now), 3);
}

static void
keys_that_are_lost_leave_a_way_on(void **state)
{
	(void)state;
	assert_way_on(false);
}

static void
lost_keys_that_the_directory_has_leave_a_way_on(void **state)
{
	(void)state;
	assert_way_on(true);
}

/* --- Two answers in the wrong order --------------------------------------- */

/* The directory of a machine lists so much of the system. */
static json_t *
listed(const char *dir, const char *name)
{
	json_t *document, *value;

	assert_done(nation_directory(dir, &document, &problem));
	value = json_object_get(
	    json_array_get(json_object_get(document, "systems"), 0), name);
	json_incref(value);
	json_decref(document);

	return value;
}

static void
assert_listed_alike(const char *name)
{
	json_t *a = listed(here, name), *b = listed(other, name);

	assert_non_null(a);
	assert_true(json_equal(a, b));
	json_decref(a);
	json_decref(b);
}

static void
where_no_key_store_is_two_answers_count_in_any_order(void **state)
{
	const struct instant now = later(DAY_MS);
	struct buf first;
	json_t *tls;

	(void)state;
	make_folders(other);
	bring(here, other, common);
	assert_done(request(now));
	assert_done(sign(now, DAY_MS));
	assert_done(install(now));
	first = certificates;
	buf_init(&certificates);
	assert_done(request(now));
	assert_done(sign(now, 2 * DAY_MS));
	assert_done(install(now));
	assert_done(install_at(other, now));
	buf_done(&certificates);
	certificates = first;
	assert_done(install_at(other, now));
	assert_listed_alike("certificates");
	assert_listed_alike("key");
	tls = listed(other, "fingerprints");
	assert_int_equal(json_array_size(tls), 3);
	json_decref(tls);
}

/* --- A file on its way ---------------------------------------------------- */

static void
assert_plain(const char *carried, const char *expected)
{
	struct buf text;

	buf_init(&text);
	requests_plain(slice_of(carried), &text);
	assert_true(slice_equal_string(buf_slice(&text), expected));
	buf_done(&text);
}

static void
line_ends_and_a_byte_order_mark_do_not_count(void **state)
{
	(void)state;
	assert_plain("a\nb\n", "a\nb\n");
	assert_plain("\xef\xbb\xbf"
		     "a\r\nb\r\n",
	    "a\nb\n");
	assert_plain("", "");
	/* Nothing else is taken away. */
	assert_plain("a\rb\r", "a\rb\r");
	assert_plain("a\xef\xbb\xbf", "a\xef\xbb\xbf");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_revoked_certificate_that_begins_later_blocks_no_other),
	    TEST(a_certificate_of_a_clock_that_is_ahead_is_replaced),
	    TEST(without_the_check_it_keeps_every_other_one_out),
	    TEST(a_certificate_of_a_clock_that_is_behind_is_replaced),
	    TEST(a_clock_before_the_authority_signs_nothing),
	    TEST(keys_that_are_lost_leave_a_way_on),
	    TEST(lost_keys_that_the_directory_has_leave_a_way_on),
	    TEST(where_no_key_store_is_two_answers_count_in_any_order),
	    TEST(line_ends_and_a_byte_order_mark_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
