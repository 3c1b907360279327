#include "systems/registry/news.h"

static enum err
setting_id(struct turn *turn, const char *name, struct slice usual,
    struct system_id *ret)
{
	struct slice text = turn_setting(turn, name);

	if (slice_is_empty(text))
		text = usual;
	if (system_id_parse(text, ret))
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the setting %s is no system's id", name);

	return OK;
}

enum err
news_jukinet(struct turn *turn, struct system_id *ret)
{
	return setting_id(turn, "jukinet", SLICE("jlis/jukinet"), ret);
}

enum err
news_portal(struct turn *turn, struct system_id *ret)
{
	return setting_id(turn, "portal", SLICE("digital/portal"), ret);
}

enum err
news_send_items(struct turn *turn, const struct system_id *to, const char *type,
    json_t *items)
{
	json_t *body;

	if (json_array_size(items) == 0) {
		json_decref(items);
		return OK;
	}
	body = json_object();
	json_put(body, "items", items);

	return turn_send(turn, to, type, body);
}

void
news_push_date(json_t *array, struct date date)
{
	char text[DATE_TEXT_MAX];

	date_format(date, text);
	json_push_text(array, slice_of(text));
}

void
news_push_attributes(json_t *array, const struct person *p)
{
	json_push_text(array, p->name);
	json_push_text(array, p->kana);
	news_push_date(array, p->birth);
	json_push_text(array, sex_text(p->sex));
	json_push_text(array, p->address);
}

static void
push_id(json_t *array, struct resident_id id)
{
	char text[RESIDENT_DIGITS + 1];

	resident_id_format(id, text);
	json_push_text(array, slice_bytes(text, RESIDENT_DIGITS));
}

json_t *
news_registered_row(struct resident_id id,
    const struct individual_number *number, const struct person *person)
{
	json_t *row = json_array();

	push_id(row, id);
	json_push_text(row, individual_number_slice(number));
	news_push_attributes(row, person);

	return row;
}

static enum err
send_addressee(struct turn *turn, const char *type, json_t *items)
{
	struct system_id addressee = turn_sibling(turn, "addressee");

	if (turn_has_peer(turn, &addressee)) {
		json_decref(items);
		return OK;
	}

	return news_send_items(turn, &addressee, type, items);
}

enum err
news_registered(struct turn *turn, json_t *items)
{
	return send_addressee(turn, "persons.registered", items);
}

/* [BN, event, date, IN, name, kana, birth, sex, address] */
static enum err
push_changed(struct turn *turn, const struct event *event,
    const struct resident *r, json_t *items)
{
	struct individual_number number;
	struct instant assigned;
	json_t *row;
	enum err rc;

	rc = resident_number(turn, r, &number, &assigned);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	row = json_array();
	push_id(row, r->id);
	json_push_text(row, slice_of(event->name));
	news_push_date(row, event->date);
	json_push_text(row, individual_number_slice(&number));
	news_push_attributes(row, &r->person);
	json_array_append_new(items, row);
	individual_number_wipe(&number);

	return OK;
}

enum err
news_changed(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n)
{
	json_t *items = json_array();
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < n; i++)
		rc = push_changed(turn, event, &residents[i], items);
	if (rc) {
		json_decref(items);
		return rc;
	}

	return send_addressee(turn, "persons.changed", items);
}

/* [RC, event, date, name, kana, birth, sex, address, former, alias] */
json_t *
news_update_row(const struct event *event, const struct resident *r)
{
	json_t *row = json_array();

	json_push_text(row, resident_code_slice(&r->code));
	json_push_text(row, slice_of(event->name));
	news_push_date(row, event->date);
	news_push_attributes(row, &r->person);
	json_push_text(row, r->person.former_surname);
	json_push_text(row, r->person.alias);

	return row;
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
	json_t *items;
	enum err rc;
	size_t i;

	rc = news_jukinet(turn, &jukinet);
	if (rc)
		return rc;
	items = json_array();
	for (i = 0; i < n; i++) {
		if (is_known_to_network(&residents[i]))
			json_array_append_new(
			    items, news_update_row(event, &residents[i]));
	}
	rc = news_send_items(turn, &jukinet, "identity.update", items);
	if (rc)
		return rc;

	return news_changed(turn, event, residents, n);
}
