#include "nation/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "nation/config_setting.h"
#include "number/notation.h"
#include "systems/network/network.h"
#include "systems/portal/portal.h"
#include "systems/relay/relay.h"

#define FILE_MAX (1u << 20)

/* The doors that a founding file may open. */
static const struct http_port further_doors[FURTHER_DOORS] = {
    {HTTP_DOOR_PEOPLE, 0},
    {HTTP_DOOR_PUBLIC, 0},
};

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
	struct organisation_config *o = config_organisation(r->config, id);
	struct config *c = r->config;

	if (o != NULL)
		return o;
	if (!is_organisation_id(id)) {
		(void)config_refuse(
		    r, section, "ID", "expected 1 to 15 of a-z, 0-9 and \"-\"");
		return NULL;
	}
	if (is_code_misspelt(id) &&
	    config_doubt(r, section, "ID",
		"not the code of a local government: expected 6 digits that "
		"begin with 01 to 47, the last of which is the check digit; "
		"`bango number complete --kind government` finds it"))
		return NULL;
	if (c->n_organisations == ORGANISATIONS_MAX) {
		(void)config_refuse(r, section, "ID",
		    "a nation has at most %d organisations", ORGANISATIONS_MAX);
		return NULL;
	}
	o = &c->organisations[c->n_organisations++];
	snprintf(o->id, sizeof(o->id), "%s", id);

	return o;
}

/* The first walk: the organisations and their systems. */
static enum err
take_organisation(
    void *state, const char *section, const char *name, const char *value)
{
	const struct config_line line = {section, name, value};
	struct config_reading *r = state;
	struct organisation_config *o;

	if (!slice_has_prefix(slice_of(section), SLICE("organisation ")))
		return OK;
	o = organisation(r, section);
	if (o == NULL)
		return ERR_INPUT;

	return name == NULL ? OK : config_setting_organisation(r, &line, o);
}

static enum err
take_system(struct config_reading *r, const struct config_line *line)
{
	const char *id = line->section + strlen("system ");
	struct config *c = r->config;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (strcmp(c->systems[i].id.text, id) != 0)
			continue;
		return line->name == NULL
		    ? OK
		    : config_setting_system(r, line, &c->systems[i]);
	}

	if (line->name != NULL) /* the section was a doubt */
		return OK;

	return config_doubt(r, line->section, "ID",
	    "no organisation runs this system; name it in the organisation's "
	    "line `systems = ...`");
}

/* The second walk: all else. */
static enum err
take_setting(
    void *state, const char *section, const char *name, const char *value)
{
	const struct config_line line = {section, name, value};
	struct slice s = slice_of(section);
	struct config_reading *r = state;

	if (slice_has_prefix(s, SLICE("organisation ")))
		return OK;
	if (slice_has_prefix(s, SLICE("system ")))
		return take_system(r, &line);
	if (!slice_equal_string(s, "nation"))
		return config_doubt(r, section, name != NULL ? name : "section",
		    "not known; sections are [nation], [organisation ID], "
		    "[system ID/NAME]");

	return name == NULL ? OK : config_setting_nation(r, &line);
}

#define WITNESSES 3

/* Does one of these `n` belong to the organisation? */
static bool
is_witnessed_by(struct system_config *const *witnesses, size_t n,
    const struct organisation_config *organisation)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (witnesses[i]->organisation == organisation)
			return true;
	}

	return false;
}

/* Choose the witnesses of the ledger of system `index`: systems of three other
 * organisations, or of as many as there are, and not the same ones for all.  A
 * founding file that names one names all. */
static void
give_witnesses(struct config *c, size_t index)
{
	static const char *const settings[WITNESSES] = {
	    "witness", "witness2", "witness3"};
	struct system_config *s = &c->systems[index], *other;
	struct system_config *chosen[WITNESSES];
	size_t i, n = 0;

	if (config_has_setting(s, "witness"))
		return;
	for (i = 0; i < c->n_systems && n < WITNESSES; i++) {
		other = &c->systems[(2 * index + i) % c->n_systems];
		if (other->organisation == s->organisation ||
		    is_witnessed_by(chosen, n, other->organisation))
			continue;
		config_setting_add(s, settings[n], other->id.text);
		chosen[n++] = other;
	}
}

/* The setting by which a system knows the founding grant of an organisation's
 * budgets. */
static void
give_population(struct system_config *s, const struct organisation_config *o)
{
	struct buf name, value;

	if (o->population == 0)
		return;
	buf_init(&name);
	buf_init(&value);
	buf_printf(&name, "population.%s", o->id);
	buf_printf(&value, "%" PRIu64, o->population);
	config_setting_add(s, name.data, value.data);
	buf_done(&name);
	buf_done(&value);
}

/* The network lets the Commission's staff in. */
static void
give_commission(struct config *c, struct system_config *s)
{
	size_t i;

	for (i = 0; s->system == &network_system && i < c->n_organisations;
	     i++) {
		if (strcmp(c->organisations[i].kind, CONFIG_COMMISSION) == 0 &&
		    !config_has_setting(s, "commission"))
			config_setting_add(
			    s, "commission", c->organisations[i].id);
	}
}

