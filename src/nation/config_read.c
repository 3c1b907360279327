#include "nation/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "law/law.h"
#include "nation/config_check.h"
#include "nation/systems.h"
#include "number/notation.h"

/* The most settings of a [system] section; the others are made here. */
#define OWN_SETTINGS_MAX 64
#define FILE_MAX (1u << 20)
#define HOST_MAX 253
#define NAME_MAX_LENGTH 64 /* characters, as X.509 bounds names */

static void
add_setting(struct system_config *s, const char *name, const char *value)
{
	if (s->n_settings + 1 >= SETTINGS_MAX)
		abort();
	s->settings[s->n_settings].name = heap_string(slice_of(name));
	s->settings[s->n_settings].value = heap_string(slice_of(value));
	s->n_settings++;
}

static enum err
read_port(struct config_reading *r, const char *section, const char *name,
    const char *value, uint16_t *ret)
{
	uint64_t port;

	if (slice_to_u64(slice_of(value), 65535, &port) || port == 0)
		return config_refuse(
		    r, section, name, "expected a port from 1 to 65535");
	*ret = (uint16_t)port;

	return OK;
}

/* The doors that a founding file may open. */
static const struct http_port further_doors[FURTHER_DOORS] = {
    {HTTP_DOOR_PEOPLE, 0},
    {HTTP_DOOR_PUBLIC, 0},
};

/* The place of the port of that setting; NULL if the setting is no port. */
static uint16_t *
find_port(uint16_t *peers, struct http_port *further, const char *name)
{
	if (strcmp(name, "port") == 0)
		return peers;
	if (strcmp(name, "people_port") == 0)
		return &further[0].port;
	if (strcmp(name, "public_port") == 0)
		return &further[1].port;

	return NULL;
}

/* The place of the text of that setting; NULL if there is none. */
static char **
find_text(struct config *c, const char *name)
{
	if (strcmp(name, "name") == 0)
		return &c->name;
	if (strcmp(name, "host") == 0)
		return &c->host;
	if (strcmp(name, "database") == 0)
		return &c->database;

	return NULL;
}

/* The name of the nation or an organisation, which certificates bear. */
static enum err
read_name(struct config_reading *r, const char *section, const char *value,
    char **ret)
{
	if (value[0] == '\0' || utf8_length(slice_of(value)) > NAME_MAX_LENGTH)
		return config_refuse(
		    r, section, "name", "expected 1 to 64 characters");
	free(*ret);
	*ret = heap_string(slice_of(value));

	return OK;
}

/* J-LIS, which the law's table does not name. */
static const char agency[] = "information-systems-agency";

static enum err
read_kind(struct config_reading *r, const char *section, const char *value,
    struct organisation_config *o)
{
	struct law_names names;

	if (strcmp(value, agency) != 0 &&
	    law_capacities(r->law, slice_of(value), &names))
		return config_refuse(r, section, "kind",
		    "\"%s\" is no kind of organisation; known are "
		    "municipality, prefecture, pension-service, "
		    "digital-agency, %s and the others of "
		    "data/capacities.tsv; `bango law list inquirers` and "
		    "`bango law list providers` list them",
		    value, agency);
	snprintf(o->kind, sizeof(o->kind), "%s", value);

	return OK;
}

static enum err
read_host(struct config_reading *r, const char *section, const char *value,
    char **ret)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-:";

	if (value[0] == '\0' || strlen(value) > HOST_MAX ||
	    value[strspn(value, allowed)] != '\0')
		return config_refuse(r, section, "host",
		    "expected an IP address such as 127.0.0.1, or a host's "
		    "name");
	free(*ret);
	*ret = heap_string(slice_of(value));

	return OK;
}

static bool
is_database(const char *value)
{
	return strcmp(value, "sqlite") == 0 ||
	    slice_has_prefix(slice_of(value), SLICE("postgresql:"));
}

