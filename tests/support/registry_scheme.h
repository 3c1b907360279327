/*
 * The neighbours of a registry, for its tests: a jukinet that keeps nothing
 * and computes every answer, so that it may crash at will, and an addressee
 * that counts what it hears.
 *
 * Codes follow from the request's id, numbers from the code: body of the code
 * times ten, plus how often the number was changed.  A person called 拒否 is
 * refused, at a move as well, one called 帰国 brings the number along; one called 候補
 * who comes from abroad is held, and so is whoever says to have had a code.
 */
#ifndef BANGO_TESTS_SUPPORT_REGISTRY_SCHEME_H
#define BANGO_TESTS_SUPPORT_REGISTRY_SCHEME_H

#include "base/encode.h"
#include "base/text.h"
#include "number/individual_number.h"
#include "number/resident_code.h"
#include "systems/registry/registry.h"
#include "tests/support/double.h"

#define SHINJUKU "131041/registry"
#define ASAHIKAWA "012041/registry"
#define SCHEME_RETURNED 4711 /* body of the code of a person who returns */

/* The number that jukinet gives to a code. */
struct individual_number
scheme_number(const struct resident_code *code, unsigned int generation);

/* The codes that jukinet designates at once, no more; -1: any number.  How often
 * it was asked for codes.  A new nation begins with -1 and 0. */
extern int64_t scheme_room;
extern size_t scheme_asked;
/* Whether its budget of new numbers is used up for six hours. */
extern bool scheme_stopped;
/* The state that it tells of every claim; NULL: it settles or refuses at once. */
extern const char *scheme_waits;

/* Two municipalities whose pools are filled. */
struct simulation *scheme_nation(void);

/* JSON with ' for ", formatted. */
json_t *scheme_json(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A request that is answered with 200; a new reference. */
json_t *
scheme_get(struct simulation *sim, const char *system, const char *path);
/* A request whose answer is dropped. */
void scheme_post(struct simulation *sim, const char *system, const char *path,
    json_t *body, int want);

/* A text of an answer; "" if it is absent. */
void scheme_text(const json_t *answer, const char *key, char *ret, size_t size);
/* Assert a text of the answer to a GET. */
void scheme_expect(struct simulation *sim, const char *system, const char *path,
    const char *key, const char *want);

/* ---- Imports ----------------------------------------------------------- */

struct scheme_totals {
	char import[33];
	char state[16];
	int64_t offset, loaded, unchanged, rejected;
};

/* From an answer, which is stolen. */
struct scheme_totals scheme_totals(json_t *answer);
/* The request that begins an import; `more`: further fields, as
 * scheme_json() reads them, after a comma. */
json_t *scheme_import_body(struct slice file, const char *more);
struct scheme_totals
scheme_begin(struct simulation *sim, struct slice file, const char *more);
/* One chunk; the totals only if it is answered with 200. */
struct scheme_totals scheme_chunk(struct simulation *sim, const char *import,
    struct slice file, int64_t offset, int64_t len, int want);
struct scheme_totals scheme_finish(struct simulation *sim, const char *import);
/* A whole import; runs until no message is under way. */
struct scheme_totals
scheme_import(struct simulation *sim, const char *text, const char *more);
/* "line field reason" of the rejects, with spaces between. */
void scheme_rejects(
    struct simulation *sim, const char *import, char *ret, size_t size);

#define SCHEME_HEADER "resident,household,relation,name,kana,birth,sex,address"
/* A family of three; the mother is 2, born 1990. */
#define SCHEME_FAMILY                                                                     \
	SCHEME_HEADER "\n"                                                                \
		      "1,1,世帯主,山田　太郎,ヤマダ　タロウ,1988-04-01,1," \
		      "東京都新宿区新宿一丁目1番1号\n"                       \
		      "2,1,妻,山田　花子,ヤマダ　ハナコ,1990-07-07,2,"       \
		      "東京都新宿区新宿一丁目1番1号\n"                       \
		      "3,1,子,山田　一郎,ヤマダ　イチロウ,2020-01-15,1,"    \
		      "東京都新宿区新宿一丁目1番1号\n"

#endif
