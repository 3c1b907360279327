/*
 * The reader of the law's table, with arbitrary text: three files, one after
 * another, with a line "--" between them.  A table that is read must answer
 * any question, and must not allow what no line holds.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "law/law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice
cut(struct slice *rest)
{
	static const char mark[] = "\n--\n";
	const char *at = NULL;
	struct slice part = *rest;

	if (rest->len >= sizeof(mark) - 1)
		at = memmem(rest->data, rest->len, mark, sizeof(mark) - 1);
	if (at == NULL) {
		*rest = SLICE("");
		return part;
	}
	part.len = (size_t)(at - rest->data) + 1; /* with its line feed */
	*rest = slice_bytes(
	    at + sizeof(mark) - 1, rest->len - part.len - (sizeof(mark) - 2));

	return part;
}

static void
ask_everything(const struct law *law)
{
	struct law_question question = {0};
	const struct law_provision *p;
	struct law_decision d;
	size_t i;

	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		question.row = p->row;
		question.inquirer = p->inquirers;
		question.provider = p->providers;
		for (question.kind = 0; question.kind <= LAW_KINDS_MAX;
		     question.kind++) {
			law_decide(law, &question, &d);
			if (question.kind < LAW_KINDS_MAX &&
			    (p->kinds[question.kind / 64] >>
				    (question.kind % 64) &
				1) != 0)
				assert(d.allowed);
		}
		question.inquirer = (struct law_names){{0}};
		law_decide(law, &question, &d);
		assert(!d.allowed);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_bytes(data, size);
	struct problem problem;
	struct law_text text = {.may_lack_kinds = size % 2 == 1};
	struct law *law;

	text.provisions = cut(&rest);
	text.capacities = cut(&rest);
	text.items = cut(&rest);
	problem_clear(&problem);
	if (law_load(&text, &law, &problem) == OK) {
		ask_everything(law);
		law_free(law);
	}

	return 0;
}
