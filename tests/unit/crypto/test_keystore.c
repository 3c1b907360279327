#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/keystore.h"
#include "tests/support/scratch.h"

static const struct slice passphrase = {"correct horse", 13};
static const struct instant day = {1795248000000};
static const char *folder;
static char path[SCRATCH_PATH_MAX + 8];
static struct random_seed seed;
static struct random random_source;

static int
set_up(void **state)
{
	(void)state;
	folder = scratch_folder();
	snprintf(path, sizeof(path), "%s/keys", folder);
	random_source = random_seeded(&seed, 1);

	return 0;
}

/* Nothing is left beside the key store. */
static int
tear_down(void **state)
{
	(void)state;
	unlink(path);

	return rmdir(folder);
}

static void
save(struct keystore *ks)
{
	assert_int_equal(
	    keystore_save(ks, path, passphrase, &random_source, NULL), OK);
}

static enum err
verdict(struct slice with)
{
	struct problem problem = {0};
	struct keystore *ks = NULL;
	enum err rc = keystore_open(path, with, &ks, &problem);

	assert_int_equal(problem.err, rc);
	assert_true((ks != NULL) == (rc == OK));
	keystore_free(ks);

	return rc;
}

/* Two epochs of "number", one private key. */
static struct keystore *
sample(void)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);

	keystore_add_symmetric(ks, "number", &random_source, day, NULL);
	keystore_add_private(
	    ks, "sign", "its-id", SLICE("a \0 key"), day, NULL);
	keystore_add_symmetric(ks, "number", &random_source, day, NULL);

	return ks;
}

static void
read_file(struct buf *ret)
{
	buf_init(ret);
	assert_int_equal(file_read(path, 1 << 20, ret, NULL), OK);
}

static void
write_file(struct slice content)
{
	assert_int_equal(file_replace(path, content, 0600, NULL), OK);
}

static void
what_was_saved_is_opened(void **state)
{
	struct keystore *ks = sample(), *back = NULL;
	const struct stored_key *a, *b;
	size_t i;

	(void)state;
	save(ks);
	assert_int_equal(keystore_open(path, passphrase, &back, NULL), OK);
	for (i = 0; i < 3; i++) {
		a = keystore_at(ks, i);
		b = keystore_at(back, i);
		assert_string_equal(a->purpose, b->purpose);
		assert_string_equal(a->id, b->id);
		assert_int_equal(a->epoch, b->epoch);
		assert_int_equal(a->kind, b->kind);
		assert_int_equal(a->made.ms, b->made.ms);
		assert_true(slice_equal(a->secret, b->secret));
	}
	assert_null(keystore_at(back, 3));
	keystore_free(ks);
	keystore_free(back);
}

static void
an_empty_key_store_is_one_too(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST), *back = NULL;

	(void)state;
	save(ks);
	assert_int_equal(keystore_open(path, passphrase, &back, NULL), OK);
	assert_null(keystore_at(back, 0));
	keystore_free(ks);
	keystore_free(back);
}

static void
rotation_adds_an_epoch_and_keeps_the_old(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	const struct stored_key *first, *second;
	uint32_t epoch = 0;

	(void)state;
	keystore_add_symmetric(ks, "number", &random_source, day, &epoch);
	assert_int_equal(epoch, 1);
	first = keystore_current(ks, "number");
	keystore_add_private(ks, "sign", "a", SLICE("key"), day, &epoch);
	assert_int_equal(epoch, 1);
	keystore_add_symmetric(ks, "number", &random_source, day, &epoch);
	assert_int_equal(epoch, 2);
	second = keystore_current(ks, "number");
	assert_ptr_equal(keystore_epoch(ks, "number", 1), first);
	assert_ptr_equal(keystore_epoch(ks, "number", 2), second);
	assert_false(slice_equal(first->secret, second->secret));
	assert_string_not_equal(first->id, second->id);
	assert_int_equal(second->secret.len, 32);
	keystore_free(ks);
}

static void
a_key_that_is_not_there_is_not_found(void **state)
{
	struct keystore *ks = sample();

	(void)state;
	assert_null(keystore_current(ks, "numbe"));
	assert_null(keystore_current(ks, "seal"));
	assert_null(keystore_epoch(ks, "number", 0));
	assert_null(keystore_epoch(ks, "number", 3));
	assert_null(keystore_epoch(ks, "seal", 1));
	keystore_free(ks);
}

