/*
 * Many clients at once, of several kinds and all of them ill-behaved, drive a
 * relay into its bounds: it says 503 with Retry-After, or hangs up, and its
 * memory stays within a bound; others are served meanwhile, its peers among
 * them, and afterwards everything is as before.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/family.h"
#include "tests/support/read_in.h"
#include "tests/support/wire_world.h"

#define TARGET "131041/relay"
#define EXCHANGES 10
#define CLIENTS_MAX 400
#define FILLER (64u << 10)
/* Bodies and replies 64 MiB; 1344 connections at 64 KiB, and at 28 KiB of TLS
 * state, which is twice that while records are on their way; 20 MiB that the
 * relay needs by itself. */
#define BOUNDED_MIB 250
/* AddressSanitizer adds an eighth as shadow, red zones, and a quarantine of
 * 8 MiB (CMakeLists.txt). */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_MIB (BOUNDED_MIB * 5 / 4 + 8)
#else
#define MEMORY_MIB BOUNDED_MIB
#endif

/* --- Swarms of clients ---------------------------------------------------- */

/* The habit of all clients of a swarm, which they repeat. */
struct habit {
	const char *name;
	int clients;
	bool speaks_tls;
	bool is_operator;
	const char *request; /* NULL: hangs up after the handshake */
	bool sends_on;       /* a body that does not end */
	bool is_deaf;        /* asks on without listening */
	bool is_turned_away; /* a bound of the server's concerns it */
};

