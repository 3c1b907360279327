/*
 * Peers of a live system: a peer without a certificate, with another CA's, an
 * expired or a revoked one is refused at the handshake; a peer of another
 * organisation has no more right than its own; all of it is in the log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "lab/demo/stage.h"
#include "tests/support/read_in.h"

#define SYSTEM "131041/registry"
#define DAY_MS (24ll * 3600 * 1000)

struct world {
	struct stage *stage;
	struct authority *ca;
	struct buf ca_pem, crl_pem;
	struct instant now;
};

static int
setup(void **state)
{
	struct stage_options options = {.program = getenv("BANGO")};
	struct world *w = heap_array(1, sizeof(*w));
	struct clock clock = clock_system();
	struct problem problem = {0};

	w->now = clock.now(clock.state);
	if (stage_open(&options, &w->stage, &problem))
		fail_msg("%s", problem.text);
	read_in(w->stage->dir, "ca/ca.pem", &w->ca_pem);
	read_in(w->stage->dir, "ca/ca.crl", &w->crl_pem);
	assert_int_equal(
	    nation_authority(w->stage->dir, NULL, &w->ca, &problem), OK);
	*state = w;

	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	authority_free(w->ca);
	buf_done(&w->ca_pem);
	buf_done(&w->crl_pem);
	stage_close(w->stage);
	free(w);

	return 0;
}

/* GET /status with a certificate of `ca`; the HTTP status, 0 if there was
 * none. */
static int
ask_with(struct world *w, struct slice key, struct slice cert)
{
	struct tls_identity identity = {.ca_pem = buf_slice(&w->ca_pem),
	    .crl_pem = buf_slice(&w->crl_pem),
	    .certificate_pem = cert,
	    .key_der = key};
	struct http_session *session = NULL;
	struct http_answer answer = {0};
	struct problem problem = {0};
	struct http_client_call call = {.method = HTTP_GET,
	    .timeout_ms = 300 * 1000,
	    .answer_bytes = 1 << 20};
	const struct system_config *s;
	struct system_id id;
	struct tls *tls = NULL;
	struct buf url, body;

	buf_init(&url);
	buf_init(&body);
	assert_int_equal(system_id_parse(SLICE(SYSTEM), &id), OK);
	s = config_system(w->stage->nation->config, &id);
	buf_printf(&url, "https://%s:%u/status", s->host, s->port);
	call.url = url.data;
	assert_int_equal(
	    tls_new(&identity, TLS_CLIENTS_MUST, &tls, &problem), OK);
	assert_int_equal(http_session_new(tls, &session), OK);
	http_fetch(session, &call, &body, &answer);
	http_session_free(session);
	tls_free(tls);
	buf_done(&url);
	buf_done(&body);

	return answer.err ? 0 : answer.status;
}

static int
ask_issued(
    struct world *w, struct authority *ca, int64_t from_days, int64_t to_days)
{
	const char *hosts[] = {"127.0.0.1", NULL};
	struct certificate_request request = {.common_name = SLICE(SYSTEM),
	    .organisation = SLICE("somebody"),
	    .hosts = hosts,
	    .not_before = instant_plus(w->now, from_days * DAY_MS),
	    .not_after = instant_plus(w->now, to_days * DAY_MS)};
	struct buf key, cert;
	int status;

	buf_init(&key);
	buf_init(&cert);
	assert_int_equal(authority_issue(ca, &request, &key, &cert), OK);
	status = ask_with(w, buf_slice(&key), buf_slice(&cert));
	buf_done(&key);
	buf_done(&cert);

	return status;
}

static void
a_name_in_a_certificate_grants_nothing(void **state)
{
	struct world *w = *state;

	/* Our own CA's, valid, with a system's name: but it has no row. */
	assert_int_equal(ask_issued(w, w->ca, -1, 30), 403);
}

static void
an_expired_certificate_is_refused(void **state)
{
	struct world *w = *state;

	assert_int_equal(ask_issued(w, w->ca, -30, -1), 0);
	assert_int_equal(ask_issued(w, w->ca, 1, 30), 0);
}

static void
another_authority_is_refused(void **state)
{
	struct world *w = *state;
	struct authority *other = NULL;

	assert_int_equal(
	    authority_new(SLICE("見本国"), instant_plus(w->now, -DAY_MS),
		instant_plus(w->now, DAY_MS), &other),
	    OK);
	assert_int_equal(ask_issued(w, other, 0, 1), 0);
	authority_free(other);
}

static void
no_certificate_is_refused(void **state)
{
	struct world *w = *state;
	const struct system_config *s;
	struct system_id id;
	char command[512];

	assert_int_equal(system_id_parse(SLICE(SYSTEM), &id), OK);
	s = config_system(w->stage->nation->config, &id);
	snprintf(command, sizeof(command),
	    "curl -s -o /dev/null --cacert %s/ca/ca.pem https://127.0.0.1:%u/"
	    "health",
	    w->stage->dir, s->port);
	assert_int_not_equal(system(command), 0);
	snprintf(command, sizeof(command),
	    "curl -sf -o /dev/null --cacert %s/ca/ca.pem --cert "
	    "%s/operators/131041/cert.pem --key "
	    "%s/operators/131041/key.pem "
	    "https://127.0.0.1:%u/health",
	    w->stage->dir, w->stage->dir, w->stage->dir, s->port);
	assert_int_equal(system(command), 0);
}

