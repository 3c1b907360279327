#include "nation/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "nation/account.h"

#define START_MS 30000 /* how long a system may take to be ready */
#define STOP_MS 10000  /* how long it may take to end */
#define AGAIN_FIRST_MS 50
#define AGAIN_MAX_MS 1000
#define STEADY_MS 2000 /* after this the delay begins anew */
#define LOG_TAIL 16384
#define RENEW_FIRST_MS 10000 /* after all are ready */
#define RENEW_MS (3600ll * 1000)

struct child {
	const struct system_config *system;
	struct account account; /* if there is a wish for one */
	pid_t pid;              /* 0: not running */
	int ready_fd;           /* -1 once it is ready */
	bool was_ready;         /* ever */
	int64_t started;        /* monotonic */
	int64_t again;          /* when to start it again */
	int64_t delay;
	off_t log_from; /* where its log of this run begins */
};

struct supervisor {
	const struct supervisor_options *options;
	struct config *config;
	struct child *children;
	size_t n;
	int signal_fd;
	int lock_fd;
	int64_t renew_at; /* monotonic */
	bool told;        /* that all are ready */
	bool stopping;
	struct problem *problem;
};

/* --- One at a time ------------------------------------------------------- */

/* -1 with errno; EWOULDBLOCK if another process holds the lock. */
static int
lock(const char *dir)
{
	struct buf path;
	int fd, error;

	buf_init(&path);
	nation_path(&path, dir, "up.pid");
	fd = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	buf_done(&path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}

	return fd;
}

static enum err
take_lock(struct supervisor *s)
{
	const char *dir = s->options->dir;

	s->lock_fd = lock(dir);
	if (s->lock_fd >= 0)
		return OK;
	if (errno == EWOULDBLOCK)
		return problem_set(s->problem, ERR_BUSY,
		    "the nation in %s is up already", dir);

	return problem_set(s->problem, ERR_IO,
	    "the nation's folder %s cannot be written to: %s", dir,
	    strerror(errno));
}

static void
write_pid(int fd)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
		fprintf(stderr, "bango up: up.pid: %s\n", strerror(errno));
}

int
supervisor_pid(const char *dir)
{
	struct problem problem = {0};
	struct buf path, text;
	uint64_t pid = 0;
	int fd;

	fd = lock(dir);
	if (fd >= 0) { /* no process holds it */
		close(fd);
		return 0;
	}
	buf_init(&path);
	buf_init(&text);
	nation_path(&path, dir, "up.pid");
	if (file_read(path.data, 64, &text, &problem) ||
	    slice_to_u64(slice_trim(buf_slice(&text)), INT32_MAX, &pid))
		pid = 0;
	buf_done(&path);
	buf_done(&text);

	return (int)pid;
}

/* --- Children ------------------------------------------------------------ */

