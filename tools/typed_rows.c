#include "typed_rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* More parameters than these are members of a struct. */
#define POSITIONAL_MAX 4

/* ---- Names ----------------------------------------------------------- */

/* A statement that is being printed. */
struct subject {
	FILE *f;
	const struct section *s;
	char *name;     /* component_statement */
	char *number;   /* of the enum */
	char *row_name; /* of the structs, without their endings */
	char *params_name;
	bool has_row; /* it declares it */
	bool has_params;
};

static void
add(struct text *t, const char *string)
{
	text_add(t, string, strlen(string));
}

static char *
join(const char *component, const char *name, int (*change)(int))
{
	struct text t = {0};
	size_t i;

	add(&t, component);
	add(&t, "_");
	add(&t, name);
	for (i = 0; i < t.len; i++)
		t.data[i] = (char)change((unsigned char)t.data[i]);

	return t.data;
}

static bool
has_struct(const struct section *s)
{
	return s->n_params > POSITIONAL_MAX || s->params_name != NULL;
}

/* The first statement whose row, or parameters, has the same name. */
static const struct section *
row_owner(const struct file *file, const struct section *s)
{
	size_t i;

	for (i = 0; s->row != NULL && i < file->n_sections; i++)
		if (file->sections[i].row != NULL &&
		    strcmp(file->sections[i].row, s->row) == 0)
			return &file->sections[i];

	return s;
}

static const struct section *
params_owner(const struct file *file, const struct section *s)
{
	size_t i;

	for (i = 0; s->params_name != NULL && i < file->n_sections; i++)
		if (file->sections[i].params_name != NULL &&
		    strcmp(file->sections[i].params_name, s->params_name) == 0)
			return &file->sections[i];

	return s;
}

static struct subject
begin_subject(FILE *f, const char *component, const struct file *file,
    const struct section *s)
{
	const char *row = s->row != NULL ? s->row : s->name;
	const char *params = s->params_name != NULL ? s->params_name : s->name;

	return (struct subject){
	    .f = f,
	    .s = s,
	    .name = join(component, s->name, tolower),
	    .number = join(component, s->name, toupper),
	    .row_name = join(component, row, tolower),
	    .params_name = join(component, params, tolower),
	    .has_row = s->n_columns > 0 && row_owner(file, s) == s,
	    .has_params = has_struct(s) && params_owner(file, s) == s,
	};
}

static void
end_subject(struct subject *x)
{
	free(x->name);
	free(x->row_name);
	free(x->params_name);
	free(x->number);
}

/* Nothing but the first row of what a write returns. */
static bool
is_returning(const struct section *s)
{
	return s->writes && s->n_columns > 0;
}

static bool
needs_arena(const struct section *s)
{
	unsigned int i;

	for (i = 0; i < s->n_columns; i++)
		if (type_is_slice(&s->column_types[i]))
			return true;

	return false;
}

/* ---- Names and rows that C refuses ----------------------------------- */

static bool
is_one_of(const char *name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(name, *words) == 0)
			return true;

	return false;
}

static void
check_names(struct file *file, const struct section *s)
{
	static const char *const keywords[] = {"auto", "bool", "break", "case",
	    "char", "const", "continue", "default", "do", "double", "else",
	    "enum", "extern", "false", "float", "for", "goto", "if", "inline",
	    "int", "long", "register", "restrict", "return", "short", "signed",
	    "sizeof", "static", "struct", "switch", "true", "typedef", "union",
	    "unsigned", "void", "volatile", "while", NULL};
	static const char *const taken[] = {
	    "arena", "in", "q", "rc", "ret", "store", NULL};
	unsigned int i;

	for (i = 0; i < s->n_params; i++)
		if (is_one_of(s->params[i], keywords) ||
		    is_one_of(s->params[i], taken))
			complain(file, s->head,
			    "%s: a parameter of C cannot be called %s", s->name,
			    s->params[i]);
	for (i = 0; i < s->n_columns; i++)
		if (is_one_of(s->columns[i], keywords))
			complain(file, s->head,
			    "%s: a member in C cannot be called %s", s->name,
			    s->columns[i]);
}

