/* The registry's tables: routes, messages, timers. */
#include "components/components.h"
#include "messages/acquisition.h"
#include "messages/moving.h"
#include "messages/numbering.h"
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

static const struct route routes[] = {
    {HTTP_POST, "/imports", ROLE_OPERATOR, import_start, NULL, false,
	"Begin an import, or find where it goes on",
	.shape = &import_start_input_shape},
    {HTTP_POST, "/imports/{import}/chunks", ROLE_OPERATOR, import_chunk, NULL,
	true, "Load a chunk of whole lines", .max_bytes = 16u << 20,
	.shape = &import_chunk_input_shape},
    {HTTP_POST, "/imports/{import}/finish", ROLE_OPERATOR, import_finish, NULL,
	false, "End an import; a strict one is applied here",
	.shape = &import_one_shape},
    {HTTP_GET, "/imports/{import}", ROLE_OPERATOR, import_show, NULL, false,
	"State and totals of an import", .shape = &import_one_shape},
    {HTTP_GET, "/imports/{import}/rejects", ROLE_OPERATOR, import_rejects, NULL,
	false, "Lines that were not loaded",
	.shape = &import_rejects_input_shape},
    {HTTP_POST, "/births", ROLE_OPERATOR, events_birth, NULL, false,
	"Register a birth", .shape = &events_birth_input_shape},
    {HTTP_POST, "/deaths", ROLE_OPERATOR, events_death, NULL, false,
	"Register a death", .shape = &events_death_input_shape},
    {HTTP_POST, "/moves", ROLE_OPERATOR, events_move, NULL, false,
	"Register a move within the municipality",
	.shape = &events_move_input_shape},
    {HTTP_POST, "/corrections", ROLE_OPERATOR, events_correct, NULL, false,
	"Correct a record", .shape = &events_correct_input_shape},
    {HTTP_POST, "/move-outs", ROLE_OPERATOR, transfer_out, NULL, false,
	"Declare a move to elsewhere", .shape = &transfer_out_input_shape},
    {HTTP_POST, "/move-ins", ROLE_OPERATOR, transfer_in, NULL, false,
	"Declare an arrival", .shape = &transfer_in_input_shape},
    {HTTP_GET, "/arrivals", ROLE_OPERATOR, abroad_list, NULL, false,
	"Arrivals from abroad that wait for a person's decision",
	.shape = &abroad_list_input_shape},
    {HTTP_GET, "/arrivals/{resident}", ROLE_OPERATOR, abroad_show, NULL, false,
	"Who an arrival may be, and what was decided",
	.shape = &abroad_show_input_shape},
    {HTTP_POST, "/arrivals/{resident}/decision", ROLE_OPERATOR, abroad_decide,
	NULL, false, "Say who has come back from abroad, or that nobody has",
	.shape = &abroad_decide_input_shape},
    {HTTP_GET, "/transfers", ROLE_OPERATOR, transfer_list, NULL, false,
	"Moves announced to us and not declared yet"},
    {HTTP_GET, "/transfers/{transfer}", ROLE_OPERATOR, transfer_show, NULL,
	false, "How far a move is", .shape = &transfer_show_input_shape},
    {HTTP_POST, "/number-changes", ROLE_OPERATOR, change_request, NULL, false,
	"Ask for another Individual Number after a leak",
	.shape = &change_request_input_shape},
    {HTTP_POST, "/code-changes", ROLE_OPERATOR, recode_request, NULL, false,
	"Give another Resident Record Code on the resident's request",
	.shape = &recode_request_input_shape},
    {HTTP_POST, "/enrolments", ROLE_OPERATOR, change_enrol, NULL, false,
	"A resident joins the portal", .shape = &change_enrol_input_shape},
    {HTTP_GET, "/residents/{resident}", ROLE_OPERATOR, view_resident, NULL,
	false, "A resident's record", .shape = &view_resident_input_shape},
    {HTTP_GET, "/residents/{resident}/history", ROLE_OPERATOR, view_history,
	NULL, false, "Every version of a record",
	.shape = &form_one_resident_shape},
    {HTTP_POST, "/lookups", ROLE_OPERATOR, view_lookup, NULL, false,
	"Find one resident, exactly", .shape = &view_lookup_input_shape},
    {HTTP_GET, "/notices/{resident}", ROLE_OPERATOR, view_notice, NULL, false,
	"The notice of the number", .shape = &form_one_resident_shape},
    {HTTP_GET, "/progress", ROLE_OPERATOR, view_progress, NULL, false,
	"Counts, and who was refused", .shape = &view_progress_input_shape},
    {HTTP_OTHER, NULL, ROLE_PUBLIC, NULL, NULL, false, NULL},
};

static const struct message_handler messages[] = {
    {"codes.designated", "jukinet", FROM_ANY_ORGANISATION, pool_take_message,
	"Resident Record Codes for the pool", &message_codes_designated},
    {"numbering.answer", "jukinet", FROM_ANY_ORGANISATION,
	numbering_take_answer, "Individual Numbers, assigned on receipt",
	&message_numbering_answer},
    {"arrival.settled", "jukinet", FROM_ANY_ORGANISATION, abroad_take_settled,
	"What came of a decision about an arrival from abroad",
	&message_arrival_settled},
    {"number.changed", "jukinet", FROM_ANY_ORGANISATION, change_take_answer,
	"Another number after a leak", &message_number_changed},
    {"transfer.notice", "jukinet", FROM_ANY_ORGANISATION, transfer_take_notice,
	"Somebody is about to move here", &message_transfer_notice},
    {"transfer.completed", "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_completed, "Those who left have arrived",
	&message_transfer_completed},
    {"transfer.refused", "jukinet", FROM_ANY_ORGANISATION,
	transfer_take_refused, "A move could not be announced",
	&message_transfer_refused},
    {"enrolment.refused", "jukinet", FROM_ANY_ORGANISATION,
	change_take_enrolment_refused, "Somebody could not be enrolled",
	&message_enrolment_refused},
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
