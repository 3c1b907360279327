#include "systems/jukinet/lapsed.h"

#include "base/bug.h"
#include "jukinet_rows.h"

enum err
lapsed_any(struct turn *turn, struct slice municipality, bool *ret)
{
	struct jukinet_lapsed_open_row row;
	struct query q;
	enum err rc;

	jukinet_lapsed_open_rows(turn->store, municipality, 1, &q);
	rc = jukinet_lapsed_open_next(&q, &row);
	*ret = rc == OK;
	if (rc == OK)
		query_done(&q);

	return rows_end(rc);
}

enum err
lapsed_has(struct turn *turn, struct serial serial, bool *ret)
{
	struct jukinet_lapsed_find_row row;
	enum err rc = jukinet_lapsed_find(turn->store, serial, &row);

	*ret = rc == OK && !bug_is(BUG_LAPSED_USED);

	return rows_end(rc);
}

enum err
lapsed_add(struct turn *turn, struct slice municipality, struct serial serial)
{
	return jukinet_lapsed_put(turn->store, serial, municipality, turn->now);
}

enum err
lapsed_of_request(struct turn *turn, struct slice municipality,
    struct slice request, size_t max, struct serial *ret, size_t *ret_n)
{
	struct jukinet_lapsed_of_request_row row;
	struct query q;
	enum err rc;

	*ret_n = 0;
	jukinet_lapsed_of_request_rows(
	    turn->store, municipality, request, (int64_t)max, &q);
	while ((rc = jukinet_lapsed_of_request_next(&q, &row)) == OK)
		ret[(*ret_n)++] = row.serial;

	return rows_end(rc);
}

enum err
lapsed_revive(struct turn *turn, struct slice municipality,
    struct slice request, size_t max, struct serial *ret, size_t *ret_n)
{
	struct jukinet_lapsed_open_row row;
	struct query q;
	size_t i;
	enum err rc;

	*ret_n = 0;
	jukinet_lapsed_open_rows(turn->store, municipality, (int64_t)max, &q);
	while ((rc = jukinet_lapsed_open_next(&q, &row)) == OK)
		ret[(*ret_n)++] = row.serial;
	TRY(rows_end(rc));
	for (i = 0; i < *ret_n; i++)
		TRY(jukinet_lapsed_revive(turn->store, request, ret[i]));

	return OK;
}