static bool
same_values(char *const *a, const struct value *a_types, char *const *b,
    const struct value *b_types, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0 ||
		    !type_equal(&a_types[i], &b_types[i]) ||
		    a_types[i].may_be_null != b_types[i].may_be_null)
			return false;

	return true;
}

static void
check_shared(struct file *file, const struct section *s)
{
	const struct section *row = row_owner(file, s);
	const struct section *params = params_owner(file, s);

	if (row->n_columns != s->n_columns ||
	    !same_values(row->columns, row->column_types, s->columns,
		s->column_types, s->n_columns))
		complain(file, s->head,
		    "%s: its row differs from that of %s, which is called %s "
		    "too",
		    s->name, row->name, s->row);
	if (params->n_params != s->n_params ||
	    !same_values(params->params, params->param_types, s->params,
		s->param_types, s->n_params))
		complain(file, s->head,
		    "%s: its parameters differ from those of %s, which are "
		    "called %s too",
		    s->name, params->name, s->params_name);
}

void
rows_check(struct file *file)
{
	size_t i;

	for (i = 0; i < file->n_sections; i++) {
		check_names(file, &file->sections[i]);
		check_shared(file, &file->sections[i]);
	}
}

/* ---- Types ----------------------------------------------------------- */

static void
add_type(struct text *t, const struct value *v)
{
	if (v->domain == NULL) {
		add(t, v->base == BASE_INTEGER ? "int64_t" : "struct slice");
	} else if (type_is(v, "bool")) {
		add(t, "bool");
	} else {
		add(t, "struct ");
		add(t, v->domain->name);
	}
}

/* A parameter that may be NULL is a pointer, or a slice whose data may be. */
static bool
is_passed_by_pointer(const struct value *v)
{
	return type_is_pointer(v) || (v->may_be_null && !type_is_slice(v));
}

static void
add_param(struct text *t, const struct value *v, const char *name)
{
	bool pointer = is_passed_by_pointer(v);

	add(t, pointer ? "const " : "");
	add_type(t, v);
	add(t, pointer ? " *" : " ");
	add(t, name);
}

/* The parameters of a function, one to a string. */
struct list {
	struct text items[POSITIONAL_MAX + 4];
	size_t n;
};

static struct text *
add_item(struct list *list)
{
	return &list->items[list->n++];
}

static void
add_params(struct list *list, const struct subject *x)
{
	struct text *item;
	unsigned int i;

	if (has_struct(x->s)) {
		item = add_item(list);
		add(item, "const struct ");
		add(item, x->params_name);
		add(item, " *in");
		return;
	}
	for (i = 0; i < x->s->n_params; i++)
		add_param(
		    add_item(list), &x->s->param_types[i], x->s->params[i]);
}

static void
add_row(struct list *list, const struct subject *x)
{
	struct text *item = add_item(list);

	add(item, "struct ");
	add(item, x->row_name);
	add(item, "_row *ret");
}

/* `head(a, b)tail`, in lines of 80 columns; the list is freed. */
static void
print_list(FILE *f, const char *head, struct list *list, const char *tail)
{
	const char *line = strrchr(head, '\n');
	size_t i, column = strlen(line != NULL ? line + 1 : head) + 1;

	fprintf(f, "%s(", head);
	for (i = 0; i < list->n; i++) {
		if (i > 0)
			fputc(',', f);
		column += list->items[i].len + 2;
		if (column + (i + 1 == list->n ? strlen(tail) : 0) > 81) {
			fputs("\n    ", f);
			column = 4 + list->items[i].len + 1;
		} else if (i > 0) {
			fputc(' ', f);
		}
		fputs(list->items[i].data, f);
		free(list->items[i].data);
	}
	fprintf(f, ")%s", tail);
}

/* ---- The functions' heads -------------------------------------------- */

/* `before` ends with a line for a definition. */
static void
print_head(const struct subject *x, const char *before, const char *suffix,
    struct list *list, const char *tail)
{
	struct text head = {0};

	add(&head, before);
	add(&head, x->name);
	add(&head, suffix);
	print_list(x->f, head.data, list, tail);
	free(head.data);
}

