/*
 * http_probe FOLDER must|may|pages
 *
 * A server of the wire layer for foreign clients to judge; with "pages", the
 * tests' small system on the live host at its three doors, whose GET /file is
 * FOLDER/large.  Puts a CA and identities of every sort into FOLDER (good,
 * revoked, expired, stranger: .pem and .key), says its port, or the ports for
 * peers, people and the public, writes what was refused to FOLDER/refused, and
 * serves until SIGTERM.
 */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/keymaking.h"
#include "live/live.h"
#include "pki/x509.h"
#include "tests/unit/host/sample/sample.h"
#include "wire/http_server.h"
#include "wire/listen.h"

#define BEGIN ((struct instant){INT64_C(946684800000)}) /* 2000-01-01 */
#define END ((struct instant){INT64_C(4070908800000)})  /* 2099-01-01 */
#define DAY_MS INT64_C(86400000)

static const char *folder;
static FILE *log_file;

static void
must(enum err rc, const char *what)
{
	if (rc == OK)
		return;
	fprintf(stderr, "http_probe: %s: %s\n", what, err_info(rc)->title);
	exit(1);
}

static void
put_file(const char *name, const char *suffix, struct slice content)
{
	struct problem problem = {0};
	struct buf path;

	buf_init(&path);
	buf_printf(&path, "%s/%s%s", folder, name, suffix);
	must(file_replace(path.data, content, 0600, &problem), path.data);
	buf_done(&path);
}

/* The certificate and key of `name`, as files for tools. */
static void
issue(struct authority *ca, const char *name, struct instant until,
    struct buf *key, struct buf *cert)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1", NULL};
	struct certificate_request request = {.common_name = slice_of(name),
	    .organisation = SLICE("Test"),
	    .hosts = hosts,
	    .not_before = BEGIN,
	    .not_after = until};
	struct buf pem;

	buf_init(key);
	buf_init(cert);
	buf_init(&pem);
	must(authority_issue(ca, &request, key, cert), "issue");
	must(private_key_pem(buf_slice(key), &pem), "private_key_pem");
	put_file(name, ".key", buf_slice(&pem));
	put_file(name, ".pem", buf_slice(cert));
	buf_done(&pem);
}

static void
issue_for_clients(struct authority *ca)
{
	struct authority *other = NULL;
	struct buf key, cert;

	must(authority_new(SLICE("Test CA"), BEGIN, END, &other), "CA");
	issue(ca, "good", END, &key, &cert);
	buf_done(&key);
	buf_done(&cert);
	issue(ca, "expired", instant_plus(BEGIN, DAY_MS), &key, &cert);
	buf_done(&key);
	buf_done(&cert);
	issue(other, "stranger", END, &key, &cert);
	buf_done(&key);
	buf_done(&cert);
	issue(ca, "revoked", END, &key, &cert);
	must(authority_revoke(ca, buf_slice(&cert), BEGIN), "revoke");
	buf_done(&key);
	buf_done(&cert);
	authority_free(other);
}

static struct tls *
found(enum tls_clients clients)
{
	struct buf key, cert, ca_pem, crl;
	struct problem problem = {0};
	struct tls_identity identity;
	struct authority *ca = NULL;
	struct tls *tls = NULL;

	buf_init(&ca_pem);
	buf_init(&crl);
	must(authority_new(SLICE("Test CA"), BEGIN, END, &ca), "CA");
	must(authority_certificate(ca, &ca_pem), "CA");
	put_file("ca", ".pem", buf_slice(&ca_pem));
	issue_for_clients(ca);
	issue(ca, "server", END, &key, &cert);
	must(authority_crl(ca, BEGIN, END, &crl), "CRL");
	identity = (struct tls_identity){buf_slice(&cert), buf_slice(&key),
	    buf_slice(&ca_pem), buf_slice(&crl)};
	must(tls_new(&identity, clients, &tls, &problem), problem.text);
	buf_done(&key);
	buf_done(&cert);
	buf_done(&ca_pem);
	buf_done(&crl);
	authority_free(ca);

	return tls;
}

/* The body that was sent comes back; without one, the path. */
static void
on_request(void *state, struct http_call *r)
{
	struct http_reply reply = {
	    .status = 200, .content_type = "application/octet-stream"};

	(void)state;
	reply.body = r->body.len > 0 ? r->body : r->path;
	if (slice_equal_string(r->path, "/who"))
		reply.body =
		    r->has_certificate ? SLICE("certificate") : SLICE("nobody");
	http_reply(r, &reply);
}

