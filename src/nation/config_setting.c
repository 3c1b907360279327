#include "nation/config_setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nation/config_host.h"
#include "nation/systems.h"
#include "store/store.h"
#include "systems/relay/relay.h"

#define POPULATION_MAX 1000000000
#define NAME_MAX_LENGTH 64 /* characters, as X.509 bounds names */

/* A value that is to be read. */
struct value {
	const struct config_line *line;
	const char *text;
	void *place;                  /* of the setting, as its table says */
	struct system_config *system; /* that has the setting, or NULL */
	const char *const *words;     /* that it may be */
	uint64_t most;
};

/* Read the value into its place, or refuse it. */
typedef enum err reader(struct config_reading *r, const struct value *v);

struct rule {
	const char *name;
	reader *read;
	size_t at; /* the place, in the struct of the section */
	unsigned int door;
};

/* A section, for the reading of one of its lines. */
struct section {
	const struct rule *rules; /* NULL name ends */
	void *whose;              /* the struct that has the places */
	unsigned int doors;       /* that can be opened */
	const char *no_door;      /* how another is refused */
	struct system_config *system;
};

#define REFUSE(r, v, ...) \
	config_refuse(r, (v)->line->section, (v)->line->name, __VA_ARGS__)
#define DOUBT(r, v, ...) \
	config_doubt(r, (v)->line->section, (v)->line->name, __VA_ARGS__)

static void
put_text(const struct value *v, const char *text)
{
	char **place = v->place;

	free(*place);
	*place = heap_string(slice_of(text));
}

/* --- Readers of the founding file's own settings --------------------------- */

/* The name of the nation or an organisation, which certificates bear. */
static enum err
read_name(struct config_reading *r, const struct value *v)
{
	if (v->text[0] == '\0' ||
	    utf8_length(slice_of(v->text)) > NAME_MAX_LENGTH)
		return REFUSE(r, v, "expected 1 to 64 characters");
	put_text(v, v->text);

	return OK;
}

static enum err
read_host(struct config_reading *r, const struct value *v)
{
	char host[CONFIG_HOST_MAX];
	const char *why;

	if (config_host_parse(v->text, host, &why) == OK) {
		put_text(v, host);
		return OK;
	}
	put_text(v, v->text);

	return DOUBT(r, v,
	    "\"%.64s\" %s; expected an IP address such as 127.0.0.1 "
	    "or ::1, or a host's name, without port and brackets",
	    v->text, why);
}

static enum err
read_port(struct config_reading *r, const struct value *v)
{
	uint16_t *place = v->place;
	uint64_t port;

	if (slice_to_u64(slice_of(v->text), 65535, &port) || port == 0)
		return REFUSE(r, v, "expected a port from 1 to 65535");
	*place = (uint16_t)port;

	return OK;
}

static enum err
read_database(struct config_reading *r, const struct value *v)
{
	struct problem why = {0};
	struct buf location;
	enum err rc = OK;

	buf_init(&location);
	if (strcmp(v->text, "sqlite") != 0)
		rc = store_locate(v->text, "bango", &location, &why);
	buf_done(&location);
	if (rc)
		return REFUSE(
		    r, v, "expected sqlite or postgresql:...; %s", why.text);
	put_text(v, v->text);

	return OK;
}

/* J-LIS, which the law's table does not name.  Nor does it name
 * CONFIG_COMMISSION. */
static const char agency[] = "information-systems-agency";

static enum err
read_kind(struct config_reading *r, const struct value *v)
{
	struct organisation_config *o = v->place;
	struct law_names names;

	if (strcmp(v->text, agency) != 0 &&
	    strcmp(v->text, CONFIG_COMMISSION) != 0 &&
	    law_capacities(r->law, slice_of(v->text), &names))
		TRY(DOUBT(r, v,
		    "\"%s\" is no kind of organisation; known are "
		    "municipality, prefecture, pension-service, "
		    "digital-agency, %s, %s and the others of "
		    "data/capacities.tsv; `bango law list inquirers` and "
		    "`bango law list providers` list them",
		    v->text, agency, CONFIG_COMMISSION));
	snprintf(o->kind, sizeof(o->kind), "%s", v->text);

	return OK;
}

