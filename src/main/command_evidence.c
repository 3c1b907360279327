/* bango evidence: an exchange, provable to somebody who was not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "evidence/evidence.h"
#include "evidence/evidence_tell.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/evidence_export.h"

#define ANCHOR_MAX (64u << 10)

struct task {
	const char *output, *anchor;
	uint64_t wait;      /* seconds */
	uint64_t witnesses; /* that an archive needs */
};

static const struct cli_operand exported[] = {
    {"DIR", CLI_FOLDER}, {"SYSTEM", CLI_MEMBER}, {"ID", CLI_TEXT}, {0}};
static const struct cli_operand judged[] = {
    {"FILE", CLI_FILE}, {"OTHER", CLI_FILE, .optional = true}, {0}};
static const struct cli_form forms[] = {
    {exported, "export",
	"write an archive of the exchange that a running relay keeps; ID is "
	"the inquiry at the inquirer's relay, the permit at the provider's"},
    {judged, "verify",
	"judge an archive by the certificate of the nation's authority "
	"(ca/ca.pem) and nothing else, and say what happened; with the other "
	"relay's archive, whether both show one exchange"},
    {0},
};
static const struct cli_option options[] = {
    FILE_OPTION(task, output, "--output", "FILE",
	"write there, with mode 0600, instead of to standard output",
	.with = "export"),
    NUMBER_OPTION(task, wait, "--wait", "SECONDS", 0, 3600,
	"the time to wait until another organisation has signed the ledger",
	.standard = "60", .with = "export"),
    FILE_OPTION(task, anchor, "--anchor", "CA",
	"the certificate of the nation's authority", .with = "verify",
	.needed = "verify"),
    NUMBER_OPTION(task, witnesses, "--witnesses", "N", 1, 3,
	"the number of other organisations that have to have signed the "
	"ledger",
	.standard = "1", .with = "verify"),
    {0},
};

static int command_evidence(int argc, char **argv);

const struct command evidence_command = {
    .name = "evidence",
    .summary = "make an exchange of information provable to others",
    .run = command_evidence,
    .forms = forms,
    .options = options,
    .about =
	"Archives of an exchange of information: the messages that systems "
	"have signed, as proof for a third party.",
    .exits =
	"0 all holds, 1 a part does not hold, 3 there is no such exchange, "
	"the relay does not run, or the ledger is not signed yet",
};

/* --- Judging ------------------------------------------------------------- */

static void
print_findings(const struct evidence *e)
{
	size_t i;

	for (i = 0; i < e->n_findings; i++)
		printf("%s  %.*s\n", e->findings[i].holds ? "ok" : "NO",
		    SLICE_ARG(e->findings[i].text));
}

/* Judge the file, and tell its story. */
static enum err
judge(struct arena *arena, const char *path, struct slice anchor,
    struct evidence *ret, struct problem *problem)
{
	struct buf archive, story;
	enum err rc;

	buf_init(&archive);
	buf_init(&story);
	rc = file_read(path, EVIDENCE_ARCHIVE_MAX, &archive, problem);
	if (rc == OK) {
		evidence_judge(arena, buf_slice(&archive), anchor, ret);
		print_findings(ret);
		if (ret->holds)
			evidence_tell(&ret->story, &story);
		printf("\n%s", ret->holds ? story.data : "DOES NOT HOLD\n");
	}
	buf_done(&archive);
	buf_done(&story);

	return rc;
}

/* True if both archives are the two sides of one exchange; says so. */
static bool
print_comparison(const struct evidence *a, const struct evidence *b)
{
	const char *why = evidence_differ(&a->story, &b->story);

	if (why == NULL)
		printf("\nok  one exchange, shown by both sides\n");
	else
		printf("\nNO  not one exchange: %s\n", why);

	return why == NULL;
}

/* One file, or two. */
/* Have enough other organisations signed the ledger? */
static bool
is_witnessed(const struct evidence *e, uint64_t wanted)
{
	if (e->story.n_witnesses >= wanted)
		return true;
	printf("NO  other organisations that signed the ledger: %zu; expected "
	       "%llu\n",
	    e->story.n_witnesses, (unsigned long long)wanted);

	return false;
}

