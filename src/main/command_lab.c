/*
 * bango demo, population, bench, simulate: commands of the program bango-lab.
 *
 * This program holds keys and residents' data.  Peers that lie, simulated
 * clocks and made-up people are in another one, which lies in the same folder
 * (docs/decisions/0025-rooms-and-a-second-program.md).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/lab_commands.h"

/* Become the program, which compares the version; returns only if that fails. */
static enum err
become(const char *path, int argc, char **argv, struct problem *problem)
{
	char name[] = "bango-lab", option[] = LAB_CALLER,
	     version[] = BANGO_VERSION;
	char **args = heap_array((size_t)argc + 4, sizeof(*args));
	int error;

	args[0] = name;
	args[1] = option;
	args[2] = version;
	memcpy(args + 3, argv, (size_t)argc * sizeof(*args));
	execv(path, args);
	error = errno;
	free(args);

	return problem_set(problem, ERR_IO,
	    "cannot run %s: %s; this command comes with the package bango-lab: "
	    "install it",
	    path, strerror(error));
}

int
command_lab(int argc, char **argv)
{
	struct problem problem = {0};
	struct buf path;
	enum err rc;

	buf_init(&path);
	rc = file_beside_program("bango-lab", &path, &problem);
	if (rc == OK)
		rc = become(path.data, argc, argv, &problem);
	buf_done(&path);

	return rc ? cli_fail(argv[0], &problem) : 0;
}