static enum err
read_population(struct config_reading *r, const struct value *v)
{
	uint64_t n, *place = v->place;

	if (slice_to_u64(slice_of(v->text), POPULATION_MAX, &n))
		return REFUSE(r, v, "expected a number of persons up to %d",
		    POPULATION_MAX);
	*place = n;

	return OK;
}

static bool
has_system(const struct config *c, const struct system *system)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (c->systems[i].system == system)
			return true;
	}

	return false;
}

static enum err
refuse_system(
    struct config_reading *r, const struct value *v, struct slice name)
{
	struct buf known;
	enum err rc;

	buf_init(&known);
	systems_list(&known);
	rc = REFUSE(r, v,
	    "\"%.*s\" is not a system; expected %s, with spaces between",
	    SLICE_ARG(name), known.data);
	buf_done(&known);

	return rc;
}

static enum err
add_system(struct config_reading *r, const struct value *v, struct slice name)
{
	const struct organisation_config *o = v->place;
	struct config *c = r->config;
	struct system_config *s;

	if (c->n_systems == SYSTEMS_MAX)
		return REFUSE(
		    r, v, "a nation has at most %d systems", SYSTEMS_MAX);
	s = &c->systems[c->n_systems];
	s->system = system_find(name);
	if (s->system == NULL)
		return refuse_system(r, v, name);
	if (s->system->usual != NULL && has_system(c, s->system))
		return REFUSE(r, v, "a nation has one %s; name it once",
		    s->system->component.name);
	if (system_id_of(slice_of(o->id), s->system->component.name, &s->id))
		return REFUSE(r, v, "is too long with the organisation's ID");
	if (config_system(c, &s->id) != NULL)
		return REFUSE(r, v, "names %s twice; keep one of them",
		    s->system->component.name);
	s->organisation = o;
	c->n_systems++;

	return OK;
}

static enum err
read_systems(struct config_reading *r, const struct value *v)
{
	struct slice rest = slice_of(v->text), word;

	if (slice_is_empty(rest))
		return refuse_system(r, v, rest);
	while (!slice_is_empty(rest)) {
		word = slice_cut(&rest, ' ');
		if (!slice_is_empty(word))
			TRY(add_system(r, v, word));
	}

	return OK;
}

/* --- Readers of the components' settings ----------------------------------- */

static enum err
read_system_id(struct config_reading *r, const struct value *v)
{
	struct system_id id;

	if (system_id_parse(slice_of(v->text), &id) ||
	    config_system(r->config, &id) == NULL ||
	    system_id_equal(&v->system->id, &id))
		return DOUBT(r, v,
		    "expected another system of this nation, such as "
		    "131041/relay");

	return OK;
}

static enum err
read_provider(struct config_reading *r, const struct value *v)
{
	if (!config_has_relay(r->config, v->text))
		return DOUBT(r, v,
		    "\"%.64s\" is not an organisation of this nation with a "
		    "relay; expected the ID of one, such as nenkin",
		    v->text);

	return OK;
}

/* The one that watches over a system does not run it. */
static enum err
read_overseer(struct config_reading *r, const struct value *v)
{
	const struct organisation_config *o =
	    config_organisation(r->config, v->text);

	if (o == NULL || o == v->system->organisation)
		return DOUBT(r, v,
		    "\"%.64s\" is not another organisation of this nation; "
		    "expected the ID of a section [organisation ID], not of "
		    "the one that runs %s",
		    v->text, v->system->id.text);

	return OK;
}

/* The keeper that compares an organisation's records with the network's is of
 * neither (decision 0045). */
