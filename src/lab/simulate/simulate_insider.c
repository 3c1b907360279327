/*
 * Organisations that are the enemy: municipalities in which nobody lives.  Their
 * systems do their usual work; with the same keys, the enemy sends any
 * well-formed message to any system.
 *
 * The enemies tell each other what they hear.  They have stolen the Individual
 * Numbers of half of the other residents, and the Resident Record Codes of the
 * other half; they know the days of birth, but nobody's name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/shape_example.h"
#include "lab/simulate/simulate_internal.h"
#include "number/kinds.h"
#include "person/kinds.h"
#include "wire/kinds.h"

#define ATTACKS_MAX 8 /* after a step */
#define HANDLERS_MAX 256
#define CITY_DIGITS 6
#define RESIDENT_CURRENT 1

bool
simulate_is_enemy(const struct driver *d, struct slice system)
{
	int i = d->options->organisations;

	for (; i < d->options->organisations + d->options->insiders; i++) {
		if (slice_has_prefix(system, slice_of(d->cities[i])))
			return true;
	}

	return false;
}

/* --- What an enemy says --------------------------------------------------- */

/* A value of a list; empty if there is none. */
static struct slice
any_of(struct driver *d, const json_t *list)
{
	size_t n = json_array_size(list);

	if (n == 0)
		return SLICE("");

	return slice_of(
	    json_string_value(json_array_get(list, driver_below(d, n))));
}

static struct slice
any_word(struct driver *d, struct slice words)
{
	struct slice word = slice_cut(&words, '|');

	while (words.data != NULL && driver_below(d, 2) == 0)
		word = slice_cut(&words, '|');

	return word;
}

static struct slice
any_day(struct driver *d, struct arena *arena)
{
	int n = (int)driver_below(d, (uint64_t)d->n_people + 1);

	if (driver_below(d, 2) == 0)
		return arena_copy(arena, slice_of(d->today));

	return simulate_birth(arena, n);
}

static struct slice
any_instant(const struct driver *d, struct arena *arena)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(simulation_now(d->sim), text);

	return arena_copy(arena, slice_of(text));
}

static struct slice
any_system(struct driver *d)
{
	return slice_of(
	    d->config->systems[driver_below(d, d->config->n_systems)].id.text);
}

static struct slice
any_organisation(struct driver *d)
{
	size_t i = driver_below(d, d->config->n_organisations);

	return slice_of(d->config->organisations[i].id);
}

/* A name that nobody has: whoever finds it in a record knows whose word it
 * is. */
static struct slice
any_text(const struct field *f)
{
	switch (f->rule) {
	case TEXT_NAME:
		return SLICE("敵　一");
	case TEXT_KANA:
		return SLICE("テキ　イチ");
	case TEXT_ADDRESS:
	case TEXT_LINE:
		break;
	}

	return SLICE("");
}

/* The enemy's value for a field of that kind; empty: an example. */
static struct slice
any_value(struct driver *d, struct arena *arena, const struct field *f)
{
	const struct kind *k = f->kind;

	if (k == &kind_individual_number)
		return any_of(d, d->stolen_numbers);
	if (k == &kind_resident_code)
		return any_of(d, d->stolen_codes);
	if (k == &kind_linkage_code || k == &kind_id)
		return any_of(d, d->overheard);
	if (k == &kind_word)
		return any_word(d, slice_of(f->words));
	if (k == &kind_sex)
		return any_word(d, SLICE("1|2"));
	if (k == &kind_date)
		return any_day(d, arena);
	if (k == &kind_instant)
		return any_instant(d, arena);
	if (k == &kind_system)
		return any_system(d);
	if (k == &kind_organisation)
		return any_organisation(d);

	return k == &kind_text ? any_text(f) : SLICE("");
}

static bool
put_value(struct shape_example *e, const struct field *f, const char *key)
{
	struct driver *d = e->state;
	struct slice text;

	if (f->count != 0 || f->of != NULL)
		return false;
	if (f->presence == OPTIONAL && key != NULL && driver_below(d, 2) == 0)
		return true;
	text = any_value(d, e->arena, f);
	if (slice_is_empty(text))
		return false;
	json_out_text(&e->out, key, text);

	return true;
}

