/* The evidence of an exchange: the other side's signatures, and for how long
 * they are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"
#include "host/evidence.h"
#include "notes_statements.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

#define START ((struct instant){1790000000000})
#define EXCHANGE "00112233445566778899aabbccddeeff"
#define REFUSED "00112233445566778899aabbccddee00"

/* Two systems, each the other's twin. */
static struct simulation *
pair(const char *a, const char *b)
{
	static struct setting to_b[] = {{"twin", NULL}, {0}};
	static struct setting to_a[] = {{"twin", NULL}, {0}};
	const char *folder = scratch_folder();
	struct problem problem = {0};
	struct simulation *sim = NULL;

	to_b[0].value = b;
	to_a[0].value = a;
	assert_int_equal(
	    simulation_new(1, folder, NULL, START, &sim, &problem), OK);
	assert_int_equal(
	    simulation_add(sim, &sample_system, a, to_b, &problem), OK);
	assert_int_equal(
	    simulation_add(sim, &sample_system, b, to_a, &problem), OK);

	return sim;
}

static int
call(struct simulation *sim, const char *system, enum http_method method,
    const char *path, const char *body, json_t **ret)
{
	struct buf answer;
	int status = 0;

	buf_init(&answer);
	assert_int_equal(simulation_call_raw(sim, system, method, path,
			     slice_of(body), SLICE(""), &status, &answer),
	    OK);
	if (ret != NULL)
		assert_int_equal(
		    json_read(buf_slice(&answer), "answer", ret, NULL), OK);
	buf_done(&answer);

	return status;
}

static void
tell(struct simulation *sim, const char *from, const char *id, const char *text)
{
	char body[200];

	snprintf(
	    body, sizeof(body), "{\"id\":\"%s\",\"text\":\"%s\"}", id, text);
	assert_int_equal(call(sim, from, HTTP_POST, "/notes", body, NULL), 201);
	assert_int_equal(simulation_settle(sim, 10000), OK);
}

/* The only message that is kept; the answer owns it. */
static const json_t *
only_message(const json_t *answer)
{
	const json_t *messages = json_object_get(answer, "messages");

	assert_int_equal(json_array_size(messages), 1);

	return json_array_get(messages, 0);
}

static struct slice
text_of(const json_t *object, const char *key)
{
	struct slice text = {0};

	assert_int_equal(json_get_text(object, key, &text, NULL), OK);

	return text;
}

/* The signed list of a waybill or receipt, unverified. */
static json_t *
payload_of(struct slice text, const char *type)
{
	struct arena *arena = arena_new();
	json_t *payload = NULL;
	struct jws jws;

	assert_int_equal(jws_parse(arena, text, type, &jws), OK);
	assert_int_equal(json_read(jws.payload, "payload", &payload, NULL), OK);
	arena_free(arena);

	return payload;
}

static void
both_sides_keep_what_the_other_signed(void **state)
{
	struct simulation *sim = pair("a/sample", "b/sample");
	json_t *sent, *received, *receipt, *waybill, *line;
	const json_t *at_a, *at_b;
	struct digest digest, listed;

	(void)state;
	tell(sim, "a/sample", EXCHANGE, "hello");
	call(sim, "a/sample", HTTP_GET, "/evidence/" EXCHANGE, "", &sent);
	call(sim, "b/sample", HTTP_GET, "/evidence/" EXCHANGE, "", &received);
	at_a = only_message(sent);
	at_b = only_message(received);
	assert_true(
	    slice_equal(text_of(at_a, "envelope"), text_of(at_b, "envelope")));
	digest = digest_of(text_of(at_a, "envelope"));
	receipt = payload_of(text_of(at_a, "receipt"), RECEIPT_TYPE);
	line = json_array_get(json_object_get(receipt, "receipts"), 0);
	assert_int_equal(base64url_decode_exact(text_of(line, "digest"),
			     listed.bytes, sizeof(listed.bytes)),
	    OK);
	assert_memory_equal(&listed, &digest, sizeof(digest));
	waybill = payload_of(text_of(at_b, "waybill"), WAYBILL_TYPE);
	assert_int_equal(
	    json_array_size(json_object_get(waybill, "envelopes")), 1);
	assert_true(json_is_object(json_object_get(at_a, "proof")));
	assert_true(json_is_object(json_object_get(at_b, "proof")));
	json_decref(receipt);
	json_decref(waybill);
	json_decref(sent);
	json_decref(received);
	simulation_free(sim);
}

