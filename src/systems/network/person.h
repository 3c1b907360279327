/*
 * Persons as the network knows them: by an id code (IDコード), which identifies
 * the person within the network only, and by a record code, under which records
 * are kept (令85 47条3項).  Both are random and secret, and are used nowhere else.
 */
#ifndef BANGO_SYSTEMS_NETWORK_PERSON_H
#define BANGO_SYSTEMS_NETWORK_PERSON_H

#include "base/slice.h"

#define RECORD_CODE_LEN 16

struct turn;

struct id_code {
	uint64_t value; /* 63 bits */
};

struct record_code {
	uint8_t bytes[RECORD_CODE_LEN]; /* zero: nobody's */
};

/* As the database has them; nobody's record code is the empty slice. */
int64_t id_code_to_int64(struct id_code id);
struct id_code id_code_of_int64(int64_t value);
struct slice record_code_slice(const struct record_code *code); /* borrowed */
/* ERR_INPUT if the length is neither 0 nor RECORD_CODE_LEN. */
MUST_USE enum err
record_code_from_bytes(struct slice bytes, struct record_code *ret);

/* As the subject of an audit entry, in the arena; empty for nobody's code. */
struct slice
record_code_text(struct turn *turn, const struct record_code *code);

#endif
