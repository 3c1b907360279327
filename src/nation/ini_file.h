/*
 * The lines of an INI file: sections, and settings `name = value`.
 *
 * A section begins once, and a section has a setting once.  White space before
 * a line does not matter.  This module knows no names; config_setting.c does.
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
	struct ini_place *first, *last;
	struct problem *problem;
	struct buf *doubts; /* NULL: a doubt is an error */
	enum err err;
};

/*
 * A doubt is no reason to stop a nation that was founded before there was the
 * rule: it becomes a line of `doubts`, if there are any, and OK.  Else it is
 * ERR_INPUT with the text as problem.
 */
enum err
ini_file_doubt(struct ini_file *file, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Read all of `text`.  Arena, path and problem of the file are set, doubts too if
 * there are to be any, and all else is empty.  ERR_INPUT with path and line for
 * bytes that are no UTF-8 text, and a line of another form; a section or setting
 * that stands twice is a doubt.
 */
MUST_USE enum err ini_file_read(struct ini_file *file, struct slice text);

/* The beginning of a section (name and value NULL), or a setting as normalised
 * by text_take(); an error ends the walk. */
typedef enum err ini_file_handler(
    void *state, const char *section, const char *name, const char *value);
/* Give every section and setting to the handler, in the order of the lines.  An
 * error of the handler. */
MUST_USE enum err ini_file_each(
    const struct ini_file *file, ini_file_handler *handle, void *state);

/* The line of a section (`name` NULL) or setting that was read; 0: none. */
int ini_file_line(
    const struct ini_file *file, const char *section, const char *name);

#endif
