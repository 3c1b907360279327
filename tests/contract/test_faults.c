/*
 * The store withstands failing writes and commits, a full disk, a damaged file,
 * a lost server and a process that is killed; and random histories agree with
 * a naive twin.
 */
#include "tests/contract/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "tests/support/cluster.h"

#define OWNER 1
#define ACCOUNTS 12

static enum err
put_account(struct store *store, int64_t number, int64_t amount)
{
	struct query q;

	store_query(store, EXTRA_PUT, &q);
	query_int(&q, "owner", OWNER);
	query_int(&q, "number", number);
	query_int(&q, "amount", amount);
	return query_run(&q);
}

static enum err
move(struct store *store, int64_t number, int64_t by)
{
	struct query q;

	store_query(store, EXTRA_MOVE, &q);
	query_int(&q, "owner", OWNER);
	query_int(&q, "number", number);
	query_int(&q, "by", by);
	return query_run(&q);
}

static enum err
delete_account(struct store *store, int64_t number)
{
	struct query q;

	store_query(store, EXTRA_DELETE, &q);
	query_int(&q, "owner", OWNER);
	query_int(&q, "number", number);
	return query_run(&q);
}

/* Accounts 0 and 1 with 100 each. */
static struct store *
open_accounts(void)
{
	struct store *store = database_open();
	struct query q;

	assert_int_equal(OK, store_begin(store));
	person_put(&q, store, OWNER, "owner", 1);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, put_account(store, 0, 100));
	assert_int_equal(OK, put_account(store, 1, 100));
	assert_int_equal(OK, store_commit(store));
	return store;
}

static int64_t
amount_of(struct store *store, int64_t number)
{
	struct query q;
	int64_t amount = -1;

	store_query(store, EXTRA_ALL, &q);
	query_int(&q, "owner", OWNER);
	while (query_step(&q) == OK)
		if (column_int(&q, "number") == number)
			amount = column_int(&q, "amount");
	return amount;
}

/* ---- Injected faults ---- */

/* As a host does it: a turn that fails is undone, the rest is committed. */
static enum err
turn(struct store *store)
{
	enum err err = store_mark(store);

	if (err != OK)
		return err;
	err = move(store, 0, -1);
	if (err == OK)
		err = move(store, 1, 1);
	if (err == OK)
		err = store_keep(store);
	if (err != OK)
		store_undo(store);
	return err;
}

static enum err
transfer(struct store *store)
{
	enum err err = store_begin(store), turned;

	if (err != OK)
		return err;
	turned = turn(store);
	err = store_commit(store);
	return turned != OK ? turned : err;
}

static void
fail_every_call_in_turn(struct store *store, enum err fault)
{
	int64_t before, nth;
	enum err err;

	for (nth = 1;; nth++) {
		before = amount_of(store, 0);
		store_inject(store, (uint64_t)nth, fault);
		err = transfer(store);
		assert_int_equal(200, ask_int(store, EXTRA_TOTAL, "total"));
		if (store_inject_is_pending(store))
			break;
		assert_int_equal(fault, err);
		assert_int_equal(before, amount_of(store, 0));
	}
	store_inject(store, 0, OK);
	assert_int_equal(OK, err);
	assert_int_equal(before - 1, amount_of(store, 0));
	assert_int_equal(4, nth); /* two writes and a commit */
}

static void
a_failed_write_or_commit_leaves_nothing(void **state)
{
	static const enum err faults[] = {ERR_FULL, ERR_IO, ERR_UNREACHABLE,
	    ERR_BUSY, ERR_CONFLICT, ERR_INTERNAL};
	struct store *store = open_accounts();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		fail_every_call_in_turn(store, faults[i]);
	store_close(store);
}

static void
an_uncertain_commit_may_have_been_done(void **state)
{
	struct store *store = open_accounts();

	(void)state;
	store_inject(store, 3, ERR_UNCERTAIN);
	assert_int_equal(ERR_UNCERTAIN, transfer(store));
	assert_false(store_is_open(store));
	assert_int_equal(99, amount_of(store, 0));
	store_close(store);
}

