#include "bench/floor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "bench/bench.h"
#include "bench/echo.h"
#include "bench/workshop.h"

#define PAGES_BYTES 32768 /* a small commit: four pages of a database */
#define COMMITS 128       /* places in the file, used in turns */
#define MESSAGE 1000      /* bytes: a message's order */

struct floor {
	int fd;
	int n; /* commits so far */
	struct echo *echo;
};

static bool
put_pages(struct floor *f)
{
	static const char pages[PAGES_BYTES];

	return pwrite(f->fd, pages, sizeof(pages),
		   (off_t)(f->n++ % COMMITS) * PAGES_BYTES) == PAGES_BYTES;
}

/* Pages that are there already: to write them anew needs no new place on the
 * disk, which would be flushed, too. */
static enum err
make_file(struct floor *f, const char *folder, struct problem *problem)
{
	char path[WORKSHOP_PATH_MAX + 24];
	bool good;
	int i;

	snprintf(path, sizeof(path), "%s/floor", folder);
	f->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	good = f->fd >= 0;
	for (i = 0; good && i < COMMITS; i++)
		good = put_pages(f);
	if (good && fsync(f->fd) == 0)
		return OK;

	return problem_set(problem, ERR_IO, "cannot write %s", path);
}

enum err
floor_open(const char *folder, struct floor **ret, struct problem *problem)
{
	struct floor *f = heap_array(1, sizeof(*f));
	struct echo_identity identity;
	enum err rc = make_file(f, folder, problem);

	if (rc == OK) {
		rc = echo_identity_new(&identity);
		if (rc == OK)
			rc = echo_open(&identity, 1, &f->echo, problem);
		echo_identity_done(&identity);
	}
	if (rc == OK)
		*ret = f;
	else
		floor_close(f);

	return rc;
}

void
floor_close(struct floor *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	echo_close(f->echo);
	free(f);
}

enum err
floor_measure(
    struct floor *f, int hops, double *ret_ms, struct problem *problem)
{
	double start = bench_seconds();
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < hops; i++) {
		if (!put_pages(f) || fdatasync(f->fd))
			rc = problem_set(
			    problem, ERR_IO, "a file cannot be flushed");
		else
			rc = echo_round(f->echo, MESSAGE, problem);
	}
	*ret_ms = (bench_seconds() - start) * 1000;

	return rc;
}
