#include "tests/support/scratch.h"

#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/file.h"

#define MEMORY "/dev/shm"
#define ROOM (UINT64_C(1) << 30) /* bytes that must be free there */
#define PATHS_MAX 1024

/* Everything is in one folder, which belongs to the process that made it. */
static char root[SCRATCH_PATH_MAX - 8];
static pid_t owner;
static char paths[PATHS_MAX][SCRATCH_PATH_MAX];
static size_t n_paths;

static bool
has_room(const char *place)
{
	struct statfs fs;

	return statfs(place, &fs) == 0 && fs.f_type == TMPFS_MAGIC &&
	    (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize >= ROOM &&
	    access(place, W_OK | X_OK) == 0;
}

static const char *
find_place(void)
{
	const char *wanted = getenv("BANGO_TEST_DIR");
	const char *usual = getenv("TMPDIR");

	if (wanted != NULL && wanted[0] != '\0')
		return wanted;
	if (has_room(MEMORY))
		return MEMORY;

	return usual != NULL && usual[0] != '\0' ? usual : "/tmp";
}

static void
give_up(const char *what)
{
	perror(what);
	abort();
}

/* A child of the test removes nothing when it ends. */
static void
at_end(void)
{
	if (getpid() == owner)
		scratch_remove(root);
}

static void
make_root(void)
{
	int len =
	    snprintf(root, sizeof(root), "%s/bango-test-XXXXXX", find_place());

	if ((size_t)len >= sizeof(root) || mkdtemp(root) == NULL)
		give_up(root);
	owner = getpid();
	atexit(at_end);
}

const char *
scratch_path(void)
{
	char *path;

	if (owner == 0)
		make_root();
	if (n_paths == PATHS_MAX)
		give_up("too many files of a test");
	path = paths[n_paths];
	snprintf(path, SCRATCH_PATH_MAX, "%s/%zu", root, n_paths++);

	return path;
}

const char *
scratch_folder(void)
{
	const char *path = scratch_path();

	if (mkdir(path, 0700))
		give_up(path);

	return path;
}

void
scratch_remove(const char *folder)
{
	folder_remove(folder);
}
