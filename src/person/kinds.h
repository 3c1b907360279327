/*
 * Kinds of the attributes of a person, for shapes (base/shape.h).
 */
#ifndef BANGO_PERSON_KINDS_H
#define BANGO_PERSON_KINDS_H

#include "base/shape.h"
#include "person/attributes.h"

extern const struct kind kind_sex;

#define NAME                                                 \
	struct slice, .kind = &kind_text, .rule = TEXT_NAME, \
		      .max = PERSON_NAME_MAX
#define KANA                                                 \
	struct slice, .kind = &kind_text, .rule = TEXT_KANA, \
		      .max = PERSON_NAME_MAX
#define ADDRESS                                                 \
	struct slice, .kind = &kind_text, .rule = TEXT_ADDRESS, \
		      .max = PERSON_ADDRESS_MAX
/* "1" male, "2" female */
#define SEX enum sex, .kind = &kind_sex

/* The columns of a `struct attributes` that is a member: name, kana, birth,
 * sex, address; the second form has former surname and alias behind them. */
#define ATTRIBUTES_SHORT(tag, member)                                       \
	FIELD_AS(tag, member.name, "name", NAME, "氏名"),                   \
	    OPTION_AS(tag, member.kana, "kana", KANA, "氏名の振り仮名"),    \
	    FIELD_AS(tag, member.birth, "birth", DATE_OR_PART, "生年月日"), \
	    FIELD_AS(tag, member.sex, "sex", SEX, "性別"),                  \
	    FIELD_AS(tag, member.address, "address", ADDRESS, "住所")
#define ATTRIBUTES(tag, member)                                              \
	ATTRIBUTES_SHORT(tag, member),                                       \
	    OPTION_AS(                                                       \
		tag, member.former_surname, "former_surname", NAME, "旧氏"), \
	    OPTION_AS(tag, member.alias, "alias", NAME, "通称")

/* The columns by which a number's owner is recognised: without the address,
 * which is honestly out of date. */
#define ATTRIBUTES_OF_IDENTITY(tag, member)                                 \
	FIELD_AS(tag, member.name, "name", NAME, "氏名"),                   \
	    OPTION_AS(tag, member.kana, "kana", KANA, "氏名の振り仮名"),    \
	    FIELD_AS(tag, member.birth, "birth", DATE_OR_PART, "生年月日"), \
	    FIELD_AS(tag, member.sex, "sex", SEX, "性別")

/* PERSON of docs/messages.md: an object of all of them. */
extern const struct shape attributes_shape;

#endif