/* The systems that have to know the keeper of an organisation tell by this. */
static void
tell_keeper(struct config *c, const char *organisation, const char *keeper)
{
	struct system_config *s;
	struct buf name;
	size_t i;

	buf_init(&name);
	buf_printf(&name, "keeper.%s", organisation);
	for (i = 0; i < c->n_systems; i++) {
		s = &c->systems[i];
		if (s->system == &network_system || s->system == &portal_system)
			config_setting_add(s, name.data, keeper);
	}
	buf_done(&name);
}

/* Choose the keeper of relay `index`: a system of a third organisation, and not
 * the same one for all. */
static void
give_keeper(struct config *c, size_t index)
{
	struct system_config *s = &c->systems[index];
	const struct system_config *chosen;
	const char *keeper = config_setting(s, "keeper");

	if (s->system != &relay_system)
		return;
	if (keeper == NULL) {
		chosen = config_choose_keeper(c, index);
		if (chosen == NULL)
			return;
		keeper = chosen->id.text;
		config_setting_add(s, "keeper", keeper);
	}
	tell_keeper(c, s->organisation->id, keeper);
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
		config_setting_add(s, "name", s->organisation->name);
		config_setting_add(s, "kind", s->organisation->kind);
		give_witnesses(c, i);
		give_keeper(c, i);
		give_commission(c, s);
		for (j = 0; j < c->n_systems; j++) {
			other = &c->systems[j];
			if (other->system->usual != NULL)
				config_setting_add(s,
				    other->system->component.name,
				    other->id.text);
		}
		for (j = 0; j < c->n_organisations; j++) {
			o = &c->organisations[j];
			buf_clear(&name);
			buf_clear(&value);
			buf_printf(&name, "organisation.%s", o->id);
			buf_printf(
			    &value, "%zu %s %s", j + 1, o->kind, o->name);
			config_setting_add(s, name.data, value.data);
			give_population(s, o);
		}
	}
	buf_done(&name);
	buf_done(&value);
}

static enum err
read_file(const char *path, struct buf *ret, struct problem *problem)
{
	enum err rc = file_read(path, FILE_MAX, ret, problem);

	if (rc == ERR_NOT_FOUND)
		return problem_set(problem, rc,
		    "%s cannot be read: No such file or directory; `bango "
		    "init` makes one",
		    path);

	return rc;
}

static enum err
read_text(struct config_reading *r, struct slice text)
{
	struct law_text law = law_text_built_in();
	enum err rc;

	rc = law_load(&law, &r->law, r->file.problem);
	if (rc == OK)
		rc = ini_file_read(&r->file, text);
	if (rc == OK)
		rc = ini_file_each(&r->file, take_organisation, r);
	if (rc == OK)
		rc = ini_file_each(&r->file, take_setting, r);
	if (rc == OK)
		rc = config_check(r);
	if (rc == OK)
		rc = config_give_ports(r);
	if (rc == OK) {
		give_settings(r->config);
		rc = config_check_ports(r);
	}
	if (rc == OK)
		rc = config_check_founded(r);
	law_free(r->law);

	return rc;
}

/* Read what `r` says how to read. */
static enum err
read_config(struct config_reading *r, struct slice text, struct config **ret)
{
	struct config *c = r->config;
	enum err rc;

	buf_init(&c->notes);
	c->name = heap_string(SLICE("nation"));
	c->host = heap_string(SLICE("127.0.0.1"));
	c->database = heap_string(SLICE("sqlite"));
	c->port = 7300;
	memcpy(c->further, further_doors, sizeof(c->further));
	c->systems = heap_array(SYSTEMS_MAX, sizeof(*c->systems));
	r->file.arena = arena_new();
	rc = read_text(r, text);
	arena_free(r->file.arena);
	if (rc) {
		config_free(c);
		return rc;
	}
	*ret = c;

	return OK;
}

enum err
config_found(const char *path, struct slice text, struct config **ret,
    struct problem *problem)
{
	struct config *c = heap_array(1, sizeof(*c));
	struct config_reading r = {
	    .file = {.path = path, .problem = problem}, .config = c};

	return read_config(&r, text, ret);
}

enum err
config_read(const char *path, struct config **ret, struct problem *problem)
{
	return config_read_to_start(path, NULL, ret, problem);
}

enum err
config_read_to_start(const char *path, const json_t *directory,
    struct config **ret, struct problem *problem)
{
	struct config *c = heap_array(1, sizeof(*c));
	struct config_reading r = {
	    .file = {.path = path, .problem = problem, .doubts = &c->doubts},
	    .config = c,
	    .directory = directory};
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc = read_file(path, &text, problem);
	if (rc == OK)
		rc = read_config(&r, buf_slice(&text), ret);
	else
		config_free(c);
	buf_done(&text);

	return rc;
}
