/*
 * Every table of fields in the program: an instant that has passed for its
 * sender is refused if it has not come yet, wherever it stands; and each other
 * instant is here with the reason why it may lie ahead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/shape.h"
#include "components/components.h"
#include "messages/catalogue.h"
#include "nation/systems.h"
#include "tests/support/test_arena.h"

#define SLACK 300000
#define STEPS 4                                    /* of PAST_AS_TOLD */
static const struct instant now = {1795248000000}; /* 2026-11-21T08:00Z */
#define YEAR_9999 INT64_C(253402300799999)

static const struct {
	const char *message, *field;
} ahead[] = {
    /* Ends that are to come. */
    {"inquiry.permitted", "expires"},
    {"inquiry.waiting", "until"},
    {"permit.issued", "expires"},
    {"acquisition.refused", "until"},
    {"enrolment.refused", "until"},
    {"numbering.answer", "until"},
    {"arrival.state", "until"},
    {"arrival.notice", "until"},
    {"inquiry.held", "deadline"},
    /* Shown, and compared with nothing: one wrong row would hide the rest. */
    {"records.answer", "requested"},
    {"records.answer", "provided"},
    {"records.answer", "corrected"},
};

/* --- Fields ---------------------------------------------------------------- */

static void *
zeroed(size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

/* One element for each field that has many. */
static void *
made(const struct shape *shape)
{
	const struct field *f = shape->fields;
	char *object = zeroed(shape->size);
	void *inner;
	size_t n = 1;

	for (; f < shape->fields + shape->n_fields; f++) {
		if (f->count != 0) {
			inner = f->of != NULL ? made(f->of)
					      : zeroed(f->each->kind->size);
			memcpy(object + f->offset, &inner, sizeof(inner));
			memcpy(object + f->count, &n, sizeof(n));
		} else if (f->of != NULL) {
			memcpy(object + f->offset, made(f->of), f->of->size);
		}
	}

	return object;
}

/* The field of that kind after *skip others, and its member. */
static const struct field *
nth(const struct shape *shape, char *object, const struct kind *kind,
    size_t *skip, char **ret)
{
	const struct field *f = shape->fields, *found = NULL;
	char *at;

	for (; found == NULL && f < shape->fields + shape->n_fields; f++) {
		at = object + f->offset;
		if (f->kind == kind && (*skip)-- == 0) {
			*ret = at;
			return f;
		}
		if (f->count != 0)
			memcpy(&at, (const void *)at, sizeof(void *));
		if (f->of != NULL)
			found = nth(f->of, at, kind, skip, ret);
		else if (f->each != NULL && f->each->kind == kind &&
		    (*skip)-- == 0) {
			*ret = at;
			found = f->each;
		}
	}

	return found;
}

static void
set(char *member, int64_t ms)
{
	const struct instant t = {ms};

	memcpy(member, &t, sizeof(t));
}

/* --- Tests ----------------------------------------------------------------- */

/* Each PAST of the shape in turn; returns their number. */
static size_t
try_each(const struct shape *shape)
{
	const struct field *f;
	char *object = made(shape), *member;
	size_t i, skip;
	int64_t most;

	for (i = 0; skip = i,
	    (f = nth(shape, object, &kind_past, &skip, &member)) != NULL;
	     i++) {
		most = now.ms + SLACK * (f->max > 0 ? STEPS : 1);
		set(member, most);
		assert_null(shape_ahead(shape, object, now, SLACK));
		set(member, most + 1);
		assert_ptr_equal(shape_ahead(shape, object, now, SLACK), f);
		set(member, YEAR_9999);
		assert_ptr_equal(shape_ahead(shape, object, now, SLACK), f);
		set(member, 0);
	}

	return i;
}

static bool
may_lie_ahead(const char *message, const char *field)
{
	size_t i;

	for (i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
		if (strcmp(ahead[i].message, message) == 0 &&
		    strcmp(ahead[i].field, field) == 0)
			return true;
	}

	return false;
}

static void
check_others(const char *name, const struct shape *shape)
{
	const struct field *f;
	char *object = made(shape), *member;
	size_t i, skip;

	for (i = 0; skip = i,
	    (f = nth(shape, object, &kind_instant, &skip, &member)) != NULL;
	     i++) {
		if (!may_lie_ahead(name, f->name))
			fail_msg("%s: the instant %s is neither PAST nor known "
				 "to lie ahead",
			    name, f->name);
	}
}

static void
no_message_brings_an_instant_that_has_not_come(void **state)
{
	const struct message_type *const *m;
	size_t n = 0;

	(void)state;
	for (m = messages_all; *m != NULL; m++) {
		if ((*m)->shape == NULL)
			continue;
		n += try_each((*m)->shape);
		check_others((*m)->name, (*m)->shape);
	}
	assert_true(n >= 10);
}

static void
check_routes(const struct route *r)
{
	for (; r != NULL && r->handle != NULL; r++) {
		if (r->shape == NULL)
			continue;
		(void)try_each(r->shape);
		check_others(r->path, r->shape);
	}
}

static void
no_request_does_so_either(void **state)
{
	const struct system *const *s;
	const struct component *const *c;

	(void)state;
	for (s = all_systems; *s != NULL; s++)
		check_routes((*s)->component.routes);
	for (c = node_components; *c != NULL; c++)
		check_routes((*c)->routes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		no_message_brings_an_instant_that_has_not_come, arena_begin,
		arena_end),
	    cmocka_unit_test_setup_teardown(
		no_request_does_so_either, arena_begin, arena_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
