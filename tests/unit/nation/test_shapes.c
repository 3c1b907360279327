/*
 * Every table of fields in the program - of messages, of routes, of rows - is
 * taken through the same refusals: each field missing, of another kind, too
 * long, there twice, with characters that text from outside may not have; and
 * a field that no table knows.  The writer of messages is taken through them,
 * too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/shape_example.h"
#include "components/components.h"
#include "messages/catalogue.h"
#include "nation/systems.h"
#include "tests/support/test_arena.h"
#include "wire/envelope.h"
#include "wire/kinds.h"

/* The fault of one field; everything else is as it should be. */
enum fault {
	FAULT_NONE,
	FAULT_MISSING,
	FAULT_OTHER_KIND,
	FAULT_TOO_LONG,
	FAULT_CONTROL,   /* U+001B */
	FAULT_DIRECTION, /* U+202E */
	FAULT_SEPARATOR, /* U+2028 */
	FAULT_PRIVATE,   /* U+E000 */
	FAULT_TWICE,
	FAULT_UNKNOWN, /* one more field behind it */
	FAULT_COUNT,
};

struct making {
	struct shape_example example;
	size_t at, target; /* fields so far; the one with the fault */
	enum fault fault;
	const struct field *hit; /* the field of the fault */
	bool applies;            /* the fault can be made in that field */
};

/* --- Faults --------------------------------------------------------------- */

static void
make_too_many(struct making *m, const struct field *f, const char *key)
{
	int64_t i;

	json_out_array(&m->example.out, key);
	for (i = 0; i <= f->max; i++)
		shape_example_element(&m->example, f);
	json_out_end(&m->example.out);
}

static void
make_too_long(struct making *m, const struct field *f, const char *key)
{
	if (f->count != 0)
		make_too_many(m, f, key);
	else if (f->kind == &kind_int && f->max < INT64_MAX)
		json_out_int(&m->example.out, key, f->max + 1);
	else if (f->kind == &kind_text)
		json_out_text(&m->example.out, key,
		    repeated(
			f->rule == TEXT_LINE ? "x" : "ア", (size_t)f->max + 1));
	else if (f->kind == &kind_lines)
		json_out_text(
		    &m->example.out, key, repeated("x", (size_t)f->max + 1));
	else if (f->kind == &kind_json)
		json_out_raw(&m->example.out, key,
		    shape_example_nested(&m->example, SHAPE_JSON_LEVELS + 1));
	else if (f->kind->read == NULL)
		json_out_text(&m->example.out, key,
		    arena_printf(arena, "%.*s%.*s",
			SLICE_ARG(shape_example_text(&m->example, f)),
			SLICE_ARG(repeated("0", 200))));
	else
		m->applies = false;
	if (!m->applies)
		shape_example_value(&m->example, f, key);
}

static void
make_with(
    struct making *m, const struct field *f, const char *key, const char *piece)
{
	struct slice good;

	if (f->kind->parse == NULL || f->kind->read != NULL) {
		m->applies = false;
		shape_example_value(&m->example, f, key);
		return;
	}
	good = shape_example_text(&m->example, f);
	json_out_text(&m->example.out, key,
	    arena_printf(
		arena, "%.*s%s%.*s", SLICE_ARG(good), piece, SLICE_ARG(good)));
}

static void
make_other_kind(struct making *m, const struct field *f, const char *key)
{
	if (f->count != 0 || f->kind->parse == NULL) {
		json_out_text(&m->example.out, key, SLICE("x"));
		return;
	}
	json_out_array(&m->example.out, key);
	json_out_int(&m->example.out, NULL, 7);
	json_out_end(&m->example.out);
}

static void
make_faulty(struct making *m, const struct field *f, const char *key)
{
	switch (m->fault) {
	case FAULT_MISSING:
		if (m->example.in_row)
			json_out_null(&m->example.out, NULL);
		return;
	case FAULT_OTHER_KIND:
		make_other_kind(m, f, key);
		return;
	case FAULT_TOO_LONG:
		make_too_long(m, f, key);
		return;
	case FAULT_CONTROL:
		make_with(m, f, key, "\x1b");
		return;
	case FAULT_DIRECTION:
		make_with(m, f, key, "\u202e");
		return;
	case FAULT_SEPARATOR:
		make_with(m, f, key, "\u2028");
		return;
	case FAULT_PRIVATE:
		make_with(m, f, key, "\ue000");
		return;
	case FAULT_TWICE:
		m->applies = !m->example.in_row;
		shape_example_value(&m->example, f, key);
		if (m->applies)
			shape_example_value(&m->example, f, key);
		return;
	case FAULT_UNKNOWN:
		shape_example_value(&m->example, f, key);
		m->applies = !m->example.in_row;
		if (m->applies)
			json_out_int(&m->example.out, "nobody_knows_this", 1);
		return;
	case FAULT_NONE:
	case FAULT_COUNT:
		break;
	}
	shape_example_value(&m->example, f, key);
}

