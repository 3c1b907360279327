/* bango up, bango serve, bango revoke: run the processes of a nation. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/supervisor.h"

static const char up_help[] =
    "usage: bango up DIR [--passphrase-file FILE] [--quiet]\n"
    "\n"
    "Start one process for each system of the nation in DIR and watch over\n"
    "them: one that dies is started again.  Ctrl-C stops them cleanly.  Each\n"
    "writes its log to DIR/systems/ORGANISATION-SYSTEM/log.\n"
    "\n"
    "  --passphrase-file FILE  opens the key stores (default DIR/passphrase)\n"
    "  --quiet                 say nothing unless something is wrong\n";

static const char serve_help[] =
    "usage: bango serve DIR ORGANISATION/SYSTEM [--passphrase-file FILE]\n"
    "\n"
    "Run one system of the nation in DIR in the foreground, until SIGTERM;\n"
    "the log goes to standard error.  SIGHUP reads the revocation list again.\n"
    "For machines of their own; on one machine `bango up` does this for all.\n";

static const char revoke_help[] =
    "usage: bango revoke DIR ORGANISATION/SYSTEM [--passphrase-file FILE]\n"
    "\n"
    "Put the certificates of a system, for TLS and of its signing keys, on the\n"
    "revocation list of the nation in DIR.  Systems that are up refuse its next\n"
    "handshake.  This cannot be undone.\n";

/* A file descriptor given by our own parent; -1 if none. */
static int
ready_fd(const char *text)
{
	uint64_t fd;

	if (text == NULL || slice_to_u64(slice_of(text), 1023, &fd))
		return -1;

	return (int)fd;
}

int
command_up(int argc, char **argv)
{
	struct supervisor_options o = {.ready_fd = -1};
	const char *fd = NULL;
	int quiet = 0, n, rc;
	const struct cli_option options[] = {
	    {"--passphrase-file", &o.passphrase_file, NULL},
	    {"--ready-fd", &fd, NULL}, {"--quiet", NULL, &quiet}, {0}};
	struct problem problem = {0};

	rc = cli_options(argc, argv, options, up_help, &n);
	if (rc >= 0)
		return rc;
	if (n != 1)
		return cli_misuse("up", "name one folder");
	o.dir = argv[1];
	o.quiet = quiet != 0;
	o.ready_fd = ready_fd(fd);
	if (supervise(&o, &problem))
		return cli_fail("up", &problem);

	return 0;
}

int
command_serve(int argc, char **argv)
{
	const char *passphrase_file = NULL, *fd = NULL;
	const struct cli_option options[] = {
	    {"--passphrase-file", &passphrase_file, NULL},
	    {"--ready-fd", &fd, NULL}, {0}};
	struct problem problem = {0};
	int n, rc;

	rc = cli_options(argc, argv, options, serve_help, &n);
	if (rc >= 0)
		return rc;
	if (n != 2)
		return cli_misuse("serve", "name a folder and a system");
	if (nation_serve(
		argv[1], argv[2], passphrase_file, ready_fd(fd), &problem))
		return cli_fail("serve", &problem);

	return 0;
}

int
command_revoke(int argc, char **argv)
{
	const char *passphrase_file = NULL;
	const struct cli_option options[] = {
	    {"--passphrase-file", &passphrase_file, NULL}, {0}};
	struct clock clock = clock_system();
	struct problem problem = {0};
	int n, rc, pid;

	rc = cli_options(argc, argv, options, revoke_help, &n);
	if (rc >= 0)
		return rc;
	if (n != 2)
		return cli_misuse("revoke", "name a folder and a system");
	if (nation_revoke(argv[1], argv[2], passphrase_file,
		clock.now(clock.state), &problem))
		return cli_fail("revoke", &problem);
	pid = supervisor_pid(argv[1]);
	if (pid > 0)
		kill(pid, SIGHUP);
	printf("%s is on the revocation list%s\n", argv[2],
	    pid > 0 ? "; the systems that are up read it now" : "");

	return 0;
}
