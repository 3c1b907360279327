#include "systems/registry/row.h"

#include <string.h>

#include "base/text.h"

/*
 * Columns of a file of residents: names, and the rule and bound in characters
 * of their texts.  A town, a block and a building make an address together.
 */
static const struct column_info {
	const char *names[6];
	enum text_rule rule;
	size_t max;
} infos[COLUMN_COUNT] = {
    [COLUMN_RESIDENT] = {{"resident", "住民宛名番号", "宛名番号",
			     "resident_number"},
	TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_HOUSEHOLD] = {{"household", "世帯番号", "household_number"},
	TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_RELATION] = {{"relation", "続柄", "世帯主との続柄"}, TEXT_LINE,
	PERSON_WORD_MAX},
    [COLUMN_NAME] = {{"name", "氏名"}, TEXT_NAME, PERSON_NAME_MAX},
    [COLUMN_KANA] = {{"kana", "氏名の振り仮名", "氏名のフリガナ",
			 "氏名フリガナ", "フリガナ", "カナ氏名"},
	TEXT_KANA, PERSON_NAME_MAX},
    [COLUMN_FORMER_SURNAME] = {{"former_surname", "旧氏"}, TEXT_NAME,
	PERSON_NAME_MAX},
    [COLUMN_ALIAS] = {{"alias", "通称"}, TEXT_NAME, PERSON_NAME_MAX},
    [COLUMN_BIRTH] = {{"birth", "生年月日", "出生の年月日", "birth_date"},
	TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_SEX] = {{"sex", "性別", "男女の別"}, TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_POSTAL_CODE] = {{"postal_code", "郵便番号"}, TEXT_LINE,
	PERSON_WORD_MAX},
    [COLUMN_ADDRESS] = {{"address", "住所"}, TEXT_ADDRESS, PERSON_ADDRESS_MAX},
    [COLUMN_TOWN] = {{"town", "町名", "町字"}, TEXT_LINE, 200},
    [COLUMN_BLOCK] = {{"block", "番地", "番地号"}, TEXT_LINE, 190},
    [COLUMN_BUILDING] = {{"building", "方書"}, TEXT_LINE, 200},
    [COLUMN_BECAME] = {{"became_resident", "住民となった年月日",
			   "住民となった日"},
	TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_REASON] = {{"reason", "住民となった事由"}, TEXT_LINE,
	PERSON_WORD_MAX},
    [COLUMN_NATIONALITY] = {{"nationality", "国籍・地域", "国籍"}, TEXT_LINE,
	PERSON_WORD_MAX},
    [COLUMN_STATUS] = {{"residence_status", "在留資格"}, TEXT_LINE,
	PERSON_WORD_MAX},
    [COLUMN_STATUS_UNTIL] = {{"residence_until", "在留期間満了日",
				 "在留期間の満了の日"},
	TEXT_LINE, PERSON_WORD_MAX},
    [COLUMN_CODE] = {{"code", "住民票コード", "resident_code"}, TEXT_LINE,
	PERSON_WORD_MAX},
};

const char *
column_name(enum column column)
{
	return infos[column].names[0];
}

/* ---- Characters -------------------------------------------------------- */

const char *
encoding_name(enum encoding encoding)
{
	switch (encoding) {
	case ENCODING_UTF8:
		return "utf-8";
	case ENCODING_CP932:
		return "cp932";
	case ENCODING_UNKNOWN:
		break;
	}

	return "";
}

enum err
encoding_parse(struct slice name, enum encoding *ret)
{
	if (slice_equal_string(name, "utf-8"))
		*ret = ENCODING_UTF8;
	else if (slice_equal_string(name, "cp932"))
		*ret = ENCODING_CP932;
	else if (slice_is_empty(name))
		*ret = ENCODING_UNKNOWN;
	else
		return ERR_INPUT;

	return OK;
}

enum encoding
encoding_guess(struct arena *arena, struct slice text)
{
	struct slice decoded;

	if (utf8_without_mark(text).len != text.len || utf8_is_valid(text))
		return ENCODING_UTF8;
	/* Broken bytes in a UTF-8 file shall affect their own lines only. */
	return cp932_decode(arena, text, &decoded) == OK ? ENCODING_CP932
							 : ENCODING_UTF8;
}

