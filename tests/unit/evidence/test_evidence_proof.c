/* The ledger of an archive: in it, signed, and by others, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/archive.h"

static int
tear_down(void **state)
{
	(void)state;
	archive_done();

	return 0;
}

static json_t *
first_proof(const json_t *archive)
{
	return json_object_get(
	    json_array_get(json_object_get(archive, "messages"), 0), "proof");
}

static void
the_witness_is_named(void **state)
{
	struct evidence found;

	(void)state;
	archive_judge(archive_of_inquirer(), &found);
	assert_true(found.holds);
	assert_true(slice_equal_string(found.story.witness, "jlis/jukinet"));
	assert_int_equal(found.story.n_witnesses, 1);
	assert_int_equal(
	    found.story.witnessed.ms, ARCHIVE_START.ms + 3600 * 1000);
}

static void
a_ledger_that_nobody_else_signed_is_refused(void **state)
{
	(void)state;
	archive_options.is_unwitnessed = true;
	archive_fails(archive_of_inquirer(),
	    "no other organisation has signed the checkpoint");
}

static void
a_system_of_the_same_organisation_is_no_witness(void **state)
{
	(void)state;
	archive_options.is_unwitnessed = true;
	archive_options.is_colleague = true;
	archive_fails(archive_of_inquirer(),
	    "no other organisation has signed the checkpoint");
	archive_done();
	archive_options.is_colleague = true;
	archive_holds(archive_of_inquirer());
}

static void
a_witness_without_a_certificate_is_refused(void **state)
{
	(void)state;
	archive_options.is_witness_unknown = true;
	archive_fails(archive_of_inquirer(),
	    "the key with which bango/jlis/jukinet signed the checkpoint has "
	    "no certificate");
}

static void
the_ledger_is_signed_while_the_certificates_are_valid(void **state)
{
	(void)state;
	archive_options.late_ms = 48 * 3600 * 1000;
	archive_fails(archive_of_inquirer(),
	    "the certificate of jlis/jukinet was not valid when it signed");
	archive_done();
	archive_options.is_brief = true;
	archive_fails(archive_of_inquirer(),
	    "the certificate of 131041/relay was not valid when it signed");
}

static void
a_message_that_is_not_in_the_ledger_is_refused(void **state)
{
	json_t *archive = archive_of_inquirer();

	(void)state;
	json_object_set_new(
	    json_array_get(json_object_get(archive, "messages"), 1), "proof",
	    json_null());
	archive_fails(archive,
	    "the message was not in the ledger yet when the archive "
	    "was made");
}

/* A line of the note that comes twice, of which the second is not looked at. */
static void
nobody_signs_twice(void **state)
{
	json_t *archive = archive_of_inquirer(), *proof;
	const char *note, *line;
	struct buf text;

	(void)state;
	proof = first_proof(archive);
	note = json_string_value(json_object_get(proof, "checkpoint"));
	line = strstr(note, "\xe2\x80\x94 bango/jlis");
	buf_init(&text);
	buf_printf(&text, "%s%s", note, line);
	json_put_text(proof, "checkpoint", buf_slice(&text));
	archive_fails(archive, "the checkpoint has two signatures of one name");
	buf_done(&text);
}

/* The first checkpoint without the lines of signatures by that system. */
static void
drop_signature(const json_t *archive, const char *name)
{
	json_t *proof = first_proof(archive);
	struct slice rest =
	    slice_of(json_string_value(json_object_get(proof, "checkpoint")));
	struct slice line, by;
	struct buf text;

	buf_init(&text);
	while (rest.data != NULL && rest.len > 0) {
		line = slice_cut(&rest, '\n');
		by = line;
		(void)slice_cut(&by, ' ');
		by = slice_cut(&by, ' ');
		if (!slice_equal_string(by, name))
			buf_printf(&text, "%.*s\n", SLICE_ARG(line));
	}
	json_put_text(proof, "checkpoint", buf_slice(&text));
	buf_done(&text);
}

static void
the_holder_signs_its_ledger(void **state)
{
	json_t *archive = archive_of_inquirer();

	(void)state;
	drop_signature(archive, "bango/131041/relay");
	archive_fails(archive, "131041/relay has not signed the checkpoint");
}

static void
sizes_agree(void **state)
{
	json_t *archive = archive_of_inquirer();

	(void)state;
	json_put_int(first_proof(archive), "size", 5);
	archive_fails(
	    archive, "the entry is not in the ledger of the checkpoint");
}

static void
hexadecimal_digits_have_one_spelling(void **state)
{
	json_t *archive = archive_of_inquirer(), *proof = first_proof(archive);
	char *leaf = strdup(json_string_value(json_object_get(proof, "leaf")));
	size_t i = strcspn(leaf, "abcdef");

	(void)state;
	assert_true(leaf[i] != '\0');
	leaf[i] = (char)(leaf[i] - 'a' + 'A');
	json_put_text(proof, "leaf", slice_of(leaf));
	archive_fails(archive, "field leaf of the proof: malformed");
	free(leaf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(the_witness_is_named, tear_down),
	    cmocka_unit_test_teardown(
		a_ledger_that_nobody_else_signed_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		a_system_of_the_same_organisation_is_no_witness, tear_down),
	    cmocka_unit_test_teardown(
		a_witness_without_a_certificate_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		the_ledger_is_signed_while_the_certificates_are_valid,
		tear_down),
	    cmocka_unit_test_teardown(
		a_message_that_is_not_in_the_ledger_is_refused, tear_down),
	    cmocka_unit_test_teardown(nobody_signs_twice, tear_down),
	    cmocka_unit_test_teardown(the_holder_signs_its_ledger, tear_down),
	    cmocka_unit_test_teardown(sizes_agree, tear_down),
	    cmocka_unit_test_teardown(
		hexadecimal_digits_have_one_spelling, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