static void
a_wrong_passphrase_is_refused(void **state)
{
	struct keystore *ks = sample();

	(void)state;
	save(ks);
	assert_int_equal(verdict(SLICE("correct hors")), ERR_CRYPTO);
	assert_int_equal(verdict(SLICE("correct horse ")), ERR_CRYPTO);
	assert_int_equal(verdict(SLICE("Correct horse")), ERR_CRYPTO);
	assert_int_equal(verdict((struct slice){0}), ERR_CRYPTO);
	assert_int_equal(verdict(passphrase), OK);
	keystore_free(ks);
}

static void
an_empty_passphrase_seals_nothing(void **state)
{
	struct keystore *ks = sample();

	(void)state;
	unlink(path);
	assert_int_equal(
	    keystore_save(ks, path, SLICE(""), &random_source, NULL),
	    ERR_INPUT);
	assert_int_equal(verdict(passphrase), ERR_NOT_FOUND);
	keystore_free(ks);
}

static void
altering_any_byte_is_refused(void **state)
{
	struct keystore *ks = sample();
	struct buf file;
	size_t i, header;
	enum err rc;

	(void)state;
	save(ks);
	keystore_free(ks);
	read_file(&file);
	header =
	    (size_t)(strchr(strchr(file.data, '\n') + 1, '\n') - file.data);
	for (i = 0; i < file.len; i++) {
		file.data[i] ^= 1;
		write_file(buf_slice(&file));
		file.data[i] ^= 1;
		rc = verdict(passphrase);
		if (i > header)
			assert_int_equal(rc, ERR_CRYPTO);
		else
			assert_true(rc == ERR_CRYPTO || rc == ERR_CORRUPT);
	}
	write_file(buf_slice(&file));
	assert_int_equal(verdict(passphrase), OK);
	buf_done(&file);
}

static void
what_is_cut_short_or_goes_on_is_refused(void **state)
{
	struct keystore *ks = sample();
	struct buf file;
	enum err rc;
	size_t len;

	(void)state;
	save(ks);
	keystore_free(ks);
	read_file(&file);
	for (len = 0; len < file.len; len++) {
		write_file(slice_bytes(file.data, len));
		rc = verdict(passphrase);
		assert_true(rc == ERR_CRYPTO || rc == ERR_CORRUPT);
	}
	buf_add_char(&file, '\0');
	write_file(buf_slice(&file));
	assert_int_equal(verdict(passphrase), ERR_CRYPTO);
	buf_done(&file);
}

static void
another_file_is_no_key_store(void **state)
{
	(void)state;
	write_file(SLICE("-----BEGIN PRIVATE KEY-----\nabc\n"));
	assert_int_equal(verdict(passphrase), ERR_CORRUPT);
	write_file(SLICE("bango-keystore\n{}\n0123456789abcdef"));
	assert_int_equal(verdict(passphrase), ERR_CORRUPT);
}

/* Before we know that a file is ours it must not cost us much. */
static void
a_header_that_asks_for_too_much_is_refused(void **state)
{
	static const char *const headers[] = {
	    "\"version\":1,\"memory\":262145,\"passes\":1,\"lanes\":1",
	    "\"version\":1,\"memory\":64,\"passes\":17,\"lanes\":1",
	    "\"version\":1,\"memory\":64,\"passes\":0,\"lanes\":1",
	    "\"version\":1,\"memory\":7,\"passes\":1,\"lanes\":1",
	    "\"version\":1,\"memory\":64,\"passes\":1,\"lanes\":2",
	    "\"version\":2,\"memory\":64,\"passes\":1,\"lanes\":1"};
	struct buf file;
	size_t i;

	(void)state;
	buf_init(&file);
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		buf_clear(&file);
		buf_printf(&file,
		    "bango-keystore\n{%s,\"kdf\":\"argon2id\",\"cipher\":"
		    "\"A256GCM\",\"salt\":\"AAAAAAAAAAAAAAAAAAAAAA\","
		    "\"nonce\":\"AAAAAAAAAAAAAAAA\"}\n0123456789abcdef",
		    headers[i]);
		write_file(buf_slice(&file));
		assert_int_equal(verdict(passphrase), ERR_CORRUPT);
	}
	buf_done(&file);
}

