#include "tests/contract/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/scratch.h"

const struct schema *const database_schemas[] = {&sample_schema, &extra_schema};

static const char *folder;

bool
database_is_postgresql(void)
{
	return getenv("BANGO_TEST_POSTGRESQL") != NULL;
}

static void
run(const char *const argv[])
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
}

void
database_psql(const char *sql)
{
	run((const char *const[]){
	    "psql", "-qXc", "SET client_min_messages=error", "-c", sql, NULL});
}

void
database_edit(const char *sql)
{
	if (database_is_postgresql())
		database_psql(sql);
	else
		run((const char *const[]){"sqlite3", "-batch", "-bail",
		    database_location(), sql, NULL});
}

void
database_disconnect(void)
{
	database_psql(
	    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
	    "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

int
database_setup(void **state)
{
	(void)state;
	folder = scratch_folder();
	if (database_is_postgresql()) {
		database_disconnect();
		database_psql(
		    "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
	}
	return 0;
}

int
database_teardown(void **state)
{
	(void)state;
	scratch_remove(folder);
	return 0;
}

const char *
database_path(const char *name)
{
	static char path[SCRATCH_PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

const char *
database_location(void)
{
	if (database_is_postgresql())
		return getenv("BANGO_TEST_POSTGRESQL");
	return database_path("test.db");
}

struct store_options
database_options(void)
{
	/* A killed process's connection lives on a moment in PostgreSQL. */
	return (struct store_options){
	    .now = {DATABASE_NOW},
	    .busy_ms = database_is_postgresql() ? 10000 : 0,
	};
}

struct store *
database_open(void)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	struct problem problem;
	enum err err;

	err = store_open(database_location(), database_schemas,
	    DATABASE_SCHEMAS, &options, &store, &problem);
	if (err != OK)
		print_message("%s (%s)\n", problem.text, problem.detail);
	assert_int_equal(OK, err);
	return store;
}

void
person_put(struct query *q, struct store *store, int64_t id, const char *name,
    int64_t age)
{
	typed_begin(store, SAMPLE_PERSON_PUT, q);
	query_int(q, "id", id);
	query_text(q, "name", slice_of(name));
	query_int(q, "age", age);
	typed_null(q, PERSON_PHOTO);
}

int64_t
ask_int(struct store *store, int statement, const char *column)
{
	struct query q;
	int64_t value;

	store_query(store, statement, &q);
	assert_int_equal(OK, query_step(&q));
	value = column_int(&q, column);
	query_done(&q);
	return value;
}

static const struct {
	int64_t id;
	const char *name;
} people[] = {{1, "B"}, {2, "a"}, {3, "é"}, {4, "z"}, {5, "新宿"}};
#define DATABASE_PEOPLE (sizeof(people) / sizeof(people[0]))

void
put_people(struct store *store)
{
	struct query q;
	size_t i;

	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < DATABASE_PEOPLE; i++) {
		person_put(
		    &q, store, people[i].id, people[i].name, (int64_t)i * 10);
		assert_int_equal(OK, query_run(&q));
		assert_int_equal(1, store_changes(store));
	}
	assert_int_equal(OK, store_commit(store));
}

enum err
put_one(struct store *store, int64_t id, const char *name)
{
	struct query q;

	person_put(&q, store, id, name, 1);
	return query_run(&q);
}
