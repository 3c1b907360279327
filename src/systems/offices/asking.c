#include "systems/offices/asking.h"

#include "base/bug.h"
#include "base/encode.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "offices_statements.h"
#include "systems/offices/application.h"
#include "systems/offices/offices.h"

#define EXPLANATION_MAX 400 /* bytes kept of a refusal's text */
#define RESULTS_MAX 500
#define ID_BYTES 16

/* What is asked; borrowed. */
struct question {
	struct slice inquiry, batch, business_number, affair, item, provider;
	struct slice unit, clerk;
	struct slice version; /* of the item; empty: the newest */
	int64_t ordinal;
	bool undisclosed, deceased_confirmed;
};

/* What the table says of one; texts in the arena. */
struct held {
	struct slice batch, business_number, affair, item, version, provider;
	struct slice state;
	bool on_hold; /* a person of the provider's decides */
};

/* --- The table ----------------------------------------------------------- */

static struct slice
wake_key(struct turn *turn, struct slice inquiry)
{
	return arena_printf(turn->arena, "inquiry:%.*s", SLICE_ARG(inquiry));
}

static struct slice
batch_key(struct turn *turn, struct slice batch)
{
	return arena_printf(turn->arena, "batch:%.*s", SLICE_ARG(batch));
}

static enum err
find(struct turn *turn, struct slice inquiry, struct held *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_INQUIRY_FIND, &q);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		ret->batch = arena_copy(arena, column_text(&q, "batch"));
		ret->business_number =
		    arena_copy(arena, column_text(&q, "business_number"));
		ret->affair = arena_copy(arena, column_text(&q, "affair"));
		ret->item = arena_copy(arena, column_text(&q, "item"));
		ret->version =
		    arena_copy(arena, column_text(&q, "asked_version"));
		ret->provider = arena_copy(arena, column_text(&q, "provider"));
		ret->state = arena_copy(arena, column_text(&q, "state"));
		ret->on_hold = !column_is_null(&q, "held_until");
	}
	query_done(&q);

	return rc;
}

static enum err
add(struct turn *turn, const struct question *question, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_INQUIRY_ADD, &q);
	query_text(&q, "inquiry", question->inquiry);
	query_text(&q, "batch", question->batch);
	query_int(&q, "ordinal", question->ordinal);
	query_text(&q, "business_number", question->business_number);
	query_text(&q, "affair", question->affair);
	query_text(&q, "item", question->item);
	query_text(&q, "version", question->version);
	query_text(&q, "provider", question->provider);
	query_text(&q, "unit", question->unit);
	query_text(&q, "clerk", question->clerk);
	query_int(&q, "undisclosed", question->undisclosed ? 1 : 0);
	query_int(&q, "asked", turn->now.ms);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

/* --- Asking -------------------------------------------------------------- */

static enum err
send_question(struct turn *turn, const struct question *question)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body = json_object();

	json_put_text(body, "inquiry", question->inquiry);
	json_put_text(body, "business_number", question->business_number);
	json_put_text(body, "affair", question->affair);
	json_put_text(body, "item", question->item);
	if (!slice_is_empty(question->version))
		json_put_text(body, "version", question->version);
	json_put_text(body, "provider", question->provider);
	json_put_text(body, "unit", question->unit);
	json_put_bool(body, "undisclosed", question->undisclosed);
	json_put_bool(body, "deceased_confirmed", question->deceased_confirmed);

	return turn_send(turn, &addressee, "inquiry.request", body);
}

/* The id stands for this question already, or for another. */
static enum err
check_same(struct turn *turn, const struct question *question)
{
	struct held held;
	enum err rc = find(turn, question->inquiry, &held);

	if (rc)
		return rc;
	if (!slice_equal(held.business_number, question->business_number) ||
	    !slice_equal(held.affair, question->affair) ||
	    !slice_equal(held.item, question->item) ||
	    !slice_equal(held.version, question->version) ||
	    !slice_equal(held.provider, question->provider))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another inquiry has this id; every inquiry needs a new "
		    "one");

	return OK;
}

/* Once: a repetition asks nothing. */
static enum err
ask(struct turn *turn, const struct question *question, bool *ret_new)
{
	enum err rc;

	rc = add(turn, question, ret_new);
	if (rc == OK && *ret_new)
		rc = send_question(turn, question);
	else if (rc == OK)
		rc = check_same(turn, question);
	if (rc)
		return rc;

	return turn_audit(turn, *ret_new ? "inquiry.ask" : "inquiry.repeat",
	    question->business_number, question->affair);
}

/* --- Answers ------------------------------------------------------------- */

