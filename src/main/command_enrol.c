/* bango enrol: the counter's orders about residents' sign-ins at the portal. */
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/enrol.h"

struct wishes {
	bool renew, end;
	uint64_t wait;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"SYSTEM", CLI_MEMBER}, {"RESIDENT", CLI_TEXT}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FLAG_OPTION(wishes, renew, "--renew",
	"the secret is lost: end the sign-in, and print a ticket for another"),
    FLAG_OPTION(wishes, end, "--end",
	"somebody else enrolled as this resident: end the sign-in"),
    NUMBER_OPTION(wishes, wait, "--wait", "SECONDS", 0, 60,
	"the time to wait for the portal", .standard = "30"),
    {0},
};

static int command_enrol(int argc, char **argv);

const struct command enrol_command = {
    .name = "enrol",
    .summary = "print a resident's ticket for the portal",
    .run = command_enrol,
    .forms = forms,
    .options = options,
    .about =
	"At the counter, for a resident who has shown who they are: print a "
	"ticket, with which its holder enrols at the portal, once and within "
	"three days. SYSTEM is the registry, 131041/registry, or its "
	"organisation, 131041; RESIDENT is the resident's number there. The "
	"nation in DIR must be up.",
    .after = "The ticket is printed once and kept nowhere: give it to the "
	     "resident alone.  It works once the portal has answered.",
    .exits =
	"0 done, 1 the portal did not do it, 2 misuse, 3 the registry "
	"refuses it or cannot be reached, or the portal has not answered yet",
};

/* The states of an order that is answered, in words. */
static const struct outcome {
	const char *state, *text;
	bool is_done;
} outcomes[] = {
    {"ready", "the ticket works", true},
    {"renewed", "the sign-in has ended; the ticket works", true},
    {"ended", "the sign-in has ended", true},
    {"nothing", "there was no sign-in to end", true},
    {"has-sign-in",
	"the ticket does not work: the resident has a sign-in already; "
	"--renew ends it, for a lost secret",
	false},
    {"overtaken",
	"a later order came first; nothing was done, and no ticket of this "
	"one works",
	false},
};

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* At once, for nobody tells it again, and the sign-in may have ended. */
static void
print_ticket(const json_t *order)
{
	const char *ticket = text_of(order, "ticket");

	if (ticket[0] == '\0')
		return;
	printf("ticket: %s\nit works once the portal has answered\n", ticket);
	fflush(stdout);
}

static int
tell(const json_t *answer)
{
	const char *state = text_of(answer, "state");
	const char *until = text_of(answer, "until");
	size_t i;

	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		if (strcmp(outcomes[i].state, state) != 0)
			continue;
		puts(outcomes[i].text);
		return outcomes[i].is_done ? 0 : EXIT_NO;
	}
	printf("%s: %s%s%s\n", state, text_of(answer, "reason"),
	    until[0] != '\0' ? "; order again after " : "", until);

	return EXIT_NO;
}

static int
run(const char *dir, const char *registry, const char *resident,
    const struct wishes *w)
{
	const char *step = w->renew ? "renew" : w->end ? "end" : "begin";
	json_t *order = NULL, *answer = NULL;
	struct nation *nation = NULL;
	struct problem problem = {0};
	enum err err = nation_open(dir, &nation, &problem);
	int rc;

	if (err == OK)
		err = enrol_order(
		    nation, registry, resident, step, &order, &problem);
	if (err == OK) {
		print_ticket(order);
		err = enrol_await(nation, registry, order, (int64_t)w->wait,
		    &answer, &problem);
	}
	rc = err ? cli_fail("enrol", &problem) : tell(answer);
	json_decref(order);
	json_decref(answer);
	nation_close(nation);

	return rc;
}

static int
command_enrol(int argc, char **argv)
{
	struct wishes w = {0};
	struct buf registry;
	int rc;

	rc = cli_options(&enrol_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (w.renew && w.end)
		return cli_misuse("enrol",
		    "--renew and --end exclude each other: only --renew "
		    "prints a ticket");
	buf_init(&registry);
	rc = cli_member("enrol", argv[2], "registry", &registry);
	if (rc < 0)
		rc = run(argv[1], registry.data, argv[3], &w);
	buf_done(&registry);

	return rc;
}
