/* The registry's tables: routes, messages, timers. */
#include "components/components.h"
#include "registry_statements.h"
#include "systems/registry/abroad.h"
#include "systems/registry/change.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/import.h"
#include "systems/registry/numbering.h"
#include "systems/registry/pool.h"
#include "systems/registry/recode.h"
#include "systems/registry/registry.h"
#include "systems/registry/transfer.h"
#include "systems/registry/view.h"

#define END                                      \
	{                                        \
		NULL, FIELD_TEXT, 0, false, NULL \
	}
#define IMPORT_FIELD                                           \
	{                                                      \
		"import", FIELD_ID, 0, true, "the import's id" \
	}
#define WAIT_FIELD                                                     \
	{                                                              \
		"wait", FIELD_INT, 60, false, "seconds to wait for it" \
	}
#define DATE_FIELD                                                 \
	{                                                          \
		"date", FIELD_DATE, 0, true, "the day it happened" \
	}
#define RESIDENTS_FIELD                                                \
	{                                                              \
		"residents", FIELD_ARRAY, REGISTRY_TRANSFER_MAX, true, \
		    "residents' numbers"                               \
	}
#define HOUSEHOLD_FIELD                                          \
	{                                                        \
		"household", FIELD_TEXT, RESIDENT_DIGITS, false, \
		    "世帯番号 of the household to join"      \
	}
#define POSTAL_CODE_FIELD                                             \
	{                                                             \
		"postal_code", FIELD_DIGITS, 7, false, "郵便番号" \
	}

static const struct input_field import_start_fields[] = {
    {"name", FIELD_TEXT, 255, true, "the file's name, for people"},
    {"size", FIELD_INT, INT64_C(1) << 40, true, "its bytes"},
    {"digest", FIELD_TEXT, 64, true, "its SHA-256, hexadecimal"},
    {"strict", FIELD_BOOL, 0, false, "load all or nothing"},
    {"encoding", FIELD_TEXT, 8, false, "utf-8 or cp932; else guessed"},
    END,
};

static const struct input_field import_chunk_fields[] = {
    IMPORT_FIELD,
    {"offset", FIELD_INT, INT64_C(1) << 40, true,
	"where the chunk begins in the file"},
    END,
};

static const struct input_field import_fields[] = {IMPORT_FIELD, END};

static const struct input_field import_rejects_fields[] = {
    IMPORT_FIELD,
    {"after", FIELD_INT, INT64_MAX, false, "the last line seen"},
    END,
};

static const struct input_field birth_fields[] = {
    {"registration", FIELD_ID, 0, true,
	"the caller's id of this birth; the same again is the same child"},
    {"mother", FIELD_TEXT, RESIDENT_DIGITS, true, "her resident number"},
    FORM_PERSON_FIELDS(true),
    END,
};

static const struct input_field death_fields[] = {
    FORM_RESIDENT_FIELD,
    DATE_FIELD,
    END,
};

static const struct input_field move_fields[] = {
    RESIDENTS_FIELD,
    {"address", FIELD_TEXT, PERSON_BYTES(PERSON_ADDRESS_MAX), true,
	"the new one"},
    POSTAL_CODE_FIELD,
    DATE_FIELD,
    HOUSEHOLD_FIELD,
    END,
};

static const struct input_field correction_fields[] = {
    FORM_RESIDENT_FIELD,
    DATE_FIELD,
    FORM_PERSON_FIELDS(false),
    {"address", FIELD_TEXT, PERSON_BYTES(PERSON_ADDRESS_MAX), false, "住所"},
    POSTAL_CODE_FIELD,
    {"code", FIELD_DIGITS, RESIDENT_CODE_DIGITS, false,
	"the right code, after the network refused the other"},
    {"recode", FIELD_BOOL, 0, false, "or take one of the pool"},
    END,
};

static const struct input_field move_out_fields[] = {
    {"transfer", FIELD_ID, 0, true,
	"the caller's id of this move; the same again is the same move"},
    RESIDENTS_FIELD,
    {"to", FIELD_TEXT, 24, false,
	"organisation of the municipality; absent: abroad"},
    DATE_FIELD,
    END,
};

