#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum err
err_of_errno(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return ERR_FULL;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	default:
		return ERR_IO;
	}
}

static enum err
failed(struct problem *problem, enum err err, const char *verb,
    const char *path, int error)
{
	return problem_set(
	    problem, err, "cannot %s %s: %s", verb, path, strerror(error));
}

static enum err
unreadable(
    struct problem *problem, const char *verb, const char *path, int error)
{
	return failed(problem, err_of_errno(error), verb, path, error);
}

/* A missing folder is none of the answers of a caller that writes. */
static enum err
unwritable(
    struct problem *problem, const char *verb, const char *path, int error)
{
	enum err err = err_of_errno(error);

	return failed(
	    problem, err == ERR_NOT_FOUND ? ERR_IO : err, verb, path, error);
}

#define PART 16384

static void
cut_back(struct buf *b, size_t len)
{
	b->len = len;
	b->data[len] = '\0';
}

/* All of an open file, up to `max` bytes. */
static enum err
read_all(int fd, const char *path, size_t max, struct buf *ret,
    struct problem *problem)
{
	size_t start = ret->len, len;
	ssize_t n;
	char *at;

	for (;;) {
		len = ret->len;
		at = buf_extend(ret, PART);
		n = read(fd, at, PART);
		cut_back(ret, n > 0 ? len + (size_t)n : len);
		if (n == 0)
			return OK;
		if (n < 0 && errno != EINTR)
			return unreadable(problem, "read", path, errno);
		if (ret->len - start > max)
			return problem_set(problem, ERR_TOO_LARGE,
			    "%s is larger than %zu bytes", path, max);
	}
}

static int
open_to_read(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int (*opens_to_read)(const char *path) = open_to_read;

void
file_read_by(int (*opens)(const char *path))
{
	opens_to_read = opens != NULL ? opens : open_to_read;
}

enum err
file_read(
    const char *path, size_t max, struct buf *ret, struct problem *problem)
{
	size_t before = ret->len;
	enum err rc;
	int fd;

	fd = opens_to_read(path);
	if (fd < 0)
		return unreadable(problem, "open", path, errno);
	rc = read_all(fd, path, max, ret, problem);
	close(fd);
	if (rc)
		cut_back(ret, before);

	return rc;
}

static int
write_all(int fd, struct slice s)
{
	ssize_t n;

	while (s.len > 0) {
		n = write(fd, s.data, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		s.data += n;
		s.len -= (size_t)n;
	}

	return 0;
}

/* Make the names in the folder of `path` durable. */
static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder;
	int fd, error = 0;

	buf_init(&folder);
	if (slash == NULL)
		buf_add_string(&folder, ".");
	else
		buf_add(&folder, slice_bytes(path, (size_t)(slash - path) + 1));
	fd = open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		error = errno;
	if (fd >= 0)
		close(fd);
	buf_done(&folder);

	return error;
}

static int
write_beside(
    char *temporary, const char *path, struct slice content, mode_t mode)
{
	int fd, error;

	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = write_all(fd, content);
	if (error == 0 && (fchmod(fd, mode) || fsync(fd)))
		error = errno;
	if (close(fd) && error == 0)
		error = errno;
	if (error == 0 && rename(temporary, path))
		error = errno;
	if (error)
		unlink(temporary);

	return error;
}

/* --- The place that a path means ----------------------------------------- */

#define LINKS_MAX 40 /* as the kernel */

/* Append the folder of `path`, with its links resolved, and the last name of
 * `path` as it is.  A code of errno. */
static int
resolve_folder(const char *path, struct buf *ret)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *folder = slash == NULL
	    ? heap_string(SLICE("."))
	    : heap_string(slice_bytes(path, (size_t)(name - path)));
	char *real = realpath(folder, NULL);
	int error = real == NULL ? errno : 0;

	if (real != NULL)
		buf_printf(
		    ret, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
	free(real);
	free(folder);

	return error;
}

/* A link in /proc stands for what a process has open, whatever it names. */
static bool
is_in_proc(const char *place)
{
	return strncmp(place, "/proc/", strlen("/proc/")) == 0;
}

/* Follow a link by one step: `place` becomes its target, whether there is such a
 * file or not. */
static bool
is_followed(struct buf *place)
{
	char target[PATH_MAX];
	const char *slash = strrchr(place->data, '/');
	ssize_t n = readlink(place->data, target, sizeof(target));

	if (n < 0)
		return false;
	if (target[0] == '/')
		buf_clear(place);
	else
		cut_back(place, (size_t)(slash + 1 - place->data));
	buf_add(place, slice_bytes(target, (size_t)n));

	return true;
}

/* The place that is no link, or in /proc, to which `path` leads.  realpath()
 * would go from /dev/stdout to the file that is open there.  A code of errno. */
static int
find_place(const char *path, struct buf *ret)
{
	char *at = heap_string(slice_of(path));
	int error = 0, links;

	for (links = 0; error == 0 && links <= LINKS_MAX; links++) {
		buf_clear(ret);
		error = resolve_folder(at, ret);
		if (error || is_in_proc(ret->data) || !is_followed(ret))
			break;
		free(at);
		at = heap_string(buf_slice(ret));
	}
	free(at);

	return links > LINKS_MAX ? ELOOP : error;
}

/* A device or a pipe, such as /dev/null or /dev/stdout, is written to as it is:
 * a file renamed over it would take its place for every program. */
static bool
is_no_file(const char *place)
{
	struct stat st;

	return is_in_proc(place) ||
	    (lstat(place, &st) == 0 && !S_ISREG(st.st_mode) &&
		!S_ISDIR(st.st_mode));
}

/* Our own open file is written to where it stands; to open /proc/self/fd/1
 * anew would write over its beginning. */
static int
open_place(const char *place)
{
	struct slice own = slice_of(place);
	uint64_t fd;
	char prefix[40];

	snprintf(prefix, sizeof(prefix), "/proc/%ld/fd/", (long)getpid());
	if (slice_has_prefix(own, slice_of(prefix)) &&
	    slice_to_u64(slice_of(place + strlen(prefix)), INT_MAX, &fd) == OK)
		return fcntl((int)fd, F_DUPFD_CLOEXEC, 0);

	return open(place, O_WRONLY | O_CLOEXEC);
}

static int
write_through(const char *place, struct slice content)
{
	int fd, error;

	fd = open_place(place);
	if (fd < 0)
		return errno;
	error = write_all(fd, content);
	if (close(fd) && error == 0)
		error = errno;

	return error;
}

static bool
is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int
try_beside(const char *path)
{
	struct buf temporary;
	int fd, error;

	buf_init(&temporary);
	buf_printf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.data, O_CLOEXEC);
	error = fd < 0 ? errno : 0;
	if (fd >= 0) {
		unlink(temporary.data);
		close(fd);
	}
	buf_done(&temporary);

	return error;
}

