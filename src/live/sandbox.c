#include "live/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bug.h"

/* --- The kernel's interface, newer than <linux/landlock.h> of Debian 12 --- */

#define CREATE_VERSION 1u
#define RULE_BELOW 1 /* LANDLOCK_RULE_PATH_BENEATH */
#define READ_FILE (1ull << 2)
#define READ_FOLDER (1ull << 3)
#define WRITE_FILE (1ull << 1)
#define REMOVE_FILE (1ull << 5)
#define MAKE_FILE (1ull << 8)
#define TRUNCATE (1ull << 14)
#define OF_FILES (READ_FILE | WRITE_FILE | TRUNCATE)
#define READS (READ_FILE | READ_FOLDER)
#define WRITES (READS | WRITE_FILE | REMOVE_FILE | MAKE_FILE | TRUNCATE)
#define BIND_TCP 1ull
#define SCOPE_SIGNALS (1ull << 1)

struct ruleset {
	uint64_t files, net, scoped;
};

struct below {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

/* A version of Landlock denies all that it can deny. */
static struct ruleset
all_of(long version)
{
	struct ruleset r = {.files = (1ull << 13) - 1};

	if (version >= 2)
		r.files = (1ull << 14) - 1;
	if (version >= 3)
		r.files = (1ull << 15) - 1;
	if (version >= 4)
		r.net = BIND_TCP;
	if (version >= 5)
		r.files = (1ull << 16) - 1;
	if (version >= 6)
		r.scoped = SCOPE_SIGNALS;

	return r;
}

/* --- Files ---------------------------------------------------------------- */

/* 0, or an errno. */
static int
add_place(int rules, const char *path, uint64_t allowed)
{
	struct below below = {.allowed = allowed};
	struct stat st;
	int error = 0;

	below.folder = open(path, O_PATH | O_CLOEXEC);
	if (below.folder < 0 || fstat(below.folder, &st))
		error = errno;
	else if (!S_ISDIR(st.st_mode))
		below.allowed &= OF_FILES;
	if (error == 0 &&
	    syscall(SYS_landlock_add_rule, rules, RULE_BELOW, &below, 0))
		error = errno;
	if (below.folder >= 0)
		close(below.folder);

	return error;
}

static bool
is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

static int
add_places(int rules, const struct sandbox_options *o, uint64_t deniable)
{
	int error = add_place(rules, o->folder, WRITES & deniable);
	size_t i;

#ifdef BANGO_COUNTS_FOLDER
	if (error == 0)
		error =
		    add_place(rules, BANGO_COUNTS_FOLDER, WRITES & deniable);
#endif
	for (i = 0; error == 0 && i < o->n_reads; i++) {
		error = add_place(rules, o->reads[i], READS);
		if (is_missing(error))
			error = 0;
	}

	return error;
}

static enum err
lock_files(const struct sandbox_options *o, struct problem *problem)
{
	long version =
	    syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
	struct ruleset denied = all_of(version);
	int rules, error;

	if (version < 1)
		return problem_set(problem, ERR_NOT_FOUND,
		    "the kernel has no Landlock (5.13 or later, and in the "
		    "list lsm= of the command line), so that a break-in "
		    "reaches all files of its user");
	rules = (int)syscall(
	    SYS_landlock_create_ruleset, &denied, sizeof(denied), 0);
	if (rules < 0)
		return problem_set(problem, ERR_IO,
		    "Landlock makes no rules: %s", strerror(errno));
	error = add_places(rules, o, denied.files);
	if (error == 0 && syscall(SYS_landlock_restrict_self, rules, 0))
		error = errno;
	close(rules);
	if (error)
		return problem_set(problem, ERR_IO,
		    "Landlock refuses the rules for %s: %s", o->folder,
		    strerror(error));

	return OK;
}

/* --- All of it ------------------------------------------------------------ */

enum err
sandbox_enter(const struct sandbox_options *options, struct problem *problem)
{
	struct problem unfiltered = {0};
	enum err files, calls;

	if (bug_is(BUG_SANDBOX_MISSING))
		return OK;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return problem_set(problem, ERR_NOT_FOUND,
		    "the kernel has no PR_SET_NO_NEW_PRIVS (3.5 or later)");
	files = lock_files(options, problem);
	calls = sandbox_filter(&unfiltered);
	if (files)
		return files;

	return calls ? problem_set(problem, calls, "%s", unfiltered.text) : OK;
}