static void
say(const struct supervisor *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
say(const struct supervisor *s, const char *fmt, ...)
{
	va_list ap;

	if (s->options->quiet)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	fflush(stdout);
}

/* NULL: the one that we are. */
static const struct account *
account_of(const struct supervisor *s, const struct child *c)
{
	return s->options->user != NULL ? &c->account : NULL;
}

/* In the child: become `bango serve`. */
static void
become(
    const struct supervisor *s, const struct child *c, int ready_fd, int log_fd)
{
	char fd_text[16];
	const struct adoption *adoption = &s->options->adoption;
	const struct passphrase_place *passphrase = &s->options->passphrase;
	const char *argv[14] = {"bango", "serve", s->options->dir,
	    c->system->id.text, "--ready-fd", fd_text};
	sigset_t none;
	int n = 6;

	snprintf(fd_text, sizeof(fd_text), "%d", ready_fd);
	if (passphrase->file != NULL) {
		argv[n++] = "--passphrase-file";
		argv[n++] = passphrase->file;
	}
	if (passphrase->folder != NULL) {
		argv[n++] = "--passphrase-dir";
		argv[n++] = passphrase->folder;
	}
	if (s->options->clock_was_ahead)
		argv[n++] = "--clock-was-ahead";
	if (adoption->what != ADOPT_NOTHING && !c->was_ready) {
		argv[n++] = adoption->what == ADOPT_EMPTY ? "--adopt-empty"
							  : "--adopt-older";
		argv[n++] = adoption->reason;
	}
	argv[n] = NULL;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(log_fd, STDERR_FILENO);
	if (s->options->user != NULL && !account_become(&c->account)) {
		fprintf(stderr, "bango serve: cannot become the user %s: %s\n",
		    c->account.name, strerror(errno));
		_exit(err_info(ERR_DENIED)->exit_code);
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int
open_log(const struct supervisor *s, const struct child *c)
{
	struct buf path;
	int fd, error;

	buf_init(&path);
	nation_system_path(&path, s->options->dir, &c->system->id, "log");
	account_enter(account_of(s, c));
	fd = open(path.data, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	error = errno;
	account_leave(account_of(s, c));
	buf_done(&path);
	errno = error;

	return fd;
}

static enum err
cannot_start(struct supervisor *s, const struct child *c, int error)
{
	if (error == ENOENT)
		return problem_set(s->problem, ERR_NOT_FOUND,
		    "%s has no folder in %s/systems: restore it from a copy",
		    c->system->id.text, s->options->dir);

	return problem_set(s->problem, err_of_errno(error),
	    "cannot start %s: %s", c->system->id.text, strerror(error));
}

static enum err
prepare(const struct supervisor *s, const struct child *c)
{
	const struct supervisor_options *o = s->options;

	if (o->user == NULL)
		return OK;

	return account_prepare(&c->account, o->dir, &c->system->id,
	    o->passphrase.folder, s->problem);
}

static enum err
start(struct supervisor *s, struct child *c)
{
	int log_fd, ready[2];
	enum err rc;

	TRY(prepare(s, c));
	log_fd = open_log(s, c);
	if (log_fd < 0 || pipe2(ready, O_CLOEXEC)) {
		rc = cannot_start(s, c, errno);
		if (log_fd >= 0)
			close(log_fd);
		return rc;
	}
	c->log_from = lseek(log_fd, 0, SEEK_END);
	fcntl(ready[1], F_SETFD, 0); /* this end is for the child */
	c->pid = fork();
	if (c->pid == 0)
		become(s, c, ready[1], log_fd);
	close(log_fd);
	close(ready[1]);
	if (c->pid < 0) {
		c->pid = 0;
		close(ready[0]);
		return problem_set(
		    s->problem, ERR_IO, "cannot fork: %s", strerror(errno));
	}
	c->ready_fd = ready[0];
	c->started = monotonic_ms();

	return OK;
}

/* Read a file from `from` on, at most its last LOG_TAIL bytes. */
static void
read_tail(const char *path, off_t from, struct buf *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n;

	if (size - from > LOG_TAIL)
		from = size - LOG_TAIL;
	if (size > from) {
		n = pread(
		    fd, buf_extend(ret, LOG_TAIL), (size_t)(size - from), from);
		ret->len = n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
}

/* The reason why a system ended, from its own log, for the user who started it:
 * a slice of *log. */
static struct slice
last_words(const struct supervisor *s, const struct child *c, struct buf *log)
{
	const struct slice prefix = SLICE("bango serve: ");
	struct slice rest, line, last = {0}, reason = {0};
	struct buf path;

	buf_init(&path);
	nation_system_path(&path, s->options->dir, &c->system->id, "log");
	account_enter(account_of(s, c));
	read_tail(path.data, c->log_from, log);
	account_leave(account_of(s, c));
	buf_done(&path);
	rest = buf_slice(log);
	while (rest.data != NULL) {
		line = slice_trim(slice_cut(&rest, '\n'));
		if (!slice_is_empty(line))
			last = line;
		if (slice_has_prefix(line, prefix))
			reason = slice_bytes(
			    line.data + prefix.len, line.len - prefix.len);
	}

	return slice_is_empty(reason) ? last : reason;
}

/* The kind of error that an exit code stands for. */
static enum err
err_of_exit(int code)
{
	unsigned int err;

	for (err = ERR_IO; err < ERR_COUNT; err++) {
		if (err_info((enum err)err)->exit_code == code)
			return (enum err)err;
	}

	return code == err_info(ERR_INPUT)->exit_code ? ERR_INPUT : ERR_IO;
}

static void
describe(int status, char ret[64])
{
	if (WIFSIGNALED(status))
		snprintf(ret, 64, "killed by signal %d", WTERMSIG(status));
	else
		snprintf(ret, 64, "ended with code %d", WEXITSTATUS(status));
}

/* Starting a system again does not help if it was never ready and ended by
 * itself. */
static enum err
never_ready(struct supervisor *s, const struct child *c, int code)
{
	struct slice words;
	struct buf log;
	enum err rc;

	buf_init(&log);
	words = last_words(s, c, &log);
	rc = problem_set(s->problem, err_of_exit(code),
	    "%s ended with code %d before it was ready: %.*s",
	    c->system->id.text, code, SLICE_ARG(words));
	buf_done(&log);

	return rc;
}

static enum err
buried(struct supervisor *s, struct child *c, int status)
{
	char how[64];

	c->pid = 0;
	if (c->ready_fd >= 0)
		close(c->ready_fd);
	c->ready_fd = -1;
	if (s->stopping)
		return OK;
	if (!c->was_ready && WIFEXITED(status))
		return never_ready(s, c, WEXITSTATUS(status));
	if (monotonic_ms() - c->started > STEADY_MS)
		c->delay = 0;
	c->again = monotonic_ms() + c->delay;
	c->delay = c->delay == 0 ? AGAIN_FIRST_MS : c->delay * 2;
	if (c->delay > AGAIN_MAX_MS)
		c->delay = AGAIN_MAX_MS;
	describe(status, how);
	say(s, "%s %s; starting it again\n", c->system->id.text, how);

	return OK;
}

/* Signals of the same kind merge into one, so wait for all children that have
 * ended, even if one of them is an error; the first error is returned. */
static enum err
bury(struct supervisor *s)
{
	enum err first = OK, rc;
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < s->n; i++) {
			if (s->children[i].pid != pid)
				continue;
			rc = buried(s, &s->children[i], status);
			if (rc == OK)
				continue;
			first = rc;
			s->stopping = true;
		}
	}

	return first;
}

static void
signal_all(const struct supervisor *s, int number)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->children[i].pid > 0)
			kill(s->children[i].pid, number);
	}
}

