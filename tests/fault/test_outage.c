/*
 * One part at a time is down: what needs it waits, everything else goes on,
 * and what waited is done when it is back.  Lists that are late, and a
 * directory that cannot be read, hold for a time, and the systems say so.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/family.h"
#include "tests/support/read_in.h"

#define ROUNDS 10

static struct family f;
static struct instant opened;

static int
set_up(void **state)
{
	struct clock clock = clock_system();

	(void)state;
	family_open(&f);
	opened = clock.now(clock.state);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	family_close(&f);

	return 0;
}

static int64_t
records(void)
{
	return family_status(&f, "digital/network", "records");
}

/* Permits whose end the network has not heard of.  The provider's report follows
 * its answer, in its own time. */
static void
assert_open(int64_t want)
{
	struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS, open;

	while ((open = family_status(&f, "digital/network", "open")) > want &&
	    monotonic_ms() < end)
		nanosleep(&pause, NULL);
	assert_int_equal(open, want);
}

/* --- A provider ---------------------------------------------------------- */

/* While nenkin's relay is down: only what is for it waits. */
static void
assert_others_go_on(int waiting[ROUNDS])
{
	int64_t ms, slowest = 0;
	int i;

	for (i = 0; i < ROUNDS; i++)
		waiting[i] = family_ask(&f, "nenkin");
	for (i = 0; i < ROUNDS; i++) {
		ms = family_exchange(&f, "012041");
		if (ms > slowest)
			slowest = ms;
	}
	print_message("the slowest exchange of others took %lld ms\n",
	    (long long)slowest);
	for (i = 0; i < ROUNDS; i++)
		assert_string_equal(family_state(&f, waiting[i], 0), "waiting");
}

static void
assert_all_come(const int waiting[ROUNDS], int64_t records_before)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		family_until_received(&f, waiting[i]);
	/* Each once, those that waited and those of the others. */
	assert_int_equal(records(), records_before + 2 * ROUNDS);
	assert_open(0);
}

static void
a_provider_that_is_silent_holds_up_only_its_own(void **state)
{
	int64_t n = records();
	int waiting[ROUNDS];

	(void)state;
	/* Its report about the family's own inquiry may still be under way. */
	assert_open(0);
	family_signal(&f, "nenkin/relay", SIGSTOP);
	assert_others_go_on(waiting);
	/* The network says for whom it holds how much since when. */
	assert_open(ROUNDS);
	family_signal(&f, "nenkin/relay", SIGCONT);
	assert_all_come(waiting, n);
}

static void
a_provider_that_is_dead_holds_up_only_its_own(void **state)
{
	int64_t n = records();
	struct problem problem = {0};
	int waiting[ROUNDS];

	(void)state;
	assert_open(0);
	if (stage_kill(f.stage, "nenkin/relay", &problem))
		fail_msg("%s", problem.text);
	assert_others_go_on(waiting);
	stage_go_on(f.stage);
	assert_all_come(waiting, n);
}

/* --- The network --------------------------------------------------------- */

/* A replica of another year. */
static void
put_replica(int year)
{
	json_t *body = json_object(), *items = json_array();
	json_t *row = json_array(), *contents = json_object();

	json_put_int(contents, "municipal_tax", 1000);
	json_push_text(row, SLICE(STORY_FATHER));
	json_array_append_new(row, contents);
	json_array_append_new(items, row);
	json_put_int(body, "year", year);
	json_put(body, "items", items);
	family_call(
	    &f, "012041/offices", HTTP_POST, "/tax-records", body, NULL);
}

/* An officer marks the father's tax information, or takes the mark away. */
static void
mark(const char *path)
{
	json_t *body = json_object(), *answer;

	json_put_text(body, "business_number", SLICE(STORY_FATHER));
	family_call(
	    &f, "012041/addressee", HTTP_POST, "/lookups", body, &answer);
	body = json_object();
	json_put(body, "internal_number",
	    json_incref(json_object_get(answer, "internal_number")));
	json_put_text(body, "item", SLICE("local-tax"));
	json_put_text(body, "kind", SLICE("hold"));
	json_put_text(body, "reason", SLICE("a test"));
	json_decref(answer);
	family_call(&f, "012041/relay", HTTP_POST, path, body, NULL);
}

/* A resident who looks for records; the HTTP status. */
static int
look(int wait)
{
	struct problem problem = {0};
	json_t *answer = NULL;
	char path[32];
	int status = 0;

	snprintf(path, sizeof(path), "/records?wait=%d", wait);
	if (nation_call_as(f.stage->nation, "digital/portal", HTTP_GET, path,
		NULL, slice_of(f.story.token), &status, &answer, &problem))
		fail_msg("the portal: %s", problem.text);
	json_decref(answer);

	return status;
}

static void
decide(const char *permit)
{
	json_t *body = json_object();
	char path[80];

	snprintf(path, sizeof(path), "/held/%s/decision", permit);
	json_put_text(body, "decision", SLICE("release"));
	json_put_text(body, "reason", SLICE("a test"));
	family_call(&f, "012041/relay", HTTP_POST, path, body, NULL);
}