/* --- To whom it says it --------------------------------------------------- */

/* The messages of a table that a system of that name may send. */
static size_t
add_handlers(const struct message_handler *table, const char *name,
    const struct message_handler **ret, size_t n)
{
	const struct message_handler *h = table;

	for (; h != NULL && h->takes != NULL && n < HANDLERS_MAX; h++) {
		if (!(h->scope & FROM_OWN_ORGANISATION) &&
		    (h->from == NULL || strcmp(h->from, name) == 0))
			ret[n++] = h;
	}

	return n;
}

static size_t
handlers_for(const struct system *to, const char *from,
    const struct message_handler **ret)
{
	const struct component *const *c;
	size_t n = add_handlers(to->component.messages, from, ret, 0);

	/* The messages that every node takes, only where there are no others. */
	for (c = to->components; n == 0 && *c != NULL; c++)
		n = add_handlers((*c)->messages, from, ret, n);

	return n;
}

/* A system of the enemies, or of others. */
static const struct system_config *
any_of_either(struct driver *d, bool enemy)
{
	const struct system_config *s;

	do
		s = &d->config->systems[driver_below(d, d->config->n_systems)];
	while (simulate_is_enemy(d, slice_of(s->id.text)) != enemy);

	return s;
}

/* The acquisition numbers under which it asked about numbers that it stole. */
static void
note_lie(struct driver *d, struct slice type, struct slice body)
{
	struct problem problem = {0};
	json_t *document = NULL;
	const json_t *row;
	size_t i;

	if (!slice_equal_string(type, "acquisition.request") ||
	    json_read(body, "body", &document, &problem))
		return;
	json_array_foreach(json_object_get(document, "items"), i, row)
	    json_object_set_new(d->asked_about,
		json_string_value(json_array_get(row, 0)), json_true());
	json_decref(document);
}

static void
attack_once(struct driver *d)
{
	const struct message_handler *handlers[HANDLERS_MAX];
	const struct system_config *from = any_of_either(d, true);
	const struct system_config *to = any_of_either(d, false);
	size_t n =
	    handlers_for(to->system, from->system->component.name, handlers);
	struct shape_example example = {
	    .arena = arena_new(), .instead = put_value, .state = d};
	const struct message_type *type;
	struct slice body;

	if (n > 0) {
		type = handlers[driver_below(d, n)]->takes;
		body = shape_example_write(&example, type->shape);
		simulate_tokens(body, d->said);
		note_lie(d, slice_of(type->name), body);
		simulation_say(d->sim, &from->id, &to->id, type, body);
		d->report->attacks++;
	}
	arena_free(example.arena);
}

void
simulate_attack(struct driver *d)
{
	uint64_t n = driver_below(d, ATTACKS_MAX);

	while (d->options->insiders > 0 && n-- > 0)
		attack_once(d);
}

/* --- What it hears ------------------------------------------------------- */

static void
hear_codes(struct driver *d, const json_t *body)
{
	const char *acquisition, *code;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, row)
	{
		acquisition = json_string_value(json_array_get(row, 0));
		code = json_string_value(json_array_get(row, 1));
		if (acquisition != NULL && code != NULL && code[0] != '\0' &&
		    json_object_get(d->asked_about, acquisition) != NULL)
			driver_found(d, "insider-learns",
			    "an enemy was given a code for a number alone");
	}
}

void
simulate_overhear(struct driver *d, struct slice type, const json_t *body,
    struct slice envelope)
{
	json_t *tokens = json_object(), *value;
	const char *token;

	simulate_tokens(envelope, tokens);
	json_object_foreach(tokens, token, value)
	{
		json_object_set(d->learnt, token, value);
		if (strlen(token) == LINKAGE_CODE_DIGITS)
			json_array_append_new(d->overheard, json_string(token));
	}
	json_decref(tokens);
	if (memmem(envelope.data, envelope.len, SIMULATE_SURNAME,
		strlen(SIMULATE_SURNAME)) != NULL)
		driver_found(d, "insider-learns",
		    "an enemy was told a resident's name by %.*s",
		    SLICE_ARG(type));
	if (slice_equal_string(type, "acquisition.code"))
		hear_codes(d, body);
	if (slice_equal_string(type, "answer.sealed") &&
	    strcmp(row_text(body, "outcome"), "provided") == 0)
		driver_found(
		    d, "insider-learns", "an enemy was given contents");
}

