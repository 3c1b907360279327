#include "systems/offices/asking.h"

#include "base/bug.h"
#include "base/encode.h"
#include "crypto/hash.h"
#include "host/once.h"
#include "systems/offices/offices.h"

#define RESULTS_MAX 500
#define ID_BYTES 16

/* An inquiry, and the data that we keep beside it. */
struct question {
	struct office_inquiry_request request;
	struct slice batch;
	int64_t line;
};

#define QUESTION(tag, request)                                             \
	FIELD_AS(tag, request.business_number, "business_number",          \
	    BUSINESS_NUMBER, "the person's business number"),              \
	    OFFICES_AFFAIR(tag, request.affair),                           \
	    OFFICES_ITEM(tag, request.item),                               \
	    FIELD_AS(tag, request.provider, "provider", ORGANISATION,      \
		"the organisation to ask"),                                \
	    OPTION_AS(tag, request.version, "version", NAME_OF,            \
		"the version of the item, mostly a year; without it, the " \
		"newest"),                                                 \
	    OFFICES_MATTER(tag, request.matter)
#define ASKER(tag, unit, withheld)                                                         \
	FIELD_AS(tag, unit, "unit", UNIT, "the organisation unit that asks"),              \
	    OPTION_AS(tag, withheld, "withheld", WITHHOLDING,                              \
		"how to keep the record from the person's view (番号法23条2項1号): " \
		"grade, ground and last day; existence needs a second holder")

/* --- Asking ---------------------------------------------------------------- */

static struct slice
content_of(struct turn *turn, const struct office_inquiry_request *r)
{
	return once_content(turn, message_office_inquiry_request.shape, r);
}

static enum err
add(struct turn *turn, const struct question *question)
{
	const struct office_inquiry_request *r = &question->request;

	return offices_inquiry_add(turn->store,
	    &(struct offices_inquiry_add){
		.inquiry = r->inquiry,
		.batch = question->batch,
		.ordinal = question->line,
		.business_number = r->business_number,
		.affair = r->affair,
		.item = r->item,
		.version = r->version,
		.provider = r->provider,
		.unit = r->unit,
		.clerk = turn->caller.name,
		.withheld = r->withheld,
		.asked = turn->now,
		.content = content_of(turn, r),
	    });
}

/* The id is taken: OK if it is this inquiry's, else ERR_CONFLICT. */
static enum err
check_same(struct turn *turn, const struct office_inquiry_request *r)
{
	struct offices_inquiry_find_row held;

	TRY(offices_inquiry_find(turn->store, turn->arena, r->inquiry, &held));

	return once_check(turn, "inquiry", held.content, content_of(turn, r));
}

/* Make an inquiry once: a repetition sends nothing. */
static enum err
ask(struct turn *turn, const struct question *question, bool *ret_new)
{
	const struct office_inquiry_request *r = &question->request;
	struct office_inquiry_request said = *r;
	struct system_id addressee = turn_sibling(turn, "addressee");

	TRY(add(turn, question));
	*ret_new = store_changes(turn->store) == 1;
	offices_matter(turn, &said.matter, r->inquiry, r->unit);
	if (withholding_needs_two(r->withheld))
		said.matter.of_case.second = turn->caller.second;
	TRY(*ret_new
		? turn_tell(turn, &addressee, office_inquiry_request, &said)
		: check_same(turn, r));

	return turn_audit(turn, *ret_new ? "inquiry.ask" : "inquiry.repeat",
	    r->business_number, r->affair);
}

/* --- Answers --------------------------------------------------------------- */

struct offices_answer
asking_answer(struct turn *turn, const struct inquiry_answered *answered)
{
	bool is_provided = slice_equal_string(answered->outcome, "provided");

	return (struct offices_answer){
	    .state = is_provided ? SLICE("received") : answered->outcome,
	    .reason = answered->reason,
	    .article = answered->article,
	    .explanation = answered->text,
	    .contents = answered->contents,
	    .version = answered->version,
	    .form = answered->form,
	    .answered = turn->now,
	    .inquiry = answered->inquiry,
	};
}

bool
asking_is_open(struct slice held, struct slice state)
{
	return slice_equal_string(held, "waiting") ||
	    (slice_equal_string(held, "expired") && !slice_equal(held, state));
}

static enum err
nobody_asked(struct turn *turn)
{
	return problem_set(turn->problem, ERR_NOT_FOUND,
	    "field inquiry: these offices made no such inquiry");
}

