/* bango up, bango serve, bango revoke: run the processes of a nation. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/supervisor.h"

/* The options of all three commands. */
struct wishes {
	const char *passphrase_file, *ready_fd;
	bool clock_was_ahead, quiet;
};

#define PASSPHRASE_FILE                                                   \
	FILE_OPTION(wishes, passphrase_file, "--passphrase-file", "FILE", \
	    "the file with the passphrase of the key stores (DIR/passphrase)")
#define CLOCK_WAS_AHEAD                                               \
	FLAG_OPTION(wishes, clock_was_ahead, "--clock-was-ahead",     \
	    "start although records are newer than the clock, which " \
	    "was wrong when they were written")
#define READY_FD TEXT_OPTION(wishes, ready_fd, "--ready-fd", "N", NULL)

static const struct cli_operand nation[] = {{"DIR", CLI_FOLDER}, {0}};
static const struct cli_operand system_of_nation[] = {
    {"DIR", CLI_FOLDER}, {"ORGANISATION/SYSTEM", CLI_MEMBER}, {0}};
static const struct cli_form up_forms[] = {{nation}, {0}};
static const struct cli_form one_form[] = {{system_of_nation}, {0}};
static const struct cli_option up_options[] = {
    PASSPHRASE_FILE,
    CLOCK_WAS_AHEAD,
    READY_FD,
    FLAG_OPTION(wishes, quiet, "--quiet", "print nothing but errors"),
    {0},
};
static const struct cli_option serve_options[] = {
    PASSPHRASE_FILE, CLOCK_WAS_AHEAD, READY_FD, {0}};
static const struct cli_option revoke_options[] = {PASSPHRASE_FILE, {0}};

static int command_up(int argc, char **argv);
static int command_serve(int argc, char **argv);
static int command_revoke(int argc, char **argv);

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
	"the log goes to standard error. SIGHUP reads the revocation list "
	"again. Use it for a system on a machine of its own; on one machine, "
	"`bango up` runs all systems.",
};

const struct command revoke_command = {
    .name = "revoke",
    .summary = "withdraw a system's certificate",
    .run = command_revoke,
    .forms = one_form,
    .options = revoke_options,
    .about = "Put the certificates of a system, for TLS and of its signing "
	     "keys, on the revocation list of the nation in DIR. Systems that "
	     "are up refuse its next handshake. This cannot be undone.",
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

static int
command_up(int argc, char **argv)
{
	struct supervisor_options o = {0};
	struct problem problem = {0};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&up_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.passphrase_file = w.passphrase_file;
	o.quiet = w.quiet;
	o.clock_was_ahead = w.clock_was_ahead;
	o.ready_fd = ready_fd(w.ready_fd);
	if (supervise(&o, &problem))
		return cli_fail("up", &problem);

	return 0;
}

static int
command_serve(int argc, char **argv)
{
	struct serve_options o = {0};
	struct problem problem = {0};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&serve_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	o.dir = argv[1];
	o.system_id = argv[2];
	o.passphrase_file = w.passphrase_file;
	o.clock_was_ahead = w.clock_was_ahead;
	o.ready_fd = ready_fd(w.ready_fd);
	if (nation_serve(&o, &problem))
		return cli_fail("serve", &problem);

	return 0;
}

static int
command_revoke(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct problem problem = {0};
	struct wishes w = {0};
	int rc, pid;

	rc = cli_options(&revoke_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (nation_revoke(argv[1], argv[2], w.passphrase_file,
		clock.now(clock.state), &problem))
		return cli_fail("revoke", &problem);
	pid = supervisor_pid(argv[1]);
	if (pid > 0)
		kill(pid, SIGHUP);
	printf("%s is on the revocation list%s\n", argv[2],
	    pid > 0 ? "; the systems that are up read it now" : "");

	return 0;
}
