#include "systems/addressee/lookup.h"

#include "addressee_rows.h"
#include "messages/common.h"
#include "systems/addressee/person.h"

struct addressee_lookup_input {
	struct individual_number number;
	bool has_number;
	struct internal_number internal_number;
	struct slice system, business_number;
};

static const struct field fields[] = {
    MAYBE(
	addressee_lookup_input, number, INDIVIDUAL_NUMBER, "Individual Number"),
    OPTION(addressee_lookup_input, internal_number, INTERNAL_NUMBER,
	"internal addressee number"),
    OPTION(addressee_lookup_input, system, TEXT(24),
	"the system of the business number; without it, registry"),
    OPTION(addressee_lookup_input, business_number, BUSINESS_NUMBER,
	"business number"),
};
const struct shape addressee_lookup_input_shape =
    SHAPE(addressee_lookup_input, fields);

static enum err
find(struct turn *turn, const struct addressee_lookup_input *i,
    struct internal_number *ret)
{
	bool by_business = !slice_is_empty(i->business_number);

	*ret = i->internal_number;
	if (i->has_number + (ret->value != 0) + by_business != 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "name the person by number, by internal_number, or by "
		    "system and business_number");
	if (i->has_number)
		return person_of_number(turn, &i->number, ret);
	if (!by_business)
		return OK;

	return person_of_business_number(turn,
	    slice_is_empty(i->system) ? SLICE("registry") : i->system,
	    i->business_number, ret);
}

static void
write_person(struct json_out *o, struct internal_number internal,
    const struct addressee_person_show_row *row)
{
	kind_internal_number.write(o, "internal_number", &internal);
	json_out_text(o, "name", row->name);
	json_out_text(o, "kana", row->kana);
	json_out_date(o, "birth", row->birth);
	json_out_text(o, "sex", sex_format(sex_of_number(row->sex)));
	json_out_text(o, "address", row->address);
	if (row->deceased.year != 0)
		json_out_date(o, "deceased", row->deceased);
	else
		json_out_text(o, "deceased", SLICE(""));
	json_out_text(o, "refusal", row->refusal);
	json_out_bool(o, "linked", row->linked);
}

static enum err
write_links(
    struct turn *turn, struct internal_number internal, struct json_out *o)
{
	struct addressee_business_numbers_row link;
	struct query q;
	enum err rc;

	json_out_array(o, "business_numbers");
	addressee_business_numbers_rows(turn->store, internal, &q);
	while ((rc = addressee_business_numbers_next(&q, &link)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "system", link.system);
		json_out_text(o, "business_number", link.business_number);
		json_out_end(o);
	}

	return rows_end(rc);
}

enum err
addressee_lookup(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct addressee_person_show_row row;
	struct internal_number internal;
	struct json_out *o;
	enum err rc = find(turn, INPUT(in, addressee_lookup_input), &internal);

	if (rc == OK)
		rc = addressee_person_show(
		    turn->store, turn->arena, internal, &row);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "this organisation knows no such person");
	TRY(rc);
	o = reply_object(reply, 200);
	write_person(o, internal, &row);
	TRY(write_links(turn, internal, o));

	return addressee_audit(turn, "person.read", internal, SLICE(""));
}
