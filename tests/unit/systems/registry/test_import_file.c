/*
 * `bango import` loads a file, into a simulated registry.
 *
 * The calls to the nation are replaced, so that a test may lose requests and
 * answers; nobody sleeps in between.
 */
#include <time.h>

static int
no_sleep(const struct timespec *duration, struct timespec *rest)
{
	(void)duration;
	(void)rest;

	return 0;
}

#define nanosleep no_sleep
#include "src/nation/import.c" /* NOLINT(bugprone-suspicious-include) */
#undef nanosleep
#include "src/nation/refusal.c" /* NOLINT(bugprone-suspicious-include) */

#include "tests/support/registry_scheme.h"

static struct simulation *sim;
static int lose_requests, lose_answers; /* every nth; 0: none */
static int calls, change_at;            /* the call in which the file changes */
static const char *file_path;

static void
change_file(void)
{
	int fd = open(file_path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "\n", 1), 1);
	close(fd);
}

enum err
nation_call_raw(struct nation *nation, const char *system_id,
    enum http_method method, const char *url, const char *content_type,
    struct slice body, int *ret_status, struct buf *ret_body,
    struct problem *problem)
{
	struct buf ignored;

	(void)nation;
	(void)content_type;
	calls++;
	if (calls == change_at)
		change_file();
	if (lose_requests > 0 && calls % lose_requests == 0)
		return problem_set(problem, ERR_UNREACHABLE, "no answer");
	if (lose_answers > 0 && calls % lose_answers == 0) {
		buf_init(&ignored);
		assert_int_equal(
		    simulation_call_raw(sim, system_id, method, url, body,
			SLICE(""), ret_status, &ignored),
		    OK);
		buf_done(&ignored);
		*ret_status = 503;
		return OK;
	}

	return simulation_call_raw(
	    sim, system_id, method, url, body, SLICE(""), ret_status, ret_body);
}

static void
begin(void)
{
	sim = scheme_nation();
	lose_requests = lose_answers = calls = change_at = 0;
	file_path = scratch_path();
}

static void
write_file(struct slice content)
{
	struct problem problem;

	assert_int_equal(file_replace(file_path, content, 0600, &problem), OK);
}

static enum err
import_it(const struct import_options *options, struct import_totals *ret,
    struct problem *problem)
{
	*ret = (struct import_totals){0};
	problem_clear(problem);

	return import_file(NULL, SHINJUKU, file_path, options, ret, problem);
}

/* Three chunks and more, with a bad line in between. */
static void
write_many(int n)
{
	struct buf file;
	int i;

	buf_init(&file);
	buf_add_string(&file, "resident,name,kana,birth,sex,address\r\n");
	for (i = 1; i <= n; i++)
		buf_printf(&file,
		    "%d,山田,ヤマダ,1988-04-01,%d,\"東京都新宿区\r\n新宿%d\"\r\n",
		    i, i == n / 2 ? 3 : 1, i);
	write_file(buf_slice(&file));
	buf_done(&file);
}

static int n_progress;

static void
on_progress(void *state, const struct import_progress *p)
{
	(void)state;
	assert_true(p->bytes >= 0 && p->bytes <= p->size);
	n_progress++;
}

static void
records_with_lines_in_them_are_not_cut(void **state)
{
	const struct import_options options = {.progress = on_progress};
	struct import_totals totals;
	struct problem problem;

	(void)state;
	begin();
	/* the line's end within quotes is a control character: rejected */
	write_file(SLICE(
	    SCHEME_HEADER "\n1,1,,\"山田\n太郎\",ヤマダ,1988-04-01,1,東京\n"));
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.rejected, 1);

	write_many(30000);
	lose_requests = 3;
	lose_answers = 4;
	n_progress = 0;
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.rejected, 30000);
	assert_true(n_progress > 2);
	double_done(sim);
}

static void
lines_are_loaded_and_rejects_written(void **state)
{
	const char *rejects = scratch_path();
	struct import_options options = {.rejects = rejects};
	struct import_totals totals;
	struct problem problem;
	struct buf text, file;
	int i;

	(void)state;
	begin();
	buf_init(&file);
	buf_add_string(&file, "resident,name,kana,birth,sex,address\n");
	for (i = 1; i <= 30000; i++)
		buf_printf(&file, "%d,山田,ヤマダ,1988-04-01,%d,東京都%d\n", i,
		    i % 10000 == 0 ? 3 : 1, i);
	write_file(buf_slice(&file));
	buf_done(&file);
	lose_requests = 3;
	lose_answers = 4;
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.loaded, 29997);
	assert_int_equal(totals.rejected, 3);
	assert_false(totals.was_there);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 29997);
	buf_init(&text);
	assert_int_equal(file_read(rejects, 1000, &text, &problem), OK);
	assert_string_equal(text.data,
	    "line,field,reason\n10001,sex,malformed\n20001,sex,malformed\n"
	    "30001,sex,malformed\n");
	buf_done(&text);
	/* again: nothing changes, the rejects are told again */
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_true(totals.was_there);
	assert_int_equal(totals.loaded, 29997);
	double_done(sim);
}

/* Rejects of an earlier run are removed, and nothing else. */
static void
without_rejects_their_file_goes_and_a_pipe_stays(void **state)
{
	const char *rejects = scratch_path();
	const struct import_options options = {.rejects = rejects};
	struct import_totals totals;
	struct problem problem;
	struct stat st;

	(void)state;
	begin();
	write_file(SLICE(SCHEME_FAMILY));
	assert_int_equal(mkfifo(rejects, 0600), 0);
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.rejected, 0);
	assert_int_equal(lstat(rejects, &st), 0);
	assert_int_equal(unlink(rejects), 0);
	assert_int_equal(
	    file_replace(rejects, SLICE("earlier"), 0600, &problem), OK);
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(access(rejects, F_OK), -1);
	double_done(sim);
}

