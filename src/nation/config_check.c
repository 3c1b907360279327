#include "nation/config_check.h"

#include <stdio.h>
#include <string.h>

#include "nation/config_host.h"
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

/* The systems that have the nth door. */
static size_t
count_systems(const struct config *c, size_t n)
{
	size_t i, count = 0;

	if (n == 0)
		return c->n_systems;
	for (i = 0; i < c->n_systems; i++) {
		if (c->systems[i].system->doors & c->further[n - 1].door)
			count++;
	}

	return count;
}

/* For the ports of all systems. */
static enum err
check_room(struct config_reading *r)
{
	const struct config *c = r->config;
	uint16_t port;
	size_t d, n;

	for (d = 0; d < HTTP_DOOR_COUNT; d++) {
		n = count_systems(c, d);
		port = nth_port(c->port, c->further, d);
		if (port + n > 65536)
			return config_refuse(r, "nation", port_name(d),
			    "%zu systems need as many ports from %u on, and "
			    "the last port is 65535; choose a lower one",
			    n, port);
	}

	return OK;
}

static bool
runs_systems(const struct config *c, const struct organisation_config *o)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (c->systems[i].organisation == o)
			return true;
	}

	return false;
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
	if (!runs_systems(r->config, o))
		return config_refuse(r, section.data, "systems", "is missing");
	if (strcmp(o->kind, "municipality") == 0 &&
	    notation_check(NOTATION_GOVERNMENT, o->id, strlen(o->id)))
		return config_refuse(r, section.data, "ID",
		    "a municipality has its 6-digit code of local government");

	return OK;
}

enum err
config_check(struct config_reading *r)
{
	struct config *c = r->config;
	size_t i;

	if (c->n_systems == 0)
		return problem_set(r->file.problem, ERR_INPUT,
		    "%s names no system; give an organisation a line "
		    "`systems = ...`",
		    r->file.path);
	for (i = 0; i < c->n_organisations; i++)
		TRY(check_organisation(r, &c->organisations[i]));

	return check_room(r);
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

	if (!config_host_overlaps(a->host, b->host))
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
	size_t i, j;

	for (i = 0; i < c->n_systems; i++) {
		for (j = 0; j <= i; j++)
			TRY(check_pair(r, &c->systems[j], &c->systems[i]));
	}

	return OK;
}
