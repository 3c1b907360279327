#include "messages/enrolment.h"

#define STEP_OF(tag)                            \
	FIELD(tag, step, WORD(ENROLMENT_STEPS), \
	    "a ticket; the sign-in ends, and a ticket; the sign-in ends")

static const struct field identify_item_fields[] = {
    ACQUISITION(enrolment_identify_item),
    STEP_OF(enrolment_identify_item),
    FIELD(enrolment_identify_item, at, PAST, "when the counter ordered it"),
    FIELD(enrolment_identify_item, code, RESIDENT_CODE, "the resident's code"),
};
static const struct shape enrolment_identify_item_shape =
    SHAPE(enrolment_identify_item, identify_item_fields);

static const struct field enrolment_identify_fields[] = {
    FIELD_AS(enrolment_identify, to, "for", SYSTEM, "the portal"),
    ROWS(enrolment_identify, items, enrolment_identify_item, MESSAGE_CODES_MAX,
	"the residents at the counter"),
};
DEFINE_MESSAGE(enrolment_identify, "enrolment.identify", 1);

static const struct field identified_item_fields[] = {
    ACQUISITION(enrolment_identified_item),
    STEP_OF(enrolment_identified_item),
    FIELD(enrolment_identified_item, at, PAST_AS_TOLD,
	"when the counter ordered it"),
    FIELD(enrolment_identified_item, code, RESIDENT_CODE,
	"the resident's code today"),
    OPTIONAL_LIST(enrolment_identified_item, before, RESIDENT_CODE,
	FORMER_CODES_MAX, "the person's earlier codes, oldest first"),
};
static const struct shape enrolment_identified_item_shape =
    SHAPE(enrolment_identified_item, identified_item_fields);

static const struct field enrolment_identified_fields[] = {
    FIELD_AS(enrolment_identified, to, "for", SYSTEM, "the portal"),
    FIELD(enrolment_identified, municipality, ORGANISATION,
	"the municipality of the counter"),
    ROWS(enrolment_identified, items, enrolment_identified_item,
	MESSAGE_CODES_MAX, "its residents"),
};
DEFINE_MESSAGE(enrolment_identified, "enrolment.identified", 1);

static const struct field code_item_fields[] = {
    ACQUISITION(enrolment_code_item),
    STEP_OF(enrolment_code_item),
    FIELD(enrolment_code_item, at, PAST_AS_TOLD, "when the counter ordered it"),
    FIELD(enrolment_code_item, code, LINKAGE_CODE,
	"the portal's code for the resident, whether it holds it already or not"),
};
static const struct shape enrolment_code_item_shape =
    SHAPE(enrolment_code_item, code_item_fields);

static const struct field enrolment_code_fields[] = {
    FIELD(enrolment_code, municipality, ORGANISATION,
	"the municipality of the counter"),
    ROWS(enrolment_code, items, enrolment_code_item, MESSAGE_CODES_MAX,
	"its residents"),
};
DEFINE_MESSAGE(enrolment_code, "enrolment.code", 1);

static const struct field settled_item_fields[] = {
    ACQUISITION(enrolment_settled_item),
    FIELD(enrolment_settled_item, outcome, WORD(ENROLMENT_OUTCOMES),
	"the ticket works; it works, and the sign-in has ended; the sign-in has "
	"ended; there was none; there is one, and no ticket was made; a later "
	"order came first"),
};
static const struct shape enrolment_settled_item_shape =
    SHAPE(enrolment_settled_item, settled_item_fields);

static const struct field enrolment_settled_fields[] = {
    ROWS(enrolment_settled, items, enrolment_settled_item, MESSAGE_CODES_MAX,
	"the outcomes of the counter's orders"),
};
DEFINE_MESSAGE(enrolment_settled, "enrolment.settled", 1);

static const struct field enrolment_refused_fields[] = {
    ROWS(enrolment_refused, items, acquisition_refused_item, MESSAGE_CODES_MAX,
	"orders that jukinet did not pass on"),
    MAYBE(enrolment_refused, until, INSTANT,
	"when to ask again for those that are `stopped`"),
};
DEFINE_MESSAGE(enrolment_refused, "enrolment.refused", 1);
