#include "systems/offices/loading.h"

#include "messages/persons.h"
#include "systems/offices/record.h"

static enum err
load(struct turn *turn, struct office_replica_put put, int64_t year,
    struct reply *reply)
{
	put.version = arena_printf(turn->arena, "%04d", (int)year);
	put.at = turn->now;
	TRY(record_change(turn, &put));
	json_out_int(reply_object(reply, 200), "loaded", (int64_t)put.n_items);

	return OK;
}

/* --- Local tax ------------------------------------------------------------- */

struct offices_tax_input {
	int64_t year;
	struct office_replica_put put;
};
static const struct field tax_fields[] = {
    FIELD(offices_tax_input, year, INT(0, 9999),
	"the year of taxation, from 1868"),
    RECORD_ROWS(offices_tax_input, put.items, put.n_items),
};
const struct shape offices_tax_input_shape =
    SHAPE(offices_tax_input, tax_fields);

enum err
loading_route_tax(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_tax_input *i = INPUT(in, offices_tax_input);
	struct office_replica_put put = i->put;

	put.item = SLICE(OFFICES_ITEM_TAX);

	return load(turn, put, i->year, reply);
}

/* --- Insured persons ------------------------------------------------------- */

/* All four attributes and the kana are required beside the number: with fewer, a
 * mistaken number would pass (docs/incidents.md F11). */
struct insured {
	struct persons_registered_item person;
	struct slice contents;
};
static const struct field row_fields[] = {
    FIELD_AS(insured, person.business_number, "business_number",
	BUSINESS_NUMBER, "the person's business number"),
    FIELD_AS(insured, person.number, "number", INDIVIDUAL_NUMBER, "個人番号"),
    FIELD_AS(insured, person.person.name, "name", NAME, "氏名"),
    FIELD_AS(insured, person.person.kana, "kana", KANA, "氏名の振り仮名"),
    FIELD_AS(insured, person.person.birth, "birth", DATE_OR_PART, "生年月日"),
    FIELD_AS(insured, person.person.sex, "sex", SEX, "性別"),
    FIELD_AS(insured, person.person.address, "address", ADDRESS, "住所"),
    FIELD(insured, contents, JSON(MESSAGE_CONTENTS_MAX), "pension records"),
};
static const struct shape insured_shape = SHAPE(insured, row_fields);

struct offices_insured_input {
	const struct insured *items;
	size_t n_items;
};
static const struct field insured_fields[] = {
    ROWS(offices_insured_input, items, insured, OFFICES_ROWS_MAX,
	"rows: business number, Individual Number, name, kana, date of birth, "
	"sex, address, contents"),
};
const struct shape offices_insured_input_shape =
    SHAPE(offices_insured_input, insured_fields);

enum err
loading_route_insured(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_insured_input *i =
	    INPUT(in, offices_insured_input);
	struct system_id addressee = turn_sibling(turn, "addressee");
	size_t n, all = i->n_items;
	struct persons_registered_item *people =
	    arena_array(turn->arena, all, sizeof(*people));
	struct office_replica *rows =
	    arena_array(turn->arena, all, sizeof(*rows));

	for (n = 0; n < all; n++) {
		people[n] = i->items[n].person;
		rows[n] = (struct office_replica){
		    people[n].business_number, i->items[n].contents};
	}
	if (all > 0)
		TRY(turn_tell(turn, &addressee, persons_registered,
		    &(struct persons_registered){people, all}));

	return load(turn,
	    (struct office_replica_put){.item = SLICE(OFFICES_ITEM_PENSION),
		.items = rows,
		.n_items = all},
	    date_in_japan(turn->now).year, reply);
}
