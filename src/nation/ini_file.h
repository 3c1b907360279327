/*
 * The lines of an INI file, read once: sections, and settings `name = value`.
 *
 * A section begins once, and a section has a setting once.  White space before
 * a line does not matter.  This module knows no names; config.c does.
 */
#ifndef BANGO_NATION_INI_FILE_H
#define BANGO_NATION_INI_FILE_H

#include "base/arena.h"
#include "base/slice.h"

struct ini_place;

struct ini_file {
	struct arena *arena;
	const char *path;
	struct slice rest; /* of the text */
	int line;          /* that is being read, from 1 */
	struct ini_place *places;
	struct problem *problem;
	enum err err;
};

/* A setting, as normalised by text_take(); an error ends the reading. */
typedef enum err ini_file_handler(
    void *state, const char *section, const char *name, const char *value);

/*
 * Give every setting of `text` to the handler.  Arena, path and problem of the
 * file are set, and all else is empty.  ERR_INPUT with path and line for bytes
 * that are no UTF-8 text, a line of another form, a section or setting that
 * stands twice; an error of the handler.
 */
MUST_USE enum err ini_file_read(struct ini_file *file, struct slice text,
    ini_file_handler *handle, void *state);

/* The line of a section (`name` NULL) or setting that was read; 0: none. */
int ini_file_line(
    const struct ini_file *file, const char *section, const char *name);

#endif