static enum err
read_nation(struct config_reading *r, const char *name, const char *value)
{
	struct config *c = r->config;
	uint16_t *port = find_port(&c->port, c->further, name);
	char **text = find_text(c, name);

	if (port != NULL)
		return read_port(r, "nation", name, value, port);
	if (text == NULL)
		return config_refuse(r, "nation", name,
		    "not known; known are name, host, port, people_port, "
		    "public_port, database");
	if (text == &c->database && !is_database(value))
		return config_refuse(
		    r, "nation", name, "expected sqlite or postgresql:...");
	if (text == &c->name)
		return read_name(r, "nation", value, text);
	if (text == &c->host)
		return read_host(r, "nation", value, text);
	free(*text);
	*text = heap_string(slice_of(value));

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
refuse_system(struct config_reading *r, const char *section, struct slice name)
{
	struct buf known;
	enum err rc;

	buf_init(&known);
	systems_list(&known);
	rc = config_refuse(r, section, "systems",
	    "\"%.*s\" is not a system; expected %s, with spaces between",
	    SLICE_ARG(name), known.data);
	buf_done(&known);

	return rc;
}

static enum err
add_system(struct config_reading *r, const char *section,
    const struct organisation_config *o, struct slice name)
{
	struct config *c = r->config;
	struct system_config *s;
	struct buf id;
	enum err rc;

	if (c->n_systems == SYSTEMS_MAX)
		return config_refuse(r, section, "systems",
		    "a nation has at most %d systems", SYSTEMS_MAX);
	s = &c->systems[c->n_systems];
	s->system = system_find(name);
	if (s->system == NULL)
		return refuse_system(r, section, name);
	if (s->system->usual != NULL && has_system(c, s->system))
		return config_refuse(r, section, "systems",
		    "a nation has one %s; name it once",
		    s->system->component.name);
	buf_init(&id);
	buf_printf(&id, "%s/%.*s", o->id, SLICE_ARG(name));
	rc = system_id_parse(buf_slice(&id), &s->id);
	buf_done(&id);
	if (rc)
		return config_refuse(r, section, "systems",
		    "is too long with the organisation's ID");
	if (config_system(c, &s->id) != NULL)
		return config_refuse(r, section, "systems",
		    "names %s twice; keep one of them",
		    s->system->component.name);
	s->organisation = o;
	c->n_systems++;

	return OK;
}

static bool
is_organisation_id(const char *id)
{
	struct organisation_config *o;

	return id[0] != '\0' && strlen(id) < sizeof(o->id) &&
	    strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

/* Digits alone are the code of a local government, with its check digit. */
static bool
is_code_misspelt(const char *id)
{
	uint64_t prefecture;

	if (strspn(id, "0123456789") != strlen(id))
		return false;
	if (notation_check(NOTATION_GOVERNMENT, id, strlen(id)))
		return true;
	prefecture = notation_read(id, 2);

	return prefecture < 1 || prefecture > 47;
}

static struct organisation_config *
organisation(struct config_reading *r, const char *section)
{
	const char *id = section + strlen("organisation ");
	struct config *c = r->config;
	size_t i;

	for (i = 0; i < c->n_organisations; i++) {
		if (strcmp(c->organisations[i].id, id) == 0)
			return &c->organisations[i];
	}
	if (!is_organisation_id(id)) {
		(void)config_refuse(
		    r, section, "ID", "expected 1 to 15 of a-z, 0-9 and \"-\"");
		return NULL;
	}
	if (is_code_misspelt(id)) {
		(void)config_refuse(r, section, "ID",
		    "not the code of a local government: expected 6 digits "
		    "that begin with 01 to 47, the last of which is the check "
		    "digit; `bango number complete --kind government` finds "
		    "it");
		return NULL;
	}
	if (c->n_organisations == ORGANISATIONS_MAX) {
		(void)config_refuse(r, section, "ID",
		    "a nation has at most %d organisations", ORGANISATIONS_MAX);
		return NULL;
	}
	snprintf(
	    c->organisations[i].id, sizeof(c->organisations[i].id), "%s", id);
	c->n_organisations++;

	return &c->organisations[i];
}

static enum err
read_organisation(struct config_reading *r, const char *section,
    const char *name, const char *value)
{
	struct organisation_config *o = organisation(r, section);
	struct slice rest = slice_trim(slice_of(value)), word;
	enum err rc = OK;

	if (o == NULL)
		return ERR_INPUT;
	if (strcmp(name, "kind") == 0)
		rc = read_kind(r, section, value, o);
	else if (strcmp(name, "name") == 0)
		rc = read_name(r, section, value, &o->name);
	else if (strcmp(name, "systems") == 0) {
		while (rc == OK && !slice_is_empty(rest)) {
			word = slice_cut(&rest, ' ');
			if (!slice_is_empty(word))
				rc = add_system(r, section, o, word);
		}
	} else
		rc = config_refuse(r, section, name,
		    "not known; known are kind, name, systems");

	return rc;
}

/* Does the component read the setting `name`?  The others that it reads are
 * appended to `known`. */
static bool
takes_setting(
    const struct component *component, const char *name, struct buf *known)
{
	const char *const *s;
	size_t len;
	bool is_prefix;

	for (s = component->settings; s != NULL && *s != NULL; s++) {
		len = strlen(*s);
		is_prefix = (*s)[len - 1] == '.';
		if (strncmp(*s, name, is_prefix ? len : len + 1) == 0)
			return true;
		buf_printf(
		    known, ", %s%s", *s, is_prefix ? "ORGANISATION" : "");
	}

	return false;
}

static enum err
check_setting(struct config_reading *r, const char *section, const char *name,
    const struct system *system)
{
	const struct component *const *c;
	enum err rc = OK;
	struct buf known;
	bool is_taken;

	buf_init(&known);
	is_taken = takes_setting(&system->component, name, &known);
	for (c = system->components; !is_taken && *c != NULL; c++)
		is_taken = takes_setting(*c, name, &known);
	if (!is_taken)
		rc = config_refuse(r, section, name,
		    "not known; known are host, port, people_port, "
		    "public_port%s",
		    known.data);
	buf_done(&known);

	return rc;
}

static enum err
read_system(struct config_reading *r, const char *section, const char *name,
    const char *value)
{
	struct config *c = r->config;
	struct system_config *s = NULL;
	uint16_t *port;
	enum err rc;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (strcmp(c->systems[i].id.text,
			section + strlen("system ")) == 0)
			s = &c->systems[i];
	}
	if (s == NULL)
		return config_refuse(r, section, name,
		    "no organisation runs this system; name it above, in the "
		    "organisation's line `systems = ...`");
	port = find_port(&s->port, s->further, name);
	if (port != NULL)
		return read_port(r, section, name, value, port);
	if (strcmp(name, "host") == 0)
		return read_host(r, section, value, &s->host);
	rc = check_setting(r, section, name, s->system);
	if (rc)
		return rc;
	if (s->n_settings == OWN_SETTINGS_MAX)
		return config_refuse(r, section, name,
		    "a system has at most %d settings", OWN_SETTINGS_MAX);
	add_setting(s, name, value);

	return OK;
}

static enum err
read_setting(
    void *state, const char *section, const char *name, const char *value)
{
	struct config_reading *r = state;
	struct slice s = slice_of(section);

	if (slice_equal_string(s, "nation"))
		return read_nation(r, name, value);
	if (slice_has_prefix(s, SLICE("organisation ")))
		return read_organisation(r, section, name, value);
	if (slice_has_prefix(s, SLICE("system ")))
		return read_system(r, section, name, value);

	return config_refuse(r, section, name,
	    "not known; sections are [nation], [organisation ID], "
	    "[system ID/NAME]");
}

bool
config_has_setting(const struct system_config *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		if (strcmp(s->settings[i].name, name) == 0)
			return true;
	}

	return false;
}

