#include "systems/registry/news.h"

#include <string.h>

#include "messages/numbering.h"

/* ---- A record that no longer fits ---------------------------------------- */

/* The record of a person who comes back is closed until the event. */
static const char *
corrected_by(const struct event *event)
{
	return strcmp(event->name, "move-in") == 0 ? "POST /move-ins"
						   : PERSON_CORRECTED_BY;
}

enum err
news_explain(struct turn *turn, enum err rc, const char *route,
    const struct resident *residents, size_t n)
{
	const struct resident *r;
	struct problem why;

	for (r = residents; rc == ERR_INPUT && r < residents + n; r++) {
		if (person_check_fit(
			turn->arena, &r->person.attributes, route, &why))
			return problem_set(turn->problem, rc,
			    "resident %lld: %s", (long long)r->id.value,
			    why.text);
	}

	return rc;
}

/* ---- To the addressee --------------------------------------------------- */

struct persons_registered_item
news_item(struct turn *turn, struct resident_id id,
    const struct individual_number *number, const struct attributes *attributes)
{
	return (struct persons_registered_item){
	    .business_number = resident_id_text(turn->arena, id),
	    .number = *number,
	    .person = *attributes};
}

enum err
news_registered(
    struct turn *turn, const struct persons_registered_item *items, size_t n)
{
	const struct persons_registered body = {.items = items, .n_items = n};
	struct system_id addressee = turn_sibling(turn, "addressee");

	if (n == 0 || !turn_has_peer(turn, &addressee))
		return OK;

	return turn_tell(turn, &addressee, persons_registered, &body);
}

enum err
news_changed(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct persons_changed_item *items =
	    arena_array(turn->arena, n, sizeof(*items));
	struct persons_changed body = {.items = items};
	const struct resident *r;
	enum err rc;

	for (r = residents; r < residents + n; r++) {
		rc = resident_number(turn, r, &items[body.n_items].number);
		if (rc == ERR_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		items[body.n_items].business_number =
		    resident_id_text(turn->arena, r->id);
		items[body.n_items].event = slice_of(event->name);
		items[body.n_items].date = event->date;
		items[body.n_items++].person = r->person.attributes;
	}
	if (body.n_items == 0 || !turn_has_peer(turn, &addressee))
		return OK;

	return news_explain(turn,
	    turn_tell(turn, &addressee, persons_changed, &body),
	    corrected_by(event), residents, n);
}

/* ---- To jukinet --------------------------------------------------------- */

static bool
is_known_to_network(const struct resident *r)
{
	return r->has_code &&
	    (r->numbering == NUMBERING_REQUESTED ||
		r->numbering == NUMBERING_NUMBERED);
}

/* Tell jukinet of an event of those of the `n` residents whom it was asked to
 * number. */
static enum err
news_identity(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	struct identity_update_item *items =
	    arena_array(turn->arena, n, sizeof(*items));
	struct identity_update body = {.items = items};
	const struct resident *r;

	for (r = residents; r < residents + n; r++) {
		if (is_known_to_network(r))
			items[body.n_items++] =
			    (struct identity_update_item){.code = r->code,
				.event = slice_of(event->name),
				.date = event->date,
				.person = r->person.attributes};
	}

	if (body.n_items == 0)
		return OK;

	return news_explain(turn, tell_jukinet(turn, identity_update, &body),
	    corrected_by(event), residents, n);
}

enum err
news_event(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	TRY(news_identity(turn, event, residents, n));

	return news_changed(turn, event, residents, n);
}
