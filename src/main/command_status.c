/* bango status: how every system of a nation is. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "host/right.h"
#include "host/status.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/nation.h"

#define REFUSAL_MS (24ll * 3600 * 1000)

struct wishes {
	bool json;
};

static const struct cli_operand operands[] = {{"DIR", CLI_FOLDER}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FLAG_OPTION(wishes, json, "--json", "print JSON, for programs"), {0}};

static int command_status(int argc, char **argv);

const struct command status_command = {
    .name = "status",
    .summary = "print the state of a nation's systems",
    .run = command_status,
    .forms = forms,
    .options = options,
    .about =
	"Ask every system of the nation in DIR for its state: the counts of "
	"its data, the messages that wait for delivery, and the last refusal.",
    .exits = "0 all systems are well, 1 a message was refused within a "
	     "day, rows were left out, records differ, a list is out of date "
	     "or something ends within a month, 3 a system is down or cannot "
	     "write, something has ended, or there is no nation",
};

/* Where people and the public find it. */
static void
put_addresses(json_t *row, const struct system_config *s)
{
	const struct http_port *port;
	struct buf url;

	buf_init(&url);
	for (port = s->further; port < s->further + FURTHER_DOORS; port++) {
		if (port->port == 0)
			continue;
		buf_clear(&url);
		config_url(s, port, &url);
		json_put_text(row, http_door_name(port->door), buf_slice(&url));
	}
	buf_done(&url);
}

/* A system that the one of this row relies on, if the nation has none: a nation
 * may be begun without, so that this is no failure. */
static void
put_missing(json_t *row, const struct system_config *s)
{
	const char *name = s->system->relies_on;

	if (name != NULL && !config_has_setting(s, name))
		json_put_text(row, "missing", slice_of(name));
}

/* Messages wait for revoked peers without end. */
static void
mark_revoked(const struct nation *nation, json_t *row)
{
	struct system_id id;
	json_t *waiting;
	size_t i;

	json_array_foreach(json_object_get(row, "waiting"), i, waiting)
	{
		const char *peer =
		    json_string_value(json_object_get(waiting, "peer"));

		if (peer != NULL &&
		    system_id_parse(slice_of(peer), &id) == OK &&
		    nation_is_revoked(nation, &id))
			json_object_set_new(waiting, "revoked", json_true());
	}
}

/* A new reference. */
static json_t *
row_of_down(const struct system_config *s, const struct problem *problem)
{
	json_t *row = json_object();
	struct buf why;

	buf_init(&why);
	buf_add_string(&why, problem->text);
	if (problem->detail[0] != '\0')
		buf_printf(&why, " (%s)", problem->detail);
	json_put_text(row, "system", slice_of(s->id.text));
	json_put_text(row, "down", buf_slice(&why));
	buf_done(&why);

	return row;
}

/* The answer of a system, or the reason why it is down; a new reference.  Damaged
 * files of the nation, with which no system can be asked, are an error. */
static enum err
ask(struct nation *nation, const struct system_config *s, json_t **ret,
    struct problem *ret_problem)
{
	struct problem problem = {0};
	json_t *answer = NULL;
	int status = 0;
	enum err rc;

	rc = nation_call(nation, s->id.text, HTTP_GET, "/status", NULL, &status,
	    &answer, &problem);
	if (rc == OK && status == 200) {
		put_addresses(answer, s);
		put_missing(answer, s);
		mark_revoked(nation, answer);
		*ret = answer;
		return OK;
	}
	json_decref(answer);
	*ret_problem = problem;
	if (rc == ERR_CRYPTO || rc == ERR_CORRUPT)
		return rc;
	if (rc == OK)
		snprintf(problem.text, sizeof(problem.text),
		    "the system does not answer GET /status as it should");

	*ret = row_of_down(s, &problem);

	return OK;
}

static void
print_counts(const json_t *counts)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)counts, key, value) printf(
	    "  %s %" JSON_INTEGER_FORMAT, key, json_integer_value(value));
}

/* The list of revoked keys that the system has taken. */
static void
print_revocations(const json_t *row)
{
	const json_t *number = json_object_get(row, "revocations");

	if (number != NULL)
		printf("%20s list of revoked keys: number %lld, %lld s old\n",
		    "", (long long)json_integer_value(number),
		    (long long)json_integer_value(
			json_object_get(row, "revocations_age_seconds")));
}

