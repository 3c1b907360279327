#include "tests/support/double.h"

#include "base/encode.h"

struct double_message double_messages[DOUBLE_HEARD_MAX];
size_t double_n_messages;
static const char *double_folder; /* of the databases; one nation at a time */
uint64_t double_seed = 1;
const char *double_refuses;
static json_t *double_dump; /* NULL while the nation is at work */

const json_t *
double_tree(const struct message *message)
{
	static json_t *tree;
	static struct message_id of;

	if (tree != NULL && memcmp(&of, &message->id, sizeof(of)) == 0)
		return tree;
	json_decref(tree);
	of = message->id;
	assert_int_equal(json_read(message->text, "the body", &tree, NULL), OK);

	return tree;
}

enum err
double_send(struct turn *turn, const struct system_id *to, const char *type,
    json_t *body)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(body, &text);
	json_decref(body);
	rc = turn_send_text(turn, to, type, buf_slice(&text));
	buf_done(&text);

	return rc;
}

enum err
double_hear(struct turn *turn, const struct message *message)
{
	struct double_message *m;

	if (double_refuses != NULL &&
	    slice_equal_string(message->type, double_refuses))
		return problem_set(
		    turn->problem, ERR_CONFLICT, "the double refuses it");
	m = &double_messages[double_n_messages++];
	assert_true(double_n_messages <= DOUBLE_HEARD_MAX);
	snprintf(m->to, sizeof(m->to), "%s", turn_self(turn)->text);
	snprintf(m->type, sizeof(m->type), "%.*s", SLICE_ARG(message->type));

	return json_read(message->text, "the body", &m->body, turn->problem);
}

/* A message for a double to send: not checked, since doubles send bad bodies,
 * too. */
struct double_say {
	struct system_id to;
	struct slice type, body;
};
static const struct field double_say_fields[] = {
    FIELD(double_say, to, SYSTEM, "system"),
    FIELD(double_say, type, MESSAGE_TYPE, "of the message"),
    FIELD(double_say, body, BODY, "of the message"),
};
static const struct shape double_say_shape =
    SHAPE(double_say, double_say_fields);

static enum err
double_post_say(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct double_say *say = INPUT(in, double_say);
	enum err rc;

	rc = turn_send_text(
	    turn, &say->to, arena_string(turn->arena, say->type), say->body);
	if (rc == OK)
		(void)reply_object(reply, 200);

	return rc;
}

const struct route double_routes[] = {
    {HTTP_POST, "/say", DUTY_RECORD, double_post_say, &double_say_shape,
	"say it", .max_bytes = 16u << 20},
    {0},
};

static const struct message_handler double_jukinet_messages[] = {
    HEAR("acquisition.request", "addressee"),
    {0},
};
static const struct message_handler double_network_messages[] = {
    HEAR("question.sheet", "relay"),
    HEAR("inquiry.request", "relay"),
    HEAR("inquiry.cancel", "relay"),
    HEAR("provider.search", "relay"),
    HEAR("provision.report", "relay"),
    HEAR("record.corrected", "relay"),
    HEAR("record.withheld", "relay"),
    HEAR("records.request", "portal"),
    HEAR("code.taken", "relay"),
    HEAR("code.taken", "portal"),
    {0},
};
static const struct message_handler double_relay_messages[] = {
    HEAR("acquisition.link", "addressee"),
    HEAR("acquisition.drop", "addressee"),
    HEAR("replica.put", "addressee"),
    HEAR("inquiry.request", "addressee"),
    HEAR("inquiry.cancel", "addressee"),
    HEAR("inquiry.held", "relay"),
    HEAR("provider.search", "addressee"),
    HEAR("mark.put", "addressee"),
    HEAR("permit.revoked", "network"),
    HEAR("answer.sealed", "relay"),
    {0},
};
static const struct message_handler double_addressee_messages[] = {
    HEAR("acquisition.done", "relay"),
    HEAR("inquiry.cancel", "offices"),
    HEAR("provider.search", "offices"),
    HEAR("mark.put", "offices"),
    HEAR("persons.registered", "offices"),
    HEAR("replica.put", "offices"),
    HEAR("inquiry.request", "offices"),
    {0},
};
static const struct message_handler double_offices_messages[] = {
    HEAR("replica.refused", "addressee"),
    HEAR("inquiry.answered", "relay"),
    HEAR("inquiry.answered", "addressee"),
    HEAR("inquiry.held", "relay"),
    HEAR("inquiry.corrected", "relay"),
    HEAR("provider.found", "relay"),
    HEAR("provider.found", "addressee"),
    HEAR("mark.done", "relay"),
    HEAR("mark.refused", "addressee"),
    {0},
};

