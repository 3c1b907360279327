/* An archive holds as it was made, and not once anything in it was altered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/archive.h"

#define HOUR_MS 3600000ll

static int
tear_down(void **state)
{
	(void)state;
	archive_done();

	return 0;
}

static json_t *
message_at(const json_t *archive, size_t index)
{
	return json_array_get(json_object_get(archive, "messages"), index);
}

static void
both_archives_hold(void **state)
{
	(void)state;
	archive_holds(archive_of_provider());
	archive_done();
	archive_holds(archive_of_inquirer());
}

/* --- Altered ------------------------------------------------------------- */

/* Another character of the same kind, so that as little as possible of it is
 * malformed. */
static char
neighbour(char c)
{
	if (c >= '0' && c <= '9')
		return (char)('0' + (c - '0' + 1) % 10);
	if (c >= 'a' && c <= 'f')
		return (char)('a' + (c - 'a' + 1) % 6);

	return c ^ 1;
}

static void
check_altered(const char *text, size_t len, const json_t *original)
{
	struct arena *arena = arena_new();
	struct slice altered = slice_bytes(text, len);
	struct evidence found;
	json_t *document = NULL;

	evidence_judge(arena, altered, archive_anchor(), &found);
	/* White space between tokens, and the two cases of an escape. */
	if (found.holds) {
		assert_int_equal(
		    json_read(altered, "archive", &document, NULL), OK);
		assert_true(json_equal(document, original));
		json_decref(document);
	}
	arena_free(arena);
}

/* Every thirteenth character, to save time; tests below alter whole parts. */
static void
no_character_of_it_can_be_altered(void **state)
{
	const json_t *archive = archive_of_inquirer();
	struct buf text;
	size_t i;
	char c;

	(void)state;
	buf_init(&text);
	json_write(archive, &text);
	for (i = 0; i < text.len; i += 13) {
		c = text.data[i];
		text.data[i] = neighbour(c);
		check_altered(text.data, text.len, archive);
		text.data[i] = c;
	}
	buf_done(&text);
}

/* Every text, number and list in it, wherever it stands. */
static size_t
alter_each(json_t *archive, json_t *value)
{
	struct evidence found;
	const char *key;
	json_t *child, *old;
	size_t i, n = 0;
	void *next;

	if (json_is_object(value)) {
		json_object_foreach_safe(value, next, key, child)
		{
			n += alter_each(archive, child);
			old = json_incref(child);
			json_object_set_new(value, key, json_string("x"));
			archive_judge(archive, &found);
			if (found.holds)
				fail_msg("%s can be altered", key);
			json_object_set_new(value, key, old);
			n++;
		}
		json_object_set_new(value, "more", json_integer(1));
		archive_judge(archive, &found);
		assert_false(found.holds);
		json_object_del(value, "more");
	}
	json_array_foreach(value, i, child)
	{
		n += alter_each(archive, child);
		old = json_incref(child);
		json_array_set_new(value, i, json_integer(1));
		archive_judge(archive, &found);
		assert_false(found.holds);
		json_array_set_new(value, i, old);
		n++;
	}

	return n;
}

static void
no_part_of_it_can_be_altered(void **state)
{
	json_t *archive = archive_of_provider();

	(void)state;
	assert_true(alter_each(archive, archive) > 50);
	archive_holds(archive);
}

/* A true part in the wrong place. */
static void
parts_cannot_be_exchanged(void **state)
{
	static const char *const parts[] = {"envelope", "proof", "receipt"};
	json_t *archive = archive_of_provider();
	json_t *a = message_at(archive, 1), *b = message_at(archive, 2), *mine;
	struct evidence found;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		mine = json_incref(json_object_get(a, parts[i]));
		json_object_set(a, parts[i], json_object_get(b, parts[i]));
		archive_judge(archive, &found);
		/* Both were written in one turn: they share the entry. */
		assert_int_equal(found.holds, i == 1);
		json_object_set_new(a, parts[i], mine);
	}
	mine = json_incref(json_object_get(a, "proof"));
	json_object_set(
	    a, "proof", json_object_get(message_at(archive, 0), "proof"));
	archive_fails(archive, "the entry belongs to another message");
	json_object_set_new(a, "proof", mine);
	archive_holds(archive);
}

