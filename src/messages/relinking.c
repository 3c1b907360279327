#include "messages/relinking.h"

#define EPOCH INT(1, 65535)

static const struct field code_renewed_item_fields[] = {
    FIELD(code_renewed_item, from, LINKAGE_CODE, "a code of the receiver's"),
    FIELD(code_renewed_item, to, LINKAGE_CODE, "the code in its place"),
};
static const struct shape code_renewed_item_shape =
    SHAPE(code_renewed_item, code_renewed_item_fields);

static const struct field code_renewed_fields[] = {
    FIELD(code_renewed, epoch, EPOCH, "the epoch of the key of the new codes"),
    ROWS(code_renewed, items, code_renewed_item, MESSAGE_ROWS_MAX,
	"pairs of codes"),
};
DEFINE_MESSAGE(code_renewed, "code.renewed", 1);

static const struct field code_taken_fields[] = {
    FIELD(code_taken, epoch, EPOCH, "the epoch of the key of the new codes"),
    FIELD(code_taken, first, LINKAGE_CODE,
	"the first new code of the message that was taken"),
    FIELD(code_taken, last, LINKAGE_CODE, "its last one"),
};
DEFINE_MESSAGE(code_taken, "code.taken", 1);