/* The statement is run, or its first row is read. */
static void
print_run_head(const struct subject *x, const char *before, const char *tail)
{
	struct list list = {0};

	add(add_item(&list), "struct store *store");
	if (needs_arena(x->s))
		add(add_item(&list), "struct arena *arena");
	add_params(&list, x);
	if (x->s->n_columns > 0)
		add_row(&list, x);
	print_head(x, before, "", &list, tail);
}

static void
print_begin_head(const struct subject *x, const char *before, const char *tail)
{
	struct list list = {0};

	add(add_item(&list), "struct store *store");
	add_params(&list, x);
	add(add_item(&list), "struct query *ret");
	print_head(x, before, "_rows", &list, tail);
}

static void
print_next_head(const struct subject *x, const char *before, const char *tail)
{
	struct list list = {0};

	add(add_item(&list), "struct query *q");
	add_row(&list, x);
	print_head(x, before, "_next", &list, tail);
}

/* ---- The header ------------------------------------------------------ */

static void
print_params_struct(const struct subject *x)
{
	struct text t = {0};
	unsigned int i;

	fprintf(x->f, "struct %s {\n", x->params_name);
	for (i = 0; i < x->s->n_params; i++) {
		t.len = 0;
		add_param(&t, &x->s->param_types[i], x->s->params[i]);
		fprintf(x->f, "\t%s;%s\n", t.data,
		    x->s->param_types[i].may_be_null ? " /* may be NULL */"
						     : "");
	}
	fputs("};\n", x->f);
	free(t.data);
}

static void
print_row_struct(const struct subject *x)
{
	struct text t = {0};
	unsigned int i;

	fprintf(x->f, "struct %s_row {\n", x->row_name);
	for (i = 0; i < x->s->n_columns; i++) {
		const struct value *v = &x->s->column_types[i];
		const char *name = x->s->columns[i];

		t.len = 0;
		add_type(&t, v);
		if (v->may_be_null && !type_is_slice(v))
			fprintf(x->f, "\tbool has_%s;\n", name);
		fprintf(x->f, "\t%s %s;%s\n", t.data, name,
		    v->may_be_null && type_is_slice(v) ? " /* may be NULL */"
						       : "");
	}
	fputs("};\n", x->f);
	free(t.data);
}

static void
print_declarations(const struct subject *x)
{
	fprintf(x->f, "\n/* %s%s */\n", x->s->title,
	    x->s->marks & STATEMENT_PERSONAL ? " (personal)" : "");
	if (x->has_params)
		print_params_struct(x);
	if (x->has_row)
		print_row_struct(x);
	print_run_head(x, "MUST_USE enum err ", ";\n");
	if (x->s->n_columns > 0 && !is_returning(x->s)) {
		print_begin_head(x, "void ", ";\n");
		print_next_head(x, "MUST_USE enum err ", ";\n");
	}
}

struct headers {
	const char *names[STATEMENT_PARAMS_MAX];
	size_t n;
};

static void
note_headers(struct headers *h, const struct value *values, unsigned int n)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < n; i++) {
		const struct domain *d = values[i].domain;

		if (d == NULL || d->header == NULL)
			continue;
		for (k = 0; k < h->n; k++)
			if (strcmp(h->names[k], d->header) == 0)
				break;
		if (k == h->n && k < STATEMENT_PARAMS_MAX)
			h->names[h->n++] = d->header;
	}
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
print_includes(FILE *f, const struct file *file)
{
	struct headers h = {{"base/arena.h", "store/store.h"}, 2};
	size_t i;

	for (i = 0; i < file->n_sections; i++) {
		const struct section *s = &file->sections[i];

		note_headers(&h, s->param_types, s->n_params);
		note_headers(&h, s->column_types, s->n_columns);
	}
	qsort(h.names, h.n, sizeof(h.names[0]), compare_names);
	for (i = 0; i < h.n; i++)
		fprintf(f, "#include \"%s\"\n", h.names[i]);
}

