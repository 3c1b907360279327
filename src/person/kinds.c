#include "person/kinds.h"

#include <string.h>

static enum err
parse_sex(struct shape_text *t, void *to)
{
	return sex_parse(t->text, to);
}

static void
write_sex(struct json_out *o, const char *key, const void *from)
{
	enum sex sex;

	memcpy(&sex, from, sizeof(sex));
	json_out_text(o, key, sex_format(sex));
}

const struct kind kind_sex = {.name = "sex",
    .expected = "1 (male) or 2 (female)",
    .schema = "string",
    .example = "1",
    .parse = parse_sex,
    .write = write_sex,
    .size = sizeof(enum sex)};

static const struct field fields[] = {
    FIELD(attributes, name, NAME, "氏名"),
    OPTION(attributes, kana, KANA, "氏名の振り仮名"),
    FIELD(attributes, birth, DATE_OR_PART, "生年月日"),
    FIELD(attributes, sex, SEX, "性別"),
    FIELD(attributes, address, ADDRESS, "住所"),
    OPTION(attributes, former_surname, NAME, "旧氏"),
    OPTION(attributes, alias, NAME, "通称"),
};
const struct shape attributes_shape = SHAPE(attributes, fields);