static void
without_the_network_organisations_go_on_by_themselves(void **state)
{
	int64_t replicas = family_status(&f, "012041/relay", "replicas");
	json_t *answer;
	int held, asked, status;

	(void)state;
	mark("/marks");
	held = family_ask(&f, "012041");
	family_until(&f, "012041/relay", "held", 1);
	family_signal(&f, "digital/network", SIGSTOP);
	asked = family_ask(&f, "012041");
	/* A decision, its answer past the network, and no more holds. */
	family_call(&f, "012041/relay", HTTP_GET, "/held", NULL, &answer);
	decide(json_string_value(json_object_get(
	    json_array_get(json_object_get(answer, "held"), 0), "permit")));
	json_decref(answer);
	family_until_received(&f, held);
	mark("/marks/remove");
	put_replica(2025);
	family_until(&f, "012041/relay", "replicas", replicas + 1);
	/* The portal answers that it has asked. */
	assert_int_equal(look(1), 202);
	assert_int_equal(look(0), 202);
	family_until_well(&f, "digital/portal");
	assert_string_equal(family_state(&f, asked, 0), "waiting");
	family_signal(&f, "digital/network", SIGCONT);
	family_until_received(&f, asked);
	while ((status = look(30)) == 202)
		;
	assert_int_equal(status, 200);
}

/* --- Lists that are late -------------------------------------------------- */

static void
write_file(const char *name, struct slice text)
{
	struct problem problem = {0};
	struct buf path;

	buf_init(&path);
	nation_path(&path, f.stage->dir, name);
	assert_int_equal(file_replace(path.data, text, 0644, &problem), OK);
	buf_done(&path);
	assert_int_equal(kill(f.stage->up, SIGHUP), 0);
}

/* A list that was due to be followed by another a second after the nation was
 * founded, which is over. */
static void
make_list_late(void)
{
	struct authority *ca = NULL;
	struct problem problem = {0};
	struct buf crl;

	buf_init(&crl);
	assert_int_equal(
	    nation_authority(f.stage->dir, NULL, &ca, &problem), OK);
	assert_int_equal(
	    authority_crl(ca, opened, instant_plus(opened, 1000), &crl), OK);
	write_file("ca/ca.crl", buf_slice(&crl));
	authority_free(ca);
	buf_done(&crl);
}

/* `bango status` says `line`, and a system's metrics say `figure`. */
static void
assert_said(const char *line, const char *figure)
{
	struct problem problem = {0};
	char command[600];
	struct buf text;
	int status = 0;

	snprintf(command, sizeof(command),
	    "\"$BANGO\" status %s | grep -q '%s'", f.stage->dir, line);
	assert_int_equal(system(command), 0);
	buf_init(&text);
	assert_int_equal(
	    nation_call_raw(f.stage->nation, "012041/relay", HTTP_GET,
		"/metrics", NULL, SLICE(""), &status, &text, &problem),
	    OK);
	assert_non_null(strstr(text.data, figure));
	buf_done(&text);
}

/* All connections are made anew, and looked at by the list in force. */
static void
start_again(const char *system)
{
	pid_t old = family_signal(&f, system, SIGKILL), new = old;

	while (new == old || new == 0)
		new = stage_system_pid(f.stage, system);
	family_until_well(&f, system);
}

static void
a_late_list_of_revocations_stops_nobody(void **state)
{
	(void)state;
	make_list_late();
	family_until(&f, "012041/relay", "revocations_late_seconds", 1);
	assert_said("the revocation list is out of date for [0-9]* s",
	    "bango_revocations_late_seconds ");
	start_again("digital/network");
	start_again("131041/relay");
	family_exchange(&f, "012041");
}

static void
a_directory_that_cannot_be_read_stops_nobody(void **state)
{
	struct buf whole;

	(void)state;
	buf_init(&whole);
	read_in(f.stage->dir, "directory.json", &whole);
	assert_int_equal(
	    family_status(&f, "012041/relay", "directory_late_seconds"), -1);
	write_file("directory.json", SLICE("{ half a"));
	family_until(&f, "012041/relay", "directory_late_seconds", 1);
	assert_said("the directory cannot be read for [0-9]* s",
	    "bango_directory_late_seconds");
	start_again("digital/network");
	start_again("131041/relay");
	family_exchange(&f, "012041");
	assert_int_not_equal(
	    family_status(&f, "131041/relay", "directory_late_seconds"), -1);
	write_file("directory.json", buf_slice(&whole));
	while (family_status(&f, "131041/relay", "directory_late_seconds") >= 0)
		;
	family_exchange(&f, "012041");
	buf_done(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_provider_that_is_silent_holds_up_only_its_own),
	    cmocka_unit_test(a_provider_that_is_dead_holds_up_only_its_own),
	    cmocka_unit_test(
		without_the_network_organisations_go_on_by_themselves),
	    cmocka_unit_test(a_late_list_of_revocations_stops_nobody),
	    cmocka_unit_test(a_directory_that_cannot_be_read_stops_nobody),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