void
rows_print_header(FILE *f, const char *name, const struct file *file)
{
	char *guard = join(name, "rows_h", toupper);
	struct subject x;
	size_t i;

	fprintf(f,
	    "/*\n * Written by tools/statements: the statements of %s.\n"
	    " *\n"
	    " * NAME() runs a statement, or reads its first row, whose text "
	    "is copied to\n"
	    " * the arena: ERR_NOT_FOUND if there is none, and *ret is left "
	    "alone.\n"
	    " * NAME_rows() begins, NAME_next() reads one row after the "
	    "other: its text is\n"
	    " * borrowed until the next one, and ERR_NOT_FOUND is the end "
	    "(rows_end()); to\n"
	    " * end earlier, query_done().  Parameters are borrowed until "
	    "the query is done.\n"
	    " * Errors are those of query_step(), and ERR_CORRUPT for a value "
	    "that is none\n"
	    " * of its type.\n */\n"
	    "#ifndef BANGO_%s\n#define BANGO_%s\n\n",
	    name, guard, guard);
	print_includes(f, file);
	for (i = 0; i < file->n_sections; i++) {
		x = begin_subject(f, name, file, &file->sections[i]);
		print_declarations(&x);
		end_subject(&x);
	}
	fputs("\n#endif\n", f);
	free(guard);
}

/* ---- The source: binding --------------------------------------------- */

/* The parameter in the form in which it is stored. */
static void
print_stored(FILE *f, const struct value *v, const char *value)
{
	bool loose = v->may_be_null && !type_is_pointer(v);
	const char *star = loose ? "*" : "";

	if (v->domain == NULL)
		fprintf(f, "%s%s", type_is_slice(v) ? "" : star, value);
	else if (type_is(v, "bool"))
		fprintf(f, "%s%s ? 1 : 0", star, value);
	else if (v->base == BASE_INTEGER)
		fprintf(f, "%s_to_int64(%s%s)", v->domain->name, star, value);
	else
		fprintf(f, "%s_slice(%s)", v->domain->name, value);
}

static void
print_bind(const struct subject *x, unsigned int i, const char *query)
{
	static const char *const binds[] = {
	    [BASE_INTEGER] = "int", [BASE_TEXT] = "text", [BASE_BLOB] = "blob"};
	const struct value *v = &x->s->param_types[i];
	bool branch = v->may_be_null && !type_is_slice(v);
	struct text value = {0};

	add(&value, has_struct(x->s) ? "in->" : "");
	add(&value, x->s->params[i]);
	if (branch)
		fprintf(x->f,
		    "\tif (%s == NULL)\n\t\ttyped_null(%s, %u);\n"
		    "\telse\n\t",
		    value.data, query, i);
	fprintf(x->f, "\ttyped_%s%s(%s, %u, ", binds[v->base],
	    v->may_be_null && type_is_slice(v) ? "_or_null" : "", query, i);
	print_stored(x->f, v, value.data);
	fputs(");\n", x->f);
	free(value.data);
}

static void
print_binds(const struct subject *x, const char *query)
{
	unsigned int i;

	fprintf(x->f, "\ttyped_begin(store, %s, %s);\n", x->number, query);
	for (i = 0; i < x->s->n_params; i++)
		print_bind(x, i, query);
}

static void
print_run(const struct subject *x)
{
	print_run_head(x, "\nenum err\n", "\n{\n");
	fputs("\tstruct query q;\n\n", x->f);
	print_binds(x, "&q");
	fputs("\n\treturn query_run(&q);\n}\n", x->f);
}

/* ---- The source: rows ------------------------------------------------ */

/* A value that is checked: what does not fit ends the query. */
static void
print_checked(const struct subject *x, unsigned int i)
{
	static const char *const from[] = {[BASE_INTEGER] = "from_int64",
	    [BASE_TEXT] = "parse",
	    [BASE_BLOB] = "from_bytes"};
	static const char *const get[] = {
	    [BASE_INTEGER] = "int", [BASE_TEXT] = "text", [BASE_BLOB] = "blob"};
	const struct value *v = &x->s->column_types[i];
	const char *name = x->s->columns[i];

	fputs("\tif (", x->f);
	if (v->may_be_null)
		fprintf(x->f, "ret->has_%s &&\n\t    ", name);
	fprintf(x->f,
	    "%s_%s(typed_get_%s(q, %u), &ret->%s))\n"
	    "\t\treturn typed_misfit(q, %u);\n",
	    v->domain->name, from[v->base], get[v->base], i, name, i);
}

