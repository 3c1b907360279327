/*
 * The founding file of a nation, nation.ini: its organisations, the systems
 * that each of them runs, and their addresses.
 *
 *   [nation]
 *   name = 見本国
 *   host = 127.0.0.1
 *   port = 7300              ; of the first system; the next takes the next
 *   people_port = 7320       ; the same for systems with a people's door
 *   public_port = 7340       ; ... with a public one; without it, none opens
 *   database = sqlite        ; or postgresql:host=... user=...
 *
 *   [organisation 131041]
 *   kind = municipality
 *   name = 新宿区
 *   systems = registry addressee relay offices
 *
 *   [system 131041/relay]    ; optional: settings of one system
 *   port = 9000
 */
#ifndef BANGO_NATION_CONFIG_H
#define BANGO_NATION_CONFIG_H

#include "base/json.h"
#include "host/node.h"
#include "wire/http_server.h"

#define ORGANISATIONS_MAX 64
#define SYSTEMS_MAX 256
#define SETTINGS_MAX 320
/* The kind of the Personal Information Protection Commission, which runs no
 * system: the network's setting "commission" names it by itself. */
#define CONFIG_COMMISSION "privacy-commission"
#define FURTHER_DOORS (HTTP_DOOR_COUNT - 1) /* than the peers' */

struct organisation_config {
	char id[16];
	char kind[32];
	char *name;
	uint64_t population; /* at the founding; 0: not given */
};

struct system_config {
	struct system_id id;
	const struct system *system;
	const struct organisation_config *organisation;
	char *host;
	uint16_t port; /* of the peers' door */
	struct http_port further[FURTHER_DOORS];
	struct setting settings[SETTINGS_MAX]; /* NULL name ends */
	size_t n_settings;
};

struct config {
	char *name;
	char *host;
	char *database;
	uint16_t port;
	struct http_port further[FURTHER_DOORS]; /* the first port of each */
	struct organisation_config organisations[ORGANISATIONS_MAX];
	size_t n_organisations;
	struct system_config *systems;
	size_t n_systems;
	/* A line for each thing that is taken and will not work, as a problem
	 * would name it. */
	struct buf notes;
	/* The same for each setting that founding would refuse now. */
	struct buf doubts;
};

/* Read the founding file of a new nation.  ERR_INPUT; the problem names the file
 * (as `path`), the line and the remedy.  Every system gets the settings that it
 * needs to find the others. */
MUST_USE enum err config_found(const char *path, struct slice text,
    struct config **ret, struct problem *problem);
/* The same of a founded nation, from the file.  An earlier version may have
 * taken a setting that founding refuses now: it keeps what effect it has, and
 * stands in `doubts`.  Errors of file_read(), too. */
MUST_USE enum err
config_read(const char *path, struct config **ret, struct problem *problem);
/* The same, and every system has the address that it was founded with: the
 * others know it from `directory`, directory.json, and certificates name its
 * host.  ERR_INPUT. */
MUST_USE enum err config_read_to_start(const char *path,
    const json_t *directory, struct config **ret, struct problem *problem);
void config_free(struct config *config);
/* NULL if there is none. */
struct organisation_config *
config_organisation(struct config *config, const char *id);
const struct system_config *
config_system(const struct config *config, const struct system_id *id);

/* Whether the system has a setting of that name, such as "jukinet": the nation
 * has one, or the founding file names one. */
bool config_has_setting(const struct system_config *system, const char *name);
/* Its value; NULL if it has none. */
const char *
config_setting(const struct system_config *system, const char *name);

/* Append "HOST:PORT", an IPv6 address in brackets (RFC 3986 3.2.2). */
void config_address(
    const struct system_config *system, uint16_t port, struct buf *ret);
/* Append "https://HOST:PORT"; of the public door "http://HOST:PORT". */
void config_url(const struct system_config *system,
    const struct http_port *port, struct buf *ret);
/* The same of the peers' door. */
void config_peers_url(const struct system_config *system, struct buf *ret);

/* The file that `bango init` and `bango demo` use when none is given. */
extern const char config_default[];

#endif