/* The age of a list that is used although it is out of date. */
static void
print_late(const json_t *row, const char *key, const char *text)
{
	int64_t late = json_integer_value(json_object_get(row, key));

	if (late > 0)
		printf("%20s %s %lld s\n", "", text, (long long)late);
}

static void
print_missing(const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "missing"));

	if (name != NULL)
		printf("%20s the nation has no %s, for which much of its work "
		       "waits\n",
		    "", name);
}

static void
print_left_out(const json_t *row)
{
	int64_t n = json_integer_value(json_object_get(row, "left_out"));

	if (n > 0)
		printf("%20s rows left out of messages: %lld; the log names "
		       "them\n",
		    "", (long long)n);
}

static bool
is_full(const json_t *backlog)
{
	return json_integer_value(json_object_get(backlog, "bytes")) >=
	    json_integer_value(json_object_get(backlog, "bound"));
}

/* Whether a backlog has reached its bound, so that somebody waits (host/backlog.h). */
static bool
any_full(const json_t *row)
{
	const json_t *backlog;
	size_t i;

	json_array_foreach(json_object_get(row, "backlogs"), i, backlog)
	{
		if (is_full(backlog))
			return true;
	}

	return false;
}

static void
print_backlogs(const json_t *row)
{
	const json_t *backlog;
	size_t i;

	json_array_foreach(json_object_get(row, "backlogs"), i, backlog)
	{
		printf("%20s %lld of %lld KiB for %s that %s asked for%s\n", "",
		    (long long)json_integer_value(
			json_object_get(backlog, "bytes")) >>
			10,
		    (long long)json_integer_value(
			json_object_get(backlog, "bound")) >>
			10,
		    json_string_value(json_object_get(backlog, "peer")),
		    json_string_value(json_object_get(backlog, "cause")),
		    is_full(backlog) ? ": what it sends now waits there" : "");
	}
}

/* The number of budgets that somebody has passed today (components/budget). */
static int64_t
over_budget(const json_t *row)
{
	return json_integer_value(
	    json_object_get(json_object_get(row, "counts"), "over_budget"));
}

static void
print_over_budget(const json_t *row)
{
	if (over_budget(row) > 0)
		printf("%20s budgets passed today: %lld; GET /budgets names "
		       "the organisations\n",
		    "", (long long)over_budget(row));
}

/* Alarms of its keeper that nobody has explained (components/keeper). */
static int64_t
discrepancies(const json_t *row)
{
	return json_integer_value(
	    json_object_get(json_object_get(row, "counts"), "discrepancies"));
}

static void
print_discrepancies(const json_t *row)
{
	if (discrepancies(row) > 0)
		printf("%20s exchanges that one record alone has: %lld; GET "
		       "/discrepancies lists them\n",
		    "", (long long)discrepancies(row));
}

/* Starts at which rows did not fit the ledger (components/audit/state.h). */
static int64_t
misfits(const json_t *row)
{
	return json_integer_value(
	    json_object_get(json_object_get(row, "counts"), "misfits"));
}

static void
print_misfits(const json_t *row)
{
	if (misfits(row) > 0)
		printf("%20s starts at which rows did not fit the ledger: "
		       "%lld; another program has changed them; `bango ledger "
		       "verify` names the tables\n",
		    "", (long long)misfits(row));
}

/* The word of the witness of its ledger (host/gate.h). */
static void
print_witnessed(const json_t *row)
{
	const char *halted = json_string_value(json_object_get(row, "halted"));

	if (halted != NULL)
		printf("%20s %s\n", "", halted);
	if (json_object_get(row, "unwitnessed") != NULL)
		printf("%20s no witness has confirmed its ledger since its "
		       "start\n",
		    "");
}

static bool
is_open(const json_t *row)
{
	const char *sandbox =
	    json_string_value(json_object_get(row, "sandbox"));

	return sandbox != NULL && strcmp(sandbox, SANDBOX_COMPLETE) != 0;
}

/* Where the kernel closes no sandbox around it (live/sandbox.h). */
static void
print_sandbox(const json_t *row)
{
	if (is_open(row))
		printf("%20s no whole sandbox: %s\n", "",
		    json_string_value(json_object_get(row, "sandbox")));
}