static enum err
read_keeper(struct config_reading *r, const struct value *v)
{
	struct system_id id;

	if (v->system->system != &relay_system)
		return REFUSE(r, v,
		    "a relay alone has a keeper, which the network takes over; "
		    "set it for [system ORGANISATION/relay]");
	if (system_id_parse(slice_of(v->text), &id) ||
	    !config_may_keep(
		r->config, config_system(r->config, &id), v->system))
		return REFUSE(r, v,
		    "\"%.64s\" is not a system of a third organisation; "
		    "expected one of this nation, such as jlis/jukinet, of "
		    "another organisation than %s and than the network's",
		    v->text, v->system->organisation->id);

	return OK;
}

static enum err
read_word(struct config_reading *r, const struct value *v)
{
	const char *const *word;
	struct buf known;
	enum err rc;

	buf_init(&known);
	for (word = v->words; *word != NULL; word++) {
		if (strcmp(v->text, *word) == 0)
			break;
		buf_printf(
		    &known, "%s%s", word == v->words ? "" : " or ", *word);
	}
	rc = *word != NULL ? OK
			   : DOUBT(r, v, "\"%.64s\" is not known; expected %s",
				 v->text, known.data);
	buf_done(&known);

	return rc;
}

static enum err
read_number(struct config_reading *r, const struct value *v)
{
	uint64_t n;

	if (slice_to_u64(slice_of(v->text), v->most, &n) || n == 0)
		return DOUBT(r, v,
		    "\"%.64s\" is not a number from 1 to %llu; expected one "
		    "in digits alone",
		    v->text, (unsigned long long)v->most);

	return OK;
}

/* --- The tables ------------------------------------------------------------ */

static const struct rule nation_rules[] = {
    {"name", read_name, offsetof(struct config, name), 0},
    {"host", read_host, offsetof(struct config, host), 0},
    {"port", read_port, offsetof(struct config, port), 0},
    {"people_port", read_port, offsetof(struct config, further[0].port),
	HTTP_DOOR_PEOPLE},
    {"public_port", read_port, offsetof(struct config, further[1].port),
	HTTP_DOOR_PUBLIC},
    {"database", read_database, offsetof(struct config, database), 0},
    {0},
};

static const struct rule organisation_rules[] = {
    {"kind", read_kind, 0, 0},
    {"name", read_name, offsetof(struct organisation_config, name), 0},
    {"systems", read_systems, 0, 0},
    {"population", read_population,
	offsetof(struct organisation_config, population), 0},
    {0},
};

static const struct rule system_rules[] = {
    {"host", read_host, offsetof(struct system_config, host), 0},
    {"port", read_port, offsetof(struct system_config, port), 0},
    {"people_port", read_port, offsetof(struct system_config, further[0].port),
	HTTP_DOOR_PEOPLE},
    {"public_port", read_port, offsetof(struct system_config, further[1].port),
	HTTP_DOOR_PUBLIC},
    {0},
};

static reader *const readers[SETTING_KIND_COUNT] = {
    [SETTING_SYSTEM] = read_system_id,
    [SETTING_PROVIDER] = read_provider,
    [SETTING_OVERSEER] = read_overseer,
    [SETTING_KEEPER] = read_keeper,
    [SETTING_WORD] = read_word,
    [SETTING_NUMBER] = read_number,
};

/* --- The lines ------------------------------------------------------------- */

/* The nth component of a system, the system itself first; NULL after the last
 * one. */
static const struct component *
nth_component(const struct system *system, size_t n)
{
	return n == 0 ? &system->component : system->components[n - 1];
}

static bool
is_beginning(const struct setting_rule *rule)
{
	return rule->name[strlen(rule->name) - 1] == '.';
}

static const struct setting_rule *
find_in(const struct component *component, const char *name)
{
	const struct setting_rule *s = component->settings;
	size_t len;

	for (; s != NULL && s->name != NULL; s++) {
		len = strlen(s->name) + (is_beginning(s) ? 0 : 1);
		if (strncmp(s->name, name, len) == 0)
			return s;
	}

	return NULL;
}

