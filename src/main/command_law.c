/* bango law: who may ask whom for what, and what an edition changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json_out.h"
#include "law/declared.h"
#include "law/difference.h"
#include "law/edition_files.h"
#include "law/explain.h"
#include "law/own_use.h"
#include "main/cli.h"
#include "main/commands.h"

#define LIST_MAX (16u << 20) /* bytes of a list of affairs */

struct session {
	const char *command;
	bool json;
	const char *date, *folder, *affairs;
	struct date day;
	struct editions *editions;
	const struct edition *edition; /* in force */
	struct problem problem;
};

static const struct cli_operand may_operands[] = {{"INQUIRER", CLI_TEXT},
    {"AFFAIR", CLI_TEXT}, {"PROVIDER", CLI_TEXT}, {"ITEM", CLI_TEXT}, {0}};
static const struct cli_operand list_operands[] = {
    {"affairs|items|providers|inquirers|editions", CLI_WORD}, {0}};
static const struct cli_operand show_operands[] = {{"AFFAIR", CLI_TEXT}, {0}};
static const struct cli_operand diff_operands[] = {
    {"OLD", CLI_TEXT}, {"NEW", CLI_TEXT}, {0}};
static const struct cli_form forms[] = {{may_operands, "may"},
    {list_operands, "list"}, {show_operands, "show"}, {diff_operands, "diff"},
    {0}};
static const struct cli_option options[] = {
    TEXT_OPTION(session, date, "--date", "DAY",
	"decide by the edition in force on that day, not today's"),
    FOLDER_OPTION(session, folder, "--editions", "FOLDER",
	"read more editions from FOLDER, each a file YYYY-MM-DD.tsv named by "
	"the day on which it takes effect"),
    FILE_OPTION(session, affairs, "--affairs", "FILE",
	"read own-use affairs and limits from FILE, as the network lists them "
	"(GET /affairs): then AFFAIR can be one of them, INQUIRER the "
	"organisation that declared it, and PROVIDER a kind, or "
	"KIND:ORGANISATION to see its limits"),
    FLAG_OPTION(session, json, "--json", "print JSON, for programs"),
    {0},
};

static int command_law(int argc, char **argv);

const struct command law_command = {
    .name = "law",
    .summary = "look up which inquiries the law allows",
    .run = command_law,
    .forms = forms,
    .options = options,
    .about =
	"Look up in the law's table which organisation may ask which other for "
	"which information. INQUIRER and PROVIDER are kinds of organisations "
	"(\"municipality\") or names in the table; AFFAIR is a row of it; ITEM "
	"is one of `bango law list items`; OLD and NEW are editions.",
    .exits =
	"0 allowed, or no difference; 1 not allowed, or a difference; 2 misuse; "
	"3 a file cannot be read",
};

/* --- Editions ------------------------------------------------------------- */

/* Today in Japan without a date. */
static enum err
read_day(struct session *s, const char *date, struct date *ret)
{
	struct clock clock = clock_system();

	*ret = date_in_japan(clock.now(clock.state));
	if (date != NULL && date_parse(slice_of(date), ret))
		return problem_set(&s->problem, ERR_INPUT,
		    "\"%s\" is not a day; write 2026-11-21", date);

	return OK;
}

/* The edition that a date names, or that is in force on it. */
static enum err
find_edition(struct session *s, const char *date, const struct edition **ret)
{
	struct date day;

	if (read_day(s, date, &day))
		return ERR_INPUT;
	if (editions_on(s->editions, day, ret))
		return problem_set(&s->problem, ERR_NOT_FOUND,
		    "no edition of the table was in force on that day");

	return OK;
}

static enum err
session_open(struct session *s)
{
	struct law_text text = law_text_built_in();
	enum err rc;

	s->editions = editions_new();
	rc = editions_add(s->editions, EDITION_BUILT_IN, &text, &s->problem);
	if (rc == OK && s->folder != NULL)
		rc = editions_read(s->editions, s->folder, &s->problem);

	return rc == OK ? read_day(s, s->date, &s->day) : rc;
}

/* --- Writing -------------------------------------------------------------- */

static void
put_line(struct json_out *o)
{
	struct slice text = json_out_finish(o);

	printf("%.*s\n", SLICE_ARG(text));
	arena_free(o->arena);
}

static void
put_edition(struct json_out *o, const struct edition *edition)
{
	char day[DATE_TEXT_MAX];

	date_format(edition->effective, day);
	json_out_text(o, "edition", slice_of(day));
}

/* --- may ------------------------------------------------------------------ */

