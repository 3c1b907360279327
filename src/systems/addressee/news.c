#include "systems/addressee/news.h"

#include "messages/persons.h"
#include "systems/addressee/acquisition.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"

/* Begin an acquisition if the row's person needs a code. */
static enum err
acquire(struct turn *turn, struct acquisition_batch *batch,
    const struct person_row *row, const struct person_outcome *outcome)
{
	return outcome->needs_code
	    ? acquisition_begin(turn, batch, outcome->internal, row->number)
	    : OK;
}

static enum err
finish(struct turn *turn, const struct acquisition_batch *batch)
{
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return acquisition_send(turn, batch);
}

enum err
news_take_registered(struct turn *turn, const struct message *message)
{
	const struct persons_registered *news =
	    MESSAGE(message, persons_registered);
	struct acquisition_batch batch =
	    acquisition_batch_of(turn, news->n_items);
	struct person_row row = {
	    .system = person_sender(&message->from), .at = message->time};
	struct person_outcome outcome;
	size_t i;

	for (i = 0; i < news->n_items; i++) {
		row.business_number = news->items[i].business_number;
		row.number = &news->items[i].number;
		row.attributes = news->items[i].person;
		TRY(person_register(turn, &row, &outcome));
		TRY(acquire(turn, &batch, &row, &outcome));
	}

	return finish(turn, &batch);
}

enum err
news_take_changed(struct turn *turn, const struct message *message)
{
	const struct persons_changed *news = MESSAGE(message, persons_changed);
	struct acquisition_batch batch =
	    acquisition_batch_of(turn, news->n_items);
	struct person_row row = {
	    .system = person_sender(&message->from), .at = message->time};
	struct person_outcome outcome;
	size_t i;

	for (i = 0; i < news->n_items; i++) {
		row.business_number = news->items[i].business_number;
		row.number = &news->items[i].number;
		row.attributes = news->items[i].person;
		row.event = news->items[i].event;
		row.date = news->items[i].date;
		TRY(person_change(turn, &row, &outcome));
		TRY(acquire(turn, &batch, &row, &outcome));
	}

	return finish(turn, &batch);
}