static const struct setting_rule *
find_setting(const struct system_config *s, const char *name)
{
	const struct setting_rule *rule = NULL;
	const struct component *c;
	size_t n;

	for (n = 0; s != NULL && rule == NULL &&
	     (c = nth_component(s->system, n)) != NULL;
	     n++)
		rule = find_in(c, name);

	return rule;
}

static void
list_settings(const struct component *component, struct buf *ret)
{
	const struct setting_rule *s = component->settings;

	for (; s != NULL && s->name != NULL; s++)
		buf_printf(ret, ", %s%s", s->name,
		    is_beginning(s) ? "ORGANISATION" : "");
}

/* The settings that would be taken. */
static enum err
doubt_unknown(struct config_reading *r, const struct section *s,
    const struct config_line *line)
{
	const struct component *c;
	const struct rule *rule;
	struct buf known;
	enum err rc;
	size_t n;

	buf_init(&known);
	for (rule = s->rules; rule->name != NULL; rule++) {
		if ((rule->door & ~s->doors) == 0)
			buf_printf(&known, "%s%s", known.len > 0 ? ", " : "",
			    rule->name);
	}
	for (n = 0; s->system != NULL &&
	     (c = nth_component(s->system->system, n)) != NULL;
	     n++)
		list_settings(c, &known);
	rc = config_doubt(r, line->section, line->name,
	    "not known; known are %s", known.data);
	buf_done(&known);

	return rc;
}

static enum err
read_of_component(struct config_reading *r, const struct setting_rule *rule,
    const struct value *v)
{
	const char *id = v->line->name + strlen(rule->name);

	if (is_beginning(rule) && config_organisation(r->config, id) == NULL)
		return DOUBT(r, v,
		    "\"%.64s\" is not an organisation of this nation; expected "
		    "the ID of a section [organisation ID]",
		    id);
	TRY(readers[rule->kind](r, v));
	if (!config_has_setting(v->system, v->line->name))
		config_setting_add(v->system, v->line->name, v->text);

	return OK;
}

static enum err
read_line(struct config_reading *r, const struct section *s,
    const struct config_line *line)
{
	struct value v = {
	    .line = line, .text = line->value, .system = s->system};
	const struct setting_rule *further;
	const struct rule *rule = s->rules;

	while (rule->name != NULL && strcmp(rule->name, line->name) != 0)
		rule++;
	if (rule->name != NULL && (rule->door & ~s->doors) != 0)
		return DOUBT(r, &v, "%s", s->no_door);
	if (rule->name != NULL) {
		v.place = (char *)s->whose + rule->at;
		return rule->read(r, &v);
	}
	further = find_setting(s->system, line->name);
	if (further == NULL)
		return doubt_unknown(r, s, line);
	v.words = further->words;
	v.most = further->most;

	return read_of_component(r, further, &v);
}

enum err
config_setting_organisation(struct config_reading *r,
    const struct config_line *line, struct organisation_config *o)
{
	const struct section s = {.rules = organisation_rules, .whose = o};

	return read_line(r, &s, line);
}

enum err
config_setting_nation(struct config_reading *r, const struct config_line *line)
{
	struct section s = {.rules = nation_rules,
	    .whose = r->config,
	    .no_door = "no system of this nation has such a door; remove the "
		       "line"};
	size_t i;

	for (i = 0; i < r->config->n_systems; i++)
		s.doors |= r->config->systems[i].system->doors;

	return read_line(r, &s, line);
}

enum err
config_setting_system(struct config_reading *r, const struct config_line *line,
    struct system_config *system)
{
	const struct section s = {.rules = system_rules,
	    .whose = system,
	    .doors = system->system->doors,
	    .no_door = "this system has no such door; remove the line",
	    .system = system};

	return read_line(r, &s, line);
}

void
config_setting_add(struct system_config *s, const char *name, const char *value)
{
	if (s->n_settings + 1 >= SETTINGS_MAX)
		abort();
	s->settings[s->n_settings].name = heap_string(slice_of(name));
	s->settings[s->n_settings].value = heap_string(slice_of(value));
	s->n_settings++;
}
