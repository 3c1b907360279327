#include "law/table.h"

#include "base/text.h"

static size_t
count_tabs(struct slice line)
{
	size_t i, n = 0;

	for (i = 0; i < line.len; i++)
		n += line.data[i] == '\t';

	return n;
}

enum err
table_open(struct slice text, const char *name, const char *header,
    struct table *ret, struct problem *problem)
{
	struct slice rest = text, first = slice_cut(&rest, '\n');

	if (!slice_equal_string(first, header))
		return problem_set(problem, ERR_INPUT,
		    "%s, line 1: the columns are not those expected", name);
	*ret = (struct table){.name = name,
	    .n_columns = count_tabs(first) + 1,
	    .rest = rest,
	    .line = 1};

	return OK;
}

enum err
table_next(struct table *table, struct problem *problem)
{
	struct slice line;
	size_t i;

	if (table->rest.len == 0)
		return ERR_NOT_FOUND;
	line = slice_cut(&table->rest, '\n');
	table->line++;
	if (count_tabs(line) + 1 != table->n_columns)
		return problem_set(problem, ERR_INPUT,
		    "%s, line %u: expected %zu columns", table->name,
		    table->line, table->n_columns);
	for (i = 0; i < table->n_columns; i++) {
		table->columns[i] = slice_cut(&line, '\t');
		if (slice_is_empty(table->columns[i]))
			return problem_set(problem, ERR_INPUT,
			    "%s, line %u: column %zu is empty", table->name,
			    table->line, i + 1);
		if (!text_is_printable(table->columns[i]))
			return problem_set(problem, ERR_INPUT,
			    "%s, line %u: column %zu is not printable text in "
			    "UTF-8",
			    table->name, table->line, i + 1);
	}

	return OK;
}

enum err
table_next_of(struct table *table, struct slice first, struct problem *problem)
{
	struct slice rest = table->rest, line;

	for (;;) {
		if (rest.len == 0)
			return ERR_NOT_FOUND;
		line = slice_cut(&rest, '\n');
		if (slice_equal(slice_cut(&line, '\t'), first))
			return table_next(table, problem);
		table->rest = rest;
		table->line++;
	}
}

bool
law_is_word(struct slice text)
{
	size_t i;
	char c;

	for (i = 0; i < text.len; i++) {
		c = text.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}

	return true;
}
