/*
 * The holders of a nation's client certificates, and their duties
 * (docs/decisions/0038-holders-and-duties.md).
 *
 * DIR/operators.json lists them, revoked ones too: organisation, name,
 * certificate, times, and the duties by system.  Certificate and key of a holder
 * lie in DIR/operators/ORGANISATION/NAME/, those of `operator`, which founding
 * makes, in DIR/operators/ORGANISATION/ itself; commands do without them where a
 * holder has taken them away.
 */
#ifndef BANGO_NATION_OPERATORS_H
#define BANGO_NATION_OPERATORS_H

#include "base/json.h"
#include "nation/config.h"
#include "nation/passphrase.h"
#include "pki/x509.h"

#define OPERATOR_NAME "operator" /* founding's name for the first holder */
#define OPERATOR_NAME_MAX 30     /* characters; two names are one officer */
#define OPERATOR_PLACES_MAX 8    /* systems of one holder */

/* The duties that somebody of the organisation may have at a system: its own
 * systems' without the Commission's, or the Commission's alone. */
uint64_t operators_allowed(const struct system_config *system,
    const struct organisation_config *organisation);

/* A holder to be made. */
struct operator_order {
	const struct organisation_config *organisation;
	const char *name;
	struct {
		const struct system_config *system;
		uint64_t duties; /* a set of RIGHT_BIT() */
	} places[OPERATOR_PLACES_MAX];
	size_t n_places;
	struct instant since, until;
};
/*
 * Make a holder: key and certificate in a folder of its own, and an entry in
 * `document`, which operators_save() writes.  ERR_INPUT for a name that is no
 * file's name, ERR_DENIED for duties at both systems of a pair that joins
 * number and code, ERR_CONFLICT if the organisation has a holder of that name,
 * and those of file_replace().
 */
MUST_USE enum err operators_issue(struct authority *ca, const char *dir,
    const struct operator_order *order, json_t *document,
    struct problem *problem);

/* The holders that founding makes. */
enum founding_holders {
	FOUND_ONE_HOLDER, /* of each organisation, `operator` */
	FOUND_TWO_HOLDERS /* and `second` */
};
/*
 * Make the holders of a new nation in DIR: for each organisation one with all
 * duties of its systems, and another for each system that may not be with them
 * in one hand ("relay-operator").  For tests; a nation in earnest revokes them.
 */
MUST_USE enum err operators_found(struct authority *ca, const char *dir,
    const struct config *config, enum founding_holders holders,
    struct instant now, struct problem *problem);

/* Read DIR/operators.json; a new reference.  A nation of before has neither file nor
 * folder, and nobody; ERR_CORRUPT if the file alone is gone, ERR_INPUT names the entry that is malformed or has duties that nobody may
 * have together. */
MUST_USE enum err
operators_read(const char *dir, json_t **ret, struct problem *problem);
MUST_USE enum err operators_save(
    const char *dir, const json_t *document, struct problem *problem);
/* The holders who have duties at a system, or had; *ret is to be freed, its
 * texts are those of the document. */
MUST_USE enum err
operators_at(const json_t *document, const struct system_id *system,
    struct holder **ret, size_t *ret_n, struct problem *problem);
/* The folder of the first holder who has all those duties, RIGHT_BIT(), at the
 * system now, or else any, and whose key is in the folder of the nation; in `ret`,
 * emptied first.  ERR_NOT_FOUND. */
MUST_USE enum err operators_find(const json_t *document, const char *dir,
    const struct system_id *system, uint64_t duties, struct instant now,
    struct buf *ret, struct problem *problem);

/* --- The command ---------------------------------------------------------- */

struct operator_wish {
	const char *dir, *organisation, *name;
	const char *systems, *duties;       /* with commas between */
	const char *until;                  /* the last day; NULL: two years */
	struct passphrase_place passphrase; /* of the authority */
};
MUST_USE enum err operators_add(const struct operator_wish *wish,
    struct instant now, struct problem *problem);
/* Revoke a holder: the entry says so, and the certificate is on the list.
 * ERR_NOT_FOUND. */
MUST_USE enum err operators_revoke(const struct operator_wish *wish,
    struct instant now, struct problem *problem);
/* A line for each holder of the organisation; appends. */
MUST_USE enum err operators_list(const char *dir, const char *organisation,
    struct instant now, struct buf *ret, struct problem *problem);

#endif
