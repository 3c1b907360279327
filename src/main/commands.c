#include "main/commands.h"

#include <string.h>

const struct command all_commands[] = {
    {"demo", "show the whole scheme at work", command_lab},
    {"init", "found a nation from an INI file", command_init},
    {"up", "run all systems of a nation", command_up},
    {"status", "say how the systems of a nation are", command_status},
    {"population", "make synthetic residents", command_lab},
    {"import", "load residents from a CSV file", command_import},
    {"inquire", "ask what a CSV file asks, into another", command_inquire},
    {"serve", "run one system; what `up` starts", command_serve},
    {"revoke", "withdraw a system's certificate", command_revoke},
    {"keys", "list a system's keys, add an epoch", command_keys},
    {"ledger", "verify, prove and audit what was done to whom", command_ledger},
    {"evidence", "make an exchange provable to others", command_evidence},
    {"law", "say who may ask whom for what", command_law},
    {"number", "check numbers, add check digits", command_number},
    {"ff1", "format-preserving encryption, NIST SP 800-38G", command_ff1},
    {"bench", "measure", command_lab},
    {"simulate", "run a nation under faults, virtually", command_lab},
    {"openapi", "describe a system's HTTP API", command_openapi},
    {"completion", "print the completion script of a shell",
	command_completion},
    {"help", "say how a command is used", command_help},
    {NULL, NULL, NULL},
};

const struct command *
command_find(const char *name)
{
	const struct command *c;

	for (c = all_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}

	return NULL;
}
