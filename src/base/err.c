#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Exit codes: 2 the form of an input, 3 the surroundings, 4 a fault; man/bango.1
 * has the table. */
static const struct err_info table[ERR_COUNT] = {
    [OK] = {"ok", "done", 200, 0},
    [ERR_INPUT] = {"input", "malformed input", 400, 2},
    [ERR_NOT_FOUND] = {"not-found", "no such thing", 404, 3},
    [ERR_METHOD] = {"method", "another method is expected", 405, 3},
    [ERR_MEDIA] = {"media", "another media type is expected", 415, 3},
    [ERR_CONFLICT] = {"conflict", "contradicts what is recorded", 409, 3},
    [ERR_UNAUTHENTICATED] = {"unauthenticated", "sign in first", 401, 3},
    [ERR_DENIED] = {"denied", "no right to this", 403, 3},
    [ERR_TOO_LARGE] = {"too-large", "larger than allowed", 413, 2},
    [ERR_BUSY] = {"busy", "busy; try again later", 503, 3},
    [ERR_UNCERTAIN] = {"uncertain", "outcome not known; ask again", 503, 3},
    [ERR_UNREACHABLE] = {"unreachable", "no answer from a peer", 502, 3},
    [ERR_FULL] = {"full", "no space left", 507, 3},
    [ERR_IO] = {"io", "a file, socket or database failed", 500, 3},
    [ERR_CORRUPT] = {"corrupt", "stored data is damaged", 500, 4},
    [ERR_CRYPTO] = {"crypto", "a signature, seal or key does not fit", 403, 4},
    [ERR_INTERNAL] = {"internal", "a fault of the program", 500, 4},
};

const struct err_info *
err_info(enum err err)
{
	if ((unsigned int)err >= ERR_COUNT)
		err = ERR_INTERNAL;

	return &table[err];
}

enum err
err_of_http_status(int status)
{
	unsigned int err;

	for (err = OK + 1; err < ERR_COUNT; err++) {
		if (table[err].http_status == status)
			return (enum err)err;
	}

	return ERR_UNREACHABLE;
}

/*
 * Format, cut between characters, and make printable: parts of it may be a
 * file's or a peer's, and it goes to terminals, logs and JSON.  By way of a copy with room for one
 * character more: the arguments may be a text of the same problem.
 */
static void fill(char text[PROBLEM_TEXT_MAX], const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

static void
fill(char text[PROBLEM_TEXT_MAX], const char *fmt, va_list ap)
{
	char whole[PROBLEM_TEXT_MAX + 4];
	struct slice s;

	if (vsnprintf(whole, sizeof(whole), fmt, ap) < 0)
		whole[0] = '\0';
	s = utf8_cut(slice_of(whole), PROBLEM_TEXT_MAX - 1);
	memcpy(text, s.data, s.len);
	text[text_make_printable(text, s.len)] = '\0';
}

enum err
problem_set(struct problem *p, enum err err, const char *fmt, ...)
{
	va_list ap;

	if (p == NULL)
		return err;
	va_start(ap, fmt);
	fill(p->text, fmt, ap);
	va_end(ap);
	p->err = err;
	p->detail[0] = '\0';

	return err;
}

void
problem_complete(struct problem *p, enum err err)
{
	if (p->text[0] == '\0')
		p->err = problem_set(p, err, "%s", err_info(err)->title);
}

void
problem_detail(struct problem *p, const char *fmt, ...)
{
	va_list ap;

	if (p == NULL)
		return;
	va_start(ap, fmt);
	fill(p->detail, fmt, ap);
	va_end(ap);
}

void
problem_clear(struct problem *p)
{
	if (p == NULL)
		return;
	p->err = OK;
	p->text[0] = '\0';
	p->detail[0] = '\0';
}
