/*
 * A system is revoked in a nation at work: connections that were open before
 * are cut, at the server's side and at the client's, by every process; and they
 * stay open where a process does not look (BANGO_BUG).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "lab/demo/stage.h"
#include "tests/support/read_in.h"

#define SERVER "131041/registry"
#define REVOKED "jlis/jukinet"
#define PATIENCE 1800 /* tenths of a second */

static struct stage *stage;

static void
tenth(void)
{
	const struct timespec pause = {.tv_nsec = 100 * 1000000};

	nanosleep(&pause, NULL);
}

static void
open_stage(const char *bug)
{
	struct stage_options options = {.program = getenv("BANGO")};
	struct problem problem = {0};

	if (bug != NULL)
		setenv("BANGO_BUG", bug, 1);
	if (stage_open(&options, &stage, &problem))
		fail_msg("%s", problem.text);
	unsetenv("BANGO_BUG");
}

static int
close_stage(void **state)
{
	(void)state;
	stage_close(stage);
	stage = NULL;

	return 0;
}

static const struct system_config *
config_of(const char *name)
{
	struct system_id id;

	assert_int_equal(system_id_parse(slice_of(name), &id), OK);

	return config_system(stage->nation->config, &id);
}

static void
run(const char *arguments)
{
	char command[1000];

	snprintf(
	    command, sizeof(command), "\"$BANGO\" %s >/dev/null", arguments);
	assert_int_equal(system(command), 0);
}

static void
revoke_it(void)
{
	char arguments[400];

	snprintf(
	    arguments, sizeof(arguments), "revoke %s " REVOKED, stage->dir);
	run(arguments);
}

static bool
log_says(const char *text)
{
	struct buf log;
	bool says;

	buf_init(&log);
	read_in(stage->dir, "systems/131041-registry/log", &log);
	says = strstr(log.data, text) != NULL;
	buf_done(&log);

	return says;
}

static void
until_the_log_says(const char *text)
{
	int i;

	for (i = 0; i < PATIENCE && !log_says(text); i++)
		tenth();
	if (i == PATIENCE)
		fail_msg("the log does not say: %s", text);
}

/* --- The server's side ---------------------------------------------------- */

/* A connection to SERVER with the keys of REVOKED, as a thief would keep it. */
struct kept {
	SSL_CTX *ctx;
	SSL *ssl;
	int fd;
};

static void
use_keys(SSL_CTX *ctx, const char *name)
{
	struct problem problem = {0};
	struct keystore *keys = NULL;
	struct buf path;
	const struct stored_key *key;
	const unsigned char *at;
	struct system_id id;
	EVP_PKEY *pkey;

	buf_init(&path);
	assert_int_equal(system_id_parse(slice_of(name), &id), OK);
	nation_system_path(&path, stage->dir, &id, "cert.pem");
	assert_int_equal(SSL_CTX_use_certificate_chain_file(ctx, path.data), 1);
	assert_int_equal(
	    nation_keystore(stage->dir, &id, NULL, NULL, &keys, &problem), OK);
	key = keystore_current(keys, "tls");
	at = (const unsigned char *)key->secret.data;
	pkey = d2i_AutoPrivateKey(NULL, &at, (long)key->secret.len);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, pkey), 1);
	EVP_PKEY_free(pkey);
	keystore_free(keys);
	buf_done(&path);
}

/* Those of a holder, which `bango init` has made. */
static void
use_holder(SSL_CTX *ctx, const char *folder)
{
	struct buf path;

	buf_init(&path);
	buf_printf(&path, "%s/%s/cert.pem", stage->dir, folder);
	assert_int_equal(SSL_CTX_use_certificate_chain_file(ctx, path.data), 1);
	buf_clear(&path);
	buf_printf(&path, "%s/%s/key.pem", stage->dir, folder);
	assert_int_equal(
	    SSL_CTX_use_PrivateKey_file(ctx, path.data, SSL_FILETYPE_PEM), 1);
	buf_done(&path);
}

/* `holder`: the folder of the holder who keeps it; NULL: REVOKED does. */
static void
keep(struct kept *k, const char *holder)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(config_of(SERVER)->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	k->ctx = SSL_CTX_new(TLS_client_method());
	if (holder != NULL)
		use_holder(k->ctx, holder);
	else
		use_keys(k->ctx, REVOKED);
	k->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(k->fd, (struct sockaddr *)&to, sizeof(to)), 0);
	k->ssl = SSL_new(k->ctx);
	SSL_set_fd(k->ssl, k->fd);
	assert_int_equal(SSL_connect(k->ssl), 1);
}

static void
let_go(struct kept *k)
{
	SSL_free(k->ssl);
	SSL_CTX_free(k->ctx);
	close(k->fd);
}

