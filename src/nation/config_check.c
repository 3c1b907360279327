#include "nation/config_check.h"

#include <stdio.h>
#include <string.h>

#include "number/notation.h"

enum err
config_refuse(struct config_reading *r, const char *section, const char *name,
    const char *fmt, ...)
{
	int line = ini_file_line(&r->file, section, name);
	char place[32] = "", why[PROBLEM_TEXT_MAX];
	va_list ap;

	if (line == 0)
		line = ini_file_line(&r->file, section, NULL);
	if (line != 0)
		snprintf(place, sizeof(place), ", line %d", line);
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);

	return problem_set(r->file.problem, ERR_INPUT, "%s%s: [%s] %s: %s",
	    r->file.path, place, section, name, why);
}

/* The setting from which a door's first port comes; 0 is the peers'. */
static const char *
port_name(size_t door)
{
	static const char *const names[HTTP_DOOR_COUNT] = {
	    "port", "people_port", "public_port"};

	return names[door];
}

/* The port of the nth door; 0 if it is closed. */
static uint16_t
nth_port(uint16_t peers, const struct http_port *further, size_t n)
{
	return n == 0 ? peers : further[n - 1].port;
}

static const char *
section_of(struct config_reading *r, const struct system_config *s)
{
	return arena_printf(r->file.arena, "system %s", s->id.text).data;
}

/* For the ports of all systems. */
static enum err
check_room(struct config_reading *r)
{
	const struct config *c = r->config;
	uint16_t port;
	size_t d;

	for (d = 0; d < HTTP_DOOR_COUNT; d++) {
		port = nth_port(c->port, c->further, d);
		if (port + c->n_systems > 65535)
			return config_refuse(r, "nation", port_name(d),
			    "%zu systems need as many ports from %u on, and "
			    "the last port is 65535; choose a lower one",
			    c->n_systems, port);
	}

	return OK;
}

static enum err
check_organisation(
    struct config_reading *r, const struct organisation_config *o)
{
	struct slice section =
	    arena_printf(r->file.arena, "organisation %s", o->id);

	if (o->kind[0] == '\0')
		return config_refuse(r, section.data, "kind", "is missing");
	if (o->name == NULL)
		return config_refuse(r, section.data, "name", "is missing");
	if (strcmp(o->kind, "municipality") == 0 &&
	    notation_check(NOTATION_GOVERNMENT, o->id, strlen(o->id)))
		return config_refuse(r, section.data, "ID",
		    "a municipality has its 6-digit code of local government");

	return OK;
}

/* The witness of a system is another one of the nation. */
static enum err
check_witness(struct config_reading *r, const struct system_config *s)
{
	struct system_id id;
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		if (strcmp(s->settings[i].name, "witness") != 0)
			continue;
		if (system_id_parse(slice_of(s->settings[i].value), &id) ||
		    config_system(r->config, &id) == NULL ||
		    system_id_equal(&s->id, &id))
			return config_refuse(r, section_of(r, s), "witness",
			    "expected another system of this nation, such as "
			    "131041/relay");
	}

	return OK;
}

enum err
config_check(struct config_reading *r)
{
	struct config *c = r->config;
	enum err rc;
	size_t i;

	if (c->n_systems == 0)
		return problem_set(r->file.problem, ERR_INPUT,
		    "%s names no system; give an organisation a line "
		    "`systems = ...`",
		    r->file.path);
	for (i = 0; i < c->n_organisations; i++) {
		rc = check_organisation(r, &c->organisations[i]);
		if (rc)
			return rc;
	}
	for (i = 0; i < c->n_systems; i++) {
		rc = check_witness(r, &c->systems[i]);
		if (rc)
			return rc;
	}

	return check_room(r);
}

static enum err
check_doors(struct config_reading *r, const struct system_config *s)
{
	size_t d;

	for (d = 0; d < FURTHER_DOORS; d++) {
		if (s->further[d].port != 0 &&
		    (s->system->doors & s->further[d].door) == 0)
			return config_refuse(r, section_of(r, s),
			    port_name(d + 1),
			    "this system has no such door; remove the line");
	}

	return OK;
}

/* One port for two doors: the setting is named that gave it to `b`. */
static enum err
refuse_port(struct config_reading *r, const struct system_config *a,
    const struct system_config *b, size_t door)
{
	const char *section = section_of(r, b);

	if (ini_file_line(&r->file, section, port_name(door)) == 0)
		section = "nation";

	return config_refuse(r, section, port_name(door),
	    "gives %s the port %u, which %s has; give one of them another",
	    b->id.text, nth_port(b->port, b->further, door), a->id.text);
}

/* Does `b` want a port that `a` has? */
static enum err
check_pair(struct config_reading *r, const struct system_config *a,
    const struct system_config *b)
{
	uint16_t port;
	size_t i, j;

	if (strcmp(a->host, b->host) != 0)
		return OK;
	for (i = 0; i < HTTP_DOOR_COUNT; i++) {
		port = nth_port(b->port, b->further, i);
		for (j = 0; j < (a == b ? i : HTTP_DOOR_COUNT); j++) {
			if (port != 0 &&
			    port == nth_port(a->port, a->further, j))
				return refuse_port(r, a, b, i);
		}
	}

	return OK;
}

enum err
config_check_ports(struct config_reading *r)
{
	const struct config *c = r->config;
	enum err rc;
	size_t i, j;

	for (i = 0; i < c->n_systems; i++) {
		rc = check_doors(r, &c->systems[i]);
		for (j = 0; rc == OK && j <= i; j++)
			rc = check_pair(r, &c->systems[j], &c->systems[i]);
		if (rc)
			return rc;
	}

	return OK;
}
