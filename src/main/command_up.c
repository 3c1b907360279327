/* bango up, bango serve: run the processes of a nation. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/supervisor.h"

/* The options of both commands. */
struct wishes {
	struct passphrase_place passphrase;
	const char *user, *ready_fd, *adopt_empty, *adopt_older;
	bool clock_was_ahead, quiet;
};

#define PASSPHRASE_DIR                                                         \
	FOLDER_OPTION(wishes, passphrase.folder, "--passphrase-dir", "FOLDER", \
	    "the folder with the passphrases, instead of those beside the "    \
	    "key stores")
#define CLOCK_WAS_AHEAD                                               \
	FLAG_OPTION(wishes, clock_was_ahead, "--clock-was-ahead",     \
	    "start although records are newer than the clock, which " \
	    "was wrong when they were written")
#define ADOPT_EMPTY_OPTION                                                \
	TEXT_OPTION(wishes, adopt_empty, "--adopt-empty", "REASON",       \
	    "begin with an empty database in place of one that is lost; " \
	    "the reason goes into the ledger")
#define ADOPT_OLDER_OPTION                                              \
	TEXT_OPTION(wishes, adopt_older, "--adopt-older", "REASON",     \
	    "go on with a database that is older than the one that is " \
	    "lost; the reason goes into the ledger")
#define READY_FD TEXT_OPTION(wishes, ready_fd, "--ready-fd", "N", NULL)

static const struct cli_operand nation[] = {{"DIR", CLI_FOLDER}, {0}};
static const struct cli_operand system_of_nation[] = {
    {"DIR", CLI_FOLDER}, {"ORGANISATION/SYSTEM", CLI_MEMBER}, {0}};
static const struct cli_form up_forms[] = {{nation}, {0}};
static const struct cli_form one_form[] = {{system_of_nation}, {0}};
static const struct cli_option up_options[] = {
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with a passphrase that opens all key stores, as in a nation "
	"of an earlier day"),
    PASSPHRASE_DIR,
    TEXT_OPTION(wishes, user, "--user", "NAME",
	"as root: run each system as this user, who gets its folder; a % "
	"stands for the system, such as 131041-relay"),
    CLOCK_WAS_AHEAD,
    ADOPT_EMPTY_OPTION,
    ADOPT_OLDER_OPTION,
    READY_FD,
    FLAG_OPTION(wishes, quiet, "--quiet", "print nothing but errors"),
    {0},
};
static const struct cli_option serve_options[] = {
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with the passphrase of the key store"),
    PASSPHRASE_DIR, CLOCK_WAS_AHEAD, ADOPT_EMPTY_OPTION, ADOPT_OLDER_OPTION,
    READY_FD, {0}};

static int command_up(int argc, char **argv);
static int command_serve(int argc, char **argv);

const struct command up_command = {
    .name = "up",
    .summary = "run all systems of a nation",
    .run = command_up,
    .forms = up_forms,
    .options = up_options,
    .about =
	"Start one process for each system of the nation in DIR and watch over "
	"them: a process that dies is started again. Ctrl-C stops all "
	"processes cleanly. Each process writes its log to "
	"DIR/systems/ORGANISATION-SYSTEM/log.",
};

const struct command serve_command = {
    .name = "serve",
    .summary = "run one system of a nation, as `bango up` does for each",
    .run = command_serve,
    .forms = one_form,
    .options = serve_options,
    .about =
	"Run one system of the nation in DIR in the foreground, until SIGTERM; "
	"the log goes to standard error. SIGHUP reads the revocation "
	"lists again. Use it for a system on a machine of its own; on one machine, "
	"`bango up` runs all systems.",
};

/* A file descriptor given by our own parent; -1 if none. */
static int
ready_fd(const char *text)
{
	uint64_t fd;

	if (text == NULL || slice_to_u64(slice_of(text), 1023, &fd))
		return -1;

	return (int)fd;
}

/* ERR_INPUT if both decisions are given, or a reason is none that a ledger can
 * hold. */
static enum err
adoption_of(const struct wishes *w, struct arena *arena, struct adoption *ret,
    struct problem *problem)
{
	const char *given =
	    w->adopt_empty != NULL ? w->adopt_empty : w->adopt_older;
	const char *why = "expected a text";
	struct slice reason;

	*ret = (struct adoption){ADOPT_NOTHING, NULL};
	if (given == NULL)
		return OK;
	if (w->adopt_empty != NULL && w->adopt_older != NULL)
		return problem_set(problem, ERR_INPUT,
		    "--adopt-empty and --adopt-older exclude each other: "
		    "start the systems one by one with `bango serve`");
	if (text_take(arena, TEXT_LINE, ADOPTION_REASON_MAX, slice_of(given),
		&reason, &why) ||
	    slice_is_empty(reason))
		return problem_set(problem, ERR_INPUT, "REASON: %s", why);
	ret->what = w->adopt_empty != NULL ? ADOPT_EMPTY : ADOPT_OLDER;
	ret->reason = arena_string(arena, reason);

	return OK;
}

static int
command_up(int argc, char **argv)
{
	struct supervisor_options o = {0};
	struct problem problem = {0};
	struct wishes w = {0};
	struct arena *arena;
	enum err err;
	int rc;

	rc = cli_options(&up_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.passphrase = w.passphrase;
	o.user = w.user;
	o.quiet = w.quiet;
	o.clock_was_ahead = w.clock_was_ahead;
	o.ready_fd = ready_fd(w.ready_fd);
	arena = arena_new();
	err = adoption_of(&w, arena, &o.adoption, &problem);
	if (err == OK)
		err = supervise(&o, &problem);
	arena_free(arena);

	return err ? cli_fail("up", &problem) : 0;
}

static int
command_serve(int argc, char **argv)
{
	struct serve_options o = {0};
	struct problem problem = {0};
	struct wishes w = {0};
	struct arena *arena;
	enum err err;
	int rc;

	rc = cli_options(&serve_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.system_id = argv[2];
	o.passphrase = w.passphrase;
	o.clock_was_ahead = w.clock_was_ahead;
	o.ready_fd = ready_fd(w.ready_fd);
	arena = arena_new();
	err = adoption_of(&w, arena, &o.adoption, &problem);
	if (err == OK)
		err = nation_serve(&o, &problem);
	arena_free(arena);

	return err ? cli_fail("serve", &problem) : 0;
}