static const struct habit habits[] = {
    {.name = "silent", .clients = 400},
    {.name = "knocking", .clients = 8, .speaks_tls = true},
    {.name = "waiting",
	.clients = 100,
	.speaks_tls = true,
	.is_operator = true,
	.request = "GET /progress?wait=60&linked=1000000 HTTP/1.1\r\n"
		   "Host: x\r\n\r\n",
	.is_turned_away = true},
    {.name = "sending",
	.clients = 60,
	.speaks_tls = true,
	.request = "POST /envelopes HTTP/1.1\r\nHost: x\r\n"
		   "Content-Length: 16000000\r\n\r\n",
	.sends_on = true,
	.is_turned_away = true},
    {.name = "asking",
	.clients = 60,
	.speaks_tls = true,
	.request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"},
    {.name = "deaf",
	.clients = 60,
	.speaks_tls = true,
	.request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
	.is_deaf = true},
};

/* Shared with the swarm's process. */
struct score {
	volatile int connected, busy, answered, lost;
};

struct swarm {
	pid_t pid;
	struct score *score;
};

struct hive {
	const struct habit *habit;
	struct event_base *base;
	SSL_CTX *ctx;
	struct sockaddr_in to;
	struct score *score;
};

struct client {
	struct hive *hive;
	struct bufferevent *bev;
	struct event *again;
};

static void
say(struct client *c)
{
	static char filler[FILLER];
	const struct habit *h = c->hive->habit;

	if (h->sends_on)
		bufferevent_write(c->bev, filler, sizeof(filler));
	else
		bufferevent_write(c->bev, h->request, strlen(h->request));
}

static void
start_again(struct client *c)
{
	struct timeval pause = {.tv_usec = 200 * 1000};

	bufferevent_free(c->bev);
	c->bev = NULL;
	event_add(c->again, &pause);
}

static void
on_read(struct bufferevent *bev, void *state)
{
	char text[4097];
	struct client *c = state;
	size_t n = bufferevent_read(bev, text, sizeof(text) - 1);

	text[n] = '\0';
	if (strstr(text, "HTTP/1.1 503") != NULL &&
	    strstr(text, "Retry-After: ") != NULL) {
		c->hive->score->busy++;
		start_again(c);
		return;
	}
	c->hive->score->answered++;
	if (!c->hive->habit->sends_on)
		say(c);
}

/* The kernel has all bytes that were to be sent. */
static void
on_sent(struct bufferevent *bev, void *state)
{
	struct client *c = state;

	(void)bev;
	if (c->hive->habit->sends_on || c->hive->habit->is_deaf)
		say(c);
}

static void
on_news(struct bufferevent *bev, short what, void *state)
{
	struct client *c = state;
	const struct habit *h = c->hive->habit;

	if ((what & BEV_EVENT_CONNECTED) == 0) {
		c->hive->score->lost++;
		start_again(c);
		return;
	}
	c->hive->score->connected++;
	if (!h->speaks_tls)
		return;
	if (h->request == NULL) {
		start_again(c);
		return;
	}
	if (h->is_deaf)
		bufferevent_disable(bev, EV_READ);
	bufferevent_write(bev, h->request, strlen(h->request));
}

static void
on_again(evutil_socket_t fd, short what, void *state)
{
	struct client *c = state;
	struct hive *hive = c->hive;

	(void)fd;
	(void)what;
	c->bev = hive->habit->speaks_tls
	    ? bufferevent_openssl_socket_new(hive->base, -1, SSL_new(hive->ctx),
		  BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE)
	    : bufferevent_socket_new(hive->base, -1, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(c->bev, on_read, on_sent, on_news, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	bufferevent_socket_connect(
	    c->bev, (struct sockaddr *)&hive->to, sizeof(hive->to));
}

/* In a process of its own, until it is killed. */
static void
be_swarm(const struct habit *habit, const struct identity *id, uint16_t port,
    struct score *score)
{
	struct hive hive = {.habit = habit,
	    .base = event_base_new(),
	    .score = score,
	    .to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	static struct client clients[CLIENTS_MAX];
	struct timeval now = {0};
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	hive.ctx = raw_ctx(id);
	for (i = 0; i < habit->clients; i++) {
		clients[i].hive = &hive;
		clients[i].again =
		    evtimer_new(hive.base, on_again, &clients[i]);
		event_add(clients[i].again, &now);
	}
	event_base_dispatch(hive.base);
	_exit(1);
}

static struct swarm
swarm_start(const struct habit *h, const struct identity *id, uint16_t port)
{
	struct swarm s = {
	    .score = mmap(NULL, sizeof(*s.score), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0)};

	assert_true(s.score != MAP_FAILED);
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0)
		be_swarm(h, id, port, s.score);

	return s;
}

static void
swarm_stop(struct swarm *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

/* --- Identities ----------------------------------------------------------- */

struct cast {
	struct authority *ca;
	struct buf ca_pem;
	uint16_t port; /* of the target */
};

static void
cast_open(struct cast *c, const struct family *f)
{
	struct problem problem = {0};
	struct system_id id;

	buf_init(&c->ca_pem);
	read_in(f->stage->dir, "ca/ca.pem", &c->ca_pem);
	assert_int_equal(
	    nation_authority(f->stage->dir, NULL, &c->ca, &problem), OK);
	assert_int_equal(system_id_parse(SLICE(TARGET), &id), OK);
	c->port = config_system(f->stage->nation->config, &id)->port;
}

static void
cast_close(struct cast *c)
{
	authority_free(c->ca);
	buf_done(&c->ca_pem);
}

/* The operator, or somebody with a certificate and no right. */
static struct identity
cast_identity(
    const struct cast *c, const struct family *f, const struct habit *h)
{
	struct identity id;
	struct buf pem;

	if (!h->is_operator)
		return world_issue(c->ca, h->name, WORLD_END);
	buf_init(&id.key);
	buf_init(&id.cert);
	buf_init(&pem);
	read_in(f->stage->dir, "operators/131041/relay-operator/cert.pem",
	    &id.cert);
	read_in(f->stage->dir, "operators/131041/relay-operator/key.pem", &pem);
	assert_int_equal(private_key_der(buf_slice(&pem), &id.key), OK);
	buf_done(&pem);

	return id;
}

/* --- Service meanwhile ---------------------------------------------------- */

/* Somebody with a certificate asks the target for its health, on a new
 * connection.  A handshake may have to give way to the flood of them. */
static void
assert_bystander_is_answered(const struct cast *c)
{
	struct identity id = world_issue(c->ca, "bystander", WORLD_END);
	struct tls_identity identity = {.certificate_pem = buf_slice(&id.cert),
	    .key_der = buf_slice(&id.key),
	    .ca_pem = buf_slice(&c->ca_pem)};
	struct http_client_call call = {.method = HTTP_GET,
	    .timeout_ms = FAMILY_PATIENCE_MS,
	    .answer_bytes = 4096};
	struct http_session *session = NULL;
	struct http_answer answer = {.err = ERR_IO};
	struct problem problem = {0};
	struct tls *tls = NULL;
	struct buf body;
	char url[64];
	int i;

	snprintf(url, sizeof(url), "https://127.0.0.1:%u/health", c->port);
	call.url = url;
	buf_init(&body);
	assert_int_equal(
	    tls_new(&identity, TLS_CLIENTS_MUST, &tls, &problem), OK);
	assert_int_equal(http_session_new(tls, &session), OK);
	for (i = 0; i < 5 && answer.err; i++)
		http_fetch(session, &call, &body, &answer);
	if (answer.err || answer.status != 200)
		fail_msg(
		    "a bystander is answered %d %s", answer.status, answer.why);
	http_session_free(session);
	tls_free(tls);
	buf_done(&body);
	identity_done(&id);
}

/* Peak resident memory of a process in MiB. */
static long
peak_mib(pid_t pid)
{
	struct problem problem = {0};
	const char *line;
	struct buf text;
	char path[40];
	long kib;

	buf_init(&text);
	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	assert_int_equal(file_read(path, 65536, &text, &problem), OK);
	line = strstr(text.data, "VmHWM:");
	assert_non_null(line);
	kib = strtol(line + 6, NULL, 10);
	buf_done(&text);

	return kib / 1024;
}

static void
until_turned_away(const struct swarm *swarms)
{
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS;
	size_t i;

	for (i = 0; i < COUNT(habits); i++) {
		while (habits[i].is_turned_away &&
		    swarms[i].score->busy < habits[i].clients) {
			if (monotonic_ms() > end)
				fail_msg("nobody of those %s is told to come "
					 "again",
				    habits[i].name);
			usleep(10000);
		}
		while (swarms[i].score->connected < habits[i].clients / 2) {
			if (monotonic_ms() > end)
				fail_msg("those %s do not get through",
				    habits[i].name);
			usleep(10000);
		}
	}
}

static void
tell_scores(const struct swarm *swarms, long mib, int64_t slowest)
{
	size_t i;

	for (i = 0; i < COUNT(habits); i++)
		print_message("%-10s connected %d, answered %d, told to come "
			      "again %d, lost %d\n",
		    habits[i].name, swarms[i].score->connected,
		    swarms[i].score->answered, swarms[i].score->busy,
		    swarms[i].score->lost);
	print_message("at most %ld MiB; the slowest exchange took %lld ms\n",
	    mib, (long long)slowest);
}

static void
all_is_as_before(struct family *f, pid_t pid)
{
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS;

	assert_int_equal(stage_system_pid(f->stage, TARGET), pid);
	while (family_status(f, TARGET, "connections") > 20) {
		if (monotonic_ms() > end)
			fail_msg("connections stay");
	}
	assert_int_equal(family_status(f, TARGET, "parked"), 0);
	assert_true(family_status(f, TARGET, "turned_away") > 0);
	family_exchange(f, "012041");
}

static void
an_overload_is_refused_and_others_are_served(void **state)
{
	struct swarm swarms[COUNT(habits)];
	struct identity ids[COUNT(habits)];
	struct family f;
	struct cast c;
	int64_t ms, slowest = 0;
	pid_t pid;
	long mib;
	size_t i;

	(void)state;
	family_open(&f);
	cast_open(&c, &f);
	pid = stage_system_pid(f.stage, TARGET);
	for (i = 0; i < COUNT(habits); i++) {
		ids[i] = cast_identity(&c, &f, &habits[i]);
		swarms[i] = swarm_start(&habits[i], &ids[i], c.port);
	}
	until_turned_away(swarms);
	for (i = 0; i < EXCHANGES; i++) {
		ms = family_exchange(&f, "012041");
		if (ms > slowest)
			slowest = ms;
		assert_bystander_is_answered(&c);
	}
	mib = peak_mib(pid);
	for (i = 0; i < COUNT(habits); i++) {
		swarm_stop(&swarms[i]);
		identity_done(&ids[i]);
	}
	tell_scores(swarms, mib, slowest);
	assert_in_range(mib, 1, MEMORY_MIB);
	all_is_as_before(&f, pid);
	cast_close(&c);
	family_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_overload_is_refused_and_others_are_served),
	};
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN);

	return cmocka_run_group_tests(tests, NULL, NULL);
}