/* The documented reason for which text_take() refuses `s`. */
static const char *
reason_of(struct arena *arena, size_t max, struct slice s)
{
	struct slice ignored;
	const char *why;

	if (!utf8_is_valid(s))
		return "encoding";
	if (utf8_length(s) > max)
		return "too-long";
	if (text_take(arena, TEXT_LINE, max, s, &ignored, &why))
		return "characters";

	return "malformed";
}

/* The reason why the field is refused, or NULL.  The length of a CP932 field is
 * checked before it is decoded. */
static const char *
take_field(struct arena *arena, enum encoding encoding,
    const struct column_info *info, struct slice s, struct slice *ret)
{
	const char *why;

	if (encoding == ENCODING_CP932) {
		if (s.len > 4 * info->max)
			return "too-long";
		if (cp932_decode(arena, s, &s))
			return "encoding";
	}
	if (text_take(arena, info->rule, info->max, s, ret, &why))
		return reason_of(arena, info->max, s);

	return NULL;
}

/* ---- The first line ---------------------------------------------------- */

static bool
same_name(struct slice given, const char *name)
{
	return given.len == strlen(name) &&
	    strncasecmp(given.data, name, given.len) == 0;
}

static bool
is_number_column(struct slice name)
{
	return same_name(name, "個人番号") || same_name(name, "number") ||
	    same_name(name, "individual_number");
}

/* COLUMN_COUNT if no column has that name. */
static unsigned int
find_column(struct slice name)
{
	unsigned int c;
	size_t i;

	for (c = 0; c < COLUMN_COUNT; c++) {
		for (i = 0; i < 6 && infos[c].names[i] != NULL; i++) {
			if (same_name(name, infos[c].names[i]))
				return c;
		}
	}

	return COLUMN_COUNT;
}

/* `why` is NULL, or the reason for which its name was refused. */
static enum err
unknown_column(
    size_t i, struct slice name, const char *why, struct problem *problem)
{
	if (why != NULL && strcmp(why, "encoding") == 0)
		return problem_set(problem, ERR_INPUT,
		    "line 1, column %zu: is not text in the file's encoding; "
		    "expected UTF-8 or CP932, as `encoding` says or else as it "
		    "was guessed",
		    i + 1);
	if (is_number_column(name))
		return problem_set(problem, ERR_INPUT,
		    "line 1, column %zu: Individual Numbers are not imported; "
		    "the network answers them (番号法施行令2条); take the "
		    "column out",
		    i + 1);

	return problem_set(problem, ERR_INPUT,
	    "line 1, column %zu: is not a column of a file of residents; "
	    "docs/formats.md has the names",
	    i + 1);
}

static enum err
check_columns(const bool *seen, struct problem *problem)
{
	static const enum column must[] = {
	    COLUMN_NAME, COLUMN_BIRTH, COLUMN_SEX};
	size_t i;

	for (i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		if (!seen[must[i]])
			return problem_set(problem, ERR_INPUT,
			    "line 1: column `%s` is missing; see "
			    "docs/formats.md",
			    column_name(must[i]));
	}
	if (seen[COLUMN_ADDRESS] == seen[COLUMN_TOWN])
		return problem_set(problem, ERR_INPUT,
		    "line 1: there must be either a column `address` or a "
		    "column `town`");

	return OK;
}

enum err
columns_parse(struct arena *arena, enum encoding encoding,
    const struct csv_record *header, struct columns *ret,
    struct problem *problem)
{
	static const struct column_info title = {
	    .rule = TEXT_LINE, .max = PERSON_WORD_MAX};
	bool seen[COLUMN_COUNT] = {false};
	struct slice name;
	const char *why;
	unsigned int c;
	size_t i;

	for (i = 0; i < header->n_fields; i++) {
		name = (struct slice){0};
		why = take_field(
		    arena, encoding, &title, header->fields[i], &name);
		c = why == NULL ? find_column(name) : COLUMN_COUNT;
		if (c == COLUMN_COUNT)
			return unknown_column(i, name, why, problem);
		if (seen[c])
			return problem_set(problem, ERR_INPUT,
			    "line 1, column %zu: column `%s` is repeated; "
			    "expected each once",
			    i + 1, column_name((enum column)c));
		seen[c] = true;
		ret->of[i] = (enum column)c;
	}
	ret->n = header->n_fields;

	return check_columns(seen, problem);
}

