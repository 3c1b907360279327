/*
 * The disks of the simulated host: the files that a process leaves when it dies
 * within its commit.
 *
 * SQLite tidies up when it closes a database.  So the files are read before
 * and written back after, and the next process finds a log that ends in a part
 * of the commit.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "virtual/simulated_internal.h"

#define FILE_BYTES_MAX (256u << 20)

static const char *const endings[DISK_FILES] = {"", "-wal"};

static void
path_of(const struct member *m, int file, char *ret, size_t size)
{
	snprintf(ret, size, "%s%s", m->database, endings[file]);
}

static void
fail(const struct member *m, const char *what)
{
	fprintf(stderr, "simulation: the disk of %s: %s\n", m->id.text, what);
	abort();
}

void
disk_read(const struct member *m, struct disk *ret)
{
	struct problem problem = {0};
	char path[300];
	enum err rc;
	int i;

	for (i = 0; i < DISK_FILES; i++) {
		path_of(m, i, path, sizeof(path));
		buf_init(&ret->files[i]);
		rc = file_read(path, FILE_BYTES_MAX, &ret->files[i], &problem);
		if (rc && rc != ERR_NOT_FOUND)
			fail(m, problem.text);
	}
}

void
disk_write(const struct member *m, const struct disk *disk)
{
	char path[300];
	FILE *f;
	int i;

	for (i = 0; i < DISK_FILES; i++) {
		path_of(m, i, path, sizeof(path));
		f = fopen(path, "wb");
		if (f == NULL ||
		    fwrite(disk->files[i].data, 1, disk->files[i].len, f) !=
			disk->files[i].len ||
		    fclose(f) != 0)
			fail(m, "cannot be written");
	}
}

void
disk_erase(const struct member *m)
{
	char path[300];
	int i;

	for (i = 0; i < DISK_FILES; i++) {
		path_of(m, i, path, sizeof(path));
		(void)unlink(path);
	}
}

void
disk_done(struct disk *disk)
{
	int i;

	for (i = 0; i < DISK_FILES; i++)
		buf_done(&disk->files[i]);
}

void
disk_tear(struct simulation *sim, const struct disk *before, struct disk *after)
{
	struct buf *log = &after->files[DISK_LOG];
	const struct buf *old = &before->files[DISK_LOG];
	size_t same = 0, written;

	while (same < log->len && same < old->len &&
	    log->data[same] == old->data[same])
		same++;
	if (same == log->len)
		return;
	written =
	    same + (size_t)simulated_below(sim, (int64_t)(log->len - same) - 1);
	/* Behind the written part are the bytes of before. */
	if (old->len > written)
		memcpy(log->data + written, old->data + written,
		    old->len - written);
	log->len = old->len > written ? old->len : written;
}