static void
a_turn_that_fails_does_not_spoil_the_others(void **state)
{
	struct store *store = open_accounts();

	(void)state;
	store_inject(store, 4, ERR_CONFLICT);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, turn(store));
	assert_int_equal(ERR_CONFLICT, turn(store));
	assert_int_equal(OK, turn(store));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(98, amount_of(store, 0));
	assert_int_equal(102, amount_of(store, 1));

	/* A full disk takes them all, and the commit says so. */
	store_inject(store, 4, ERR_FULL);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, turn(store));
	assert_int_equal(ERR_FULL, turn(store));
	assert_int_equal(ERR_FULL, turn(store));
	assert_int_equal(ERR_FULL, store_commit(store));
	assert_int_equal(98, amount_of(store, 0));
	store_close(store);
}

/* ---- A lost server ---- */

static void
a_lost_connection_is_unreachable_and_comes_back(void **state)
{
	struct store *store;

	(void)state;
	if (!database_is_postgresql())
		skip();
	store = open_accounts();
	/* While nothing is going on: nobody notices. */
	database_disconnect();
	assert_int_equal(OK, transfer(store));
	assert_int_equal(99, amount_of(store, 0));

	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, turn(store));
	database_disconnect();
	assert_int_equal(ERR_UNREACHABLE, turn(store));
	assert_int_equal(ERR_UNREACHABLE, store_mark(store));
	assert_int_equal(ERR_UNREACHABLE, store_commit(store));
	assert_int_equal(OK, transfer(store));
	assert_int_equal(98, amount_of(store, 0));
	store_close(store);
}

static void
a_connection_lost_during_commit_is_uncertain(void **state)
{
	struct store *store;

	(void)state;
	if (!database_is_postgresql())
		skip();
	store = open_accounts();
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, turn(store));
	database_disconnect();
	assert_int_equal(ERR_UNCERTAIN, store_commit(store));
	assert_false(store_is_open(store));
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(100, amount_of(store, 0));
	store_rollback(store);
	store_close(store);
}

static void
a_server_that_went_down_and_came_back_is_not_noticed(void **state)
{
	static const enum cluster_stop stops[] = {
	    CLUSTER_IN_ORDER, CLUSTER_CRASH};
	struct store *store;
	size_t i;

	(void)state;
	if (!database_is_postgresql())
		skip();
	store = open_accounts();
	for (i = 0; i < 2; i++) {
		cluster_restart(stops[i]);
		assert_int_equal(OK, transfer(store));
		cluster_restart(stops[i]);
		assert_int_equal(99 - (int)i, amount_of(store, 0));
	}
	store_close(store);
}

static void
a_server_that_crashes_takes_what_was_not_committed(void **state)
{
	struct store *store;

	(void)state;
	if (!database_is_postgresql())
		skip();
	store = open_accounts();
	assert_int_equal(OK, transfer(store));
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, turn(store));
	cluster_restart(CLUSTER_CRASH);
	assert_int_equal(ERR_UNREACHABLE, turn(store));
	assert_int_equal(ERR_UNREACHABLE, store_commit(store));
	assert_int_equal(99, amount_of(store, 0));
	store_close(store);
}

/* After an attempt that failed, the next is not made at once. */
static enum err
begin_in_time(struct store *store)
{
	int64_t until = monotonic_ms() + 300 * 1000;
	enum err err;

	do
		err = store_begin(store);
	while (err != OK && monotonic_ms() < until);
	store_rollback(store);
	return err;
}

static void
who_comes_back_too_late_finds_another_owner(void **state)
{
	struct store_options options = database_options();
	struct store *store, *other;

	(void)state;
	if (!database_is_postgresql())
		skip();
	store_close(open_accounts());
	options.busy_ms = 1;
	assert_int_equal(OK,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &store, NULL));
	database_disconnect();
	other = database_open();
	assert_int_equal(ERR_BUSY, store_begin(store));
	assert_int_equal(ERR_BUSY, store_begin(store));
	assert_int_equal(OK, transfer(other));
	store_close(other);
	database_disconnect();
	assert_int_equal(OK, begin_in_time(store));
	assert_int_equal(OK, transfer(store));
	assert_int_equal(98, amount_of(store, 0));
	store_close(store);
}

