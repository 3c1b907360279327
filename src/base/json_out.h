/*
 * JSON written as it goes, without a tree: for messages of thousands of rows,
 * whose trees would cost more than all else in them.
 *
 *	json_out_init(&o);
 *	json_out_object(&o);
 *	json_out_key(&o, "codes");
 *	json_out_array(&o);
 *	json_out_text(&o, SLICE("12345678901"));
 *	turn_send_text(turn, to, "codes.designated", json_out_finish(&o));
 *	json_out_done(&o);
 *
 * Commas and closing brackets come by themselves.  What does not nest, or a
 * value in an object without a key, is a fault of the caller's and aborts.
 */
#ifndef BANGO_BASE_JSON_OUT_H
#define BANGO_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

#define JSON_OUT_DEPTH 8

struct json_out {
	struct buf text;
	char closers[JSON_OUT_DEPTH]; /* of what is open, outermost first */
	int depth;
	bool comma; /* before the next value */
	bool keyed; /* the next value has its key already */
};

void json_out_init(struct json_out *o);
void json_out_done(struct json_out *o); /* wipes and frees */

void json_out_object(struct json_out *o);
void json_out_array(struct json_out *o);
void json_out_end(struct json_out *o); /* the innermost that is open */
/* Only in an object; a plain name, which needs no escapes. */
void json_out_key(struct json_out *o, const char *key);
/* Must be UTF-8. */
void json_out_text(struct json_out *o, struct slice text);
void json_out_int(struct json_out *o, int64_t value);
/* A value that is JSON already, as text or as a tree. */
void json_out_raw(struct json_out *o, struct slice value);
void json_out_tree(struct json_out *o, const json_t *value);
/* Ends all that is open.  Borrowed, until done. */
struct slice json_out_finish(struct json_out *o);

#endif