/* --- What it must not reach ----------------------------------------------- */

/* The values of a column, written with so many digits where they are
 * numbers. */
static void
collect_column(const json_t *rows, const char *column, int digits, json_t *ret)
{
	const json_t *row, *value;
	char text[40];
	size_t i;

	json_array_foreach(rows, i, row)
	{
		value = json_object_get(row, column);
		snprintf(text, sizeof(text), "%0*" PRId64, digits,
		    (int64_t)json_integer_value(value));
		json_object_set_new(ret,
		    json_is_string(value) ? json_string_value(value) : text,
		    json_true());
	}
}

/* The numbers and codes of residents, by their registries and relays. */
static void
collect_secrets(const json_t *dump, json_t *ret)
{
	const char *system;
	json_t *tables;

	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		collect_column(json_object_get(tables, "assignment"), "number",
		    INDIVIDUAL_NUMBER_DIGITS, ret);
		collect_column(json_object_get(tables, "resident"), "code",
		    RESIDENT_CODE_DIGITS, ret);
		collect_column(json_object_get(tables, "linkage"), "code",
		    LINKAGE_CODE_DIGITS, ret);
	}
}

static void
check_learns(struct driver *d, const json_t *dump)
{
	json_t *secrets = json_object(), *value;
	const char *token;

	collect_secrets(dump, secrets);
	json_object_foreach(d->learnt, token, value)
	{
		if (json_object_get(secrets, token) != NULL &&
		    json_object_get(d->said, token) == NULL)
			driver_found(d, "insider-learns",
			    "an enemy was told a resident's number or code, "
			    "%zu digits",
			    strlen(token));
	}
	json_decref(secrets);
}

/* The record of a resident whom the registry has: at jukinet it says the
 * same. */
static void
check_record(struct driver *d, const char *registry, const char *name,
    const json_t *persons)
{
	const json_t *person = row_find(persons, "name", name);

	if (person == NULL ||
	    strncmp(registry, row_text(person, "municipality"), CITY_DIGITS) !=
		0 ||
	    row_int(person, "state") != RESIDENT_CURRENT)
		driver_found(d, "insider-moves",
		    "%s: a resident is %s of %s, state %d, at jukinet",
		    registry, person == NULL ? "nobody" : "somebody",
		    person == NULL ? "nowhere"
				   : row_text(person, "municipality"),
		    (int)row_int(person, "state"));
}

static const json_t *
version_of(const json_t *versions, const json_t *resident)
{
	const json_t *v;
	size_t i;

	json_array_foreach(versions, i, v)
	{
		if (row_int(v, "resident") == row_int(resident, "resident") &&
		    row_int(v, "version") == row_int(resident, "version"))
			return v;
	}

	return NULL;
}

static void
check_registry(struct driver *d, const char *system, const json_t *tables,
    const json_t *persons)
{
	const json_t *resident, *version;
	size_t i;

	json_array_foreach(json_object_get(tables, "resident"), i, resident)
	{
		if (row_int(resident, "state") != RESIDENT_CURRENT ||
		    row_int(resident, "assignment") == 0)
			continue;
		version =
		    version_of(json_object_get(tables, "version"), resident);
		check_record(d, system, row_text(version, "name"), persons);
	}
}

static void
check_moves(struct driver *d, const json_t *dump)
{
	const json_t *persons = dump_rows(dump, "jlis/jukinet", "person");
	const char *system;
	json_t *tables;

	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		if (strstr(system, "/registry") != NULL)
			check_registry(d, system, tables, persons);
	}
}

void
check_insiders(struct driver *d, const json_t *dump)
{
	if (d->options->insiders == 0)
		return;
	check_learns(d, dump);
	check_moves(d, dump);
}
