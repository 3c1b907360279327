/*
 * Sheets of questions: the inquirer's signed list of the questions of a batch.
 *
 * A sheet is a compact JWS (ES256) of type "bango-question" over
 *
 *   {"by": system id, "time": RFC 3339, "questions":
 *     [base64url SHA-256 of each question, ...]}
 *
 * So one signature stands for up to 16 questions.  The network passes the sheet
 * on with each permit; the provider verifies it, and nobody need believe the
 * network about who asked.  A digest tells nothing about a question to those who
 * do not have it.
 */
#ifndef BANGO_WIRE_SHEET_H
#define BANGO_WIRE_SHEET_H

#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/jose.h"
#include "wire/id.h"

#define SHEET_TYPE "bango-question"
#define SHEET_QUESTIONS_MAX 16
#define SHEET_MAX 2000 /* characters of its text */

struct sheet {
	struct system_id by;
	struct instant time;
	const struct digest *questions;
	size_t n_questions; /* 1..SHEET_QUESTIONS_MAX */
};

/* Append the JWS. */
MUST_USE enum err sheet_sign(struct arena *arena, const struct sheet *sheet,
    const struct signing_key *key, struct buf *ret);
/* Read a sheet into the arena without verifying it.  *ret_jws, which may be
 * NULL, is what jws_verify() takes.  ERR_INPUT.  The caller checks that `by` owns
 * the key. */
MUST_USE enum err sheet_read(struct arena *arena, struct slice text,
    struct sheet *ret, struct jws *ret_jws, struct problem *problem);
/* Does it name this question? */
bool sheet_has(const struct sheet *sheet, const struct digest *question);

#endif