/* The error that a write at this place would meet now. */
static int
try_place(const char *place)
{
	struct stat st;

	if (is_no_file(place))
		return access(place, W_OK) ? errno : 0;
	if (lstat(place, &st) == 0 && S_ISDIR(st.st_mode))
		return EISDIR;

	return try_beside(place);
}

enum err
file_check_output(
    const char *output, const char *input, struct problem *problem)
{
	struct buf place;
	int error;

	if (input != NULL && is_same_file(output, input))
		return problem_set(problem, ERR_INPUT,
		    "%s: is the file that is read; name another for the "
		    "results",
		    output);
	buf_init(&place);
	error = find_place(output, &place);
	if (error == 0)
		error = try_place(place.data);
	buf_done(&place);

	return error ? unwritable(problem, "write", output, error) : OK;
}

/* A regular file with contents. */
static bool
has_contents(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

static bool
begins_with(const char *path, struct slice start)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text));
	close(fd);

	return n > 0 && slice_has_prefix(slice_bytes(text, (size_t)n), start);
}

enum err
file_check_lost(const char *output, struct slice start, struct problem *problem)
{
	if (!has_contents(output) || begins_with(output, start))
		return OK;

	return problem_set(problem, ERR_INPUT,
	    "%s: is a file with something else, which would be lost; name "
	    "another for the results",
	    output);
}

static int
replace(const char *place, struct slice content, mode_t mode)
{
	struct buf temporary;
	int error;

	buf_init(&temporary);
	buf_printf(&temporary, "%s.XXXXXX", place);
	error = write_beside(temporary.data, place, content, mode);
	buf_done(&temporary);

	return error ? error : sync_folder(place);
}

enum err
file_replace(const char *path, struct slice content, unsigned int mode,
    struct problem *problem)
{
	struct buf place;
	int error;

	buf_init(&place);
	error = find_place(path, &place);
	if (error == 0)
		error = is_no_file(place.data)
		    ? write_through(place.data, content)
		    : replace(place.data, content, (mode_t)mode);
	buf_done(&place);

	return error ? unwritable(problem, "write", path, error) : OK;
}

void
file_remove(const char *path)
{
	struct buf place;

	buf_init(&place);
	if (find_place(path, &place) == 0 && !is_no_file(place.data))
		(void)unlink(place.data);
	buf_done(&place);
}

enum err
folder_make(const char *path, unsigned int mode, struct problem *problem)
{
	struct stat st;

	if (mkdir(path, (mode_t)mode) == 0)
		return OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return OK;

	return unwritable(problem, "make the folder", path, errno);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;

	return remove(path);
}

void
folder_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#define OWN_PROGRAM "/proc/self/exe"

enum err
file_beside_program(const char *name, struct buf *ret, struct problem *problem)
{
	char own[PATH_MAX];
	ssize_t n = readlink(OWN_PROGRAM, own, sizeof(own));
	const char *slash = n > 0 ? memrchr(own, '/', (size_t)n) : NULL;

	if (slash == NULL)
		return problem_set(problem, ERR_IO,
		    "cannot read the link %s: %s", OWN_PROGRAM,
		    strerror(errno));
	buf_add(ret, slice_bytes(own, (size_t)(slash + 1 - own)));
	buf_add_string(ret, name);

	return OK;
}