/* Ask over the connection; false if it is no more. */
static bool
is_answered(struct kept *k)
{
	static const char ask[] = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
	char got[4000];
	int n;

	if (SSL_write(k->ssl, ask, sizeof(ask) - 1) <= 0)
		return false;
	n = SSL_read(k->ssl, got, sizeof(got) - 1);
	if (n <= 0)
		return false;
	got[n] = '\0';

	return strstr(got, "200 OK") != NULL;
}

/* Closed from over there, without having been asked anything. */
static bool
is_closed(struct kept *k)
{
	struct pollfd end = {.fd = k->fd, .events = POLLIN};
	char got[100];

	return poll(&end, 1, PATIENCE * 100) == 1 &&
	    SSL_read(k->ssl, got, sizeof(got)) <= 0;
}

/* --- The client's side ---------------------------------------------------- */

/* Established connections to a port of the loopback. */
static int
connections_to(uint16_t port)
{
	FILE *tcp = fopen("/proc/net/tcp", "r");
	unsigned int remote, state;
	char line[300];
	int n = 0;

	assert_non_null(tcp);
	while (fgets(line, sizeof(line), tcp) != NULL) {
		if (sscanf(line, " %*u: %*x:%*x %*x:%x %x", &remote, &state) ==
		    2)
			n += remote == port && state == 1;
	}
	fclose(tcp);

	return n;
}

/* Residents are numbered: the registry posts to jukinet, and keeps the
 * connection. */
static void
import(void)
{
	char arguments[900];

	snprintf(arguments, sizeof(arguments),
	    "population --municipality 131041 --count 5 --output "
	    "%s/residents.csv",
	    stage->dir);
	run(arguments);
	snprintf(arguments, sizeof(arguments),
	    "import %s " SERVER " %s/residents.csv --quiet", stage->dir,
	    stage->dir);
	run(arguments);
}

/* --- The tests ------------------------------------------------------------ */

static void
connections_of_a_revoked_system_are_cut(void **state)
{
	uint16_t port;
	struct kept k;
	int i;

	(void)state;
	open_stage(NULL);
	port = config_of(REVOKED)->port;
	import();
	assert_true(connections_to(port) > 0);
	keep(&k, NULL);
	assert_true(is_answered(&k));
	revoke_it();
	assert_true(is_closed(&k));
	let_go(&k);
	until_the_log_says("list 2 of revoked keys is in force");
	for (i = 0; i < PATIENCE && connections_to(port) > 0; i++)
		tenth();
	assert_int_equal(connections_to(port), 0);
}

static void
without_the_cut_they_stay_open(void **state)
{
	uint16_t port;
	struct kept k;

	(void)state;
	if (!bug_is_possible())
		skip();
	open_stage("revoked-connected");
	port = config_of(REVOKED)->port;
	import();
	keep(&k, NULL);
	assert_true(is_answered(&k));
	revoke_it();
	until_the_log_says("list 2 of revoked keys is in force");
	assert_true(is_answered(&k));
	assert_true(connections_to(port) > 0);
	let_go(&k);
}

static void
connections_of_a_revoked_holder_are_cut(void **state)
{
	char arguments[400];
	struct kept k;

	(void)state;
	open_stage(NULL);
	keep(&k, "operators/131041");
	assert_true(is_answered(&k));
	snprintf(arguments, sizeof(arguments),
	    "operator revoke %s 131041 --name operator", stage->dir);
	run(arguments);
	assert_true(is_closed(&k));
	let_go(&k);
}

/* Every process but SERVER reads the list. */
static void
tell_others(void)
{
	const struct config *config = stage->nation->config;
	const char *id;
	size_t i;

	for (i = 0; i < config->n_systems; i++) {
		id = config->systems[i].id.text;
		if (strcmp(id, SERVER) != 0)
			kill(stage_system_pid(stage, id), SIGHUP);
	}
}

/* SERVER is not told; it hears of the list from its ledger's witness. */
static void
a_list_goes_from_system_to_system(void **state)
{
	struct kept k;

	(void)state;
	open_stage(NULL);
	keep(&k, NULL);
	assert_true(is_answered(&k));
	kill(stage->up, SIGSTOP);
	revoke_it();
	tell_others();
	import();
	until_the_log_says("list 2 of revoked keys is in force");
	assert_true(is_closed(&k));
	let_go(&k);
	kill(stage->up, SIGCONT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(
		connections_of_a_revoked_system_are_cut, close_stage),
	    cmocka_unit_test_teardown(
		without_the_cut_they_stay_open, close_stage),
	    cmocka_unit_test_teardown(
		connections_of_a_revoked_holder_are_cut, close_stage),
	    cmocka_unit_test_teardown(
		a_list_goes_from_system_to_system, close_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