const struct schema double_schema = {.name = "double"};

const struct system double_registry = DOUBLE("registry", NULL);
const struct system double_jukinet = DOUBLE("jukinet", double_jukinet_messages);
const struct system double_network = DOUBLE("network", double_network_messages);
const struct system double_relay = DOUBLE("relay", double_relay_messages);
const struct system double_addressee =
    DOUBLE("addressee", double_addressee_messages);
const struct system double_offices = DOUBLE("offices", double_offices_messages);

struct simulation *
double_nation(const struct double_member *members, size_t n)
{
	struct instant start = {DOUBLE_START_MS};
	struct simulation *sim = NULL;
	struct problem problem = {0};
	size_t i;

	double_refuses = NULL;
	double_folder = scratch_folder();
	if (simulation_new(
		double_seed, double_folder, NULL, start, &sim, &problem))
		fail_msg("%s", problem.text);
	for (i = 0; i < n; i++) {
		if (simulation_add(sim, members[i].system, members[i].id,
			members[i].settings, &problem))
			fail_msg("%s: %s", members[i].id, problem.text);
	}

	return sim;
}

void
double_forget(void)
{
	size_t i;

	for (i = 0; i < double_n_messages; i++)
		json_decref(double_messages[i].body);
	double_n_messages = 0;
}

void
double_done(struct simulation *sim)
{
	simulation_free(sim);
	json_decref(double_dump);
	double_dump = NULL;
	double_forget();
	scratch_remove(double_folder);
}

int
double_tear_down(void **state)
{
	double_done(*state);

	return 0;
}

