#include "sql_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Types ----------------------------------------------------------- */

#define IN_INTEGER (1u << BASE_INTEGER)
#define IN_TEXT (1u << BASE_TEXT)
#define IN_BLOB (1u << BASE_BLOB)

static const struct {
	const char *name;
	const char *header;
	unsigned int bases;
	bool is_checked;
} known[] = {
    {"bool", NULL, IN_INTEGER, false},
    {"instant", "base/time.h", IN_INTEGER, false},
    {"date", "base/time.h", IN_INTEGER, false},
    {"internal_number", "number/internal_number.h", IN_INTEGER, false},
    {"individual_number", "number/individual_number.h", IN_INTEGER | IN_TEXT,
	true},
    {"resident_code", "number/resident_code.h", IN_INTEGER | IN_TEXT, true},
    {"linkage_code", "number/linkage_code.h", IN_BLOB, true},
    {"digest", "crypto/hash.h", IN_BLOB, true},
};

static const char *const bases[] = {
    [BASE_INTEGER] = "INTEGER", [BASE_TEXT] = "TEXT", [BASE_BLOB] = "BLOB"};

bool
type_is(const struct value *v, const char *domain)
{
	return v->domain != NULL && strcmp(v->domain->name, domain) == 0;
}

bool
type_is_slice(const struct value *v)
{
	return v->domain == NULL && v->base != BASE_INTEGER;
}

bool
type_is_pointer(const struct value *v)
{
	return v->domain != NULL &&
	    (v->base != BASE_INTEGER || v->domain->is_checked);
}

bool
type_equal(const struct value *a, const struct value *b)
{
	return a->base == b->base && a->domain == b->domain;
}

static const char *
type_name(const struct value *v)
{
	return v->domain != NULL ? v->domain->name : bases[v->base];
}

static const struct domain *
add_domain(struct catalogue *c, const struct token *name, char *header)
{
	struct domain *d = grow(NULL, sizeof(*d));

	*d = (struct domain){.name = copy_string(name->at, name->len),
	    .header = header,
	    .bases = IN_INTEGER | IN_TEXT | IN_BLOB,
	    .next = c->domains};
	c->domains = d;

	return d;
}

/* A type of a room, if `header` says where it is, or one of those known. */
static const struct domain *
find_domain(struct catalogue *c, struct file *file, const struct token *name,
    char *header)
{
	struct domain *d;
	size_t i;

	for (d = c->domains; d != NULL; d = d->next)
		if (is_named(name, d->name)) {
			free(header);
			return d;
		}
	if (header != NULL)
		return add_domain(c, name, header);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!is_named(name, known[i].name))
			continue;
		if (known[i].header != NULL)
			header = copy_string(
			    known[i].header, strlen(known[i].header));
		add_domain(c, name, header);
		c->domains->bases = known[i].bases;
		c->domains->is_checked = known[i].is_checked;
		return c->domains;
	}
	complain(file, name->at,
	    "the type %.*s is unknown: write `-- type NAME (its/header.h): "
	    "...`",
	    (int)name->len, name->at);

	return NULL;
}

/* ---- The schema ------------------------------------------------------ */

struct type_line {
	struct token name; /* `a` or `t.a` */
	struct value type;
	bool is_used;
};

static const struct column *
find_exact(const struct catalogue *c, const char *table, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_columns; i++)
		if (strcmp(c->columns[i].table, table) == 0 &&
		    strcmp(c->columns[i].name, name) == 0)
			return &c->columns[i];

	return NULL;
}

static void
add_column(struct catalogue *c, sqlite3_stmt *stmt)
{
	const char *table = (const char *)sqlite3_column_text(stmt, 0);
	const char *name = (const char *)sqlite3_column_text(stmt, 1);
	const char *base = (const char *)sqlite3_column_text(stmt, 2);
	struct column *column;

	if (find_exact(c, table, name) != NULL)
		return;
	c->columns =
	    grow(c->columns, (c->n_columns + 1) * sizeof(c->columns[0]));
	column = &c->columns[c->n_columns++];
	*column = (struct column){
	    .table = copy_string(table, strlen(table)),
	    .name = copy_string(name, strlen(name)),
	    .may_be_null = sqlite3_column_int(stmt, 3) != 0,
	    .is_own = true,
	};
	if (strcmp(base, "TEXT") == 0)
		column->base = BASE_TEXT;
	else if (strcmp(base, "BLOB") == 0)
		column->base = BASE_BLOB;
}

