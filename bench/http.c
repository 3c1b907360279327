/* Requests over mutual TLS: a server in a process of its own, and a client. */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "wire/http_client.h"
#include "wire/http_server.h"

#define BEGIN ((struct instant){INT64_C(946684800000)}) /* 2000-01-01 */
#define END ((struct instant){INT64_C(4070908800000)})  /* 2099-01-01 */
#define SECONDS 2.0
#define MANY 32
#define BODY 300 /* bytes, there and back: a short envelope's order */

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

static enum err
make_tls(struct tls **ret, struct problem *problem)
{
	static const char *const hosts[] = {"127.0.0.1", NULL};
	struct certificate_request request = {.common_name = SLICE("1/bench"),
	    .hosts = hosts,
	    .not_before = BEGIN,
	    .not_after = END};
	struct authority *ca = NULL;
	struct tls_identity identity;
	struct buf key, cert, ca_pem;
	enum err rc;

	buf_init(&key);
	buf_init(&cert);
	buf_init(&ca_pem);
	rc = authority_new(SLICE("bench"), BEGIN, END, &ca);
	if (rc == OK)
		rc = authority_certificate(ca, &ca_pem);
	if (rc == OK)
		rc = authority_issue(ca, &request, &key, &cert);
	identity = (struct tls_identity){.certificate_pem = buf_slice(&cert),
	    .key_der = buf_slice(&key),
	    .ca_pem = buf_slice(&ca_pem)};
	if (rc == OK)
		rc = tls_new(&identity, TLS_CLIENTS_MUST, ret, problem);
	authority_free(ca);
	buf_done(&key);
	buf_done(&cert);
	buf_done(&ca_pem);

	return rc;
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

static enum err
load(struct tls *tls, uint16_t port, int connections,
    struct bench_report *report, struct problem *problem)
{
	static const char body[BODY];
	struct load l = {.base = event_base_new()};
	struct bench_result *r;
	char url[64];
	double start;
	enum err rc;

	rc = http_client_new(l.base, tls, connections, &l.client);
	if (rc)
		return rc;
	snprintf(
	    url, sizeof(url), "https://127.0.0.1:%u/echo", (unsigned int)port);
	l.call = (struct http_client_call){.method = HTTP_POST,
	    .url = url,
	    .content_type = "application/octet-stream",
	    .body = slice_bytes(body, sizeof(body)),
	    .timeout_ms = 10000,
	    .answer_bytes = 4096};
	start = bench_seconds();
	l.end = start + SECONDS;
	for (; l.under_way < connections; l.under_way++)
		http_client_send(l.client, &l.call, on_answer, &l);
	event_base_dispatch(l.base);
	r = bench_row(report);
	r->what =
	    connections == 1 ? "HTTP, one connection" : "HTTP, 32 connections";
	r->value = (double)l.n / (bench_seconds() - start);
	r->unit = "requests/s";
	snprintf(r->conditions, sizeof(r->conditions),
	    "mutual TLS 1.3, keep-alive, %d bytes there and back, client and "
	    "server one process each",
	    BODY);
	http_client_free(l.client);
	event_base_free(l.base);
	if (l.failed > 0)
		rc = problem_set(
		    problem, ERR_UNREACHABLE, "requests were not answered");

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct tls *tls = NULL;
	uint16_t port = 0;
	int fd[2];
	enum err rc;
	pid_t pid;

	rc = make_tls(&tls, problem);
	if (rc)
		return rc;
	signal(SIGPIPE, SIG_IGN);
	if (pipe(fd) || (pid = fork()) < 0) {
		tls_free(tls);
		return problem_set(problem, ERR_IO, "cannot fork a server");
	}
	if (pid == 0)
		serve(tls, fd[1]);
	close(fd[1]);
	if (read(fd[0], &port, sizeof(port)) != sizeof(port))
		rc = problem_set(problem, ERR_IO, "the server did not start");
	if (rc == OK)
		rc = load(tls, port, 1, report, problem);
	if (rc == OK)
		rc = load(tls, port, MANY, report, problem);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd[0]);
	tls_free(tls);

	return rc;
}

const struct bench bench_http = {
    .name = "http",
    .summary = "requests over mutual TLS, one connection and 32",
    .run = run,
};
