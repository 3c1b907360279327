#include "nation/ini_file.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define VALUE_MAX 4000 /* characters; a line is shorter */

/* Where a section, or a setting of it, stands. */
struct ini_place {
	const char *section;
	const char *name, *value; /* NULL: the section */
	int line;
	struct ini_place *next;
};

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int
ini_file_line(const struct ini_file *f, const char *section, const char *name)
{
	const struct ini_place *p;

	for (p = f->first; p != NULL; p = p->next) {
		if (is_same(p->section, section) && is_same(p->name, name))
			return p->line;
	}

	return 0;
}

enum err
ini_file_doubt(struct ini_file *f, const char *fmt, ...)
{
	char text[PROBLEM_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (f->doubts == NULL)
		return problem_set(f->problem, ERR_INPUT, "%s", text);
	buf_printf(f->doubts, "%s\n", text);

	return OK;
}

static enum err
check_new(struct ini_file *f, const char *section, const char *name)
{
	int before = ini_file_line(f, section, name);

	if (before == 0)
		return OK;

	return ini_file_doubt(f,
	    "%s, line %d: [%s]%s%s stands in line %d already; keep one of "
	    "them",
	    f->path, f->line, section, name != NULL ? " " : "",
	    name != NULL ? name : "", before);
}

/* Remember a section or setting, which must be new. */
static enum err
add_place(struct ini_file *f, const char *section, const char *name,
    const char *value)
{
	struct ini_place *p;

	f->err = check_new(f, section, name);
	if (f->err)
		return f->err;
	p = arena_alloc(f->arena, sizeof(*p));
	*p = (struct ini_place){
	    arena_string(f->arena, slice_of(section)), name, value, f->line};
	if (f->last == NULL)
		f->first = p;
	else
		f->last->next = p;
	f->last = p;

	return OK;
}

static enum err
refuse_line(struct ini_file *f, const char *why)
{
	f->err = problem_set(
	    f->problem, ERR_INPUT, "%s, line %d: %s", f->path, f->line, why);

	return f->err;
}

/* A line that begins with a bracket, as inih reads it: inih passes over all that
 * follows the bracket that closes. */
static enum err
add_section(struct ini_file *f, struct slice line)
{
	struct slice rest = line, name;

	if (line.len == 0 || line.data[0] != '[' ||
	    memchr(line.data, ']', line.len) == NULL)
		return OK;
	rest.data++;
	rest.len--;
	name = slice_cut(&rest, ']');
	rest = slice_trim(rest);
	if (rest.len > 0 && rest.data[0] != ';' && rest.data[0] != '#')
		return refuse_line(
		    f, "more than a section; begin a new line after the \"]\"");

	return add_place(f, arena_string(f->arena, name), NULL, NULL);
}

static enum err
check_line(struct ini_file *f, struct slice line, int size)
{
	char why[64];

	if (line.len + 2 <= (size_t)size)
		return add_section(f, line);
	snprintf(why, sizeof(why), "longer than %d bytes", size - 2);

	return refuse_line(f, why);
}

/* A line for inih, without the white space before it, which would make it a
 * part of the value above. */
static char *
next_line(char *text, int size, void *state)
{
	struct ini_file *f = state;
	const char *misfit;
	struct slice line;

	if (f->err || f->rest.data == NULL)
		return NULL;
	f->line++;
	misfit = text_misfit(f->rest);
	if (misfit != NULL) {
		(void)refuse_line(f, misfit);
		return NULL;
	}
	line = slice_trim(slice_cut(&f->rest, '\n'));
	if (check_line(f, line, size))
		return NULL;
	memcpy(text, line.data, line.len);
	memcpy(text + line.len, "\n", sizeof("\n"));

	return text;
}

/* Name and value of a setting, as normalised by text_take(). */
static enum err
take_texts(struct ini_file *f, const char *section, const char **name,
    const char **value)
{
	const char **const texts[] = {name, value};
	struct slice text;
	const char *why;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (text_take(f->arena, TEXT_LINE, VALUE_MAX,
			slice_of(*texts[i]), &text, &why))
			return problem_set(f->problem, ERR_INPUT,
			    "%s, line %d: [%s] %s: %s", f->path, f->line,
			    section, *name, why);
		*texts[i] = arena_string(f->arena, text);
	}

	return OK;
}

static int
on_setting(
    void *state, const char *section, const char *name, const char *value)
{
	struct ini_file *f = state;

	if (f->err)
		return 0;
	f->err = take_texts(f, section, &name, &value);
	if (f->err == OK)
		f->err = add_place(f, section, name, value);

	return f->err == OK;
}

enum err
ini_file_read(struct ini_file *file, struct slice text)
{
	int line;

	file->rest = utf8_without_mark(text);
	line = ini_parse_stream(next_line, file, on_setting, file);
	/* inih goes on after a line that it does not understand. */
	if (line > 0 && (!file->err || line < file->line)) {
		file->line = line;
		return refuse_line(
		    file, "neither a section nor `name = value`");
	}

	return file->err;
}

enum err
ini_file_each(
    const struct ini_file *file, ini_file_handler *handle, void *state)
{
	const struct ini_place *p;

	for (p = file->first; p != NULL; p = p->next)
		TRY(handle(state, p->section, p->name, p->value));

	return OK;
}
