#include "sql_file.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Text that grows ------------------------------------------------- */

void *
grow(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (p == NULL) {
		fputs("statements: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void
text_add(struct text *t, const char *data, size_t len)
{
	if (t->data == NULL || len >= t->cap - t->len) {
		t->cap = 2 * (t->len + len + 1);
		t->data = grow(t->data, t->cap);
	}
	if (len > 0)
		memcpy(t->data + t->len, data, len);
	t->len += len;
	t->data[t->len] = '\0';
}

char *
copy_string(const char *data, size_t len)
{
	struct text t = {0};

	text_add(&t, data, len);
	return t.data;
}

/* ---- Files ---------------------------------- */

static unsigned int n_complaints;

unsigned int
complaints(void)
{
	return n_complaints;
}

size_t
file_line(const struct file *file, const char *at)
{
	size_t line = 1;
	const char *p;

	for (p = file->text.data; p < at; p++)
		line += *p == '\n';
	return line;
}

void
complain(const struct file *file, const char *at, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%zu: error: ", file->path, file_line(file, at));
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	n_complaints++;
}

void
file_load(const char *path, struct file *ret)
{
	char block[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		fprintf(stderr, "%s: error: cannot be opened\n", path);
		exit(1);
	}
	memset(ret, 0, sizeof(*ret));
	ret->path = path;
	text_add(&ret->text, "", 0);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		text_add(&ret->text, block, n);
	if (ferror(f) || memchr(ret->text.data, '\0', ret->text.len) != NULL) {
		fprintf(stderr, "%s: error: cannot be read as text\n", path);
		exit(1);
	}
	fclose(f);
}

static void
section_free(struct section *s)
{
	unsigned int i;

	free(s->name);
	free(s->title);
	free(s->row);
	free(s->params_name);
	free(s->never_null.names);
	free(s->may_be_null.names);
	for (i = 0; i < s->n_params; i++)
		free(s->params[i]);
	for (i = 0; i < s->n_columns; i++)
		free(s->columns[i]);
}

void
file_free(struct file *file)
{
	size_t i;

	for (i = 0; i < file->n_sections; i++)
		section_free(&file->sections[i]);
	free(file->sections);
	free(file->protected_tables.names);
	free(file->text.data);
}

/* ---- Tokens ---------------------------------------------------------- */

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80) != 0;
}

/* The character after the closing quote, or NULL if there is none. */
static const char *
skip_quoted(const char *at, const char *end, char quote)
{
	for (at++; at < end; at++) {
		if (*at != quote)
			continue;
		if (at + 1 == end || at[1] != quote)
			return at + 1;
		at++;
	}
	return NULL;
}

static const char *
skip_block_comment(const char *at, const char *end)
{
	for (at += 2; at + 1 < end; at++)
		if (at[0] == '*' && at[1] == '/')
			return at + 2;
	return NULL;
}

static const char *
skip_while(const char *at, const char *end, bool (*test)(char))
{
	while (at < end && test(*at))
		at++;
	return at;
}

bool
is_space(char c)
{
	return isspace((unsigned char)c);
}

static bool
is_in_line(char c)
{
	return c != '\n';
}

static enum token_kind
scan(const char *at, const char *end, const char **ret_next)
{
	char c = *at, next = at + 1 < end ? at[1] : '\0';

	*ret_next = at + 1;
	if (is_space(c)) {
		*ret_next = skip_while(at, end, is_space);
		return TOKEN_SPACE;
	}
	if (c == '-' && next == '-') {
		*ret_next = skip_while(at, end, is_in_line);
		return TOKEN_COMMENT;
	}
	if (c == '/' && next == '*') {
		*ret_next = skip_block_comment(at, end);
		return TOKEN_COMMENT;
	}
	if (c == '\'' || c == '"') {
		*ret_next = skip_quoted(at, end, c);
		return c == '"' ? TOKEN_QUOTED : TOKEN_STRING;
	}
	if ((c == 'x' || c == 'X') && next == '\'') {
		*ret_next = skip_quoted(at + 1, end, '\'');
		return TOKEN_BLOB;
	}
	if (c == ':' && is_word_char(next)) {
		*ret_next = skip_while(at + 1, end, is_word_char);
		return TOKEN_PARAM;
	}
	if (is_word_char(c)) {
		*ret_next = skip_while(at, end, is_word_char);
		return TOKEN_WORD;
	}
	return strchr("?@$#[]`\\", c) != NULL ? TOKEN_BAD : TOKEN_OTHER;
}

struct token
next_token(struct lexer *lexer)
{
	struct token t = {TOKEN_END, lexer->at, 0};
	const char *next;

	if (lexer->at == lexer->end)
		return t;
	t.kind = scan(lexer->at, lexer->end, &next);
	if (next == NULL) {
		t.kind = TOKEN_BAD;
		next = lexer->end;
	}
	t.len = (size_t)(next - lexer->at);
	lexer->at = next;
	return t;
}

struct token
next_solid(struct lexer *lexer)
{
	struct token t;

	do
		t = next_token(lexer);
	while (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT);
	return t;
}

bool
is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && t->len == strlen(word) &&
	    strncasecmp(t->at, word, t->len) == 0;
}

