/*
 * Every statement of every component is accepted by the database it is for:
 * the build has shown it for SQLite, this shows it for PostgreSQL too.  And
 * rows of an earlier day are there after a migration that moves them.
 */
#include <string.h>

#include "addressee_statements.h"
#include "audit_statements.h"
#include "budget_statements.h"
#include "host_statements.h"
#include "jukinet_statements.h"
#include "nation/systems.h"
#include "network_statements.h"
#include "offices_statements.h"
#include "registry_statements.h"
#include "systems/addressee/addressee.h"
#include "systems/jukinet/jukinet.h"
#include "systems/network/network.h"
#include "systems/offices/offices.h"
#include "systems/registry/registry.h"
#include "tests/contract/database.h"

static struct store *
open_one(const struct schema *schema)
{
	struct store_options options = database_options();
	struct problem problem = {0};
	struct store *store = NULL;

	if (store_open(
		database_location(), &schema, 1, &options, &store, &problem))
		fail_msg("%s (%s)", problem.text, problem.detail);

	return store;
}

static struct store *
open_system(const struct system *system)
{
	struct store_options options = database_options();
	struct problem problem = {0};
	struct store *store = NULL;

	if (system_open_store(
		system, database_location(), &options, &store, &problem))
		fail_msg("%s: %s (%s)", system->component.name, problem.text,
		    problem.detail);

	return store;
}

static void
check_all(struct store *store)
{
	if (store_prepare_all(store) != OK)
		fail_msg("%s (%s)", store_problem(store)->text,
		    store_problem(store)->detail);
	store_close(store);
}

/* With those of the host and the components. */
static void
every_statement_of_every_system_is_accepted(void **state)
{
	const struct system *const *s;

	for (s = all_systems; *s != NULL; s++) {
		database_setup(state);
		check_all(open_system(*s));
		database_teardown(state);
	}
}

static void
every_statement_of_the_sample_is_accepted(void **state)
{
	database_setup(state);
	check_all(database_open());
	database_teardown(state);
}

static void
a_statement_that_only_one_database_knows_is_found(void **state)
{
	/* Valid nowhere: what a schema of another time would lead to. */
	static const struct statement bad = {.name = "BAD",
	    .sqlite = "SELECT a FROM x",
	    .postgresql = "SELECT a"};
	static const struct schema schema = {
	    .name = "bad", .statements = &bad, .n_statements = 1};
	const struct schema *const schemas[] = {&schema};
	struct store_options options = database_options();
	struct store *store;

	database_setup(state);
	assert_int_equal(OK,
	    store_open(
		database_location(), schemas, 1, &options, &store, NULL));
	assert_int_equal(ERR_INTERNAL, store_prepare_all(store));
	store_close(store);
	database_teardown(state);
}

/* --- The network's records, which migration 5 lays together --------------- */

#define BEFORE_TOGETHER 4
#define PERSON_HEX "000102030405060708090a0b0c0d0e0f"

/* Two of one person, one of nobody in between. */
#define OLD_RECORDS(person)                                                    \
	"INSERT INTO record (record, person, inquirer, inquiry, affair, item," \
	" provider, unit, article, requested, expires, outcome, reason,"       \
	" hidden, corrected, correction) VALUES"                               \
	" ('old', " person ", 'a', 'i1', '1', 'x', 'b', 'u', 'art', 10, 90,"   \
	" 'permitted', '', 0, NULL, ''),"                                      \
	" ('nobody', NULL, 'a', 'i3', '1', 'x', 'b', 'u', 'art', 15, NULL,"    \
	" 'refused', 'no-code', 0, NULL, ''),"                                 \
	" ('new', " person ", 'a', 'i2', '1', 'x', 'b', 'u', 'art', 20, 90,"   \
	" 'provided', '', 0, 30, 'c')"

static const struct statement old_records = {.name = "OLD_RECORDS",
    .sqlite = OLD_RECORDS("X'" PERSON_HEX "'"),
    .postgresql = OLD_RECORDS("'\\x" PERSON_HEX "'::bytea"),
    .writes = true};

/* Run statements on the tables of the first `n` migrations. */
static void
write_old(const struct schema *schema, unsigned int n_migrations,
    const struct statement *statements, unsigned int n)
{
	struct schema old = *schema;
	struct store *store;
	struct query q;
	unsigned int i;

	old.n_migrations = n_migrations;
	old.statements = statements;
	old.n_statements = n;
	old.first = 0;
	store = open_one(&old);
	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < n; i++) {
		store_query(store, (int)i, &q);
		assert_int_equal(OK, query_run(&q));
	}
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
assert_newest_first(struct store *store)
{
	uint8_t person[16];
	struct query q;
	uint8_t i;

	for (i = 0; i < sizeof(person); i++)
		person[i] = i;
	typed_begin(store, NETWORK_RECORDS_OF_PERSON, &q);
	typed_blob(&q, 0, slice_bytes(person, sizeof(person)));
	query_int(&q, "now", 1000);
	query_int(&q, "limit", 9);
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "record"), "new"));
	assert_true(slice_equal_string(column_text(&q, "correction"), "c"));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "record"), "old"));
	assert_int_equal(column_int(&q, "requested"), 10);
	assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	query_done(&q);
}

