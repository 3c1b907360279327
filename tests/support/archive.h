/*
 * For tests of evidence: an archive, signed by systems of a small nation that
 * exists only in memory.
 *
 *	archive_begin(HOLDER, EXCHANGE);
 *	archive_say(&(struct archive_line){...});   for each message
 *	document = archive_finish();
 *	archive_judge(document, &found);
 *
 * One archive at a time; archive_done() frees it.  Every function fails the
 * test on an unexpected result.
 */
#ifndef BANGO_TESTS_SUPPORT_ARCHIVE_H
#define BANGO_TESTS_SUPPORT_ARCHIVE_H

#include "base/json.h"
#include "evidence/evidence.h"

enum archive_system {
	ARCHIVE_INQUIRER,  /* 131041/relay */
	ARCHIVE_PROVIDER,  /* 012041/relay */
	ARCHIVE_NETWORK,   /* digital/network */
	ARCHIVE_WITNESS,   /* jlis/jukinet */
	ARCHIVE_COLLEAGUE, /* 131041/addressee */
	ARCHIVE_STRANGER,  /* 042021/relay */
	ARCHIVE_USURPER,   /* jlis/network */
	ARCHIVE_SYSTEMS,
};

#define ARCHIVE_INQUIRY "00112233445566778899aabbccddeeff"
#define ARCHIVE_PERMIT "ffeeddccbbaa99887766554433221100"
#define ARCHIVE_SHEET "5555555555555555555555555555aaaa"
#define ARCHIVE_BLIND "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ARCHIVE_START ((struct instant){1795280000000}) /* of the exchange */
#define ARCHIVE_EXPIRES "2026-11-21T17:00:00.000Z" /* some seven minutes on */

/* The faults of the next archive; to be set before archive_begin(). */
enum archive_misnamed { /* in waybills and receipts */
	ARCHIVE_NOBODY,
	ARCHIVE_SIGNER,
	ARCHIVE_HOLDER,
};
struct archive_options {
	enum archive_misnamed misnamed;
	int64_t early_ms;        /* messages are that much before the keys */
	int64_t late_ms;         /* the witness signs that much later */
	bool is_brief;           /* the holder's key ended before that */
	bool is_unwitnessed;     /* no witness signs the ledger */
	bool is_colleague;       /* one of our organisation signs it, too */
	bool is_witness_unknown; /* the witness has no certificate */
	bool is_forged;          /* the network signs the sheet (format 2) */
	bool is_unlisted;        /* the sheet names another question */
};
extern struct archive_options archive_options;

struct archive_line {
	enum archive_system from, to;
	const char *type;
	const char *body;    /* JSON; @KEY@, @SEALED@ and, in format 2,
			      * @QUESTION@, @DIGEST@, @SHEET@ are filled in */
	int64_t after_ms;    /* the message's time, after ARCHIVE_START */
	const char *outcome; /* of its receipt; NULL: accepted */
	/* The system that signs in place of the other side; NULL: none. */
	const enum archive_system *forger;
};

void archive_begin(enum archive_system holder, const char *exchange);
void archive_say(const struct archive_line *line);
/* The archive with proofs and certificates; borrowed until archive_done(). */
json_t *archive_finish(void);
void archive_done(void);

/* The usual exchange, from the request or the permit to the answer. */
json_t *archive_of_inquirer(void);
json_t *archive_of_provider(void);
extern const struct archive_line archive_request, archive_permitted,
    archive_answered, archive_issued, archive_answer, archive_report;

/* The same in format 2, with a signed question; with another last message, unless
 * it is NULL. */
json_t *archive_2_of_inquirer(const struct archive_line *last);
json_t *archive_2_of_provider(const struct archive_line *last);
extern const struct archive_line archive_2_sheet, archive_2_request,
    archive_2_permitted, archive_2_issued, archive_2_answer;

/* The nation's authority, and another one of that name. */
struct slice archive_anchor(void);
struct slice archive_other_anchor(void);

/* Judge a document; the findings live until archive_done(). */
void archive_judge(const json_t *document, struct evidence *ret);
/* Assert that a document holds; or that it does not, and that its first bad
 * finding ends with `why`. */
void archive_holds(const json_t *document);
void archive_fails(const json_t *document, const char *why);

#endif
