#include "messages/acquisition.h"

static const struct field request_item_fields[] = {
    ACQUISITION(acquisition_request_item),
    FIELD(acquisition_request_item, number, INDIVIDUAL_NUMBER, "個人番号"),
    ATTRIBUTES_OF_IDENTITY(acquisition_request_item, person),
};
static const struct shape acquisition_request_item_shape =
    SHAPE(acquisition_request_item, request_item_fields);

static const struct field acquisition_request_fields[] = {
    ROWS(acquisition_request, items, acquisition_request_item, MESSAGE_ROWS_MAX,
	"the persons that need a code"),
};
DEFINE_MESSAGE(acquisition_request, "acquisition.request", 1);

static const struct field link_item_fields[] = {
    ACQUISITION(acquisition_link_item),
    FIELD(acquisition_link_item, internal, INTERNAL_NUMBER,
	"the person's internal number"),
};
static const struct shape acquisition_link_item_shape =
    SHAPE(acquisition_link_item, link_item_fields);

static const struct field acquisition_link_fields[] = {
    ROWS(acquisition_link, items, acquisition_link_item, MESSAGE_CODES_MAX,
	"halves of acquisitions"),
};
DEFINE_MESSAGE(acquisition_link, "acquisition.link", 1);

static const struct field identify_item_fields[] = {
    ACQUISITION(acquisition_identify_item),
    FIELD(acquisition_identify_item, code, RESIDENT_CODE,
	"the resident's code today"),
    OPTIONAL_LIST(acquisition_identify_item, before, RESIDENT_CODE,
	FORMER_CODES_MAX, "the person's earlier codes, oldest first"),
};
static const struct shape acquisition_identify_item_shape =
    SHAPE(acquisition_identify_item, identify_item_fields);

static const struct field acquisition_identify_fields[] = {
    FIELD_AS(
	acquisition_identify, to, "for", SYSTEM, "the receiver of the codes"),
    ROWS(acquisition_identify, items, acquisition_identify_item,
	MESSAGE_CODES_MAX, "the persons that the codes are for"),
};
DEFINE_MESSAGE(acquisition_identify, "acquisition.identify", 1);

static const struct field refused_item_fields[] = {
    ACQUISITION(acquisition_refused_item),
    FIELD(acquisition_refused_item, reason, NAME_OF,
	"the reason: `no-match`, `former-number`, `stopped`, `not-yours`"),
};
const struct shape acquisition_refused_item_shape =
    SHAPE(acquisition_refused_item, refused_item_fields);

static const struct field acquisition_refused_fields[] = {
    ROWS(acquisition_refused, items, acquisition_refused_item,
	MESSAGE_CODES_MAX, "the persons that get no code"),
    MAYBE(acquisition_refused, until, INSTANT,
	"when to ask again for those that are `stopped`"),
};
DEFINE_MESSAGE(acquisition_refused, "acquisition.refused", 1);

static const struct field code_item_fields[] = {
    ACQUISITION(acquisition_code_item),
    MAYBE_BLANK(acquisition_code_item, code, LINKAGE_CODE,
	"\"\" where the organisation already holds one"),
};
static const struct shape acquisition_code_item_shape =
    SHAPE(acquisition_code_item, code_item_fields);

static const struct field acquisition_code_fields[] = {
    ROWS(acquisition_code, items, acquisition_code_item, MESSAGE_CODES_MAX,
	"codes"),
};
DEFINE_MESSAGE(acquisition_code, "acquisition.code", 1);

static const struct field acquisition_done_fields[] = {
    LIST(acquisition_done, items, ACQUISITION_NUMBER, MESSAGE_CODES_MAX,
	"acquisitions that are over"),
};
DEFINE_MESSAGE(acquisition_done, "acquisition.done", 1);

static const struct field acquisition_drop_fields[] = {
    LIST(acquisition_drop, items, ACQUISITION_NUMBER, MESSAGE_CODES_MAX,
	"acquisitions to be forgotten"),
};
DEFINE_MESSAGE(acquisition_drop, "acquisition.drop", 1);