static void
assert_of_nobody(struct store *store, const char *record)
{
	struct query q;

	store_query(store, NETWORK_RECORD_FIND, &q);
	query_text(&q, "record", slice_of(record));
	assert_int_equal(OK, query_step(&q));
	assert_int_equal(typed_get_blob(&q, 1).len, 0);
	assert_true(slice_equal_string(column_text(&q, "outcome"), "refused"));
	query_done(&q);
}

static void
records_of_an_earlier_day_are_kept_in_their_order(void **state)
{
	struct store *store;

	database_setup(state);
	write_old(&network_schema, BEFORE_TOGETHER, &old_records, 1);
	store = open_system(&network_system);
	assert_int_equal(OK, store_begin(store));
	assert_newest_first(store);
	assert_of_nobody(store, "nobody");
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

/* --- The addressee's persons, whose dates and sex become numbers ---------- */

#define BEFORE_NUMBERS 3
#define OLD_PERSON                                                      \
	"INSERT INTO person (internal, number, name, kana, birth, sex," \
	" address, deceased) VALUES (5, '123456789018', 'n', 'k',"      \
	" '1943-00-00', '2', 'a', '2026-11-20'),"                       \
	" (6, '223456789018', 'n', 'k', '1980-04-01', '1', 'a', '')"
#define OLD_CONFLICT                                                           \
	"INSERT INTO conflict (at, system, business_number, number, internal," \
	" reason, name, kana, birth, sex, address) VALUES (1, 'offices',"      \
	" 'R1', '123456789018', 5, 'other-person', 'n', 'k', '1944-02-29',"    \
	" '2', 'a')"

static const struct statement old_persons[] = {
    {.name = "OLD_PERSON",
	.sqlite = OLD_PERSON,
	.postgresql = OLD_PERSON,
	.writes = true},
    {.name = "OLD_CONFLICT",
	.sqlite = OLD_CONFLICT,
	.postgresql = OLD_CONFLICT,
	.writes = true},
};

static void
assert_person(struct store *store, int64_t internal, int64_t birth, int64_t sex,
    int64_t deceased)
{
	struct query q;

	store_query(store, ADDRESSEE_PERSON_SHOW, &q);
	query_int(&q, "internal", internal);
	assert_int_equal(OK, query_step(&q));
	assert_int_equal(column_int(&q, "birth"), birth);
	assert_int_equal(column_int(&q, "sex"), sex);
	assert_int_equal(column_int(&q, "deceased"), deceased);
	query_done(&q);
}

static void
persons_of_an_earlier_day_keep_their_dates_and_sex(void **state)
{
	struct store *store;
	struct query q;

	database_setup(state);
	write_old(&addressee_schema, BEFORE_NUMBERS, old_persons, 2);
	store = open_system(&addressee_system);
	assert_int_equal(OK, store_begin(store));
	assert_person(store, 5, 19430000, 2, 20261120);
	assert_person(store, 6, 19800401, 1, 0);
	store_query(store, ADDRESSEE_CONFLICTS_OPEN, &q);
	query_int(&q, "after", 0);
	query_int(&q, "limit", 9);
	assert_int_equal(OK, query_step(&q));
	assert_int_equal(column_int(&q, "birth"), 19440229);
	assert_int_equal(column_int(&q, "sex"), 2);
	query_done(&q);
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

/* --- Questions of applications, which migration 8 lays anew --------------- */

#define BEFORE_CANCELLED 7
#define OLD_APPLICATION                                           \
	"INSERT INTO application (application, applicant, child," \
	" previous_municipality, unit, clerk, opened) VALUES"     \
	" ('a', 'R1', 'R2', '012041', 'u', 'c', 1)"
#define OLD_QUESTION                                                     \
	"INSERT INTO question (inquiry, application, ordinal, affair,"   \
	" item, provider, state, contents, version, form, asked,"        \
	" answered, corrected) VALUES ('q', 'a', 1, '106', 'local-tax'," \
	" '012041', 'received', '{}', '2026', 3, 10, 20, 30)"

static const struct statement old_questions[] = {
    {.name = "OLD_APPLICATION",
	.sqlite = OLD_APPLICATION,
	.postgresql = OLD_APPLICATION,
	.writes = true},
    {.name = "OLD_QUESTION",
	.sqlite = OLD_QUESTION,
	.postgresql = OLD_QUESTION,
	.writes = true},
};

static void
questions_of_an_earlier_day_are_kept_whole(void **state)
{
	struct store *store;
	struct query q;

	database_setup(state);
	write_old(&offices_schema, BEFORE_CANCELLED, old_questions, 2);
	store = open_system(&offices_system);
	assert_int_equal(OK, store_begin(store));
	store_query(store, OFFICES_QUESTIONS, &q);
	query_text(&q, "application", SLICE("a"));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "state"), "received"));
	assert_true(slice_equal_string(column_text(&q, "contents"), "{}"));
	assert_true(slice_equal_string(column_text(&q, "version"), "2026"));
	assert_int_equal(column_int(&q, "form"), 3);
	assert_int_equal(column_int(&q, "answered"), 20);
	assert_int_equal(column_int(&q, "corrected"), 30);
	query_done(&q);
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

