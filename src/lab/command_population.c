/* bango population: synthetic residents as CSV. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/population/population.h"
#include "main/cli.h"

static const char help[] =
    "usage: bango population --municipality CODE [--count N] [--seed N]\n"
    "                        [--day DATE] [--foreign PER-MILLE]\n"
    "                        [--encoding utf-8|cp932] [--output FILE]\n"
    "\n"
    "Write synthetic residents of a municipality as CSV, for `bango import`:\n"
    "households, ages, foreign residents and former surnames from real names\n"
    "and towns.  The same options give the same people; none of them exists.\n"
    "\n"
    "  --municipality CODE  131041 Shinjuku, 131199 Itabashi, 131202 Nerima,\n"
    "                       012041 Asahikawa, 042021 Ishinomaki\n"
    "  --count N            how many residents (1000; at most 5000000)\n"
    "  --seed N             another seed, other people (1)\n"
    "  --day DATE           the day on which they live there (2026-04-01)\n"
    "  --foreign PER-MILLE  households of foreign nationals of 1000 (30)\n"
    "  --encoding NAME      utf-8 (default) or cp932\n"
    "  --output FILE        instead of standard output\n";

struct text_options {
	const char *municipality, *count, *seed, *day, *foreign, *encoding;
	const char *output;
};

static int
parse_number(const char *option, const char *text, uint64_t max, uint64_t *ret)
{
	if (text == NULL || slice_to_u64(slice_of(text), max, ret) == OK)
		return -1;

	return cli_misuse("population", "%s: expected a number up to %llu",
	    option, (unsigned long long)max);
}

static int
parse(const struct text_options *t, struct population_options *o)
{
	uint64_t foreign = 30;
	int rc;

	if (t->municipality == NULL)
		return cli_misuse("population", "--municipality is missing");
	o->municipality = slice_of(t->municipality);
	rc = parse_number("--count", t->count, POPULATION_COUNT_MAX, &o->count);
	if (rc < 0)
		rc = parse_number("--seed", t->seed, UINT64_MAX, &o->seed);
	if (rc < 0)
		rc = parse_number("--foreign", t->foreign, 1000, &foreign);
	if (rc >= 0)
		return rc;
	o->foreign = (int)foreign;
	if (t->day != NULL &&
	    (date_parse(slice_of(t->day), &o->day) || !date_is_known(o->day)))
		return cli_misuse("population", "--day: no such day");
	o->cp932 = t->encoding != NULL && strcmp(t->encoding, "cp932") == 0;
	if (t->encoding != NULL && !o->cp932 &&
	    strcmp(t->encoding, "utf-8") != 0)
		return cli_misuse(
		    "population", "--encoding: expected utf-8 or cp932");

	return -1;
}

int
command_population(int argc, char **argv)
{
	struct population_options o = {
	    .seed = 1, .count = 1000, .day = {2026, 4, 1}};
	struct text_options t = {0};
	const struct cli_option options[] = {
	    {"--municipality", &t.municipality, NULL},
	    {"--count", &t.count, NULL}, {"--seed", &t.seed, NULL},
	    {"--day", &t.day, NULL}, {"--foreign", &t.foreign, NULL},
	    {"--encoding", &t.encoding, NULL}, {"--output", &t.output, NULL},
	    {0}};
	struct problem problem = {0};
	FILE *to = stdout;
	int n, rc;
	enum err err;

	rc = cli_options(argc, argv, options, help, &n);
	if (rc < 0 && n > 0)
		rc = cli_misuse("population", "%s is not an option", argv[1]);
	if (rc < 0)
		rc = parse(&t, &o);
	if (rc >= 0)
		return rc;
	if (t.output != NULL && (to = fopen(t.output, "w")) == NULL)
		return cli_misuse(
		    "population", "%s: %s", t.output, strerror(errno));
	err = population_write(&o, to, &problem);
	if (to != stdout && fclose(to) && err == OK)
		err = problem_set(
		    &problem, ERR_IO, "%s: %s", t.output, strerror(errno));

	return err ? cli_fail("population", &problem) : 0;
}
