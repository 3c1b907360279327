/* One node: routes, input, rights, the audit rule, waiting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/node_internal.h"
#include "host_rows.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"
#include "wire/envelope.h"

#define EXCHANGE "00112233445566778899aabbccddeeff"
#define ID_2 "00112233445566778899aabbccddee00"

/* Answers are cut at so many bytes. */
#define ANSWER_MAX 2000

static int
call(struct simulation *sim, const char *system, enum http_method method,
    const char *path, const char *body, char *ret)
{
	struct buf answer;
	int status = 0;

	buf_init(&answer);
	assert_int_equal(simulation_call_raw(sim, system, method, path,
			     slice_of(body), SLICE(""), &status, &answer),
	    OK);
	if (ret != NULL)
		snprintf(ret, ANSWER_MAX, "%.*s", (int)answer.len, answer.data);
	buf_done(&answer);

	return status;
}

static void
a_note_reaches_the_twin(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	assert_int_equal(
	    call(sim, "a/sample", HTTP_POST, "/notes",
		"{\"id\":\"" EXCHANGE "\",\"text\":\"hello\"}", NULL),
	    201);
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(
	    sample_count(simulation_node(sim, "b/sample"), NOTES_HEARD, "n"),
	    1);
	simulation_free(sim);
}

static void
a_reply_waits_for_its_key(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	char text[ANSWER_MAX];

	(void)state;
	assert_int_equal(
	    call(sim, "a/sample", HTTP_POST, "/notes",
		"{\"id\":\"" EXCHANGE "\",\"text\":\"hello\"}", NULL),
	    201);
	assert_int_equal(call(sim, "b/sample", HTTP_GET,
			     "/heard/" EXCHANGE "?wait=30", "", text),
	    200);
	assert_non_null(strstr(text, "hello"));
	simulation_free(sim);
}

static void
a_wait_ends(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	int64_t before = simulation_now(sim).ms;

	(void)state;
	assert_int_equal(call(sim, "b/sample", HTTP_GET,
			     "/heard/" EXCHANGE "?wait=7", "", NULL),
	    404);
	assert_int_equal(simulation_now(sim).ms - before, 7000);
	simulation_free(sim);
}

static void
bad_input_is_refused_by_field(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	char text[ANSWER_MAX];
	size_t i;
	static const struct {
		const char *body, *words;
	} cases[] = {
	    {"{\"text\":\"x\"}", "field id: missing"},
	    {"{\"id\":\"" EXCHANGE "\",\"text\":7}", "field text"},
	    {"{\"id\":\"" EXCHANGE "\",\"text\":\"\"}", "field text"},
	    {"{\"id\":\"" EXCHANGE "\",\"text\":\"a\\u0007\"}", "field text"},
	    {"{\"id\":\"" EXCHANGE "\",\"text\":\"aaaaaaaaaaaaaaaaaaaaa\"}",
		"field text"},
	    {"{\"id\":\"zz\",\"text\":\"x\"}", "field id"},
	    {"{\"id\":\"" EXCHANGE "\",\"text\":\"x\",\"more\":1}",
		"field more"},
	    {"{\"あああああああああああああああ\":1}",
		"field (a name that is not shown): is not known"},
	    {"{\"123456789018\":1}",
		"field (a name that is not shown): is not known"},
	    {"{\"text\":null,\"text\":\"x\"}", "text: missing"},
	    {"{\"a\\nb\":1}", "field (a name that is not shown): is not known"},
	    {"{\"id\":\"" EXCHANGE "\",\"id\":\"" EXCHANGE "\"}", "repeated"},
	    {"[1]", "object"},
	    {"{", "JSON"},
	};

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(call(sim, "a/sample", HTTP_POST, "/notes",
				     cases[i].body, text),
		    400);
		assert_non_null(strstr(text, cases[i].words));
	}
	assert_int_equal(
	    sample_count(simulation_node(sim, "a/sample"), NOTES_NOTES, "n"),
	    0);
	simulation_free(sim);
}

