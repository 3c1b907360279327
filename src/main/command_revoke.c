/* bango revoke: publish that a system's keys are revoked. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/supervisor.h"
#include "pki/revoked.h"

struct wishes {
	struct passphrase_place passphrase;
	const char *reason, *since;
	bool withdraw;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"ORGANISATION/SYSTEM", CLI_MEMBER}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    TEXT_OPTION(wishes, reason, "--reason", "REASON",
	"superseded (the older signing keys alone), compromised (others may "
	"have the keys) or ended (the system is no more); compromised"),
    TEXT_OPTION(wishes, since, "--since", "TIME",
	"the instant from which the keys are not trusted, such as "
	"2026-11-21T08:00:00.000Z; now"),
    FLAG_OPTION(wishes, withdraw, "--withdraw",
	"it was a false alarm: publish a list without the system's keys, which "
	"stay dead, so that the system gets new ones"),
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with the passphrase of the authority's key store"),
    FOLDER_OPTION(wishes, passphrase.folder, "--passphrase-dir", "FOLDER",
	"the folder with the passphrases"),
    {0},
};

static int command_revoke(int argc, char **argv);

const struct command revoke_command = {
    .name = "revoke",
    .summary = "revoke the keys of a system",
    .run = command_revoke,
    .forms = forms,
    .options = options,
    .about =
	"Put the keys of a system, for TLS and for signatures, on the lists of "
	"revoked certificates and keys of the nation in DIR. Systems that are "
	"up close their connections with it, end what is open with it, and "
	"take nothing from these keys any more. A revoked key stays dead.",
};

static bool
is_reason(const char *text)
{
	return strcmp(text, REVOKED_SUPERSEDED) == 0 ||
	    strcmp(text, REVOKED_COMPROMISED) == 0 ||
	    strcmp(text, REVOKED_ENDED) == 0;
}

/* The exit status, or -1 if the wishes fit. */
static int
take_wishes(const struct wishes *w, struct revoke_options *o)
{
	if (w->withdraw && (w->reason != NULL || w->since != NULL))
		return cli_misuse(
		    "revoke", "--withdraw takes neither --reason nor --since");
	if (w->reason != NULL && !is_reason(w->reason))
		return cli_misuse("revoke",
		    "--reason is %s, expected superseded, compromised or ended",
		    w->reason);
	if (w->since != NULL && instant_parse(slice_of(w->since), &o->since))
		return cli_misuse("revoke",
		    "--since is %s, expected an instant such as "
		    "2026-11-21T08:00:00.000Z",
		    w->since);
	if (w->reason != NULL)
		o->reason = w->reason;
	o->passphrase = w->passphrase;
	o->withdraw = w->withdraw;

	return -1;
}

static int
command_revoke(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct instant now = clock.now(clock.state);
	struct revoke_options o = {
	    .reason = REVOKED_COMPROMISED, .since = now, .now = now};
	struct problem problem = {0};
	struct wishes w = {0};
	int rc, pid;

	rc = cli_options(&revoke_command, argc, argv, &w);
	if (rc < 0)
		rc = take_wishes(&w, &o);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.system_id = argv[2];
	if (nation_revoke(&o, &problem))
		return cli_fail("revoke", &problem);
	pid = supervisor_pid(o.dir);
	if (pid > 0)
		kill(pid, SIGHUP);
	printf("%s is %s the revocation list%s\n", o.system_id,
	    o.withdraw ? "off" : "on",
	    pid > 0 ? "; the systems that are up read it now" : "");

	return 0;
}
