/* Requests over mutual TLS: a server in a process of its own, and a client;
 * against a bare echo of the same bytes. */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/echo.h"
#include "wire/http_client.h"
#include "wire/http_server.h"

#define SECONDS 0.5 /* of one side of a pair */
#define ROUNDS 7
#define MANY 32
#define BODY 300 /* bytes, there and back: a short envelope's order */

struct server {
	pid_t pid;
	struct tls *tls;
	uint16_t port;
};

struct load {
	struct event_base *base;
	struct http_client *client;
	struct http_client_call call;
	double end;
	int under_way;
	int64_t n;
	int64_t failed;
};

static void
echo(void *state, struct http_call *request)
{
	struct http_reply reply = {.status = 200,
	    .content_type = "application/octet-stream",
	    .body = request->body};

	(void)state;
	http_reply(request, &reply);
}

/* In the child: serve until killed; the port goes through `fd`. */
static void
serve(struct tls *tls, int fd)
{
	struct http_server_options options = {.base = event_base_new(),
	    .door = HTTP_DOOR_PEERS,
	    .tls = tls,
	    .host = "127.0.0.1",
	    .limits = http_limits_default(),
	    .handler = {.request = echo}};
	struct http_server *server = NULL;
	uint16_t port;

	if (http_server_new(&options, &server, NULL))
		_exit(1);
	port = http_server_port(server);
	if (write(fd, &port, sizeof(port)) == sizeof(port))
		event_base_dispatch(options.base);
	_exit(1);
}

static void
on_answer(void *state, const struct http_answer *answer)
{
	struct load *l = state;

	l->n++;
	l->failed += answer->err || answer->status != 200;
	if (bench_seconds() < l->end && l->failed == 0)
		http_client_send(l->client, &l->call, on_answer, l);
	else if (--l->under_way == 0)
		event_base_loopbreak(l->base);
}

/* Requests for a while. */
static enum err
load(struct server *s, int connections, double *ret_n, struct problem *problem)
{
	static const char body[BODY];
	struct load l = {.base = event_base_new()};
	char url[64];
	enum err rc;

	rc = http_client_new(l.base, s->tls, connections, &l.client);
	if (rc)
		return rc;
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/echo",
	    (unsigned int)s->port);
	l.call = (struct http_client_call){.method = HTTP_POST,
	    .url = url,
	    .content_type = "application/octet-stream",
	    .body = slice_bytes(body, sizeof(body)),
	    .timeout_ms = 10000,
	    .answer_bytes = 4096};
	l.end = bench_seconds() + SECONDS;
	for (; l.under_way < connections; l.under_way++)
		http_client_send(l.client, &l.call, on_answer, &l);
	event_base_dispatch(l.base);
	*ret_n = (double)l.n;
	http_client_free(l.client);
	event_base_free(l.base);
	if (l.failed > 0)
		rc = problem_set(
		    problem, ERR_UNREACHABLE, "requests were not answered");

	return rc;
}

static enum err
load_echo(
    struct echo *echo, int connections, double *ret_n, struct problem *problem)
{
	double start = bench_seconds();
	int64_t n = 0;
	enum err rc = OK;

	while (rc == OK && bench_seconds() < start + SECONDS) {
		rc = echo_round(echo, BODY, problem);
		n += connections;
	}
	*ret_n = (double)n;

	return rc;
}

/* Time that client and server have used so far. */
struct meter {
	pid_t server;
	double seconds, processor;
};

static struct meter
meter_read(pid_t server)
{
	return (struct meter){server, bench_seconds(),
	    bench_processor() + bench_processor_of(server)};
}

/* So many a second since then: on the clock, and of a core. */
static void
meter_rates(
    const struct meter *since, double n, double *ret_clock, double *ret_core)
{
	struct meter now = meter_read(since->server);

	*ret_clock = n / (now.seconds - since->seconds);
	*ret_core = n / (now.processor - since->processor);
}

struct sides {
	struct server *server;
	struct echo *echo;
	int connections;
	struct bench_pairs clock, core;
};

static enum err
one_pair(struct sides *s, struct problem *problem)
{
	struct meter before = meter_read(s->server->pid);
	double n, ours[2], theirs[2];
	enum err rc;

	rc = load(s->server, s->connections, &n, problem);
	if (rc)
		return rc;
	meter_rates(&before, n, &ours[0], &ours[1]);
	before = meter_read(echo_server(s->echo));
	rc = load_echo(s->echo, s->connections, &n, problem);
	if (rc)
		return rc;
	meter_rates(&before, n, &theirs[0], &theirs[1]);
	bench_pair(&s->clock, ours[0], theirs[0]);
	bench_pair(&s->core, ours[1], theirs[1]);

	return OK;
}

static enum err
compare(struct server *server, const struct echo_identity *identity,
    int connections, struct bench_figure *figure, struct problem *problem)
{
	struct sides s = {.server = server, .connections = connections};
	enum err rc;
	int i;

	rc = echo_open(identity, connections, &s.echo, problem);
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = one_pair(&s, problem);
	echo_close(s.echo);
	if (rc == OK)
		bench_settle(&s.clock, &s.core, figure);

	return rc;
}

static enum err
measure(struct bench_report *report, struct server *s,
    const struct echo_identity *identity, struct problem *problem)
{
	struct bench_figure figures[] = {
	    {.name = "HTTP, one connection",
		.unit = "/s",
		.peer_name = "a bare echo over TLS",
		.asked = 0.35},
	    {.name = "HTTP, 32 connections",
		.unit = "/s",
		.peer_name = "a bare echo over TLS",
		.asked = 0.15}};
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < 2; i++) {
		rc = compare(
		    s, identity, i == 0 ? 1 : MANY, &figures[i], problem);
		if (rc == OK)
			bench_add(report, &figures[i],
			    "requests with %d bytes there and back, keep-alive, "
			    "mutual TLS 1.3, libcurl against our server; the "
			    "peer is OpenSSL on blocking sockets; client and "
			    "server one process each, %d pairs in turns; the "
			    "ratio is of the processor time of both",
			    BODY, ROUNDS);
	}

	return rc;
}

static enum err
start_server(struct server *s, const struct echo_identity *identity,
    struct problem *problem)
{
	const struct tls_identity mine = {
	    .certificate_pem = buf_slice(&identity->certificate),
	    .key_der = buf_slice(&identity->key),
	    .ca_pem = buf_slice(&identity->ca)};
	int fd[2];
	enum err rc;

	rc = tls_new(&mine, TLS_CLIENTS_MUST, &s->tls, problem);
	if (rc)
		return rc;
	if (pipe(fd) || (s->pid = fork()) < 0)
		return problem_set(problem, ERR_IO, "cannot fork a server");
	if (s->pid == 0)
		serve(s->tls, fd[1]);
	close(fd[1]);
	if (read(fd[0], &s->port, sizeof(s->port)) != sizeof(s->port))
		rc = problem_set(problem, ERR_IO, "the server did not start");
	close(fd[0]);

	return rc;
}

static void
stop_server(struct server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	tls_free(s->tls);
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct echo_identity identity;
	struct server s = {.pid = 0};
	enum err rc;

	signal(SIGPIPE, SIG_IGN);
	rc = echo_identity_new(&identity);
	if (rc == OK)
		rc = start_server(&s, &identity, problem);
	if (rc == OK)
		rc = measure(report, &s, &identity, problem);
	stop_server(&s);
	echo_identity_done(&identity);

	return rc;
}

const struct bench bench_http = {
    .name = "http",
    .summary = "requests over mutual TLS, one connection and 32",
    .run = run,
};