/* Elements of a list are no fields of their own. */
static bool
make_field(struct shape_example *e, const struct field *f, const char *key)
{
	struct making *m = e->state;

	if ((key == NULL && !e->in_row) || m->at++ != m->target)
		return false;
	m->hit = f;
	m->target = SIZE_MAX; /* once */
	make_faulty(m, f, key);

	return true;
}

static struct slice
make_object(struct making *m, const struct shape *shape)
{
	m->example.arena = arena;
	m->example.instead = make_field;
	m->example.state = m;

	return shape_example_write(&m->example, shape);
}

/* --- The tables ----------------------------------------------------------- */

struct tally {
	size_t shapes, fields, refusals;
};

static enum err
read_with(const struct shape *shape, struct making *m, struct slice *ret,
    struct problem *problem)
{
	void *room = arena_alloc(arena, shape->size);

	*ret = make_object(m, shape);

	return shape_read(shape, arena, *ret, room, problem);
}

static void
try_fault(const char *what, const struct shape *shape, size_t target,
    enum fault fault, struct tally *tally)
{
	struct making m = {.target = target, .fault = fault, .applies = true};
	struct problem problem = {0};
	bool absent_is_fine;
	struct slice text;
	enum err rc = read_with(shape, &m, &text, &problem);

	if (!m.applies)
		return;
	absent_is_fine = fault == FAULT_MISSING && m.hit->presence == OPTIONAL;
	if ((rc == OK) != absent_is_fine)
		fail_msg("%s: field %s, fault %d: %s (%.*s)", what, m.hit->name,
		    (int)fault, rc ? problem.text : "taken",
		    SLICE_ARG(utf8_cut(text, 300)));
	if (rc && problem.text[0] == '\0')
		fail_msg("%s: a refusal without words", what);
	tally->refusals += rc != OK;
	/* Rows of many thousands are made for each fault. */
	if (arena_used(arena) > (64u << 20))
		arena_reset(arena);
}

static void
try_shape(const char *what, const struct shape *shape, struct tally *tally)
{
	struct making good = {.target = SIZE_MAX};
	struct problem problem = {0};
	enum fault fault;
	struct slice text;
	size_t i;

	if (read_with(shape, &good, &text, &problem))
		fail_msg("%s: what fits is refused: %s (%.*s)", what,
		    problem.text, SLICE_ARG(utf8_cut(text, 300)));
	for (i = 0; i < good.at; i++) {
		for (fault = FAULT_MISSING; fault < FAULT_COUNT; fault++)
			try_fault(what, shape, i, fault, tally);
	}
	tally->shapes++;
	tally->fields += good.at;
	arena_reset(arena);
}

static void
report(const struct tally *tally)
{
	print_message("%zu tables, %zu fields, %zu refusals\n", tally->shapes,
	    tally->fields, tally->refusals);
}

static void
what_the_table_of_a_message_does_not_allow_is_refused(void **state)
{
	const struct message_type *const *type;
	struct tally tally = {0};

	(void)state;
	for (type = messages_all; *type != NULL; type++)
		try_shape((*type)->shape->name, (*type)->shape, &tally);
	report(&tally);
}

/* The reader of envelopes counts the levels of the whole line. */
static void
an_envelope_can_carry_whatever_a_message_may_have(void **state)
{
	const struct message_type *const *type;
	struct problem problem = {0};
	struct envelope read;
	struct slice text;

	(void)state;
	for (type = messages_all; *type != NULL; type++) {
		struct making good = {.target = SIZE_MAX};
		struct envelope e = {.type = slice_of((*type)->name),
		    .edition = (*type)->edition};

		assert_int_equal(
		    system_id_parse(SLICE("131130/relay"), &e.from), OK);
		assert_int_equal(
		    system_id_parse(SLICE("131130/offices"), &e.to), OK);
		assert_int_equal(
		    read_with((*type)->shape, &good, &e.body, &problem), OK);
		assert_int_equal(envelope_write(arena, &e, &text), OK);
		if (envelope_read(arena, text, &read, &problem))
			fail_msg("%s: %s", (*type)->name, problem.text);
	}
}