static const struct input_field move_in_fields[] = {
    {"transfer", FIELD_ID, 0, false, "the move that was announced"},
    {"codes", FIELD_ARRAY, REGISTRY_TRANSFER_MAX, false,
	"codes of those who have come; absent: all"},
    {"registration", FIELD_ID, 0, false,
	"without a transfer: the caller's id of this arrival"},
    {"resident", FIELD_TEXT, RESIDENT_DIGITS, false,
	"without a transfer: who lived here before"},
    {"code", FIELD_DIGITS, RESIDENT_CODE_DIGITS, false,
	"without either: the code that the person had elsewhere, before a "
	"stay abroad"},
    FORM_PERSON_FIELDS(false),
    {"address", FIELD_TEXT, PERSON_BYTES(PERSON_ADDRESS_MAX), true, "住所"},
    POSTAL_CODE_FIELD,
    DATE_FIELD,
    HOUSEHOLD_FIELD,
    END,
};

static const struct input_field transfer_fields[] = {
    {"transfer", FIELD_ID, 0, true, "the move"},
    WAIT_FIELD,
    {"until", FIELD_TEXT, 16, false, "open or completed"},
    END,
};

static const struct input_field number_change_fields[] = {
    FORM_RESIDENT_FIELD,
    {"reason", FIELD_TEXT, 600, true, "what leaked, and how"},
    {"request", FIELD_ID, 0, true,
	"the caller's id; the same again tells how far it is"},
    END,
};

static const struct input_field code_change_fields[] = {
    FORM_RESIDENT_FIELD,
    {"request", FIELD_ID, 0, true,
	"the caller's id; the same again is the same change"},
    END,
};

static const struct input_field enrolment_fields[] = {
    FORM_RESIDENT_FIELD,
    {"acquisition", FIELD_ID, 0, true,
	"the acquisition number that the portal showed"},
    END,
};

static const struct input_field resident_fields[] = {
    FORM_RESIDENT_FIELD,
    WAIT_FIELD,
    {"until", FIELD_TEXT, 16, false, "numbered"},
    END,
};

static const struct input_field one_resident_fields[] = {
    FORM_RESIDENT_FIELD,
    END,
};

static const struct input_field arrivals_fields[] = {
    {"after", FIELD_INT, RESIDENT_MAX, false, "list those behind this one"},
    END,
};

static const struct input_field arrival_fields[] = {
    FORM_RESIDENT_FIELD,
    WAIT_FIELD,
    END,
};

static const struct input_field arrival_decision_fields[] = {
    FORM_RESIDENT_FIELD,
    {"decision", FIELD_TEXT, 9, true,
	"same, as a candidate or as whose code it is; or different from all"},
    {"candidate", FIELD_INT, ABROAD_CANDIDATES_MAX, false,
	"the number of the candidate"},
    {"code", FIELD_DIGITS, RESIDENT_CODE_DIGITS, false,
	"or the 住民票コード that the papers show"},
    {"evidence", FIELD_TEXT, ABROAD_EVIDENCE_MAX, true,
	"which papers were seen: 戸籍の附票, 旅券 …"},
    {"role", FIELD_TEXT, ABROAD_ROLE_MAX, true, "in which the operator acts"},
    END,
};

static const struct input_field lookup_fields[] = {
    {"number", FIELD_DIGITS, INDIVIDUAL_NUMBER_DIGITS, false, "個人番号"},
    {"code", FIELD_DIGITS, RESIDENT_CODE_DIGITS, false, "住民票コード"},
    {"resident", FIELD_TEXT, RESIDENT_DIGITS, false, "住民宛名番号"},
    {"name", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX), false, "氏名"},
    {"birth", FIELD_DATE, 1, false, "出生の年月日"},
    {"sex", FIELD_TEXT, 1, false, "1 male, 2 female"},
    {"address", FIELD_TEXT, PERSON_BYTES(PERSON_ADDRESS_MAX), false, "住所"},
    END,
};

static const struct input_field progress_fields[] = {
    {"after", FIELD_INT, RESIDENT_MAX, false,
	"list refusals behind this resident"},
    END,
};

