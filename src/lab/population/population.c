#include "lab/population/population.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/random.h"
#include "lab/population/table.h"

#define HOUSEHOLD_MAX 8
#define SEX_MALE 0
#define SEX_FEMALE 1

struct foreign_name {
	const char *nationality;
	const char *family;
	const char *male;
	const char *female;
	const char *alias; /* 通称, of some */
};

/* Common names by nationality; three of each are enough for a likeness. */
static const struct foreign_name foreign_names[] = {
    {"中国", "WANG", "WEI", "FANG", NULL},
    {"中国", "LI", "QIANG", "NA", NULL},
    {"中国", "ZHANG", "LEI", "MIN", NULL},
    {"韓国", "KIM", "MINJUN", "SEOYEON", "金田"},
    {"韓国", "LEE", "SEOJUN", "JIWOO", NULL},
    {"韓国", "PARK", "DOYUN", "HAEUN", "木村"},
    {"ベトナム", "NGUYEN", "VAN ANH", "THI LAN", NULL},
    {"ベトナム", "TRAN", "MINH DUC", "THI HOA", NULL},
    {"ネパール", "SHRESTHA", "BIKASH", "SITA", NULL},
    {"ネパール", "GURUNG", "PRAKASH", "MAYA", NULL},
    {"フィリピン", "SANTOS", "JOSE", "MARIA", NULL},
    {"フィリピン", "REYES", "MARK", "ANGELICA", NULL},
    {"米国", "SMITH", "JAMES", "EMILY", NULL},
    {"ブラジル", "SILVA", "PEDRO", "ANA", "シルバ"},
};
#define FOREIGN_NAMES (sizeof(foreign_names) / sizeof(foreign_names[0]))

static const char *const residence_statuses[] = {"永住者",
    "技術・人文知識・国際業務", "留学", "家族滞在", "特定技能1号",
    "日本人の配偶者等"};
#define RESIDENCE_STATUSES \
	(sizeof(residence_statuses) / sizeof(residence_statuses[0]))

struct member {
	const char *relation;
	int sex;
	struct date birth;
	bool former; /* keeps a former surname in the record */
};

struct household {
	uint64_t number;
	struct member members[HOUSEHOLD_MAX];
	size_t n;
	const struct slice *family; /* row of family names */
	const struct slice *town;   /* row of towns */
	const struct foreign_name *foreign;
	struct slice block;
	struct date since;
};

struct maker {
	const struct population_options *options;
	struct random_seed state;
	struct random random;
	struct table families, men, women, towns;
	struct slice prefix; /* prefecture and municipality */
	struct arena *arena; /* of one household */
	struct buf out;
	uint64_t residents, households;
};

static size_t
pick(struct maker *m, size_t n)
{
	return (size_t)random_below(&m->random, n);
}

static bool
chance(struct maker *m, int of_1000)
{
	return random_below(&m->random, 1000) < (uint64_t)of_1000;
}

/* A day of birth of somebody who is `age` on the day of the population. */
static struct date
birth_at(struct maker *m, int age)
{
	struct date d = m->options->day;

	d = date_plus_days(d, -(int)pick(m, 365));
	d.year = (int16_t)(d.year - age);
	if (d.month == 2 && d.day == 29)
		d.day = 28;

	return d;
}

static struct member *
add(struct maker *m, struct household *h, const char *relation, int sex,
    int age)
{
	struct member *p = &h->members[h->n++];

	*p = (struct member){
	    .relation = relation, .sex = sex, .birth = birth_at(m, age)};

	return p;
}

static int
between(struct maker *m, int low, int high)
{
	return low + (int)pick(m, (size_t)(high - low) + 1);
}

static void
add_children(struct maker *m, struct household *h, int parent_age, int n)
{
	int age;

	for (; n > 0; n--) {
		age = parent_age - between(m, 22, 38);
		if (age >= 0 && age < 28)
			add(m, h, "子", (int)pick(m, 2), age);
	}
}

static void
add_spouse(struct maker *m, struct household *h, int age)
{
	struct member *spouse;
	int of_spouse = age + between(m, -6, 4);

	if (of_spouse < 19)
		of_spouse = 19;
	spouse = add(m, h, h->members[0].sex == SEX_MALE ? "妻" : "夫",
	    1 - h->members[0].sex, of_spouse);
	spouse->former = spouse->sex == SEX_FEMALE && chance(m, 20);
}