/* ---- A full disk, a damaged file ---- */

static bool
mount_small(const char *path)
{
	if (unshare(CLONE_NEWNS) != 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0;
}

/* In a process and a mount of its own; 0 if all is well, 77 if it cannot. */
static int
fill_disk(void)
{
	static char photo[50000];
	struct store_options options = database_options();
	struct store *store;
	struct query q;
	char name[16];
	enum err err = OK;
	int i, kept = 0;

	if (!mount_small(database_path(".")))
		return 77;
	if (store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &store, NULL) != OK)
		return 1;
	for (i = 1; i < 100 && err == OK; i++) {
		if (store_begin(store) != OK)
			return 2;
		snprintf(name, sizeof(name), "%d", i);
		typed_begin(store, SAMPLE_PERSON_PUT, &q);
		query_int(&q, "id", i);
		query_text(&q, "name", slice_of(name));
		typed_null(&q, PERSON_AGE);
		typed_blob(&q, PERSON_PHOTO, slice_bytes(photo, sizeof(photo)));
		err = query_run(&q);
		if (err == OK)
			err = store_commit(store);
		else
			store_rollback(store);
		kept += err == OK;
	}
	if (err != ERR_FULL ||
	    strstr(store_problem(store)->text, "disk is full") == NULL)
		return 3;
	if (ask_int(store, SAMPLE_PERSON_COUNT, "n") != kept || kept == 0)
		return 4;
	store_close(store);
	return 0;
}

static void
a_full_disk_is_said_and_loses_nothing(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (database_is_postgresql())
		skip();
	pid = fork();
	if (pid == 0)
		_exit(fill_disk());
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* not allowed to mount */
	assert_int_equal(0, WEXITSTATUS(status));
}

static void
overwrite(const char *path, off_t at, const char *with)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(strlen(with), pwrite(fd, with, strlen(with), at));
	close(fd);
}

static enum err
open_quietly(struct problem *problem)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	enum err err = store_open(database_location(), database_schemas,
	    DATABASE_SCHEMAS, &options, &store, problem);

	if (err == OK)
		err = store_integrity_check(store);
	store_close(store);
	return err;
}

static void
a_file_that_is_no_database_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	if (database_is_postgresql())
		skip();
	overwrite(database_location(), 0,
	    "this was never a database, but it "
	    "is long enough to look like one");
	overwrite(database_location(), 4095, "x");
	assert_int_equal(ERR_CORRUPT, open_quietly(&problem));
	assert_non_null(strstr(problem.text, "not a database"));
}

/* As the header of a file of SQLite has it. */
static off_t
page_bytes(const char *path)
{
	unsigned char size[2];
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(2, pread(fd, size, 2, 16));
	close(fd);
	return size[0] << 8 | size[1];
}

static void
a_damaged_file_is_found_by_the_check(void **state)
{
	struct stat sb;
	struct problem problem;
	struct store *store;
	off_t at, page;
	int found = 0, pages = 0;

	(void)state;
	if (database_is_postgresql())
		skip();
	store = open_accounts();
	store_close(store);
	assert_int_equal(OK, open_quietly(&problem));
	assert_int_equal(0, stat(database_location(), &sb));
	assert_int_equal(0600, sb.st_mode & 0777);
	page = page_bytes(database_location());
	for (at = page; at < sb.st_size; at += page, pages++) {
		overwrite(database_location(), at, "\xee\xee\xee\xee\xee");
		found += open_quietly(&problem) == ERR_CORRUPT;
	}
	assert_int_equal(pages, found);
}