/* Choose the witness of the ledger of system `index`: a system of another
 * organisation, and not the same one for all. */
static void
give_witness(struct config *c, size_t index)
{
	struct system_config *s = &c->systems[index];
	const struct system_config *other;
	size_t i;

	if (config_has_setting(s, "witness"))
		return;
	for (i = 0; i < c->n_systems; i++) {
		other = &c->systems[(2 * index + i) % c->n_systems];
		if (other->organisation == s->organisation)
			continue;
		add_setting(s, "witness", other->id.text);
		return;
	}
}

/* The peers' door of every system, and of those that have them the others that
 * the founding file opens. */
static void
give_ports(struct config *c)
{
	uint16_t next[FURTHER_DOORS];
	struct system_config *s;
	size_t i, d;

	for (d = 0; d < FURTHER_DOORS; d++)
		next[d] = c->further[d].port;
	for (i = 0; i < c->n_systems; i++) {
		s = &c->systems[i];
		if (s->port == 0)
			s->port = (uint16_t)(c->port + i);
		for (d = 0; d < FURTHER_DOORS; d++) {
			s->further[d].door = further_doors[d].door;
			if ((s->system->doors & s->further[d].door) != 0 &&
			    s->further[d].port == 0 && next[d] != 0)
				s->further[d].port = next[d]++;
		}
	}
}