/* A kind of organisation, or a name as the table has it. */
static enum err
read_party(struct session *s, const char *word, struct law_names *ret)
{
	if (law_party(s->edition->law, slice_of(word), ret) == OK)
		return OK;

	return problem_set(&s->problem, ERR_INPUT,
	    "\"%s\" is no kind of organisation and no name in the table; see "
	    "`bango law list inquirers` and `bango law list providers`",
	    word);
}

/* The parts of an answer about a decision. */
struct said {
	const struct law_decision *decision;
	bool allowed;
	struct slice reason, article, fitting;
	const char *text; /* why not */
};

static void
say_json(const struct session *s, const struct said *said)
{
	const struct law_decision *d = said->decision;
	struct json_out o;

	json_out_init(&o, arena_new());
	json_out_object(&o, NULL);
	json_out_raw(
	    &o, "allowed", said->allowed ? SLICE("true") : SLICE("false"));
	json_out_text(&o, "reason", said->reason);
	put_edition(&o, s->edition);
	json_out_int(&o, "row", d->row);
	json_out_int(&o, "sub", d->sub);
	json_out_text(&o, "article", said->article);
	json_out_text(&o, "missing", slice_of(law_missing_name(d->missing)));
	json_out_text(&o, "text", slice_of(said->allowed ? "" : said->text));
	json_out_text(&o, "fitting", said->fitting);
	put_line(&o);
}

static void
say_decision(const struct session *s, const struct said *said)
{
	const struct law_decision *d = said->decision;
	const char *missing = law_missing_name(d->missing);

	if (s->json) {
		say_json(s, said);
	} else if (said->allowed) {
		printf("yes  row %u, line %u: %.*s; detailed in article %u\n",
		    d->row, d->sub, SLICE_ARG(said->article), d->article);
	} else {
		printf("no   %.*s: %s\n     %.*s\n",
		    missing[0] != '\0' ? (int)strlen(missing)
				       : (int)said->reason.len,
		    missing[0] != '\0' ? missing : said->reason.data,
		    said->text, SLICE_ARG(said->article));
		if (said->fitting.len > 0)
			printf(
			    "     expected: %.*s\n", SLICE_ARG(said->fitting));
	}
}

static int
may_by_table(struct session *s, char **operands, const struct law_item *item)
{
	struct law_question question = {.kind = item->number};
	struct law_decision decision;
	struct said said = {.decision = &decision};
	struct buf article, fitting;
	enum err rc;

	rc = read_party(s, operands[0], &question.inquirer);
	if (rc == OK)
		rc = read_party(s, operands[2], &question.provider);
	if (rc)
		return cli_misuse(s->command, "%s", s->problem.text);
	if (law_row(s->edition->law, slice_of(operands[1]), &question.row))
		question.row = 0;
	law_decide(s->edition->law, &question, &decision);
	buf_init(&article);
	buf_init(&fitting);
	law_cite(&decision, &article);
	law_put_fitting(&fitting, s->edition->law, &question, decision.missing);
	said.allowed = decision.allowed;
	said.reason = slice_of(
	    decision.allowed ? "" : refusal_info(REFUSED_NO_BASIS)->reason);
	said.article = buf_slice(&article);
	said.fitting = fitting.len > 0 ? buf_slice(&fitting) : SLICE("");
	said.text = law_missing_text(decision.missing);
	say_decision(s, &said);
	buf_done(&fitting);
	buf_done(&article);

	return decision.allowed ? 0 : 1;
}

/* --- may, in an own-use affair -------------------------------------------- */

static int
judge_own_use(struct session *s, const struct own_use_case *inquiry)
{
	struct law_decision decision;
	struct said said = {.decision = &decision};
	enum refusal refusal;
	struct buf article;

	buf_init(&article);
	refusal = own_use_judge(
	    s->edition->law, inquiry, &decision, &article, &said.text);
	said.allowed = refusal == REFUSED_NOT;
	said.reason = slice_of(refusal_info(refusal)->reason);
	said.article = buf_slice(&article);
	say_decision(s, &said);
	buf_done(&article);

	return said.allowed ? 0 : 1;
}

/* Read the provider, KIND or KIND:ORGANISATION, and find the own-use affair. */
static enum err
read_case(struct session *s, char **operands, const struct declared_list *list,
    struct own_use_case *ret)
{
	struct slice provider = slice_of(operands[2]);
	char *kind = heap_string(slice_cut(&provider, ':'));
	struct declared_question question = {.inquirer = slice_of(operands[0]),
	    .affair = slice_of(operands[1]),
	    .provider = provider,
	    .item = ret->item};
	enum err rc = read_party(s, kind, &ret->provider);
	const struct edition *edition;