/* Shares of kinds of household, near those of the 2020 census. */
static void
fill(struct maker *m, struct household *h)
{
	int kind = (int)pick(m, 100);
	int age = kind < 40 ? between(m, 18, 95) : between(m, 26, 88);

	add(m, h, "世帯主",
	    chance(m, kind < 40 ? 500 : 850) ? SEX_MALE : SEX_FEMALE, age);
	if (kind < 40)
		return; /* alone */
	if (kind < 90)
		add_spouse(m, h, age);
	if (kind >= 60 && kind < 84)
		add_children(m, h, age, between(m, 1, 3));
	if (kind >= 84 && kind < 90) {
		add_children(m, h, age, between(m, 1, 2));
		add(m, h, "母", SEX_FEMALE, age + between(m, 20, 32));
	}
	if (kind >= 90)
		add_children(m, h, age, between(m, 1, 2));
}

static struct slice
block(struct maker *m)
{
	struct slice s = arena_printf(m->arena, "%d丁目%d番%d号",
	    between(m, 1, 8), between(m, 1, 40), between(m, 1, 25));

	if (!chance(m, 450))
		return s;

	return arena_printf(m->arena, "%.*s　%s%d号室", SLICE_ARG(s),
	    chance(m, 500) ? "グリーンハイツ" : "コーポ桜",
	    between(m, 1, 9) * 100 + between(m, 1, 12));
}

static struct slice
date_text(struct arena *arena, struct date d)
{
	char text[DATE_TEXT_MAX];

	date_format(d, text);

	return arena_copy(arena, slice_of(text));
}

static const struct slice *
given_name(struct maker *m, int sex)
{
	struct table *t = sex == SEX_MALE ? &m->men : &m->women;

	return t->rows[pick(m, t->n)];
}

static void
add_field(struct maker *m, struct slice s)
{
	buf_add(&m->out, s);
	buf_add_char(&m->out, ',');
}

/* Name, kana, former surname, alias. */
static void
write_name(struct maker *m, const struct household *h, const struct member *p)
{
	const struct slice *given = given_name(m, p->sex);
	const struct foreign_name *f = h->foreign;
	const struct slice *former;

	if (f != NULL) {
		buf_printf(&m->out, "%s %s,,,", f->family,
		    p->sex == SEX_MALE ? f->male : f->female);
		if (f->alias != NULL && chance(m, 300))
			buf_printf(
			    &m->out, "%s　%.*s", f->alias, SLICE_ARG(given[0]));
		buf_add_char(&m->out, ',');
		return;
	}
	buf_printf(&m->out, "%.*s　%.*s,%.*s　%.*s,", SLICE_ARG(h->family[0]),
	    SLICE_ARG(given[0]), SLICE_ARG(h->family[1]), SLICE_ARG(given[1]));
	if (p->former) {
		former = m->families.rows[pick(m, m->families.n)];
		buf_add(&m->out, former[0]);
	}
	buf_add_string(&m->out, ",,");
}

static void
write_member(struct maker *m, const struct household *h, const struct member *p)
{
	struct date since = h->since;
	bool born_here = date_compare(p->birth, since) > 0;

	buf_printf(&m->out, "%010llu,%010llu,%s,",
	    (unsigned long long)++m->residents, (unsigned long long)h->number,
	    p->relation);
	write_name(m, h, p);
	add_field(m, date_text(m->arena, p->birth));
	add_field(m, p->sex == SEX_MALE ? SLICE("1") : SLICE("2"));
	add_field(m, h->town[1]);
	buf_printf(&m->out, "%.*s%.*s%.*s,", SLICE_ARG(m->prefix),
	    SLICE_ARG(h->town[2]), SLICE_ARG(h->block));
	add_field(m, date_text(m->arena, born_here ? p->birth : since));
	add_field(m, born_here ? SLICE("出生") : SLICE("転入"));
	if (h->foreign != NULL) {
		buf_printf(&m->out, "%s,%s,", h->foreign->nationality,
		    residence_statuses[pick(m, RESIDENCE_STATUSES)]);
		buf_add(&m->out,
		    date_text(m->arena,
			date_plus_days(m->options->day, between(m, 60, 1800))));
	} else
		buf_add_string(&m->out, ",,");
	buf_add_char(&m->out, '\n');
}