static int
verify(const struct task *t, char **files)
{
	struct arena *arena = arena_new();
	struct problem problem = {0};
	struct evidence found[2];
	struct buf anchor;
	bool holds = true;
	enum err rc;
	size_t n;

	buf_init(&anchor);
	rc = file_read(t->anchor, ANCHOR_MAX, &anchor, &problem);
	for (n = 0; rc == OK && n < 2 && files[n] != NULL; n++) {
		rc = judge(
		    arena, files[n], buf_slice(&anchor), &found[n], &problem);
		holds = holds && rc == OK && found[n].holds &&
		    is_witnessed(&found[n], t->witnesses);
	}
	if (rc == OK && holds && n == 2)
		holds = print_comparison(&found[0], &found[1]);
	buf_done(&anchor);
	arena_free(arena);
	if (rc)
		return cli_fail("evidence", &problem);

	return holds ? 0 : EXIT_NO;
}

/* --- Exporting ----------------------------------------------------------- */

static void
say_that_we_wait(void)
{
	fprintf(stderr,
	    "waiting until another organisation has signed the ledger ...\n");
}

/* Judge our own archive: its holder should learn now if it does not hold. */
static enum err
check_own(const struct auditing *auditing, struct slice archive,
    struct problem *problem)
{
	struct arena *arena = arena_new();
	struct evidence found;
	struct buf anchor;
	enum err rc;
	size_t i;

	buf_init(&anchor);
	rc = auditing_anchor(auditing, &anchor, problem);
	if (rc == OK) {
		evidence_judge(arena, archive, buf_slice(&anchor), &found);
		for (i = 0; i < found.n_findings && rc == OK; i++) {
			if (!found.findings[i].holds)
				rc = problem_set(problem, ERR_CORRUPT,
				    "the archive is written, but it does not "
				    "hold: %.*s",
				    SLICE_ARG(found.findings[i].text));
		}
	}
	buf_done(&anchor);
	arena_free(arena);

	return rc;
}

static enum err
write_archive(const struct task *t, const struct auditing *auditing,
    const json_t *archive, struct problem *problem)
{
	char *text = json_dumps(archive, JSON_INDENT(1));
	struct buf lines;
	enum err rc = OK;

	buf_init(&lines);
	buf_add_string(&lines, text);
	buf_add_char(&lines, '\n');
	free(text);
	if (t->output != NULL)
		rc = file_replace(t->output, buf_slice(&lines), 0600, problem);
	else if (fwrite(lines.data, 1, lines.len, stdout) != lines.len)
		rc = problem_set(problem, ERR_IO, "cannot write the archive");
	if (rc == OK)
		rc = check_own(auditing, buf_slice(&lines), problem);
	buf_done(&lines);

	return rc;
}

static int export(const struct task *t, char **operands)
{
	struct evidence_wish wish = {
	    .exchange = slice_of(operands[2]), .on_wait = say_that_we_wait};
	struct auditing *auditing = NULL;
	struct problem problem = {0};
	struct message_id exchange;
	json_t *archive = NULL;
	enum err rc = OK;
	int code;

	if (system_id_parse(slice_of(operands[1]), &wish.holder))
		return cli_misuse("evidence",
		    "%s is not the id of a system, such as 131041/relay",
		    operands[1]);
	if (message_id_parse(wish.exchange, &exchange))
		return cli_misuse("evidence",
		    "%s is not the id of an exchange; expected 32 hexadecimal "
		    "digits in lower case",
		    operands[2]);
	wish.patience_ms = (int64_t)t->wait * 1000;
	if (t->output != NULL)
		rc = file_check_output(t->output, NULL, &problem);
	if (rc == OK)
		rc = auditing_open(operands[0], &auditing, &problem);
	if (rc == OK)
		rc = evidence_export(auditing, &wish, &archive, &problem);
	if (rc == OK)
		rc = write_archive(t, auditing, archive, &problem);
	json_decref(archive);
	auditing_close(auditing);

	if (rc == OK)
		return 0;
	code = cli_fail("evidence", &problem);

	return rc == ERR_CORRUPT ? EXIT_NO : code;
}

/* --- The command --------------------------------------------------------- */

static int
command_evidence(int argc, char **argv)
{
	struct task task = {0};
	int rc;

	rc = cli_options(&evidence_command, argc, argv, &task);
	if (rc >= 0)
		return rc;
	if (strcmp(argv[1], "export") == 0)
		return export(&task, argv + 2);

	return verify(&task, argv + 2);
}
