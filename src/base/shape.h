/*
 * Shapes: tables of the fields that an object from outside may hold, which fill
 * a C struct.
 *
 * The body of a message, the input of a route, and a row of either have a
 * shape.  The struct is the handler's view of the object, the shape is its
 * notation in JSON, and the compiler compares the two: the name of a field is
 * the name of its member, and its kind has the type of that member.
 *
 *	struct permit_revoked {
 *		struct slice permit;
 *		struct slice outcome;
 *	};
 *	static const struct field fields[] = {
 *	    FIELD(permit_revoked, permit, ID, "works no more"),
 *	    FIELD(permit_revoked, outcome, WORD("cancelled|revoked"), "why"),
 *	};
 *	const struct shape permit_revoked_shape = SHAPE(permit_revoked, fields);
 *
 * shape_read() refuses an object with a field that is missing, of another kind,
 * out of its bounds, repeated, or not in the table.  The values in the struct
 * point into the arena or into the text that was read.
 *
 * This module knows the kinds of ordinary values.  A room with a type of its
 * own adds a kind: see number/kinds.h.
 */
#ifndef BANGO_BASE_SHAPE_H
#define BANGO_BASE_SHAPE_H

#include <stddef.h>

#include "base/json_in.h"
#include "base/json_out.h"
#include "base/pair.h"
#include "base/text.h"

#define SHAPE_FIELDS_MAX 64
/* Values in all of one object from outside, as a bound on the work. */
#define SHAPE_VALUES_MAX 500000
/* Levels of an object that is handed on unread (JSON), itself included: the
 * envelope, the body, its rows and the row stand around it in a message. */
#define SHAPE_JSON_LEVELS (JSON_IN_DEPTH - 4)

struct field;
struct place;
struct shape_reader;

/* A text from which a value is to be read. */
struct shape_text {
	struct arena *arena;
	const struct field *field;
	struct slice text;
	const char *why; /* of a refusal, if `expected` does not say enough */
	bool is_kept;    /* shape_read_kept() */
};

/* How the values of one C type are read, written and described. */
struct kind {
	const char *name;     /* in documents: "linkage code" */
	const char *expected; /* in errors: "32 hexadecimal digits" */
	const char *schema;   /* "string", "integer" ...: its type in JSON */
	/* A value as text, for documents and for the test of all tables; NULL:
	 * it depends on the field. */
	const char *example;
	/* From text: of a path, a query, a form, or a JSON string if there is no
	 * `read`.  ERR_INPUT.  NULL: such a value is never a text. */
	enum err (*parse)(struct shape_text *t, void *to);
	/* From a JSON value that is neither a string nor null.  NULL: never. */
	enum err (*read)(struct shape_reader *reader, const struct field *field,
	    const struct place *place, void *to);
	void (*write)(struct json_out *o, const char *key, const void *from);
	size_t size;    /* of the C type */
	bool is_slice;  /* the C type is a struct slice: absent if empty */
	bool is_row;    /* of many: each is an array, not an object */
	bool is_secret; /* never in a URL, which logs and histories keep */
};

enum presence {
	REQUIRED,
	OPTIONAL, /* absent, null and "" leave zero, which is written as absent */
};

struct field {
	const char *name;
	const struct kind *kind;
	size_t offset;          /* of the member */
	size_t has;             /* of its bool has_NAME; and 1 more; 0: none */
	size_t count;           /* of n_NAME, if there are many */
	int64_t min, max;       /* of a number; characters; elements */
	const char *words;      /* the choices of a WORD: "one|another" */
	const struct shape *of; /* of an object, or of each row */
	const struct field *each; /* of the elements of a list */
	enum text_rule rule;      /* of a text */
	enum presence presence;
	bool is_blank;    /* where absent, written as "" */
	const char *what; /* one line for documents */
};

struct shape {
	const char *name;
	const struct field *fields;
	size_t n_fields;
	size_t size; /* of the struct */
};

/* --- Tables ---------------------------------------------------------------- */

