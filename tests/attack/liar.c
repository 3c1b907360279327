/*
 * liar NATION SYSTEM: one system of a nation, with that system's own keys, that
 * says whatever it is told to say.
 *
 * It takes the place of a system of the organisation that attacks.  POST /say
 * {"to", "type", "body", "times"} sends a message that no table of ours has checked.
 * Every message that comes is taken, and becomes a line of standard output: sender,
 * type, body.  After POST /deaf every message is put off.  Everybody who reaches its port may speak through it.
 *
 * config_system() is wrapped (-Wl,--wrap), so that nation_serve() serves the
 * liar in the place of the system.
 */
#include <stdio.h>
#include <string.h>

#include "components/audit/audit.h"
#include "components/budget/budget.h"
#include "components/keeper/keeper.h"
#include "host/host.h"
#include "messages/catalogue.h"
#include "nation/nation.h"
#include "wire/kinds.h"

#define TYPES_MAX 128

const struct system_config *
__real_config_system(const struct config *config, const struct system_id *id);
const struct system_config *
__wrap_config_system(const struct config *config, const struct system_id *id);

static bool is_deaf;

static enum err
hear(struct turn *turn, const struct message *message)
{
	(void)turn;
	if (is_deaf)
		return ERR_BUSY;
	printf("%s\t%.*s\t%.*s\n", message->from.text, SLICE_ARG(message->type),
	    SLICE_ARG(message->text));
	fflush(stdout);

	return OK;
}

struct lie {
	struct system_id to;
	struct slice type, body;
	int64_t times;
};
static const struct field lie_fields[] = {
    FIELD(lie, to, SYSTEM, "system"),
    FIELD(lie, type, MESSAGE_TYPE, "of the message"),
    FIELD(lie, body, BODY, "of the message"),
    OPTION(lie, times, INT(1, 10000), "how often"),
};
static const struct shape lie_shape = SHAPE(lie, lie_fields);

static enum err
say(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct lie *lie = INPUT(in, lie);
	const char *type = arena_string(turn->arena, lie->type);
	int64_t i = 0;

	do
		TRY(turn_send_text(turn, &lie->to, type, lie->body));
	while (++i < lie->times);
	(void)reply_object(reply, 200);

	return OK;
}

static enum err
go_deaf(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)turn;
	(void)in;
	is_deaf = true;
	(void)reply_object(reply, 200);

	return OK;
}

static const struct route routes[] = {
    {HTTP_POST, "/say", RIGHT_PUBLIC, say, &lie_shape, "say it",
	.max_bytes = 16u << 20},
    {HTTP_POST, "/deaf", RIGHT_PUBLIC, go_deaf, NULL, "take nothing more"},
    {0},
};

/* Every type of message, with any body, from anybody. */
static struct message_type types[TYPES_MAX];
static struct message_handler messages[TYPES_MAX + 1];
static const struct schema schema = {.name = "liar"};
static const struct component ears = {
    .name = "liar", .schema = &schema, .routes = routes, .messages = messages};
static const struct component *const components[] = {&host_component,
    &audit_component, &budget_component, &keeper_component, &ears, NULL};

static void
prick_up_ears(void)
{
	size_t i;

	for (i = 0; messages_all[i] != NULL && i < TYPES_MAX; i++) {
		types[i] = *messages_all[i];
		types[i].shape = NULL;
		messages[i] = (struct message_handler){
		    .takes = &types[i], .handle = hear, .summary = "heard"};
	}
}

/* --- In the place of a system -------------------------------------------- */

static struct system_id attacker;
static struct system liar = {.title = "liar",
    .summary = "says what it is told to",
    .components = components,
    .public_api = true};

const struct system_config *
__wrap_config_system(const struct config *config, const struct system_id *id)
{
	static struct system_config as;
	const struct system_config *is = __real_config_system(config, id);

	if (is == NULL || !system_id_equal(id, &attacker))
		return is;
	as = *is;
	liar.component.name = is->system->component.name;
	liar.component.schema = is->system->component.schema;
	liar.keys = is->system->keys;
	as.system = &liar;

	return &as;
}

int
main(int argc, char **argv)
{
	struct serve_options options = {.ready_fd = -1};
	struct problem problem = {0};

	if (argc != 3 || system_id_parse(slice_of(argv[2]), &attacker)) {
		fputs("usage: liar NATION SYSTEM\n", stderr);
		return 2;
	}
	prick_up_ears();
	options.dir = argv[1];
	options.system_id = argv[2];
	if (nation_serve(&options, &problem)) {
		fprintf(stderr, "liar: %s\n", problem.text);
		return 1;
	}

	return 0;
}
