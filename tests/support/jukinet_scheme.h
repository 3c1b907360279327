/* Jukinet among doubles of registries, addressees and the network. */
#ifndef BANGO_TESTS_SUPPORT_JUKINET_SCHEME_H
#define BANGO_TESTS_SUPPORT_JUKINET_SCHEME_H

#include "number/individual_number.h"
#include "number/resident_code.h"
#include "systems/jukinet/jukinet.h"
#include "tests/support/double.h"

#define SELF "jlis/jukinet"
#define HERE "012041/registry"
#define THERE "131041/registry"
#define ADDRESSEE "012041/addressee"
#define NETWORK "digital/network"
#define PORTAL "digital/portal"

#define REQUEST "11111111111111111111111111111111"
#define AN "0123456789abcdef0123456789abcde0"
#define TRANSFER "33333333333333333333333333333333"
#define UPDATE_DAY "2026-11-20"

/* cmocka's, with the nation as the state. */
int scheme_set_up(void **state);
int scheme_set_up_with(void **state, const struct setting *settings);
int scheme_tear_down(void **state);
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, scheme_tear_down)

/* A person who becomes known to jukinet. */
struct somebody {
	char code[RESIDENT_CODE_DIGITS + 1];
	char number[INDIVIDUAL_NUMBER_DIGITS + 1];
	const char *name, *birth, *sex, *address;
};

#define HANAKO                                                            \
	(struct somebody)                                                 \
	{                                                                 \
		.name = "旭川　花子", .birth = "1980-02-29", .sex = "2",  \
		.address = "北海道旭川市六条通九丁目46番地" \
	}

/* A code designated to `registry`. */
void
get_code(struct simulation *sim, const char *registry, struct somebody *ret);
/* Ask for somebody's number. */
void say_numbering(
    struct simulation *sim, const char *registry, const struct somebody *s);
/* The answer's first row, of items or of refused ones. */
const char *answered(const char *kind, size_t column);
/* Ask for the number, which must be given. */
void
get_number(struct simulation *sim, const char *registry, struct somebody *s);
/* Code, number and entry of somebody who lives at `registry`. */
struct somebody
settle(struct simulation *sim, const char *registry, struct somebody s);
/* PERSON of docs/messages.md; a new reference. */
json_t *person_json(const struct somebody *s);
/* A registry's notice of a move to another one, of that id or of TRANSFER; not
 * yet delivered. */
void
tell_notice_of(struct simulation *sim, const char *transfer, const char *from,
    const char *to, const struct somebody *s, const char *number);
void tell_notice(struct simulation *sim, const char *from, const char *to,
    const struct somebody *s, const char *number);
/* A registry's word that somebody has come by a move; not yet delivered. */
void tell_arrival(struct simulation *sim, const char *registry,
    const char *transfer, const struct somebody *s);
/* The same, delivered and answered: whether the person is the registry's now. */
bool arrives(struct simulation *sim, const char *registry, const char *transfer,
    const struct somebody *s);
/* A registry's update after an event, not yet delivered; say_update() runs
 * until no message is under way. */
void tell_update(struct simulation *sim, const char *registry,
    const char *event, const struct somebody *s);
void say_update(struct simulation *sim, const char *registry, const char *event,
    const struct somebody *s);

/* Our addressee asks for a code by somebody's name, birth and sex, under that
 * number; say_acquisition_with() by another kana as well. */
void say_acquisition(
    struct simulation *sim, const struct somebody *s, const char *number);
void say_acquisition_with(
    struct simulation *sim, const struct somebody *s, const char *kana);

/* An operator's search by all four attributes; new reference. */
json_t *look_up(struct simulation *sim, const struct somebody *s, int want);
/* Assert that a person is found with these values, or is not found. */
void assert_recorded(struct simulation *sim, const struct somebody *s,
    const char *municipality, const char *state);
void assert_unknown(struct simulation *sim, const struct somebody *s);

/* Two officers decide about every change of a number that waits: "allow",
 * "refuse".  How many there were. */
size_t decide_changes(struct simulation *sim, const char *decision);

#endif
