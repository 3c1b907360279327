/*
 * The commands of bango, one file each; those of bango-lab share one.
 *
 * argv[0] is the command's name.  The result is the process's exit code:
 * 0 yes, 1 no, 2 misuse, 3 and over as err_info() has them.
 */
#ifndef BANGO_MAIN_COMMANDS_H
#define BANGO_MAIN_COMMANDS_H

#include "main/lab_commands.h"

/* All of them, in the order of a user's first day; NULL ends. */
extern const struct command *const all_commands[];

extern const struct command certificate_command, completion_command,
    enrol_command, evidence_command, ff1_command, help_command, import_command,
    init_command, inquire_command, keys_command, law_command, ledger_command,
    number_command, openapi_command, operator_command, passphrase_command,
    relink_command, renew_command, revoke_command, serve_command,
    status_command, up_command;

/* NULL if there is none of that name. */
const struct command *command_find(const char *name);

/* Become bango-lab, whose command of the name argv[0] does it. */
int command_lab(int argc, char **argv);

#endif