static void
add_columns(struct catalogue *c, sqlite3 *db)
{
	static const char sql[] =
	    "SELECT t.name, c.name, c.type, NOT (c.\"notnull\" OR c.pk > 0) "
	    "FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c "
	    "WHERE t.schema = 'main' AND t.type = 'table' "
	    "AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, c.cid";
	sqlite3_stmt *stmt = NULL;
	size_t i;

	for (i = 0; i < c->n_columns; i++)
		c->columns[i].is_own = false;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		fprintf(stderr, "statements: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	while (sqlite3_step(stmt) == SQLITE_ROW)
		add_column(c, stmt);
	sqlite3_finalize(stmt);
}

/* `NAME (header):`, up to the names. */
static bool
read_type(struct catalogue *c, struct file *file, struct lexer *lexer,
    struct value *ret)
{
	struct token name = next_solid(lexer), t = next_solid(lexer);
	const char *begin = t.at + t.len;
	char *header = NULL;
	int i;

	if (is_char(&t, '(')) {
		while (t.kind != TOKEN_END && !is_char(&t, ')'))
			t = next_solid(lexer);
		header = copy_string(begin, (size_t)(t.at - begin));
		t = next_solid(lexer);
	}
	if (name.kind != TOKEN_WORD || !is_char(&t, ':')) {
		complain(file, name.at, "expected `-- type NAME: column, ...`");
		free(header);
		return false;
	}
	*ret = (struct value){BASE_INTEGER, NULL, false};
	for (i = BASE_INTEGER; i <= BASE_BLOB; i++)
		if (is_word(&name, bases[i])) {
			ret->base = (enum base)i;
			free(header);
			return true;
		}
	ret->domain = find_domain(c, file, &name, header);
	if (ret->domain == NULL)
		return false;
	while ((ret->domain->bases & 1u << ret->base) == 0)
		ret->base++;

	return true;
}

static void
read_type_line(struct catalogue *c, struct file *file, const struct token *t)
{
	struct lexer lexer = {after_key(t, "type "), t->at + t->len};
	struct names names = {0};
	struct value type;
	size_t i;

	if (lexer.at == NULL || !read_type(c, file, &lexer, &type))
		return;
	read_names(file, lexer, &names);
	c->lines = grow(c->lines, (c->n_lines + names.n) * sizeof(c->lines[0]));
	for (i = 0; i < names.n; i++)
		c->lines[c->n_lines++] =
		    (struct type_line){names.names[i], type, false};
	free(names.names);
}

/* -1: another column; 0: of this name; 1: this one of this table. */
static int
fits(const struct type_line *line, const struct column *column)
{
	const char *dot = memchr(line->name.at, '.', line->name.len);
	struct token name = line->name, table = line->name;

	if (dot == NULL)
		return is_named(&name, column->name) ? 0 : -1;
	table.len = (size_t)(dot - table.at);
	name.at = dot + 1;
	name.len -= table.len + 1;

	return is_named(&table, column->table) && is_named(&name, column->name)
	    ? 1
	    : -1;
}

static void
apply_line(
    struct file *file, struct type_line *line, struct column *column, int rank)
{
	const struct domain *d = line->type.domain;

	if (!column->is_own || fits(line, column) != rank)
		return;
	line->is_used = true;
	if (d != NULL ? (d->bases & 1u << column->base) == 0
		      : column->base != line->type.base)
		complain(file, line->name.at, "%s.%s is %s, which no %s is",
		    column->table, column->name, bases[column->base],
		    type_name(&line->type));
	column->domain = d;
}

void
types_add(struct catalogue *c, sqlite3 *db, struct file *schema)
{
	struct lexer lexer = {
	    schema->text.data, schema->text.data + schema->text.len};
	struct token t;
	size_t i, k;
	int rank;

	c->n_lines = 0;
	add_columns(c, db);
	while ((t = next_token(&lexer)).kind != TOKEN_END)
		if (t.kind == TOKEN_COMMENT &&
		    (t.at == schema->text.data || t.at[-1] == '\n'))
			read_type_line(c, schema, &t);
	/* A line about one table counts more. */
	for (rank = 0; rank <= 1; rank++)
		for (i = 0; i < c->n_lines; i++)
			for (k = 0; k < c->n_columns; k++)
				apply_line(
				    schema, &c->lines[i], &c->columns[k], rank);
}

void
types_finish(struct catalogue *c, struct file *schema)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++)
		if (!c->lines[i].is_used)
			complain(schema, c->lines[i].name.at,
			    "no column, parameter or result is called %.*s",
			    (int)c->lines[i].name.len, c->lines[i].name.at);
}