const char *
asking_state_after(struct slice outcome)
{
	static const struct {
		const char *outcome;
		const char *state;
	} all[] = {
	    {"provided", "received"},
	    {"no-data", "no-data"},
	    {"refused", "refused"},
	    {"expired", "expired"},
	    {"cancelled", "cancelled"},
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(outcome, all[i].outcome))
			return all[i].state;
	}

	return NULL;
}

enum err
asking_write_answer(struct turn *turn, int statement, struct slice inquiry,
    const char *state, const json_t *body)
{
	const json_t *contents = json_object_get(body, "contents");
	const json_t *form = json_object_get(body, "form");
	struct slice reason, article, text, version;
	struct buf received;
	struct query q;
	enum err rc;

	rc = json_get_text_or_empty(body, "reason", &reason, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    body, "article", &article, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(body, "text", &text, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    body, "version", &version, turn->problem);
	if (rc)
		return rc;
	buf_init(&received);
	if (json_is_object(contents))
		json_write(contents, &received);
	store_query(turn->store, statement, &q);
	query_text(&q, "inquiry", inquiry);
	query_text(&q, "state", slice_of(state));
	query_text(&q, "reason", reason);
	query_text(&q, "article", article);
	query_text(&q, "explanation", utf8_cut(text, EXPLANATION_MAX));
	query_text(&q, "contents",
	    received.len > 0 ? buf_slice(&received) : SLICE(""));
	query_text(&q, "version", utf8_cut(version, OFFICES_WORD_MAX));
	query_int(
	    &q, "form", json_is_integer(form) ? json_integer_value(form) : 0);
	query_int(&q, "answered", turn->now.ms);
	rc = query_run(&q);
	buf_done(&received);

	return rc;
}

bool
asking_is_open(struct slice held, const char *state)
{
	return slice_equal_string(held, "waiting") ||
	    (slice_equal_string(held, "expired") &&
		!slice_equal_string(held, state));
}

enum err
asking_read_answer(struct turn *turn, const struct message *message,
    struct slice *ret_inquiry, const char **ret_state)
{
	struct slice outcome;
	enum err rc;

	rc =
	    json_get_text(message->body, "inquiry", ret_inquiry, turn->problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "outcome", &outcome, turn->problem);
	if (rc)
		return rc;
	*ret_state = asking_state_after(outcome);
	if (*ret_state == NULL)
		return problem_set(turn->problem, ERR_INPUT,
		    "field outcome: not one of those that there are");

	return OK;
}

enum err
asking_answered(struct turn *turn, const struct message *message)
{
	struct slice inquiry;
	struct held held;
	const char *state;
	enum err rc;

	rc = asking_read_answer(turn, message, &inquiry, &state);
	if (rc)
		return rc;
	rc = find(turn, inquiry, &held);
	if (rc)
		return rc;
	if (asking_is_open(held.state, state))
		rc = asking_write_answer(turn, OFFICES_INQUIRY_ANSWER, inquiry,
		    state, message->body);
	if (rc == OK)
		rc = turn_audit(
		    turn, "inquiry.answer", held.business_number, held.affair);
	if (rc)
		return rc;
	turn_wake(turn, wake_key(turn, inquiry));
	if (!slice_is_empty(held.batch))
		turn_wake(turn, batch_key(turn, held.batch));

	return OK;
}

static enum err
hold(struct turn *turn, int statement, struct slice inquiry,
    struct instant until, bool *ret_found)
{
	struct query q;
	enum err rc;

	store_query(turn->store, statement, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "held_until", until.ms);
	rc = query_run(&q);
	*ret_found = rc == OK && query_changes(&q) == 1;

	return rc;
}

enum err
asking_held(struct turn *turn, const struct message *message)
{
	struct slice inquiry, deadline;
	struct instant until;
	bool found = false;
	enum err rc;

	rc = json_get_text(message->body, "inquiry", &inquiry, turn->problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "deadline", &deadline, turn->problem);
	if (rc == OK && instant_parse(deadline, &until))
		rc = problem_set(
		    turn->problem, ERR_INPUT, "field deadline: not an instant");
	if (rc)
		return rc;
	rc = hold(turn, OFFICES_INQUIRY_HELD, inquiry, until, &found);
	if (rc == OK && !found)
		rc = hold(turn, OFFICES_QUESTION_HELD, inquiry, until, &found);
	if (rc)
		return rc;
	if (!found)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "nobody here asked this");
	turn_wake(turn, wake_key(turn, inquiry));

	return turn_audit(turn, "inquiry.held", SLICE(""), SLICE(""));
}

/* --- Reading ------------------------------------------------------------- */

