/*
 * A nation's ledgers, examined from outside, for `bango ledger`.
 *
 * The answers of a system are checked against the public keys in the nation's
 * directory.json, the present ones and those of all certificates, and not
 * against anything in the system's own database.
 */
#ifndef BANGO_NATION_AUDITING_H
#define BANGO_NATION_AUDITING_H

#include "components/audit/ledger.h"
#include "nation/nation.h"

struct auditing;

/* Reads DIR/nation.ini and DIR/directory.json. */
MUST_USE enum err
auditing_open(const char *dir, struct auditing **ret, struct problem *problem);
void auditing_close(struct auditing *a); /* NULL is fine */

/* The systems of the nation, in its order. */
size_t auditing_systems(const struct auditing *a);
const struct system_id *auditing_system(const struct auditing *a, size_t index);

/* ledger_verify() on the database of a system that is not running.
 * ERR_CORRUPT if something does not fit; ERR_BUSY if the system runs. */
MUST_USE enum err
auditing_verify(struct auditing *a, const struct system_id *id,
    struct ledger_findings *ret, struct problem *problem);

/* The proof of an entry as JSON: from the database, or from the system if it
 * runs.  ERR_NOT_FOUND if it has none. */
MUST_USE enum err auditing_prove(struct auditing *a, const struct system_id *id,
    int64_t seq, json_t **ret, struct problem *problem);

/* The ledger of a running system, as seen from outside. */
struct auditing_view {
	uint64_t size;     /* 0: nothing yet */
	bool had;          /* `before` was seen the last time */
	uint64_t before;   /* its size */
	uint64_t cosigned; /* size of the newest head with a witness; or 0 */
	size_t witnesses;  /* that signed it */
	struct system_id first; /* one of them */
};
/*
 * Fetch the newest checkpoint and the newest cosigned one; verify all
 * signatures, and that each continues the earlier.  With a folder `seen`, the
 * checkpoint is kept there, and must continue the one kept the last time.
 * ERR_CORRUPT if the system shows two
 * histories or a signature does not fit, ERR_CRYPTO if directory.json has
 * another's certificate or no key.
 */
MUST_USE enum err auditing_look(struct auditing *a, const struct system_id *id,
    const char *seen, struct auditing_view *ret, struct problem *problem);

/* --- For evidence -------------------------------------------------------- */

/* The evidence that a running relay keeps of an exchange, 32 hex digits; a new
 * reference.  ERR_NOT_FOUND. */
MUST_USE enum err
auditing_evidence(struct auditing *a, const struct system_id *id,
    struct slice exchange, json_t **ret, struct problem *problem);

/* The newest checkpoint of a running system that another system has signed,
 * parsed; it lives as long as `a`.  Not verified.  ERR_NOT_FOUND if there is
 * none yet. */
MUST_USE enum err
auditing_cosigned(struct auditing *a, const struct system_id *id,
    struct slice *ret_note, struct checkpoint *ret, struct problem *problem);

/* The proof that leaf `index` is in a running system's ledger of `size`, from
 * the tiles that it hands out. */
MUST_USE enum err auditing_inclusion(struct auditing *a,
    const struct system_id *id, uint64_t index, uint64_t size,
    struct merkle_proof *ret, struct problem *problem);

/* The public half of a system's present signing key, from the nation's
 * directory; borrowed.  NULL if the system has none. */
const json_t *auditing_key(const struct auditing *a, struct slice id);

/* The certificates of a system's signing keys in the nation's directory, an
 * array of PEM; borrowed.  NULL if it has none. */
const json_t *auditing_certificates(const struct auditing *a, struct slice id);

/* The certificate of the nation's authority, as PEM. */
MUST_USE enum err auditing_anchor(
    const struct auditing *a, struct buf *ret, struct problem *problem);

#endif
