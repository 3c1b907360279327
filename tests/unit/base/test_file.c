#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/scratch.h"

static const char *folder;
static char path[SCRATCH_PATH_MAX + 8];

static int
begin(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(path, sizeof(path), "%s/x", folder);

	return 0;
}

/* Nothing is left beside the file. */
static int
end(void **state)
{
	(void)state;
	unlink(path);

	return rmdir(folder);
}

static int
entries(void)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);

	return n;
}

/* root could put a file in the place of /dev/null, and every program suffers. */
static void
a_pipe_is_written_to_and_stays_one(void **state)
{
	char got[8] = "";
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(file_replace(path, SLICE("text"), 0600, NULL), OK);
	assert_int_equal(read(fd, got, sizeof(got)), 4);
	assert_string_equal(got, "text");
	close(fd);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(unlink(path), 0);
}

static bool
is_link(const char *at)
{
	struct stat st;

	return lstat(at, &st) == 0 && S_ISLNK(st.st_mode);
}

static void
must_hold(const char *file, const char *text)
{
	struct buf b;

	buf_init(&b);
	assert_int_equal(file_read(file, 100, &b, NULL), OK);
	assert_string_equal(b.data, text);
	buf_done(&b);
}

static void
a_link_stays_and_its_target_is_replaced(void **state)
{
	char target[SCRATCH_PATH_MAX + 8], middle[SCRATCH_PATH_MAX + 8];

	(void)state;
	snprintf(target, sizeof(target), "%s/target", folder);
	snprintf(middle, sizeof(middle), "%s/middle", folder);
	assert_int_equal(symlink("target", middle), 0);
	assert_int_equal(symlink(middle, path), 0);
	assert_int_equal(file_replace(path, SLICE("new"), 0600, NULL), OK);
	must_hold(target, "new"); /* it was not there */
	assert_int_equal(file_replace(path, SLICE("newer"), 0600, NULL), OK);
	must_hold(target, "newer");
	assert_true(is_link(path) && is_link(middle) && !is_link(target));
	file_remove(path);
	assert_int_equal(access(target, F_OK), -1);
	assert_true(is_link(path) && is_link(middle));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(middle), 0);
	assert_int_equal(entries(), 0);
}

static void
a_link_to_itself_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(symlink("x", path), 0);
	assert_int_equal(
	    file_replace(path, SLICE("text"), 0600, &problem), ERR_IO);
	assert_non_null(strstr(problem.text, strerror(ELOOP)));
	assert_true(is_link(path));
	assert_int_equal(unlink(path), 0);
}

/* As /dev/stdout does, when standard output is a file. */
static void
an_open_file_in_proc_is_written_to_where_it_stands(void **state)
{
	char target[SCRATCH_PATH_MAX + 8], open_file[40];
	int fd;

	(void)state;
	snprintf(target, sizeof(target), "%s/target", folder);
	fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	snprintf(open_file, sizeof(open_file), "/proc/self/fd/%d", fd);
	assert_int_equal(symlink(open_file, path), 0);
	assert_int_equal(write(fd, "before ", 7), 7);
	assert_int_equal(file_replace(path, SLICE("text"), 0600, NULL), OK);
	file_remove(path);
	assert_int_equal(write(fd, " after", 6), 6);
	close(fd);
	assert_true(is_link(path));
	must_hold(target, "before text after");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(target), 0);
}

static void
only_a_regular_file_is_removed(void **state)
{
	(void)state;
	file_remove(path); /* which is not there */
	assert_int_equal(mkfifo(path, 0600), 0);
	file_remove(path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	file_remove(path);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(file_replace(path, SLICE("text"), 0600, NULL), OK);
	file_remove(path);
	assert_int_equal(access(path, F_OK), -1);
}

static void
a_file_is_read_as_it_was_written(void **state)
{
	static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 500000};
	char *content = malloc(500000);
	struct buf back;
	size_t i, k;

	(void)state;
	for (k = 0; k < 500000; k++)
		content[k] = (char)(k * 31 >> 3);
	buf_init(&back);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(
		    file_replace(
			path, slice_bytes(content, sizes[i]), 0600, NULL),
		    OK);
		buf_clear(&back);
		assert_int_equal(file_read(path, sizes[i], &back, NULL), OK);
		assert_true(slice_equal(
		    buf_slice(&back), slice_bytes(content, sizes[i])));
		assert_int_equal(back.data[back.len], '\0');
	}
	assert_int_equal(entries(), 1);
	buf_done(&back);
	free(content);
}

