#include "host/mark.h"

#include <string.h>

#include "base/bug.h"
#include "base/encode.h"
#include "base/shape.h"
#include "host/node_internal.h"

#define LABEL "bango-mark-v1\n" /* so that the HMAC is of nothing else */

/* How far above the need the mark is raised: one flush for so many values. */
static const int64_t leases[MARK_KINDS] = {
    [MARK_SERIAL] = 10000,
    [MARK_ORGANISATION] = 16,
};

/* --- Its text ------------------------------------------------------------ */

struct mark_line {
	struct slice id;
	bool worked;
	int64_t size;
	struct slice root;
	int64_t serial, organisation;
	struct instant time;
};
static const struct field fields[] = {
    FIELD(mark_line, id, ID, "the id of the database"),
    FIELD(mark_line, worked, BOOL, "whether the database was complete once"),
    FIELD(mark_line, size, INT(0, INT64_MAX), "entries of the ledger"),
    FIELD(mark_line, root, TEXT(64), "the root of the ledger, in hexadecimal"),
    FIELD(mark_line, serial, INT(0, INT64_MAX), "no serial from here on given"),
    FIELD(mark_line, organisation, INT(0, INT64_MAX),
	"no index of an organisation from here on given"),
    FIELD(mark_line, time, INSTANT, "the last renewal"),
};
static const struct shape mark_line_shape = SHAPE(mark_line, fields);

static struct digest
code_of(const struct stored_key *key, struct slice line)
{
	struct digest code;
	struct buf text;

	buf_init(&text);
	buf_add_string(&text, LABEL);
	buf_add(&text, line);
	code = digest_keyed(key->secret, buf_slice(&text));
	buf_done(&text);

	return code;
}

void
mark_write(
    const struct mark *mark, const struct keystore *keys, struct buf *ret)
{
	struct arena *arena = arena_new();
	struct json_out o;
	struct digest code;
	struct slice line;
	struct buf root;

	buf_init(&root);
	hex_encode(digest_slice(&mark->ledger.root), &root);
	json_out_init(&o, arena);
	shape_write(&mark_line_shape,
	    &(struct mark_line){.id = slice_of(mark->id),
		.worked = mark->worked,
		.size = (int64_t)mark->ledger.size,
		.root = buf_slice(&root),
		.serial = mark->given[MARK_SERIAL],
		.organisation = mark->given[MARK_ORGANISATION],
		.time = mark->time},
	    &o, NULL);
	line = json_out_finish(&o);
	code = code_of(keystore_current(keys, "sign"), line);
	buf_add(ret, line);
	buf_add_char(ret, '\n');
	hex_encode(digest_slice(&code), ret);
	buf_add_char(ret, '\n');
	buf_done(&root);
	arena_free(arena);
}

/* The key may have been rotated since the mark was written. */
static bool
is_ours(const struct keystore *keys, struct slice line, struct slice hex)
{
	const struct stored_key *key;
	struct digest code, expected;
	uint32_t epoch;

	if (hex_decode_exact(hex, code.bytes, sizeof(code.bytes)))
		return false;
	for (epoch = 1; (key = keystore_epoch(keys, "sign", epoch)) != NULL;
	     epoch++) {
		expected = code_of(key, line);
		if (digest_equal(&code, &expected))
			return true;
	}

	return false;
}

static enum err
read_line(struct arena *arena, struct slice line, struct mark *ret,
    struct problem *problem)
{
	struct mark_line read;

	TRY(shape_read(&mark_line_shape, arena, line, &read, problem));
	if (hex_decode_exact(
		read.root, ret->ledger.root.bytes, sizeof(ret->ledger.root)))
		return problem_set(problem, ERR_INPUT,
		    "field root: expected 64 hexadecimal digits");
	memcpy(ret->id, read.id.data, sizeof(ret->id) - 1);
	ret->id[sizeof(ret->id) - 1] = '\0';
	ret->worked = read.worked;
	ret->ledger.size = (uint64_t)read.size;
	ret->given[MARK_SERIAL] = read.serial;
	ret->given[MARK_ORGANISATION] = read.organisation;
	ret->time = read.time;

	return OK;
}

enum err
mark_read(struct slice text, const struct keystore *keys, struct mark *ret,
    struct problem *problem)
{
	struct slice line = slice_cut(&text, '\n');
	struct slice hex = slice_cut(&text, '\n');
	struct arena *arena;
	enum err rc;

	if (!is_ours(keys, line, hex))
		return problem_set(problem, ERR_CRYPTO,
		    "it was not made with a signing key of this key store");
	arena = arena_new();
	rc = read_line(arena, line, ret, problem);
	arena_free(arena);

	return rc;
}

void
mark_lost(
    const struct mark_place *place, const struct system_id *id, struct buf *ret)
{
	buf_printf(ret,
	    "the database%s%s is missing or empty, but %s has worked before, "
	    "as %s says: restore it from a copy; to begin with an empty one "
	    "on purpose, start with --adopt-empty REASON",
	    place->database != NULL ? " " : "",
	    place->database != NULL ? place->database : "", id->text,
	    place->name);
}

/* --- Values -------------------------------------------------------------- */

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
turn_mark_next(struct turn *turn, enum mark_kind kind, int64_t next)
{
	struct node *node = turn->node;
	int64_t *floor = &node->floors[kind];

	if (*floor == 0 && node->worked_before && !bug_is(BUG_MARK_MISSING))
		*floor = greater(next, node->mark.given[kind]) + leases[kind];

	return greater(next, *floor);
}

enum err
turn_mark_raise(struct turn *turn, enum mark_kind kind, int64_t end)
{
	struct mark raised = turn->node->mark;

	if (end <= raised.given[kind] || bug_is(BUG_MARK_MISSING))
		return OK;
	raised.given[kind] = end + leases[kind];
	if (!bug_is(BUG_MARK_LATE))
		TRY(mark_keep(turn->node, &raised, turn->problem));
	turn->node->mark = raised;

	return OK;
}

/* Count a value once: one bit for each. */
static void
note_forgotten(struct node *node, int64_t value)
{
	size_t at = (size_t)value / 8, n = node->n_forgotten_bytes;
	uint8_t bit = (uint8_t)(1u << (value % 8));

	if (at >= n) {
		node->forgotten = heap_grow(node->forgotten, at + 1, 1);
		memset(node->forgotten + n, 0, at + 1 - n);
		node->n_forgotten_bytes = at + 1;
	}
	node->n_forgotten += (node->forgotten[at] & bit) == 0;
	node->forgotten[at] |= bit;
}

bool
turn_mark_forgot(struct turn *turn, enum mark_kind kind, int64_t value)
{
	struct node *node = turn->node;

	if (!node->is_adopted || value >= node->mark.given[kind])
		return false;
	note_forgotten(node, value);

	return true;
}
