#include "nation/mark_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

#define MARK_BYTES 4096

static enum err
load(void *state, struct mark *ret, struct problem *problem)
{
	struct mark_file *file = state;
	struct problem why = {0};
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc = file_read(file->path, MARK_BYTES, &text, problem);
	if (rc == OK && mark_read(buf_slice(&text), file->keys, ret, &why))
		rc = problem_set(problem, ERR_CORRUPT,
		    "%s is not the mark of this system: %s; restore it from a "
		    "copy; to go on without it, remove it and start with "
		    "--adopt-older REASON",
		    file->path, why.text);
	buf_done(&text);

	return rc;
}

static enum err
save(void *state, const struct mark *mark, struct problem *problem)
{
	struct mark_file *file = state;
	struct buf text;
	enum err rc;

	buf_init(&text);
	mark_write(mark, file->keys, &text);
	rc = file_replace(file->path, buf_slice(&text), 0600, problem);
	buf_done(&text);

	return rc;
}

enum err
mark_file_open(const char *folder, const char *database,
    const struct keystore *keys, struct mark_file *ret, struct problem *problem)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) ? errno : 0;
	struct buf path;

	if (error && fd >= 0)
		close(fd);
	if (error == EWOULDBLOCK)
		return problem_set(problem, ERR_BUSY,
		    "another process has the system in %s", folder);
	if (error)
		return problem_set(problem, ERR_IO, "cannot lock %s: %s",
		    folder, strerror(error));
	buf_init(&path);
	buf_printf(&path, "%s/mark", folder);
	*ret = (struct mark_file){.keys = keys,
	    .path = heap_string(buf_slice(&path)),
	    .database =
		database == NULL ? NULL : heap_string(slice_of(database)),
	    .lock = fd};
	ret->place = (struct mark_place){.load = load,
	    .save = save,
	    .state = ret,
	    .name = ret->path,
	    .database = ret->database};
	buf_done(&path);

	return OK;
}

void
mark_file_done(struct mark_file *file)
{
	if (file->path == NULL)
		return;
	close(file->lock);
	free(file->path);
	free(file->database);
	*file = (struct mark_file){0};
}
