/*
 * The settings of a founding file (nation/config.h).
 *
 * Each kind of section has one table of its settings, in which every setting
 * has the reader of its kind; the settings of the components of a system are in
 * the components' tables (struct setting_rule), and have a reader by their kind.
 * A reader checks the value against the nation that is being founded, so that
 * no setting is taken that later does nothing or fails; for a nation that is
 * founded already, such a setting is a doubt (ini_file_doubt()).  Therefore the sections
 * of all organisations are read before the others, wherever they stand.
 *
 * Each function below reads one line of a section.  ERR_INPUT: the problem names
 * file, line and setting, and says what was expected.
 */
#ifndef BANGO_NATION_CONFIG_SETTING_H
#define BANGO_NATION_CONFIG_SETTING_H

#include "nation/config_check.h"

struct config_line {
	const char *section, *name, *value;
};

MUST_USE enum err config_setting_organisation(struct config_reading *reading,
    const struct config_line *line, struct organisation_config *organisation);
MUST_USE enum err config_setting_nation(
    struct config_reading *reading, const struct config_line *line);
MUST_USE enum err config_setting_system(struct config_reading *reading,
    const struct config_line *line, struct system_config *system);

/* Add a setting that the system is to have; it stays under SETTINGS_MAX. */
void config_setting_add(
    struct system_config *system, const char *name, const char *value);

#endif
