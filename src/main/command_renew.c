/* bango renew: new keys and certificates for what ends soon. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/renew.h"
#include "nation/supervisor.h"

struct wishes {
	const char *begin, *authority;
	struct passphrase_place passphrase;
	bool holders, ended, quiet;
};

static const struct cli_operand operands[] = {{"DIR", CLI_FOLDER},
    {"ORGANISATION", CLI_MEMBER, .optional = true,
	.what = "an organisation, or one system, such as 131041/relay"},
    {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FLAG_OPTION(wishes, holders, "--holders",
	"the certificates of holders, too: their duties go on for two years"),
    TEXT_OPTION(wishes, begin, "--begin", "TIME",
	"the instant from which the new keys are used, such as "
	"2026-11-21T08:00:00.000Z; an hour from now"),
    FLAG_OPTION(wishes, ended, "--ended",
	"renew that, too, which has ended already: this machine's clock is "
	"right"),
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with a passphrase that opens the key stores of the systems"),
    FILE_OPTION(wishes, authority, "--authority-passphrase-file", "FILE",
	"the file with the passphrase of the authority's key store"),
    FOLDER_OPTION(wishes, passphrase.folder, "--passphrase-dir", "FOLDER",
	"the folder with the passphrases"),
    FLAG_OPTION(wishes, quiet, "--quiet", "print only what was renewed"),
    {0},
};

static int command_renew(int argc, char **argv);

const struct command renew_command = {
    .name = "renew",
    .summary = "renew the keys and certificates that end soon",
    .run = command_renew,
    .forms = forms,
    .options = options,
    .about =
	"Give the systems of the nation in DIR, or of one organisation, new "
	"keys for TLS and new signing keys where the certificates of the old "
	"ones end within 30 days, and sign the revocation lists anew. Old and "
	"new keys are taken until the old ones end. `bango up` does so by "
	"itself every hour where the authority's key is in DIR/ca.",
    .after = "`bango status` shows what ends when. `bango keys --rotate` makes "
	     "a new key at any time.",
};

static int
take_begin(const struct wishes *w, struct renew_options *o)
{
	if (w->begin != NULL && instant_parse(slice_of(w->begin), &o->begin))
		return cli_misuse("renew",
		    "--begin is %s, expected an instant such as "
		    "2026-11-21T08:00:00.000Z",
		    w->begin);

	return -1;
}

static int
renew(const struct renew_options *o)
{
	struct problem problem = {0};
	struct buf told;
	size_t n = 0;
	enum err err;
	int pid;

	buf_init(&told);
	err = nation_renew(o, &told, &n, &problem);
	fputs(told.len > 0 ? told.data : "", stdout);
	buf_done(&told);
	pid = n > 0 ? supervisor_pid(o->dir) : 0;
	if (pid > 0)
		kill(pid, SIGHUP);
	if (err)
		return cli_fail("renew", &problem);
	if (n == 0 && !o->quiet)
		puts("nothing ends within 30 days");

	return 0;
}

static int
command_renew(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct wishes w = {0};
	struct renew_options o = {.now = clock.now(clock.state)};
	int rc;

	o.begin = instant_plus(o.now, KEY_ANNOUNCED_MS);
	rc = cli_options(&renew_command, argc, argv, &w);
	if (rc < 0)
		rc = take_begin(&w, &o);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.only = argc > 2 ? argv[2] : NULL;
	o.passphrase = w.passphrase;
	o.authority = (struct passphrase_place){
	    w.authority != NULL ? w.authority : w.passphrase.file,
	    w.passphrase.folder};
	o.holders = w.holders;
	o.ended = w.ended;
	o.quiet = w.quiet;

	return renew(&o);
}