const char *
double_path(const char *name)
{
	static char path[SCRATCH_PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", double_folder, name);

	return path;
}

size_t
double_count(const char *type)
{
	size_t i, n = 0;

	for (i = 0; i < double_n_messages; i++)
		n += strcmp(double_messages[i].type, type) == 0;

	return n;
}

const json_t *
double_last(const char *type)
{
	size_t i;

	for (i = double_n_messages; i > 0; i--) {
		if (strcmp(double_messages[i - 1].type, type) == 0)
			return double_messages[i - 1].body;
	}
	fail_msg("nobody heard %s", type);

	return NULL;
}

const char *
double_text(const char *type, const char *key)
{
	const char *text =
	    json_string_value(json_object_get(double_last(type), key));

	assert_non_null(text);

	return text;
}

const char *
double_item(const char *type, size_t row, size_t column)
{
	const char *text = json_string_value(json_array_get(
	    json_array_get(json_object_get(double_last(type), "items"), row),
	    column));

	assert_non_null(text);

	return text;
}

json_t *
double_matter(json_t *body)
{
	json_object_set_new(body, "case",
	    json_pack("{s:s,s:s,s:s,s:s}", "number", "K1", "unit", "児童手当係",
		"clerk", "sato", "opened", DOUBLE_DAY));
	json_object_set_new(body, "whose", json_string("self"));

	return body;
}

const char *
double_digest(const char *question)
{
	static char text[64];
	struct digest digest = digest_of(slice_of(question));
	struct buf coded;

	buf_init(&coded);
	base64url_encode(digest_slice(&digest), &coded);
	snprintf(text, sizeof(text), "%s", coded.data);
	buf_done(&coded);

	return text;
}

const char *
double_asked(void)
{
	return double_digest(double_text("inquiry.request", "question"));
}

json_t *
double_sealing_key(void)
{
	struct arena *arena = arena_new();
	struct sealing_key *key = NULL;
	json_t *jwk = NULL;

	assert_int_equal(sealing_key_generate(&key), OK);
	assert_int_equal(
	    json_read(sealing_key_jwk(key, arena), "a key", &jwk, NULL), OK);
	sealing_key_free(key);
	arena_free(arena);

	return jwk;
}

json_t *
double_call(struct simulation *sim, const char *system, enum http_method method,
    const char *path, json_t *body, int want)
{
	json_t *reply = NULL;
	int status = 0;

	assert_int_equal(
	    simulation_call(sim, system, method, path, body, &status, &reply),
	    OK);
	if (status != want)
		fail_msg("%s %s: status %d, expected %d: %s", system, path,
		    status, want,
		    reply == NULL ? "" : json_dumps(reply, JSON_COMPACT));
	/* docs/api.md: each error of a system has the id of its request. */
	if (status >= 400 && json_object_get(reply, "request") == NULL)
		fail_msg("%s %s: %d without a request", system, path, status);

	return reply;
}

void
double_said(const char *type, json_t *want)
{
	assert_non_null(want);
	if (!json_equal(double_last(type), want))
		fail_msg("%s: %s", type,
		    json_dumps(double_last(type), JSON_COMPACT));
	json_decref(want);
}

void
double_post(struct simulation *sim, const char *system, const char *path,
    json_t *body, int want)
{
	json_decref(double_call(sim, system, HTTP_POST, path, body, want));
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

void
double_tell(struct simulation *sim, const char *from, const char *to,
    const char *type, json_t *body)
{
	json_t *say = json_object();

	assert_non_null(body);
	json_put_text(say, "to", slice_of(to));
	json_put_text(say, "type", slice_of(type));
	json_put(say, "body", body);
	json_decref(double_call(sim, from, HTTP_POST, "/say", say, 200));
}

void
double_say(struct simulation *sim, const char *from, const char *to,
    const char *type, json_t *body)
{
	double_tell(sim, from, to, type, body);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

int64_t
double_progress(struct simulation *sim, const char *system, const char *name)
{
	json_t *reply =
	    double_call(sim, system, HTTP_GET, "/progress", NULL, 200);
	int64_t value =
	    (int64_t)json_integer_value(json_object_get(reply, name));

	json_decref(reply);

	return value;
}

void
double_timers(struct simulation *sim, const char *system, int64_t ms)
{
	struct node *node = simulation_node(sim, system);
	struct problem problem = {0};

	assert_int_equal(
	    node_begin(node, instant_plus(simulation_now(sim), ms)), OK);
	node_timers(node);
	assert_int_equal(node_commit(node, &problem), OK);
}

int64_t
double_refused(struct simulation *sim, const char *system)
{
	json_t *status =
	    double_call(sim, system, HTTP_GET, "/status", NULL, 200);
	int64_t value =
	    (int64_t)json_integer_value(json_object_get(status, "refused"));

	json_decref(status);

	return value;
}

static bool
has_text(const json_t *row, const char *key, const char *want)
{
	return strcmp(json_string_value(json_object_get(row, key)), want) == 0;
}

size_t
double_audited(struct simulation *sim, const char *system, const char *action,
    const char *subject)
{
	struct problem problem = {0};
	const json_t *rows, *row;
	size_t i, n = 0;

	if (double_dump == NULL)
		assert_int_equal(
		    simulation_dump(sim, &double_dump, &problem), OK);
	rows = json_object_get(json_object_get(double_dump, system), "audit");
	json_array_foreach(rows, i, row)
	{
		n += has_text(row, "action", action) &&
		    (subject == NULL || has_text(row, "subject", subject));
	}

	return n;
}