bool
is_char(const struct token *t, char c)
{
	return t->kind == TOKEN_OTHER && *t->at == c;
}

bool
is_named(const struct token *t, const char *name)
{
	size_t len = strlen(name);

	if (t->kind == TOKEN_QUOTED)
		return t->len == len + 2 && memcmp(t->at + 1, name, len) == 0;

	return is_word(t, name);
}

bool
is_name(const char *string)
{
	const char *end = string + strlen(string);

	return end != string && skip_while(string, end, is_word_char) == end;
}

/* ---- Comments that say something ------------------------------------- */

const char *
after_key(const struct token *t, const char *key)
{
	size_t len = strlen(key);

	if (t->len < len + 3 || memcmp(t->at, "-- ", 3) != 0 ||
	    memcmp(t->at + 3, key, len) != 0)
		return NULL;
	return t->at + 3 + len;
}

/* `a` or `t.a` */
static struct token
next_dotted(struct lexer *lexer)
{
	struct token t = next_solid(lexer), end;
	struct lexer ahead = *lexer;

	end = next_token(&ahead);
	if (t.kind != TOKEN_WORD || !is_char(&end, '.'))
		return t;
	end = next_token(&ahead);
	t.len = (size_t)(end.at + end.len - t.at);
	*lexer = ahead;

	return t;
}

void
read_names(struct file *file, struct lexer lexer, struct names *ret)
{
	struct token t = next_dotted(&lexer);

	for (;;) {
		if (t.kind != TOKEN_WORD) {
			complain(file, t.at, "expected a name");
			return;
		}
		ret->names =
		    grow(ret->names, (ret->n + 1) * sizeof(ret->names[0]));
		ret->names[ret->n++] = t;
		t = next_solid(&lexer);
		if (t.kind == TOKEN_END)
			return;
		if (!is_char(&t, ',')) {
			complain(file, t.at, "expected a comma");
			return;
		}
		t = next_dotted(&lexer);
	}
}

/* ---- Sections -------------------------------------------------------- */

/* The heading becomes a comment in C. */
static bool
has_comment_end(const struct token *t)
{
	return memmem(t->at, t->len, "*/", 2) != NULL;
}

static struct section *
add_section(struct file *file, const struct token *t)
{
	struct section *s;

	file->sections = grow(
	    file->sections, (file->n_sections + 1) * sizeof(file->sections[0]));
	s = &file->sections[file->n_sections++];
	memset(s, 0, sizeof(*s));
	s->head = t->at;
	s->body = s->end = t->at + t->len;
	if (has_comment_end(t))
		complain(file, t->at,
		    "a heading cannot hold the end of a "
		    "comment");
	return s;
}

/* `-- migration N: title` */
static bool
begin_migration(struct file *file, const struct token *t)
{
	const char *at = after_key(t, "migration "), *end = t->at + t->len;
	char *rest;
	unsigned long number;
	struct section *s;

	if (at == NULL)
		return false;
	number = strtoul(at, &rest, 10);
	if (rest == at || rest + 2 > end || memcmp(rest, ": ", 2) != 0) {
		complain(file, at, "expected `-- migration N: title`");
		return false;
	}
	s = add_section(file, t);
	s->title = copy_string(rest + 2, (size_t)(end - rest - 2));
	if (number != file->n_sections)
		complain(file, at, "migration %zu is next, not %lu",
		    file->n_sections, number);
	return true;
}

