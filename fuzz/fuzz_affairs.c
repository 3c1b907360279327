/*
 * Lists of own-use affairs and limits, as `bango law may --affairs` and, one
 * by one, the network's messages bring them.  A permitted affair must have been
 * declared and confirmed, and stay within the built-in table's row.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "law/declared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct law *law;

static void
judge(const struct declared_list *list, struct slice item)
{
	const struct declared_question question = {.inquirer = SLICE("131041"),
	    .affair = SLICE("own-medical"),
	    .item = item,
	    .provider = SLICE("012041")};
	struct own_use_case inquiry = {.item = item, .day = {2026, 11, 21}};
	struct problem problem = {0};
	struct law_decision decision;
	struct buf article;
	const char *text;

	declared_find(list, &question, &inquiry);
	if (law_capacities(law, SLICE("municipality"), &inquiry.provider))
		abort();
	if (inquiry.own_use != NULL) {
		inquiry.row = own_use_row(inquiry.own_use, law, law);
		(void)(own_use_check(
			   law, inquiry.own_use, inquiry.row, &problem) == OK);
	}
	buf_init(&article);
	if (own_use_judge(law, &inquiry, &decision, &article, &text) ==
	    REFUSED_NOT) {
		assert(decision.allowed && inquiry.is_confirmed);
		assert(decision.row == inquiry.row && decision.sub > 0);
		assert(
		    date_compare(inquiry.own_use->effective, inquiry.day) <= 0);
		assert(slice_is_empty(inquiry.limit_ordinance));
	}
	buf_done(&article);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct law_text text = law_text_built_in();
	struct problem problem = {0};
	struct arena *arena = arena_new();
	struct declared_list list;

	if (law == NULL && law_load(&text, &law, &problem))
		abort();
	if (shape_read(&declared_list_shape, arena, slice_bytes(data, size),
		&list, &problem) == OK) {
		judge(&list, SLICE("local-tax"));
		judge(&list, SLICE("pension"));
	}
	arena_free(arena);

	return 0;
}
