#include "systems/addressee/news.h"

#include "messages/persons.h"
#include "systems/addressee/acquisition.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"

/* Take each row, and begin an acquisition for a person who needs a code. */
static enum err
take(struct turn *turn, const struct person_row *rows, size_t n,
    enum err (*take_row)(struct turn *turn, const struct person_row *row,
	struct person_outcome *ret))
{
	struct acquisition_batch batch = acquisition_batch_of(turn, n);
	struct person_outcome outcome;
	size_t i;

	for (i = 0; i < n; i++) {
		TRY(take_row(turn, &rows[i], &outcome));
		if (outcome.needs_code)
			TRY(acquisition_begin(turn, &batch,
			    &(struct acquiring){outcome.internal,
				rows[i].number, outcome.attributes}));
	}
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return acquisition_send(turn, &batch);
}

enum err
news_take_registered(struct turn *turn, const struct message *message)
{
	const struct persons_registered *news =
	    MESSAGE(message, persons_registered);
	struct person_row *rows =
	    arena_array(turn->arena, news->n_items, sizeof(*rows));
	size_t i;

	for (i = 0; i < news->n_items; i++)
		rows[i] = (struct person_row){
		    .system = system_id_name(&message->from),
		    .at = message->time,
		    .business_number = news->items[i].business_number,
		    .number = &news->items[i].number,
		    .attributes = news->items[i].person};

	return take(turn, rows, news->n_items, person_register);
}

enum err
news_take_changed(struct turn *turn, const struct message *message)
{
	const struct persons_changed *news = MESSAGE(message, persons_changed);
	struct person_row *rows =
	    arena_array(turn->arena, news->n_items, sizeof(*rows));
	size_t i;

	for (i = 0; i < news->n_items; i++)
		rows[i] = (struct person_row){
		    .system = system_id_name(&message->from),
		    .at = message->time,
		    .business_number = news->items[i].business_number,
		    .number = &news->items[i].number,
		    .attributes = news->items[i].person,
		    .event = news->items[i].event,
		    .date = news->items[i].date};

	return take(turn, rows, news->n_items, person_change);
}
