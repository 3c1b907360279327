/*
 * For the contract tests: an empty database, of the kind that is to be tested.
 *
 * With BANGO_TEST_POSTGRESQL (tests/support/private_cluster.sh) it is PostgreSQL, otherwise
 * a file of SQLite in a folder of its own.
 */
#ifndef BANGO_TESTS_CONTRACT_DATABASE_H
#define BANGO_TESTS_CONTRACT_DATABASE_H

/* cmocka.h wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"
#include "extra_statements.h"
#include "store/typed.h"

/* The parameters of SAMPLE_PERSON_PUT, and the columns of SAMPLE_PERSON_GET, for
 * store/typed.h. */
enum { PERSON_AGE = 2, PERSON_PHOTO = 3, PERSON_GET_PHOTO = 2 };

#define DATABASE_NOW 1795000000000

extern const struct schema *const database_schemas[];
#define DATABASE_SCHEMAS 2

bool database_is_postgresql(void);
/* cmocka's setup and teardown of a test: an empty database, and nothing. */
int database_setup(void **state);
int database_teardown(void **state);
const char *database_location(void);
/* A file in the test's own folder. */
const char *database_path(const char *name);
/* Open it; ends the test on failure. */
struct store *database_open(void);
struct store_options database_options(void);
/* Have psql, which knows the server by its environment, execute it. */
void database_psql(const char *sql);
/* Have another program, psql or sqlite3, execute it in the database, which nobody
 * may have open. */
void database_edit(const char *sql);
/* Break every connection to the PostgreSQL database but psql's own. */
void database_disconnect(void);

/* A person, bound but not executed. */
void person_put(struct query *q, struct store *store, int64_t id,
    const char *name, int64_t age);
/* The same with age 1, executed. */
enum err put_one(struct store *store, int64_t id, const char *name);
/* Persons 1 to 5: B, a, é, z, 新宿; aged 0, 10, 20, 30, 40; committed. */
void put_people(struct store *store);
int64_t ask_int(struct store *store, int statement, const char *column);

#endif