static void
try_routes(const struct component *component, struct tally *tally)
{
	const struct route *r = component->routes;

	for (; r != NULL && r->handle != NULL; r++) {
		if (r->shape != NULL)
			try_shape(r->path, r->shape, tally);
	}
}

static void
what_the_table_of_a_route_does_not_allow_is_refused(void **state)
{
	const struct component *const *component;
	const struct system *const *system;
	struct tally tally = {0};

	(void)state;
	for (system = all_systems; *system != NULL; system++)
		try_routes(&(*system)->component, &tally);
	for (component = node_components; *component != NULL; component++)
		try_routes(*component, &tally);
	report(&tally);
}

static bool
is_in_catalogue(const struct message_type *type)
{
	const struct message_type *const *t;

	for (t = messages_all; *t != NULL; t++) {
		if (*t == type)
			return true;
	}

	return false;
}

static void
look_up(const struct component *component)
{
	const struct message_handler *h = component->messages;

	for (; h != NULL && h->takes != NULL; h++) {
		if (!is_in_catalogue(h->takes))
			fail_msg("%s is not in it", h->takes->name);
	}
}

/* The catalogue has every message that a node takes. */
static void
every_message_that_is_taken_is_in_the_catalogue(void **state)
{
	const struct component *const *component;
	const struct system *const *system;

	(void)state;
	for (system = all_systems; *system != NULL; system++)
		look_up(&(*system)->component);
	for (component = node_components; *component != NULL; component++)
		look_up(*component);
}

/* --- Writing -------------------------------------------------------------- */

/* A value of the struct that its table does not allow. */
struct spoiling {
	size_t at, target; /* fields so far; the one with the fault */
	enum fault fault;
	const struct field *hit;
	bool applies;
};

static void
spoil_object(struct spoiling *s, const struct shape *shape, void *object);

/* One more than there may be. */
static void
spoil_count(struct spoiling *s, const struct field *f, void *object)
{
	size_t i, n = (size_t)f->max + 1;
	size_t size = f->of != NULL ? f->of->size : f->each->kind->size;
	char *at = (char *)object + f->offset,
	     *all = arena_array(arena, n, size);
	const char *first;

	s->applies = s->fault == FAULT_TOO_LONG;
	if (!s->applies)
		return;
	memcpy(&first, at, sizeof(first));
	for (i = 0; i < n; i++)
		memcpy(all + i * size, first, size);
	memcpy(at, &all, sizeof(all));
	memcpy((char *)object + f->count, &n, sizeof(n));
}

static struct slice
spoilt_text(struct spoiling *s, const struct field *f, struct slice good)
{
	const char *const pieces[FAULT_COUNT] = {[FAULT_CONTROL] = "\x1b",
	    [FAULT_DIRECTION] = "\u202e",
	    [FAULT_SEPARATOR] = "\u2028",
	    [FAULT_PRIVATE] = "\ue000"};

	if (s->fault == FAULT_MISSING) {
		s->applies = f->kind != &kind_lines; /* there may be none */
		return SLICE("");
	}
	if (s->fault == FAULT_TOO_LONG &&
	    (f->kind == &kind_text || f->kind == &kind_lines))
		return repeated(
		    f->rule == TEXT_LINE ? "x" : "ア", (size_t)f->max + 1);
	if (s->fault == FAULT_TOO_LONG)
		return arena_printf(arena, "%.*s%.*s", SLICE_ARG(good),
		    SLICE_ARG(repeated("0", 200)));
	s->applies = pieces[s->fault] != NULL;

	return s->applies ? arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(good),
				pieces[s->fault], SLICE_ARG(good))
			  : good;
}

/* Values of a type of their own are what they are. */
static void
spoil_value(struct spoiling *s, const struct field *f, void *at)
{
	int64_t beyond = f->max;

	if (f->kind == &kind_int) {
		s->applies = s->fault == FAULT_TOO_LONG && f->max < INT64_MAX;
		beyond += s->applies;
		memcpy(at, &beyond, sizeof(beyond));
	} else if (f->kind->is_slice && f->kind->parse != NULL) {
		*(struct slice *)at =
		    spoilt_text(s, f, *(const struct slice *)at);
	} else {
		s->applies = s->fault == FAULT_MISSING &&
		    f->presence == REQUIRED &&
		    (f->kind == &kind_date || f->kind == &kind_json);
		if (s->applies)
			memset(at, 0, f->kind->size);
	}
}