/* --- Moves that were announced on an earlier day ---------------------------- */

#define BEFORE_ENDS 4 /* of both systems */
#define ONE(label, text)                                           \
	{                                                          \
		.name = label, .sqlite = text, .postgresql = text, \
		.writes = true                                     \
	}
#define OLD_SUBJECT(serial, municipality)                                     \
	"INSERT INTO person (serial, municipality, state, generation, epoch," \
	" name, kana, birth, sex, address, former_surname, alias, event,"     \
	" event_date, updated) VALUES (" serial ", '" municipality "', 1, 0," \
	" 1, 'n', '', 19800101, 1, 'a', '', '', 'e', 20200101, 1)"
#define OLD_NOTICE(transfer, at)                                  \
	"INSERT INTO transfer (transfer, from_municipality,"      \
	" to_municipality, moved_on, at) VALUES ('" transfer "'," \
	" '012041', '131041', 20260401, " at ")"
#define OLD_MOVER(serial, transfer)                             \
	"INSERT INTO transfer_person (serial, transfer) VALUES" \
	" (" serial ", '" transfer "')"

/* One has lived there since `went` and come back, another lives there. */
static const struct statement old_notices[] = {
    ONE("PERSON_1", OLD_SUBJECT("1", "012041")),
    ONE("PERSON_2", OLD_SUBJECT("2", "131041")),
    ONE("FORMER",
	"INSERT INTO former (serial, municipality, state, name, kana, birth,"
	" sex, address, former_surname, alias, event, event_date, updated,"
	" recorded) VALUES (1, '131041', 1, 'n', '', 19800101, 1, 'a', '',"
	" '', 'e', 20200101, 1, 20)"),
    ONE("WENT", OLD_NOTICE("went", "10")),
    ONE("GOES", OLD_NOTICE("goes", "30")),
    ONE("MOVER_1", OLD_MOVER("1", "went")),
    ONE("MOVER_2", OLD_MOVER("1", "goes")),
    ONE("MOVER_3", OLD_MOVER("2", "goes")),
    ONE("CODES",
	"INSERT INTO designation (first, length, wanted, epoch, municipality,"
	" request, at) VALUES (1, 12, 10, 1, '131041', 'r', 1)"),
    ONE("LATER_CODE",
	"INSERT INTO later_code (serial, person, since) VALUES (5, 2, 1)"),
};

static int64_t
number_of(struct store *store, int statement, const char *parameter,
    const char *column)
{
	struct query q;
	int64_t n;

	store_query(store, statement, &q);
	query_text(&q, parameter, SLICE("131041"));
	assert_int_equal(OK, query_step(&q));
	n = column_int(&q, column);
	query_done(&q);

	return n;
}

/* Ten codes, of which two persons have three. */
static void
residents_and_codes_of_an_earlier_day_are_counted(void **state)
{
	struct store *store;

	database_setup(state);
	write_old(&jukinet_schema, BEFORE_ENDS, old_notices,
	    sizeof(old_notices) / sizeof(old_notices[0]));
	store = open_system(&jukinet_system);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(
	    number_of(store, JUKINET_STOCK_FIND, "municipality", "held"), 7);
	assert_int_equal(
	    number_of(store, BUDGET_SIZE, "organisation", "persons"), 1);
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

static void
assert_notice(struct store *store, int64_t serial, const char *transfer,
    const char *state)
{
	struct query q;

	store_query(store, JUKINET_TRANSFER_PERSON_GET, &q);
	query_int(&q, "serial", serial);
	query_text(&q, "transfer", slice_of(transfer));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "state"), state));
	query_done(&q);
}