static void
on_refused(void *state, struct slice remote, const char *what)
{
	(void)state;
	(void)remote;
	fprintf(log_file, "%s\n", what);
	fflush(log_file);
}

static void
on_terminate(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(state);
}

static void
serve(struct tls *tls)
{
	struct event_base *base = event_base_new();
	struct http_server_options options = {.base = base,
	    .door = HTTP_DOOR_PEERS,
	    .tls = tls,
	    .host = "127.0.0.1",
	    .limits = http_limits_default(),
	    .handler = {.request = on_request, .refused = on_refused}};
	struct http_server *server = NULL;
	struct problem problem = {0};
	struct event *terminate;

	must(http_server_new(&options, &server, &problem), problem.text);
	terminate = evsignal_new(base, SIGTERM, on_terminate, base);
	event_add(terminate, NULL);
	printf("%u\n", (unsigned int)http_server_port(server));
	fflush(stdout);
	event_base_dispatch(base);
	http_server_free(server);
	event_free(terminate);
	event_base_free(base);
}

/* --- Pages --------------------------------------------------------------- */

static uint16_t
free_port(void)
{
	struct problem problem = {0};
	uint16_t port;
	int fd = -1;

	must(listen_open("127.0.0.1", 0, &fd, &problem), problem.text);
	port = listen_port(fd);
	close(fd);

	return port;
}

static struct keystore *
make_keys(void)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	json_t *jwk = NULL;

	must(keymaking_sign(keys, BEGIN, &jwk), "a signing key");
	must(keymaking_seal(keys, BEGIN), "a sealing key");
	json_decref(jwk);

	return keys;
}

static struct live_options options;

static void
on_ready(void *state, uint16_t port)
{
	(void)state;
	printf("%u %u %u\n", (unsigned int)port,
	    (unsigned int)options.further[0].port,
	    (unsigned int)options.further[1].port);
	fflush(stdout);
}

static void
on_line(void *state, const char *line)
{
	(void)state;
	fprintf(log_file, "%s\n", line);
	fflush(log_file);
}

static void
serve_pages(struct tls *tls)
{
	struct buf database, file;
	struct setting settings[] = {
	    {"twin", "a/sample"}, {"file", NULL}, {NULL, NULL}};
	struct node_options of_node = {.system = &sample_system,
	    .settings = settings,
	    .random = random_system()};
	struct keystore *keys = make_keys();
	struct problem problem = {0};

	buf_init(&database);
	buf_init(&file);
	buf_printf(&database, "%s/sample.sqlite", folder);
	buf_printf(&file, "%s/large", folder);
	settings[1].value = file.data;
	options = (struct live_options){.tls = tls,
	    .host = "127.0.0.1",
	    .further = {{HTTP_DOOR_PEOPLE, free_port()},
		{HTTP_DOOR_PUBLIC, free_port()}},
	    .clock = clock_system(),
	    .ready = on_ready,
	    .log = on_line};
	of_node.database = database.data;
	of_node.keys = keys;
	of_node.now = options.clock.now(options.clock.state);
	must(system_id_parse(SLICE("a/sample"), &of_node.id), "its id");
	must(node_open(&of_node, &options.node, &problem), problem.text);
	must(live_run(&options, &problem), problem.text);
	node_close(options.node);
	keystore_free(keys);
	buf_done(&database);
	buf_done(&file);
}

int
main(int argc, char **argv)
{
	struct buf path;
	struct tls *tls;

	if (argc != 3) {
		fprintf(stderr, "usage: http_probe FOLDER must|may|pages\n");
		return 2;
	}
	folder = argv[1];
	signal(SIGPIPE, SIG_IGN);
	buf_init(&path);
	buf_printf(&path, "%s/refused", folder);
	log_file = fopen(path.data, "w");
	buf_done(&path);
	if (log_file == NULL)
		return 1;
	tls = found(
	    strcmp(argv[2], "may") == 0 ? TLS_CLIENTS_MAY : TLS_CLIENTS_MUST);
	if (strcmp(argv[2], "pages") == 0)
		serve_pages(tls);
	else
		serve(tls);
	tls_free(tls);
	fclose(log_file);

	return 0;
}