/* Zero; the compiler complains if the member has another type. */
#define SHAPE_SAME(tag, member, type) \
	(0 * sizeof(1 ? &((struct tag *)0)->member : (type *)0))

#define SHAPE_FIELD(tag, member, name_, presence_, what_, type_, ...) \
	{                                                             \
		.name = name_,                                        \
		.offset = offsetof(struct tag, member) +              \
		    SHAPE_SAME(tag, member, type_),                   \
		.presence = presence_, .what = what_, __VA_ARGS__     \
	}
#define SHAPE_FIELD2(tag, member, name, presence, what, ...) \
	SHAPE_FIELD(tag, member, name, presence, what, __VA_ARGS__)

/* FIELD: a value that must be there.  OPTION: a value that may be absent, and
 * is then zero.  MAYBE: the same, and `bool has_MEMBER` tells an absent value
 * from zero. */
#define FIELD(tag, member, kind, what) \
	SHAPE_FIELD2(tag, member, #member, REQUIRED, what, kind)
#define OPTION(tag, member, kind, what) \
	SHAPE_FIELD2(tag, member, #member, OPTIONAL, what, kind)
#define MAYBE(tag, member, kind, what)                           \
	SHAPE_FIELD2(tag, member, #member, OPTIONAL, what, kind, \
	    .has = 1 + offsetof(struct tag, has_##member) +      \
		SHAPE_SAME(tag, has_##member, bool))
/* An OPTION and a MAYBE that are written as "" where they are absent. */
#define BLANK(tag, member, kind, what) \
	SHAPE_FIELD2(                  \
	    tag, member, #member, OPTIONAL, what, kind, .is_blank = true)
#define MAYBE_BLANK(tag, member, kind, what)                     \
	SHAPE_FIELD2(tag, member, #member, OPTIONAL, what, kind, \
	    .has = 1 + offsetof(struct tag, has_##member) +      \
		SHAPE_SAME(tag, has_##member, bool),             \
	    .is_blank = true)
/* The same for a member of a member: FIELD_AS(row, person.name, "name", ...) */
#define FIELD_AS(tag, member, name, kind, what) \
	SHAPE_FIELD2(tag, member, name, REQUIRED, what, kind)
#define OPTION_AS(tag, member, name, kind, what) \
	SHAPE_FIELD2(tag, member, name, OPTIONAL, what, kind)
/* An object within the object: the member is a struct of that tag. */
#define OBJECT_AS(tag, member, name, inner, what)                    \
	SHAPE_FIELD(tag, member, name, REQUIRED, what, struct inner, \
	    .kind = &kind_object, .of = &inner##_shape)
#define OBJECT(tag, member, inner, what) \
	OBJECT_AS(tag, member, #member, inner, what)
/*
 * Up to `max_` rows, each an array of the inner shape's fields in their order,
 * or each an object.  The members are `const struct inner *MEMBER` and
 * `size_t n_MEMBER`.
 */
#define SHAPE_MANY_AS(                                                  \
    tag, member, n_member, name, presence_, what_, type_, ...)          \
	SHAPE_FIELD(tag, member, name, presence_, what_, const type_ *, \
	    .count = offsetof(struct tag, n_member) +                   \
		SHAPE_SAME(tag, n_member, size_t),                      \
	    __VA_ARGS__)
#define SHAPE_MANY(tag, member, presence, max_, what, type, ...)              \
	SHAPE_MANY_AS(tag, member, n_##member, #member, presence, what, type, \
	    .max = max_, __VA_ARGS__)
#define ROWS(tag, member, inner, max, what)                        \
	SHAPE_MANY(tag, member, REQUIRED, max, what, struct inner, \
	    .kind = &kind_rows, .of = &inner##_shape)
#define OPTIONAL_ROWS(tag, member, inner, max, what)               \
	SHAPE_MANY(tag, member, OPTIONAL, max, what, struct inner, \
	    .kind = &kind_rows, .of = &inner##_shape)
#define OBJECTS(tag, member, inner, max, what)                     \
	SHAPE_MANY(tag, member, REQUIRED, max, what, struct inner, \
	    .kind = &kind_objects, .of = &inner##_shape)
/* Up to `max` values of one kind, as a JSON array or a repeated name. */
#define SHAPE_LIST(tag, member, presence, max, what, type, ...)                \
	SHAPE_MANY(tag, member, presence, max, what, type, .kind = &kind_list, \
	    .each = &(const struct field){.name = #member, __VA_ARGS__})
#define SHAPE_LIST2(tag, member, presence, max, what, ...) \
	SHAPE_LIST(tag, member, presence, max, what, __VA_ARGS__)
#define LIST(tag, member, kind, max, what) \
	SHAPE_LIST2(tag, member, REQUIRED, max, what, kind)
#define OPTIONAL_LIST(tag, member, kind, max, what) \
	SHAPE_LIST2(tag, member, OPTIONAL, max, what, kind)
/* At least `least` values; the members are members of a member. */
#define SHAPE_LIST_AS(                                                    \
    tag, member, n_member, name_, least, most, what, type, ...)           \
	SHAPE_MANY_AS(tag, member, n_member, name_, REQUIRED, what, type, \
	    .min = least, .max = most, .kind = &kind_list,                \
	    .each = &(const struct field){.name = name_, __VA_ARGS__})
#define SHAPE_LIST_OF(tag, member, n_member, name, least, most, what, ...) \
	SHAPE_LIST_AS(                                                     \
	    tag, member, n_member, name, least, most, what, __VA_ARGS__)
#define LIST_AS(tag, member, n_member, name, kind, least, most, what) \
	SHAPE_LIST_OF(tag, member, n_member, name, least, most, what, kind)

/* cppcheck cannot read a table's macro within another macro. */
#ifdef __cppcheck__
#undef FIELD
#undef OPTION
#undef MAYBE
#undef BLANK
#undef MAYBE_BLANK
#undef FIELD_AS
#undef OPTION_AS
#undef LIST_AS
#define SHAPE_UNREAD \
	{            \
		0    \
	}
#define FIELD(...) SHAPE_UNREAD
#define OPTION(...) SHAPE_UNREAD
#define MAYBE(...) SHAPE_UNREAD
#define BLANK(...) SHAPE_UNREAD
#define MAYBE_BLANK(...) SHAPE_UNREAD
#define FIELD_AS(...) SHAPE_UNREAD
#define OPTION_AS(...) SHAPE_UNREAD
#define LIST_AS(...) SHAPE_UNREAD
#endif

#define SHAPE(tag, fields_)                                         \
	{                                                           \
		.name = #tag, .fields = fields_,                    \
		.n_fields = sizeof(fields_) / sizeof((fields_)[0]), \
		.size = sizeof(struct tag)                          \
	}

/* --- Kinds: a C type, and its members of struct field --------------------- */

extern const struct kind kind_text, kind_word, kind_int, kind_bool, kind_date,
    kind_instant, kind_past, kind_id, kind_digits, kind_lines, kind_json,
    kind_object, kind_rows, kind_objects, kind_list;

/* Text of at most `n` characters and 4 * n bytes (text_take). */
#define TEXT(n) struct slice, .kind = &kind_text, .rule = TEXT_LINE, .max = n
/* One of some words. */
#define WORD(choices) struct slice, .kind = &kind_word, .words = choices
#define INT(from, to) int64_t, .kind = &kind_int, .min = from, .max = to
#define BOOL bool, .kind = &kind_bool
/* A day on the calendar; one whose month or day may be unknown. */
#define DATE struct date, .kind = &kind_date
#define DATE_OR_PART struct date, .kind = &kind_date, .max = 1
#define INSTANT struct instant, .kind = &kind_instant
/* An instant that has passed, by its writer's clock: the host refuses one that is
 * ahead of the receiver's (shape_ahead()).  PAST_AS_TOLD: by a clock whose
 * reading others have handed on, up to three of them. */
#define PAST struct instant, .kind = &kind_past
#define PAST_AS_TOLD struct instant, .kind = &kind_past, .max = 1
/* 32 lower-case hexadecimal digits, as text. */
#define ID struct slice, .kind = &kind_id
/* Printable lines, each ended by LF; at most `n` bytes. */
#define LINES(n) struct slice, .kind = &kind_lines, .max = n
/* Exactly `n` decimal digits, as text. */
#define DIGITS(n) struct slice, .kind = &kind_digits, .max = n
/* An object of at most `n` bytes and SHAPE_JSON_LEVELS levels that is handed on
 * unread; its texts and names are printable (text_is_printable).  White space
 * between its tokens is removed, because messages have such objects in lines. */
#define JSON(n) struct slice, .kind = &kind_json, .max = n

/* For `read` of a kind: the cursor before the value, and the way to refuse the
 * value.  `why` follows the field's name in the error; with NULL, the error
 * says what was expected. */
struct json_in *shape_cursor(struct shape_reader *reader);
enum err shape_misfit(const struct shape_reader *reader,
    const struct place *place, const struct field *field, const char *why);

/* --- Reading and writing --------------------------------------------------- */

/*
 * Fill the struct at `to` (of shape->size bytes, which become zero first) from
 * a JSON object.  ERR_INPUT names the field: "field items[3].code: ...".
 */
MUST_USE enum err shape_read(const struct shape *shape, struct arena *arena,
    struct slice json, void *to, struct problem *problem);
/*
 * The same for an object that was taken under the rules of an earlier day: one
 * in a database of ours, or one that is signed.  A text (TEXT) that its rule
 * refuses today is made printable (text_make_printable()) in a copy, so that
 * neither a record nor a proof loses its worth with one character.
 */
MUST_USE enum err shape_read_kept(const struct shape *shape,
    struct arena *arena, struct slice json, void *to, struct problem *problem);
/* The same from names and values, of which a list takes a repeated name, and
 * from JSON; a field that stands in both is refused.  `json` has data NULL if
 * there is no JSON. */
MUST_USE enum err shape_fill(const struct shape *shape, struct arena *arena,
    const struct pair *pairs, size_t n, struct slice json, void *to,
    struct problem *problem);
/*
 * The first field of kind PAST, also in rows and objects, whose instant is more
 * than `slack_ms` after `now`, or four times as much for PAST_AS_TOLD; NULL if
 * there is none.  The object was filled by the shape.
 */
const struct field *shape_ahead(const struct shape *shape, const void *object,
    struct instant now, int64_t slack_ms);
/* Is the kind of the field, or of its elements, a secret one? */
bool shape_is_secret(const struct field *field);
/* The field of that name; NULL if there is none. */
const struct field *shape_field(const struct shape *shape, struct slice name);

/* Write an object that shape_read() would read.  A value that the shape would
 * refuse is a fault of the caller's; this is not checked: see shape_text(). */
void shape_write(const struct shape *shape, const void *from,
    struct json_out *o, const char *key);
/* The same without the braces: the members of an object that is open. */
void shape_write_members(
    const struct shape *shape, const void *from, struct json_out *o);
/*
 * The object as a text in the arena, which shape_read() reads: for
 * what is sent to others, because values kept since an earlier day may not fit
 * any more.  ERR_INPUT names the field as shape_read() does, for it is its
 * error.  `problem` may be NULL.
 */
MUST_USE enum err shape_text(const struct shape *shape, struct arena *arena,
    const void *from, struct slice *ret, struct problem *problem);
/* Whether shape_text() would give a text; at a fraction of its cost if so. */
bool
shape_fits(const struct shape *shape, struct arena *arena, const void *from);
/*
 * *ret is a copy in the arena without the rows (ROWS) that do not fit; a row
 * that fits without some of its own rows is kept so.  Returns how many rows are
 * left out.  Other fields stay as they are, whether they fit or not.
 */
size_t shape_fitting(const struct shape *shape, struct arena *arena,
    const void *from, const void **ret);

#endif
