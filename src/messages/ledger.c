#include "messages/ledger.h"

#define HASHES_MAX 65 /* of a proof: RFC 6962 §2.1.2, of 2^64 entries */
#define NOTE LINES(8192)
#define REVOCATIONS INT(0, INT64_MAX)

static const struct field ledger_checkpoint_fields[] = {
    FIELD(ledger_checkpoint, old, INT(0, INT64_MAX),
	"the number of entries that the witness has cosigned"),
    LIST(ledger_checkpoint, proof, TEXT(44), HASHES_MAX,
	"base64 of the hashes from `old` on (RFC 6962 §2.1.2)"),
    FIELD(ledger_checkpoint, checkpoint, NOTE,
	"a signed note (c2sp.org/tlog-checkpoint)"),
    OPTION(ledger_checkpoint, revocations, REVOCATIONS,
	"the number of the sender's list of revoked keys"),
};
DEFINE_MESSAGE(ledger_checkpoint, "ledger.checkpoint", 1);

static const struct field ledger_cosigned_fields[] = {
    MAYBE(ledger_cosigned, old, INT(0, INT64_MAX),
	"the size at which the proof has to begin"),
    OPTION(ledger_cosigned, checkpoint, NOTE, "the checkpoint as it came"),
    OPTION(ledger_cosigned, signature, NOTE, "one line of a note"),
    OPTION(ledger_cosigned, newest, NOTE,
	"the newest checkpoint of this log that the witness has cosigned"),
    OPTION(ledger_cosigned, contradiction, BOOL,
	"the checkpoint does not continue what was cosigned before"),
    OPTION(ledger_cosigned, revocations, REVOCATIONS,
	"the number of the sender's list of revoked keys"),
};
DEFINE_MESSAGE(ledger_cosigned, "ledger.cosigned", 1);