/* The settings by which every system finds the others. */
static void
give_settings(struct config *c)
{
	struct system_config *s, *other;
	const struct organisation_config *o;
	struct buf name, value;
	size_t i, j;

	buf_init(&name);
	buf_init(&value);
	for (i = 0; i < c->n_systems; i++) {
		s = &c->systems[i];
		if (s->host == NULL)
			s->host = heap_string(slice_of(c->host));
		add_setting(s, "name", s->organisation->name);
		add_setting(s, "kind", s->organisation->kind);
		give_witness(c, i);
		for (j = 0; j < c->n_systems; j++) {
			other = &c->systems[j];
			if (other->system->usual != NULL)
				add_setting(s, other->system->component.name,
				    other->id.text);
		}
		for (j = 0; j < c->n_organisations; j++) {
			o = &c->organisations[j];
			buf_clear(&name);
			buf_clear(&value);
			buf_printf(&name, "organisation.%s", o->id);
			buf_printf(
			    &value, "%zu %s %s", j + 1, o->kind, o->name);
			add_setting(s, name.data, value.data);
		}
	}
	buf_done(&name);
	buf_done(&value);
}

static enum err
read_text(struct config_reading *r, struct buf *ret)
{
	enum err rc;

	rc = file_read(r->file.path, FILE_MAX, ret, r->file.problem);
	if (rc == ERR_NOT_FOUND)
		return problem_set(r->file.problem, rc,
		    "%s cannot be read: No such file or directory; `bango "
		    "init` makes one",
		    r->file.path);

	return rc;
}

static enum err
read_all(struct config_reading *r)
{
	struct law_text law = law_text_built_in();
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc = read_text(r, &text);
	if (rc == OK)
		rc = law_load(&law, &r->law, r->file.problem);
	if (rc == OK)
		rc = ini_file_read(&r->file, buf_slice(&text), read_setting, r);
	if (rc == OK)
		rc = config_check(r);
	if (rc == OK) {
		give_ports(r->config);
		give_settings(r->config);
		rc = config_check_ports(r);
	}
	law_free(r->law);
	buf_done(&text);

	return rc;
}

enum err
config_read(const char *path, struct config **ret, struct problem *problem)
{
	struct config *c = heap_array(1, sizeof(*c));
	struct config_reading r = {
	    .file = {.arena = arena_new(), .path = path, .problem = problem},
	    .config = c};
	enum err rc;

	c->name = heap_string(SLICE("nation"));
	c->host = heap_string(SLICE("127.0.0.1"));
	c->database = heap_string(SLICE("sqlite"));
	c->port = 7300;
	c->systems = heap_array(SYSTEMS_MAX, sizeof(*c->systems));
	rc = read_all(&r);
	arena_free(r.file.arena);
	if (rc) {
		config_free(c);
		return rc;
	}
	*ret = c;

	return OK;
}