/* curl without a certificate at a port; its HTTP status, 0 if there is none. */
static int
ask_plainly(
    struct world *w, const char *options, uint16_t port, const char *path)
{
	char command[512], text[4] = "";
	uint64_t status = 0;
	FILE *curl;

	snprintf(command, sizeof(command),
	    "curl -s -o /dev/null -w '%%{http_code}' --cacert %s/ca/ca.pem %s "
	    "https://127.0.0.1:%u%s",
	    w->stage->dir, options, (unsigned int)port, path);
	curl = popen(command, "r");
	assert_non_null(curl);
	assert_non_null(fgets(text, sizeof(text), curl));
	pclose(curl);
	assert_int_equal(slice_to_u64(slice_of(text), 999, &status), OK);

	return (int)status;
}

static void
residents_come_by_the_peoples_door(void **state)
{
	const struct http_port *people;
	const struct system_config *s;
	struct world *w = *state;
	struct system_id id;

	assert_int_equal(system_id_parse(SLICE("digital/portal"), &id), OK);
	s = config_system(w->stage->nation->config, &id);
	people = &s->further[0];
	assert_int_equal(people->door, HTTP_DOOR_PEOPLE);
	assert_int_not_equal(people->port, 0);
	assert_int_equal(ask_plainly(w, "", people->port, "/health"), 200);
	assert_int_equal(ask_plainly(w, "", people->port, "/records"), 401);
	assert_int_equal(ask_plainly(w, "", people->port, "/status"), 404);
	assert_int_equal(
	    ask_plainly(w, "--data x", people->port, "/envelopes"), 404);
	/* As before there was such a door. */
	assert_int_equal(ask_plainly(w, "", s->port, "/records"), 401);
	assert_int_equal(system_id_parse(SLICE(SYSTEM), &id), OK);
	s = config_system(w->stage->nation->config, &id);
	assert_int_equal(s->further[0].port, 0);
}

/* As the system `id`, with its own key and certificate. */
static int
ask_as(struct world *w, const char *id_text)
{
	struct keystore *keys = NULL;
	struct problem problem = {0};
	struct buf path, cert;
	struct system_id id;
	int status;

	buf_init(&path);
	buf_init(&cert);
	assert_int_equal(system_id_parse(slice_of(id_text), &id), OK);
	assert_int_equal(
	    nation_keystore(w->stage->dir, &id, NULL, NULL, &keys, &problem),
	    OK);
	nation_system_path(&path, w->stage->dir, &id, "cert.pem");
	assert_int_equal(file_read(path.data, 65536, &cert, &problem), OK);
	status = ask_with(
	    w, keystore_current(keys, "tls")->secret, buf_slice(&cert));
	keystore_free(keys);
	buf_done(&path);
	buf_done(&cert);

	return status;
}

static void
another_organisation_has_no_right(void **state)
{
	assert_int_equal(ask_as(*state, "012041/registry"), 403);
}

static void
a_revoked_certificate_is_refused(void **state)
{
	struct world *w = *state;
	struct problem problem = {0};
	char command[400];
	int i;

	assert_int_equal(ask_as(w, "nenkin/relay"), 403);
	snprintf(command, sizeof(command),
	    "\"$BANGO\" revoke %s nenkin/relay >/dev/null", w->stage->dir);
	assert_int_equal(system(command), 0);
	/* The systems read the list when their supervisor tells them to. */
	for (i = 0; i < 500 && ask_as(w, "nenkin/relay") != 0; i++)
		;
	assert_int_equal(ask_as(w, "nenkin/relay"), 0);
	assert_int_equal(ask_as(w, "012041/registry"), 403);
	buf_clear(&w->crl_pem);
	read_in(w->stage->dir, "ca/ca.crl", &w->crl_pem);
	assert_int_equal(problem.err, OK);
}

static void
refusals_are_in_the_log(void **state)
{
	struct world *w = *state;
	struct buf log;

	buf_init(&log);
	read_in(w->stage->dir, "systems/131041-registry/log", &log);
	assert_non_null(strstr(log.data, "lacks the duty"));
	assert_non_null(strstr(log.data, "expired"));
	assert_non_null(strstr(log.data, "revoked"));
	assert_non_null(strstr(log.data, "refused"));
	buf_done(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_name_in_a_certificate_grants_nothing),
	    cmocka_unit_test(an_expired_certificate_is_refused),
	    cmocka_unit_test(another_authority_is_refused),
	    cmocka_unit_test(no_certificate_is_refused),
	    cmocka_unit_test(residents_come_by_the_peoples_door),
	    cmocka_unit_test(another_organisation_has_no_right),
	    cmocka_unit_test(a_revoked_certificate_is_refused),
	    cmocka_unit_test(refusals_are_in_the_log),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