/* A row as people see it; a new reference. */
static enum err
describe(struct turn *turn, struct query *q, json_t **ret)
{
	static const char *const columns[] = {"inquiry", "business_number",
	    "affair", "item", "provider", "unit", "clerk", "state", "reason",
	    "article"};
	struct slice text = column_text(q, "contents");
	json_t *row = json_object(), *contents;
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));
	if (column_text(q, "asked_version").len > 0)
		json_put_text(
		    row, "asked_version", column_text(q, "asked_version"));
	json_put_int(row, "line", column_int(q, "ordinal"));
	json_put_text(row, "text", column_text(q, "explanation"));
	offices_put_instant(row, "asked", q);
	offices_put_instant(row, "held_until", q);
	offices_put_instant(row, "answered", q);
	offices_put_instant(row, "corrected", q);
	*ret = row;
	if (slice_is_empty(text))
		return OK;
	if (json_read(text, "what was received", &contents, turn->problem))
		return ERR_CORRUPT;
	json_put(row, "contents", contents);
	json_put_text(row, "version", column_text(q, "version"));
	json_put_int(row, "form", column_int(q, "form"));

	return OK;
}

static enum err
reply_inquiry(
    struct turn *turn, struct slice inquiry, int status, struct reply *reply)
{
	struct slice person = {0};
	json_t *body = NULL;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_INQUIRY_SHOW, &q);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		person =
		    arena_copy(turn->arena, column_text(&q, "business_number"));
		rc = describe(turn, &q, &body);
	}
	query_done(&q);
	if (rc == OK)
		rc = turn_audit(turn, "inquiry.read", person, SLICE(""));
	if (rc) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, status, body);

	return OK;
}

/* --- One inquiry ---------------------------------------------------------- */

static enum err
unknown(struct turn *turn)
{
	return problem_set(
	    turn->problem, ERR_NOT_FOUND, "there is no such inquiry");
}

enum err
asking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct question question = {.inquiry = input_text(in, "inquiry"),
	    .batch = SLICE(""),
	    .business_number = input_text(in, "business_number"),
	    .affair = input_text(in, "affair"),
	    .item = input_text(in, "item"),
	    .version = input_text(in, "version"),
	    .provider = input_text(in, "provider"),
	    .unit = input_text(in, "unit"),
	    .clerk = input_text(in, "clerk"),
	    .undisclosed = input_bool(in, "undisclosed"),
	    .deceased_confirmed = input_bool(in, "deceased_confirmed")};
	int64_t wait = input_int(in, "wait");
	struct held held = {.on_hold = false};
	bool is_new;
	enum err rc;

	rc = ask(turn, &question, &is_new);
	if (rc == OK && wait > 0 && !input_waited(in))
		rc = find(turn, question.inquiry, &held);
	if (rc)
		return rc;
	if (slice_equal_string(held.state, "waiting")) {
		reply_wait(reply, wake_key(turn, question.inquiry), (int)wait);
		return OK;
	}

	return reply_inquiry(turn, question.inquiry, 201, reply);
}

enum err
asking_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice inquiry = input_text(in, "inquiry");
	int64_t wait = input_int(in, "wait");
	bool is_there;
	struct held held;
	enum err rc;

	if (input_has(in, "until") &&
	    !slice_equal_string(input_text(in, "until"), "held"))
		return problem_set(
		    turn->problem, ERR_INPUT, "field until: only held");
	rc = find(turn, inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return unknown(turn);
	if (rc)
		return rc;
	is_there = input_has(in, "until") && held.on_hold;
	if (!is_there && slice_equal_string(held.state, "waiting") &&
	    wait > 0 && !input_waited(in)) {
		reply_wait(reply, wake_key(turn, inquiry), (int)wait);
		return turn_audit(
		    turn, "inquiry.wait", held.business_number, held.affair);
	}

	return reply_inquiry(turn, inquiry, 200, reply);
}

