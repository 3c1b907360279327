/*
 * A network with two municipalities (Shinjuku asks, Asahikawa provides), the
 * Pension Service, and a person of whom all have codes.
 */
#ifndef BANGO_TESTS_SUPPORT_NETWORK_EXCHANGE_H
#define BANGO_TESTS_SUPPORT_NETWORK_EXCHANGE_H

#include "tests/support/network_scheme.h"

#define ASKER_OFFICES "131041/offices"
#define GIVER_OFFICES "012041/offices"
#define PENSION_OFFICES "nenkin/offices"

/* The person's codes. */
extern char asker_code[33], portal_code[33];

/* The nation, with the network's settings. */
struct simulation *nation(const struct setting *given);
/* cmocka's, with the nation as the state and the usual settings. */
int set_up(void **state);

/* Shinjuku asks; the answer is the newest message. */
void ask(struct simulation *sim, const char *affair, const char *item,
    const char *provider);
/* ask(), and assert that it is permitted, or refused for that reason. */
void assert_permitted(struct simulation *sim, const char *affair,
    const char *item, const char *provider);
void assert_refused(struct simulation *sim, const char *affair,
    const char *item, const char *provider, const char *reason);

/* A text of the newest record of the person. */
const char *newest_record(struct simulation *sim, const char *key);
/* A text in the answer to a request. */
void get(struct simulation *sim, const char *path, int want, const char *key,
    char ret[256]);

#endif