void
types_free(struct catalogue *c)
{
	struct domain *d;
	size_t i;

	for (i = 0; i < c->n_columns; i++) {
		free(c->columns[i].table);
		free(c->columns[i].name);
	}
	while ((d = c->domains) != NULL) {
		c->domains = d->next;
		free(d->name);
		free(d->header);
		free(d);
	}
	free(c->columns);
	free(c->lines);
}

/* ---- A statement ----------------------------------------------------- */

#define TABLES_MAX 16

/* The solid tokens of a statement, and the tables that it speaks of. */
struct sentence {
	struct catalogue *c;
	struct file *file;
	struct section *s;
	struct token *t; /* one of TOKEN_END behind the last */
	size_t n;
	const char *tables[TABLES_MAX];
	struct token aliases[TABLES_MAX];
	size_t n_tables;
};

static const char *
find_table(const struct catalogue *c, const struct token *t)
{
	size_t i;

	for (i = 0; i < c->n_columns; i++)
		if (is_named(t, c->columns[i].table))
			return c->columns[i].table;

	return NULL;
}

static void
note_table(struct sentence *x, size_t at)
{
	const struct token *before = &x->t[at - 1], *t = &x->t[at];
	const char *table;

	if (x->n_tables == TABLES_MAX ||
	    !(is_word(before, "FROM") || is_word(before, "JOIN") ||
		is_word(before, "INTO") || is_word(before, "UPDATE")))
		return;
	table = find_table(x->c, t);
	if (table == NULL)
		return;
	x->aliases[x->n_tables] = *t;
	if (is_word(&t[1], "AS"))
		x->aliases[x->n_tables] = t[2];
	x->tables[x->n_tables++] = table;
}

static void
read_sentence(struct sentence *x)
{
	struct lexer lexer = {x->s->body, x->s->end};
	size_t i;

	do {
		x->t = grow(x->t, (x->n + 1) * sizeof(x->t[0]));
		x->t[x->n] = next_solid(&lexer);
	} while (x->t[x->n++].kind != TOKEN_END);
	x->n--;
	for (i = 1; i < x->n; i++)
		note_table(x, i);
}

/* The column of that name, of the alias or table if one is named. */
static const struct column *
find_column(const struct sentence *x, const struct token *name,
    const struct token *alias)
{
	size_t i, k;

	for (i = 0; i < x->n_tables; i++) {
		if (alias != NULL &&
		    (alias->len != x->aliases[i].len ||
			memcmp(alias->at, x->aliases[i].at, alias->len) != 0))
			continue;
		for (k = 0; k < x->c->n_columns; k++)
			if (strcmp(x->c->columns[k].table, x->tables[i]) == 0 &&
			    is_named(name, x->c->columns[k].name))
				return &x->c->columns[k];
	}

	return NULL;
}

static struct token
token_of(const char *name)
{
	return (struct token){TOKEN_WORD, name, strlen(name)};
}