/* --- Renewal -------------------------------------------------------------- */

/* In the child: become `bango renew`, which tells us by SIGHUP if it did
 * something. */
static void
become_renewal(const struct supervisor *s)
{
	const struct passphrase_place *passphrase = &s->options->passphrase;
	const char *argv[10] = {"bango", "renew", s->options->dir, "--quiet"};
	sigset_t none;
	int n = 4;

	if (passphrase->file != NULL) {
		argv[n++] = "--passphrase-file";
		argv[n++] = passphrase->file;
	}
	if (passphrase->folder != NULL) {
		argv[n++] = "--passphrase-dir";
		argv[n++] = passphrase->folder;
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Where the authority's key is at hand.  A process of its own has that key, for a
 * moment. */
static void
renew_due(struct supervisor *s)
{
	struct buf path;
	bool can;

	if (monotonic_ms() < s->renew_at)
		return;
	s->renew_at = monotonic_ms() + RENEW_MS;
	buf_init(&path);
	nation_path(&path, s->options->dir, "ca/ca.keys");
	can = access(path.data, R_OK) == 0;
	buf_done(&path);
	if (can && fork() == 0)
		become_renewal(s);
}

/* --- The loop ------------------------------------------------------------ */

static void
tell_ready(struct supervisor *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!s->children[i].was_ready)
			return;
	}
	s->told = true;
	s->renew_at = monotonic_ms() + RENEW_FIRST_MS;
	say(s, "%zu systems are up; stop them with Ctrl-C\n", s->n);
	if (s->options->ready_fd >= 0) {
		if (write(s->options->ready_fd, "r", 1) != 1)
			say(s,
			    "the program that waited for the readiness is "
			    "gone\n");
		close(s->options->ready_fd);
	}
}

static void
tell_addresses(struct supervisor *s, const struct system_config *system)
{
	const struct http_port *port;
	struct buf url;

	buf_init(&url);
	config_address(system, system->port, &url);
	say(s, "%-20s %s\n", system->id.text, url.data);
	for (port = system->further; port < system->further + FURTHER_DOORS;
	     port++) {
		if (port->port == 0)
			continue;
		buf_clear(&url);
		config_url(system, port, &url);
		say(s, "%-20s %s (%s)\n", "", url.data,
		    http_door_name(port->door));
	}
	buf_done(&url);
}

static void
take_ready(struct supervisor *s, struct child *c)
{
	char byte;
	bool ready = read(c->ready_fd, &byte, 1) == 1;

	close(c->ready_fd);
	c->ready_fd = -1;
	if (!ready)
		return; /* it died; SIGCHLD follows */
	if (!c->was_ready)
		tell_addresses(s, c->system);
	c->was_ready = true;
	if (!s->told)
		tell_ready(s);
}

/* A command of root's may have replaced files that the systems read again. */
static void
pass_on(struct supervisor *s)
{
	struct child *c;

	for (c = s->children; c < s->children + s->n; c++) {
		if (prepare(s, c))
			say(s, "%s: %s\n", c->system->id.text,
			    s->problem->text);
		problem_clear(s->problem);
	}
	signal_all(s, SIGHUP);
}

