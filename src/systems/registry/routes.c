/* The registry's tables: routes, messages, timers. */
#include "components/components.h"
#include "messages/arrivals.h"
#include "messages/enrolment.h"
#include "messages/moving.h"
#include "messages/numbering.h"
#include "registry_statements.h"
#include "systems/registry/abroad.h"
#include "systems/registry/change.h"
#include "systems/registry/claimed.h"
#include "systems/registry/enrolment.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/import.h"
#include "systems/registry/move_in.h"
#include "systems/registry/numbering.h"
#include "systems/registry/pool.h"
#include "systems/registry/recode.h"
#include "systems/registry/registry.h"
#include "systems/registry/relist.h"
#include "systems/registry/restored.h"
#include "systems/registry/support.h"
#include "systems/registry/transfer.h"
#include "systems/registry/unfit.h"
#include "systems/registry/view.h"

static const struct route routes[] = {
    {HTTP_POST, "/imports", DUTY_IMPORT, import_start,
	&import_start_input_shape, "Begin an import, or resume it"},
    {HTTP_POST, "/imports/{import}/chunks", DUTY_IMPORT, import_chunk,
	&import_chunk_input_shape, "Load a chunk of whole lines", .raw = true,
	.max_bytes = 16u << 20},
    {HTTP_POST, "/imports/{import}/finish", DUTY_IMPORT, import_finish,
	&import_one_shape,
	"End an import; a strict import is applied at this point"},
    {HTTP_GET, "/imports/{import}", DUTY_IMPORT, import_show, &import_one_shape,
	"State and totals of an import"},
    {HTTP_GET, "/imports/{import}/rejects", DUTY_IMPORT, import_rejects,
	&import_rejects_input_shape, "Lines that were not loaded"},
    {HTTP_POST, "/births", DUTY_RECORD, events_birth, &events_birth_input_shape,
	"Register a birth"},
    {HTTP_POST, "/deaths", DUTY_RECORD, events_death, &events_death_input_shape,
	"Register a death"},
    {HTTP_POST, "/moves", DUTY_RECORD, events_move, &events_move_input_shape,
	"Register a move within the municipality"},
    {HTTP_POST, "/corrections", DUTY_RECORD, events_correct,
	&events_correct_input_shape, "Correct a record"},
    {HTTP_POST, "/move-outs", DUTY_RECORD, transfer_out,
	&transfer_out_input_shape,
	"Declare a move to another municipality or abroad"},
    {HTTP_POST, "/move-ins", DUTY_RECORD, transfer_in, &transfer_in_input_shape,
	"Declare an arrival"},
    {HTTP_GET, "/arrivals", DUTY_CLAIM, abroad_list, &form_after_shape,
	"Arrivals from abroad that wait for a person's decision"},
    {HTTP_GET, "/arrivals/{resident}", DUTY_CLAIM, abroad_show,
	&abroad_show_input_shape,
	"An arrival from abroad, and the decisions about it"},
    {HTTP_POST, "/arrivals/{resident}/decision", DUTY_CLAIM, abroad_decide,
	&abroad_decide_input_shape,
	"Decide whether an arrival from abroad is a known person"},
    {HTTP_GET, "/claims", DUTY_REPLY, claimed_list, &claimed_list_input_shape,
	"Claims that former residents have come back elsewhere"},
    {HTTP_POST, "/claims/{claim}/reply", DUTY_REPLY, claimed_reply,
	&claimed_reply_input_shape, "Agree to such a claim, or object"},
    {HTTP_POST, "/support-measures", DUTY_RECORD, support_post,
	&support_input_shape,
	"A support measure for a threatened person begins, goes on or ends"},
    {HTTP_POST, "/move-outs/{transfer}/withdrawal", DUTY_RECORD,
	transfer_withdrawal, &transfer_withdraw_input_shape,
	"People who were to move stay"},
    {HTTP_GET, "/transfers", DUTY_RECORD, transfer_list, NULL,
	"Moves announced to us and not declared yet"},
    {HTTP_GET, "/transfers/{transfer}", DUTY_RECORD, transfer_show,
	&transfer_show_input_shape, "The progress of a move"},
    {HTTP_POST, "/number-changes", DUTY_NUMBER, change_request,
	&change_request_input_shape,
	"Ask for another Individual Number after a leak"},
    {HTTP_POST, "/pool/relisting", DUTY_CODE, relist_post, NULL,
	"make the pool anew from jukinet's list, after a lost database"},
    {HTTP_POST, "/pool/returns", DUTY_CODE, pool_post_return, NULL,
	"give back the Resident Record Codes beyond the reserve"},
    {HTTP_POST, "/code-changes", DUTY_CODE, recode_request,
	&recode_request_input_shape,
	"Give another Resident Record Code on the resident's request"},
    {HTTP_POST, "/enrolments", DUTY_ENROL, enrolment_post,
	&enrolment_order_input_shape,
	"A ticket for the portal, or the end of a resident's sign-in there"},
    {HTTP_GET, "/enrolments/{enrolment}", DUTY_ENROL, enrolment_show,
	&enrolment_one_shape, "How the portal has taken that"},
    {HTTP_GET, "/residents/{resident}", DUTY_LOOK, view_resident,
	&view_resident_input_shape, "A resident's record"},
    {HTTP_GET, "/residents/{resident}/history", DUTY_LOOK, view_history,
	&form_one_resident_shape, "Every version of a record"},
    {HTTP_GET, "/unfit", DUTY_LOOK, unfit_list, &form_after_shape,
	"Residents whose record has a text that no message may carry today"},
    {HTTP_POST, "/lookups", DUTY_LOOK, view_lookup, &view_lookup_input_shape,
	"Find one resident, exactly"},
    {HTTP_GET, "/notices/{resident}", DUTY_NUMBER, view_notice,
	&form_one_resident_shape, "The notice of the number"},
    {HTTP_GET, "/progress", DUTY_STATUS, view_progress, &form_after_shape,
	"Counts, and refusals by resident"},
    {HTTP_OTHER, NULL, RIGHT_PUBLIC, NULL, NULL, false, NULL},
};

