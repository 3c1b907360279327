#include "bench/load.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "crypto/random.h"

#define CONNECTIONS 60 /* of the 64 that a server grants one client */
#define TICK_US 1000
#define CALL_MS 60000
#define WAIT_S 30
#define ANSWER_MAX (64u << 10)

struct load {
	const struct prepared *p;
	struct event_base *base;
	struct event *tick;
	struct http_client *client;
	struct inquiry *inquiries;
	struct buf base_url;
	double start, rate;
	int first, n, n_sent, n_done, at_once;
	struct problem *problem;
	enum err rc;
};

struct inquiry {
	struct load *load;
	int number;
	double due; /* when it is to arrive */
	double ms;
};

json_t *
load_inquiry(const struct prepared *p, int number, int wait)
{
	struct random random = random_system();
	char id[33], bn[PREPARED_NUMBER_MAX];
	json_t *body = json_object();

	snprintf(id, sizeof(id), "%032x", number);
	prepared_business_number(
	    (int64_t)random_below(&random, (uint64_t)p->residents), bn);
	json_put_text(body, "inquiry", slice_of(id));
	json_put_text(body, "business_number", slice_of(bn));
	json_put_text(body, "affair", SLICE("106"));
	json_put_text(body, "item", SLICE("local-tax"));
	json_put_text(body, "provider", SLICE("012041"));
	json_put_text(body, "unit", SLICE("bench"));
	json_put_int(body, "wait", wait);

	return body;
}

static void
give_up(struct load *l, const char *what, const struct http_answer *a)
{
	if (l->rc == OK)
		l->rc = problem_set(l->problem, ERR_UNREACHABLE,
		    "%s was answered %d %s", what, a->status, a->why);
	event_base_loopbreak(l->base);
}

static void
finish(struct inquiry *i)
{
	struct load *l = i->load;

	i->ms = (bench_seconds() - i->due) * 1000;
	if (++l->n_done == l->n)
		event_base_loopbreak(l->base);
}

static void ask_for_answer(struct inquiry *i);

static void
on_answer(void *state, const struct http_answer *answer)
{
	struct problem problem = {0};
	struct inquiry *i = state;
	json_t *body = NULL;
	const char *text = NULL;

	if (answer->err == OK &&
	    (answer->status == 200 || answer->status == 201) &&
	    json_read(answer->body, "the answer", &body, &problem) == OK)
		text = json_string_value(json_object_get(body, "state"));
	if (text != NULL && strcmp(text, "received") == 0)
		finish(i);
	else if (text != NULL && strcmp(text, "waiting") == 0)
		ask_for_answer(i);
	else
		give_up(i->load, text != NULL ? text : "an answer", answer);
	json_decref(body);
}

static void
ask_for_answer(struct inquiry *i)
{
	char url[160];
	struct http_client_call call = {.method = HTTP_GET,
	    .url = url,
	    .timeout_ms = CALL_MS,
	    .answer_bytes = ANSWER_MAX};

	snprintf(url, sizeof(url), "%s/inquiries/%032x?wait=30",
	    i->load->base_url.data, (unsigned int)i->number);
	http_client_send(i->load->client, &call, on_answer, i);
}

static void
post(struct inquiry *i)
{
	char url[80];
	struct http_client_call call = {.method = HTTP_POST,
	    .url = url,
	    .content_type = "application/json",
	    .timeout_ms = CALL_MS,
	    .answer_bytes = ANSWER_MAX};
	json_t *body = load_inquiry(i->load->p, i->number, WAIT_S);
	struct buf text;

	buf_init(&text);
	json_write(body, &text);
	json_decref(body);
	call.body = buf_slice(&text);
	snprintf(url, sizeof(url), "%s/inquiries", i->load->base_url.data);
	http_client_send(i->load->client, &call, on_answer, i);
	buf_done(&text);
}

static void
on_tick(evutil_socket_t fd, short what, void *state)
{
	struct load *l = state;
	struct inquiry *i;
	double due;

	(void)fd;
	(void)what;
	while (l->n_sent < l->n) {
		due = l->start + l->n_sent / l->rate;
		if (due > bench_seconds())
			break;
		i = &l->inquiries[l->n_sent];
		*i = (struct inquiry){l, l->first + l->n_sent, due, 0};
		l->n_sent++;
		post(i);
	}
	if (l->n_sent - l->n_done > l->at_once)
		l->at_once = l->n_sent - l->n_done;
}

static enum err
prepare(struct load *l)
{
	struct nation *nation = l->p->stage->nation;
	const struct system_config *s = NULL;
	struct tls *tls = NULL;
	struct system_id id;
	enum err rc;

	rc = system_id_parse(SLICE("131041/offices"), &id);
	if (rc == OK)
		s = config_system(nation->config, &id);
	if (s == NULL)
		return problem_set(
		    l->problem, ERR_NOT_FOUND, "there is no office");
	TRY(nation_tls(nation, s, &tls, l->problem));
	config_peers_url(s, &l->base_url);
	l->base = event_base_new();
	l->tick = event_new(l->base, -1, EV_PERSIST, on_tick, l);

	return http_client_new(l->base, tls, CONNECTIONS, &l->client);
}

static void
evaluate(const struct load *l, struct load_result *ret)
{
	double *ms = heap_array((size_t)l->n, sizeof(*ms));
	int i;

	for (i = 0; i < l->n; i++)
		ms[i] = l->inquiries[i].ms;
	ret->p50 = bench_percentile(ms, l->n, 50);
	ret->p99 = bench_percentile(ms, l->n, 99);
	ret->worst = ms[l->n - 1];
	ret->n = l->n;
	ret->at_once = l->at_once;
	free(ms);
}

enum err
load_run(const struct prepared *p, double rate, int seconds, int first,
    struct load_result *ret, struct problem *problem)
{
	struct load l = {.p = p,
	    .rate = rate,
	    .first = first,
	    .n = (int)(rate * seconds) + 1,
	    .problem = problem};
	struct timeval tick = {.tv_usec = TICK_US};

	l.inquiries = heap_array((size_t)l.n, sizeof(*l.inquiries));
	buf_init(&l.base_url);
	l.rc = prepare(&l);
	if (l.rc == OK) {
		l.start = bench_seconds();
		event_add(l.tick, &tick);
		event_base_dispatch(l.base);
	}
	if (l.rc == OK)
		evaluate(&l, ret);
	http_client_free(l.client);
	if (l.tick != NULL)
		event_free(l.tick);
	if (l.base != NULL)
		event_base_free(l.base);
	buf_done(&l.base_url);
	free(l.inquiries);

	return l.rc;
}