static enum err
take_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return OK;
	if (info.ssi_signo == SIGCHLD)
		return bury(s);
	if (info.ssi_signo == SIGHUP)
		pass_on(s);
	else
		s->stopping = true;

	return OK;
}

/* Start the systems that are due; returns the time until the next one is. */
static enum err
start_due(struct supervisor *s, int64_t *ret_wait)
{
	int64_t now = monotonic_ms(), wait;
	struct child *c;
	enum err rc = OK;
	size_t i;

	*ret_wait = 1000;
	for (i = 0; rc == OK && i < s->n; i++) {
		c = &s->children[i];
		if (c->pid == 0 && c->again <= now)
			rc = start(s, c);
		wait = c->pid == 0 ? c->again - now : 1000;
		if (wait < *ret_wait)
			*ret_wait = wait < 0 ? 0 : wait;
		if (c->pid > 0 && c->ready_fd >= 0 && !c->was_ready &&
		    now - c->started > START_MS)
			rc = problem_set(s->problem, ERR_BUSY,
			    "%s is not ready after %d seconds",
			    c->system->id.text, START_MS / 1000);
	}

	return rc;
}

static enum err
wait_for_news(struct supervisor *s, int64_t wait)
{
	struct pollfd fds[SYSTEMS_MAX + 1];
	size_t owner[SYSTEMS_MAX + 1], i;
	nfds_t n = 1;

	fds[0] = (struct pollfd){.fd = s->signal_fd, .events = POLLIN};
	for (i = 0; i < s->n; i++) {
		if (s->children[i].ready_fd < 0)
			continue;
		fds[n] = (struct pollfd){
		    .fd = s->children[i].ready_fd, .events = POLLIN};
		owner[n++] = i;
	}
	if (poll(fds, n, (int)wait) <= 0)
		return OK;
	for (i = 1; i < n; i++) {
		if (fds[i].revents != 0)
			take_ready(s, &s->children[owner[i]]);
	}

	return fds[0].revents != 0 ? take_signal(s) : OK;
}

static bool
any_left(const struct supervisor *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->children[i].pid > 0)
			return true;
	}

	return false;
}

static void
stop_all(struct supervisor *s)
{
	int64_t until = monotonic_ms() + STOP_MS;
	enum err rc;

	s->stopping = true;
	signal_all(s, SIGTERM);
	while (any_left(s)) {
		if (monotonic_ms() > until)
			signal_all(s, SIGKILL);
		rc = wait_for_news(s, 200);
		if (rc)
			break;
	}
}

static void
catch_signals(struct supervisor *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
}

static enum err
run(struct supervisor *s)
{
	int64_t wait;
	enum err rc = OK;

	while (rc == OK && !s->stopping) {
		rc = start_due(s, &wait);
		if (rc == OK && s->told)
			renew_due(s);
		if (rc == OK)
			rc = wait_for_news(s, wait);
	}

	return rc;
}

/* Settings that would be refused today: nothing stops for them. */
static void
tell_doubts(const struct supervisor *s)
{
	struct slice rest = buf_slice(&s->config->doubts), line;

	while (!slice_is_empty(rest)) {
		line = slice_cut(&rest, '\n');
		fprintf(stderr, "bango up: warning: %.*s\n", SLICE_ARG(line));
	}
}

/* All of them, before any system starts. */
static enum err
find_accounts(struct supervisor *s)
{
	struct child *c;

	if (s->options->user == NULL)
		return OK;
	for (c = s->children; c < s->children + s->n; c++)
		TRY(account_find(
		    s->options->user, &c->system->id, &c->account, s->problem));

	return OK;
}

enum err
supervise(const struct supervisor_options *options, struct problem *problem)
{
	struct supervisor s = {.options = options, .problem = problem};
	enum err rc;
	size_t i;

	rc = nation_config_to_start(options->dir, &s.config, problem);
	if (rc == OK)
		rc = take_lock(&s);
	if (rc) {
		config_free(s.config);
		return rc;
	}
	tell_doubts(&s);
	write_pid(s.lock_fd);
	s.n = s.config->n_systems;
	s.children = heap_array(s.n, sizeof(*s.children));
	for (i = 0; i < s.n; i++) {
		s.children[i].system = &s.config->systems[i];
		s.children[i].ready_fd = -1;
	}
	catch_signals(&s);
	rc = find_accounts(&s);
	if (rc == OK)
		rc = run(&s);
	stop_all(&s);
	close(s.signal_fd);
	close(s.lock_fd);
	free(s.children);
	config_free(s.config);

	return rc;
}
