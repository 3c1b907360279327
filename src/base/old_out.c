#include "base/old_out.h"

#include <stdlib.h>

static void
write_text(struct slice text, struct buf *to)
{
	json_t *j = json_stringn(text.len > 0 ? text.data : "", text.len);

	if (j == NULL)
		abort();
	json_write(j, to);
	json_decref(j);
}

void
old_out_init(struct old_out *o)
{
	*o = (struct old_out){0};
	buf_init(&o->text);
}

void
old_out_done(struct old_out *o)
{
	buf_done(&o->text);
}

static void
before_value(struct old_out *o)
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
begin(struct old_out *o, char opener, char closer)
{
	before_value(o);
	if (o->depth == OLD_OUT_DEPTH)
		abort();
	o->closers[o->depth++] = closer;
	o->comma = false;
	buf_add_char(&o->text, opener);
}

void
old_out_object(struct old_out *o)
{
	begin(o, '{', '}');
}

void
old_out_array(struct old_out *o)
{
	begin(o, '[', ']');
}

void
old_out_end(struct old_out *o)
{
	if (o->depth == 0 || o->keyed)
		abort();
	buf_add_char(&o->text, o->closers[--o->depth]);
	o->comma = true;
}

void
old_out_key(struct old_out *o, const char *key)
{
	if (o->depth == 0 || o->closers[o->depth - 1] != '}' || o->keyed)
		abort();
	if (o->comma)
		buf_add_char(&o->text, ',');
	{struct buf *t = &o->text; buf_add_char(t, 0x22); buf_add_string(t, key); buf_add_char(t, 0x22);}
	buf_add_char(&o->text, ':');
	o->keyed = true;
}

void
old_out_text(struct old_out *o, struct slice text)
{
	before_value(o);
	write_text(text, &o->text);
}

void
old_out_int(struct old_out *o, int64_t value)
{
	before_value(o);
	buf_printf(&o->text, "%lld", (long long)value);
}

void
old_out_raw(struct old_out *o, struct slice value)
{
	before_value(o);
	buf_add(&o->text, value);
}

void
old_out_tree(struct old_out *o, const json_t *value)
{
	before_value(o);
	json_write(value, &o->text);
}

struct slice
old_out_finish(struct old_out *o)
{
	while (o->depth > 0)
		old_out_end(o);

	return buf_slice(&o->text);
}
