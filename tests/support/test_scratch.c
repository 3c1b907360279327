#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Make a file in a folder in a child that ends so; the folder's path. */
static void
in_a_child(void (*end)(void), char ret[SCRATCH_PATH_MAX])
{
	char path[SCRATCH_PATH_MAX + 8];
	const char *folder;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		folder = scratch_folder();
		snprintf(path, sizeof(path), "%s/file", folder);
		fclose(fopen(path, "w"));
		if (write(fds[1], folder, strlen(folder) + 1) < 0)
			_exit(1);
		end();
	}
	close(fds[1]);
	assert_true(read(fds[0], ret, SCRATCH_PATH_MAX) > 0);
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
}

static void
end_well(void)
{
	exit(0);
}

static void
leave(void)
{
	_exit(0);
}

static void
fails(void **state)
{
	(void)state;
	fail();
}

/* Do the same as main(), without the output of cmocka. */
static void
end_with_a_failed_test(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(fails)};

	if (freopen("/dev/null", "w", stderr) == NULL ||
	    freopen("/dev/null", "w", stdout) == NULL)
		_exit(1);
	exit(cmocka_run_group_tests(tests, NULL, NULL));
}

static void
nothing_is_left_when_a_program_ends(void **state)
{
	char path[SCRATCH_PATH_MAX];

	(void)state;
	in_a_child(end_well, path);
	assert_int_not_equal(access(path, F_OK), 0);
	*strrchr(path, '/') = '\0';
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
nothing_is_left_after_a_failed_test(void **state)
{
	char path[SCRATCH_PATH_MAX];

	(void)state;
	in_a_child(end_with_a_failed_test, path);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
a_program_that_is_killed_leaves_its_files(void **state)
{
	char path[SCRATCH_PATH_MAX];

	(void)state;
	in_a_child(leave, path);
	assert_int_equal(access(path, F_OK), 0);
	*strrchr(path, '/') = '\0';
	scratch_remove(path);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
the_variable_says_where(void **state)
{
	const char *usual = getenv("BANGO_TEST_DIR");
	char *before = usual == NULL ? NULL : strdup(usual);
	char own[] = "/tmp/bango-scratch-XXXXXX", path[SCRATCH_PATH_MAX];

	(void)state;
	assert_non_null(mkdtemp(own));
	assert_int_equal(setenv("BANGO_TEST_DIR", own, 1), 0);
	in_a_child(end_well, path);
	if (before == NULL)
		unsetenv("BANGO_TEST_DIR");
	else
		setenv("BANGO_TEST_DIR", before, 1);
	free(before);
	assert_memory_equal(path, own, strlen(own));
	assert_int_equal(rmdir(own), 0);
}

/* After the tests that fork: this process has folders now. */
static void
every_path_is_another_one(void **state)
{
	const char *folder = scratch_folder(), *path = scratch_path();
	struct stat st;

	(void)state;
	assert_string_not_equal(folder, path);
	assert_string_not_equal(folder, scratch_folder());
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_not_equal(access(path, F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_left_when_a_program_ends),
	    cmocka_unit_test(nothing_is_left_after_a_failed_test),
	    cmocka_unit_test(a_program_that_is_killed_leaves_its_files),
	    cmocka_unit_test(the_variable_says_where),
	    cmocka_unit_test(every_path_is_another_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
