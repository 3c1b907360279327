/*
 * Parts that several requests share: fields of their tables, and checks of the
 * values beyond their kinds.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_FORM_H
#define BANGO_SYSTEMS_REGISTRY_FORM_H

#include "host/system.h"
#include "number/kinds.h"
#include "person/kinds.h"
#include "systems/registry/person.h"
#include "systems/registry/registry.h"
#include "wire/kinds.h"

#define FORM_WORD TEXT(PERSON_WORD_MAX)

/* A member of type struct person; MUST is FIELD_AS or OPTION_AS. */
#define FORM_PERSON(tag, member, MUST)                                         \
	MUST(tag, member.attributes.name, "name", NAME, "氏名"),               \
	    OPTION_AS(tag, member.attributes.kana, "kana", KANA,               \
		"氏名の振り仮名, full-width katakana"),                        \
	    OPTION_AS(tag, member.attributes.former_surname, "former_surname", \
		NAME, "旧氏"),                                                 \
	    OPTION_AS(tag, member.attributes.alias, "alias", NAME, "通称"),    \
	    MUST(tag, member.attributes.birth, "birth", DATE_OR_PART,          \
		"出生の年月日; month and day may be 00"),                      \
	    MUST(tag, member.attributes.sex, "sex", SEX, "1 male, 2 female"),  \
	    OPTION_AS(tag, member.relation, "relation", FORM_WORD,             \
		"続柄 to the head of the household"),                          \
	    OPTION_AS(tag, member.nationality, "nationality", FORM_WORD,       \
		"国籍・地域; absent for Japanese nationals"),                  \
	    OPTION_AS(tag, member.status, "residence_status", FORM_WORD,       \
		"在留資格"),                                                   \
	    OPTION_AS(tag, member.status_until, "residence_until", DATE,       \
		"在留期間の満了の日")
#define FORM_ADDRESS(tag, member, MUST)                                   \
	MUST(tag, member.attributes.address, "address", ADDRESS, "住所"), \
	    OPTION_AS(                                                    \
		tag, member.postal_code, "postal_code", DIGITS(7), "郵便番号")
#define FORM_HOUSEHOLD(tag, member)                                 \
	OPTION_AS(tag, member.household, "household", HOUSEHOLD_ID, \
	    "世帯番号 of the household to join")
#define FORM_RESIDENT(tag) \
	FIELD(tag, resident, RESIDENT_ID, "住民宛名番号, 1 to 10 digits")
#define FORM_RESIDENTS(tag)                                               \
	LIST_AS(tag, residents, n_residents, "residents", RESIDENT_ID, 1, \
	    REGISTRY_TRANSFER_MAX, "residents' numbers")
#define FORM_DATE(tag) FIELD(tag, date, DATE, "the day of the event")
#define FORM_WAIT(tag) \
	OPTION(tag, wait, INT(0, 60), "seconds to wait for the outcome")

/* Input of routes that take a resident and nothing else. */
struct form_one_resident {
	struct resident_id resident;
};
extern const struct shape form_one_resident_shape;

/* Input of routes that list residents. */
struct form_after {
	int64_t after;
};
extern const struct shape form_after_shape;

/* Overwrite in *person the members of FORM_PERSON that a request gives. */
MUST_USE enum err form_person(
    struct turn *turn, const struct person *given, struct person *person);
/* The same for FORM_ADDRESS; a postal code that is not given is cleared. */
void form_address(const struct person *given, struct person *person);
/* Each resident of FORM_RESIDENTS must be given once. */
MUST_USE enum err
form_residents(struct turn *turn, const struct resident_id *ids, size_t n);
/* The date in the field `name` must not be after today. */
MUST_USE enum err
form_past_date(struct turn *turn, const char *name, struct date date);
/* "residents": ["0000000001", ...] */
void
form_put_residents(struct json_out *o, const struct resident_id *ids, size_t n);

#endif
