#include "systems/offices/asking.h"

#include "base/bug.h"
#include "base/encode.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "systems/offices/application.h"
#include "systems/offices/offices.h"

#define EXPLANATION_MAX 400 /* bytes kept of a refusal's text */
#define RESULTS_MAX 500
#define ID_BYTES 16

/* What is asked; borrowed. */
struct question {
	struct offices_inquiry_add row;
	bool deceased_confirmed;
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

/* --- Asking -------------------------------------------------------------- */

static enum err
send_question(struct turn *turn, const struct question *question)
{
	const struct offices_inquiry_add *row = &question->row;
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body = json_object();

	json_put_text(body, "inquiry", row->inquiry);
	json_put_text(body, "business_number", row->business_number);
	json_put_text(body, "affair", row->affair);
	json_put_text(body, "item", row->item);
	if (!slice_is_empty(row->version))
		json_put_text(body, "version", row->version);
	json_put_text(body, "provider", row->provider);
	json_put_text(body, "unit", row->unit);
	json_put_bool(body, "undisclosed", row->undisclosed);
	json_put_bool(body, "deceased_confirmed", question->deceased_confirmed);

	return turn_send(turn, &addressee, "inquiry.request", body);
}

/* The id stands for this question already, or for another. */
static enum err
check_same(struct turn *turn, const struct offices_inquiry_add *row)
{
	struct offices_inquiry_find_row held;
	enum err rc;

	rc =
	    offices_inquiry_find(turn->store, turn->arena, row->inquiry, &held);
	if (rc)
		return rc;
	if (!slice_equal(held.business_number, row->business_number) ||
	    !slice_equal(held.affair, row->affair) ||
	    !slice_equal(held.item, row->item) ||
	    !slice_equal(held.asked_version, row->version) ||
	    !slice_equal(held.provider, row->provider))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another inquiry has this id; every inquiry needs a new "
		    "one");

	return OK;
}

