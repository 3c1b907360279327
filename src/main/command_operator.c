/* bango operator: holders of client certificates, and their duties. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/nation.h"
#include "nation/operators.h"
#include "nation/supervisor.h"

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"ORGANISATION", CLI_TEXT}, {0}};
static const struct cli_form forms[] = {
    {operands, "add", "make a certificate for a holder, and give duties"},
    {operands, "list", "show the holders of an organisation"},
    {operands, "revoke", "take a holder's certificate and duties away"}, {0}};
static const struct cli_option options[] = {
    TEXT_OPTION(operator_wish, name, "--name", "NAME",
	"the holder: a person, or a business system", .with = "add|revoke",
	.needed = "add|revoke"),
    WORDS_OPTION(operator_wish, systems, "--systems", "NAMES",
	"the kinds of systems, with commas", .with = "add", .needed = "add"),
    WORDS_OPTION(operator_wish, duties, "--duties", "DUTIES",
	"the duties, with commas; each goes to those of the systems that have "
	"it",
	.with = "add", .needed = "add"),
    TEXT_OPTION(operator_wish, until, "--until", "DAY",
	"the last day (two years from now)", .with = "add"),
    FILE_OPTION(operator_wish, passphrase.file, "--passphrase-file", "FILE",
	"the file with the passphrase of the authority's key store",
	.with = "add|revoke"),
    FOLDER_OPTION(operator_wish, passphrase.folder, "--passphrase-dir",
	"FOLDER", "the folder with the passphrases", .with = "add|revoke"),
    {0},
};

static int command_operator(int argc, char **argv);

const struct command operator_command = {
    .name = "operator",
    .summary = "add, list or revoke holders of certificates with duties",
    .run = command_operator,
    .forms = forms,
    .options = options,
    .about =
	"A holder is a person, or a business system, of one organisation, with "
	"a client certificate and duties at systems of that organisation; the "
	"Commission's holders have theirs at the network. Nobody has duties at "
	"both jukinet and network, or at both addressee and relay.",
    .after = "Certificate and key are in DIR/operators/ORGANISATION/NAME/. "
	     "Systems that are up take a change at once.",
};

/* Tell the systems that are up; returns whether there are any. */
static bool
tell_systems(const char *dir)
{
	int pid = supervisor_pid(dir);

	if (pid > 0)
		kill(pid, SIGHUP);

	return pid > 0;
}

static int
list(const struct operator_wish *wish, struct instant now)
{
	struct problem problem = {0};
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc =
	    operators_list(wish->dir, wish->organisation, now, &text, &problem);
	if (rc == OK && text.len > 0)
		fwrite(text.data, 1, text.len, stdout);
	buf_done(&text);

	return rc ? cli_fail("operator", &problem) : 0;
}

static int
command_operator(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct instant now = clock.now(clock.state);
	struct operator_wish wish = {0};
	struct problem problem = {0};
	const char *verb;
	bool is_add;
	enum err err;
	int rc;

	rc = cli_options(&operator_command, argc, argv, &wish);
	if (rc >= 0)
		return rc;
	verb = argv[1];
	wish.dir = argv[2];
	wish.organisation = argv[3];
	if (strcmp(verb, "list") == 0)
		return list(&wish, now);
	is_add = strcmp(verb, "add") == 0;
	err = is_add ? operators_add(&wish, now, &problem)
		     : operators_revoke(&wish, now, &problem);
	if (err)
		return cli_fail("operator", &problem);
	printf("%s:%s %s%s\n", wish.organisation, wish.name,
	    is_add ? "has a certificate" : "is revoked",
	    tell_systems(wish.dir) ? "; the systems that are up read it now"
				   : "");

	return 0;
}
