#include "main/lab_commands.h"

static const struct cli_operand none[] = {{0}};
static const struct cli_form no_operands[] = {{none}, {0}};

/* --- demo ------------------------------------------------------------------ */

static const struct cli_operand folder[] = {
    {"DIR", CLI_FOLDER, .optional = true,
	.what =
	    "the nation's folder, which must not exist; else a temporary one"},
    {0}};
static const struct cli_form demo_forms[] = {{folder}, {0}};
static const struct cli_option demo_options[] = {
    FLAG_OPTION(demo_wishes, once, "--once",
	"end after the story, instead of serving on"),
    NUMBER_OPTION(demo_wishes, residents, "--residents", "N", 10, 5000000,
	"the number of residents in each city", .standard = "10000"),
    NUMBER_OPTION(demo_wishes, port, "--port", "PORT", 1024, 60000,
	"the first port to try for the systems", .standard = "7300"),
    TEXT_OPTION(demo_wishes, database, "--database", "LOCATION",
	"use databases on the server postgresql:host=..., which stay, instead "
	"of SQLite; needs DIR"),
    {0},
};

const struct command demo_command = {
    .name = "demo",
    .summary = "show the whole scheme at work",
    .forms = demo_forms,
    .options = demo_options,
    .about =
	"Found a small nation, load residents into two cities from CSV files, "
	"number everyone, and take one family through the whole scheme between "
	"live, separate processes. Then keep serving until Ctrl-C.",
};

/* --- population ------------------------------------------------------------ */

static const struct cli_option population_options[] = {
    TEXT_OPTION(population_wishes, municipality, "--municipality", "CODE",
	"the municipality: 131041 Shinjuku, 131199 Itabashi, 131202 Nerima, "
	"012041 Asahikawa, 042021 Ishinomaki",
	.words = "131041|131199|131202|012041|042021", .needed = EVERY_VERB),
    NUMBER_OPTION(population_wishes, count, "--count", "N", 0, 5000000,
	"the number of residents, at most 5000000", .standard = "1000"),
    NUMBER_OPTION(population_wishes, seed, "--seed", "N", 0, UINT64_MAX,
	"the seed; another seed gives other people", .standard = "1"),
    TEXT_OPTION(population_wishes, day, "--day", "DATE",
	"the day on which the residents live there", .standard = "2026-04-01"),
    NUMBER_OPTION(population_wishes, foreign, "--foreign", "PER-MILLE", 0, 1000,
	"the households of foreign nationals among 1000", .standard = "30"),
    WORD_OPTION(population_wishes, encoding, "--encoding", "utf-8|cp932",
	"the encoding of the output", .standard = "utf-8"),
    FILE_OPTION(population_wishes, output, "--output", "FILE",
	"write there, instead of to standard output"),
    {0},
};

const struct command population_command = {
    .name = "population",
    .summary = "make synthetic residents as CSV",
    .forms = no_operands,
    .options = population_options,
    .about =
	"Write synthetic residents of a municipality as CSV, for `bango "
	"import`: households, ages, foreign residents and former surnames from "
	"real names and towns. The same options give the same people; none of "
	"them exists.",
};

/* --- bench ----------------------------------------------------------------- */

static const struct cli_choice benches[] = {
    {"ff1", "numbering in memory, one core"},
    {"conversion", "conversion of linkage codes in memory, one core"},
    {"law", "decisions of the legal check in memory, one core"},
    {"signatures", "signatures and seals in memory, one core"},
    {"ledger", "audit entries added to a ledger, and verified"},
    {"simulate", "exchanges in a simulated nation, without network and disk"},
    {"http", "requests over mutual TLS, one connection and 32"},
    {"registry", "import, bulk numbering, one birth to its number; live"},
    {"exchange", "inquiries to their answers, and the limit of the keys; live"},
    {"bulk", "a file of inquiries in, a file of results out; live"},
    {"size", "cost of an exchange among many residents and few; live"},
    {"history", "a resident's 100 records among all of the network; live"},
    {"memory", "memory of a registry with a million residents"},
    {0},
};
static const struct cli_operand names[] = {
    {"NAME", CLI_WORD, .optional = true, .many = true, .choices = benches},
    {0}};
static const struct cli_form bench_forms[] = {{names}, {0}};
static const struct cli_option bench_options[] = {
    NUMBER_OPTION(bench_wishes, residents, "--residents", "N", 1000, 50000000,
	"the residents of size (1000000) and exchange (10000)"),
    NUMBER_OPTION(bench_wishes, records, "--records", "N", 100000, 50000000,
	"the records of history (1000000)"),
    FLAG_OPTION(bench_wishes, json, "--json", "print JSON, for programs"),
    {0},
};

const struct command bench_command = {
    .name = "bench",
    .summary = "measure this machine and this build",
    .forms = bench_forms,
    .options = bench_options,
    .about =
	"Measure this machine and this build; each figure stands beside a "
	"limit or a peer that is measured in the same run.  The ratio of the "
	"two is judged.",
};

/* --- simulate -------------------------------------------------------------- */

static const struct cli_option simulate_options[] = {
    NUMBER_OPTION(simulate_wishes, seed, "--seed", "N", 0, INT64_MAX,
	"the first seed", .standard = "1"),
    NUMBER_OPTION(simulate_wishes, seeds, "--seeds", "N", 1, INT64_MAX,
	"the number of seeds, one after another", .standard = "1"),
    NUMBER_OPTION(simulate_wishes, steps, "--steps", "N", 1, 100000,
	"the number of events", .standard = "100"),
    NUMBER_OPTION(simulate_wishes, organisations, "--organisations", "N", 2, 8,
	"the number of municipalities, 2 to 8", .standard = "3"),
    NUMBER_OPTION(simulate_wishes, insiders, "--insiders", "N", 0, 4,
	"further municipalities whose systems send whatever they like, with "
	"their own keys, 0 to 4",
	.standard = "0"),
    WORDS_OPTION(simulate_wishes, faults, "--faults", "LIST",
	"the faults to inject: all (but lost), none, or some of loss, "
	"duplication, reordering, delay, partition, crash, torn, slow, lying, "
	"skew, sleep, lost, separated by commas",
	.words = "all|none|loss|duplication|reordering|delay|partition|crash|"
		 "torn|slow|lying|skew|sleep|lost",
	.standard = "all"),
    TEXT_OPTION(simulate_wishes, bug, "--bug", "NAME",
	"behave as if this mistake were in the code; for a program built with "
	"BANGO_BUGS"),
    FLAG_OPTION(
	simulate_wishes, json, "--json", "print one JSON object a seed"),
    {0},
};

const struct command simulate_command = {
    .name = "simulate",
    .summary = "run a nation under faults in virtual time",
    .forms = no_operands,
    .options = simulate_options,
    .about =
	"Run a nation in one process under virtual time, give it random events "
	"of its residents, inject faults, and check the nation's invariants "
	"afterwards. The same seed gives the same run.",
    .exits =
	"0 all invariants hold, 1 one does not hold: its shortest replay is "
	"printed, 2 misuse",
};
