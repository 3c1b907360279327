/* An addressee system between doubles of its neighbours. */
#ifndef BANGO_TESTS_SUPPORT_ADDRESSEE_SCHEME_H
#define BANGO_TESTS_SUPPORT_ADDRESSEE_SCHEME_H

#include "tests/support/double.h"

#define SELF "131041/addressee"
#define REGISTRY "131041/registry"
#define OFFICES "131041/offices"
#define RELAY "131041/relay"
#define JUKINET "jlis/jukinet"
#define HOUR_MS (3600 * 1000)

/* The nation, as cmocka's set-up of a test whose state it is. */
int addressee_set_up(void **state);
/* The nth person's Individual Number, in one of eight buffers. */
const char *addressee_number(unsigned int n);
/* The body of persons.registered about the nth person; a new reference. */
json_t *addressee_registered(const char *bn, unsigned int n, const char *birth);

#endif
