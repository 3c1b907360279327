/*
 * What a resident record says of a person (住民基本台帳法7条).
 *
 * Numbers and codes are not part of it: they have a life of their own
 * (numbering.h).  Texts are borrowed, UTF-8 in NFC; an absent one is empty.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_PERSON_H
#define BANGO_SYSTEMS_REGISTRY_PERSON_H

#include "base/json.h"
#include "person/attributes.h"
#include "store/store.h"

#define RESIDENT_DIGITS 10
#define RESIDENT_MAX INT64_C(9999999999)

/* 住民宛名番号, of this municipality alone; 1 .. RESIDENT_MAX, 0: none. */
struct resident_id {
	int64_t value;
};

/* 世帯番号; 1 .. RESIDENT_MAX, 0: none. */
struct household_id {
	int64_t value;
};

struct person {
	struct household_id household;
	struct slice relation; /* 続柄 */
	struct attributes attributes;
	struct slice postal_code; /* 7 digits */
	struct date became; /* 住民となった年月日; year 0: not known */
	struct slice reason;
	struct slice nationality; /* empty: Japanese */
	struct slice status;      /* 在留資格 */
	struct date status_until;
};

/* Characters of a relation, reason, nationality or status. */
#define PERSON_WORD_MAX 90

/* 1 to 10 digits, not zero. */
MUST_USE enum err resident_id_parse(struct slice text, struct resident_id *ret);
/* With leading zeros, NUL-terminated. */
void resident_id_format(struct resident_id id, char ret[RESIDENT_DIGITS + 1]);
/* The same in an arena: the number by which others know the person. */
struct slice resident_id_text(struct arena *arena, struct resident_id id);

/* A relation, reason, nationality or status from outside; as name_take(). */
MUST_USE take_function word_take;
/* NULL, or the name of the first column (docs/formats.md) that differs.  A
 * household of `b` that is 0 fits any. */
const char *person_difference(const struct person *a, const struct person *b);

/* Bind and read the columns of table `version`; read copies. */
void person_bind(struct query *q, const struct person *person);
void person_read(struct query *q, struct arena *arena, struct person *p);

/* PERSON of docs/messages.md. */
json_t *person_to_json(const struct person *person);
MUST_USE enum err person_of_json(struct arena *arena, const json_t *json,
    struct person *ret, struct problem *problem);
/* Add what a reader of the record sees, member by member. */
void person_describe(const struct person *person, json_t *object);

#endif
