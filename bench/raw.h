/*
 * Raw inserts: the rows that an import and a numbering left in a registry and
 * in jukinet, written once more into the same tables of new databases, by the
 * same statements, with the same synchronous=FULL, 4,000 residents a commit,
 * and nothing else: no file is read, nothing is checked, asked, signed or
 * sent.
 */
#ifndef BANGO_BENCH_RAW_H
#define BANGO_BENCH_RAW_H

#include <stdint.h>

#include "base/err.h"

/* The cost of a resident's rows. */
struct raw_cost {
	double seconds;   /* on the clock */
	double processor; /* of a core */
};

/*
 * The rows of residents 1 to `n` of the registry of Asahikawa, whose system is
 * down.  Import: record, state and audit entry.  Numbering: the code and the
 * number, and the person of jukinet.
 */
MUST_USE enum err
raw_measure(const char *nation_dir, int64_t n, struct raw_cost *ret_import,
    struct raw_cost *ret_numbering, struct problem *problem);

#endif
