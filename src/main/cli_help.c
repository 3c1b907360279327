/* The help texts of commands, made from their tables. */
#include <assert.h>
#include <string.h>

#include "main/cli.h"

#define WIDTH 78

/* --- Lines ----------------------------------------------------------------- */

struct lines {
	size_t column, indent; /* of the second line and on */
	bool space;            /* before the next word */
};

/* A word, or what must not be broken, on this line or the next. */
static void
put(struct lines *l, struct slice word)
{
	if (l->space && l->column + 1 + word.len > WIDTH) {
		printf("\n%*s", (int)l->indent, "");
		l->column = l->indent;
	} else if (l->space) {
		putchar(' ');
		l->column++;
	}
	printf("%.*s", SLICE_ARG(word));
	l->column += word.len;
	l->space = true;
}

/* Words, and empty lines where the text has them. */
static void
put_text(struct lines *l, const char *text)
{
	struct slice lines = slice_of(text), line;

	while (lines.data != NULL) {
		line = slice_cut(&lines, '\n');
		if (slice_is_empty(line)) {
			printf("\n\n");
			*l = (struct lines){0};
			continue;
		}
		while (line.data != NULL)
			put(l, slice_cut(&line, ' '));
	}
}

static void
put_paragraphs(const char *title, const char *text)
{
	struct lines l = {.column = strlen(title), .indent = strlen(title)};

	if (text == NULL)
		return;
	printf("\n%s", title);
	put_text(&l, text);
	putchar('\n');
}

/* --- Usage ----------------------------------------------------------------- */

/* "[FILE ...]" */
static struct slice
operand_text(struct arena *arena, const struct cli_operand *o)
{
	return arena_printf(arena, "%s%s%s%s", o->optional ? "[" : "", o->name,
	    o->many ? " ..." : "", o->optional ? "]" : "");
}

/* "--rejects FILE" */
static struct slice
option_text(struct arena *arena, const struct cli_option *o)
{
	return arena_printf(arena, "%s%s%s", o->name,
	    o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
}

static void
put_options(struct lines *l, struct arena *arena, const struct cli_option *o,
    const char *verb)
{
	struct slice text;

	for (; o != NULL && o->name != NULL; o++) {
		if (o->what == NULL || o->alone ||
		    (o->with != NULL && !cli_has_word(o->with, verb)))
			continue;
		text = option_text(arena, o);
		if (o->needed == NULL || !cli_has_word(o->needed, verb))
			text = arena_printf(arena, "[%.*s]", SLICE_ARG(text));
		put(l, text);
	}
}

static void
put_form(struct arena *arena, const struct command *c, const struct cli_form *f)
{
	size_t width = strlen("usage: bango ") + strlen(c->name);
	struct lines l = {.column = width, .indent = width + 1, .space = true};
	const struct cli_operand *o;

	printf("bango %s", c->name);
	if (f->verb != NULL)
		put(&l, slice_of(f->verb));
	for (o = f->operands; o->name != NULL; o++)
		put(&l, operand_text(arena, o));
	put_options(
	    &l, arena, c->options, f->verb != NULL ? f->verb : EVERY_VERB);
	putchar('\n');
}

static void
put_usage(struct arena *arena, const struct command *c)
{
	const char *before = "usage: ";
	const struct cli_option *o;
	const struct cli_form *f;

	for (f = c->forms; f->operands != NULL; f++, before = "       ") {
		fputs(before, stdout);
		put_form(arena, c, f);
	}
	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->alone)
			printf("%sbango %s %s\n", before, c->name, o->name);
	}
}

/* --- Rows: a name, and what it is ------------------------------------------ */

#define ROWS_MAX 24

struct rows {
	struct {
		struct slice name;
		const char *what, *standard;
	} rows[ROWS_MAX];
	size_t n, width;
};

static void
add_row(struct rows *rows, struct slice name, const char *what,
    const char *standard)
{
	if (what == NULL)
		return;
	assert(rows->n < ROWS_MAX);
	rows->rows[rows->n].name = name;
	rows->rows[rows->n].what = what;
	rows->rows[rows->n++].standard = standard;
	if (name.len > rows->width)
		rows->width = name.len;
}

static void
put_rows(struct arena *arena, const struct rows *rows)
{
	struct lines l;
	size_t i;

	if (rows->n > 0)
		putchar('\n');
	for (i = 0; i < rows->n; i++) {
		l = (struct lines){
		    .column = rows->width + 4, .indent = rows->width + 4};
		printf("  %-*.*s  ", (int)rows->width,
		    SLICE_ARG(rows->rows[i].name));
		put_text(&l, rows->rows[i].what);
		if (rows->rows[i].standard != NULL)
			put(&l,
			    arena_printf(
				arena, "(%s)", rows->rows[i].standard));
		putchar('\n');
	}
}

/* Verbs, and the words of operands. */
static void
put_words(struct arena *arena, const struct command *c)
{
	const struct cli_choice *choice;
	const struct cli_form *f;
	struct rows rows = {0};

	for (f = c->forms; f->operands != NULL; f++) {
		if (f->verb != NULL)
			add_row(&rows, slice_of(f->verb), f->what, NULL);
		choice = f->operands->choices;
		for (; choice != NULL && choice->name != NULL; choice++)
			add_row(
			    &rows, slice_of(choice->name), choice->what, NULL);
	}
	put_rows(arena, &rows);
}

static void
put_arguments(struct arena *arena, const struct command *c)
{
	const struct cli_operand *operand;
	const struct cli_option *o;
	const struct cli_form *f;
	struct rows rows = {0};

	for (f = c->forms; f->operands != NULL; f++) {
		for (operand = f->operands; operand->name != NULL; operand++)
			add_row(&rows, slice_of(operand->name), operand->what,
			    NULL);
	}
	for (o = c->options; o != NULL && o->name != NULL; o++)
		add_row(&rows, option_text(arena, o), o->what, o->standard);
	put_rows(arena, &rows);
}

/* --- The text -------------------------------------------------------------- */

int
cli_help(const struct command *command)
{
	struct arena *arena = arena_new();

	put_usage(arena, command);
	put_paragraphs("", command->about);
	put_words(arena, command);
	put_arguments(arena, command);
	put_paragraphs("", command->after);
	put_paragraphs("exit status: ", command->exits);
	arena_free(arena);

	return 0;
}

void
cli_list(FILE *out, const struct command *command)
{
	fprintf(out, "  %-11s %s\n", command->name, command->summary);
}
