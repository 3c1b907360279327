/* The network among doubles of jukinet, three relays and the portal. */
#ifndef BANGO_TESTS_SUPPORT_NETWORK_SCHEME_H
#define BANGO_TESTS_SUPPORT_NETWORK_SCHEME_H

#include "crypto/jose.h"
#include "messages/question.h"
#include "network_statements.h"
#include "number/resident_code.h"
#include "systems/network/network.h"
#include "tests/support/double.h"

#define SELF "digital/network"
#define PORTAL "digital/portal"
#define JUKINET "jlis/jukinet"
#define ASKER "131041/relay"
#define GIVER "012041/relay"
#define PENSION "nenkin/relay"

#define AN "0123456789abcdef0123456789abcde0"
#define INQUIRY "22222222222222222222222222222222"
#define DAY_MS (24 * 3600ll * 1000)

/* The organisations that the network usually knows. */
extern const struct setting settings[];

/* Add a system to the nation. */
void add(struct simulation *sim, const struct system *system, const char *id,
    const struct setting *given);
/* The nation, with the network's settings. */
struct simulation *scheme_nation(const struct setting *given);
/* cmocka's, with the nation as the state. */
int scheme_set_up(void **state);
int tear_down(void **state);

/* A Resident Record Code with its check digit; valid until the next call but
 * one. */
const char *person(uint64_t body);
/* Jukinet's half of an acquisition. */
void say_identify(struct simulation *sim, const char *for_whom, const char *an,
    const char *code);
/* Jukinet's word for a counter's order about the portal. */
void say_enrolled(struct simulation *sim, const char *for_whom, const char *an,
    const char *code);
/* The organisation's code for a person, whose Resident Record Code has that
 * body. */
void acquire(
    struct simulation *sim, const char *for_whom, uint64_t body, char ret[33]);

/* A question of the asker's, from the beginning of every nation. */
struct question
question_about(const char *affair, const char *item, const char *provider);
/* Its relay says with it, about the person of that code and after its sheet: code,
 * blind, question, sheet; and inquiry.request. */
json_t *
signed_question(struct simulation *sim, const char *code, struct question q);
json_t *signed_inquiry(struct simulation *sim, const char *inquiry,
    const char *code, struct question q);

#endif