static void
an_import_goes_on_where_it_stopped(void **state)
{
	struct import_options options = {.patience_ms = 1};
	struct import_totals totals;
	struct problem problem;
	struct buf file;
	int i;

	(void)state;
	begin();
	buf_init(&file);
	buf_add_string(&file, "resident,name,kana,birth,sex,address\n");
	for (i = 1; i <= 40000; i++)
		buf_printf(
		    &file, "%d,山田,ヤマダ,1988-04-01,1,東京都%d\n", i, i);
	write_file(buf_slice(&file));
	buf_done(&file);
	calls = 0;
	lose_requests = 3; /* start, one chunk, then nothing */
	assert_int_equal(
	    import_it(&options, &totals, &problem), ERR_UNREACHABLE);
	lose_requests = 0;
	assert_in_range(double_progress(sim, SHINJUKU, "residents"), 1, 39999);
	options.patience_ms = 0;
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.loaded, 40000);
	double_done(sim);
}

static void
on_waiting(void *state, const char *why, int64_t ms)
{
	assert_string_equal(why, "no answer");
	assert_in_range(ms, 1, PATIENCE_MS);
	++*(int *)state;
}

static void
a_call_that_is_repeated_is_told(void **state)
{
	int n_waiting = 0;
	const struct import_options options = {
	    .waiting = on_waiting, .state = &n_waiting};
	struct import_totals totals;
	struct problem problem;

	(void)state;
	begin();
	write_file(SLICE(SCHEME_FAMILY));
	lose_requests = 2; /* the first chunk, and the first finish */
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_int_equal(totals.loaded, 3);
	assert_int_equal(n_waiting, 2);
	double_done(sim);
}

static void
keep_longest(void *state, const char *why, int64_t ms)
{
	int64_t *longest = state;

	(void)why;
	if (ms > *longest)
		*longest = ms;
}

/* It may not be up at all. */
static void
a_registry_that_never_answered_is_not_awaited_long(void **state)
{
	int64_t longest = 0;
	const struct import_options options = {
	    .waiting = keep_longest, .state = &longest};
	struct import_totals totals;
	struct problem problem;

	(void)state;
	begin();
	write_file(SLICE(SCHEME_FAMILY));
	lose_requests = 6;
	calls = 5; /* the first one of the import */
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_in_range(longest, 1, FIRST_PATIENCE_MS);
	longest = 0;
	write_many(10);
	calls = 4; /* the second one */
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_in_range(longest, FIRST_PATIENCE_MS + 1, PATIENCE_MS);
	double_done(sim);
}

static void
a_file_that_changes_is_sent_no_further(void **state)
{
	const struct import_options options = {0};
	struct import_totals totals;
	struct problem problem;

	(void)state;
	begin();
	write_many(30000);
	change_at = 2; /* the first chunk */
	assert_int_equal(import_it(&options, &totals, &problem), ERR_CONFLICT);
	assert_non_null(strstr(problem.text, "was changed while it was read"));
	assert_int_equal(calls, 2);
	double_done(sim);
}

static void
a_strict_import_says_that_nothing_was_loaded(void **state)
{
	const struct import_options options = {.strict = true};
	struct import_totals totals;
	struct problem problem;

	(void)state;
	begin();
	write_file(SLICE(SCHEME_FAMILY "4,1\n"));
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_true(totals.refused);
	assert_int_equal(totals.loaded, 0);
	write_file(SLICE(SCHEME_FAMILY));
	assert_int_equal(import_it(&options, &totals, &problem), OK);
	assert_false(totals.refused);
	assert_int_equal(totals.loaded, 3);
	double_done(sim);
}

static void
files_that_are_none_are_refused(void **state)
{
	const struct import_options options = {0};
	struct import_totals totals;
	struct problem problem;
	struct buf line;

	(void)state;
	begin();
	assert_int_equal(import_it(&options, &totals, &problem), ERR_NOT_FOUND);
	write_file(SLICE(""));
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	write_file(SLICE("山田,太郎\n"));
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "line 1, column 1"));
	write_file(SLICE("name;kana;birth;sex;address\n"));
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "line 1: has semicolons"));
	write_file(SLICE("\xff\xfen\0a\0,\0\n\0"));
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "line 1: is UTF-16"));
	buf_init(&line);
	memset(buf_extend(&line, 2 * CHUNK_BYTES), 'x', 2 * CHUNK_BYTES);
	write_file(buf_slice(&line));
	buf_done(&line);
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	file_path = scratch_folder();
	assert_int_equal(import_it(&options, &totals, &problem), ERR_INPUT);
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_with_lines_in_them_are_not_cut),
	    cmocka_unit_test(lines_are_loaded_and_rejects_written),
	    cmocka_unit_test(without_rejects_their_file_goes_and_a_pipe_stays),
	    cmocka_unit_test(an_import_goes_on_where_it_stopped),
	    cmocka_unit_test(a_call_that_is_repeated_is_told),
	    cmocka_unit_test(
		a_registry_that_never_answered_is_not_awaited_long),
	    cmocka_unit_test(a_file_that_changes_is_sent_no_further),
	    cmocka_unit_test(a_strict_import_says_that_nothing_was_loaded),
	    cmocka_unit_test(files_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
