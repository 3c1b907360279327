#include "host/reply.h"

#include <string.h>
struct json_out *
reply_object(struct reply *reply, int status)
{
	reply->to->status = status;
	reply->has_object = true;
	json_out_init(&reply->out, reply->arena);
	json_out_object(&reply->out, NULL);

	return &reply->out;
}

void
reply_finish(struct reply *reply)
{
	if (!reply->has_object)
		return;
	reply_text(reply, reply->to->status, "application/json",
	    json_out_finish(&reply->out));
	buf_add_char(&reply->to->body, '\n');
}

void
reply_counting(struct reply *reply, int status, const struct counting *counting)
{
	struct json_out *o = reply_object(reply, status);
	size_t i;

	for (i = 0; i < counting->n; i++)
		json_out_int(o, counting->all[i].name, counting->all[i].value);
}

static bool
is_reached(const struct awaited *a, const struct counting *counts)
{
	int64_t value = counting_of(counts, a->count);

	return a->at_most ? value <= a->value : value >= a->value;
}

/* Is any count asked for, and is each of them there? */
static bool
are_reached(const struct counts_reply *p)
{
	const struct awaited *a;
	bool any = false;

	for (a = p->awaited; a->count != NULL; a++) {
		if (a->is_asked && !is_reached(a, &p->counts))
			return false;
		any |= a->is_asked;
	}

	return any;
}

void
reply_progress(const struct input *in, struct reply *reply,
    const struct counts_reply *counts)
{
	if (counts->wait > 0 && !input_waited(in) && !are_reached(counts))
		reply_wait(reply, counts->key, (int)counts->wait);
	else
		reply_counting(reply, 200, &counts->counts);
}

void
reply_text(struct reply *reply, int status, const char *content_type,
    struct slice body)
{
	struct node_reply *to = reply->to;

	to->status = status;
	to->content_type = content_type;
	buf_clear(&to->body);
	buf_add(&to->body, body);
}

void
reply_wait(struct reply *reply, struct slice key, int seconds)
{
	struct node_reply *to = reply->to;

	to->status = 0;
	to->wait_seconds = seconds;
	if (key.len >= sizeof(to->wait_key))
		key.len = sizeof(to->wait_key) - 1;
	memcpy(to->wait_key, key.data, key.len);
	to->wait_key[key.len] = '\0';
}

void
reply_problem(struct reply *reply, enum err err, struct slice request)
{
	const struct err_info *info = err_info(err);
	const struct problem *p = &reply->to->problem;
	struct json_out *o = reply_object(reply, info->http_status);

	json_out_int(o, "status", info->http_status);
	json_out_text(o, "error", slice_of(info->name));
	json_out_text(
	    o, "detail", slice_of(p->text[0] != '\0' ? p->text : info->title));
	json_out_text(o, "request", request);
	reply_finish(reply);
	reply->has_object = false;
	reply->to->content_type = "application/problem+json";
}

void
reply_refusal(
    const struct turn *turn, struct reply *reply, enum err err, const char *why)
{
	reply_problem(reply, problem_set(turn->problem, err, "%s", why),
	    turn->caller.request);
}