/* Receipts that do not fit a database (wire/receipt.h): a hint. */
static void
print_lost(const json_t *row)
{
	int64_t here = json_integer_value(json_object_get(row, "lost_here")),
		there = json_integer_value(json_object_get(row, "lost_there"));

	if (here > 0)
		printf("%20s neighbours that have its receipt for a message "
		       "which its database lacks: %lld; was an older copy put "
		       "back? the log names them\n",
		    "", (long long)here);
	if (there > 0)
		printf("%20s neighbours whose database lacks a message that "
		       "they acknowledged: %lld; the log names them\n",
		    "", (long long)there);
}

/* A database that an officer adopted (host/mark.h). */
static void
print_adopted(const json_t *row)
{
	const json_t *n = json_object_get(row, "waits_for_rebuild");

	if (n != NULL)
		printf("%20s its database was adopted; values that it forgot "
		       "and was asked for: %lld\n",
		    "", (long long)json_integer_value(n));
}

static bool
has_state(const json_t *end, const char *state)
{
	const char *text = json_string_value(json_object_get(end, "state"));

	return text != NULL && strcmp(text, state) == 0;
}

/* Whether one of the things that end is in that state. */
static bool
any_end(const json_t *row, const char *state)
{
	const json_t *end;
	size_t i;

	json_array_foreach(json_object_get(row, "ends"), i, end)
	{
		if (has_state(end, state))
			return true;
	}

	return false;
}

/* The words for a thing that ends (host/status.c), and what is to be done. */
static void
print_end(const json_t *end)
{
	static const struct {
		const char *what, *words, *help;
	} table[] = {
	    {"authority", "the authority's certificate",
		"all systems stop with it"},
	    {"certificate", "its certificate for TLS", "`bango renew`"},
	    {"signing-key", "its signing key", "`bango renew`"},
	    {"sealing-key", "the two years of its sealing key",
		"`bango keys --rotate seal`"},
	    {"revocation-list", "the revocation list", "`bango renew`"},
	    {"holders", "the duties of its last holder",
		"`bango renew --holders`"},
	};
	const char *what = json_string_value(json_object_get(end, "what"));
	const char *at = json_string_value(json_object_get(end, "at"));
	bool is_over;
	size_t i;

	if (has_state(end, "good") || what == NULL || at == NULL)
		return;
	/* Nothing refuses an old sealing key, of which nothing is told before. */
	is_over = has_state(end, "over") || strcmp(what, "sealing-key") == 0;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].what, what) == 0)
			printf("%20s %s: %s %s; %s\n", "", table[i].words,
			    is_over ? "ended" : "ends", at, table[i].help);
	}
}

static void
print_ends(const json_t *row)
{
	const json_t *end;
	size_t i;

	json_array_foreach(json_object_get(row, "ends"), i, end) print_end(end);
}

static void
print_address(const json_t *row, const char *door)
{
	const char *url = json_string_value(json_object_get(row, door));

	if (url != NULL)
		printf("%20s %s: %s\n", "", door, url);
}

static bool
read_instant(const json_t *object, const char *key, struct instant *ret)
{
	struct slice text;

	return json_get_text(object, key, &text, NULL) == OK &&
	    instant_parse(text, ret) == OK;
}

/* Nothing ends a refusal, as the message is not sent again: it is a fault for a
 * day, and told after that. */
static bool
was_refused_lately(const json_t *row)
{
	const json_t *refusal = json_object_get(row, "last_refusal");
	struct instant at, now;

	if (refusal == NULL)
		return false;
	if (!read_instant(refusal, "at", &at) ||
	    !read_instant(row, "time", &now))
		return true;

	return now.ms - at.ms < REFUSAL_MS;
}

static void
print_refusal(const json_t *row)
{
	const json_t *refusal = json_object_get(row, "last_refusal");

	if (refusal == NULL)
		return;
	printf("%20s refused by %s: %s (%s) at %s\n", "",
	    json_string_value(json_object_get(refusal, "peer")),
	    json_string_value(json_object_get(refusal, "type")),
	    json_string_value(json_object_get(refusal, "reason")),
	    json_string_value(json_object_get(refusal, "at")));
	if (was_refused_lately(row))
		printf("%20s it is not sent again: if it is still wanted, "
		       "correct what the reason names and ask anew; status 1 "
		       "ends after a day\n",
		    "");
}

