/* The addressee system's tables: messages, routes, timers. */
#include "addressee_statements.h"
#include "components/components.h"
#include "messages/inquiries.h"
#include "messages/persons.h"
#include "messages/replicas.h"
#include "systems/addressee/acquisition.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/conflict.h"
#include "systems/addressee/lookup.h"
#include "systems/addressee/news.h"
#include "systems/addressee/progress.h"
#include "systems/addressee/translate.h"

static const struct route routes[] = {
    {HTTP_GET, "/progress", DUTY_STATUS, addressee_progress,
	&addressee_progress_input_shape,
	"counts of persons, acquisitions and conflicts"},
    {HTTP_POST, "/lookups", DUTY_LOOK, addressee_lookup,
	&addressee_lookup_input_shape,
	"a person's record and business numbers"},
    {HTTP_GET, "/conflicts", DUTY_LOOK, conflict_list,
	&conflict_list_input_shape,
	"rows that contradict the record and wait for a decision"},
    {HTTP_POST, "/conflicts/{conflict}/decision", DUTY_CONFLICT,
	conflict_decide, &conflict_decision_input_shape, "decide a conflict"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_persons_registered, "registry", FROM_OWN_ORGANISATION,
	news_take_registered, "residents"},
    {&message_persons_registered, "offices", FROM_OWN_ORGANISATION,
	news_take_registered, "persons whom an office deals with"},
    {&message_persons_changed, "registry", FROM_OWN_ORGANISATION,
	news_take_changed, "changes of residents"},
    {&message_persons_changed, "offices", FROM_OWN_ORGANISATION,
	news_take_changed, "changes that an office knows of"},
    {&message_acquisition_done, "relay", FROM_OWN_ORGANISATION,
	acquisition_done, "codes that have arrived"},
    {&message_acquisition_refused, "jukinet", FROM_ANY_ORGANISATION,
	acquisition_refused, "persons for whom there is no code"},
    {&message_office_replica_put, "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_replicas, "replicas, by business number"},
    {&message_office_inquiry_request, "offices",
	FROM_OWN_ORGANISATION | REPEATABLE, translate_inquiry,
	"a question to another organisation"},
    {&message_inquiry_cancel, "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_cancel, "an inquiry that is taken back"},
    {&message_office_provider_search, "offices",
	FROM_OWN_ORGANISATION | REPEATABLE, translate_search,
	"a search for providers that could be asked about a person"},
    {&message_office_mark_put, "offices", FROM_OWN_ORGANISATION, translate_mark,
	"an office marks a person, or takes a mark away"},
    {0},
};

static const struct refusal_handler refused[] = {
    {&message_addressee_inquiry_request, "relay", translate_not_taken,
	"a question that the relay did not take"},
    {0},
};

static const struct timer timers[] = {
    {ADDRESSEE_ACQUISITION_TIMER, 600ll * 1000, acquisition_ask_again,
	"ask again for codes that have not come"},
    {0},
};

const struct system addressee_system = {
    .component.name = "addressee",
    .component.schema = &addressee_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.refused = refused,
    .component.timers = timers,
    .component.count = addressee_count,
    .title = "団体内統合宛名システム",
    .summary = "one internal number for each person of an organisation",
    .duties = RIGHT_BIT(DUTY_CONFLICT),
    .components = node_components,
    .relies_on = "jukinet",
    .holds.individual_number = HOLDS_KEPT,
    .holds.internal_number = HOLDS_KEPT,
    .holds.contents = "replicas, passing through",
};