static const struct message_handler messages[] = {
    {&message_codes_listed, "jukinet", FROM_ANY_ORGANISATION, relist_take,
	"Codes of ours that nobody has"},
    {&message_codes_refused, "jukinet", FROM_ANY_ORGANISATION,
	pool_take_refusal, "the municipality holds unused codes enough"},
    {&message_codes_designated, "jukinet", FROM_ANY_ORGANISATION,
	pool_take_message, "Resident Record Codes for the pool"},
    {&message_numbering_answer, "jukinet", FROM_ANY_ORGANISATION,
	numbering_take_answer, "Individual Numbers, assigned on receipt"},
    {&message_arrival_state, "jukinet", FROM_ANY_ORGANISATION | REPEATABLE,
	abroad_take_state,
	"How a decision about an arrival from abroad stands"},
    {&message_arrival_notice, "jukinet", FROM_ANY_ORGANISATION | REPEATABLE,
	claimed_take_notice, "A former resident is said to have come back"},
    {&message_arrival_ended, "jukinet", FROM_ANY_ORGANISATION | REPEATABLE,
	claimed_take_end, "Such a claim has ended"},
    {&message_identity_restored, "jukinet", FROM_ANY_ORGANISATION,
	restored_take, "An officer took back a death, or a return"},
    {&message_number_changed, "jukinet", FROM_ANY_ORGANISATION,
	change_take_answer, "A resident's new number, after a leak"},
    {&message_transfer_notice, "jukinet", FROM_ANY_ORGANISATION,
	move_in_take_notice, "People are about to move here"},
    {&message_transfer_arrived, "jukinet", FROM_ANY_ORGANISATION,
	move_in_take_arrived, "The answer to a declared arrival"},
    {&message_transfer_ended, "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_ended, "A notice of a move cannot be used any more"},
    {&message_transfer_completed, "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_completed, "People who left have arrived"},
    {&message_transfer_refused, "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_refused, "A move could not be announced"},
    {&message_enrolment_settled, "portal", FROM_ANY_ORGANISATION,
	enrolment_settled_take, "The portal has done what the counter ordered"},
    {&message_enrolment_refused, "jukinet", FROM_ANY_ORGANISATION,
	enrolment_refused_take, "Jukinet did not pass the counter's order on"},
    {NULL, NULL, FROM_ANY_ORGANISATION, NULL, NULL},
};

static const struct refusal_handler refused[] = {
    {&message_transfer_notice, "jukinet", transfer_not_taken,
	"our people's move was not taken"},
    {&message_transfer_arrive, "jukinet", move_in_not_taken,
	"people's arrival was not taken"},
    {&message_code_changed, "jukinet", recode_not_taken,
	"a resident's new code was not taken"},
    {&message_identity_update, "jukinet", transfer_not_back,
	"a person's return was not taken"},
    {&message_enrolment_identify, "jukinet", enrolment_not_taken,
	"the counter's order was not taken"},
    {0},
};

static const struct timer timers[] = {
    {"numbering", 60000, numbering_timer,
	"Ask for codes for the pool, and for numbers of residents who wait"},
    {"claims", 24 * 3600 * 1000, claimed_timer,
	"Forget what ended claims said"},
    {"enrolments", 24 * 3600 * 1000, enrolment_erase,
	"Forget the counter's orders to the portal"},
    {NULL, 0, NULL, NULL},
};

const struct system registry_system = {
    .component.name = "registry",
    .component.schema = &registry_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.count = view_counts,
    .title = "既存住民基本台帳システム",
    .summary = "resident records of a municipality",
    .duties = RIGHT_BIT(DUTY_RECORD) | RIGHT_BIT(DUTY_IMPORT) |
	RIGHT_BIT(DUTY_NUMBER) | RIGHT_BIT(DUTY_CODE) | RIGHT_BIT(DUTY_ENROL) |
	RIGHT_BIT(DUTY_CLAIM) | RIGHT_BIT(DUTY_REPLY),
    .components = node_components,
    .relies_on = "jukinet",
    .holds.individual_number = HOLDS_KEPT,
    .holds.resident_code = HOLDS_KEPT,
    .holds.contents = "the resident record",
};
