/*
 * The numbers by which a municipality knows residents and households, and
 * their kinds for shapes (base/shape.h).
 */
#ifndef BANGO_SYSTEMS_REGISTRY_KINDS_H
#define BANGO_SYSTEMS_REGISTRY_KINDS_H

#include "base/shape.h"

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

/* 1 to 10 digits, not zero. */
MUST_USE enum err resident_id_parse(struct slice text, struct resident_id *ret);
/* With leading zeros, NUL-terminated. */
void resident_id_format(struct resident_id id, char ret[RESIDENT_DIGITS + 1]);
/* The same in an arena: the number by which others know the person. */
struct slice resident_id_text(struct arena *arena, struct resident_id id);

/* As columns of a database hold them. */
int64_t resident_id_to_int64(struct resident_id id);
struct resident_id resident_id_of_int64(int64_t value);
int64_t household_id_to_int64(struct household_id id);
struct household_id household_id_of_int64(int64_t value);

extern const struct kind kind_resident_id, kind_household_id;
#define RESIDENT_ID struct resident_id, .kind = &kind_resident_id
#define HOUSEHOLD_ID struct household_id, .kind = &kind_household_id

/* A member of an answer. */
void
json_out_resident(struct json_out *o, const char *key, struct resident_id id);

#endif
