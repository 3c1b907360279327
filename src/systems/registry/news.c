#include "systems/registry/news.h"

#include "systems/jukinet/jukinet.h"

/* ---- Rows --------------------------------------------------------------- */

void
items_init(struct items *items)
{
	items->n = 0;
	old_out_init(&items->out);
	old_out_object(&items->out);
	old_out_key(&items->out, "items");
	old_out_array(&items->out);
}

void
items_done(struct items *items)
{
	old_out_done(&items->out);
}

void
items_begin(struct items *items)
{
	old_out_array(&items->out);
}

void
items_end(struct items *items)
{
	old_out_end(&items->out);
	items->n++;
}

static void
put_date(struct items *items, struct date date)
{
	char text[DATE_TEXT_MAX];

	date_format(date, text);
	old_out_text(&items->out, slice_of(text));
}

static void
put_id(struct items *items, struct resident_id id)
{
	char text[RESIDENT_DIGITS + 1];

	resident_id_format(id, text);
	old_out_text(&items->out, slice_bytes(text, RESIDENT_DIGITS));
}

void
items_put_attributes(struct items *items, const struct attributes *a)
{
	old_out_text(&items->out, a->name);
	old_out_text(&items->out, a->kana);
	put_date(items, a->birth);
	old_out_text(&items->out, sex_format(a->sex));
	old_out_text(&items->out, a->address);
}

/* [BN, IN, name, kana, birth, sex, address] */
void
items_add_registered(struct items *items, struct resident_id id,
    const struct individual_number *number, const struct person *person)
{
	items_begin(items);
	put_id(items, id);
	old_out_text(&items->out, individual_number_slice(number));
	items_put_attributes(items, &person->attributes);
	items_end(items);
}

/* [RC, event, date, name, kana, birth, sex, address, former, alias] */
void
items_add_update(
    struct items *items, const struct event *event, const struct resident *r)
{
	items_begin(items);
	old_out_text(&items->out, resident_code_slice(&r->code));
	old_out_text(&items->out, slice_of(event->name));
	put_date(items, event->date);
	items_put_attributes(items, &r->person.attributes);
	old_out_text(&items->out, r->person.attributes.former_surname);
	old_out_text(&items->out, r->person.attributes.alias);
	items_end(items);
}

/* [BN, event, date, IN, name, kana, birth, sex, address] of those who have a
 * number. */
static enum err
add_changed(struct turn *turn, struct items *items, const struct event *event,
    const struct resident *r)
{
	struct individual_number number;
	struct instant assigned;
	enum err rc;

	rc = resident_number(turn, r, &number, &assigned);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	items_begin(items);
	put_id(items, r->id);
	old_out_text(&items->out, slice_of(event->name));
	put_date(items, event->date);
	old_out_text(&items->out, individual_number_slice(&number));
	items_put_attributes(items, &r->person.attributes);
	items_end(items);
	individual_number_wipe(&number);

	return OK;
}

/* ---- Sending ------------------------------------------------------------ */

enum err
news_send_items(struct turn *turn, const struct system_id *to, const char *type,
    struct items *items)
{
	if (items->n == 0)
		return OK;

	return turn_send_text(turn, to, type, old_out_finish(&items->out));
}

static enum err
send_addressee(struct turn *turn, const char *type, struct items *items)
{
	struct system_id addressee = turn_sibling(turn, "addressee");

	if (turn_has_peer(turn, &addressee))
		return OK;

	return news_send_items(turn, &addressee, type, items);
}

enum err
news_registered(struct turn *turn, struct items *items)
{
	return send_addressee(turn, "persons.registered", items);
}

enum err
news_changed(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	struct items items;
	enum err rc = OK;
	size_t i;

	items_init(&items);
	for (i = 0; rc == OK && i < n; i++)
		rc = add_changed(turn, &items, event, &residents[i]);
	if (rc == OK)
		rc = send_addressee(turn, "persons.changed", &items);
	items_done(&items);

	return rc;
}

static bool
is_known_to_network(const struct resident *r)
{
	return r->has_code &&
	    (r->numbering == NUMBERING_REQUESTED ||
		r->numbering == NUMBERING_NUMBERED);
}

enum err
news_event(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	struct system_id jukinet;
	struct items items;
	enum err rc;
	size_t i;

	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc)
		return rc;
	items_init(&items);
	for (i = 0; i < n; i++) {
		if (is_known_to_network(&residents[i]))
			items_add_update(&items, event, &residents[i]);
	}
	rc = news_send_items(turn, &jukinet, "identity.update", &items);
	items_done(&items);
	if (rc)
		return rc;

	return news_changed(turn, event, residents, n);
}
