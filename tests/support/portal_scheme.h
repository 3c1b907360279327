/* The portal among doubles of the network and of a registry. */
#ifndef BANGO_TESTS_SUPPORT_PORTAL_SCHEME_H
#define BANGO_TESTS_SUPPORT_PORTAL_SCHEME_H

#include "messages/ticket.h"
#include "systems/portal/portal.h"
#include "tests/support/double.h"

#define SELF "digital/portal"
#define NETWORK "digital/network"
#define LC "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LC2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define REGISTRY "131041/registry"
#define TICKET "K7M2Q-0ABCD-EFGHJ-KMNPQ"
#define TICKET2 "K7M2Q-0ABCD-EFGHJ-KMNPR"
#define TICKET3 "K7M2Q-0ABCD-EFGHJ-KMNPS"

struct enrolment {
	char enrolment[33];
	char secret[64];
};

int scheme_set_up(void **state);
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, double_tear_down)

/* An order of a counter, which the network passes on; the minutes are those
 * of the hour before the nation begins, or later.  New reference. */
json_t *
order_body(const char *ticket, const char *step, const char *code, int minute);
void order(struct simulation *sim, const char *ticket, const char *step,
    const char *code, int minute);
/* The outcome of the last order, as the counter heard it. */
const char *outcome(void);

/* POST /enrolments; new reference. */
json_t *use(struct simulation *sim, const char *ticket, int wait, int want);
/* The sign-in of its answer, whose reference is taken. */
struct enrolment take(json_t *reply);
/* Somebody with a ticket of the counter enrols; with TICKET, under LC. */
struct enrolment
enrol_as(struct simulation *sim, const char *ticket, const char *code);
struct enrolment enrol(struct simulation *sim);

/* POST /sessions; new reference. */
json_t *sign_in(struct simulation *sim, const struct enrolment *e,
    const char *secret, int want);
/* A session of that sign-in. */
void begin_session(
    struct simulation *sim, const struct enrolment *e, char token[64]);
/* A resident's request; new reference. */
json_t *resident(struct simulation *sim, enum http_method method,
    const char *path, const char *token, int want);

/* LC2 takes the place of LC, says a network. */
void other_codes(struct simulation *sim, const char *from);

#endif