/* ---- A line ------------------------------------------------------------ */

/* The state that the checks of one record share. */
struct check {
	struct arena *arena;
	struct date today;
	bool has_town; /* the file, instead of an address */
	struct slice text[COLUMN_COUNT];
	struct row_fault *fault;
};

static enum err
fault(struct check *check, enum column column, const char *reason)
{
	check->fault->field = column_name(column);
	check->fault->reason = reason;

	return ERR_INPUT;
}

static enum err
take_fields(struct check *check, enum encoding encoding,
    const struct columns *columns, const struct csv_record *record)
{
	const char *reason;
	enum column c;
	size_t i;

	check->fault->field = "";
	check->fault->reason = "columns";
	if (record->n_fields != columns->n)
		return ERR_INPUT;
	for (i = 0; i < record->n_fields; i++) {
		c = columns->of[i];
		check->has_town |= c == COLUMN_TOWN;
		reason = take_field(check->arena, encoding, &infos[c],
		    record->fields[i], &check->text[c]);
		if (reason != NULL)
			return fault(check, c, reason);
	}

	return OK;
}

static int
digit_pair(const char *p)
{
	int high = p[0] - '0', low = p[1] - '0';

	return high < 0 || high > 9 || low < 0 || low > 9 ? -1
							  : high * 10 + low;
}

/* "2026-11-21", the usual form, for days that every month has. */
static bool
parse_usual_date(struct slice s, struct date *ret)
{
	int century, year, month, day;

	if (s.len != 10 || s.data[4] != '-' || s.data[7] != '-')
		return false;
	century = digit_pair(s.data);
	year = digit_pair(s.data + 2);
	month = digit_pair(s.data + 5);
	day = digit_pair(s.data + 8);
	if (century < 19 || year < 0 || month < 1 || month > 12 || day < 1 ||
	    day > 28)
		return false;
	*ret = (struct date){.year = (int16_t)(century * 100 + year),
	    .month = (int8_t)month,
	    .day = (int8_t)day};

	return true;
}

static enum err
take_date(struct check *check, enum column column, struct date *ret)
{
	struct slice s = check->text[column];

	if (s.len == 0 || parse_usual_date(s, ret))
		return OK;
	if (date_parse(digits_to_ascii(check->arena, s), ret))
		return fault(check, column, "malformed");

	return OK;
}

static enum err
take_past_date(struct check *check, enum column column, struct date *ret)
{
	enum err rc = take_date(check, column, ret);

	if (rc == OK && date_compare(*ret, check->today) > 0)
		return fault(check, column, "future");

	return rc;
}

static enum err
take_number(struct check *check, enum column column, int64_t *ret)
{
	struct slice s = check->text[column];
	struct resident_id id;

	if (s.len == 0)
		return OK;
	if (resident_id_parse(s, &id) &&
	    resident_id_parse(digits_to_ascii(check->arena, s), &id))
		return fault(check, column, "malformed");
	*ret = id.value;

	return OK;
}

static enum err
take_code(struct check *check, struct resident_code *ret)
{
	struct slice s = check->text[COLUMN_CODE];
	uint64_t any;

	if (s.len == 0)
		return OK;
	s = digits_to_ascii(check->arena, s);
	if (s.len != RESIDENT_CODE_DIGITS || slice_to_u64(s, UINT64_MAX, &any))
		return fault(check, COLUMN_CODE, "malformed");
	if (resident_code_parse(s, ret))
		return fault(check, COLUMN_CODE, "check-digit");

	return OK;
}

static enum err
take_sex(struct check *check, enum sex *ret)
{
	static const struct {
		const char *word;
		enum sex sex;
	} words[] = {{"1", SEX_MALE}, {"2", SEX_FEMALE}, {"男", SEX_MALE},
	    {"女", SEX_FEMALE}, {"１", SEX_MALE}, {"２", SEX_FEMALE},
	    {"男性", SEX_MALE}, {"女性", SEX_FEMALE}, {"male", SEX_MALE},
	    {"female", SEX_FEMALE}};
	struct slice s = check->text[COLUMN_SEX];
	size_t i;

	if (s.len == 0)
		return fault(check, COLUMN_SEX, "missing");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_equal_string(s, words[i].word)) {
			*ret = words[i].sex;
			return OK;
		}
	}

	return fault(check, COLUMN_SEX, "malformed");
}