static void
unknown_paths_and_methods_are_refused(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/nowhere", "", NULL), 404);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/notes", "", NULL), 405);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/health", "", NULL), 200);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/status", "", NULL), 200);
	simulation_free(sim);
}

static void
personal_data_without_audit_does_not_commit(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	assert_int_equal(
	    call(sim, "a/sample", HTTP_POST, "/notes",
		"{\"id\":\"" EXCHANGE "\",\"text\":\"x\",\"unaudited\":true}",
		NULL),
	    500);
	assert_int_equal(
	    sample_count(simulation_node(sim, "a/sample"), NOTES_NOTES, "n"),
	    0);
	simulation_free(sim);
}

static void
the_same_note_twice_is_a_conflict(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	const char *body = "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}";

	(void)state;
	assert_int_equal(
	    call(sim, "a/sample", HTTP_POST, "/notes", body, NULL), 201);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_POST, "/notes", body, NULL), 409);
	simulation_free(sim);
}

/* A request of somebody with a fingerprint or a token of our choice. */
static int
ask_as(struct node *node, const char *path, const char *name,
    struct slice authorization)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = slice_of(path),
	    .authorization = authorization};
	struct node_reply reply = {0};
	struct problem problem = {0};

	if (name != NULL) {
		request.has_certificate = true;
		request.fingerprint.digest = digest_of(slice_of(name));
	}
	buf_init(&reply.body);
	assert_int_equal(node_begin(node, START), OK);
	node_request(node, &request, &reply);
	assert_int_equal(node_commit(node, &problem), OK);
	node_reply_done(&reply);

	return reply.status;
}

static void
rights_follow_the_certificate(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");
	const char *path = "/heard/" EXCHANGE;

	(void)state;
	assert_int_equal(ask_as(node, path, NULL, SLICE("")), 403);
	assert_int_equal(ask_as(node, path, "stranger", SLICE("")), 403);
	assert_int_equal(ask_as(node, path, "b/sample", SLICE("")), 403);
	assert_int_equal(ask_as(node, "/mine", "operator", SLICE("")), 401);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("Bearer abc")), 200);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("bEARER  a ")), 200);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("Bearer")), 401);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("Bearer ")), 401);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("Bearers a")), 401);
	assert_int_equal(ask_as(node, "/mine", NULL, SLICE("Basic abc")), 401);
	assert_int_equal(ask_as(node, "/health", NULL, SLICE("")), 200);
	simulation_free(sim);
}

static struct slice
organisation_of(struct node *node, const char *name)
{
	struct fingerprint fingerprint = {digest_of(slice_of(name))};

	return node_organisation(node, &fingerprint);
}

/* By which a server shares out its bytes. */
static void
a_certificate_is_of_an_organisation(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");

	(void)state;
	assert_true(slice_equal_string(organisation_of(node, "b/sample"), "b"));
	assert_true(slice_equal_string(organisation_of(node, "operator"), "a"));
	assert_true(
	    slice_equal_string(organisation_of(node, "stranger"), "(unknown)"));
	assert_false(organisation_is_valid(organisation_of(node, "stranger")));
	assert_true(slice_equal(organisation_of(node, "stranger"),
	    organisation_of(node, "another")));
	simulation_free(sim);
}

static void
envelopes_of_strangers_are_refused(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "b/sample");
	struct fingerprint stranger = {digest_of(SLICE("stranger"))};
	struct fingerprint operator_key = {digest_of(SLICE("operator"))};
	struct problem problem = {0};
	struct buf receipt;

	(void)state;
	buf_init(&receipt);
	assert_int_equal(node_begin(node, START), OK);
	assert_int_equal(
	    node_receive(node, &stranger, SLICE("x"), &receipt, &problem),
	    ERR_DENIED);
	assert_int_equal(
	    node_receive(node, &operator_key, SLICE("x"), &receipt, &problem),
	    ERR_DENIED);
	assert_int_equal(receipt.len, 0);
	node_abort(node);
	buf_done(&receipt);
	simulation_free(sim);
}