/* Two messages of one sender. */
static void
an_entry_is_that_of_its_message(void **state)
{
	struct archive_line revoked = archive_permitted;
	json_t *archive;

	(void)state;
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	archive_say(&archive_permitted);
	revoked.type = "permit.revoked";
	revoked.body =
	    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"inquiry\":\"" ARCHIVE_INQUIRY
	    "\",\"inquirer\":\"131041\",\"outcome\":\"revoked\"}";
	archive_say(&revoked);
	archive = archive_finish();
	archive_holds(archive);
	json_object_set(message_at(archive, 2), "proof",
	    json_object_get(message_at(archive, 1), "proof"));
	archive_fails(archive, "the entry belongs to another message");
}

/* The inquirer's messages, and one of them again with that body. */
static json_t *
archive_with(const struct archive_line *again, const char *body)
{
	struct archive_line line = *again;

	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	archive_say(&archive_permitted);
	if (body != NULL)
		line.body = body;
	archive_say(&line);

	return archive_finish();
}

static void
a_message_twice_is_one_message(void **state)
{
	json_t *archive = archive_of_inquirer();

	(void)state;
	json_array_append(
	    json_object_get(archive, "messages"), message_at(archive, 2));
	archive_holds(archive);
	archive_done();
	archive_holds(archive_with(&archive_permitted, NULL));
	archive_done();
	archive_holds(archive_with(&archive_request, NULL));
}

static void
two_messages_of_different_content_are_refused(void **state)
{
	(void)state;
	archive_fails(
	    archive_with(&archive_permitted,
		"{\"inquiry\":\"" ARCHIVE_INQUIRY
		"\",\"permit\":\"" ARCHIVE_PERMIT "\",\"article\":\"another\","
		"\"expires\":\"2027-01-01T00:00:00.000Z\"}"),
	    "there are two messages inquiry.permitted of different content");
}

/* --- Signers -------------------------------------------------------------- */

static void
another_anchor_is_refused(void **state)
{
	const json_t *archive = archive_of_inquirer();
	struct arena *arena = arena_new();
	struct evidence found;
	struct buf text;

	(void)state;
	buf_init(&text);
	json_write(archive, &text);
	evidence_judge(arena, buf_slice(&text), archive_other_anchor(), &found);
	assert_false(found.holds);
	evidence_judge(arena, buf_slice(&text), SLICE("no anchor"), &found);
	assert_false(found.holds);
	evidence_judge(arena, buf_slice(&text), archive_anchor(), &found);
	assert_true(found.holds);
	buf_done(&text);
	arena_free(arena);
}

static void
every_signer_has_a_certificate_of_its_own(void **state)
{
	json_t *archive = archive_of_inquirer(), *certificates, *lost;

	(void)state;
	certificates = json_object_get(archive, "certificates");
	lost = json_incref(json_object_get(certificates, "digital/network"));
	json_object_del(certificates, "digital/network");
	archive_fails(archive,
	    "the key that signed it has no certificate of digital/network");
	json_object_set(certificates, "digital/network",
	    json_object_get(certificates, "012041/relay"));
	archive_fails(archive,
	    "certificate of digital/network: the certificate names "
	    "another system");
	json_object_set_new(certificates, "digital/network", lost);
	archive_holds(archive);
}

/* Somebody with a certificate, who speaks for another. */
static void
nobody_signs_for_another(void **state)
{
	static const enum archive_system provider = ARCHIVE_PROVIDER;
	struct archive_line line = archive_permitted;

	(void)state;
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	line.forger = &provider;
	archive_say(&line);
	archive_fails(archive_finish(),
	    "the key that signed it has no certificate of digital/network");
	archive_done();
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	line = archive_request;
	line.forger = &provider;
	archive_say(&line);
	archive_fails(archive_finish(),
	    "the key that signed it has no certificate of digital/network");
}

