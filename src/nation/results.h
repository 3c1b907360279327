/*
 * Results of inquiries: what an office's API says of them, as lines of a CSV
 * file.
 *
 * Contents are copied byte for byte: their numbers may have more digits than any
 * type of ours, and whoever compares contents compares bytes.  No tree is built,
 * so that a page may have as many values as an office may answer with.
 */
#ifndef BANGO_NATION_RESULTS_H
#define BANGO_NATION_RESULTS_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

/* Names of the columns of results_add(), ended by LF. */
#define RESULTS_HEADER                                            \
	"line,business_number,affair,item,provider,state,reason," \
	"article,held_until,contents,version\n"

struct results_page {
	int64_t rows;
	int64_t unknown; /* of them refused because nobody has that number */
	int64_t last;    /* the line of the last; 0 if there is none */
};

/* Append a line for each result in an answer of GET
 * /inquiry-files/{batch}/results.  ERR_INPUT if it is no such answer. */
MUST_USE enum err results_add(struct slice answer, struct buf *to,
    struct results_page *ret, struct problem *problem);

#endif
