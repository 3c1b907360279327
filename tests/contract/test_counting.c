/*
 * Figures of status and progress are counted in indexes that hold what is
 * counted and nothing else, and a resident's records are read from one place:
 * SQLite's plans say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "components/components.h"
#include "nation/systems.h"
#include "network_statements.h"

static void
migrate(sqlite3 *db, const struct schema *schema)
{
	unsigned int i;

	for (i = 0; i < schema->n_migrations; i++)
		assert_int_equal(sqlite3_exec(db, schema->migrations[i].sqlite,
				     NULL, NULL, NULL),
		    SQLITE_OK);
}

/* With the tables of every component, which a migration may use. */
static sqlite3 *
empty_database(const struct schema *schema)
{
	const struct component *const *c;
	bool is_component = false;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (c = node_components; *c != NULL; c++) {
		migrate(db, (*c)->schema);
		is_component = is_component || (*c)->schema == schema;
	}
	if (!is_component)
		migrate(db, schema);

	return db;
}

/* As struct figure wants it. */
static bool
is_figure(const struct statement *s)
{
	return s->n_params == 0 && s->n_columns == 1 &&
	    strcmp(s->columns[0], "n") == 0;
}

static bool
is_partial(sqlite3 *db, const char *index)
{
	sqlite3_stmt *q;
	bool partial = false;

	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT 1 FROM sqlite_schema WHERE type = 'index' "
			     "AND name = ? AND sql LIKE '% WHERE %'",
			     -1, &q, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(q, 1, index, -1, SQLITE_STATIC);
	partial = sqlite3_step(q) == SQLITE_ROW;
	sqlite3_finalize(q);

	return partial;
}

/* A part of a table: by a search, or all of an index of this part alone. */
static bool
reads_a_part(sqlite3 *db, const char *plan)
{
	const char *index = strstr(plan, " INDEX ");

	if (index == NULL)
		return false;

	return strncmp(plan, "SEARCH ", 7) == 0 ||
	    is_partial(db, index + strlen(" INDEX "));
}

static bool
is_cheap(sqlite3 *db, const struct statement *s)
{
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", s->sqlite);
	bool cheap = true;
	sqlite3_stmt *q;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	sqlite3_free(sql);
	while (strstr(s->sqlite, "WHERE") != NULL &&
	    sqlite3_step(q) == SQLITE_ROW) {
		if (!reads_a_part(db, (const char *)sqlite3_column_text(q, 3)))
			cheap = false;
	}
	sqlite3_finalize(q);

	return cheap;
}

/* Returns how many figures there are. */
static unsigned int
check_figures(const struct schema *schema)
{
	sqlite3 *db = empty_database(schema);
	unsigned int i, figures = 0;
	const struct statement *s;

	for (i = 0; i < schema->n_statements; i++) {
		s = &schema->statements[i];
		if (!is_figure(s))
			continue;
		figures++;
		if (!is_cheap(db, s))
			fail_msg("%s: %s reads more than it counts",
			    schema->name, s->name);
	}
	sqlite3_close(db);

	return figures;
}

static void
a_part_of_a_table_is_counted_in_an_index_of_it(void **state)
{
	const struct component *const *c;
	const struct system *const *s;
	unsigned int figures = 0;

	(void)state;
	for (c = node_components; *c != NULL; c++)
		figures += check_figures((*c)->schema);
	for (s = all_systems; *s != NULL; s++)
		figures += check_figures((*s)->component.schema);
	assert_true(figures > 25);
}

static void
a_scan_is_found(void **state)
{
	static const struct statement scan = {
	    .sqlite = "SELECT COUNT(*) AS n FROM t WHERE a = 1"};
	static const struct statement whole_index = {
	    .sqlite = "SELECT COUNT(*) AS n FROM t WHERE b <> 1"};
	static const struct statement search = {
	    .sqlite = "SELECT COUNT(*) AS n FROM t WHERE b = 1"};
	static const struct migration migration = {1, "one",
	    "CREATE TABLE t (a INTEGER, b INTEGER) STRICT;"
	    "CREATE INDEX by_b ON t (b);",
	    ""};
	static const struct schema schema = {
	    .name = "t", .migrations = &migration, .n_migrations = 1};
	sqlite3 *db = empty_database(&schema);

	(void)state;
	assert_false(is_cheap(db, &scan));
	assert_false(is_cheap(db, &whole_index));
	assert_true(is_cheap(db, &search));
	sqlite3_close(db);
}

/* By the key of the table itself, and in its order. */
static void
a_persons_records_are_read_from_one_place(void **state)
{
	const struct statement *s =
	    &network_schema
		 .statements[NETWORK_RECORDS_OF_PERSON - network_schema.first];
	sqlite3 *db = empty_database(&network_schema);
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", s->sqlite);
	sqlite3_stmt *q;

	(void)state;
	assert_string_equal(s->name, "RECORDS_OF_PERSON");
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(q, 3),
	    "SEARCH record USING PRIMARY KEY (person=?)");
	assert_int_equal(sqlite3_step(q), SQLITE_DONE);
	sqlite3_finalize(q);
	sqlite3_free(sql);
	sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_persons_records_are_read_from_one_place),
	    cmocka_unit_test(a_part_of_a_table_is_counted_in_an_index_of_it),
	    cmocka_unit_test(a_scan_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