/* Carry what `a` has for `b` to it, in the name of `bearer`; `b` has it then. */
static enum err
carry_at(struct simulation *sim, const char *bearer, struct instant then,
    struct buf *receipt, struct buf *batch)
{
	struct node *a = simulation_node(sim, "a/sample");
	struct node *b = simulation_node(sim, "b/sample");
	struct fingerprint fp = {digest_of(slice_of(bearer))};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	enum err rc;
	size_t i;

	for (i = 0; i < node_peers(a); i++) {
		if (batch->len > 0 ||
		    strcmp(node_peer(a, i).id.text, "b/sample") != 0)
			continue;
		assert_int_equal(node_outbox(a, i, START, &p), OK);
		buf_add(batch, buf_slice(&p.batch));
		buf_done(&p.batch);
		/* Nothing was left after it. */
		p.after = p.last;
		assert_int_equal(node_outbox(a, i, START, &p), ERR_NOT_FOUND);
	}
	buf_clear(receipt);
	assert_int_equal(node_begin(b, then), OK);
	rc = node_receive(b, &fp, buf_slice(batch), receipt, &problem);
	assert_int_equal(node_commit(b, &problem), OK);

	return rc;
}

static enum err
carry(struct simulation *sim, const char *bearer, struct buf *receipt,
    struct buf *batch)
{
	return carry_at(sim, bearer, START, receipt, batch);
}

static void
keep_line(void *state, const char *line)
{
	buf_add_string(state, line);
	buf_add_char(state, '\n');
}

static void
a_refusal_before_the_handler_is_logged_with_reason_and_sender(void **state)
{
	struct instant late = instant_plus(START, 61ll * 24 * 3600 * 1000);
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *b = simulation_node(sim, "b/sample");
	struct buf receipt, batch, log;

	(void)state;
	buf_init(&receipt);
	buf_init(&batch);
	buf_init(&log);
	b->log = keep_line;
	b->log_state = &log;
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"secret\"}", NULL);
	assert_int_equal(carry_at(sim, "a/sample", late, &receipt, &batch), OK);
	assert_string_equal(log.data,
	    "refused note.told from a/sample: this envelope is older than 60 "
	    "days\n");
	buf_done(&receipt);
	buf_done(&batch);
	buf_done(&log);
	simulation_free(sim);
}

static void
an_envelope_is_applied_once_and_only_for_its_sender(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *b = simulation_node(sim, "b/sample");
	struct buf receipt, batch;

	(void)state;
	buf_init(&receipt);
	buf_init(&batch);
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}", NULL);
	/* The wrong bearer, then the right one, who comes twice. */
	assert_int_equal(carry(sim, "b/sample", &receipt, &batch), ERR_DENIED);
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 0);
	assert_int_equal(carry(sim, "a/sample", &receipt, &batch), OK);
	assert_int_equal(carry(sim, "a/sample", &receipt, &batch), OK);
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 1);
	buf_done(&receipt);
	buf_done(&batch);
	simulation_free(sim);
}

/* Each fault of a batch alone is refused, and nothing is applied. */
static void
a_batch_is_what_its_waybill_says(void **state)
{
	static const struct {
		const char *cut; /* NULL: none */
		const char *add;
		enum err want;
	} rows[] = {
	    {"x\"}}", "y\"}}", ERR_CRYPTO}, /* altered */
	    {NULL, "\n{}", ERR_INPUT},      /* one more */
	    {"\n", "", ERR_INPUT},          /* the waybill alone */
	    {".", ".x", ERR_INPUT},         /* no waybill */
	};
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *b = simulation_node(sim, "b/sample");
	struct buf receipt, batch, wrong;
	size_t i;

	(void)state;
	buf_init(&receipt);
	buf_init(&batch);
	buf_init(&wrong);
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}", NULL);
	carry(sim, "b/sample", &receipt, &batch);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&wrong);
		buf_add(&wrong, buf_slice(&batch));
		if (rows[i].cut != NULL)
			wrong.len = (size_t)(strstr(wrong.data, rows[i].cut) -
			    wrong.data);
		buf_add_string(&wrong, rows[i].add);
		if (carry(sim, "a/sample", &receipt, &wrong) != rows[i].want)
			fail_msg("row %zu", i);
		assert_int_equal(receipt.len, 0);
		assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 0);
	}
	assert_int_equal(carry(sim, "a/sample", &receipt, &batch), OK);
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 1);
	buf_done(&receipt);
	buf_done(&batch);
	buf_done(&wrong);
	simulation_free(sim);
}