static void
saving_twice_gives_another_salt_and_nonce(void **state)
{
	struct keystore *ks = sample();
	struct buf a, b;

	(void)state;
	save(ks);
	read_file(&a);
	save(ks);
	read_file(&b);
	assert_int_equal(a.len, b.len);
	assert_memory_not_equal(a.data, b.data, a.len);
	/* Not even where the same secrets are sealed. */
	assert_memory_not_equal(a.data + a.len - 64, b.data + b.len - 64, 32);
	keystore_free(ks);
	buf_done(&a);
	buf_done(&b);
}

static void
no_secret_is_readable_in_the_file_nor_by_others(void **state)
{
	struct keystore *ks = sample();
	const struct stored_key *k;
	struct buf file;
	struct stat st;
	size_t i;

	(void)state;
	save(ks);
	read_file(&file);
	for (i = 0; (k = keystore_at(ks, i)) != NULL; i++)
		assert_null(
		    memmem(file.data, file.len, k->secret.data, k->secret.len));
	assert_null(memmem(file.data, file.len, "number", 6));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	keystore_free(ks);
	buf_done(&file);
}

/* The strong cost is told by the file and kept by the next save. */
static void
the_cost_is_that_of_the_file(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_STRONG), *back = NULL;
	struct buf file;
	int round;

	(void)state;
	keystore_add_symmetric(ks, "number", &random_source, day, NULL);
	save(ks);
	for (round = 0; round < 2; round++) {
		read_file(&file);
		assert_non_null(
		    strstr(file.data, "\"memory\":65536,\"passes\":3"));
		buf_done(&file);
		assert_int_equal(
		    keystore_open(path, passphrase, &back, NULL), OK);
		save(back);
		keystore_free(back);
	}
	keystore_free(ks);
}

static void
a_save_that_fails_leaves_the_old_file(void **state)
{
	struct rlimit was, little;
	struct keystore *ks = sample();
	struct buf before, after;
	struct problem problem;
	enum err rc;

	(void)state;
	save(ks);
	read_file(&before);
	keystore_add_symmetric(ks, "linkage", &random_source, day, NULL);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	little = was;
	little.rlim_cur = 100; /* bytes: the disk is "full" in mid-write */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	rc = keystore_save(ks, path, passphrase, &random_source, &problem);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(rc, ERR_IO);
	read_file(&after);
	assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
	keystore_free(ks);
	buf_done(&before);
	buf_done(&after);
}

static void
save_for_ever(int told)
{
	struct keystore *ks = sample();

	for (;;) {
		if (keystore_save(ks, path, passphrase, &random_source, NULL) ||
		    write(told, "", 1) != 1)
			_exit(1);
	}
}

/* A process that dies while saving leaves the old file or the new. */
static void
a_process_killed_while_saving_leaves_a_key_store(void **state)
{
	int ends[2], status, round, i;
	struct buf sweep;
	pid_t child;
	char byte;

	(void)state;
	for (round = 0; round < 20; round++) {
		assert_int_equal(pipe(ends), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			save_for_ever(ends[1]);
		for (i = 0; i <= round; i++)
			assert_int_equal(read(ends[0], &byte, 1), 1);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(verdict(passphrase), OK);
		close(ends[0]);
		close(ends[1]);
	}
	buf_init(&sweep); /* of the files that the killed had begun beside it */
	buf_printf(&sweep, "rm -f %s/keys.*", folder);
	assert_int_equal(system(sweep.data), 0);
	buf_done(&sweep);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_saved_is_opened),
	    cmocka_unit_test(an_empty_key_store_is_one_too),
	    cmocka_unit_test(rotation_adds_an_epoch_and_keeps_the_old),
	    cmocka_unit_test(a_key_that_is_not_there_is_not_found),
	    cmocka_unit_test(a_wrong_passphrase_is_refused),
	    cmocka_unit_test(an_empty_passphrase_seals_nothing),
	    cmocka_unit_test(altering_any_byte_is_refused),
	    cmocka_unit_test(what_is_cut_short_or_goes_on_is_refused),
	    cmocka_unit_test(another_file_is_no_key_store),
	    cmocka_unit_test(a_header_that_asks_for_too_much_is_refused),
	    cmocka_unit_test(saving_twice_gives_another_salt_and_nonce),
	    cmocka_unit_test(no_secret_is_readable_in_the_file_nor_by_others),
	    cmocka_unit_test(the_cost_is_that_of_the_file),
	    cmocka_unit_test(a_save_that_fails_leaves_the_old_file),
	    cmocka_unit_test(a_process_killed_while_saving_leaves_a_key_store),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
