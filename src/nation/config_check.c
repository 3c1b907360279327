#include "nation/config_check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "nation/config_host.h"
#include "number/notation.h"
#include "systems/network/network.h"
#include "systems/offices/offices.h"
#include "systems/relay/relay.h"

static struct slice tell(const struct config_reading *r, const char *section,
    const char *name, const char *fmt, va_list ap) PRINTF_LIKE(4, 0);

/* "PATH, line N: [SECTION] NAME: WHY" */
static struct slice
tell(const struct config_reading *r, const char *section, const char *name,
    const char *fmt, va_list ap)
{
	int line = ini_file_line(&r->file, section, name);
	char place[32] = "", why[PROBLEM_TEXT_MAX];

	if (line == 0)
		line = ini_file_line(&r->file, section, NULL);
	if (line != 0)
		snprintf(place, sizeof(place), ", line %d", line);
	vsnprintf(why, sizeof(why), fmt, ap);

	return arena_printf(r->file.arena, "%s%s: [%s] %s: %s", r->file.path,
	    place, section, name, why);
}

enum err
config_refuse(struct config_reading *r, const char *section, const char *name,
    const char *fmt, ...)
{
	struct slice text;
	va_list ap;

	va_start(ap, fmt);
	text = tell(r, section, name, fmt, ap);
	va_end(ap);

	return problem_set(r->file.problem, ERR_INPUT, "%s", text.data);
}

enum err
config_doubt(struct config_reading *r, const char *section, const char *name,
    const char *fmt, ...)
{
	struct slice text;
	va_list ap;

	va_start(ap, fmt);
	text = tell(r, section, name, fmt, ap);
	va_end(ap);

	return ini_file_doubt(&r->file, "%s", text.data);
}

/* The same words about a line that is taken all the same. */
static void PRINTF_LIKE(4, 5) note(struct config_reading *r,
    const char *section, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_add(&r->config->notes, tell(r, section, name, fmt, ap));
	va_end(ap);
	buf_add_char(&r->config->notes, '\n');
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

/* The organisation's system of that sort; NULL if it runs none. */
static const struct system_config *
find_system(const struct config *c, const char *organisation,
    const struct system *system)
{
	struct system_id id;

	if (system_id_of(slice_of(organisation), system->component.name, &id) !=
	    OK)
		return NULL;

	return config_system(c, &id);
}

bool
config_has_relay(const struct config *c, const char *organisation)
{
	return find_system(c, organisation, &relay_system) != NULL;
}

static const struct system_config *
find_network(const struct config *c)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (c->systems[i].system == &network_system)
			return &c->systems[i];
	}

	return NULL;
}

bool
config_may_keep(const struct config *c, const struct system_config *keeper,
    const struct system_config *relay)
{
	const struct system_config *network = find_network(c);

	return keeper != NULL && keeper->organisation != relay->organisation &&
	    (network == NULL || keeper->organisation != network->organisation);
}

const struct system_config *
config_choose_keeper(const struct config *c, size_t relay)
{
	const struct system_config *other;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		other = &c->systems[(2 * relay + i) % c->n_systems];
		if (config_may_keep(c, other, &c->systems[relay]))
			return other;
	}

	return NULL;
}

/* Nobody compares the records of a relay in a nation of two organisations. */
static void
check_keeper(struct config_reading *r, const struct organisation_config *o)
{
	const struct config *c = r->config;
	const struct system_config *relay =
	    find_system(c, o->id, &relay_system);

	if (relay == NULL || find_network(c) == NULL ||
	    config_choose_keeper(c, (size_t)(relay - c->systems)) != NULL)
		return;
	note(r, arena_printf(r->file.arena, "organisation %s", o->id).data,
	    "systems",
	    "no keeper compares its records of exchanges with the network's: "
	    "it would have to be a system of a third organisation, which this "
	    "nation has not");
}

/* Offices that can ask at all have somebody to ask about pensions. */
static void
check_pension_provider(
    struct config_reading *r, const struct organisation_config *o)
{
	const struct config *c = r->config;
	const struct system_config *offices =
	    find_system(c, o->id, &offices_system);

	if (offices == NULL || !config_has_relay(c, o->id) ||
	    config_has_setting(offices, "pension_provider") ||
	    config_has_relay(c, OFFICES_PENSION_PROVIDER))
		return;
	note(r, arena_printf(r->file.arena, "organisation %s", o->id).data,
	    "systems",
	    "the offices can ask nobody about pensions: %s is not an "
	    "organisation of this nation with a relay; name another one: "
	    "[system %s] pension_provider = ID",
	    OFFICES_PENSION_PROVIDER, offices->id.text);
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
	if (!runs_systems(r->config, o) &&
	    strcmp(o->kind, CONFIG_COMMISSION) != 0)
		TRY(config_doubt(r, section.data, "systems", "is missing"));
	if (strcmp(o->kind, "municipality") == 0 &&
	    notation_check(NOTATION_GOVERNMENT, o->id, strlen(o->id)))
		return config_doubt(r, section.data, "ID",
		    "a municipality has its 6-digit code of local government");

	check_pension_provider(r, o);
	check_keeper(r, o);

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

	return OK;
}

/* The section from which a system has a setting: its own, or [nation]. */
static const char *
section_with(
    struct config_reading *r, const struct system_config *s, const char *name)
{
	const char *own = section_of(r, s);

	return ini_file_line(&r->file, own, name) != 0 ? own : "nation";
}