static void
a_refusal_is_final_and_told(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	char text[ANSWER_MAX];

	(void)state;
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"refuse me\"}", NULL);
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(
	    sample_count(simulation_node(sim, "b/sample"), NOTES_HEARD, "n"),
	    0);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/status", "", text), 200);
	assert_non_null(strstr(text, "such notes are not taken"));
	simulation_free(sim);
}

static void
a_node_does_not_start_on_a_clock_set_back(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct problem problem = {0};

	(void)state;
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}", NULL);
	assert_non_null(a);
	assert_int_equal(simulation_restart(sim, "a/sample",
			     instant_plus(START, -3600 * 1000), &problem),
	    ERR_CONFLICT);
	assert_non_null(strstr(problem.text, "clock"));
	simulation_free(sim);
}

static void
a_clock_set_back_in_a_run_is_told(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct surroundings around = {
	    .clock = instant_plus(simulation_now(sim), -3600 * 1000)};
	char text[ANSWER_MAX];

	(void)state;
	node_note_surroundings(a, &around);
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/status", "", text), 200);
	assert_non_null(strstr(text, "\"clock_behind_seconds\":3600"));
	simulation_free(sim);
}

/* Nine statements and the commit. */
#define HOUSEKEEPING_WRITES 10

static void
a_timer_runs_again_soon_if_its_work_was_not_committed(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct problem problem = {0};
	struct instant due;

	(void)state;
	due = node_next_timer(a);
	assert_int_equal(node_begin(a, due), OK);
	store_inject(node_store(a), HOUSEKEEPING_WRITES, ERR_FULL);
	node_timers(a);
	assert_true(store_inject_is_pending(node_store(a)));
	assert_int_equal(node_commit(a, &problem), ERR_FULL);
	/* The ledger, which had to wait for the other timers. */
	assert_int_equal(node_begin(a, due), OK);
	node_timers(a);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(node_next_timer(a).ms, due.ms + 1000);
	simulation_free(sim);
}

/* A batch of requests, and how often it was worked off. */
struct two_notes {
	struct node *node;
	struct node_reply replies[2];
	int times;
};

static void
post_note(struct node *node, const char *body, struct node_reply *ret)
{
	struct http_call request = {.method = HTTP_POST,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/notes"),
	    .content_type = SLICE("application/json"),
	    .body = slice_of(body),
	    .has_certificate = true};

	request.fingerprint.digest = digest_of(SLICE("operator"));
	node_reply_done(ret);
	*ret = (struct node_reply){0};
	buf_init(&ret->body);
	node_request(node, &request, ret);
}

static void
post_two_notes(void *state)
{
	struct two_notes *t = state;

	t->times++;
	post_note(t->node, "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}",
	    &t->replies[0]);
	post_note(t->node,
	    "{\"id\":\"" ID_2 "\",\"text\":\"x\",\"unaudited\":true}",
	    &t->replies[1]);
}

static void
post_first(void *state)
{
	struct two_notes *t = state;

	t->times++;
	post_note(
	    t->node, "{\"id\":\"" ID_2 "\",\"text\":\"y\"}", &t->replies[0]);
}