/* Once: a repetition asks nothing. */
static enum err
ask(struct turn *turn, const struct question *question, bool *ret_new)
{
	const struct offices_inquiry_add *row = &question->row;
	enum err rc;

	rc = offices_inquiry_add(turn->store, row);
	*ret_new = rc == OK && store_changes(turn->store) == 1;
	if (rc == OK && *ret_new)
		rc = send_question(turn, question);
	else if (rc == OK)
		rc = check_same(turn, row);
	if (rc)
		return rc;

	return turn_audit(turn, *ret_new ? "inquiry.ask" : "inquiry.repeat",
	    row->business_number, row->affair);
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
asking_write_answer(struct turn *turn,
    enum err (*write)(struct store *, const struct offices_answer *),
    struct slice inquiry, const char *state, const json_t *body)
{
	const json_t *contents = json_object_get(body, "contents");
	const json_t *form = json_object_get(body, "form");
	struct offices_answer answer = {
	    .state = slice_of(state),
	    .form = json_is_integer(form) ? json_integer_value(form) : 0,
	    .answered = turn->now,
	    .inquiry = inquiry,
	};
	struct slice text, version;
	struct buf received;
	enum err rc;

	rc = json_get_text_or_empty(
	    body, "reason", &answer.reason, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    body, "article", &answer.article, turn->problem);
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
	answer.explanation = utf8_cut(text, EXPLANATION_MAX);
	answer.contents = buf_slice(&received);
	answer.version = utf8_cut(version, OFFICES_WORD_MAX);
	rc = write(turn->store, &answer);
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
	struct offices_inquiry_find_row held;
	struct slice inquiry;
	const char *state;
	enum err rc;

	rc = asking_read_answer(turn, message, &inquiry, &state);
	if (rc)
		return rc;
	rc = offices_inquiry_find(turn->store, turn->arena, inquiry, &held);
	if (rc)
		return rc;
	if (asking_is_open(held.state, state))
		rc = asking_write_answer(turn, offices_inquiry_answer, inquiry,
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

enum err
asking_held(struct turn *turn, const struct message *message)
{
	struct slice inquiry, deadline;
	struct instant until;
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
	rc = offices_inquiry_held(turn->store, until, inquiry);
	if (rc == OK && store_changes(turn->store) == 0)
		rc = offices_question_held(turn->store, until, inquiry);
	if (rc)
		return rc;
	if (store_changes(turn->store) == 0)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "nobody here asked this");
	turn_wake(turn, wake_key(turn, inquiry));

	return turn_audit(turn, "inquiry.held", SLICE(""), SLICE(""));
}

/* --- Reading ------------------------------------------------------------- */

/* A row as people see it; a new reference. */
static enum err
describe(struct turn *turn, const struct offices_inquiry_row *q, json_t **ret)
{
	json_t *row = json_object(), *contents;

	json_put_text(row, "inquiry", q->inquiry);
	json_put_text(row, "business_number", q->business_number);
	json_put_text(row, "affair", q->affair);
	json_put_text(row, "item", q->item);
	json_put_text(row, "provider", q->provider);
	json_put_text(row, "unit", q->unit);
	json_put_text(row, "clerk", q->clerk);
	json_put_text(row, "state", q->state);
	json_put_text(row, "reason", q->reason);
	json_put_text(row, "article", q->article);
	if (!slice_is_empty(q->asked_version))
		json_put_text(row, "asked_version", q->asked_version);
	json_put_int(row, "line", q->ordinal);
	json_put_text(row, "text", q->explanation);
	offices_put_instant(row, "asked", q->asked);
	offices_put_instant(row, "held_until", q->held_until);
	offices_put_instant(row, "answered", q->answered);
	offices_put_instant(row, "corrected", q->corrected);
	*ret = row;
	if (slice_is_empty(q->contents))
		return OK;
	if (json_read(
		q->contents, "what was received", &contents, turn->problem))
		return ERR_CORRUPT;
	json_put(row, "contents", contents);
	json_put_text(row, "version", q->version);
	json_put_int(row, "form", q->form);

	return OK;
}

static enum err
reply_inquiry(
    struct turn *turn, struct slice inquiry, int status, struct reply *reply)
{
	struct offices_inquiry_row row;
	json_t *body = NULL;
	enum err rc;

	rc = offices_inquiry_show(turn->store, turn->arena, inquiry, &row);
	if (rc == OK)
		rc = describe(turn, &row, &body);
	if (rc == OK)
		rc = turn_audit(
		    turn, "inquiry.read", row.business_number, SLICE(""));
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
	struct slice inquiry = input_text(in, "inquiry");
	struct question question = {
	    .row =
		{
		    .inquiry = inquiry,
		    .batch = SLICE(""),
		    .business_number = input_text(in, "business_number"),
		    .affair = input_text(in, "affair"),
		    .item = input_text(in, "item"),
		    .version = input_text(in, "version"),
		    .provider = input_text(in, "provider"),
		    .unit = input_text(in, "unit"),
		    .clerk = input_text(in, "clerk"),
		    .undisclosed = input_bool(in, "undisclosed"),
		    .asked = turn->now,
		},
	    .deceased_confirmed = input_bool(in, "deceased_confirmed")};
	int64_t wait = input_int(in, "wait");
	struct offices_inquiry_find_row held = {0};
	bool is_new;
	enum err rc;

	rc = ask(turn, &question, &is_new);
	if (rc == OK && wait > 0 && !input_waited(in))
		rc = offices_inquiry_find(
		    turn->store, turn->arena, inquiry, &held);
	if (rc)
		return rc;
	if (slice_equal_string(held.state, "waiting")) {
		reply_wait(reply, wake_key(turn, inquiry), (int)wait);
		return OK;
	}

	return reply_inquiry(turn, inquiry, 201, reply);
}

enum err
asking_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice inquiry = input_text(in, "inquiry");
	int64_t wait = input_int(in, "wait");
	struct offices_inquiry_find_row held;
	bool is_there;
	enum err rc;

	if (input_has(in, "until") &&
	    !slice_equal_string(input_text(in, "until"), "held"))
		return problem_set(
		    turn->problem, ERR_INPUT, "field until: only held");
	rc = offices_inquiry_find(turn->store, turn->arena, inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return unknown(turn);
	if (rc)
		return rc;
	is_there = input_has(in, "until") && held.has_held_until;
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
	struct offices_inquiry_find_row held;
	json_t *body;
	enum err rc;

	rc = offices_inquiry_find(turn->store, turn->arena, inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return unknown(turn);
	if (rc)
		return rc;
	if (!slice_equal_string(held.state, "waiting"))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry is over: %.*s", SLICE_ARG(held.state));
	rc = offices_inquiry_cancel(turn->store, turn->now, inquiry);
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
read_row(struct turn *turn, const json_t *items, size_t index,
    struct offices_inquiry_add *ret)
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
	struct question question = {
	    .row = {
		.batch = input_text(in, "batch"),
		.unit = input_text(in, "unit"),
		.clerk = input_text(in, "clerk"),
		.undisclosed = input_bool(in, "undisclosed"),
		.asked = turn->now,
	    }};
	struct offices_inquiry_add *row = &question.row;
	int64_t asked = 0;
	bool is_new = false;
	json_t *body;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		rc = read_row(turn, items, i, row);
		row->inquiry = line_id(turn, row->batch, row->ordinal);
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

enum err
asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice batch = input_text(in, "batch");
	int64_t wait = input_int(in, "wait");
	struct offices_batch_state_row row;
	json_t *body;
	enum err rc;

	rc = offices_batch_state(turn->store, batch, &row);
	if (rc)
		return rc;
	if (row.waiting > 0 && wait > 0 && !input_waited(in)) {
		reply_wait(reply, batch_key(turn, batch), (int)wait);
		return OK;
	}
	body = json_object();
	json_put_int(body, "inquiries", row.inquiries);
	json_put_int(body, "waiting", row.waiting);
	reply_json(reply, 200, body);

	return OK;
}

enum err
asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice batch = input_text(in, "batch");
	json_t *rows = json_array(), *result, *body;
	struct offices_inquiry_row row;
	struct query q;
	enum err rc;

	offices_batch_results_rows(
	    turn->store, batch, input_int(in, "after"), RESULTS_MAX, &q);
	while ((rc = offices_batch_results_next(&q, &row)) == OK) {
		rc = describe(turn, &row, &result);
		json_array_append_new(rows, result);
		if (rc)
			break;
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(turn, "inquiries.read", SLICE(""), batch);
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "results", rows);
	reply_json(reply, 200, body);

	return OK;
}
