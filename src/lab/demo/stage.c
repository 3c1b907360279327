#include "lab/demo/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/random.h"

/* Enough for a benchmark, which loads a million residents at once. */
#define POPULATION 2000000
#define PORTS_NEEDED 24
#define PEOPLE_AFTER 16 /* the people's doors, from the first of all ports */
#define PORT_LAST 60000
/* The first port to try when none is given: below the ports that the kernel
 * hands out. */
#define PORT_ANY_FIRST 10000
#define PORT_ANY_COUNT 20000

/* --- Ports --------------------------------------------------------------- */

static bool
is_free(uint16_t port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	ok = bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;
	close(fd);

	return ok;
}

/* The first port of a run of free ones. */
static uint16_t
free_ports(uint16_t from)
{
	unsigned int port, n = 0;

	for (port = from; port < PORT_LAST && n < PORTS_NEEDED; port++)
		n = is_free((uint16_t)port) ? n + 1 : 0;

	return (uint16_t)(port - n);
}

/* Copy the lines before the line of a setting; returns the text after that
 * line. */
static const char *
copy_before(const char *text, const char *setting, struct buf *ret)
{
	const char *line = strstr(text, setting);

	buf_add(ret, slice_bytes(text, (size_t)(line - text)));

	return strchr(line, '\n');
}

/* Copy lines, and give every organisation its population. */
static void
copy_populated(struct slice text, struct buf *ret)
{
	struct slice line;

	while (!slice_is_empty(text)) {
		line = slice_cut(&text, '\n');
		buf_add(ret, line);
		buf_add_char(ret, '\n');
		if (slice_has_prefix(line, SLICE("kind = ")))
			buf_printf(ret, "population = %d\n", POPULATION);
	}
}

/* The built-in founding file with other ports and another database. */
static void
founding_file(uint16_t port, const char *database, struct buf *ret)
{
	const char *rest = copy_before(config_default, "port = ", ret);

	buf_printf(ret, "port = %u", port);
	rest = copy_before(rest, "people_port = ", ret);
	buf_printf(ret, "people_port = %u", port + PEOPLE_AFTER);
	rest = copy_before(rest, "database = ", ret);
	buf_printf(
	    ret, "database = %s", database != NULL ? database : "sqlite");
	copy_populated(slice_of(rest), ret);
}

/* --- The child ----------------------------------------------------------- */

