#include "nation/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "nation/systems.h"

const char config_default[] =
    "; The founding file of a nation.  `bango init` reads it.\n"
    "[nation]\n"
    "name = 見本国\n"
    "host = 127.0.0.1\n"
    "port = 7300\n"
    "people_port = 7320\n"
    "database = sqlite\n"
    "\n"
    "[organisation jlis]\n"
    "kind = information-systems-agency\n"
    "name = 地方公共団体情報システム機構\n"
    "systems = jukinet\n"
    "\n"
    "[organisation digital]\n"
    "kind = digital-agency\n"
    "name = デジタル庁\n"
    "systems = network portal\n"
    "\n"
    "[organisation 012041]\n"
    "kind = municipality\n"
    "name = 旭川市\n"
    "systems = registry addressee relay offices\n"
    "\n"
    "[organisation 131041]\n"
    "kind = municipality\n"
    "name = 新宿区\n"
    "systems = registry addressee relay offices\n"
    "\n"
    "[organisation nenkin]\n"
    "kind = pension-service\n"
    "name = 日本年金機構\n"
    "systems = addressee relay offices\n";

/* The most settings of a [system] section; the others are made here. */
#define OWN_SETTINGS_MAX 64
#define VALUE_MAX 4000 /* characters; a line is shorter */

struct reading {
	struct arena *arena; /* texts of the file */
	struct config *config;
	const char *path;
	FILE *file;
	int line;
	struct problem *problem;
	enum err err;
};

static enum err
complain(
    struct reading *r, const char *section, const char *name, const char *why)
{
	r->err = problem_set(r->problem, ERR_INPUT, "%s, line %d: [%s] %s: %s",
	    r->path, r->line, section, name, why);

