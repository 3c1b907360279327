/*
 * The founding file of a nation, nation.ini: which organisations there are,
 * which systems each of them runs, and where.
 *
 *   [nation]
 *   name = 見本国
 *   host = 127.0.0.1
 *   port = 7300              ; of the first system; the next takes the next
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

#include "host/node.h"

#define ORGANISATIONS_MAX 64
#define SYSTEMS_MAX 256
#define SETTINGS_MAX 256

struct organisation_config {
	char id[16];
	char kind[32];
	char *name;
};

struct system_config {
	struct system_id id;
	const struct system *system;
	const struct organisation_config *organisation;
	char *host;
	uint16_t port;
	struct setting settings[SETTINGS_MAX]; /* NULL name ends */
	size_t n_settings;
};

struct config {
	char *name;
	char *host;
	char *database;
	uint16_t port;
	struct organisation_config organisations[ORGANISATIONS_MAX];
	size_t n_organisations;
	struct system_config *systems;
	size_t n_systems;
};

/* Read and check; the problem names file, line and what to do.  Every system
 * gets the settings that it needs to find the others. */
MUST_USE enum err
config_read(const char *path, struct config **ret, struct problem *problem);
void config_free(struct config *config);
/* NULL if there is none. */
const struct system_config *
config_system(const struct config *config, const struct system_id *id);

/* The file that `bango init` and `bango demo` use when none is given. */
extern const char config_default[];

#endif