static void
a_notice_of_an_earlier_day_that_was_used_is_used(void **state)
{
	struct store *store;

	database_setup(state);
	write_old(&jukinet_schema, BEFORE_ENDS, old_notices,
	    sizeof(old_notices) / sizeof(old_notices[0]));
	store = open_system(&jukinet_system);
	assert_int_equal(OK, store_begin(store));
	assert_notice(store, 1, "went", "used");
	assert_notice(store, 1, "goes", "open");
	assert_notice(store, 2, "goes", "used");
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

#define OLD_MOVE(transfer, state)                                           \
	"INSERT INTO transfer (transfer, inward, organisation, household,"  \
	" moved_on, state, reason, recorded_at, content) VALUES"            \
	" ('" transfer "', 1, '012041', 'h', 20260401, '" state "', '', 1," \
	" X'')"
#define OLD_MOVE_POSTGRESQL(transfer, state)                                \
	"INSERT INTO transfer (transfer, inward, organisation, household,"  \
	" moved_on, state, reason, recorded_at, content) VALUES"            \
	" ('" transfer "', 1, '012041', 'h', 20260401, '" state "', '', 1," \
	" '')"
#define OLD_COMER(position, arrived)                                       \
	"INSERT INTO transfer_person (transfer, position, code, resident," \
	" arrived, number, details) VALUES ('m', " position ", 19, NULL,"  \
	" " arrived ", 27, 'd')"

static const struct statement old_moves[] = {
    {.name = "MOVE",
	.sqlite = OLD_MOVE("m", "open"),
	.postgresql = OLD_MOVE_POSTGRESQL("m", "open"),
	.writes = true},
    ONE("COMER_1", OLD_COMER("0", "0")),
    ONE("COMER_2", OLD_COMER("1", "1")),
};

static void
people_of_a_move_of_an_earlier_day_stand_as_before(void **state)
{
	struct store *store;
	struct query q;

	database_setup(state);
	write_old(&registry_schema, BEFORE_ENDS, old_moves,
	    sizeof(old_moves) / sizeof(old_moves[0]));
	store = open_system(&registry_system);
	assert_int_equal(OK, store_begin(store));
	store_query(store, REGISTRY_TRANSFER_PEOPLE, &q);
	query_text(&q, "transfer", SLICE("m"));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "state"), "open"));
	assert_true(slice_equal_string(column_text(&q, "details"), "d"));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "state"), "arrived"));
	query_done(&q);
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

/* --- The ledger, whose tables the host once made ------------------------- */

#define LEDGER_MIGRATION 1 /* index of the second */
#define OLD_MIGRATIONS_MAX 32
#define OLD_HEAD                                                \
	"INSERT INTO ledger_head (name, size, last_seq, note) " \
	"VALUES ('signed', 3, 7, 'old')"

static const struct statement old_head = {.name = "OLD_HEAD",
    .sqlite = OLD_HEAD,
    .postgresql = OLD_HEAD,
    .writes = true};

static void
write_old_head(void)
{
	struct migration migrations[OLD_MIGRATIONS_MAX];
	struct schema old = host_schema;
	struct store *store;
	struct query q;

	assert_true(old.n_migrations <= OLD_MIGRATIONS_MAX);
	memcpy(migrations, old.migrations,
	    old.n_migrations * sizeof(migrations[0]));
	migrations[LEDGER_MIGRATION].sqlite = audit_schema.migrations[0].sqlite;
	migrations[LEDGER_MIGRATION].postgresql =
	    audit_schema.migrations[0].postgresql;
	old.migrations = migrations;
	old.statements = &old_head;
	old.n_statements = 1;
	store = open_one(&old);
	assert_int_equal(OK, store_begin(store));
	store_query(store, 0, &q);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
a_ledger_of_an_earlier_day_goes_on(void **state)
{
	struct store *store;
	struct query q;

	database_setup(state);
	write_old_head();
	store = open_system(&network_system);
	assert_int_equal(OK, store_begin(store));
	store_query(store, AUDIT_HEAD, &q);
	query_text(&q, "name", SLICE("signed"));
	assert_int_equal(OK, query_step(&q));
	assert_int_equal(column_int(&q, "last_seq"), 7);
	query_done(&q);
	store_rollback(store);
	check_all(store);
	database_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_of_the_sample_is_accepted),
	    cmocka_unit_test(every_statement_of_every_system_is_accepted),
	    cmocka_unit_test(records_of_an_earlier_day_are_kept_in_their_order),
	    cmocka_unit_test(
		persons_of_an_earlier_day_keep_their_dates_and_sex),
	    cmocka_unit_test(questions_of_an_earlier_day_are_kept_whole),
	    cmocka_unit_test(residents_and_codes_of_an_earlier_day_are_counted),
	    cmocka_unit_test(a_notice_of_an_earlier_day_that_was_used_is_used),
	    cmocka_unit_test(
		people_of_a_move_of_an_earlier_day_stand_as_before),
	    cmocka_unit_test(a_ledger_of_an_earlier_day_goes_on),
	    cmocka_unit_test(a_statement_that_only_one_database_knows_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
