#include "law/edition.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"

struct editions {
	struct edition all[EDITIONS_MAX];
	size_t n;
};

struct editions *
editions_new(void)
{
	return heap_array(1, sizeof(struct editions));
}

void
editions_free(struct editions *editions)
{
	size_t i;

	if (editions == NULL)
		return;
	for (i = 0; i < editions->n; i++)
		law_free(editions->all[i].law);
	free(editions);
}

enum err
editions_add(struct editions *editions, struct date effective,
    const struct law_text *text, struct problem *problem)
{
	struct law *law;
	size_t i, at = 0;
	enum err rc;

	if (!date_is_known(effective))
		return problem_set(problem, ERR_INPUT,
		    "the day on which an edition takes effect must be fully "
		    "known");
	if (editions->n == EDITIONS_MAX)
		return problem_set(problem, ERR_TOO_LARGE,
		    "more than %d editions", EDITIONS_MAX);
	while (at < editions->n &&
	    date_compare(editions->all[at].effective, effective) < 0)
		at++;
	if (at < editions->n &&
	    date_compare(editions->all[at].effective, effective) == 0)
		return problem_set(problem, ERR_CONFLICT,
		    "another edition takes effect on that day already");
	rc = law_load(text, &law, problem);
	if (rc)
		return rc;
	for (i = editions->n++; i > at; i--)
		editions->all[i] = editions->all[i - 1];
	editions->all[at] = (struct edition){effective, law};

	return OK;
}

size_t
editions_count(const struct editions *editions)
{
	return editions->n;
}

const struct edition *
editions_at(const struct editions *editions, size_t index)
{
	assert(index < editions->n);

	return &editions->all[index];
}

enum err
editions_on(const struct editions *editions, struct date day,
    const struct edition **ret)
{
	size_t i = editions->n;

	if (!date_is_known(day))
		return ERR_NOT_FOUND;
	while (i > 0 && date_compare(editions->all[i - 1].effective, day) > 0)
		i--;
	if (i == 0)
		return ERR_NOT_FOUND;
	*ret = &editions->all[i - 1];

	return OK;
}