/* A door of a system, and the setting from which its port comes. */
struct door {
	const struct system_config *system;
	size_t n;
	uint16_t port;
	const char *section;
	int rank; /* the setting stands 2 with the system, 1 with the nation */
};

static struct door
nth_door(struct config_reading *r, const struct system_config *s, size_t n)
{
	struct door d = {
	    s, n, nth_port(s->port, s->further, n), section_of(r, s), 2};

	if (ini_file_line(&r->file, d.section, port_name(n)) != 0)
		return d;
	d.section = "nation";
	d.rank = ini_file_line(&r->file, d.section, port_name(n)) != 0;

	return d;
}

/* One port for two doors: the setting that says more of its door is named, or
 * else that of `b`. */
static enum err
refuse_port(
    struct config_reading *r, const struct door *a, const struct door *b)
{
	const struct door *named = a->rank > b->rank ? a : b;
	const struct door *other = named == b ? a : b;

	return config_refuse(r, named->section, port_name(named->n),
	    "gives %s the port %u, which %s has; give one of them another",
	    named->system->id.text, named->port, other->system->id.text);
}

/* Does `b` want a port that `a` has? */
static enum err
check_pair(struct config_reading *r, const struct system_config *a,
    const struct system_config *b)
{
	struct door of_a, of_b;
	uint16_t port;
	size_t i, j;

	if (!config_host_overlaps(a->host, b->host))
		return OK;
	for (i = 0; i < HTTP_DOOR_COUNT; i++) {
		port = nth_port(b->port, b->further, i);
		for (j = 0; j < (a == b ? i : HTTP_DOOR_COUNT); j++) {
			if (port == 0 ||
			    port != nth_port(a->port, a->further, j))
				continue;
			of_a = nth_door(r, a, j);
			of_b = nth_door(r, b, i);
			return refuse_port(r, &of_a, &of_b);
		}
	}

	return OK;
}

/* The next port of the nth door in turn, which goes to `s`. */
static enum err
take_port(struct config_reading *r, const struct system_config *s, size_t n,
    uint32_t next, uint16_t *ret)
{
	if (next > UINT16_MAX)
		return config_refuse(r, "nation", port_name(n),
		    "%s would get the port %u, and the last port is %d; choose "
		    "a lower one",
		    s->id.text, next, UINT16_MAX);
	*ret = (uint16_t)next;

	return OK;
}

enum err
config_give_ports(struct config_reading *r)
{
	uint32_t next[FURTHER_DOORS];
	struct config *c = r->config;
	struct system_config *s;
	struct http_port *p;
	size_t i, d;

	for (d = 0; d < FURTHER_DOORS; d++)
		next[d] = c->further[d].port;
	for (i = 0; i < c->n_systems; i++) {
		s = &c->systems[i];
		if (s->port == 0)
			TRY(take_port(
			    r, s, 0, c->port + (uint32_t)i, &s->port));
		for (d = 0; d < FURTHER_DOORS; d++) {
			p = &s->further[d];
			p->door = c->further[d].door;
			if ((s->system->doors & p->door) != 0 && p->port == 0 &&
			    next[d] != 0)
				TRY(take_port(
				    r, s, d + 1, next[d]++, &p->port));
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

/* --- The nation as it was founded ------------------------------------------ */

/* The URL of a system in directory.json. */
static bool
find_founded(
    const json_t *directory, const struct system_id *id, struct slice *ret)
{
	const json_t *entry;
	struct slice name;
	size_t i;

	json_array_foreach(json_object_get(directory, "systems"), i, entry)
	{
		if (json_get_text(entry, "id", &name, NULL) == OK &&
		    slice_equal_string(name, id->text))
			return json_get_text(entry, "url", ret, NULL) == OK;
	}

	return false;
}

/* Version 0.1.0 kept the capital letters of a host's name. */
static bool
is_same_url(struct slice a, struct slice b)
{
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

/* Up to the colon before the port. */
static struct slice
host_of(struct slice url)
{
	const char *colon = memrchr(url.data, ':', url.len);

	return colon == NULL
	    ? url
	    : slice_bytes(url.data, (size_t)(colon - url.data));
}

static enum err
refuse_move(struct config_reading *r, const struct system_config *s,
    struct slice url, struct slice founded)
{
	const char *name =
	    is_same_url(host_of(url), host_of(founded)) ? "port" : "host";

	return config_refuse(r, section_with(r, s, name), name,
	    "gives %s the address %.*s, but it was founded with %.*s, which "
	    "the others and the certificates know; it cannot be changed, set "
	    "it back",
	    s->id.text, SLICE_ARG(url), SLICE_ARG(founded));
}

static enum err
check_founded(struct config_reading *r, const struct system_config *s)
{
	struct slice founded;
	struct buf url;
	enum err rc = OK;

	if (!find_founded(r->directory, &s->id, &founded))
		return config_refuse(r,
		    arena_printf(
			r->file.arena, "organisation %s", s->organisation->id)
			.data,
		    "systems",
		    "names %s, which was not founded; a system cannot be added "
		    "afterwards, remove it",
		    s->id.text);
	buf_init(&url);
	config_peers_url(s, &url);
	if (!is_same_url(buf_slice(&url), founded))
		rc = refuse_move(r, s, buf_slice(&url), founded);
	buf_done(&url);

	return rc;
}

enum err
config_check_founded(struct config_reading *r)
{
	size_t i;

	for (i = 0; r->directory != NULL && i < r->config->n_systems; i++)
		TRY(check_founded(r, &r->config->systems[i]));

	return OK;
}
