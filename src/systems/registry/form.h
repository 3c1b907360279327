/*
 * Reading the fields that several requests share.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_FORM_H
#define BANGO_SYSTEMS_REGISTRY_FORM_H

#include "host/system.h"
#include "systems/registry/person.h"

/* Field tables share these lines; form_person() reads them. */
#define FORM_PERSON_FIELDS(must)                                                       \
	{"name", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX), must, "氏名"},             \
	    {"kana", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX), false,                 \
		"氏名の振り仮名, full-width katakana"},                                \
	    {"former_surname", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX),              \
		false, "旧氏"},                                                        \
	    {"alias", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX), false,                \
		"通称"},                                                               \
	    {"birth", FIELD_DATE, 1, must,                                             \
		"出生の年月日; month and day may be 00"},                              \
	    {"sex", FIELD_TEXT, 1, must, "1 male, 2 female"},                          \
	    {"relation", FIELD_TEXT, PERSON_BYTES(PERSON_WORD_MAX), false,             \
		"続柄 to the head of the household"},                                  \
	    {"nationality", FIELD_TEXT, PERSON_BYTES(PERSON_WORD_MAX), false,          \
		"国籍・地域; absent for Japanese nationals"},                          \
	    {"residence_status", FIELD_TEXT, PERSON_BYTES(PERSON_WORD_MAX),            \
		false, "在留資格"},                                                    \
	{                                                                              \
		"residence_until", FIELD_DATE, 0, false, "在留期間の満了の日" \
	}

#define FORM_RESIDENT_FIELD                                    \
	{                                                      \
		"resident", FIELD_TEXT, RESIDENT_DIGITS, true, \
		    "住民宛名番号, 1 to 10 digits"       \
	}

/* Overwrite in *person what the request gives of FORM_PERSON_FIELDS. */
MUST_USE enum err
form_person(struct turn *turn, const struct input *in, struct person *person);
/* A resident's number out of a text field; absent gives 0. */
MUST_USE enum err form_resident(struct turn *turn, const struct input *in,
    const char *name, struct resident_id *ret);
/* The array `residents`: 1 to `max` of them. */
MUST_USE enum err form_residents(struct turn *turn, const struct input *in,
    struct resident_id *ret, size_t max, size_t *ret_n);
/* A date that is not after today. */
MUST_USE enum err form_past_date(struct turn *turn, const struct input *in,
    const char *name, struct date *ret);
/* Fields "address" and, if given, "postal_code" into *person. */
MUST_USE enum err
form_address(struct turn *turn, const struct input *in, struct person *person);
/* {"residents": ["0000000001", ...]} */
json_t *
form_residents_json(struct turn *turn, const struct resident_id *ids, size_t n);

#endif
