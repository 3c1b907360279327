#include "base/shape_example.h"

#include <assert.h>
#include <string.h>

struct slice
shape_example_text(struct shape_example *e, const struct field *field)
{
	static const char *const by_rule[] = {[TEXT_LINE] = "x",
	    [TEXT_NAME] = "山田　太郎",
	    [TEXT_KANA] = "ヤマダ　タロウ",
	    [TEXT_ADDRESS] = "東京都新宿区"};
	struct slice rest = slice_of(field->words);

	if (field->kind == &kind_text)
		return slice_of(by_rule[field->rule]);
	if (field->kind == &kind_word)
		return slice_cut(&rest, '|');
	if (field->kind == &kind_digits)
		return arena_printf(e->arena, "%0*d", (int)field->max, 1);
	assert(field->kind->example != NULL);

	return slice_of(field->kind->example);
}

struct slice
shape_example_nested(struct shape_example *e, size_t levels)
{
	static const char opening[] = "{\"a\":";
	const size_t len = sizeof(opening) - 1;
	size_t i, size = (levels - 1) * (len + 1) + 2;
	char *text = arena_alloc(e->arena, size), *at = text;

	for (i = 1; i < levels; i++, at += len)
		memcpy(at, opening, len);
	*at++ = '{';
	for (i = 0; i < levels; i++)
		*at++ = '}';

	return (struct slice){text, size};
}

static void
write_field(struct shape_example *e, const struct field *field, const char *key)
{
	if (e->instead == NULL || !e->instead(e, field, key))
		shape_example_value(e, field, key);
}

static void
write_object(
    struct shape_example *e, const struct shape *shape, const char *key)
{
	bool in_row = e->in_row;
	size_t i;

	e->in_row = false;
	json_out_object(&e->out, key);
	for (i = 0; i < shape->n_fields; i++)
		write_field(e, &shape->fields[i], shape->fields[i].name);
	json_out_end(&e->out);
	e->in_row = in_row;
}

static void
write_row(struct shape_example *e, const struct shape *shape)
{
	bool in_row = e->in_row;
	size_t i;

	e->in_row = true;
	json_out_array(&e->out, NULL);
	for (i = 0; i < shape->n_fields; i++)
		write_field(e, &shape->fields[i], NULL);
	json_out_end(&e->out);
	e->in_row = in_row;
}

void
shape_example_element(struct shape_example *e, const struct field *field)
{
	bool in_row = e->in_row;

	if (field->kind == &kind_rows) {
		write_row(e, field->of);
	} else if (field->kind == &kind_objects) {
		write_object(e, field->of, NULL);
	} else {
		e->in_row = false;
		write_field(e, field->each, NULL);
		e->in_row = in_row;
	}
}

void
shape_example_value(
    struct shape_example *e, const struct field *field, const char *key)
{
	if (field->kind == &kind_object) {
		write_object(e, field->of, key);
	} else if (field->count != 0) {
		json_out_array(&e->out, key);
		shape_example_element(e, field);
		json_out_end(&e->out);
	} else if (field->kind == &kind_int) {
		json_out_int(&e->out, key, field->min);
	} else if (field->kind == &kind_bool) {
		json_out_bool(&e->out, key, true);
	} else if (field->kind == &kind_json) {
		json_out_raw(
		    &e->out, key, shape_example_nested(e, SHAPE_JSON_LEVELS));
	} else if (field->kind->parse == NULL) {
		json_out_object(&e->out, key);
		json_out_end(&e->out);
	} else {
		json_out_text(&e->out, key, shape_example_text(e, field));
	}
}

struct slice
shape_example_write(struct shape_example *e, const struct shape *shape)
{
	json_out_init(&e->out, e->arena);
	e->in_row = false;
	write_object(e, shape, NULL);

	return json_out_finish(&e->out);
}
