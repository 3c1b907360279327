/*
 * For tools/statements: a file of SQL, cut into tokens and sections.
 */
#ifndef BANGO_TOOLS_SQL_FILE_H
#define BANGO_TOOLS_SQL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/store/schema.h"

/* Text that grows. */
struct text {
	char *data; /* NUL-terminated */
	size_t len;
	size_t cap;
};

void text_add(struct text *t, const char *data, size_t len);
char *copy_string(const char *data, size_t len);

enum token_kind {
	TOKEN_END,
	TOKEN_SPACE,
	TOKEN_COMMENT,
	TOKEN_WORD,   /* keyword, name or number */
	TOKEN_QUOTED, /* "name" */
	TOKEN_STRING, /* 'text' */
	TOKEN_BLOB,   /* x'00' */
	TOKEN_PARAM,  /* :name */
	TOKEN_OTHER,  /* one character */
	TOKEN_BAD,    /* not closed, or not portable */
};

struct token {
	enum token_kind kind;
	const char *at;
	size_t len;
};

enum base {
	BASE_INTEGER,
	BASE_TEXT,
	BASE_BLOB,
};

struct domain;

/* The type of a parameter or a column in C (sql_types.h). */
struct value {
	enum base base;
	const struct domain *domain; /* NULL: the base itself */
	bool may_be_null;
};

/* Names that a comment lists. */
struct names {
	struct token *names;
	size_t n;
};

/* A migration or a statement. */
struct section {
	char *name; /* of a statement; NULL for a migration */
	char *title;
	const char *head; /* its first line, in the file's text */
	const char *body;
	const char *end;
	unsigned int marks;
	char *row;         /* the name of a shared row; NULL: its own */
	char *params_name; /* ... of shared parameters */
	struct names never_null;
	struct names may_be_null;
	/* After the statement was prepared: */
	char *params[STATEMENT_PARAMS_MAX];
	char *columns[STATEMENT_COLUMNS_MAX];
	struct value param_types[STATEMENT_PARAMS_MAX];
	struct value column_types[STATEMENT_COLUMNS_MAX];
	unsigned int n_params;
	unsigned int n_columns;
	bool writes;
};

struct file {
	const char *path;
	struct text text;
	struct section *sections;
	size_t n_sections;
	struct names protected_tables; /* of a schema */
};

/* Ends the process if the file cannot be read. */
void file_load(const char *path, struct file *ret);
void file_free(struct file *file);
/* Cut it into sections. */
void file_cut_migrations(struct file *file);
void file_cut_statements(struct file *file);
size_t file_line(const struct file *file, const char *at);
/* `path:line: error: ...`, and count it. */
void complain(const struct file *file, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
unsigned int complaints(void);

struct lexer {
	const char *at;
	const char *end;
};

struct token next_token(struct lexer *lexer);
/* The same without white space and comments. */
struct token next_solid(struct lexer *lexer);
bool is_word(const struct token *t, const char *word); /* in any case */
bool is_char(const struct token *t, char c);
bool is_space(char c);
bool is_named(const struct token *t, const char *name); /* "name" or name */
/* The comment's text after `-- KEY`, if that is how it begins. */
const char *after_key(const struct token *t, const char *key);
/* `a, b, t.c`: one token each; ends at the comment's end. */
void read_names(struct file *file, struct lexer lexer, struct names *ret);
void *grow(void *old, size_t size); /* realloc() that ends the process */
bool is_name(const char *string);   /* letters, digits, _ */

#endif