	free(kind);
	if (rc)
		return rc;
	declared_find(list, &question, ret);
	if (ret->own_use == NULL)
		return OK;
	if (editions_on(s->editions, ret->declared_under, &edition) ||
	    date_compare(edition->effective, ret->declared_under) != 0)
		return problem_set(&s->problem, ERR_INPUT,
		    "the edition under which the affair was declared is not "
		    "here; give --editions FOLDER");
	ret->row = own_use_row(ret->own_use, edition->law, s->edition->law);

	return OK;
}

static int
may_by_ordinance(
    struct session *s, char **operands, const struct law_item *item)
{
	struct own_use_case inquiry = {.item = item->id, .day = s->day};
	struct arena *arena = arena_new();
	struct declared_list list;
	struct buf text;
	enum err rc;
	int status;

	buf_init(&text);
	rc = file_read(s->affairs, LIST_MAX, &text, &s->problem);
	if (rc == OK)
		rc = shape_read(&declared_list_shape, arena, buf_slice(&text),
		    &list, &s->problem);
	if (rc == OK)
		rc = read_case(s, operands, &list, &inquiry);
	status = rc ? cli_misuse(s->command, "%s", s->problem.text)
		    : judge_own_use(s, &inquiry);
	buf_done(&text);
	arena_free(arena);

	return status;
}

static int
may(struct session *s, char **operands)
{
	struct law_item item;

	if (law_item(s->edition->law, slice_of(operands[3]), &item))
		return cli_misuse(s->command,
		    "there is no item \"%s\"; see `bango law list items`",
		    operands[3]);

	if (!own_use_is_id(slice_of(operands[1])))
		return may_by_table(s, operands, &item);
	if (s->affairs == NULL)
		return cli_misuse(s->command,
		    "\"%s\" is an own-use affair; give --affairs FILE with the "
		    "declared affairs",
		    operands[1]);

	return may_by_ordinance(s, operands, &item);
}

/* --- list, show ----------------------------------------------------------- */

static void
say_entry(const struct session *s, struct slice id, struct slice title)
{
	struct json_out o;

	if (!s->json) {
		printf("%.*s\t%.*s\n", SLICE_ARG(id), SLICE_ARG(title));
		return;
	}
	json_out_init(&o, arena_new());
	json_out_object(&o, NULL);
	json_out_text(&o, "id", id);
	json_out_text(&o, "title", title);
	put_line(&o);
}

static void
list_affairs(const struct session *s)
{
	struct slice affair;
	unsigned int row;
	char id[16];

	for (row = 1; row <= LAW_ROWS_MAX; row++) {
		affair = law_affair(s->edition->law, row);
		snprintf(id, sizeof(id), "%u", row);
		if (!slice_is_empty(affair))
			say_entry(s, slice_of(id), affair);
	}
}

static void
list_items(const struct session *s)
{
	struct law_item item;
	size_t i;

	for (i = 0; i < law_items(s->edition->law); i++) {
		item = law_item_at(s->edition->law, i);
		say_entry(s, item.id, item.kind);
	}
}

/* The kinds of organisation that act under these names. */
static void
list_kinds(const struct session *s, const struct law_names *names)
{
	const struct law *law = s->edition->law;
	struct law_names own;
	struct slice kind;
	struct buf title;
	size_t i, j;

	buf_init(&title);
	for (i = 0; !slice_is_empty(kind = law_capacity_at(law, i)); i++) {
		if (law_capacities(law, kind, &own))
			continue;
		for (j = 0; j < LAW_NAMES_MAX / 64; j++)
			own.bits[j] &= names->bits[j];
		buf_clear(&title);
		law_put_names(&title, law, &own);
		if (buf_slice(&title).len > 0)
			say_entry(s, kind, buf_slice(&title));
	}
	buf_done(&title);
}

/* Kinds and names that stand on one side of the table. */
static void
list_parties(const struct session *s, bool providers)
{
	const struct law *law = s->edition->law;
	const struct law_provision *p;
	struct law_names names = {{0}};
	struct slice name;
	size_t i;

	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		law_names_join(
		    &names, providers ? &p->providers : &p->inquirers);
	}
	list_kinds(s, &names);
	for (i = 0; !slice_is_empty(name = law_name_at(law, i)); i++) {
		if ((names.bits[i / 64] >> (i % 64) & 1) != 0)
			say_entry(s, name, SLICE(""));
	}
}

static void
list_editions(const struct session *s)
{
	const struct edition *edition;
	char day[DATE_TEXT_MAX];
	size_t i;

	for (i = 0; i < editions_count(s->editions); i++) {
		edition = editions_at(s->editions, i);
		date_format(edition->effective, day);
		say_entry(s, slice_of(day),
		    edition == s->edition ? SLICE("in force") : SLICE(""));
	}
}

