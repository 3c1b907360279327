/*
 * A nation whose residents have linkage codes already: the rows that an
 * acquisition would leave are written into the databases before its systems
 * are up, so that ten million residents take minutes and not hours.
 *
 * Shinjuku (131041) may ask Asahikawa (012041) about each of them; Asahikawa
 * has a replica of local tax information for each.  They are in the databases
 * of the network, both relays and Shinjuku's addressee, and in no others.
 */
#ifndef BANGO_BENCH_PREPARED_H
#define BANGO_BENCH_PREPARED_H

#include "bench/workshop.h"
#include "crypto/tally.h"
#include "lab/demo/stage.h"
#include "systems/network/linkage.h"

#define PREPARED_NUMBER_MAX 24

struct prepared {
	char folder[WORKSHOP_PATH_MAX];
	int64_t residents;
	struct stage *stage;
	int n_files; /* of inquiries, so far */
};

/* Write the rows, with a bar of progress on standard error, and start. */
MUST_USE enum err
prepared_open(int64_t residents, struct prepared *ret, struct problem *problem);
void prepared_close(struct prepared *p);

/*
 * The kernel's memory of the databases: all of them, as of systems that have
 * been at work for a while, or nothing, as after a start of the machine.
 */
enum prepared_memory { PREPARED_REMEMBERED, PREPARED_FORGOTTEN };
MUST_USE enum err prepared_remember(const struct prepared *p,
    enum prepared_memory memory, struct problem *problem);

/* The business number of the i-th resident at Shinjuku's office. */
void prepared_business_number(int64_t i, char ret[PREPARED_NUMBER_MAX]);

/* Resources that all systems have used so far, or that inquiries took. */
struct prepared_cost {
	double seconds;   /* on the clock: from the file to the results */
	double processor; /* seconds of a core, of all systems together */
	double disk;      /* bytes that they read from the disk */
};
struct prepared_cost prepared_cost_so_far(const struct prepared *p);
/* The number of operations with keys of all systems since they are up. */
MUST_USE enum err prepared_tally(const struct prepared *p,
    struct crypto_tally *ret, struct problem *problem);

/*
 * A file of `n` inquiries about residents chosen at random, and its results,
 * by the way of `bango inquire`; all must be answered.
 */
MUST_USE enum err prepared_inquire(struct prepared *p, int n,
    struct prepared_cost *ret, struct problem *problem);

/* --- For those who write rows of their own -------------------------------- */

/* One database of a nation that is not up. */
struct filler {
	struct store *store;
	int64_t n; /* rows since the beginning */
	struct problem *problem;
};

MUST_USE enum err filler_open(struct filler *f, const char *nation_dir,
    const char *system_id, struct problem *problem);
/* Call it after each row, with its result: every so often it commits. */
MUST_USE enum err filler_next(struct filler *f, enum err rc);
/* The last ones are committed, if `rc` is OK. */
MUST_USE enum err filler_close(struct filler *f, enum err rc);

/* The network's key and the indexes of organisations. */
MUST_USE enum err prepared_linkage(
    const char *nation_dir, struct linkage **ret, struct problem *problem);
MUST_USE enum err
prepared_organisation(struct filler *network, const char *id, uint32_t *ret);
/* The id of the i-th of n: ids ascend and lie far apart. */
struct id_code prepared_id(int64_t i, int64_t n);
/* The code under which the network keeps the i-th resident's records. */
void prepared_record_code(int64_t i, struct record_code *ret);
/* Rows of the network for the i-th of n residents. */
MUST_USE enum err prepared_person(struct filler *network, int64_t i, int64_t n);
MUST_USE enum err prepared_holder(
    struct filler *network, struct id_code id, struct code_owner owner);
/* A nation that has been up once and is down again, in p->folder. */
MUST_USE enum err prepared_found(struct prepared *p, struct problem *problem);
MUST_USE enum err prepared_start(struct prepared *p, struct problem *problem);

#endif
