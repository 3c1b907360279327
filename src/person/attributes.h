/*
 * The four attributes of a person (基本4情報: name, birth, sex and address), and
 * the additions of a resident record: kana, former surname, alias.
 *
 * Every system that holds, sends or compares them uses this one copy.  The
 * module knows neither JSON nor databases.  Texts are borrowed, UTF-8 in NFC;
 * an absent one is empty.  Attributes are personal data: a problem names the
 * field and never the value.
 */
#ifndef BANGO_PERSON_ATTRIBUTES_H
#define BANGO_PERSON_ATTRIBUTES_H

#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"

/* Bounds in characters; a character has at most four bytes. */
#define PERSON_NAME_MAX 300 /* name, kana, former surname, alias */
#define PERSON_ADDRESS_MAX 600
#define PERSON_BYTES(characters) (4 * (characters))

/* As rows and messages number it. */
enum sex {
	SEX_NONE = 0,
	SEX_MALE = 1,
	SEX_FEMALE = 2,
};

/* "1" or "2"; ERR_INPUT for anything else. */
MUST_USE enum err sex_parse(struct slice text, enum sex *ret);
/* "1", "2"; empty for SEX_NONE. */
struct slice sex_format(enum sex sex);
/* SEX_NONE for any number but 1 and 2. */
enum sex sex_of_number(int64_t number);

struct attributes {
	struct slice name;
	struct slice kana; /* 氏名の振り仮名, full-width katakana */
	struct slice former_surname; /* 旧氏 */
	struct slice alias;          /* 通称 */
	struct date birth;           /* month and day may be unknown */
	enum sex sex;
	struct slice address;
};

/*
 * The attributes of a row whose columns have the members' names, and sex as a
 * number; texts are borrowed from the row.  The second form has no former
 * surname and no alias.
 */
#define ATTRIBUTES_OF(row)                          \
	((struct attributes){                       \
	    .name = (row).name,                     \
	    .kana = (row).kana,                     \
	    .former_surname = (row).former_surname, \
	    .alias = (row).alias,                   \
	    .birth = (row).birth,                   \
	    .sex = sex_of_number((row).sex),        \
	    .address = (row).address,               \
	})
#define ATTRIBUTES_SHORT_OF(row)             \
	((struct attributes){                \
	    .name = (row).name,              \
	    .kana = (row).kana,              \
	    .birth = (row).birth,            \
	    .sex = sex_of_number((row).sex), \
	    .address = (row).address,        \
	})
/* The same without the address. */
#define ATTRIBUTES_OF_IDENTITY_OF(row)              \
	((struct attributes){                       \
	    .name = (row).name,                     \
	    .kana = (row).kana,                     \
	    .former_surname = (row).former_surname, \
	    .alias = (row).alias,                   \
	    .birth = (row).birth,                   \
	    .sex = sex_of_number((row).sex),        \
	})
/* The reverse: the members of a struct whose columns have those names. */
#define ATTRIBUTES_SHORT_COLUMNS(a)                                \
	.name = (a)->name, .kana = (a)->kana, .birth = (a)->birth, \
	.sex = (a)->sex, .address = (a)->address
#define ATTRIBUTES_COLUMNS(a)                                               \
	ATTRIBUTES_SHORT_COLUMNS(a), .former_surname = (a)->former_surname, \
				     .alias = (a)->alias

/* Birth and sex are the same: the least that is asked of one person under one
 * number.  An unknown day equals an unknown day. */
bool attributes_same_birth_and_sex(
    const struct attributes *a, const struct attributes *b);

/* NULL, or the name of the first field that differs: "name", "kana",
 * "former_surname", "alias", "birth", "sex", "address". */
const char *
attributes_difference(const struct attributes *a, const struct attributes *b);

/* Every text copied into the arena. */
struct attributes
attributes_copy(struct arena *arena, const struct attributes *from);

#endif