static void
a_refusal_is_evidence_of_the_sender_alone(void **state)
{
	struct simulation *sim = pair("a/sample", "b/sample");
	json_t *answer;

	(void)state;
	tell(sim, "a/sample", REFUSED, "refuse me");
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/evidence/" REFUSED, "", &answer),
	    200);
	only_message(answer);
	json_decref(answer);
	assert_int_equal(
	    call(sim, "b/sample", HTTP_GET, "/evidence/" REFUSED, "", NULL),
	    404);
	simulation_free(sim);
}

static void
nothing_is_kept_within_an_organisation(void **state)
{
	struct simulation *sim = pair("a/sample", "a/other");

	(void)state;
	tell(sim, "a/sample", EXCHANGE, "hello");
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/evidence/" EXCHANGE, "", NULL),
	    404);
	assert_int_equal(
	    call(sim, "a/other", HTTP_GET, "/evidence/" EXCHANGE, "", NULL),
	    404);
	simulation_free(sim);
}

static void
what_is_kept_is_erased_when_its_time_is_over(void **state)
{
	struct simulation *sim = pair("a/sample", "b/sample");
	char body[64];

	(void)state;
	tell(sim, "a/sample", EXCHANGE, "hello");
	snprintf(body, sizeof(body), "{\"before\":%lld}", (long long)START.ms);
	call(sim, "b/sample", HTTP_POST, "/evidence/erase", body, NULL);
	assert_int_equal(
	    call(sim, "b/sample", HTTP_GET, "/evidence/" EXCHANGE, "", NULL),
	    200);
	snprintf(body, sizeof(body), "{\"before\":%lld}",
	    (long long)simulation_now(sim).ms + 1);
	call(sim, "b/sample", HTTP_POST, "/evidence/erase", body, NULL);
	assert_int_equal(
	    call(sim, "b/sample", HTTP_GET, "/evidence/" EXCHANGE, "", NULL),
	    404);
	simulation_free(sim);
}

/* Carry what `a` has for its twin, signed at that time, to `b`. */
static void
carry_signed_at(struct node *a, struct node *b, struct instant signed_at)
{
	struct fingerprint fp = {digest_of(SLICE("a/sample"))};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	struct buf receipt;
	size_t i = 0;

	while (strcmp(node_peer(a, i).id.text, "b/sample") != 0)
		i++;
	buf_init(&receipt);
	assert_int_equal(node_outbox(a, i, signed_at, &p), OK);
	assert_int_equal(node_begin(b, START), OK);
	assert_int_equal(
	    node_receive(b, &fp, buf_slice(&p.batch), &receipt, &problem), OK);
	assert_int_equal(node_commit(b, &problem), OK);
	buf_done(&p.batch);
	buf_done(&receipt);
}

/* Nobody's certificate need have been valid then: what is evidence waits. */
static void
what_was_signed_at_another_time_is_no_evidence(void **state)
{
	struct simulation *sim = pair("a/sample", "b/sample");
	struct node *a = simulation_node(sim, "a/sample");
	struct node *b = simulation_node(sim, "b/sample");

	(void)state;
	call(sim, "a/sample", HTTP_POST, "/notes",
	    "{\"id\":\"" EXCHANGE "\",\"text\":\"x\"}", NULL);
	carry_signed_at(a, b, instant_plus(START, 2 * 86400000));
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 0);
	carry_signed_at(a, b, instant_plus(START, 3600000));
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), 1);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_sides_keep_what_the_other_signed),
	    cmocka_unit_test(a_refusal_is_evidence_of_the_sender_alone),
	    cmocka_unit_test(nothing_is_kept_within_an_organisation),
	    cmocka_unit_test(what_is_kept_is_erased_when_its_time_is_over),
	    cmocka_unit_test(what_was_signed_at_another_time_is_no_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