	return r->err;
}

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
read_port(struct reading *r, const char *section, const char *name,
    const char *value, uint16_t *ret)
{
	uint64_t port;

	if (slice_to_u64(slice_of(value), 65535, &port) || port == 0)
		return complain(r, section, name, "expected 1 to 65535");
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

static bool
is_database(const char *value)
{
	return strcmp(value, "sqlite") == 0 ||
	    slice_has_prefix(slice_of(value), SLICE("postgresql:"));
}

static enum err
read_nation(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->config;
	uint16_t *port = find_port(&c->port, c->further, name);
	char **text = find_text(c, name);

	if (port != NULL)
		return read_port(r, "nation", name, value, port);
	if (text == NULL)
		return complain(r, "nation", name,
		    "not known; known are name, host, port, people_port, "
		    "public_port, database");
	if (text == &c->database && !is_database(value))
		return complain(
		    r, "nation", name, "expected sqlite or postgresql:...");
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

/* NULL: there is none of that name.  Otherwise there is one already. */
static enum err
refuse_system(
    struct reading *r, const char *section, const struct system *system)
{
	struct buf why;
	enum err rc;

	buf_init(&why);
	if (system == NULL) {
		buf_add_string(&why, "no such system; there are ");
		systems_list(&why);
	} else
		buf_printf(&why, "a nation has one %s", system->component.name);
	rc = complain(r, section, "systems", why.data);
	buf_done(&why);

	return rc;
}

static enum err
add_system(struct reading *r, const char *section,
    const struct organisation_config *o, struct slice name)
{
	struct config *c = r->config;
	struct system_config *s;
	struct buf id;
	enum err rc;

	if (c->n_systems == SYSTEMS_MAX)
		return complain(r, section, "systems", "too many in all");
	s = &c->systems[c->n_systems];
	s->system = system_find(name);
	if (s->system == NULL ||
	    (s->system->usual != NULL && has_system(c, s->system)))
		return refuse_system(r, section, s->system);
	buf_init(&id);
	buf_printf(&id, "%s/%.*s", o->id, SLICE_ARG(name));
	rc = system_id_parse(buf_slice(&id), &s->id);
	buf_done(&id);
	if (rc)
		return complain(r, section, "systems", "not a system's id");
	if (config_system(c, &s->id) != NULL)
		return complain(r, section, "systems", "named twice");
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

static struct organisation_config *
organisation(struct reading *r, const char *section)
{
	const char *id = section + strlen("organisation ");
	struct config *c = r->config;
	size_t i;

	for (i = 0; i < c->n_organisations; i++) {
		if (strcmp(c->organisations[i].id, id) == 0)
			return &c->organisations[i];
	}
	if (!is_organisation_id(id)) {
		(void)complain(
		    r, section, "ID", "expected 1 to 15 of a-z, 0-9 and \"-\"");
		return NULL;
	}
	if (c->n_organisations == ORGANISATIONS_MAX) {
		(void)complain(r, section, "ID", "too many organisations");
		return NULL;
	}
	snprintf(
	    c->organisations[i].id, sizeof(c->organisations[i].id), "%s", id);
	c->n_organisations++;

	return &c->organisations[i];
}

static enum err
read_organisation(
    struct reading *r, const char *section, const char *name, const char *value)
{
	struct organisation_config *o = organisation(r, section);
	struct slice rest = slice_trim(slice_of(value)), word;
	enum err rc = OK;

	if (o == NULL)
		return r->err;
	if (strcmp(name, "kind") == 0) {
		if (strlen(value) >= sizeof(o->kind))
			return complain(r, section, name, "too long");
		snprintf(o->kind, sizeof(o->kind), "%s", value);
	} else if (strcmp(name, "name") == 0) {
		free(o->name);
		o->name = heap_string(slice_of(value));
	} else if (strcmp(name, "systems") == 0) {
		while (rc == OK && !slice_is_empty(rest)) {
			word = slice_cut(&rest, ' ');
			if (!slice_is_empty(word))
				rc = add_system(r, section, o, word);
		}
	} else
		rc = complain(r, section, name,
		    "not known; known are kind, name, systems");

	return rc;
}

static enum err
read_system(
    struct reading *r, const char *section, const char *name, const char *value)
{
	struct config *c = r->config;
	struct system_config *s = NULL;
	uint16_t *port;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (strcmp(c->systems[i].id.text,
			section + strlen("system ")) == 0)
			s = &c->systems[i];
	}
	if (s == NULL)
		return complain(
		    r, section, name, "no organisation above runs this system");
	port = find_port(&s->port, s->further, name);
	if (port != NULL)
		return read_port(r, section, name, value, port);
	if (strcmp(name, "host") == 0) {
		free(s->host);
		s->host = heap_string(slice_of(value));
	} else if (s->n_settings == OWN_SETTINGS_MAX)
		return complain(r, section, name, "too many settings");
	else
		add_setting(s, name, value);

	return OK;
}

/* Name and value of a setting, as normalised by text_take(). */
static enum err
take_line(struct reading *r, const char *section, const char **name,
    const char **value)
{
	const char **const texts[] = {name, value};
	struct slice text;
	const char *why;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (text_take(r->arena, TEXT_LINE, VALUE_MAX,
			slice_of(*texts[i]), &text, &why))
			return complain(r, section, *name, why);
		*texts[i] = arena_string(r->arena, text);
	}

	return OK;
}

static int
on_line(void *state, const char *section, const char *name, const char *value)
{
	struct reading *r = state;
	struct slice s = slice_of(section);

	if (r->err)
		return 0;
	if (take_line(r, section, &name, &value))
		return 0;
	if (slice_equal_string(s, "nation"))
		return read_nation(r, name, value) == OK;
	if (slice_has_prefix(s, SLICE("organisation ")))
		return read_organisation(r, section, name, value) == OK;
	if (slice_has_prefix(s, SLICE("system ")))
		return read_system(r, section, name, value) == OK;

	return complain(r, section, name,
		   "not known; sections are [nation], [organisation ID], "
		   "[system ID/NAME]") == OK;
}

static bool
has_setting(const struct system_config *s, const char *name)
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

	if (has_setting(s, "witness"))
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

/* For the ports of all systems. */
static enum err
check_room(struct reading *r)
{
	const struct config *c = r->config;
	uint16_t most = c->port;
	size_t d;

	for (d = 0; d < FURTHER_DOORS; d++) {
		if (c->further[d].port > most)
			most = c->further[d].port;
	}
	if (most + c->n_systems > 65535)
		return problem_set(r->problem, ERR_INPUT,
		    "%s: [nation] port: no room for %zu systems above %u",
		    r->path, c->n_systems, most);

	return OK;
}

static enum err
check(struct reading *r)
{
	struct config *c = r->config;
	size_t i;

	if (c->n_systems == 0)
		return problem_set(r->problem, ERR_INPUT,
		    "%s names no system; give an organisation a line "
		    "`systems = ...`",
		    r->path);
	for (i = 0; i < c->n_organisations; i++) {
		if (c->organisations[i].kind[0] == '\0' ||
		    slice_is_empty(slice_of(c->organisations[i].name)))
			return problem_set(r->problem, ERR_INPUT,
			    "%s: [organisation %s] lacks its kind or name",
			    r->path, c->organisations[i].id);
	}

	return check_room(r);
}

static enum err
check_doors(struct reading *r)
{
	const struct system_config *s;
	size_t i, d;

	for (i = 0; i < r->config->n_systems; i++) {
		s = &r->config->systems[i];
		for (d = 0; d < FURTHER_DOORS; d++) {
			if (s->further[d].port == 0 ||
			    (s->system->doors & s->further[d].door) != 0)
				continue;
			return problem_set(r->problem, ERR_INPUT,
			    "%s: [system %s] %s_port: this system has no such "
			    "door; remove the line",
			    r->path, s->id.text,
			    http_door_name(s->further[d].door));
		}
	}

	return OK;
}

/* The port of the nth door; 0 if it is closed. */
static uint16_t
nth_port(const struct system_config *s, size_t n)
{
	return n == 0 ? s->port : s->further[n - 1].port;
}

/* Does `b` want a port that `a` has? */
static uint16_t
shared_port(const struct system_config *a, const struct system_config *b)
{
	size_t i, j;

	if (strcmp(a->host, b->host) != 0)
		return 0;
	for (i = 0; i < HTTP_DOOR_COUNT; i++) {
		for (j = 0; j < (a == b ? i : HTTP_DOOR_COUNT); j++) {
			if (nth_port(b, i) != 0 &&
			    nth_port(b, i) == nth_port(a, j))
				return nth_port(b, i);
		}
	}

	return 0;
}

/* After give_ports() and give_settings(). */
static enum err
check_ports(struct reading *r)
{
	const struct config *c = r->config;
	const struct system_config *a, *b;
	uint16_t port;
	size_t i, j;

	for (i = 0; i < c->n_systems; i++) {
		for (j = 0; j <= i; j++) {
			a = &c->systems[j];
			b = &c->systems[i];
			port = shared_port(a, b);
			if (port != 0)
				return problem_set(r->problem, ERR_INPUT,
				    "%s: [system %s] port: %u is that of %s; "
				    "give one of them another",
				    r->path, b->id.text, port, a->id.text);
		}
	}

	return check_doors(r);
}

/* A line for inih; one that its buffer cannot hold would be cut in two. */
static char *
next_line(char *text, int size, void *state)
{
	struct reading *r = state;

	if (r->err || fgets(text, size, r->file) == NULL)
		return NULL;
	r->line++;
	if (strchr(text, '\n') == NULL && !feof(r->file)) {
		r->err = problem_set(r->problem, ERR_INPUT,
		    "%s, line %d: longer than %d bytes", r->path, r->line,
		    size - 2);
		return NULL;
	}

	return text;
}

static enum err
read_lines(struct reading *r)
{
	int line;

	r->file = fopen(r->path, "re");
	if (r->file == NULL)
		return problem_set(r->problem, err_of_errno(errno),
		    "%s cannot be read: %s; `bango init` makes one", r->path,
		    strerror(errno));
	line = ini_parse_stream(next_line, r, on_line, r);
	if (ferror(r->file))
		r->err = problem_set(
		    r->problem, ERR_IO, "%s cannot be read", r->path);
	fclose(r->file);
	/* inih goes on after a line that it does not understand. */
	if (line > 0 && (!r->err || line < r->line))
		return problem_set(r->problem, ERR_INPUT,
		    "%s, line %d: neither a section nor `name = value`",
		    r->path, line);

	return r->err;
}

enum err
config_read(const char *path, struct config **ret, struct problem *problem)
{
	struct config *c = heap_array(1, sizeof(*c));
	struct reading r = {.arena = arena_new(),
	    .config = c,
	    .path = path,
	    .problem = problem};
	enum err rc;

	c->name = heap_string(SLICE("nation"));
	c->host = heap_string(SLICE("127.0.0.1"));
	c->database = heap_string(SLICE("sqlite"));
	c->port = 7300;
	c->systems = heap_array(SYSTEMS_MAX, sizeof(*c->systems));
	rc = read_lines(&r);
	if (rc == OK)
		rc = check(&r);
	if (rc == OK) {
		give_ports(c);
		give_settings(c);
		rc = check_ports(&r);
	}
	arena_free(r.arena);
	if (rc) {
		config_free(c);
		return rc;
	}
	*ret = c;

	return OK;
}

static void
free_system(struct system_config *s)
{
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		free((char *)(uintptr_t)s->settings[i].name);
		free((char *)(uintptr_t)s->settings[i].value);
	}
	free(s->host);
}

void
config_free(struct config *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n_systems; i++)
		free_system(&c->systems[i]);
	for (i = 0; i < c->n_organisations; i++)
		free(c->organisations[i].name);
	free(c->systems);
	free(c->name);
	free(c->host);
	free(c->database);
	free(c);
}

void
config_url(const struct system_config *s, const struct http_port *port,
    struct buf *ret)
{
	buf_printf(ret, "%s://%s:%u",
	    port->door == HTTP_DOOR_PUBLIC ? "http" : "https", s->host,
	    port->port);
}

const struct system_config *
config_system(const struct config *c, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (system_id_equal(&c->systems[i].id, id))
			return &c->systems[i];
	}

	return NULL;
}