/* By a `-- type` line. */
static bool
find_line(const struct sentence *x, const struct token *name, struct value *ret)
{
	struct type_line *line;
	size_t i;

	for (i = 0; i < x->c->n_lines; i++) {
		line = &x->c->lines[i];
		if (line->name.len == name->len &&
		    memcmp(line->name.at, name->at, name->len) == 0) {
			line->is_used = true;
			*ret = line->type;
			return true;
		}
	}

	return false;
}

static struct value
value_of(const struct column *column)
{
	return (struct value){column->base, column->domain, false};
}

/* ---- Parameters ------------------------------------------------------ */

/* How a parameter stands at a token: NULL if no column is beside it. */
struct place {
	const struct column *column;
	bool is_written; /* the whole value of the column */
	bool is_limit;
};

/* In `INSERT INTO t (a, b) VALUES (:x, ...)`, the column of the token `at`. */
static const struct column *
inserted_column(const struct sentence *x, size_t at)
{
	size_t names = 0, i, item = 0;
	int depth = 0;

	for (i = 0; i < at && !is_word(&x->t[i], "VALUES"); i++)
		if (names == 0 && is_char(&x->t[i], '('))
			names = i + 1;
	if (i == at || names == 0)
		return NULL;
	for (i++; i < at; i++) {
		if (is_char(&x->t[i], '('))
			depth++;
		else if (is_char(&x->t[i], ')') && --depth == 0)
			return NULL;
		else if (is_char(&x->t[i], ',') && depth == 1)
			item++;
	}
	if (depth != 1 ||
	    !(is_char(&x->t[at + 1], ',') || is_char(&x->t[at + 1], ')')) ||
	    !(is_char(&x->t[at - 1], ',') || is_char(&x->t[at - 1], '(')))
		return NULL;

	return find_column(x, &x->t[names + 2 * item], NULL);
}

/* Does an expression end here? */
static bool
ends_value(const struct token *t)
{
	return t->kind == TOKEN_END || is_char(t, ',') || is_char(t, ';') ||
	    is_word(t, "WHERE") || is_word(t, "RETURNING");
}

static bool
is_comparison(const struct token *t)
{
	return is_char(t, '=') || is_char(t, '<') || is_char(t, '>') ||
	    is_word(t, "LIKE");
}

/* In `SET a = :x`, `t.a <= :x`, `LIMIT :x`. */
static struct place
compared_column(const struct sentence *x, size_t at)
{
	const struct token *before, *t = x->t;
	struct place place = {0};
	size_t k = at - 1;

	place.is_limit = is_word(&t[k], "LIMIT");
	while (k > 1 && is_comparison(&t[k]))
		k--;
	if (k == at - 1 || k < 2)
		return place;
	before = &t[k - 1];
	place.column =
	    find_column(x, &t[k], is_char(before, '.') ? &t[k - 2] : NULL);
	place.is_written = (is_word(before, "SET") || is_char(before, ',')) &&
	    ends_value(&t[at + 1]);

	return place;
}

static struct place
find_place(const struct sentence *x, size_t at)
{
	struct place place = {inserted_column(x, at), true, false};

	return place.column != NULL ? place : compared_column(x, at);
}

/* By its name: a column of the tables that the statement speaks of, a type
 * line, columns of the other tables if they agree. */
static bool
find_by_name(
    const struct sentence *x, const struct token *name, struct value *ret)
{
	const struct column *column = find_column(x, name, NULL);
	const struct catalogue *c = x->c;
	struct value other;
	bool found = false;
	size_t i;

	if (column != NULL)
		*ret = value_of(column);
	if (column != NULL || find_line(x, name, ret))
		return true;
	for (i = 0; i < c->n_columns; i++) {
		if (!c->columns[i].is_own ||
		    !is_named(name, c->columns[i].name))
			continue;
		other = value_of(&c->columns[i]);
		if (found && !type_equal(ret, &other))
			return false;
		*ret = other;
		found = true;
	}

	return found;
}