/* With its own key, but in another's name, or to another. */
static void
a_signature_names_both_ends(void **state)
{
	static const enum archive_misnamed misnamed[] = {
	    ARCHIVE_SIGNER, ARCHIVE_HOLDER};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		archive_options.misnamed = misnamed[i];
		archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
		archive_say(&archive_permitted);
		archive_fails(archive_finish(),
		    "envelope, waybill and holder do not belong together");
		archive_done();
		archive_options.misnamed = misnamed[i];
		archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
		archive_say(&archive_request);
		archive_fails(archive_finish(),
		    "envelope, receipt and holder do not belong together");
		if (i == 0)
			archive_done();
	}
}

static void
what_was_signed_before_the_certificate_is_refused(void **state)
{
	(void)state;
	archive_options.early_ms = 2 * HOUR_MS;
	archive_fails(archive_of_inquirer(),
	    "the certificate of digital/network was not valid when it signed");
	archive_done();
	archive_options.early_ms = 2 * HOUR_MS;
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	archive_fails(archive_finish(),
	    "the certificate of digital/network was not valid when it signed");
	archive_done();
	archive_options.early_ms = 2 * HOUR_MS;
	archive_fails(archive_of_provider(),
	    "the certificate of digital/network was not valid when it signed");
}

static void
older_keys_have_certificates_too(void **state)
{
	json_t *archive = archive_of_inquirer(), *list;

	(void)state;
	/* The same again stands for the certificate of another epoch. */
	list = json_object_get(
	    json_object_get(archive, "certificates"), "digital/network");
	json_array_append(list, json_array_get(list, 0));
	archive_holds(archive);
}

/* --- Outcomes ------------------------------------------------------------- */

static void
what_the_receiver_refused_is_not_evidence_that_it_knew(void **state)
{
	struct archive_line report = archive_report;

	(void)state;
	archive_begin(ARCHIVE_PROVIDER, ARCHIVE_PERMIT);
	archive_say(&archive_issued);
	archive_say(&archive_answer);
	report.outcome = "refused";
	archive_say(&report);
	archive_fails(archive_finish(),
	    "digital/network did not accept the envelope: "
	    "refused");
}

static void
what_was_accepted_before_is_accepted(void **state)
{
	struct archive_line report = archive_report;

	(void)state;
	archive_begin(ARCHIVE_PROVIDER, ARCHIVE_PERMIT);
	archive_say(&archive_issued);
	report.outcome = "duplicate";
	archive_say(&report);
	archive_holds(archive_finish());
}

static void
what_is_no_archive_is_refused(void **state)
{
	static const char *const texts[] = {"", "{}", "[]", "{\"format\":1}",
	    "{\"format\":\"bango-evidence-2\"}", "no JSON"};
	struct arena *arena = arena_new();
	struct evidence found;
	size_t i;

	(void)state;
	(void)archive_of_inquirer();
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		evidence_judge(
		    arena, slice_of(texts[i]), archive_anchor(), &found);
		assert_false(found.holds);
		assert_int_equal(found.n_findings, 1);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(both_archives_hold, tear_down),
	    cmocka_unit_test_teardown(
		no_character_of_it_can_be_altered, tear_down),
	    cmocka_unit_test_teardown(no_part_of_it_can_be_altered, tear_down),
	    cmocka_unit_test_teardown(parts_cannot_be_exchanged, tear_down),
	    cmocka_unit_test_teardown(
		an_entry_is_that_of_its_message, tear_down),
	    cmocka_unit_test_teardown(
		a_message_twice_is_one_message, tear_down),
	    cmocka_unit_test_teardown(
		two_messages_of_different_content_are_refused, tear_down),
	    cmocka_unit_test_teardown(another_anchor_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		every_signer_has_a_certificate_of_its_own, tear_down),
	    cmocka_unit_test_teardown(nobody_signs_for_another, tear_down),
	    cmocka_unit_test_teardown(a_signature_names_both_ends, tear_down),
	    cmocka_unit_test_teardown(
		what_was_signed_before_the_certificate_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		older_keys_have_certificates_too, tear_down),
	    cmocka_unit_test_teardown(
		what_the_receiver_refused_is_not_evidence_that_it_knew,
		tear_down),
	    cmocka_unit_test_teardown(
		what_was_accepted_before_is_accepted, tear_down),
	    cmocka_unit_test_teardown(what_is_no_archive_is_refused, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
