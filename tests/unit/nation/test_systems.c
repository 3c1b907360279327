/* The table of systems: what the systems and components declare fits. */
#include "nation/systems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "components/components.h"
#include "host/routes.h"

#define PARTS_MAX 16

static size_t
parts_of(const struct system *s, const struct component *ret[PARTS_MAX])
{
	size_t n = 0;

	while (s->components[n] != NULL) {
		ret[n] = s->components[n];
		n++;
		assert_true(n < PARTS_MAX - 1);
	}
	ret[n++] = &s->component;

	return n;
}

static void
no_system_has_both_an_individual_number_and_a_linkage_code(void **state)
{
	const struct system *const *s;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		if ((*s)->holds.individual_number != HOLDS_NOT)
			assert_int_equal((*s)->holds.linkage_code, HOLDS_NOT);
	}
}

static void
the_network_sees_no_contents(void **state)
{
	(void)state;
	assert_null(system_find(SLICE("network"))->holds.contents);
}

static void
only_the_network_has_the_codes_of_all(void **state)
{
	const struct system *const *s;

	(void)state;
	for (s = all_systems; *s != NULL; s++)
		assert_int_equal((*s)->holds.linkage_code == HOLDS_ALL,
		    strcmp((*s)->component.name, "network") == 0);
}

static void
a_usual_id_ends_in_the_systems_name(void **state)
{
	const struct system *const *s;
	struct system_id id;
	struct slice rest;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		if ((*s)->usual == NULL)
			continue;
		rest = slice_of((*s)->usual);
		assert_int_equal(system_id_parse(rest, &id), OK);
		slice_cut(&rest, '/');
		assert_true(slice_equal_string(rest, (*s)->component.name));
	}
}

static void
every_node_runs_the_same_components(void **state)
{
	const struct system *const *s;

	(void)state;
	for (s = all_systems; *s != NULL; s++)
		assert_ptr_equal((*s)->components, node_components);
	assert_string_equal(node_components[0]->name, "host");
}

static size_t
count_named(const struct timer *timers, const char *name)
{
	size_t n = 0;

	for (; timers != NULL && timers->name != NULL; timers++)
		n += strcmp(timers->name, name) == 0;

	return n;
}

static void
assert_alone(const struct component *const *parts, size_t n, const char *name)
{
	size_t i, named = 0;

	for (i = 0; i < n; i++)
		named += count_named(parts[i]->timers, name) +
		    count_named(parts[i]->patient_timers, name);
	assert_int_equal(named, 1);
}

/* turn_hurry() finds a timer by its name. */
static void
a_timers_name_is_of_one_timer_in_a_node(void **state)
{
	const struct component *parts[PARTS_MAX];
	const struct system *const *s;
	const struct timer *t;
	size_t i, n;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		n = parts_of(*s, parts);
		for (i = 0; i < n; i++) {
			t = parts[i]->timers;
			for (; t != NULL && t->name != NULL; t++)
				assert_alone(parts, n, t->name);
		}
	}
}

static bool
has_route(const struct component *c, const struct route *like)
{
	const struct route *r;

	for (r = c->routes; r != NULL && r->handle != NULL; r++) {
		if (r->method == like->method &&
		    strcmp(r->path, like->path) == 0)
			return true;
	}

	return false;
}

static bool
has_message(const struct component *c, const struct message_handler *like)
{
	const struct message_handler *h;

	for (h = c->messages; h != NULL && h->takes != NULL; h++) {
		if (strcmp(h->takes->name, like->takes->name) == 0)
			return true;
	}

	return false;
}

static void
no_system_hides_a_components_route_or_message(void **state)
{
	const struct component *const *c;
	const struct system *const *s;
	const struct message_handler *h;
	const struct route *r;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		for (c = (*s)->components; *c != NULL; c++) {
			r = (*c)->routes;
			for (; r != NULL && r->handle != NULL; r++)
				assert_false(has_route(&(*s)->component, r));
			h = (*c)->messages;
			for (; h != NULL && h->takes != NULL; h++)
				assert_false(has_message(&(*s)->component, h));
		}
	}
}

static void
assert_rights(const struct system *s, const struct component *c)
{
	const struct route *r;

	for (r = c->routes; r != NULL && r->handle != NULL; r++) {
		if (duty_info(r->right) != NULL)
			assert_true(((s->duties | DUTIES_COMMON) &
					RIGHT_BIT(r->right)) != 0);
	}
}

/* `bango operator add` gives no duty that the system does not name. */
static void
a_routes_duty_is_one_of_its_system(void **state)
{
	const struct component *parts[PARTS_MAX];
	const struct system *const *s;
	size_t i, n;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		assert_int_equal((*s)->duties & ~DUTIES_ALL, 0);
		n = parts_of(*s, parts);
		for (i = 0; i < n; i++)
			assert_rights(*s, parts[i]);
	}
}

static void
each_duty_has_a_name_of_its_own(void **state)
{
	enum right a, b;

	(void)state;
	for (a = DUTY_FIRST; a < RIGHT_COUNT; a++) {
		assert_non_null(duty_info(a)->name);
		assert_non_null(duty_info(a)->what);
		for (b = DUTY_FIRST; b < a; b++)
			assert_string_not_equal(
			    duty_info(a)->name, duty_info(b)->name);
	}
	assert_null(duty_info(RIGHT_PEER));
}

static void
assert_no_secret_in_urls(const struct component *c)
{
	const struct route *r;
	const struct field *f;
	char part[64];
	size_t i;

	for (r = c->routes; r != NULL && r->handle != NULL; r++) {
		for (i = 0; r->shape != NULL && i < r->shape->n_fields; i++) {
			f = &r->shape->fields[i];
			if (!shape_is_secret(f))
				continue;
			snprintf(part, sizeof(part), "{%s}", f->name);
			assert_null(strstr(r->path, part));
			assert_true(route_has_body(r));
		}
	}
}

static void
no_route_takes_a_secret_in_its_path_or_query(void **state)
{
	const struct component *const *c;
	const struct system *const *s;

	(void)state;
	for (s = all_systems; *s != NULL; s++) {
		assert_no_secret_in_urls(&(*s)->component);
		for (c = (*s)->components; *c != NULL; c++)
			assert_no_secret_in_urls(*c);
	}
}

static void
a_system_is_found_by_its_whole_name(void **state)
{
	struct buf names;

	(void)state;
	assert_non_null(system_find(SLICE("relay")));
	assert_null(system_find(SLICE("rela")));
	assert_null(system_find(SLICE("audit")));
	assert_null(system_find(SLICE("")));
	buf_init(&names);
	systems_list(&names);
	assert_true(slice_has_prefix(buf_slice(&names), SLICE("registry, ")));
	assert_non_null(strstr(names.data, ", portal"));
	buf_done(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		no_system_has_both_an_individual_number_and_a_linkage_code),
	    cmocka_unit_test(the_network_sees_no_contents),
	    cmocka_unit_test(only_the_network_has_the_codes_of_all),
	    cmocka_unit_test(a_usual_id_ends_in_the_systems_name),
	    cmocka_unit_test(every_node_runs_the_same_components),
	    cmocka_unit_test(a_timers_name_is_of_one_timer_in_a_node),
	    cmocka_unit_test(no_system_hides_a_components_route_or_message),
	    cmocka_unit_test(a_routes_duty_is_one_of_its_system),
	    cmocka_unit_test(each_duty_has_a_name_of_its_own),
	    cmocka_unit_test(no_route_takes_a_secret_in_its_path_or_query),
	    cmocka_unit_test(a_system_is_found_by_its_whole_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