static void
print_column(const struct subject *x, unsigned int i)
{
	const struct value *v = &x->s->column_types[i];
	const char *name = x->s->columns[i];

	if (v->may_be_null && !type_is_slice(v))
		fprintf(x->f, "\tret->has_%s = typed_has(q, %u);\n", name, i);
	if (type_is_pointer(v))
		print_checked(x, i);
	else if (type_is_slice(v))
		fprintf(x->f, "\tret->%s = typed_get_%s%s(q, %u);\n", name,
		    v->base == BASE_TEXT ? "text" : "blob",
		    v->may_be_null ? "_or_null" : "", i);
	else if (v->domain == NULL)
		fprintf(x->f, "\tret->%s = typed_get_int(q, %u);\n", name, i);
	else if (type_is(v, "bool"))
		fprintf(
		    x->f, "\tret->%s = typed_get_int(q, %u) != 0;\n", name, i);
	else
		fprintf(x->f,
		    "\tret->%s = %s_of_int64(typed_get_int(q, %u));\n", name,
		    v->domain->name, i);
}

static void
print_read(const struct subject *x)
{
	unsigned int i;

	fprintf(x->f,
	    "\nstatic enum err\nread_%s(struct query *q, struct %s_row *ret)\n"
	    "{\n\t*ret = (struct %s_row){0};\n",
	    x->row_name, x->row_name, x->row_name);
	for (i = 0; i < x->s->n_columns; i++)
		print_column(x, i);
	fputs("\n\treturn OK;\n}\n", x->f);
}

static void
print_rows(const struct subject *x)
{
	bool hidden = is_returning(x->s);

	if (x->has_row)
		print_read(x);
	print_begin_head(x, hidden ? "\nstatic void\n" : "\nvoid\n", "\n{\n");
	print_binds(x, "ret");
	fputs("}\n", x->f);
	print_next_head(
	    x, hidden ? "\nstatic enum err\n" : "\nenum err\n", "\n{\n");
	fprintf(x->f,
	    "\tenum err rc = typed_step(q, %s);\n\n"
	    "\treturn rc == OK ? read_%s(q, ret) : rc;\n}\n",
	    x->number, x->row_name);
}

/* The call of NAME_rows() with the parameters of NAME(). */
static void
print_call(const struct subject *x)
{
	struct list list = {0};
	unsigned int i;

	add(add_item(&list), "store");
	if (has_struct(x->s))
		add(add_item(&list), "in");
	else
		for (i = 0; i < x->s->n_params; i++)
			add(add_item(&list), x->s->params[i]);
	add(add_item(&list), "&q");
	print_head(x, "\t", "_rows", &list, ";\n");
}

static void
print_first(const struct subject *x)
{
	unsigned int i;

	print_run_head(x, "\nenum err\n", "\n{\n");
	fputs("\tstruct query q;\n\tenum err rc;\n\n", x->f);
	print_call(x);
	fprintf(x->f, "\trc = %s_next(&q, ret);\n", x->name);
	if (needs_arena(x->s)) {
		fputs("\tif (rc != OK)\n\t\treturn rc;\n", x->f);
		for (i = 0; i < x->s->n_columns; i++)
			if (type_is_slice(&x->s->column_types[i]))
				fprintf(x->f,
				    "\tret->%s = typed_keep(arena, ret->%s);\n",
				    x->s->columns[i], x->s->columns[i]);
	}
	if (is_returning(x->s))
		fputs("\tif (rc == OK)\n\t\trc = query_run(&q);\n", x->f);
	else
		fputs("\tquery_done(&q);\n", x->f);
	fputs("\n\treturn rc;\n}\n", x->f);
}

void
rows_print_source(FILE *f, const char *name, const struct file *file)
{
	struct subject x;
	size_t i;

	fprintf(f,
	    "/* Written by tools/statements. */\n#include \"%s_rows.h\"\n\n"
	    "#include \"%s_statements.h\"\n#include \"store/typed.h\"\n",
	    name, name);
	for (i = 0; i < file->n_sections; i++) {
		x = begin_subject(f, name, file, &file->sections[i]);
		if (x.s->n_columns == 0) {
			print_run(&x);
		} else {
			print_rows(&x);
			print_first(&x);
		}
		end_subject(&x);
	}
}