enum err
asking_answered(struct turn *turn, const struct offices_answer *answer)
{
	struct offices_inquiry_find_row held;
	enum err rc;

	rc = offices_inquiry_find(
	    turn->store, turn->arena, answer->inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return nobody_asked(turn);
	TRY(rc);
	if (asking_is_open(held.state, answer->state))
		TRY(offices_inquiry_answer(turn->store, answer));
	offices_wake(turn, "inquiry", answer->inquiry);
	if (!slice_is_empty(held.batch))
		offices_wake(turn, "batch", held.batch);

	return turn_audit(
	    turn, "inquiry.answer", held.business_number, held.affair);
}

enum err
asking_held(struct turn *turn, const struct message *message)
{
	const struct office_inquiry_held *held =
	    MESSAGE(message, office_inquiry_held);
	struct slice subject;

	TRY(offices_inquiry_held(
	    turn->store, held->deadline, held->reason, held->inquiry));
	if (store_changes(turn->store) == 0)
		TRY(offices_question_held(
		    turn->store, held->deadline, held->reason, held->inquiry));
	if (store_changes(turn->store) == 0)
		return nobody_asked(turn);
	offices_wake(turn, "inquiry", held->inquiry);

	TRY(offices_subject(turn, held->inquiry, &subject));

	return turn_audit(turn, "inquiry.held", subject, SLICE(""));
}

/* --- Reading --------------------------------------------------------------- */

/* Write an inquiry as people see it. */
static void
describe(const struct offices_inquiry_row *row, struct json_out *o)
{
	offices_out_asked(o, OFFICES_ASKED(row));
	json_out_text(o, "state", row->state);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "article", row->article);
	if (!slice_is_empty(row->asked_version))
		json_out_text(o, "asked_version", row->asked_version);
	json_out_int(o, "line", row->ordinal);
	json_out_text(o, "text", row->explanation);
	json_out_instant(o, "asked", row->asked);
	offices_out_instant(o, "held_until", row->held_until);
	offices_out_instant(o, "answered", row->answered);
	offices_out_instant(o, "corrected", row->corrected);
	if (slice_is_empty(row->contents))
		return;
	json_out_raw(o, "contents", row->contents);
	json_out_text(o, "version", row->version);
	json_out_int(o, "form", row->form);
}

static enum err
reply_inquiry(
    struct turn *turn, struct slice inquiry, int status, struct reply *reply)
{
	struct offices_inquiry_row row;

	TRY(offices_inquiry_show(turn->store, turn->arena, inquiry, &row));
	describe(&row, reply_object(reply, status));

	return turn_audit(turn, "inquiry.read", row.business_number, SLICE(""));
}

static enum err
find(struct turn *turn, struct slice inquiry,
    struct offices_inquiry_find_row *ret)
{
	enum err rc =
	    offices_inquiry_find(turn->store, turn->arena, inquiry, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "there is no such inquiry");

	return rc;
}

/* --- One inquiry ----------------------------------------------------------- */

/* Two officers withhold the existence of a record. */
static bool
lacks_second(const struct input *in, struct slice withheld)
{
	return withholding_needs_two(withheld) && !input_is_confirmed(in) &&
	    !bug_is(BUG_EXISTENCE_BY_ONE);
}

struct offices_ask_input {
	struct question question;
	int64_t wait;
};
static const struct field ask_fields[] = {
    FIELD_AS(offices_ask_input, question.request.inquiry, "inquiry", ID,
	"a new id for the inquiry"),
    QUESTION(offices_ask_input, question.request),
    ASKER(offices_ask_input, question.request.unit, question.request.withheld),
    OPTION_AS(offices_ask_input, question.request.deceased_confirmed,
	"deceased_confirmed", BOOL, "the clerk knows that the person has died"),
    OFFICES_WAIT(offices_ask_input),
};
const struct shape offices_ask_input_shape =
    SHAPE(offices_ask_input, ask_fields);

enum err
asking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_ask_input *i = INPUT(in, offices_ask_input);
	struct slice inquiry = i->question.request.inquiry;
	struct offices_inquiry_find_row held = {0};
	bool is_new;

	if (lacks_second(in, i->question.request.withheld))
		return reply_pending(turn, in, reply);
	/* Going on after a wait is no repetition by the clerk. */
	if (!input_resumed(in))
		TRY(ask(turn, &i->question, &is_new));
	if (i->wait > 0 && !input_is_confirmed(in))
		TRY(find(turn, inquiry, &held));
	if (!slice_equal_string(held.state, "waiting") ||
	    !offices_wait(turn, in, reply, "inquiry", inquiry, i->wait))
		return reply_inquiry(turn, inquiry, 201, reply);

	return input_resumed(in) ? turn_audit(turn, "inquiry.wait",
				       held.business_number, held.affair)
				 : OK;
}

struct offices_inquiry_input {
	struct slice inquiry;
	int64_t wait;
	struct slice until;
};
static const struct field inquiry_fields[] = {
    FIELD(offices_inquiry_input, inquiry, ID, "the inquiry's id"),
    OFFICES_WAIT(offices_inquiry_input),
    OPTION(offices_inquiry_input, until, WORD("held"),
	"whether to wait for the notice of a hold, too"),
};
const struct shape offices_inquiry_input_shape =
    SHAPE(offices_inquiry_input, inquiry_fields);

enum err
asking_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_inquiry_input *i =
	    INPUT(in, offices_inquiry_input);
	struct offices_inquiry_find_row held;
	bool is_there;

	TRY(find(turn, i->inquiry, &held));
	is_there = !slice_is_empty(i->until) && held.has_held_until;
	if (!is_there && slice_equal_string(held.state, "waiting") &&
	    offices_wait(turn, in, reply, "inquiry", i->inquiry, i->wait))
		return turn_audit(
		    turn, "inquiry.wait", held.business_number, held.affair);

	return reply_inquiry(turn, i->inquiry, 200, reply);
}