static void
another_programs_database_is_refused(void **state)
{
	struct store_options options = database_options();
	struct store *store = NULL;

	(void)state;
	if (database_is_postgresql())
		skip();
	options.application_id = 0x62616e67;
	assert_int_equal(OK,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &store, NULL));
	store_close(store);
	options.application_id++;
	assert_int_equal(ERR_CONFLICT,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &store, NULL));
}

/* ---- Random histories ---- */

static uint64_t seed;

static unsigned int
random_below(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)(seed % n);
}

/* The naive twin: what the accounts should be, one for each mark. */
struct twin {
	int64_t amounts[STORE_MARKS_MAX + 3][ACCOUNTS]; /* -1 none */
	unsigned int depth; /* 0 committed, 1 transaction, 2.. marks */
	bool forgets;       /* the deliberate fault: undoing keeps */
};

static void
twin_push(struct twin *t)
{
	memcpy(t->amounts[t->depth + 1], t->amounts[t->depth],
	    sizeof(t->amounts[0]));
	t->depth++;
}

static void
twin_pop(struct twin *t, bool keep)
{
	t->depth--;
	if (keep)
		memcpy(t->amounts[t->depth], t->amounts[t->depth + 1],
		    sizeof(t->amounts[0]));
}

static bool
twin_equals(const struct twin *t, struct store *store)
{
	int64_t found[ACCOUNTS];
	struct query q;
	int i;

	for (i = 0; i < ACCOUNTS; i++)
		found[i] = -1;
	store_query(store, EXTRA_ALL, &q);
	query_int(&q, "owner", OWNER);
	while (query_step(&q) == OK)
		found[column_int(&q, "number")] = column_int(&q, "amount");
	return memcmp(found, t->amounts[t->depth], sizeof(found)) == 0;
}

/* One write; what the twin expects of it. */
static enum err
write_both(struct store *store, struct twin *t, enum err *ret_expected)
{
	unsigned int k = random_below(ACCOUNTS), kind = random_below(4);
	int64_t value = random_below(100), *amount = &t->amounts[t->depth][k];

	*ret_expected = OK;
	if (kind == 0) {
		*amount = value;
		return put_account(store, k, value);
	}
	if (kind == 1) {
		*amount = -1;
		return delete_account(store, k);
	}
	value -= 40;
	if (*amount >= 0 && *amount + value < 0)
		*ret_expected = ERR_INPUT;
	else if (*amount >= 0)
		*amount += value;
	return move(store, k, value);
}

/* Give the innermost mark up, or the transaction. */
static void
undo_both(struct store *store, struct twin *t)
{
	twin_pop(t, t->forgets);
	if (store_depth(store) > 0)
		store_undo(store);
	else
		store_rollback(store);
}

static void
keep_both(struct store *store, struct twin *t)
{
	twin_pop(t, true);
	if (store_depth(store) > 0)
		assert_int_equal(OK, store_keep(store));
	else
		assert_int_equal(OK, store_commit(store));
}

static void
push_both(struct store *store, struct twin *t)
{
	if (t->depth == STORE_MARKS_MAX + 1)
		return;
	twin_push(t);
	if (t->depth == 1)
		assert_int_equal(OK, store_begin(store));
	else
		assert_int_equal(OK, store_mark(store));
}

static struct store *
reopen_both(struct store *store, struct twin *t)
{
	if (t->depth > 1 || random_below(20) != 0)
		return store;
	store_close(store);
	t->depth = 0;
	return database_open();
}

/* A write that succeeds, breaks a rule, or is made to fail. */
static void
random_write(struct store *store, struct twin *t)
{
	bool fault = random_below(10) == 0;
	enum err err, expected;

	if (fault) {
		twin_push(t);
		store_inject(store, 1, ERR_CONFLICT);
	}
	err = write_both(store, t, &expected);
	if (fault) {
		twin_pop(t, false);
		expected = ERR_CONFLICT;
	}
	assert_int_equal(expected, err);
	if (err != OK)
		undo_both(store, t);
}

