/*
 * The mark of a system on a real machine: the file `mark` beside its keys
 * (host/mark.h), and the lock on their folder.
 */
#ifndef BANGO_NATION_MARK_FILE_H
#define BANGO_NATION_MARK_FILE_H

#include "host/mark.h"

struct mark_file {
	struct mark_place place; /* for struct node_options */
	const struct keystore *keys;
	char *path, *database;
	int lock;
};

/*
 * Take the folder of a system for this process, until mark_file_done().  Keys
 * and *ret outlive the node.  `database` is the database in words: a path, or
 * its name on a server.  ERR_BUSY if another process has the folder, ERR_IO.
 */
MUST_USE enum err mark_file_open(const char *folder, const char *database,
    const struct keystore *keys, struct mark_file *ret,
    struct problem *problem);
/* Zero is fine. */
void mark_file_done(struct mark_file *file);

#endif