/* "160-0022" or "1600022". */
static enum err
take_postal_code(struct check *check, struct slice *ret)
{
	struct slice s = check->text[COLUMN_POSTAL_CODE];
	uint64_t any;
	char *to;

	if (s.len == 0)
		return OK;
	if (s.len > 8)
		s = digits_to_ascii(check->arena, s);
	if (s.len == 8 && s.data[3] == '-') {
		to = arena_alloc(check->arena, 8);
		memcpy(to, s.data, 3);
		memcpy(to + 3, s.data + 4, 4);
		s = slice_bytes(to, 7);
	}
	if (s.len != 7 || slice_to_u64(s, UINT64_MAX, &any))
		return fault(check, COLUMN_POSTAL_CODE, "malformed");
	*ret = s;

	return OK;
}

static enum err
take_kana(struct check *check, const struct person *p, struct slice *ret)
{
	*ret = check->text[COLUMN_KANA];
	if (ret->len == 0 && slice_is_empty(p->nationality))
		return fault(check, COLUMN_KANA, "missing");

	return OK;
}

static enum err
take_address(struct check *check, struct slice *ret)
{
	const struct slice *text = check->text;
	const char *why;

	*ret = text[COLUMN_ADDRESS];
	if (ret->len != 0)
		return OK;
	if (text[COLUMN_TOWN].len == 0)
		return fault(check,
		    check->has_town ? COLUMN_TOWN : COLUMN_ADDRESS, "missing");
	*ret = arena_printf(check->arena, "%.*s%.*s%s%.*s",
	    SLICE_ARG(text[COLUMN_TOWN]), SLICE_ARG(text[COLUMN_BLOCK]),
	    text[COLUMN_BUILDING].len != 0 ? " " : "",
	    SLICE_ARG(text[COLUMN_BUILDING]));
	if (text_take(check->arena, TEXT_ADDRESS, PERSON_ADDRESS_MAX, *ret, ret,
		&why))
		return fault(check, COLUMN_TOWN, "malformed");

	return OK;
}

static void
take_texts(const struct check *check, struct person *p)
{
	const struct slice *text = check->text;

	p->relation = text[COLUMN_RELATION];
	p->attributes.name = text[COLUMN_NAME];
	p->attributes.former_surname = text[COLUMN_FORMER_SURNAME];
	p->attributes.alias = text[COLUMN_ALIAS];
	p->reason = text[COLUMN_REASON];
	if (!slice_equal_string(text[COLUMN_NATIONALITY], "日本"))
		p->nationality = text[COLUMN_NATIONALITY];
	p->status = text[COLUMN_STATUS];
}

enum err
row_parse(struct arena *arena, enum encoding encoding,
    const struct columns *columns, const struct csv_record *record,
    struct date today, struct row *ret, struct row_fault *ret_fault)
{
	struct check check = {
	    .arena = arena, .today = today, .fault = ret_fault};
	struct row row = {0};
	struct person *p = &row.person;
	enum err rc;

	if ((rc = take_fields(&check, encoding, columns, record)))
		return rc;
	take_texts(&check, p);
	if (p->attributes.name.len == 0)
		return fault(&check, COLUMN_NAME, "missing");
	if (check.text[COLUMN_BIRTH].len == 0)
		return fault(&check, COLUMN_BIRTH, "missing");
	if ((rc = take_number(&check, COLUMN_RESIDENT, &row.resident.value)) ||
	    (rc = take_number(&check, COLUMN_HOUSEHOLD, &p->household.value)) ||
	    (rc = take_kana(&check, p, &p->attributes.kana)) ||
	    (rc = take_past_date(&check, COLUMN_BIRTH, &p->attributes.birth)) ||
	    (rc = take_sex(&check, &p->attributes.sex)) ||
	    (rc = take_postal_code(&check, &p->postal_code)) ||
	    (rc = take_address(&check, &p->attributes.address)) ||
	    (rc = take_past_date(&check, COLUMN_BECAME, &p->became)) ||
	    (rc = take_date(&check, COLUMN_STATUS_UNTIL, &p->status_until)) ||
	    (rc = take_code(&check, &row.code)))
		return rc;
	if (date_is_before(p->became, p->attributes.birth))
		return fault(&check, COLUMN_BECAME, "before-birth");
	*ret = row;

	return OK;
}