static const struct route routes[] = {
    {HTTP_POST, "/imports", ROLE_OPERATOR, import_start, import_start_fields,
	false, "Begin an import, or find where it goes on"},
    {HTTP_POST, "/imports/{import}/chunks", ROLE_OPERATOR, import_chunk,
	import_chunk_fields, true, "Load a chunk of whole lines",
	.max_bytes = 16u << 20},
    {HTTP_POST, "/imports/{import}/finish", ROLE_OPERATOR, import_finish,
	import_fields, false, "End an import; a strict one is applied here"},
    {HTTP_GET, "/imports/{import}", ROLE_OPERATOR, import_show, import_fields,
	false, "State and totals of an import"},
    {HTTP_GET, "/imports/{import}/rejects", ROLE_OPERATOR, import_rejects,
	import_rejects_fields, false, "Lines that were not loaded"},
    {HTTP_POST, "/births", ROLE_OPERATOR, events_birth, birth_fields, false,
	"Register a birth"},
    {HTTP_POST, "/deaths", ROLE_OPERATOR, events_death, death_fields, false,
	"Register a death"},
    {HTTP_POST, "/moves", ROLE_OPERATOR, events_move, move_fields, false,
	"Register a move within the municipality"},
    {HTTP_POST, "/corrections", ROLE_OPERATOR, events_correct,
	correction_fields, false, "Correct a record"},
    {HTTP_POST, "/move-outs", ROLE_OPERATOR, transfer_out, move_out_fields,
	false, "Declare a move to elsewhere"},
    {HTTP_POST, "/move-ins", ROLE_OPERATOR, transfer_in, move_in_fields, false,
	"Declare an arrival"},
    {HTTP_GET, "/arrivals", ROLE_OPERATOR, abroad_list, arrivals_fields, false,
	"Arrivals from abroad that wait for a person's decision"},
    {HTTP_GET, "/arrivals/{resident}", ROLE_OPERATOR, abroad_show,
	arrival_fields, false, "Who an arrival may be, and what was decided"},
    {HTTP_POST, "/arrivals/{resident}/decision", ROLE_OPERATOR, abroad_decide,
	arrival_decision_fields, false,
	"Say who has come back from abroad, or that nobody has"},
    {HTTP_GET, "/transfers", ROLE_OPERATOR, transfer_list, NULL, false,
	"Moves announced to us and not declared yet"},
    {HTTP_GET, "/transfers/{transfer}", ROLE_OPERATOR, transfer_show,
	transfer_fields, false, "How far a move is"},
    {HTTP_POST, "/number-changes", ROLE_OPERATOR, change_request,
	number_change_fields, false,
	"Ask for another Individual Number after a leak"},
    {HTTP_POST, "/code-changes", ROLE_OPERATOR, recode_request,
	code_change_fields, false,
	"Give another Resident Record Code on the resident's request"},
    {HTTP_POST, "/enrolments", ROLE_OPERATOR, change_enrol, enrolment_fields,
	false, "A resident joins the portal"},
    {HTTP_GET, "/residents/{resident}", ROLE_OPERATOR, view_resident,
	resident_fields, false, "A resident's record"},
    {HTTP_GET, "/residents/{resident}/history", ROLE_OPERATOR, view_history,
	one_resident_fields, false, "Every version of a record"},
    {HTTP_POST, "/lookups", ROLE_OPERATOR, view_lookup, lookup_fields, false,
	"Find one resident, exactly"},
    {HTTP_GET, "/notices/{resident}", ROLE_OPERATOR, view_notice,
	one_resident_fields, false, "The notice of the number"},
    {HTTP_GET, "/progress", ROLE_OPERATOR, view_progress, progress_fields,
	false, "Counts, and who was refused"},
    {HTTP_OTHER, NULL, ROLE_PUBLIC, NULL, NULL, false, NULL},
};

static const struct message_handler messages[] = {
    {"codes.designated", "jukinet", FROM_ANY_ORGANISATION, pool_take_message,
	"Resident Record Codes for the pool"},
    {"numbering.answer", "jukinet", FROM_ANY_ORGANISATION,
	numbering_take_answer, "Individual Numbers, assigned on receipt"},
    {"arrival.settled", "jukinet", FROM_ANY_ORGANISATION, abroad_take_settled,
	"What came of a decision about an arrival from abroad"},
    {"number.changed", "jukinet", FROM_ANY_ORGANISATION, change_take_answer,
	"Another number after a leak"},
    {"transfer.notice", "jukinet", FROM_ANY_ORGANISATION, transfer_take_notice,
	"Somebody is about to move here"},
    {"transfer.completed", "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_completed, "Those who left have arrived"},
    {"transfer.refused", "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_refused, "A move could not be announced"},
    {"enrolment.refused", "jukinet", FROM_ANY_ORGANISATION,
	change_take_enrolment_refused, "Somebody could not be enrolled"},
    {NULL, NULL, FROM_ANY_ORGANISATION, NULL, NULL},
};

static const struct timer timers[] = {
    {"numbering", 60000, numbering_timer,
	"Codes for the pool, and numbers for those who wait"},
    {NULL, 0, NULL, NULL},
};

const struct system registry_system = {
    .component.name = "registry",
    .component.schema = &registry_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.count = view_counts,
    .title = "既存住民基本台帳システム",
    .summary = "resident records of a municipality",
    .components = node_components,
    .holds.individual_number = HOLDS_KEPT,
    .holds.resident_code = HOLDS_KEPT,
    .holds.contents = "the resident record",
};
