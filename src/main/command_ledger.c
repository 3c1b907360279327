/* bango ledger: verify what was written down, prove it, watch those who do. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/auditing.h"

struct wishes {
	const char *seen;
};

static const struct cli_operand systems[] = {{"DIR", CLI_FOLDER},
    {"SYSTEM", CLI_MEMBER, .optional = true, .many = true}, {0}};
static const struct cli_operand entry[] = {
    {"DIR", CLI_FOLDER}, {"SYSTEM", CLI_MEMBER}, {"ENTRY", CLI_TEXT}, {0}};
static const struct cli_form forms[] = {
    {systems, "verify",
	"compute the logs of systems, which must not run, again from their "
	"databases, and report entries altered or lost"},
    {entry, "prove",
	"print an entry and the proof that it is in the log, as JSON"},
    {systems, "audit",
	"ask running systems for their checkpoints, and check that signatures "
	"fit and each checkpoint continues the earlier ones"},
    {0},
};
static const struct cli_option options[] = {
    FOLDER_OPTION(wishes, seen, "--seen", "FOLDER",
	"keep the checkpoints in FOLDER, and compare them with those of the "
	"last time",
	.with = "audit"),
    {0},
};

static int command_ledger(int argc, char **argv);

const struct command ledger_command = {
    .name = "ledger",
    .summary = "verify, prove and audit the log of accesses to personal data",
    .run = command_ledger,
    .forms = forms,
    .options = options,
    .about =
	"Every system keeps an append-only log of its accesses to personal "
	"data.",
    .exits = "0 all holds, 1 a log does not hold, 3 a system runs (verify) or "
	     "does not (audit), a database is of another version, or there is "
	     "no such nation, system or entry",
};

struct task {
	struct auditing *auditing;
	const char *seen;
	int code;
};

static void
note_failure(struct task *t, const struct system_id *id, enum err err,
    const struct problem *problem)
{
	printf("%-18s %s: %s\n", id->text,
	    err == ERR_CORRUPT ? "DOES NOT HOLD" : "not checked",
	    problem->text);
	if (t->code != EXIT_NO)
		t->code =
		    err == ERR_CORRUPT ? EXIT_NO : err_info(err)->exit_code;
}

static void
verify_one(struct task *t, const struct system_id *id)
{
	struct ledger_findings found;
	struct problem problem = {0};
	enum err rc;

	rc = auditing_verify(t->auditing, id, &found, &problem);
	if (rc) {
		note_failure(t, id, rc, &problem);
		return;
	}
	printf("%-18s holds: %llu entries", id->text,
	    (unsigned long long)found.entries);
	if (found.erased > 0)
		printf(", %llu erased", (unsigned long long)found.erased);
	if (found.state > 0)
		printf(
		    ", rows as in entry %llu", (unsigned long long)found.state);
	if (found.waiting > 0)
		printf(", %llu not in the log yet",
		    (unsigned long long)found.waiting);
	printf("\n");
}

static void
audit_one(struct task *t, const struct system_id *id)
{
	struct auditing_view view;
	struct problem problem = {0};
	enum err rc;

	rc = auditing_look(t->auditing, id, t->seen, &view, &problem);
	if (rc) {
		note_failure(t, id, rc, &problem);
		return;
	}
	printf("%-18s ", id->text);
	if (view.size == 0) {
		printf("no entry yet\n");
		return;
	}
	printf("signed: %llu entries", (unsigned long long)view.size);
	if (view.had)
		printf(", continues the %llu entries seen before",
		    (unsigned long long)view.before);
	if (view.witnesses > 0)
		printf(", %llu entries witnessed by %s",
		    (unsigned long long)view.cosigned, view.first.text);
	printf("\n");
}

/* Those that are named, or all. */
static int
for_each(struct task *t, char **names,
    void (*one)(struct task *t, const struct system_id *id))
{
	struct system_id id;
	size_t i;

	if (*names == NULL) {
		for (i = 0; i < auditing_systems(t->auditing); i++)
			one(t, auditing_system(t->auditing, i));
		return t->code;
	}
	for (; *names != NULL; names++) {
		if (system_id_parse(slice_of(*names), &id))
			return cli_misuse("ledger",
			    "%s is not the id of a system, such as "
			    "131041/relay",
			    *names);
		one(t, &id);
	}

	return t->code;
}

static int
prove(struct task *t, char **operands)
{
	struct problem problem = {0};
	struct system_id id;
	json_t *proof = NULL;
	struct buf text;
	uint64_t seq;

	if (system_id_parse(slice_of(operands[0]), &id) ||
	    slice_to_u64(slice_of(operands[1]), INT64_MAX, &seq))
		return cli_misuse("ledger",
		    "give the id of a system, such as 131041/relay, and the "
		    "number of an entry");
	if (auditing_prove(t->auditing, &id, (int64_t)seq, &proof, &problem))
		return cli_fail("ledger", &problem);
	buf_init(&text);
	json_write(proof, &text);
	puts(text.data);
	buf_done(&text);
	json_decref(proof);

	return 0;
}

static int
run(struct task *t, const char *what, char **operands)
{
	if (strcmp(what, "verify") == 0)
		return for_each(t, operands, verify_one);
	if (strcmp(what, "audit") == 0)
		return for_each(t, operands, audit_one);

	return prove(t, operands);
}

static int
command_ledger(int argc, char **argv)
{
	struct problem problem = {0};
	struct task task = {0};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&ledger_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	task.seen = w.seen;
	if (task.seen != NULL && folder_make(task.seen, 0755, &problem))
		return cli_fail("ledger", &problem);
	if (auditing_open(argv[2], &task.auditing, &problem))
		return cli_fail("ledger", &problem);
	rc = run(&task, argv[1], argv + 3);
	auditing_close(task.auditing);

	return rc;
}