static void
reading_appends(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add_string(&b, "a");
	assert_int_equal(file_replace(path, SLICE("bc"), 0600, NULL), OK);
	assert_int_equal(file_read(path, 2, &b, NULL), OK);
	assert_string_equal(b.data, "abc");
	buf_done(&b);
}

static void
the_mode_is_exact_whatever_the_umask(void **state)
{
	mode_t before = umask(077);
	struct stat st;

	(void)state;
	assert_int_equal(file_replace(path, SLICE("1"), 0644, NULL), OK);
	umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(file_replace(path, SLICE("2"), 0400, NULL), OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
}

static void
a_file_over_the_limit_is_refused_and_the_buf_kept(void **state)
{
	struct problem problem;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add_string(&b, "kept");
	assert_int_equal(file_replace(path, SLICE("12345"), 0600, NULL), OK);
	assert_int_equal(file_read(path, 4, &b, &problem), ERR_TOO_LARGE);
	assert_int_equal(problem.err, ERR_TOO_LARGE);
	assert_non_null(strstr(problem.text, path));
	assert_string_equal(b.data, "kept");
	assert_int_equal(b.len, 4);
	/* An endless file ends too. */
	assert_int_equal(
	    file_read("/dev/zero", 100000, &b, NULL), ERR_TOO_LARGE);
	assert_string_equal(b.data, "kept");
	buf_done(&b);
}

static void
what_cannot_be_read_says_so(void **state)
{
	struct problem problem;
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(
	    file_read("/nonexistent/x", 10, &b, &problem), ERR_NOT_FOUND);
	assert_non_null(strstr(problem.text, "/nonexistent/x"));
	assert_int_equal(file_read(folder, 10, &b, &problem), ERR_IO);
	assert_int_equal(b.len, 0);
	buf_done(&b);
}

static void
a_failed_write_leaves_the_old_and_nothing_beside_it(void **state)
{
	struct rlimit before, tiny;
	struct problem problem;
	char big[9000];
	struct buf b;
	enum err rc;

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(file_replace(path, SLICE("old"), 0600, NULL), OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tiny = before;
	tiny.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	rc = file_replace(path, slice_bytes(big, sizeof(big)), 0600, &problem);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(rc, ERR_IO);
	assert_int_equal(entries(), 1);
	buf_init(&b);
	assert_int_equal(file_read(path, 10, &b, NULL), OK);
	assert_string_equal(b.data, "old");
	buf_done(&b);
}

static void
a_file_needs_its_folder(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(
	    file_replace("/nonexistent/x", SLICE("1"), 0600, &problem), ERR_IO);
	assert_non_null(strstr(problem.text, "/nonexistent/x"));
	/* A folder cannot be replaced by a file. */
	assert_int_equal(file_replace(folder, SLICE("1"), 0600, NULL), ERR_IO);
	assert_int_equal(entries(), 1);
}

static void
a_result_that_cannot_be_written_is_told_before(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(file_check_output(path, NULL, &problem), OK);
	assert_int_equal(file_check_output("/dev/null", path, &problem), OK);
	assert_int_equal(entries(), 1);
	assert_int_equal(file_check_output(path, path, &problem), ERR_INPUT);
	assert_int_equal(
	    file_check_output("/nonexistent/x", path, &problem), ERR_IO);
	assert_non_null(strstr(problem.text, "/nonexistent/x"));
	assert_int_equal(file_check_output(folder, path, &problem), ERR_IO);
	assert_int_equal(entries(), 1);
	/* A link is tried where it leads. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("target", path), 0);
	assert_int_equal(file_check_output(path, NULL, &problem), OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(".", path), 0);
	assert_int_equal(file_check_output(path, NULL, &problem), ERR_IO);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(file_check_output(path, NULL, &problem), OK);
	assert_int_equal(entries(), 1);
	assert_int_equal(unlink(path), 0);
}

static void
a_file_of_another_kind_is_not_lost(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(file_check_lost(path, SLICE("one"), &problem), OK);
	assert_int_equal(file_check_lost(folder, SLICE("one"), &problem), OK);
	assert_int_equal(
	    file_check_lost("/dev/null", SLICE("one"), &problem), OK);
	assert_int_equal(file_replace(path, SLICE(""), 0600, &problem), OK);
	assert_int_equal(file_check_lost(path, SLICE("one"), &problem), OK);
	assert_int_equal(
	    file_replace(path, SLICE("one two"), 0600, &problem), OK);
	assert_int_equal(file_check_lost(path, SLICE("one"), &problem), OK);
	assert_int_equal(
	    file_check_lost(path, SLICE("two"), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "would be lost"));
	assert_int_equal(
	    file_check_lost(path, SLICE("one two three"), &problem), ERR_INPUT);
	assert_int_equal(unlink(path), 0);
}

static void
a_file_may_be_in_the_working_folder(void **state)
{
	char *before = realpath(".", NULL);
	struct buf b;

	(void)state;
	assert_non_null(before);
	assert_int_equal(chdir(folder), 0);
	buf_init(&b);
	assert_int_equal(file_replace("x", SLICE("here"), 0600, NULL), OK);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(file_read(path, 10, &b, NULL), OK);
	assert_string_equal(b.data, "here");
	buf_done(&b);
	free(before);
}

static void
a_folder_is_made_once(void **state)
{
	struct problem problem;
	char sub[SCRATCH_PATH_MAX + 8];

	(void)state;
	snprintf(sub, sizeof(sub), "%s/sub", folder);
	assert_int_equal(folder_make(sub, 0700, NULL), OK);
	assert_int_equal(folder_make(sub, 0700, NULL), OK);
	assert_int_equal(rmdir(sub), 0);
	assert_int_equal(folder_make(path, 0700, &problem), ERR_IO);
	assert_int_equal(folder_make("/nonexistent/a", 0700, &problem), ERR_IO);
	assert_non_null(strstr(problem.text, "/nonexistent/a"));
}

static void
the_folder_of_the_program_is_found_from_anywhere(void **state)
{
	char *before = getcwd(NULL, 0);
	struct buf b;

	(void)state;
	assert_non_null(before);
	buf_init(&b);
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(
	    file_beside_program(program_invocation_short_name, &b, NULL), OK);
	assert_int_equal(access(b.data, X_OK), 0);
	buf_clear(&b);
	assert_int_equal(file_beside_program("nothing", &b, NULL), OK);
	assert_int_equal(access(b.data, F_OK), -1);
	assert_int_equal(b.data[0], '/');
	assert_int_equal(chdir(before), 0);
	buf_done(&b);
	free(before);
}

static void
the_causes_of_the_system_have_their_errors(void **state)
{
	(void)state;
	assert_int_equal(err_of_errno(ENOSPC), ERR_FULL);
	assert_int_equal(err_of_errno(EDQUOT), ERR_FULL);
	assert_int_equal(err_of_errno(ENOENT), ERR_NOT_FOUND);
	assert_int_equal(err_of_errno(EIO), ERR_IO);
	assert_int_equal(err_of_errno(EACCES), ERR_IO);
	assert_int_equal(err_of_errno(0), ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pipe_is_written_to_and_stays_one),
	    cmocka_unit_test(a_link_stays_and_its_target_is_replaced),
	    cmocka_unit_test(a_link_to_itself_is_refused),
	    cmocka_unit_test(
		an_open_file_in_proc_is_written_to_where_it_stands),
	    cmocka_unit_test(only_a_regular_file_is_removed),
	    cmocka_unit_test(a_file_is_read_as_it_was_written),
	    cmocka_unit_test(reading_appends),
	    cmocka_unit_test(the_mode_is_exact_whatever_the_umask),
	    cmocka_unit_test(a_file_over_the_limit_is_refused_and_the_buf_kept),
	    cmocka_unit_test(what_cannot_be_read_says_so),
	    cmocka_unit_test(
		a_failed_write_leaves_the_old_and_nothing_beside_it),
	    cmocka_unit_test(a_file_needs_its_folder),
	    cmocka_unit_test(a_result_that_cannot_be_written_is_told_before),
	    cmocka_unit_test(a_file_of_another_kind_is_not_lost),
	    cmocka_unit_test(a_file_may_be_in_the_working_folder),
	    cmocka_unit_test(a_folder_is_made_once),
	    cmocka_unit_test(the_folder_of_the_program_is_found_from_anywhere),
	    cmocka_unit_test(the_causes_of_the_system_have_their_errors),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