static int
list(const struct session *s, const char *what)
{
	if (strcmp(what, "affairs") == 0)
		list_affairs(s);
	else if (strcmp(what, "items") == 0)
		list_items(s);
	else if (strcmp(what, "providers") == 0)
		list_parties(s, true);
	else if (strcmp(what, "inquirers") == 0)
		list_parties(s, false);
	else
		list_editions(s);

	return 0;
}

static void
say_provision(const struct session *s, const struct law_provision *p)
{
	const struct law *law = s->edition->law;
	struct buf providers, kinds;
	struct slice kind;
	struct json_out o;
	unsigned int i;

	buf_init(&providers);
	buf_init(&kinds);
	law_put_names(&providers, law, &p->providers);
	for (i = 0; !slice_is_empty(kind = law_kind_at(law, i)); i++) {
		if (!law_provision_has(p, i))
			continue;
		if (buf_slice(&kinds).len > 0)
			buf_add_string(&kinds, "、");
		buf_add(&kinds, kind);
	}
	if (s->json) {
		json_out_init(&o, arena_new());
		json_out_object(&o, NULL);
		json_out_int(&o, "row", p->row);
		json_out_int(&o, "sub", p->sub);
		json_out_text(&o, "providers", buf_slice(&providers));
		json_out_text(&o, "information", buf_slice(&kinds));
		put_line(&o);
	} else {
		printf("%u.%u\t%.*s\t%.*s\n", p->row, p->sub,
		    SLICE_ARG(buf_slice(&providers)),
		    SLICE_ARG(buf_slice(&kinds)));
	}
	buf_done(&kinds);
	buf_done(&providers);
}

static int
show(const struct session *s, const char *affair)
{
	const struct law *law = s->edition->law;
	const struct law_provision *p;
	struct buf inquirers;
	unsigned int row;
	bool first = true;
	size_t i;

	if (law_row(law, slice_of(affair), &row)) {
		fprintf(stderr,
		    "bango law: there is no affair \"%s\"; see `bango law list "
		    "affairs`\n",
		    affair);
		return 1;
	}
	buf_init(&inquirers);
	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		if (p->row != row)
			continue;
		buf_clear(&inquirers);
		law_put_names(&inquirers, law, &p->inquirers);
		if (first && !s->json)
			printf("%u\t%.*s\t%.*s\n", row,
			    SLICE_ARG(buf_slice(&inquirers)),
			    SLICE_ARG(law_affair(law, row)));
		first = false;
		say_provision(s, p);
	}
	buf_done(&inquirers);

	return 0;
}

/* --- diff ----------------------------------------------------------------- */

static void
say_difference(void *context, const struct law_difference *d)
{
	const struct session *s = context;
	struct json_out o;

	if (!s->json) {
		printf("%s\t%u\t%u\t%.*s\t%.*s\n", law_change_name(d->change),
		    d->old_row, d->new_row, SLICE_ARG(d->name),
		    SLICE_ARG(d->kind));
		return;
	}
	json_out_init(&o, arena_new());
	json_out_object(&o, NULL);
	json_out_text(&o, "change", slice_of(law_change_name(d->change)));
	json_out_int(&o, "old_row", d->old_row);
	json_out_int(&o, "new_row", d->new_row);
	json_out_text(&o, "name", d->name);
	json_out_text(&o, "information", d->kind);
	put_line(&o);
}

static int
diff(struct session *s, char **operands)
{
	const struct edition *both[2] = {s->edition, s->edition};
	size_t i;

	for (i = 0; i < 2; i++) {
		if (find_edition(s, operands[i], &both[i]))
			return cli_misuse(s->command, "%s", s->problem.text);
	}

	return law_compare(both[0]->law, both[1]->law, say_difference, s) == 0
	    ? 0
	    : 1;
}

/* --- The command ---------------------------------------------------------- */

static int
run(struct session *s, const char *verb, char **operands)
{
	if (strcmp(verb, "may") == 0)
		return may(s, operands);
	if (strcmp(verb, "list") == 0)
		return list(s, operands[0]);
	if (strcmp(verb, "show") == 0)
		return show(s, operands[0]);

	return diff(s, operands);
}

/* That nothing was in force is a no. */
static int
answer(struct session *s, const char *verb, char **operands)
{
	if (find_edition(s, s->date, &s->edition) == OK)
		return run(s, verb, operands);
	(void)cli_fail(s->command, &s->problem);

	return EXIT_NO;
}

static int
command_law(int argc, char **argv)
{
	struct session s = {.command = argv[0]};
	int rc;

	rc = cli_options(&law_command, argc, argv, &s);
	if (rc >= 0)
		return rc;
	problem_clear(&s.problem);
	if (session_open(&s))
		rc = cli_fail(s.command, &s.problem);
	else
		rc = answer(&s, argv[1], argv + 2);
	editions_free(s.editions);

	return rc;
}