static void
a_batch_with_a_turn_to_be_undone_is_done_again(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct problem problem = {0};

	(void)state;
	assert_int_equal(node_perform(a, START, post_two_notes, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(notes.times, 2);
	assert_int_equal(notes.replies[0].status, 201);
	assert_int_equal(notes.replies[1].status, 500);
	assert_int_equal(sample_count(a, NOTES_NOTES, "n"), 1);
	/* With nothing to undo once is enough. */
	assert_int_equal(node_perform(a, START, post_first, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(notes.times, 3);
	assert_int_equal(notes.replies[0].status, 201);
	node_reply_done(&notes.replies[0]);
	node_reply_done(&notes.replies[1]);
	simulation_free(sim);
}

static void
post_at_leisure(void *state)
{
	struct two_notes *t = state;

	post_note(t->node,
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"x\",\"at_leisure\":true}",
	    &t->replies[0]);
}

/* The index of the other node in a directory of two. */
static size_t
twin_of(struct node *node)
{
	struct peer_info first = node_peer(node, 0);

	return system_id_equal(&first.id, node_id(node)) ? 1 : 0;
}

static void
what_is_sent_at_leisure_leaves_with_the_next(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	size_t b = twin_of(a), lines = 0, i;

	(void)state;
	assert_int_equal(node_outbox(a, b, START, &p), ERR_NOT_FOUND);
	assert_int_equal(node_peer(a, b).due.ms, 0);
	assert_int_equal(node_perform(a, START, post_at_leisure, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(node_peer(a, b).due.ms, START.ms + 100);
	assert_int_equal(node_perform(a, START, post_first, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_true(node_peer(a, b).due.ms <= START.ms);
	assert_int_equal(node_outbox(a, b, START, &p), OK);
	for (i = 0; i < p.batch.len; i++)
		lines += p.batch.data[i] == '\n';
	assert_int_equal(lines, 2); /* after the waybill */
	buf_done(&p.batch);
	node_reply_done(&notes.replies[0]);
	simulation_free(sim);
}

/* Leave more messages than a batch holds, and put all of them off. */
static void
put_off_a_batch(void *state)
{
	struct two_notes *t = state;
	struct peer_info peer = node_peer(t->node, twin_of(t->node));
	struct message_id id = {0};
	struct digest digest;
	int64_t i;

	for (i = 1; i <= ENVELOPE_BATCH_MAX + 1; i++) {
		digest = digest_of(slice_bytes((const char *)&i, sizeof(i)));
		assert_int_equal(
		    host_outbox_put(node_store(t->node),
			&(struct host_outbox_put){.digest = &digest,
			    .id = &id,
			    .peer = &peer.id,
			    .type = SLICE("note"),
			    .envelope = SLICE("{}"),
			    .created = START}),
		    OK);
		assert_int_equal(host_outbox_postpone(node_store(t->node),
				     instant_plus(START, 5000), i),
		    OK);
	}
}

static void
messages_put_off_do_not_hide_one_that_is_due(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	size_t b = twin_of(a);

	(void)state;
	assert_int_equal(node_perform(a, START, put_off_a_batch, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(node_outbox(a, b, START, &p), ERR_NOT_FOUND);
	assert_int_equal(node_peer(a, b).due.ms, START.ms + 5000);
	assert_int_equal(node_perform(a, START, post_first, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(node_outbox(a, b, START, &p), OK);
	assert_int_equal(p.last, ENVELOPE_BATCH_MAX + 2);
	/* Those that were put off are asked for, though this one is under way. */
	p.after = p.last;
	assert_int_equal(node_outbox(a, b, START, &p), ERR_NOT_FOUND);
	assert_int_equal(node_peer(a, b).due.ms, START.ms + 5000);
	p.after = 0;
	buf_clear(&p.batch);
	assert_int_equal(node_outbox(a, b, instant_plus(START, 5000), &p), OK);
	assert_int_equal(p.last, ENVELOPE_BATCH_MAX);
	buf_done(&p.batch);
	node_reply_done(&notes.replies[0]);
	simulation_free(sim);
}

/* A posted batch is asked for again, as its receipt may be lost. */
static void
after_a_failed_commit_everything_is_due(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	size_t b = twin_of(a);

	(void)state;
	assert_int_equal(node_perform(a, START, post_first, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(node_outbox(a, b, START, &p), OK);
	buf_done(&p.batch);
	p.after = p.last;
	assert_int_equal(
	    node_outbox(a, b, instant_plus(START, 100), &p), ERR_NOT_FOUND);
	assert_int_equal(node_peer(a, b).due.ms, 0);
	assert_int_equal(node_perform(a, START, post_at_leisure, &notes), OK);
	store_inject(node_store(a), 1, ERR_FULL);
	assert_int_equal(node_commit(a, &problem), ERR_FULL);
	assert_int_equal(node_peer(a, b).due.ms, 1);
	node_reply_done(&notes.replies[0]);
	simulation_free(sim);
}

static void
assert_health(struct simulation *sim, int expected)
{
	char text[ANSWER_MAX];

	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/health", "", text), expected);
}

static void
a_node_that_could_not_write_becomes_healthy_by_itself(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct problem problem = {0};

	(void)state;
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(
	    node_perform(a, simulation_now(sim), post_first, &notes), OK);
	store_inject(node_store(a), 1, ERR_FULL);
	assert_int_equal(node_commit(a, &problem), ERR_FULL);
	assert_int_equal(node_last_write(a), ERR_FULL);
	assert_health(sim, 503);
	/* The first try of its own fails, too. */
	store_inject(node_store(a), 1, ERR_FULL);
	simulation_run(sim, 1500);
	assert_false(store_inject_is_pending(node_store(a)));
	assert_health(sim, 503);
	simulation_run(sim, 1500);
	assert_health(sim, 200);
	node_reply_done(&notes.replies[0]);
	simulation_free(sim);
}

/* A time ahead of the clock would stay the newest for long. */
static void
a_message_of_the_future_counts_as_sent_when_it_was_received(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *a = simulation_node(sim, "a/sample");
	struct two_notes notes = {.node = a};
	struct problem problem = {0};
	struct instant ahead = instant_plus(START, 3600 * 1000);

	(void)state;
	assert_int_equal(node_perform(a, ahead, post_first, &notes), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_true(sample_heard.ms >= START.ms);
	assert_true(sample_heard.ms < START.ms + 10000);
	node_reply_done(&notes.replies[0]);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_note_reaches_the_twin),
	    cmocka_unit_test(a_reply_waits_for_its_key),
	    cmocka_unit_test(a_wait_ends),
	    cmocka_unit_test(bad_input_is_refused_by_field),
	    cmocka_unit_test(unknown_paths_and_methods_are_refused),
	    cmocka_unit_test(personal_data_without_audit_does_not_commit),
	    cmocka_unit_test(the_same_note_twice_is_a_conflict),
	    cmocka_unit_test(a_batch_with_a_turn_to_be_undone_is_done_again),
	    cmocka_unit_test(what_is_sent_at_leisure_leaves_with_the_next),
	    cmocka_unit_test(messages_put_off_do_not_hide_one_that_is_due),
	    cmocka_unit_test(after_a_failed_commit_everything_is_due),
	    cmocka_unit_test(
		a_node_that_could_not_write_becomes_healthy_by_itself),
	    cmocka_unit_test(rights_follow_the_certificate),
	    cmocka_unit_test(a_certificate_is_of_an_organisation),
	    cmocka_unit_test(envelopes_of_strangers_are_refused),
	    cmocka_unit_test(
		an_envelope_is_applied_once_and_only_for_its_sender),
	    cmocka_unit_test(
		a_message_of_the_future_counts_as_sent_when_it_was_received),
	    cmocka_unit_test(a_batch_is_what_its_waybill_says),
	    cmocka_unit_test(a_refusal_is_final_and_told),
	    cmocka_unit_test(
		a_refusal_before_the_handler_is_logged_with_reason_and_sender),
	    cmocka_unit_test(a_node_does_not_start_on_a_clock_set_back),
	    cmocka_unit_test(a_clock_set_back_in_a_run_is_told),
	    cmocka_unit_test(
		a_timer_runs_again_soon_if_its_work_was_not_committed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
