/*
 * The law's table as data: it says which inquirer may ask which provider for
 * which information.
 *
 * The table of article 2 of the order under 番号法19条8号
 * (行政手続における特定の個人を識別するための番号の利用等に関する法律第十九条第八号に
 * 基づく利用特定個人情報の提供に関する命令, 令和6年デジタル庁・総務省令第9号) says in
 * 173 rows (項) which inquirer (情報照会者) may get, for which affair
 * (特定個人番号利用事務), which information (利用特定個人情報) from which
 * provider (情報提供者).  It is kept word for word (data/provision_table.tsv)
 * and read here once; an inquiry that is not in it is not allowed.
 *
 * Not decided here: the articles 3 to 175, which narrow each row to single
 * affairs and single data; conditions on an inquirer that its affair implies
 * ("事業主体である市町村長" is read as 市町村長).  own_use.h decides affairs by
 * ordinance (番号法19条9号).
 */
#ifndef BANGO_LAW_LAW_H
#define BANGO_LAW_LAW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define LAW_ROWS_MAX 999 /* rows are numbered 1.. */
#define LAW_NAMES_MAX 128
#define LAW_KINDS_MAX 192
#define LAW_ITEMS_MAX 192

/* The texts of a law; TSV with a header line (data/README.md). */
struct law_text {
	struct slice provisions;
	struct slice capacities;
	struct slice items;
	/* False: an item whose kind the table lacks is an error.  True: nobody
	 * may ask for such an item.  True for editions that came later than
	 * the items. */
	bool may_lack_kinds;
};

struct law;

/* The texts of data/ as they were when bango was built. */
struct law_text law_text_built_in(void);
/*
 * Read and check.  ERR_INPUT with file and line in the problem; ERR_TOO_LARGE
 * if something exceeds the limits above.  The texts are not needed afterwards.
 */
MUST_USE enum err law_load(
    const struct law_text *text, struct law **ret, struct problem *problem);
void law_free(struct law *law); /* NULL is fine */

/* The names in the table that an organisation may act under. */
struct law_names {
	uint64_t bits[LAW_NAMES_MAX / 64];
};

/* The names of a kind of organisation ("municipality"; data/capacities.tsv).
 * ERR_NOT_FOUND. */
MUST_USE enum err
law_capacities(const struct law *law, struct slice kind, struct law_names *ret);

/* The same; or `name` is a name in the table ("市町村長").  ERR_NOT_FOUND. */
MUST_USE enum err
law_party(const struct law *law, struct slice word, struct law_names *ret);
/* Do the two sets share a name?  Add the names of `other` to `set`. */
bool law_names_meet(const struct law_names *a, const struct law_names *b);
void law_names_join(struct law_names *set, const struct law_names *other);

/* Kinds of organisation, index 0.. until the empty slice. */
struct slice law_capacity_at(const struct law *law, size_t index);

/* An item of information that can be asked for (data/items.tsv). */
struct law_item {
	struct slice id;    /* "local-tax" */
	struct slice kind;  /* its name in the table: "地方税関係情報" */
	struct slice title; /* for residents */
	struct slice title_en;
	/* The kind's number for struct law_question; LAW_KINDS_MAX: none. */
	unsigned int number;
};

/* ERR_NOT_FOUND; *ret borrows from the law. */
MUST_USE enum err
law_item(const struct law *law, struct slice id, struct law_item *ret);
size_t law_items(const struct law *law);
struct law_item law_item_at(const struct law *law, size_t index);

/* An affair as messages name it: the row's number, without leading zeros.
 * ERR_NOT_FOUND if the table has no such row. */
MUST_USE enum err
law_row(const struct law *law, struct slice affair, unsigned int *ret);
/* The words of the affair; borrowed, empty if there is no such row. */
struct slice law_affair(const struct law *law, unsigned int row);

struct law_question {
	struct law_names inquirer;
	unsigned int row; /* the affair; 0: none */
	struct law_names provider;
	unsigned int kind; /* struct law_item's number */
};

/* The reason of a refusal: the first of these that is true. */
enum law_missing {
	LAW_MISSING_NOTHING,
	LAW_MISSING_ROW,         /* no such affair */
	LAW_MISSING_INQUIRER,    /* the affair is not the inquirer's */
	LAW_MISSING_INFORMATION, /* the affair has other information */
	LAW_MISSING_PROVIDER,    /* the information has other providers */
};

struct law_decision {
	bool allowed;
	unsigned int row;     /* 0 if there is none */
	unsigned int sub;     /* the line within the row; 0 if refused */
	unsigned int article; /* of the order, that details the row; or 0 */
	enum law_missing missing;
};

/* No allocation, a few dozen instructions.  Any question has an answer. */
void law_decide(const struct law *law, const struct law_question *question,
    struct law_decision *ret);

/* "番号法19条8号、令和6年命令第9号2条の表106の項"; appended. */
void law_cite(const struct law_decision *decision, struct buf *ret);
/* The reason of a refusal, in Japanese and English; static. */
const char *law_missing_text(enum law_missing missing);

/* --- For tests and listings ---------------------------------------------- */

struct law_provision {
	unsigned int row, sub;
	struct law_names inquirers;
	struct law_names providers;
	uint64_t kinds[LAW_KINDS_MAX / 64];
};

size_t law_provisions(const struct law *law);
const struct law_provision *
law_provision_at(const struct law *law, size_t index);
bool law_provision_has(const struct law_provision *p, unsigned int kind);
/* Index 0.. until the empty slice. */
struct slice law_name_at(const struct law *law, size_t index);
struct slice law_kind_at(const struct law *law, size_t index);

#endif
