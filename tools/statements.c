/*
 * Turn schema.sql and statements.sql into C, while building.
 *
 *	statements --name NAME --first FIRST --out PREFIX [--rows PREFIX]
 *	    STATEMENTS.sql [EARLIER_SCHEMA.sql ...] SCHEMA.sql
 *
 * The schemas are executed in a database in memory, and each statement is
 * prepared against them: a table or column that does not exist stops the
 * build, with the line.  The outputs are PREFIX.h, an enum with one name
 * for each statement, and PREFIX.c, a struct schema (store/schema.h) with
 * every text in the dialects of SQLite and PostgreSQL.  The --rows are typed
 * functions, one or more for each statement (typed_rows.h, sql_types.h).
 *
 * A migration begins with the line `-- migration N: title`, a statement with
 * `-- NAME: what it is for`, which some of these may follow:
 *
 *	-- marks: personal audit bulk
 *	-- row: name		several statements share the struct of the row
 *	-- params: name		... or that of the parameters
 *	-- never null: a, b	parameters and columns, against the schema
 *	-- may be null: a, b	... and for the schema
 *
 * A line `-- protected: a, b` of a schema.sql names tables.
 *
 * store/schema.h says which SQL is portable.
 *
 * Nothing of bango but that header is used, so that this can be built first.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sql_dialect.h"
#include "sql_types.h"
#include "typed_rows.h"

/* ---- Checking, by SQLite --------------------------------------------- */

static void
complain_sqlite(const struct file *file, sqlite3 *db, const char *sql)
{
	int offset = sqlite3_error_offset(db);

	while (offset < 0 && is_space(*sql))
		sql++;
	complain(
	    file, sql + (offset > 0 ? offset : 0), "%s", sqlite3_errmsg(db));
}

static void
execute_migration(sqlite3 *db, struct file *file, const struct section *s)
{
	const char *at = s->body, *rest;
	sqlite3_stmt *stmt;

	while (at < s->end) {
		if (sqlite3_prepare_v2(db, at, (int)(s->end - at), &stmt,
			&rest) != SQLITE_OK) {
			complain_sqlite(file, db, at);
			return;
		}
		if (stmt != NULL && sqlite3_step(stmt) != SQLITE_DONE)
			complain_sqlite(file, db, at);
		sqlite3_finalize(stmt);
		at = rest;
	}
}

