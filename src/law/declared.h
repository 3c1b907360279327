/*
 * Own-use affairs and limits in a list, as GET /affairs of the network gives
 * it: {"affairs": [...], "limits": [...]}, the newest first.
 */
#ifndef BANGO_LAW_DECLARED_H
#define BANGO_LAW_DECLARED_H

#include "law/own_use.h"

#define DECLARED_MAX 5000 /* affairs, and limits */

struct declared_affair {
	struct slice declaration;
	struct own_use own_use;
	struct slice organisation, state, reason, officer;
	struct instant declared, decided; /* 0: not yet */
	struct date edition;              /* the one whose row it names */
};

struct declared_limit {
	struct slice declaration, provider;
	struct slice item, organisation, affair; /* empty: all */
	struct slice ordinance, number;
	struct instant declared, withdrawn; /* 0: not yet */
};

struct declared_list {
	const struct declared_affair *affairs;
	const struct declared_limit *limits;
	size_t n_affairs, n_limits;
};

extern const struct shape declared_affair_shape, declared_limit_shape,
    declared_list_shape;

struct declared_question {
	struct slice inquirer; /* the organisation that declared it */
	struct slice affair, item;
	struct slice provider; /* an organisation; empty: any, without limits */
};

/*
 * Find the declaration that counts (confirmed, else the newest) and the limit
 * in force: ret->own_use (NULL: none), is_confirmed, declared_under and
 * limit_...; all borrowed from the list.  The caller fills in ret->row.
 */
void declared_find(const struct declared_list *list,
    const struct declared_question *question, struct own_use_case *ret);

#endif
