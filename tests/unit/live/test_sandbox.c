/* A process in its sandbox; each try is a child of its own. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bug.h"
#include "base/file.h"
#include "live/sandbox.h"
#include "tests/support/scratch.h"

#define LACKS 100 /* an exit status: the kernel has no such thing */
#define FAILS 101

static struct {
	const char *own, *shared, *others;
	struct buf own_file, shared_file, others_file;
} f;

/* --- Tries: 0 or an errno -------------------------------------------------- */

static int
open_as(const struct buf *path, int flags)
{
	int fd = open(path->data, flags | O_CLOEXEC, 0600);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);

	return error;
}

static int
replace_own(void)
{
	struct problem problem = {0};

	return file_replace(f.own_file.data, SLICE("new"), 0600, &problem) ? EIO
									   : 0;
}

static int
read_shared(void)
{
	return open_as(&f.shared_file, O_RDONLY);
}

static int
write_shared(void)
{
	return open_as(&f.shared_file, O_WRONLY);
}

static int
read_others(void)
{
	return open_as(&f.others_file, O_RDONLY);
}

static int
make_others(void)
{
	return open_as(&f.others_file, O_WRONLY | O_CREAT | O_TRUNC);
}

static int
remove_others(void)
{
	return unlink(f.others_file.data) ? errno : 0;
}

static int
run_a_shell(void)
{
	execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);

	return errno;
}

static int
make_a_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);

	return pid < 0 ? errno : 0;
}

static void *
nothing(void *state)
{
	return state;
}

static int
make_a_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, nothing, NULL);

	return error ? error : pthread_join(thread, NULL);
}

static int
listen_anew(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)))
		return errno;

	return 0;
}

static int
signal_its_parent(void)
{
	return kill(getppid(), 0) ? errno : 0;
}

static int
open_a_raw_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) < 0 ? errno : 0;
}

static int
make_a_folder(void)
{
	char path[SCRATCH_PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s/new", f.own);

	return mkdir(path, 0700) ? errno : 0;
}

/* --- In the sandbox ------------------------------------------------------- */

static int
lock_in(const char *folder, struct problem *problem)
{
	struct sandbox_options o = {
	    .folder = folder, .reads = {f.shared, "/none"}, .n_reads = 2};
	enum err rc = sandbox_enter(&o, problem);

	return rc == OK ? 0 : rc == ERR_NOT_FOUND ? LACKS : FAILS;
}

/* How a child that is locked in ends, as wait(2) says. */
static int
end_of(int (*try)(void))
{
	struct problem problem = {0};
	pid_t pid = fork();
	int status = 0, rc;

	if (pid == 0) {
		rc = lock_in(f.own, &problem);
		if (rc)
			fprintf(stderr, "%s\n", problem.text);
		_exit(rc ? rc : try());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == LACKS)
		skip();

	return status;
}

/* Its errno, in the sandbox. */
static int
result_of(int (*try)(void))
{
	int status = end_of(try);

	assert_true(WIFEXITED(status));

	return WEXITSTATUS(status);
}

static void
its_own_folder_is_read_and_written(void **state)
{
	(void)state;
	assert_int_equal(result_of(replace_own), 0);
}

static void
a_named_place_is_read_and_not_written(void **state)
{
	(void)state;
	assert_int_equal(result_of(read_shared), 0);
	assert_int_equal(result_of(write_shared), EACCES);
}

static void
no_other_file_is_reached(void **state)
{
	(void)state;
	assert_int_equal(result_of(read_others), EACCES);
	assert_int_equal(result_of(make_others), EACCES);
	assert_int_equal(result_of(remove_others), EACCES);
}

static void
no_program_is_run(void **state)
{
	int status = end_of(run_a_shell);

	(void)state;
#ifdef BANGO_SANITIZE
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EPERM);
#else
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
	assert_int_equal(result_of(make_a_process), EPERM);
#endif
}

static void
threads_are_made(void **state)
{
	(void)state;
	assert_int_equal(result_of(make_a_thread), 0);
}

static void
no_further_port_is_listened_at(void **state)
{
	(void)state;
	assert_int_equal(result_of(listen_anew), EACCES);
}

static void
no_signal_leaves_it(void **state)
{
	(void)state;
	assert_int_equal(result_of(signal_its_parent), EPERM);
}

static void
a_call_that_is_not_listed_returns_eperm(void **state)
{
	(void)state;
	assert_int_equal(result_of(open_a_raw_socket), EPERM);
	assert_int_equal(result_of(make_a_folder), EPERM);
}

static void
a_folder_that_is_not_there_is_named(void **state)
{
	struct problem problem = {0};
	pid_t pid = fork();
	int status = 0;

	(void)state;
	if (pid == 0) {
		status = lock_in("/none/of/these", &problem);
		_exit(status == FAILS &&
			    strstr(problem.text, "/none/of/these") != NULL &&
			    open_a_raw_socket() == EPERM
			? 0
			: status);
	}
	waitpid(pid, &status, 0);
	if (WEXITSTATUS(status) == LACKS)
		skip();
	assert_int_equal(status, 0);
}

/* The same tries, so that the tests above show something. */
static void
without_a_sandbox_all_of_it_works(void **state)
{
	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_SANDBOX_MISSING);
	assert_int_equal(result_of(write_shared), 0);
	assert_int_equal(result_of(read_others), 0);
	assert_int_equal(result_of(run_a_shell), 0);
	assert_int_equal(result_of(make_a_process), 0);
	assert_int_equal(result_of(listen_anew), 0);
	assert_int_equal(result_of(signal_its_parent), 0);
	assert_int_equal(result_of(make_a_folder), 0);
	bug_set(BUG_NONE);
}

static void
make_file(const char *folder, struct buf *ret)
{
	struct problem problem = {0};

	buf_init(ret);
	buf_printf(ret, "%s/file", folder);
	assert_int_equal(
	    file_replace(ret->data, SLICE("x"), 0600, &problem), OK);
}

static int
setup(void **state)
{
	(void)state;
	f.own = scratch_folder();
	f.shared = scratch_folder();
	f.others = scratch_folder();
	make_file(f.own, &f.own_file);
	make_file(f.shared, &f.shared_file);
	make_file(f.others, &f.others_file);

	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_done(&f.own_file);
	buf_done(&f.shared_file);
	buf_done(&f.others_file);

	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_own_folder_is_read_and_written),
	    cmocka_unit_test(a_named_place_is_read_and_not_written),
	    cmocka_unit_test(no_other_file_is_reached),
	    cmocka_unit_test(no_program_is_run),
	    cmocka_unit_test(threads_are_made),
	    cmocka_unit_test(no_further_port_is_listened_at),
	    cmocka_unit_test(no_signal_leaves_it),
	    cmocka_unit_test(a_call_that_is_not_listed_returns_eperm),
	    cmocka_unit_test(a_folder_that_is_not_there_is_named),
	    cmocka_unit_test(without_a_sandbox_all_of_it_works),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