/* One complaint for each row of a query about the schema. */
static void
complain_of_rows(sqlite3 *db, const struct file *file, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		complain_sqlite(file, db, file->text.data);
	while (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW)
		complain(file, file->text.data, "%s",
		    (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

/* A row that was written before a column was added lacks it: its value must be
 * the column's default. */
static void
check_protected(sqlite3 *db, struct file *file, const struct token *name)
{
	char *sql = sqlite3_mprintf(
	    "WITH t (name) AS (VALUES ('%.*s')) "
	    "SELECT t.name || ' is no table' FROM t WHERE NOT EXISTS "
	    "(SELECT 1 FROM pragma_table_xinfo(t.name)) UNION ALL "
	    "SELECT t.name || '.' || c.name || ': a column of a protected "
	    "table may be NULL or have a default, not both' "
	    "FROM t JOIN pragma_table_xinfo(t.name) AS c "
	    "WHERE NOT (c.\"notnull\" OR c.pk > 0) "
	    "AND c.dflt_value IS NOT NULL",
	    (int)name->len, name->at);

	complain_of_rows(db, file, sql);
	sqlite3_free(sql);
}

static void
load_protected(sqlite3 *db, struct file *file)
{
	struct lexer lexer = {
	    file->text.data, file->text.data + file->text.len};
	struct names *names = &file->protected_tables;
	struct token t;
	const char *at;
	size_t i;

	while ((t = next_token(&lexer)).kind != TOKEN_END) {
		at = t.kind == TOKEN_COMMENT ? after_key(&t, "protected:")
					     : NULL;
		if (at != NULL)
			read_names(
			    file, (struct lexer){at, t.at + t.len}, names);
	}
	for (i = 0; i < names->n; i++)
		check_protected(db, file, &names->names[i]);
}

static void
load_schema(sqlite3 *db, struct catalogue *catalogue, struct file *file)
{
	size_t i;

	file_cut_migrations(file);
	for (i = 0; i < file->n_sections; i++)
		execute_migration(db, file, &file->sections[i]);
	complain_of_rows(db, file,
	    "SELECT 'table ' || name || ' is not STRICT' "
	    "FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
	    "AND strict = 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
	complain_of_rows(db, file,
	    "SELECT t.name || '.' || c.name || ': the type ' || c.type || "
	    "' is not portable' FROM pragma_table_list AS t "
	    "JOIN pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' "
	    "AND t.strict AND c.type NOT IN ('INTEGER', 'TEXT', 'BLOB')");
	complain_of_rows(db, file,
	    "SELECT 'trigger ' || name || ': triggers are not portable' "
	    "FROM sqlite_schema WHERE type = 'trigger'");
	load_protected(db, file);
	if (complaints() == 0)
		types_add(catalogue, db, file);
}

/* Refuse SQL that SQLite would take and PostgreSQL not. */
static void
check_words(struct file *file, const struct section *s)
{
	static const char *const verbs[] = {
	    "SELECT", "INSERT", "UPDATE", "DELETE", "WITH"};
	struct lexer lexer = {s->body, s->end};
	struct token last, t = next_solid(&lexer);
	bool known = false;
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		known |= is_word(&t, verbs[i]);
	if (!known)
		complain(file, t.kind == TOKEN_END ? s->head : t.at,
		    "%s: expected SELECT, INSERT, UPDATE, "
		    "DELETE or WITH",
		    s->name);
	for (last = t; t.kind != TOKEN_END; last = t) {
		t = next_solid(&lexer);
		if (is_word(&t, "OR") &&
		    (is_word(&last, "INSERT") || is_word(&last, "UPDATE")))
			complain(file, t.at, "write ON CONFLICT instead");
		if (is_word(&t, "GLOB") || is_word(&t, "REGEXP"))
			complain(file, t.at, "%.*s is not portable", (int)t.len,
			    t.at);
		if (is_char(&t, '*') &&
		    (is_word(&last, "SELECT") || is_word(&last, "DISTINCT") ||
			is_word(&last, "RETURNING") || is_char(&last, ',') ||
			is_char(&last, '.')))
			fprintf(stderr,
			    "%s:%zu: warning: %s: name the "
			    "columns instead of *\n",
			    file->path, file_line(file, t.at), s->name);
	}
}

static void
note_columns(struct file *file, struct section *s, sqlite3_stmt *stmt)
{
	int i, k, n = sqlite3_column_count(stmt);

	if (n > STATEMENT_COLUMNS_MAX) {
		complain(file, s->head, "%s: too many columns", s->name);
		return;
	}
	for (i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(stmt, i);

		if (!is_name(name))
			complain(file, s->head,
			    "%s: column %d needs a name "
			    "(AS): %s",
			    s->name, i + 1, name);
		s->columns[i] = copy_string(name, strlen(name));
		for (k = 0; k < i; k++)
			if (strcmp(s->columns[k], name) == 0)
				complain(file, s->head,
				    "%s: two columns are called %s", s->name,
				    name);
	}
	s->n_columns = (unsigned int)n;
}

static void
note_params(struct file *file, struct section *s, sqlite3_stmt *stmt)
{
	int i, n = sqlite3_bind_parameter_count(stmt);

	if (n > STATEMENT_PARAMS_MAX) {
		complain(file, s->head, "%s: too many parameters", s->name);
		return;
	}
	for (i = 0; i < n; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i + 1);

		if (name == NULL)
			return; /* a "?"; check_words() has said so */
		s->params[i] = copy_string(name + 1, strlen(name + 1));
	}
	s->n_params = (unsigned int)n;
}

static void
check_statement(sqlite3 *db, struct catalogue *catalogue, struct file *file,
    struct section *s)
{
	sqlite3_stmt *stmt;
	const char *rest;
	struct lexer lexer;
	struct token t;

	check_words(file, s);
	if (sqlite3_prepare_v2(db, s->body, (int)(s->end - s->body), &stmt,
		&rest) != SQLITE_OK) {
		complain_sqlite(file, db, s->body);
		return;
	}
	if (stmt == NULL)
		return; /* empty; check_words() has said so */
	lexer = (struct lexer){rest, s->end};
	t = next_solid(&lexer);
	if (t.kind != TOKEN_END)
		complain(file, t.at, "%s: a second statement", s->name);
	s->writes = !sqlite3_stmt_readonly(stmt);
	if ((s->marks & STATEMENT_AUDIT) && !s->writes)
		complain(file, s->head,
		    "%s: an audit entry that writes "
		    "nothing",
		    s->name);
	if ((s->marks & STATEMENT_BULK) && s->writes)
		complain(
		    file, s->head, "%s: only a SELECT can be bulk", s->name);
	note_params(file, s, stmt);
	note_columns(file, s, stmt);
	types_find(catalogue, file, s, stmt);
	sqlite3_finalize(stmt);
}

static sqlite3 *
open_memory(void)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
		fputs("statements: SQLite does not open\n", stderr);
		exit(1);
	}
	/* "x" is a name and never a string, as in PostgreSQL. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	return db;
}

/* ---- The C files ----------------------------------------------------- */

/* A C string literal, one line of SQL to a line. */
static void
print_literal(FILE *f, const char *sql)
{
	fputs("\n\t    \"", f);
	for (; *sql != '\0'; sql++) {
		if (*sql == '\n')
			fputs(sql[1] == '\0' ? "\\n" : "\\n\"\n\t    \"", f);
		else if (strchr("\"\\?", *sql) != NULL)
			fprintf(f, "\\%c", *sql);
		else if (*sql == '\t')
			fputs("\\t", f);
		else
			fputc(*sql, f);
	}
	fputs("\"", f);
}

static void
print_dialect(FILE *f, const struct section *s, bool postgresql)
{
	char *sql = dialect(s, postgresql);

	print_literal(f, sql);
	free(sql);
}

static void
print_upper(FILE *f, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fputc(toupper((unsigned char)name[i]), f);
}

static void
print_header(
    FILE *f, const char *name, const char *first, const struct file *file)
{
	static const char end[] = "_STATEMENTS_END";
	size_t i, len = strlen(first), tail = sizeof(end) - 1;

	fputs("/* Written by tools/statements. */\n", f);
	fputs("#ifndef BANGO_", f);
	print_upper(f, name, strlen(name));
	fputs("_STATEMENTS_H\n#define BANGO_", f);
	print_upper(f, name, strlen(name));
	fputs("_STATEMENTS_H\n\n#include \"store/schema.h\"\n", f);
	if (len > tail && strcmp(first + len - tail, end) == 0) {
		fputs("#include \"", f);
		for (i = 0; i < len - tail; i++)
			fputc(tolower((unsigned char)first[i]), f);
		fputs("_statements.h\"\n", f);
	}
	fprintf(f, "\nenum %s_statement {\n", name);
	for (i = 0; i <= file->n_sections; i++) {
		const struct section *s = &file->sections[i];
		bool last = i == file->n_sections;

		if (!last)
			fprintf(f, "\t/* %s */\n", s->title);
		fputc('\t', f);
		print_upper(f, name, strlen(name));
		fprintf(f, "_%s", last ? "STATEMENTS_END" : s->name);
		if (i == 0)
			fprintf(f, " = %s", first);
		fputs(last ? "\n};\n" : ",\n", f);
	}
	fprintf(f, "\nextern const struct schema %s_schema;\n\n#endif\n", name);
}

static void
print_names(
    FILE *f, const char *what, size_t index, char *const *names, unsigned int n)
{
	unsigned int i;

	if (n == 0)
		return;
	fprintf(f, "static const char *const %s_%zu[] = {", what, index);
	for (i = 0; i < n; i++)
		fprintf(f, "%s\n\t\"%s\"", i == 0 ? "" : ",", names[i]);
	fputs("\n};\n", f);
}

static void
print_statement(FILE *f, const struct section *s, size_t index)
{
	fprintf(f, "\t{\n\t    .name = \"%s\",\n\t    .sqlite =", s->name);
	print_dialect(f, s, false);
	fputs(",\n\t    .postgresql =", f);
	print_dialect(f, s, true);
	fputs(",\n", f);
	if (s->n_params > 0)
		fprintf(f, "\t    .params = params_%zu,\n", index);
	if (s->n_columns > 0)
		fprintf(f, "\t    .columns = columns_%zu,\n", index);
	fprintf(f, "\t    .n_params = %u,\n\t    .n_columns = %u,\n",
	    s->n_params, s->n_columns);
	fprintf(f, "\t    .marks = 0%s%s%s,\n",
	    s->marks & STATEMENT_PERSONAL ? " | STATEMENT_PERSONAL" : "",
	    s->marks & STATEMENT_AUDIT ? " | STATEMENT_AUDIT" : "",
	    s->marks & STATEMENT_BULK ? " | STATEMENT_BULK" : "");
	fprintf(f, "\t    .writes = %s,\n\t},\n", s->writes ? "true" : "false");
}

static void
print_migrations(FILE *f, const struct file *file)
{
	size_t i;

	if (file->n_sections == 0)
		return;
	fputs("\nstatic const struct migration migrations[] = {\n", f);
	for (i = 0; i < file->n_sections; i++) {
		const struct section *s = &file->sections[i];

		fprintf(f, "\t{\n\t    .number = %zu,\n\t    .title =", i + 1);
		print_literal(f, s->title);
		fputs(",\n\t    .sqlite =", f);
		print_dialect(f, s, false);
		fputs(",\n\t    .postgresql =", f);
		print_dialect(f, s, true);
		fputs(",\n\t},\n", f);
	}
	fputs("};\n", f);
}

static void
print_protected(FILE *f, const struct names *names)
{
	size_t i;

	if (names->n == 0)
		return;
	fputs("\nstatic const char *const protected_tables[] = {\n", f);
	for (i = 0; i < names->n; i++)
		fprintf(f, "\t\"%.*s\",\n", (int)names->names[i].len,
		    names->names[i].at);
	fputs("};\n", f);
}

static void
print_source(FILE *f, const char *name, const char *first,
    const struct file *statements, const struct file *schema)
{
	size_t i;

	fprintf(f,
	    "/* Written by tools/statements. */\n"
	    "#include \"%s_statements.h\"\n\n",
	    name);
	for (i = 0; i < statements->n_sections; i++) {
		const struct section *s = &statements->sections[i];

		print_names(f, "params", i, s->params, s->n_params);
		print_names(f, "columns", i, s->columns, s->n_columns);
	}
	print_migrations(f, schema);
	print_protected(f, &schema->protected_tables);
	if (statements->n_sections > 0)
		fputs("\nstatic const struct statement statements[] = {\n", f);
	for (i = 0; i < statements->n_sections; i++)
		print_statement(f, &statements->sections[i], i);
	if (statements->n_sections > 0)
		fputs("};\n", f);
	fprintf(f,
	    "\nconst struct schema %s_schema = {\n"
	    "\t.name = \"%s\",\n\t.migrations = %s,\n\t.statements = %s,\n"
	    "\t.protected_tables = %s,\n"
	    "\t.n_migrations = %zu,\n\t.n_statements = %zu,\n"
	    "\t.n_protected = %zu,\n\t.first = %s,\n};\n",
	    name, name, schema->n_sections > 0 ? "migrations" : "NULL",
	    statements->n_sections > 0 ? "statements" : "NULL",
	    schema->protected_tables.n > 0 ? "protected_tables" : "NULL",
	    schema->n_sections, statements->n_sections,
	    schema->protected_tables.n, first);
}

struct options {
	const char *name;
	const char *first;
	const char *out;
	const char *rows; /* NULL: not wanted */
};

static FILE *
create(const char *prefix, const char *suffix, struct text *ret_path)
{
	FILE *f;

	text_add(ret_path, prefix, strlen(prefix));
	text_add(ret_path, suffix, strlen(suffix));
	f = fopen(ret_path->data, "w");
	if (f == NULL)
		fprintf(
		    stderr, "%s: error: cannot be written\n", ret_path->data);
	return f;
}

static int
finish(FILE *f, const char *path)
{
	if (ferror(f) | fclose(f)) {
		fprintf(stderr, "%s: error: cannot be written\n", path);
		remove(path);
		return 1;
	}
	return 0;
}

static int
write_statements(const struct options *o, const struct file *statements,
    const struct file *schema)
{
	struct text path = {0}, source = {0};
	FILE *f = create(o->out, ".h", &path);
	int failed = 1;

	if (f != NULL) {
		print_header(f, o->name, o->first, statements);
		failed = finish(f, path.data);
	}
	f = failed ? NULL : create(o->out, ".c", &source);
	if (f != NULL) {
		print_source(f, o->name, o->first, statements, schema);
		failed = finish(f, source.data);
	}
	free(path.data);
	free(source.data);
	return failed || f == NULL;
}

static int
write_rows(const struct options *o, const struct file *statements)
{
	struct text path = {0}, source = {0};
	FILE *f = create(o->rows, ".h", &path);
	int failed = 1;

	if (f != NULL) {
		rows_print_header(f, o->name, statements);
		failed = finish(f, path.data);
	}
	f = failed ? NULL : create(o->rows, ".c", &source);
	if (f != NULL) {
		rows_print_source(f, o->name, statements);
		failed = finish(f, source.data);
	}
	free(path.data);
	free(source.data);
	return failed || f == NULL;
}

static int
usage(void)
{
	fputs("usage: statements --name NAME --first FIRST --out PREFIX "
	      "[--rows PREFIX] STATEMENTS.sql [EARLIER_SCHEMA.sql ...] "
	      "SCHEMA.sql\n",
	    stderr);
	return 2;
}

/* Index of the first file, or 0. */
static int
read_options(int argc, char **argv, struct options *ret)
{
	const struct {
		const char *name;
		const char **value;
	} options[] = {{"--name", &ret->name}, {"--first", &ret->first},
	    {"--out", &ret->out}, {"--rows", &ret->rows}};
	size_t k;
	int i;

	for (i = 1; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		for (k = 0; k < sizeof(options) / sizeof(options[0]); k++)
			if (strcmp(argv[i], options[k].name) == 0)
				break;
		if (k == sizeof(options) / sizeof(options[0]))
			return 0;
		*options[k].value = argv[i + 1];
	}
	if (ret->name == NULL || ret->first == NULL || ret->out == NULL)
		return 0;

	return i + 1 < argc ? i : 0;
}

int
main(int argc, char **argv)
{
	struct options options = {0};
	struct catalogue catalogue = {0};
	struct file statements, schema = {0};
	int i, failed, first = read_options(argc, argv, &options);
	sqlite3 *db;
	size_t k;

	if (first == 0)
		return usage();
	db = open_memory();
	for (i = first + 1; i < argc; i++) {
		file_free(&schema);
		file_load(argv[i], &schema);
		load_schema(db, &catalogue, &schema);
	}
	file_load(argv[first], &statements);
	file_cut_statements(&statements);
	for (k = 0; k < statements.n_sections; k++)
		check_statement(
		    db, &catalogue, &statements, &statements.sections[k]);
	sqlite3_close(db);
	if (complaints() == 0) {
		types_finish(&catalogue, &schema);
		rows_check(&statements);
	}

	failed = complaints() > 0 ||
	    write_statements(&options, &statements, &schema) ||
	    (options.rows != NULL && write_rows(&options, &statements));
	file_free(&statements);
	file_free(&schema);
	types_free(&catalogue);
	return failed;
}
