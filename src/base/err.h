/*
 * Errors.
 *
 * Every function that can fail returns one enum err.  The value says what
 * kind of thing went wrong, so that one table can turn it into an HTTP
 * status, an exit code and an outcome for the audit.  The words for people
 * travel beside it in a struct problem, which keeps what may be shown apart
 * from what only the log may hold.
 *
 * Neither part ever holds personal data: name the place of a value, not the
 * value.
 */
#ifndef BANGO_BASE_ERR_H
#define BANGO_BASE_ERR_H

#include <stdarg.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum err {
	OK = 0,
	ERR_INPUT,           /* malformed, or breaks a rule of notation */
	ERR_NOT_FOUND,       /* no such thing; also: no more rows */
	ERR_METHOD,          /* the thing exists and takes another method */
	ERR_MEDIA,           /* a body of a type or coding not taken there */
	ERR_CONFLICT,        /* contradicts what is already recorded */
	ERR_UNAUTHENTICATED, /* nobody known is asking */
	ERR_DENIED,          /* somebody known, without the right to it */
	ERR_TOO_LARGE,       /* over a stated limit */
	ERR_BUSY,            /* try again later; nothing was done */
	ERR_UNCERTAIN,       /* a commit whose outcome is not known */
	ERR_UNREACHABLE,     /* a peer does not answer */
	ERR_FULL,            /* no space left on the disk */
	ERR_IO,              /* file, socket or database failed */
	ERR_CORRUPT,         /* stored or received data is damaged */
	ERR_CRYPTO,          /* a signature, seal or key does not fit */
	ERR_INTERNAL,        /* a fault of the program */
};
#define ERR_COUNT (ERR_INTERNAL + 1)

struct err_info {
	const char *name; /* stable token for programs: "not-found" */
	const char *title;
	int http_status;
	int exit_code; /* 0 or 2 to 4; 1 is the answer no, which is no error */
};

/* Return the error of `call` at once, unless it is OK: for a chain that owns
 * nothing. */
#define TRY(call)                       \
	do {                            \
		enum err try_ = (call); \
		if (try_ != OK)         \
			return try_;    \
	} while (0)

/* The row of the table for `err`; never NULL. */
const struct err_info *err_info(enum err err);

/* The first error of the table that is answered with this HTTP status;
 * ERR_UNREACHABLE if none is. */
enum err err_of_http_status(int status);

#define PROBLEM_TEXT_MAX 384

struct problem {
	enum err err;
	char text[PROBLEM_TEXT_MAX];   /* for the caller: public */
	char detail[PROBLEM_TEXT_MAX]; /* for the log alone */
};

/*
 * Record `err` with its public text: where, why, what to do.  Replaces what
 * was there and clears the detail.  `p` may be NULL.  Returns `err`, so that
 * `return problem_set(p, ERR_INPUT, ...)` reads well.  A text longer than
 * PROBLEM_TEXT_MAX is cut at a character's boundary, and made printable
 * (text_make_printable()).
 */
MUST_USE enum err problem_set(
    struct problem *p, enum err err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Give a problem that has no text the title of `err`. */
void problem_complete(struct problem *p, enum err err);

/* Add the detail for the log.  `p` may be NULL. */
void problem_detail(struct problem *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Empty: OK, no texts. */
void problem_clear(struct problem *p);

#endif
