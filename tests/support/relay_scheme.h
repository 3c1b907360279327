/* Two relays, with doubles of the network and of their addressees and offices. */
#ifndef BANGO_TESTS_SUPPORT_RELAY_SCHEME_H
#define BANGO_TESTS_SUPPORT_RELAY_SCHEME_H

#include "crypto/jose.h"
#include "systems/relay/relay.h"
#include "tests/support/double.h"

#define SELF "131041/relay"
#define OTHER "012041/relay"
#define ADDRESSEE "131041/addressee"
#define OTHER_ADDRESSEE "012041/addressee"
#define OFFICES "131041/offices"
#define OTHER_OFFICES "012041/offices"
#define NETWORK "digital/network"

#define AN "0123456789abcdef0123456789abcdef"
#define AN2 "1123456789abcdef0123456789abcdef"
#define PERSON_INT "000000000004711"
#define INT2 "000000000004712"
#define LC "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LC2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define INQUIRY "22222222222222222222222222222222"
#define PERMIT "33333333333333333333333333333333"
#define ARTICLE_106 "番号法19条8号の命令2条の表106の項"

/* cmocka's, with the nation as the state. */
int set_up(void **state);
int tear_down(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* The two halves of an acquisition, and all acquisitions of a person whom both
 * organisations know. */
void say_link(struct simulation *sim, const char *from, const char *to,
    const char *an, const char *internal);
void say_code(
    struct simulation *sim, const char *to, const char *an, const char *code);
void acquire(struct simulation *sim);
/* The person's local tax, put by the other organisation's office. */
void put_replica(
    struct simulation *sim, const char *version, const char *at, int income);
/* inquiry.request as our addressee words it; to be altered by tests. */
json_t *asked(void);
/* Ask for it, and for one version of it. */
void ask(struct simulation *sim);
void ask_version(struct simulation *sim, const char *version);

/* An instant `ms` from now, in a buffer that the next call overwrites. */
const char *in(struct simulation *sim, int64_t ms);
/* The network permits the inquiry: for ten minutes, and for `ms`. */
void permit(struct simulation *sim);
void permit_until(struct simulation *sim, int64_t ms);
/* permit.issued as the network would word it; to be altered by tests. */
json_t *issued(struct simulation *sim);
/* Let the network send it; `body` is stolen. */
void issue(struct simulation *sim, json_t *body);
/* answer.sealed with that text, or with a plain text that is sealed for the key
 * in our question. */
json_t *answer(const char *sealed);
json_t *sealed_answer(const char *plain);
/* The income in the newest answer to an inquiry. */
int64_t received_income(void);

#endif
