#include "main/commands.h"

#include <string.h>

const struct command *const all_commands[] = {
    &demo_command,
    &init_command,
    &up_command,
    &status_command,
    &population_command,
    &import_command,
    &inquire_command,
    &enrol_command,
    &serve_command,
    &operator_command,
    &revoke_command,
    &renew_command,
    &certificate_command,
    &keys_command,
    &relink_command,
    &passphrase_command,
    &ledger_command,
    &evidence_command,
    &law_command,
    &number_command,
    &ff1_command,
    &bench_command,
    &simulate_command,
    &openapi_command,
    &completion_command,
    &help_command,
    NULL,
};

const struct command *
command_find(const char *name)
{
	const struct command *const *c;

	for (c = all_commands; *c != NULL; c++) {
		if (strcmp((*c)->name, name) == 0)
			return *c;
	}

	return NULL;
}