static void
merge(const struct sentence *x, unsigned int i, bool *known_yet,
    const struct value *value)
{
	struct value *v = &x->s->param_types[i];

	if (*known_yet && !type_equal(v, value))
		complain(x->file, x->s->head,
		    "%s: the parameter %s is compared with %s and %s: make "
		    "it two parameters",
		    x->s->name, x->s->params[i], type_name(v),
		    type_name(value));
	if (!*known_yet)
		*v = (struct value){value->base, value->domain, v->may_be_null};
	*known_yet = true;
}

static bool
is_param(const struct token *t, const char *name)
{
	struct token word = {TOKEN_WORD, t->at + 1, t->len - 1};

	return t->kind == TOKEN_PARAM && strlen(name) == word.len &&
	    memcmp(word.at, name, word.len) == 0;
}

static void
find_param(const struct sentence *x, unsigned int i)
{
	const char *name = x->s->params[i];
	struct token word = token_of(name);
	struct value value = {BASE_INTEGER, NULL, false};
	bool known_yet = false;
	struct place place;
	size_t at;

	for (at = 1; at < x->n; at++) {
		if (!is_param(&x->t[at], name))
			continue;
		place = find_place(x, at);
		if (place.column != NULL)
			value = value_of(place.column);
		if (place.column != NULL || place.is_limit)
			merge(x, i, &known_yet, &value);
		if (place.column != NULL && place.is_written)
			x->s->param_types[i].may_be_null |=
			    place.column->may_be_null;
	}
	if (!known_yet && find_by_name(x, &word, &value))
		merge(x, i, &known_yet, &value);
	if (!known_yet)
		complain(x->file, x->s->head,
		    "%s: the type of the parameter %s is unknown: write "
		    "`-- type integer: %s` (or text, blob, instant ...) into "
		    "schema.sql",
		    x->s->name, name, name);
}

/* ---- Columns of the result ------------------------------------------- */

static void
find_result(const struct sentence *x, unsigned int i, sqlite3_stmt *stmt)
{
	const char *table = sqlite3_column_table_name(stmt, (int)i);
	const char *origin = sqlite3_column_origin_name(stmt, (int)i);
	struct value *v = &x->s->column_types[i];
	struct token name = token_of(x->s->columns[i]);
	const struct column *column = NULL;

	if (table != NULL && origin != NULL)
		column = find_exact(x->c, table, origin);
	if (column != NULL) {
		*v = value_of(column);
		v->may_be_null = column->may_be_null;
		return;
	}
	/* An expression. */
	*v = (struct value){BASE_INTEGER, NULL, false};
	column = find_column(x, &name, NULL);
	if (column != NULL)
		*v = value_of(column);
	else
		(void)find_line(x, &name, v);
}

static void
set_null(const struct sentence *x, const struct names *names, bool may_be)
{
	struct section *s = x->s;
	bool found;
	size_t i;
	unsigned int k;

	for (i = 0; i < names->n; i++) {
		found = false;
		for (k = 0; k < s->n_params; k++)
			if (is_named(&names->names[i], s->params[k])) {
				s->param_types[k].may_be_null = may_be;
				found = true;
			}
		for (k = 0; k < s->n_columns; k++)
			if (is_named(&names->names[i], s->columns[k])) {
				s->column_types[k].may_be_null = may_be;
				found = true;
			}
		if (!found)
			complain(x->file, names->names[i].at,
			    "%s: no parameter or column is called %.*s",
			    s->name, (int)names->names[i].len,
			    names->names[i].at);
	}
}

void
types_find(struct catalogue *c, struct file *file, struct section *s,
    sqlite3_stmt *stmt)
{
	struct sentence x = {.c = c, .file = file, .s = s};
	unsigned int i;

	read_sentence(&x);
	for (i = 0; i < s->n_params; i++)
		find_param(&x, i);
	for (i = 0; i < s->n_columns; i++)
		find_result(&x, i, stmt);
	set_null(&x, &s->never_null, false);
	set_null(&x, &s->may_be_null, true);
	free(x.t);
}