/* An application decides by the answers to all of its questions. */
static enum err
refuse_question(struct turn *turn, struct slice inquiry)
{
	struct offices_question_find_row question;
	enum err rc =
	    offices_question_find(turn->store, turn->arena, inquiry, &question);

	if (rc)
		return rows_end(rc);

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the inquiry is a question of application %.*s, which needs the "
	    "answer; GET /applications/%.*s shows what came of it",
	    SLICE_ARG(question.application), SLICE_ARG(question.application));
}

enum err
asking_route_cancel(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct inquiry_cancel *i = INPUT(in, inquiry_cancel);
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct offices_inquiry_find_row held;

	TRY(refuse_question(turn, i->inquiry));
	TRY(find(turn, i->inquiry, &held));
	if (!slice_equal_string(held.state, "waiting"))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the inquiry is over: %.*s", SLICE_ARG(held.state));
	TRY(offices_inquiry_cancel(turn->store, turn->now, i->inquiry));
	TRY(turn_tell(turn, &addressee, inquiry_cancel, i));
	TRY(turn_audit(
	    turn, "inquiry.cancel", held.business_number, held.affair));
	offices_wake(turn, "inquiry", i->inquiry);

	return reply_inquiry(turn, i->inquiry, 200, reply);
}

/* --- A file of them -------------------------------------------------------- */

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

static const struct field line_fields[] = {
    FIELD(question, line, INT(1, INT64_MAX), "the line of the file"),
    QUESTION(question, request),
};
static const struct shape question_shape = SHAPE(question, line_fields);

struct offices_file_input {
	struct slice batch, unit, withheld;
	const struct question *items;
	size_t n_items;
};
static const struct field file_fields[] = {
    FIELD(offices_file_input, batch, ID, "the id of the file, from its digest"),
    ASKER(offices_file_input, unit, withheld),
    ROWS(offices_file_input, items, question, OFFICES_BATCH_MAX,
	"rows: line, business number, affair, item, provider; version, case, "
	"opened, step, whose (may lack, from the last)"),
};
const struct shape offices_file_input_shape =
    SHAPE(offices_file_input, file_fields);

static enum err
ask_line(struct turn *turn, const struct offices_file_input *file,
    struct question question, bool *ret_new)
{
	question.request.inquiry = line_id(turn, file->batch, question.line);
	question.request.unit = file->unit;
	question.request.withheld = file->withheld;
	question.batch = file->batch;

	return ask(turn, &question, ret_new);
}

enum err
asking_route_batch(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_file_input *file = INPUT(in, offices_file_input);
	int64_t asked = 0;
	struct json_out *o;
	bool is_new;
	size_t i;

	if (lacks_second(in, file->withheld))
		return reply_pending(turn, in, reply);
	for (i = 0; i < file->n_items; i++) {
		TRY(ask_line(turn, file, file->items[i], &is_new));
		asked += is_new;
	}
	o = reply_object(reply, 200);
	json_out_int(o, "asked", asked);
	json_out_int(o, "known", (int64_t)file->n_items - asked);

	return OK;
}

struct offices_file_state_input {
	struct slice batch;
	int64_t wait;
};
static const struct field file_state_fields[] = {
    FIELD(offices_file_state_input, batch, ID, "the file's id"),
    OFFICES_WAIT(offices_file_state_input),
};
const struct shape offices_file_state_input_shape =
    SHAPE(offices_file_state_input, file_state_fields);

enum err
asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_file_state_input *i =
	    INPUT(in, offices_file_state_input);
	struct offices_batch_state_row row;
	struct json_out *o;

	TRY(offices_batch_state(turn->store, i->batch, &row));
	if (row.waiting > 0 &&
	    offices_wait(turn, in, reply, "batch", i->batch, i->wait))
		return OK;
	o = reply_object(reply, 200);
	json_out_int(o, "inquiries", row.inquiries);
	json_out_int(o, "waiting", row.waiting);

	return OK;
}

struct offices_results_input {
	struct slice batch;
	int64_t after;
};
static const struct field results_fields[] = {
    FIELD(offices_results_input, batch, ID, "the file's id"),
    OPTION(offices_results_input, after, INT(0, INT64_MAX),
	"the line after which the list begins"),
};
const struct shape offices_results_input_shape =
    SHAPE(offices_results_input, results_fields);

enum err
asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_results_input *i =
	    INPUT(in, offices_results_input);
	struct json_out *o = reply_object(reply, 200);
	struct offices_inquiry_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "results");
	offices_batch_results_rows(
	    turn->store, i->batch, i->after, RESULTS_MAX, &q);
	while ((rc = offices_batch_results_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		describe(&row, o);
		json_out_end(o);
	}
	TRY(rows_end(rc));

	return turn_audit(turn, "inquiries.read", SLICE(""), i->batch);
}