static void
become_up(const struct stage *s, const char *program, int ready_fd)
{
	char fd_text[16];
	const char *argv[] = {
	    "bango", "up", s->dir, "--quiet", "--ready-fd", fd_text, NULL};

	snprintf(fd_text, sizeof(fd_text), "%d", ready_fd);
	/* Ctrl-C is for the parent, which stops us in order; if the parent
	 * dies, nobody needs the systems. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv(program, (char *const *)(uintptr_t)argv);
	_exit(127);
}

static enum err
start(struct stage *s, const char *program, struct problem *problem)
{
	char byte;
	int ready[2];
	ssize_t n;

	if (pipe2(ready, O_CLOEXEC))
		return problem_set(
		    problem, ERR_IO, "no pipe: %s", strerror(errno));
	fflush(stdout);
	fcntl(ready[1], F_SETFD, 0);
	s->up = fork();
	if (s->up == 0)
		become_up(s, program, ready[1]);
	close(ready[1]);
	do
		n = s->up < 0 ? -1 : read(ready[0], &byte, 1);
	while (n < 0 && errno == EINTR);
	close(ready[0]);
	if (n == 1)
		return OK;

	return problem_set(problem, ERR_IO,
	    "the systems of %s did not come up; see above and the logs in "
	    "%s/systems",
	    s->dir, s->dir);
}

/* --- Opening and closing ------------------------------------------------- */

static enum err
found(struct stage *s, const struct stage_options *options,
    struct problem *problem)
{
	struct random random = random_system();
	struct clock clock = clock_system();
	struct found_options o = {.dir = s->dir, .now = clock.now(clock.state)};
	uint16_t port = options->port;
	struct buf ini;
	enum err rc;

	if (port == 0)
		port = (uint16_t)(PORT_ANY_FIRST +
		    random_below(&random, PORT_ANY_COUNT));
	buf_init(&ini);
	founding_file(free_ports(port), options->database, &ini);
	o.ini = buf_slice(&ini);
	rc = nation_found(&o, problem);
	buf_done(&ini);

	return rc;
}

static enum err
choose_folder(struct stage *s, const char *dir, struct problem *problem)
{
	char name[] = "/tmp/bango-XXXXXX";
	struct buf path;

	if (dir != NULL) {
		s->dir = heap_string(slice_of(dir));
		return OK;
	}
	if (mkdtemp(name) == NULL)
		return problem_set(problem, err_of_errno(errno),
		    "no temporary folder: %s", strerror(errno));
	s->temporary = true;
	buf_init(&path);
	buf_printf(&path, "%s/nation", name);
	s->dir = heap_string(buf_slice(&path));
	buf_done(&path);

	return OK;
}

static enum err
find_program(const char *given, struct buf *ret, struct problem *problem)
{
	enum err rc;

	if (given != NULL) {
		buf_add_string(ret, given);
		return OK;
	}
	rc = file_beside_program("bango", ret, problem);
	if (rc == OK && access(ret->data, X_OK))
		rc = problem_set(problem, ERR_IO,
		    "cannot run %s: %s; install the package bango", ret->data,
		    strerror(errno));

	return rc;
}

enum err
stage_open(const struct stage_options *options, struct stage **ret,
    struct problem *problem)
{
	struct stage *s = heap_array(1, sizeof(*s));
	struct buf program;
	struct stat st;
	enum err rc;

	buf_init(&program);
	rc = find_program(options->program, &program, problem);
	if (rc == OK)
		rc = choose_folder(s, options->dir, problem);
	if (rc == OK && stat(s->dir, &st) != 0)
		rc = found(s, options, problem);
	if (rc == OK)
		rc = start(s, program.data, problem);
	buf_done(&program);
	if (rc == OK)
		rc = nation_open(s->dir, &s->nation, problem);
	if (rc) {
		stage_close(s);
		return rc;
	}
	*ret = s;

	return OK;
}

/* The temporary folder is the parent of the nation's. */
static void
remove_folder(char *dir)
{
	*strrchr(dir, '/') = '\0';
	folder_remove(dir);
}

void
stage_stop(struct stage *s)
{
	if (s->up > 0) {
		kill(s->up, SIGTERM);
		kill(s->up, SIGCONT); /* it may be stopped */
		waitpid(s->up, NULL, 0);
	}
	s->up = 0;
}

void
stage_close(struct stage *s)
{
	if (s == NULL)
		return;
	nation_close(s->nation);
	stage_stop(s);
	if (s->temporary && s->dir != NULL)
		remove_folder(s->dir);
	free(s->dir);
	free(s);
}

/* --- Killing systems ----------------------------------------------------- */

#define PROC_FILE_MAX 65536

/* Does a file of /proc/PID have this text in it? */
static bool
proc_has(const char *pid, const char *file, struct slice text)
{
	struct problem problem = {0};
	struct buf path, content;
	bool found = false;

	buf_init(&path);
	buf_init(&content);
	buf_printf(&path, "/proc/%s/%s", pid, file);
	if (file_read(path.data, PROC_FILE_MAX, &content, &problem) == OK)
		found = content.len >= text.len &&
		    memmem(content.data, content.len, text.data, text.len) !=
			NULL;
	buf_done(&path);
	buf_done(&content);

	return found;
}

/* A child of our `bango up` that is `bango serve DIR SYSTEM`: another nation
 * may be in a folder of the same name. */
static bool
serves(const struct stage *s, const char *pid, const char *system_id)
{
	struct buf parent, words;
	bool found;

	buf_init(&parent);
	buf_init(&words);
	buf_printf(&parent, "\nPPid:\t%ld\n", (long)s->up);
	buf_printf(&words, "serve%c%s%c%s", '\0', s->dir, '\0', system_id);
	buf_add_char(&words, '\0');
	found = proc_has(pid, "status", buf_slice(&parent)) &&
	    proc_has(pid, "cmdline", buf_slice(&words));
	buf_done(&parent);
	buf_done(&words);

	return found;
}

pid_t
stage_system_pid(const struct stage *s, const char *system_id)
{
	DIR *proc = opendir("/proc");
	const struct dirent *e;
	uint64_t pid = 0;

	while (proc != NULL && (e = readdir(proc)) != NULL) {
		if (e->d_name[0] < '0' || e->d_name[0] > '9' ||
		    !serves(s, e->d_name, system_id))
			continue;
		if (slice_to_u64(slice_of(e->d_name), INT32_MAX, &pid) == OK)
			break;
	}
	if (proc != NULL)
		closedir(proc);

	return (pid_t)pid;
}

enum err
stage_kill(struct stage *s, const char *system_id, struct problem *problem)
{
	pid_t pid = stage_system_pid(s, system_id);

	if (pid == 0)
		return problem_set(
		    problem, ERR_NOT_FOUND, "%s is not running", system_id);
	kill(s->up, SIGSTOP);
	kill(pid, SIGKILL);

	return OK;
}

void
stage_go_on(struct stage *s)
{
	kill(s->up, SIGCONT);
}
