/*
 * JSON written as it goes, without a tree: for messages of thousands of rows,
 * whose trees would cost more than all else in them.
 *
 *	old_out_init(&o);
 *	old_out_object(&o);
 *	old_out_key(&o, "codes");
 *	old_out_array(&o);
 *	old_out_text(&o, SLICE("12345678901"));
 *	turn_send_text(turn, to, "codes.designated", old_out_finish(&o));
 *	old_out_done(&o);
 *
 * Commas and closing brackets come by themselves.  What does not nest, or a
 * value in an object without a key, is a fault of the caller's and aborts.
 */
#ifndef BANGO_BASE_OLD_OUT_H
#define BANGO_BASE_OLD_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

#define OLD_OUT_DEPTH 8

struct old_out {
	struct buf text;
	char closers[OLD_OUT_DEPTH]; /* of what is open, outermost first */
	int depth;
	bool comma; /* before the next value */
	bool keyed; /* the next value has its key already */
};

void old_out_init(struct old_out *o);
void old_out_done(struct old_out *o); /* wipes and frees */

void old_out_object(struct old_out *o);
void old_out_array(struct old_out *o);
void old_out_end(struct old_out *o); /* the innermost that is open */
/* Only in an object; a plain name, which needs no escapes. */
void old_out_key(struct old_out *o, const char *key);
/* Must be UTF-8. */
void old_out_text(struct old_out *o, struct slice text);
void old_out_int(struct old_out *o, int64_t value);
/* A value that is JSON already, as text or as a tree. */
void old_out_raw(struct old_out *o, struct slice value);
void old_out_tree(struct old_out *o, const json_t *value);
/* Ends all that is open.  Borrowed, until done. */
struct slice old_out_finish(struct old_out *o);

#endif
