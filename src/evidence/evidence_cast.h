/* The messages of an archive, each in its part: what both formats share.  Inside
 * evidence/ only. */
#ifndef BANGO_EVIDENCE_EVIDENCE_CAST_H
#define BANGO_EVIDENCE_EVIDENCE_CAST_H

#include "evidence/evidence_internal.h"
#include "messages/inquiries.h"

/* Each message has its part, and a part is played by one content at most. */
enum part {
	PART_SHEET, /* format 2 */
	PART_REQUEST,
	PART_CANCEL,
	PART_PERMITTED,
	PART_REFUSED,
	PART_ISSUED,
	PART_REVOKED,
	PART_HELD,
	PART_ANSWER,
	PART_REPORT,
};
#define PARTS (PART_REPORT + 1)

enum side { SIDE_INQUIRER, SIDE_PROVIDER };
enum with { WITH_NETWORK, WITH_RELAY };

struct role {
	enum side side; /* the side whose relay shows it */
	const struct message_type *type;
	bool is_sent;
	enum with with;
	enum part part;
};

struct cast {
	struct judging *j;
	enum side side;
	const struct exhibit *parts[PARTS];
	struct system_id network, other;
	const struct exhibit *first; /* the request, or the permit */
};

/* The rules of a format: the parts, and what must agree. */
struct rules {
	const struct role *roles;
	size_t n_roles;
	enum err (*check)(struct cast *c);
};
extern const struct rules evidence_rules_1, evidence_rules_2;

/* The body of a part as `const struct tag *`; NULL if the part is not
 * played. */
#define BODY_OF(c, part, tag) \
	((const struct tag *)evidence_body_of(c, part, &message_##tag))
const void *evidence_body_of(
    const struct cast *c, enum part part, const struct message_type *type);

/* Every message that has the field `name`, a text, has the same value in it;
 * empty ones do not count. */
MUST_USE enum err
evidence_check_same(struct cast *c, const char *name, struct slice *ret);
/* The exchange that the archive names is this one. */
MUST_USE enum err
evidence_check_exchange(struct cast *c, struct slice exchange);

/* The parts of an answer, in either format. */
struct said {
	struct slice outcome, reason, article, sealed;
};
/* Tell of the answer: it came in time, sealed for the key `jwk`. */
MUST_USE enum err evidence_check_answer(
    struct cast *c, const struct said *said, struct slice jwk);
/* Tell of the network's refusal, if there is one. */
MUST_USE enum err evidence_tell_refusal(struct cast *c);
/* The provider told both the same in one turn: the answer, and this report. */
MUST_USE enum err
evidence_check_report(struct cast *c, struct slice outcome, struct instant at);

#endif
