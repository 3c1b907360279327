#include "host/pending.h"

#include "host/node_internal.h"
#include "host/reply.h"
#include "host/routes.h"
#include "host_rows.h"

/* "POST /path?query", in the arena. */
static struct slice
route_of(struct turn *turn, const struct http_call *call)
{
	bool has_query = call->query.len > 0;

	return arena_printf(turn->arena, "%s %.*s%s%.*s",
	    http_method_name(call->method), SLICE_ARG(call->path),
	    has_query ? "?" : "", SLICE_ARG(call->query));
}

struct digest
pending_digest(struct slice route, struct slice body)
{
	struct hasher *h = hasher_new();

	hasher_add(h, route);
	hasher_add(h, SLICE("\n"));
	hasher_add(h, body);

	return hasher_finish(h);
}

bool
input_is_confirmed(const struct input *in)
{
	return in->is_confirmed;
}

enum err
reply_pending(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice route = route_of(turn, in->call), id = turn_new_id(turn);
	struct digest digest = pending_digest(route, in->call->body);
	const char *duty = duty_info(in->route->right)->name;
	struct instant over = instant_plus(turn->now, PENDING_MS);
	struct host_pending_same_row same;
	struct json_out *o = reply_object(reply, 202);
	enum err rc;

	rc = host_pending_same(turn->store, turn->arena, &digest, turn->actor,
	    instant_plus(turn->now, -PENDING_MS), &same);
	TRY(rows_end(rc));
	if (rc == OK) {
		id = same.id;
		over = instant_plus(same.at, PENDING_MS);
	} else {
		TRY(host_pending_put(turn->store,
		    &(struct host_pending_put){.id = id,
			.route = route,
			.digest = &digest,
			.duty = slice_of(duty),
			.holder = turn->actor,
			.at = turn->now}));
		TRY(turn_audit(turn, "second.ask", route, slice_of(duty)));
	}
	json_out_text(o, "pending", id);
	json_out_text(o, "duty", slice_of(duty));
	json_out_instant(o, "until", over);

	return OK;
}