static void
print_row(const json_t *row)
{
	const char *down = json_string_value(json_object_get(row, "down"));
	const json_t *waiting = json_object_get(row, "waiting"), *w;
	const char *unwritten =
	    json_string_value(json_object_get(row, "write_failed"));
	size_t i;

	printf("%-18s %s", json_string_value(json_object_get(row, "system")),
	    down != NULL ? "DOWN  " : "up");
	if (down != NULL) {
		printf("%s\n", down);
		return;
	}
	print_counts(json_object_get(row, "counts"));
	printf("\n");
	print_address(row, "people");
	print_address(row, "public");
	json_array_foreach(waiting, i, w) printf(
	    "%20s waiting for %s%s: %" JSON_INTEGER_FORMAT
	    " messages, the oldest for %" JSON_INTEGER_FORMAT " s\n",
	    "", json_string_value(json_object_get(w, "peer")),
	    json_is_true(json_object_get(w, "revoked")) ? ", which is revoked"
							: "",
	    json_integer_value(json_object_get(w, "messages")),
	    json_integer_value(json_object_get(w, "oldest_seconds")));
	if (unwritten != NULL)
		printf("%20s the last change could not be written: %s\n", "",
		    unwritten);
	print_revocations(row);
	print_late(row, "revocations_late_seconds",
	    "the revocation list is out of date for");
	print_late(
	    row, "directory_late_seconds", "the directory cannot be read for");
	print_late(row, "clock_behind_seconds",
	    "the clock was set back, and the time stands still for");
	print_left_out(row);
	print_backlogs(row);
	print_over_budget(row);
	print_discrepancies(row);
	print_misfits(row);
	print_witnessed(row);
	print_lost(row);
	print_adopted(row);
	print_sandbox(row);
	print_missing(row);
	print_ends(row);
	print_refusal(row);
}

static void
print_json(const json_t *rows)
{
	struct buf text;

	buf_init(&text);
	json_write(rows, &text);
	puts(text.data);
	buf_done(&text);
}

static bool
is_above_zero(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key)) > 0;
}

/* The exit status that one system's row asks for. */
static int
code_of(const json_t *row)
{
	if (json_object_get(row, "down") != NULL)
		return err_info(ERR_UNREACHABLE)->exit_code;
	if (json_object_get(row, "write_failed") != NULL ||
	    json_object_get(row, "halted") != NULL || any_end(row, "over"))
		return err_info(ERR_IO)->exit_code;

	return was_refused_lately(row) || is_above_zero(row, "left_out") ||
		any_full(row) || over_budget(row) > 0 ||
		discrepancies(row) > 0 || misfits(row) > 0 ||
		any_end(row, "soon") ||
		is_above_zero(row, "directory_late_seconds") ||
		is_above_zero(row, "revocations_late_seconds")
	    ? EXIT_NO
	    : 0;
}

/* `bango up` renews by itself where the authority's key is. */
static void
print_authority(const struct nation *nation)
{
	struct buf path;

	buf_init(&path);
	nation_path(&path, nation->dir, "ca/ca.keys");
	if (access(path.data, F_OK))
		printf("nothing is renewed by itself, since the authority's "
		       "key, %s, is not here: run `bango certificate "
		       "request`\n",
		    path.data);
	buf_done(&path);
}

static int
report(struct nation *nation, bool as_json)
{
	json_t *rows = json_array(), *row = NULL;
	struct problem problem = {0};
	bool ends = false;
	int code = 0, one;
	size_t i;

	for (i = 0; i < nation->config->n_systems; i++) {
		if (ask(nation, &nation->config->systems[i], &row, &problem)) {
			json_decref(rows);
			return cli_fail("status", &problem);
		}
		one = code_of(row);
		if (one > code)
			code = one;
		ends = ends || any_end(row, "soon") || any_end(row, "over");
		if (!as_json)
			print_row(row);
		json_array_append_new(rows, row);
	}
	if (ends && !as_json)
		print_authority(nation);
	if (as_json)
		print_json(rows);
	json_decref(rows);

	return code;
}

static int
command_status(int argc, char **argv)
{
	struct nation *nation = NULL;
	struct problem problem = {0};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&status_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (nation_open(argv[1], &nation, &problem))
		return cli_fail("status", &problem);
	nation->duties = RIGHT_BIT(DUTY_STATUS);
	rc = report(nation, w.json);
	nation_close(nation);

	return rc;
}