static enum err
flush(struct maker *m, FILE *to, struct problem *problem)
{
	struct slice s = buf_slice(&m->out);
	enum err rc = OK;

	if (m->options->cp932)
		rc = cp932_encode(m->arena, s, &s);
	if (rc)
		return problem_set(
		    problem, ERR_INTERNAL, "a name has no form in CP932");
	if (fwrite(s.data, 1, s.len, to) != s.len || fflush(to))
		return problem_set(problem, err_of_errno(errno),
		    "the residents cannot be written: %s", strerror(errno));
	buf_clear(&m->out);

	return OK;
}

static enum err
write_household(struct maker *m, FILE *to, struct problem *problem)
{
	struct household h = {.number = ++m->households};
	size_t i;
	enum err rc = OK;

	arena_reset(m->arena);
	fill(m, &h);
	h.family = m->families.rows[pick(m, m->families.n)];
	h.town = m->towns.rows[pick(m, m->towns.n)];
	h.block = block(m);
	h.since = date_plus_days(m->options->day, -(int)pick(m, 9000));
	if (chance(m, m->options->foreign))
		h.foreign = &foreign_names[pick(m, FOREIGN_NAMES)];
	for (i = 0; i < h.n && m->residents < m->options->count; i++)
		write_member(m, &h, &h.members[i]);
	if (m->out.len > 60000)
		rc = flush(m, to, problem);

	return rc;
}

/* --- The tables ---------------------------------------------------------- */

static bool
is_of_sex(const struct slice *row, const void *sex)
{
	return slice_equal_string(row[3], sex) && kana_is_valid(row[1]);
}

static bool
is_town_of(const struct slice *row, const void *municipality)
{
	return slice_equal(row[0], *(const struct slice *)municipality);
}

static bool
is_code(const struct slice *row, const void *municipality)
{
	return slice_equal(row[0], *(const struct slice *)municipality);
}

static enum err
load(struct maker *m, struct problem *problem)
{
	const struct slice *code = &m->options->municipality;
	struct table governments;

	table_read(&m->families, table_family_names(), NULL, NULL);
	table_read(&m->men, table_given_names(), is_of_sex, "male");
	table_read(&m->women, table_given_names(), is_of_sex, "female");
	table_read(&m->towns, table_towns(), is_town_of, code);
	table_read(&governments, table_local_governments(), is_code, code);
	if (governments.n == 1)
		m->prefix = arena_printf(m->arena, "%.*s%.*s",
		    SLICE_ARG(governments.rows[0][2]),
		    SLICE_ARG(governments.rows[0][3]));
	table_done(&governments);
	if (m->towns.n > 0)
		return OK;

	return problem_set(problem, ERR_INPUT,
	    "no towns are known of municipality %.*s; there are towns of "
	    "131041 Shinjuku, 131199 Itabashi, 131202 Nerima, 012041 "
	    "Asahikawa, 042021 Ishinomaki",
	    SLICE_ARG(*code));
}

enum err
population_write(
    const struct population_options *options, FILE *to, struct problem *problem)
{
	struct arena *lasting = arena_new();
	struct maker m = {.options = options, .arena = lasting};
	enum err rc;

	m.random = random_seeded(&m.state, options->seed);
	buf_init(&m.out);
	rc = load(&m, problem);
	m.arena = arena_new();
	buf_add_string(&m.out,
	    "住民宛名番号,世帯番号,続柄,氏名,氏名の振り仮名,旧氏,通称,"
	    "生年月日,性別,郵便番号,住所,住民となった年月日,"
	    "住民となった事由,国籍・地域,在留資格,在留期間満了日\n");
	while (rc == OK && m.residents < options->count)
		rc = write_household(&m, to, problem);
	if (rc == OK)
		rc = flush(&m, to, problem);
	table_done(&m.families);
	table_done(&m.men);
	table_done(&m.women);
	table_done(&m.towns);
	arena_free(m.arena);
	arena_free(lasting);
	buf_done(&m.out);

	return rc;
}
