/*
 * intruder NATION SYSTEM FILE: a system of a nation in which, one day, somebody
 * else's code runs.
 *
 * It serves as the system does until it is told by SIGHUP to read its holders
 * again; then it tries what an intruder would: it opens FILE, and becomes a shell.
 * Its standard error tells what came of it.
 *
 * operators_read() is wrapped (-Wl,--wrap): nation_serve() calls it once at its
 * start, and at each SIGHUP.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nation/nation.h"

enum err
__real_operators_read(const char *dir, json_t **ret, struct problem *problem);
enum err
__wrap_operators_read(const char *dir, json_t **ret, struct problem *problem);

static const char *wanted;

static void
break_out(void)
{
	int fd = open(wanted, O_RDONLY);

	fprintf(stderr, "intruder: %s: %s\n", wanted,
	    fd < 0 ? strerror(errno) : "open");
	execl(
	    "/bin/sh", "sh", "-c", "echo intruder: a shell >&2", (char *)NULL);
	fprintf(stderr, "intruder: no shell: %s\n", strerror(errno));
}

enum err
__wrap_operators_read(const char *dir, json_t **ret, struct problem *problem)
{
	static bool is_up;

	if (is_up)
		break_out();
	is_up = true;

	return __real_operators_read(dir, ret, problem);
}

int
main(int argc, char **argv)
{
	struct serve_options options = {.ready_fd = -1};
	struct problem problem = {0};

	if (argc != 4) {
		fputs("usage: intruder NATION SYSTEM FILE\n", stderr);
		return 2;
	}
	options.dir = argv[1];
	options.system_id = argv[2];
	wanted = argv[3];
	if (nation_serve(&options, &problem)) {
		fprintf(stderr, "intruder: %s\n", problem.text);
		return 1;
	}

	return 0;
}