static struct store *
random_step(struct store *store, struct twin *t)
{
	switch (t->depth == 0 ? 0 : random_below(8)) {
	case 0:
		push_both(store, t);
		break;
	case 1:
		keep_both(store, t);
		break;
	case 2:
		undo_both(store, t);
		break;
	case 3:
		return reopen_both(store, t);
	default: /* a number */
		random_write(store, t);
		break;
	}
	return store;
}

/* Whether the store and its twin agreed after each of many steps. */
static bool
agree(uint64_t start, bool forgets)
{
	int steps = database_is_postgresql() ? 600 : 3000, i;
	struct store *store = open_accounts();
	static struct twin twin;
	bool equal = true;

	seed = start;
	twin = (struct twin){.forgets = forgets};
	for (i = 0; i < ACCOUNTS; i++)
		twin.amounts[0][i] = i < 2 ? 100 : -1;
	for (i = 0; equal && i < steps; i++) {
		store = random_step(store, &twin);
		equal = twin_equals(&twin, store);
	}
	store_close(store);
	if (!equal && !forgets)
		print_message(
		    "seed %llu, step %d\n", (unsigned long long)start, i);
	return equal;
}

static void
random_histories_agree_with_a_twin(void **state)
{
	(void)state;
	assert_true(agree(UINT64_C(0x9e3779b97f4a7c15), false));
}

static void
the_twin_notices_a_fault(void **state)
{
	(void)state;
	assert_false(agree(UINT64_C(0x9e3779b97f4a7c15), true));
}

/* ---- Killed processes ---- */

#define KILLED_ACCOUNTS 5

/* Commit the numbers 1, 2, 3 ... to all accounts, telling each one after. */
static void
count_for_ever(int out, int64_t from)
{
	struct store *store = database_open();
	int64_t i, k;

	for (i = from;; i++) {
		if (store_begin(store) != OK)
			_exit(1);
		for (k = 0; k < KILLED_ACCOUNTS; k++)
			if (put_account(store, k, i) != OK)
				_exit(1);
		if (store_commit(store) != OK ||
		    write(out, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

static int64_t
kill_after(unsigned int commits, int64_t from)
{
	int64_t told = from - 1, value;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(0, pipe(fds));
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		count_for_ever(fds[1], from);
	}
	close(fds[1]);
	while (read(fds[0], &value, sizeof(value)) == sizeof(value)) {
		told = value;
		if (commits-- == 0)
			kill(pid, SIGKILL);
	}
	close(fds[0]);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return told;
}

static void
a_killed_process_loses_nothing_that_it_told(void **state)
{
	int rounds = 25, i;
	int64_t told, next = 1, k;
	struct store *store = open_accounts();

	(void)state;
	store_close(store);
	seed = 42;
	for (i = 0; i < rounds; i++) {
		told = kill_after(random_below(40), next);
		store = database_open();
		next = amount_of(store, 0);
		assert_true(next == told || next == told + 1);
		for (k = 1; k < KILLED_ACCOUNTS; k++)
			assert_int_equal(next, amount_of(store, k));
		assert_int_equal(OK, store_integrity_check(store));
		store_close(store);
		next++;
	}
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, database_setup, database_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_failed_write_or_commit_leaves_nothing),
	    TEST(an_uncertain_commit_may_have_been_done),
	    TEST(a_turn_that_fails_does_not_spoil_the_others),
	    TEST(a_lost_connection_is_unreachable_and_comes_back),
	    TEST(a_connection_lost_during_commit_is_uncertain),
	    TEST(a_server_that_went_down_and_came_back_is_not_noticed),
	    TEST(a_server_that_crashes_takes_what_was_not_committed),
	    TEST(who_comes_back_too_late_finds_another_owner),
	    TEST(a_full_disk_is_said_and_loses_nothing),
	    TEST(a_file_that_is_no_database_is_refused),
	    TEST(a_damaged_file_is_found_by_the_check),
	    TEST(another_programs_database_is_refused),
	    TEST(random_histories_agree_with_a_twin),
	    TEST(the_twin_notices_a_fault),
	    TEST(a_killed_process_loses_nothing_that_it_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
