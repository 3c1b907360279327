/*
 * A founding file while it is read (nation/config.h): how it is refused, and the
 * checks of the whole, when all lines are read.
 */
#ifndef BANGO_NATION_CONFIG_CHECK_H
#define BANGO_NATION_CONFIG_CHECK_H

#include "law/law.h"
#include "nation/config.h"
#include "nation/ini_file.h"

struct config_reading {
	struct ini_file file;
	struct config *config;
	struct law *law;         /* the kinds of organisations */
	const json_t *directory; /* directory.json to compare with; or NULL */
};

/* ERR_INPUT with the problem "PATH, line N: [SECTION] NAME: WHY", where N is the
 * line of the setting, or else of its section; without a line if the file has
 * neither. */
enum err config_refuse(struct config_reading *reading, const char *section,
    const char *name, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The same as a doubt (ini_file_doubt()): OK, and the value stays, if the nation
 * is founded already. */
enum err config_doubt(struct config_reading *reading, const char *section,
    const char *name, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Whether the organisation of that id is of this nation and runs a relay. */
bool config_has_relay(const struct config *config, const char *organisation);

/* May that system keep the tokens of a relay (components/keeper)?  It is of neither
 * the relay's organisation nor the network's.  NULL may not. */
bool config_may_keep(const struct config *config,
    const struct system_config *keeper, const struct system_config *relay);
/* The usual keeper of relay `relay`, an index; NULL if the nation has no system
 * that may keep. */
const struct system_config *
config_choose_keeper(const struct config *config, size_t relay);

/* There are systems, and organisations have all of their settings.  ERR_INPUT.
 * Offices that can ask nobody about pensions are noted, and relays without a
 * keeper. */
MUST_USE enum err config_check(struct config_reading *reading);
/* Give every system the port of its peers' door, and the ports of the others
 * that it has and the founding file opens: its own, or the next in turn.
 * ERR_INPUT if none is left. */
MUST_USE enum err config_give_ports(struct config_reading *reading);
/* When every system has ports: no two doors share one.  ERR_INPUT. */
MUST_USE enum err config_check_ports(struct config_reading *reading);

/* Every system has the address that the directory gives it, if there is one.
 * ERR_INPUT. */
MUST_USE enum err config_check_founded(struct config_reading *reading);

#endif