static bool
is_hit(struct spoiling *s, const struct field *f)
{
	if (s->at++ != s->target)
		return false;
	s->hit = f;

	return true;
}

/* A field, then the first of the rows or values in it. */
static void
spoil_field(struct spoiling *s, const struct field *f, void *object)
{
	char *at = (char *)object + f->offset, *first;

	if (f->count == 0) {
		if (f->of != NULL)
			spoil_object(s, f->of, at);
		else if (is_hit(s, f))
			spoil_value(s, f, at);
		return;
	}
	memcpy(&first, at, sizeof(first));
	if (f->of != NULL)
		spoil_object(s, f->of, first);
	else if (is_hit(s, f->each))
		spoil_value(s, f->each, first);
	if (is_hit(s, f))
		spoil_count(s, f, object);
}

static void
spoil_object(struct spoiling *s, const struct shape *shape, void *object)
{
	size_t i;

	for (i = 0; i < shape->n_fields; i++)
		spoil_field(s, &shape->fields[i], object);
}

/* False if there are fewer fields than `target`. */
static bool
try_writing(
    const struct shape *shape, size_t target, enum fault fault, size_t *tally)
{
	struct spoiling s = {.target = target, .fault = fault, .applies = true};
	struct making good = {.target = SIZE_MAX};
	void *object = arena_alloc(arena, shape->size);
	struct problem problem = {0};
	struct slice text;
	enum err rc;

	assert_int_equal(shape_read(shape, arena, make_object(&good, shape),
			     object, &problem),
	    OK);
	spoil_object(&s, shape, object);
	if (s.hit == NULL)
		return false;
	if (fault == FAULT_MISSING && s.hit->presence == OPTIONAL)
		s.applies = false;
	rc = shape_text(shape, arena, object, &text, &problem);
	if ((rc == OK) == s.applies)
		fail_msg("%s: field %s, fault %d: %s (%.*s)", shape->name,
		    s.hit->name, (int)fault, rc ? problem.text : "written",
		    SLICE_ARG(utf8_cut(text, 300)));
	if (rc && problem.text[0] == '\0')
		fail_msg("%s: a refusal without words", shape->name);
	*tally += rc != OK;
	if (arena_used(arena) > (64u << 20))
		arena_reset(arena);

	return true;
}

static void
what_a_reader_refuses_its_writer_refuses(void **state)
{
	const struct message_type *const *type;
	enum fault fault;
	size_t target, refusals = 0;

	(void)state;
	for (type = messages_all; *type != NULL; type++) {
		for (fault = FAULT_NONE; fault < FAULT_TWICE; fault++) {
			if (fault == FAULT_OTHER_KIND)
				continue; /* a struct cannot have it */
			for (target = 0; try_writing(
				 (*type)->shape, target, fault, &refusals);
			     target++)
				;
		}
		arena_reset(arena);
	}
	print_message("%zu refusals\n", refusals);
	assert_true(refusals > 500);
}

/* The test itself is tested: a table that takes anything is found. */
static void
a_table_without_bounds_would_be_noticed(void **state)
{
	struct anything {
		struct slice text;
	};
	static const struct field fields[] = {
	    FIELD(anything, text, BODY, "takes every object")};
	static const struct shape shape = SHAPE(anything, fields);
	struct making m = {
	    .target = 0, .fault = FAULT_OTHER_KIND, .applies = true};
	struct problem problem;
	struct slice text;

	(void)state;
	assert_int_equal(read_with(&shape, &m, &text, &problem), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_the_table_of_a_message_does_not_allow_is_refused),
	    cmocka_unit_test(an_envelope_can_carry_whatever_a_message_may_have),
	    cmocka_unit_test(
		what_the_table_of_a_route_does_not_allow_is_refused),
	    cmocka_unit_test(what_a_reader_refuses_its_writer_refuses),
	    cmocka_unit_test(every_message_that_is_taken_is_in_the_catalogue),
	    cmocka_unit_test(a_table_without_bounds_would_be_noticed),
	};

	return cmocka_run_group_tests_name(
	    "shapes", tests, arena_begin, arena_end);
}
