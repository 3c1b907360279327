/* The offices of a municipality, with doubles of its addressee, of its relay and
 * of another municipality's relay. */
#ifndef BANGO_TESTS_SUPPORT_OFFICES_SCHEME_H
#define BANGO_TESTS_SUPPORT_OFFICES_SCHEME_H

#include "systems/offices/offices.h"
#include "tests/support/double.h"

#define SELF "131041/offices"
#define ADDRESSEE "131041/addressee"
#define RELAY "131041/relay"
#define STRANGER "012041/relay"

#define INQUIRY "22222222222222222222222222222222"

/* cmocka's, with the nation as the state. */
int set_up(void **state);
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, double_tear_down)

#endif
