#include "main/config.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "main/systems.h"

const char config_default[] =
    "; The founding file of a nation.  `bango init` reads it.\n"
    "[nation]\n"
    "name = 見本国\n"
    "host = 127.0.0.1\n"
    "port = 7300\n"
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

struct reading {
	struct config *config;
	const char *path;
	struct problem *problem;
	enum err err;
};

static enum err
complain(
    struct reading *r, const char *section, const char *name, const char *why)
{
	r->err = problem_set(r->problem, ERR_INPUT, "%s: [%s] %s: %s", r->path,
	    section, name, why);

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
read_nation(struct reading *r, const char *name, const char *value)
{
	struct config *c = r->config;
	uint64_t port;
	char **text = NULL;

	if (strcmp(name, "name") == 0)
		text = &c->name;
	else if (strcmp(name, "host") == 0)
		text = &c->host;
	else if (strcmp(name, "database") == 0)
		text = &c->database;
	else if (strcmp(name, "port") == 0) {
		if (slice_to_u64(slice_of(value), 65535, &port) || port == 0)
			return complain(
			    r, "nation", name, "expected 1 to 65535");
		c->port = (uint16_t)port;
		return OK;
	} else
		return complain(r, "nation", name,
		    "not known; known are name, host, port, database");
	free(*text);
	*text = heap_string(slice_of(value));

	return OK;
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
	if (s->system == NULL)
		return complain(r, section, "systems",
		    "no such system; `bango help init` lists them");
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
	if (c->n_organisations == ORGANISATIONS_MAX ||
	    strlen(id) >= sizeof(c->organisations[0].id)) {
		(void)complain(r, section, "", "too many, or its id too long");
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
	uint64_t port;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (strcmp(c->systems[i].id.text,
			section + strlen("system ")) == 0)
			s = &c->systems[i];
	}
	if (s == NULL)
		return complain(
		    r, section, name, "no organisation above runs this system");
	if (strcmp(name, "port") == 0) {
		if (slice_to_u64(slice_of(value), 65535, &port) || port == 0)
			return complain(
			    r, section, name, "expected 1 to 65535");
		s->port = (uint16_t)port;
	} else if (strcmp(name, "host") == 0) {
		free(s->host);
		s->host = heap_string(slice_of(value));
	} else
		add_setting(s, name, value);

	return OK;
}

static int
on_line(void *state, const char *section, const char *name, const char *value)
{
	struct reading *r = state;
	struct slice s = slice_of(section);

	if (r->err)
		return 0;
	if (!utf8_is_valid(slice_of(value)))
		return complain(r, section, name, "not UTF-8") == OK;
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

/* What every system must know of the others. */
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
		if (s->port == 0)
			s->port = (uint16_t)(c->port + i);
		add_setting(s, "name", s->organisation->name);
		add_setting(s, "kind", s->organisation->kind);
		for (j = 0; j < c->n_systems; j++) {
			other = &c->systems[j];
			if (strcmp(other->system->name, "jukinet") == 0 ||
			    strcmp(other->system->name, "network") == 0 ||
			    strcmp(other->system->name, "portal") == 0)
				add_setting(
				    s, other->system->name, other->id.text);
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
		    c->organisations[i].name == NULL)
			return problem_set(r->problem, ERR_INPUT,
			    "%s: [organisation %s] lacks its kind or name",
			    r->path, c->organisations[i].id);
	}
	if (c->port + c->n_systems > 65535)
		return problem_set(r->problem, ERR_INPUT,
		    "%s: [nation] port: no room for %zu systems above it",
		    r->path, c->n_systems);

	return OK;
}

enum err
config_read(const char *path, struct config **ret, struct problem *problem)
{
	struct config *c = heap_array(1, sizeof(*c));
	struct reading r = {.config = c, .path = path, .problem = problem};
	enum err rc;
	int line;

	c->name = heap_string(SLICE("nation"));
	c->host = heap_string(SLICE("127.0.0.1"));
	c->database = heap_string(SLICE("sqlite"));
	c->port = 7300;
	c->systems = heap_array(SYSTEMS_MAX, sizeof(*c->systems));
	line = ini_parse(path, on_line, &r);
	if (line < 0)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "%s cannot be read; `bango init` makes one", path);
	else if (r.err)
		rc = r.err;
	else if (line > 0)
		rc = problem_set(problem, ERR_INPUT,
		    "%s: line %d is neither a section nor `name = value`", path,
		    line);
	else
		rc = check(&r);
	if (rc) {
		config_free(c);
		return rc;
	}
	give_settings(c);
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
