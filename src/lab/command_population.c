/* bango population: synthetic residents as CSV. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/population/population.h"
#include "main/lab_commands.h"

static enum err
unwritten(const char *path, struct problem *problem)
{
	return problem_set(problem, ERR_IO, "%s: %s", path, strerror(errno));
}

int
command_population(int argc, char **argv)
{
	struct population_wishes w = {0};
	struct population_options o = {0};
	struct problem problem = {0};
	FILE *to = stdout;
	enum err err;
	int rc;

	rc = cli_options(&population_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (date_parse(slice_of(w.day), &o.day) || !date_is_known(o.day))
		return cli_misuse("population",
		    "--day: is no day of the calendar; expected a date such as "
		    "2026-04-01");
	o.municipality = slice_of(w.municipality);
	o.count = w.count;
	o.seed = w.seed;
	o.foreign = (int)w.foreign;
	o.cp932 = strcmp(w.encoding, "cp932") == 0;
	if (w.output != NULL && (to = fopen(w.output, "w")) == NULL) {
		unwritten(w.output, &problem);
		return cli_fail("population", &problem);
	}
	err = population_write(&o, to, &problem);
	if (to != stdout && fclose(to) && err == OK)
		err = unwritten(w.output, &problem);

	return err ? cli_fail("population", &problem) : 0;
}
