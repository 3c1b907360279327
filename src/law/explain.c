#include "law/explain.h"

const char *
law_missing_name(enum law_missing missing)
{
	switch (missing) {
	case LAW_MISSING_NOTHING:
		return "";
	case LAW_MISSING_ROW:
		return "affair";
	case LAW_MISSING_INQUIRER:
		return "inquirer";
	case LAW_MISSING_INFORMATION:
		return "item";
	case LAW_MISSING_PROVIDER:
		return "provider";
	}

	return "";
}

void
law_put_names(
    struct buf *to, const struct law *law, const struct law_names *names)
{
	struct slice name;
	size_t i;

	for (i = 0; !slice_is_empty(name = law_name_at(law, i)); i++) {
		if ((names->bits[i / 64] >> (i % 64) & 1) == 0)
			continue;
		if (buf_slice(to).len > 0)
			buf_add_string(to, "、");
		buf_add(to, name);
	}
}

/* Does a row allow an item, whoever provides it? */
static bool
row_has(const struct law *law, unsigned int row, unsigned int kind)
{
	const struct law_provision *p;
	size_t i;

	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		if (p->row == row && law_provision_has(p, kind))
			return true;
	}

	return false;
}

static void
put_items(struct buf *to, const struct law *law, unsigned int row)
{
	struct law_item item;
	size_t i;

	for (i = 0; i < law_items(law); i++) {
		item = law_item_at(law, i);
		if (!row_has(law, row, item.number))
			continue;
		if (buf_slice(to).len > 0)
			buf_add_string(to, ", ");
		buf_add(to, item.id);
	}
}

void
law_put_fitting(struct buf *to, const struct law *law,
    const struct law_question *question, enum law_missing missing)
{
	struct law_names names = {{0}};
	const struct law_provision *p;
	size_t i;

	if (missing == LAW_MISSING_INFORMATION) {
		put_items(to, law, question->row);
		return;
	}
	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		if (p->row != question->row)
			continue;
		if (missing == LAW_MISSING_INQUIRER)
			law_names_join(&names, &p->inquirers);
		if (missing == LAW_MISSING_PROVIDER &&
		    law_provision_has(p, question->kind))
			law_names_join(&names, &p->providers);
	}
	law_put_names(to, law, &names);
}
