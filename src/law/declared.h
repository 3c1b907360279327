/*
 * Own-use affairs and limits in a list, as GET /affairs of the network gives
 * it: {"affairs": [...], "limits": [...]}, the newest first.
 */
#ifndef BANGO_LAW_DECLARED_H
#define BANGO_LAW_DECLARED_H

#include "law/own_use.h"

struct declared_question {
	struct slice inquirer; /* the organisation that declared it */
	struct slice affair, item;
	struct slice provider; /* an organisation; empty: any, without limits */
};

/*
 * The declaration that counts (confirmed, else the newest) and the limit that
 * stands, into ret->own_use (NULL: none, else ret_own_use), is_confirmed,
 * declared_under and limit_...; all borrowed from the list.  ret->row is for
 * the caller to find.  ERR_INPUT if the list has no such form.
 */
MUST_USE enum err declared_find(const json_t *list,
    const struct declared_question *question, struct own_use *ret_own_use,
    struct own_use_case *ret, struct problem *problem);

#endif
