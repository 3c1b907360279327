#include "nation/relink.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/right.h"

#define PATH_MAX_LEN 80

static enum err
find_network(
    const struct nation *nation, const char **ret, struct problem *problem)
{
	const struct config *c = nation->config;
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (strcmp(c->systems[i].system->component.name, "network") ==
		    0) {
			*ret = c->systems[i].id.text;
			return OK;
		}
	}

	return problem_set(problem, ERR_NOT_FOUND,
	    "the nation in %s has no network, which gives linkage codes",
	    nation->dir);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static int64_t
int_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* nation_ask() at the network. */
static enum err
call(struct nation *nation, enum http_method method, const char *path,
    json_t *body, json_t **ret, struct problem *problem)
{
	const char *network = NULL;
	enum err rc = find_network(nation, &network, problem);

	if (rc) {
		json_decref(body);
		return rc;
	}

	return nation_ask(nation, network, method, path, body, ret, problem);
}

/* --- The command ---------------------------------------------------------- */

static void
tell_next(const json_t *answer, struct buf *ret)
{
	const char *pending = text_of(answer, "pending");

	if (pending[0] == '\0')
		buf_printf(ret,
		    "begun: all codes go to the key of epoch %" PRId64 "\n",
		    int_of(answer, "epoch"));
	else
		buf_printf(ret,
		    "it waits for a second holder until %s: the same command "
		    "with --confirm %s\n",
		    text_of(answer, "until"), pending);
}

enum err
relink_order(struct nation *nation, const char *reason, const char *pending,
    struct buf *ret, struct problem *problem)
{
	json_t *body = json_object(), *answer = NULL;
	struct buf path;
	enum err rc;

	nation->duties = RIGHT_BIT(DUTY_RELINK);
	buf_init(&path);
	if (pending == NULL)
		buf_add_string(&path, "/relinkings");
	else
		buf_printf(&path, "/pending/%s/confirmation", pending);
	json_put_text(body, "reason", slice_of(reason));
	rc = call(nation, HTTP_POST, path.data, body, &answer, problem);
	if (rc == OK)
		tell_next(answer, ret);
	buf_done(&path);
	json_decref(answer);

	return rc;
}

/* --- Progress -------------------------------------------------------------- */

static bool
is_done(const json_t *row)
{
	return strcmp(text_of(row, "state"), "done") == 0;
}

static void
tell_commands(const json_t *answer, struct buf *ret)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "relinkings"), i, row)
	    buf_printf(ret, "epoch %" PRId64 "  begun %s by %s: %s\n",
		int_of(row, "epoch"), text_of(row, "begun"),
		text_of(row, "officer"), text_of(row, "reason"));
}

static void
tell_counts(const json_t *answer, struct buf *ret, int64_t *ret_open)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "states"), i, row)
	{
		buf_printf(ret,
		    "%-8s %" PRId64 " organisations, %" PRId64 " codes\n",
		    text_of(row, "state"), int_of(row, "organisations"),
		    int_of(row, "codes"));
		if (!is_done(row))
			*ret_open += int_of(row, "organisations");
	}
}

static void
tell_open(const json_t *answer, struct buf *ret)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "organisations"), i, row)
	{
		if (is_done(row))
			continue;
		buf_printf(ret,
		    "  %-10s %-8s %3" PRId64 " %%  %" PRId64
		    " codes, since %s\n",
		    text_of(row, "organisation"), text_of(row, "state"),
		    int_of(row, "percent"), int_of(row, "codes"),
		    text_of(row, "changed"));
	}
}

/* Append a page; *ret_next is that of the next one, 0 at the end. */
static enum err
tell_page(struct nation *nation, struct buf *ret, int64_t *ret_next,
    int64_t *ret_open, struct problem *problem)
{
	json_t *answer = NULL;
	char path[PATH_MAX_LEN];

	snprintf(path, sizeof(path), "/relinkings?after=%" PRId64, *ret_next);
	TRY(call(nation, HTTP_GET, path, NULL, &answer, problem));
	tell_commands(answer, ret);
	tell_counts(answer, ret, ret_open);
	tell_open(answer, ret);
	*ret_next = int_of(answer, "next");
	json_decref(answer);

	return OK;
}

enum err
relink_show(struct nation *nation, struct buf *ret, int64_t *ret_open,
    struct problem *problem)
{
	int64_t next = 0;

	*ret_open = 0;
	do
		TRY(tell_page(nation, ret, &next, ret_open, problem));
	while (next > 0);

	return OK;
}