enum err
asking_route_cancel(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct slice inquiry = input_text(in, "inquiry");
	struct held held;
	struct query q;
	json_t *body;
	enum err rc;

	rc = find(turn, inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return unknown(turn);
	if (rc)
		return rc;
	if (!slice_equal_string(held.state, "waiting"))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry is over: %.*s", SLICE_ARG(held.state));
	store_query(turn->store, OFFICES_INQUIRY_CANCEL, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "answered", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "inquiry", inquiry);
	rc = turn_send(turn, &addressee, "inquiry.cancel", body);
	if (rc == OK)
		rc = turn_audit(
		    turn, "inquiry.cancel", held.business_number, held.affair);
	if (rc)
		return rc;
	turn_wake(turn, wake_key(turn, inquiry));

	return reply_inquiry(turn, inquiry, 200, reply);
}

/* --- A file of them ------------------------------------------------------- */

/* The inquiry of a line: 32 hex digits that follow from file and line. */
static struct slice
line_id(struct turn *turn, struct slice batch, int64_t line)
{
	struct slice file = bug_is(BUG_FILE_AGAIN) ? turn_new_id(turn) : batch;
	struct slice text = arena_printf(turn->arena,
	    "bango inquiry\n%.*s\n%lld", SLICE_ARG(file), (long long)line);
	struct digest digest = digest_of(text);
	struct slice bytes = digest_slice(&digest), id;
	struct buf hex;

	buf_init(&hex);
	hex_encode(slice_bytes(bytes.data, ID_BYTES), &hex);
	id = arena_copy(turn->arena, buf_slice(&hex));
	buf_done(&hex);

	return id;
}

static enum err
read_row(
    struct turn *turn, const json_t *items, size_t index, struct question *ret)
{
	const json_t *row = json_array_get(items, index);
	const struct {
		struct slice *to;
		size_t max, min;
	} texts[] = {
	    {&ret->business_number, OFFICES_BUSINESS_NUMBER_MAX, 1},
	    {&ret->affair, OFFICES_WORD_MAX, 1},
	    {&ret->item, OFFICES_WORD_MAX, 1},
	    {&ret->provider, OFFICES_ORGANISATION_MAX, 1},
	    {&ret->version, OFFICES_WORD_MAX, 0},
	};
	size_t i, n = json_array_size(row);

	ret->ordinal = json_integer_value(json_array_get(row, 0));
	ret->version = SLICE("");
	if (n < 5 || n > 6 || ret->ordinal < 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "items[%zu]: expected line, business number, affair, "
		    "item, provider, and perhaps a version",
		    index);
	for (i = 0; i + 1 < n; i++) {
		if (json_at_text(row, i + 1, texts[i].to) ||
		    texts[i].to->len < texts[i].min ||
		    texts[i].to->len > texts[i].max ||
		    !text_is_printable(*texts[i].to))
			return problem_set(turn->problem, ERR_INPUT,
			    "items[%zu]: column %zu is malformed", index,
			    i + 1);
	}

	return OK;
}

enum err
asking_route_batch(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const json_t *items = input_json(in, "items");
	struct question question = {.batch = input_text(in, "batch"),
	    .unit = input_text(in, "unit"),
	    .clerk = input_text(in, "clerk"),
	    .undisclosed = input_bool(in, "undisclosed")};
	int64_t asked = 0;
	bool is_new = false;
	json_t *body;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		rc = read_row(turn, items, i, &question);
		question.inquiry =
		    line_id(turn, question.batch, question.ordinal);
		if (rc == OK)
			rc = ask(turn, &question, &is_new);
		asked += rc == OK && is_new;
	}
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "asked", asked);
	json_put_int(body, "known", (int64_t)json_array_size(items) - asked);
	reply_json(reply, 200, body);

	return OK;
}

static enum err
count_batch(struct turn *turn, struct slice batch, int64_t *ret_inquiries,
    int64_t *ret_waiting)
{
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_BATCH_STATE, &q);
	query_text(&q, "batch", batch);
	rc = query_step(&q);
	if (rc == OK) {
		*ret_inquiries = column_int(&q, "inquiries");
		*ret_waiting = column_int(&q, "waiting");
	}
	query_done(&q);

	return rc;
}

enum err
asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice batch = input_text(in, "batch");
	int64_t wait = input_int(in, "wait"), inquiries = 0, waiting = 0;
	json_t *body;
	enum err rc;

	rc = count_batch(turn, batch, &inquiries, &waiting);
	if (rc)
		return rc;
	if (waiting > 0 && wait > 0 && !input_waited(in)) {
		reply_wait(reply, batch_key(turn, batch), (int)wait);
		return OK;
	}
	body = json_object();
	json_put_int(body, "inquiries", inquiries);
	json_put_int(body, "waiting", waiting);
	reply_json(reply, 200, body);

	return OK;
}

enum err
asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *row, *body;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_BATCH_RESULTS, &q);
	query_text(&q, "batch", input_text(in, "batch"));
	query_int(&q, "after", input_int(in, "after"));
	query_int(&q, "limit", RESULTS_MAX);
	while ((rc = query_step(&q)) == OK) {
		rc = describe(turn, &q, &row);
		json_array_append_new(rows, row);
		if (rc)
			break;
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(
		    turn, "inquiries.read", SLICE(""), input_text(in, "batch"));
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "results", rows);
	reply_json(reply, 200, body);

	return OK;
}
