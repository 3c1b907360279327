#include "base/json_out.h"

#include <stdlib.h>

void
json_out_init(struct json_out *o)
{
	*o = (struct json_out){0};
	buf_init(&o->text);
}

void
json_out_done(struct json_out *o)
{
	buf_done(&o->text);
}

static void
before_value(struct json_out *o)
{
	bool in_object = o->depth > 0 && o->closers[o->depth - 1] == '}';

	if (in_object != o->keyed)
		abort();
	if (o->comma && !o->keyed)
		buf_add_char(&o->text, ',');
	o->comma = true;
	o->keyed = false;
}

static void
begin(struct json_out *o, char opener, char closer)
{
	before_value(o);
	if (o->depth == JSON_OUT_DEPTH)
		abort();
	o->closers[o->depth++] = closer;
	o->comma = false;
	buf_add_char(&o->text, opener);
}

void
json_out_object(struct json_out *o)
{
	begin(o, '{', '}');
}

void
json_out_array(struct json_out *o)
{
	begin(o, '[', ']');
}

void
json_out_end(struct json_out *o)
{
	if (o->depth == 0 || o->keyed)
		abort();
	buf_add_char(&o->text, o->closers[--o->depth]);
	o->comma = true;
}

void
json_out_key(struct json_out *o, const char *key)
{
	if (o->depth == 0 || o->closers[o->depth - 1] != '}' || o->keyed)
		abort();
	if (o->comma)
		buf_add_char(&o->text, ',');
	json_write_text(slice_of(key), &o->text);
	buf_add_char(&o->text, ':');
	o->keyed = true;
}

void
json_out_text(struct json_out *o, struct slice text)
{
	before_value(o);
	json_write_text(text, &o->text);
}

void
json_out_int(struct json_out *o, int64_t value)
{
	before_value(o);
	buf_printf(&o->text, "%lld", (long long)value);
}

void
json_out_raw(struct json_out *o, struct slice value)
{
	before_value(o);
	buf_add(&o->text, value);
}

void
json_out_tree(struct json_out *o, const json_t *value)
{
	before_value(o);
	json_write(value, &o->text);
}

struct slice
json_out_finish(struct json_out *o)
{
	while (o->depth > 0)
		json_out_end(o);

	return buf_slice(&o->text);
}