static bool
is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `-- NAME: what it is for` */
static bool
begin_statement(struct file *file, const struct token *t)
{
	const char *at = after_key(t, ""), *end = t->at + t->len, *colon;
	struct section *s;
	size_t i;

	if (at == NULL || !isupper((unsigned char)*at))
		return false;
	colon = skip_while(at, end, is_name_char);
	if (colon + 2 > end || memcmp(colon, ": ", 2) != 0)
		return false;
	s = add_section(file, t);
	s->name = copy_string(at, (size_t)(colon - at));
	s->title = copy_string(colon + 2, (size_t)(end - colon - 2));
	for (i = 0; i + 1 < file->n_sections; i++)
		if (strcmp(file->sections[i].name, s->name) == 0)
			complain(file, at, "there is a %s already", s->name);
	if (strcmp(s->name, "STATEMENTS_END") == 0)
		complain(file, at, "%s is the end of the enum", s->name);
	return true;
}

/* `-- marks: personal audit bulk` */
static void
read_marks(struct file *file, struct section *s, const struct token *t)
{
	struct lexer lexer = {after_key(t, "marks:"), t->at + t->len};

	if (lexer.at == NULL)
		return;
	for (;;) {
		struct token mark = next_solid(&lexer);

		if (mark.kind == TOKEN_END)
			return;
		if (is_word(&mark, "personal"))
			s->marks |= STATEMENT_PERSONAL;
		else if (is_word(&mark, "audit"))
			s->marks |= STATEMENT_AUDIT;
		else if (is_word(&mark, "bulk"))
			s->marks |= STATEMENT_BULK;
		else if (!is_char(&mark, ','))
			complain(file, mark.at, "unknown mark: %.*s",
			    (int)mark.len, mark.at);
	}
}

/* `-- KEY name` */
static void
read_name(struct file *file, const struct token *t, const char *key, char **ret)
{
	struct lexer lexer = {after_key(t, key), t->at + t->len};
	struct names names = {0};

	if (lexer.at == NULL)
		return;
	read_names(file, lexer, &names);
	if (names.n != 1 || *ret != NULL)
		complain(file, t->at, "expected one `-- %s name`", key);
	else
		*ret = copy_string(names.names[0].at, names.names[0].len);
	free(names.names);
}

/* Comments within a section that say something about it. */
static void
read_notes(struct file *file, struct section *s, const struct token *t)
{
	const char *end = t->at + t->len, *at;

	read_marks(file, s, t);
	read_name(file, t, "row:", &s->row);
	read_name(file, t, "params:", &s->params_name);
	at = after_key(t, "never null:");
	if (at != NULL)
		read_names(file, (struct lexer){at, end}, &s->never_null);
	at = after_key(t, "may be null:");
	if (at != NULL)
		read_names(file, (struct lexer){at, end}, &s->may_be_null);
}

/* Cut a file where `begin` recognises a comment at the start of a line. */
static void
cut_sections(
    struct file *file, bool (*begin)(struct file *, const struct token *))
{
	struct lexer lexer = {
	    file->text.data, file->text.data + file->text.len};
	struct token t;

	for (;;) {
		t = next_token(&lexer);
		if (t.kind == TOKEN_END)
			return;
		if (t.kind == TOKEN_BAD)
			complain(file, t.at,
			    "not portable, or not closed: "
			    "%.8s",
			    t.at);
		if (t.kind == TOKEN_COMMENT &&
		    (t.at == file->text.data || t.at[-1] == '\n')) {
			if (begin(file, &t))
				continue;
			if (file->n_sections > 0)
				read_notes(file,
				    &file->sections[file->n_sections - 1], &t);
		}
		if (file->n_sections > 0)
			file->sections[file->n_sections - 1].end = t.at + t.len;
		else if (t.kind != TOKEN_SPACE && t.kind != TOKEN_COMMENT)
			complain(file, t.at, "SQL before the first heading");
	}
}

void
file_cut_migrations(struct file *file)
{
	cut_sections(file, begin_migration);
}

void
file_cut_statements(struct file *file)
{
	cut_sections(file, begin_statement);
}
