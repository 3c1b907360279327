#include "nation/certificates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "host/mark.h"
#include "nation/refusal.h"
#include "store/store.h"

#define PEM_MAX (64u << 10)
#define DIRECTORY_MAX (16u << 20)
#define CALL_TIMEOUT_MS 60000
#define ANSWER_MAX (64u << 20)

/* The name of a database on a server: bango_131041_registry. */
static void
database_name(
    const struct system_id *id, char ret[sizeof("bango_") + SYSTEM_ID_MAX])
{
	char *c;

	snprintf(ret, sizeof("bango_") + SYSTEM_ID_MAX, "bango_%s", id->text);
	for (c = ret; *c != '\0'; c++) {
		if (*c == '/' || *c == '-')
			*c = '_';
	}
}

static bool
is_on_server(const struct config *config)
{
	return strcmp(config->database, "sqlite") != 0;
}

enum err
nation_database(struct buf *ret, const char *dir, const struct config *config,
    const struct system_id *id, struct problem *problem)
{
	char name[sizeof("bango_") + SYSTEM_ID_MAX];

	if (!is_on_server(config)) {
		nation_system_path(ret, dir, id, "data.sqlite");
		return OK;
	}
	database_name(id, name);

	return store_locate(config->database, name, ret, problem);
}

const char *
nation_on_server(
    struct buf *ret, const struct config *config, const struct system_id *id)
{
	char name[sizeof("bango_") + SYSTEM_ID_MAX];

	buf_clear(ret);
	if (!is_on_server(config))
		return NULL;
	database_name(id, name);
	buf_add_string(ret, name);

	return ret->data;
}

const char *
nation_if_lost(struct buf *ret, const char *dir, const struct config *config,
    const struct system_id *id)
{
	struct mark_place place = {0};
	struct buf mark, name;

	buf_clear(ret);
	buf_init(&mark);
	buf_init(&name);
	nation_system_path(&mark, dir, id, "mark");
	place.name = mark.data;
	place.database = nation_on_server(&name, config, id);
	if (access(mark.data, F_OK) == 0)
		mark_lost(&place, id, ret);
	buf_done(&mark);
	buf_done(&name);

	return ret->len > 0 ? ret->data : NULL;
}

/* --- Files, with errors that name them ------------------------------------ */

enum err
nation_config(const char *dir, struct config **ret, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, dir, "nation.ini");
	rc = config_read(path.data, ret, problem);
	buf_done(&path);

	return rc;
}

enum err
nation_config_to_start(
    const char *dir, struct config **ret, struct problem *problem)
{
	struct problem unread = {0};
	json_t *directory = NULL;
	struct buf path;
	enum err rc;

	if (nation_directory(dir, &directory, &unread))
		directory = NULL;
	buf_init(&path);
	nation_path(&path, dir, "nation.ini");
	rc = config_read_to_start(path.data, directory, ret, problem);
	buf_done(&path);
	json_decref(directory);

	return rc;
}

enum err
nation_directory(const char *dir, json_t **ret, struct problem *problem)
{
	struct buf path, text;
	enum err rc;

	buf_init(&path);
	buf_init(&text);
	nation_path(&path, dir, "directory.json");
	rc = file_read(path.data, DIRECTORY_MAX, &text, problem);
	if (rc == OK)
		rc = json_read(buf_slice(&text), path.data, ret, problem);
	buf_done(&path);
	buf_done(&text);

	return rc;
}

/* --- A holder's files and calls ----------------------------------------- */

/* A private key in PEM, as DER. */
static enum err
read_key(const char *path, struct buf *ret, struct problem *problem)
{
	struct buf pem;
	enum err rc;

	buf_init(&pem);
	rc = file_read(path, PEM_MAX, &pem, problem);
	if (rc == OK && private_key_der(buf_slice(&pem), ret))
		rc = problem_set(problem, ERR_CRYPTO,
		    "%s is not a private key in PEM: restore it from a copy",
		    path);
	buf_done(&pem);

	return rc;
}

/* Read DIR/NAME with one of the functions above. */
static enum err
read_in(const char *dir, const char *name,
    enum err (*read)(
	const char *path, struct buf *ret, struct problem *problem),
    struct buf *ret, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, dir, name);
	rc = read(path.data, ret, problem);
	buf_done(&path);

	return rc;
}

/* A holder's key as it lies in the folder is PEM; tls wants DER. */
static enum err
holder_tls(const char *dir, const char *folder, struct tls **ret,
    struct problem *problem)
{
	struct tls_identity identity = {0};
	struct buf ca, crl, cert, der;
	enum err rc;

	buf_init(&ca);
	buf_init(&crl);
	buf_init(&cert);
	buf_init(&der);
	rc = read_in(dir, "ca/ca.pem", nation_certificate, &ca, problem);
	if (rc == OK)
		rc = read_in(dir, "ca/ca.crl", nation_crl, &crl, problem);
	if (rc == OK)
		rc = read_in(
		    folder, "cert.pem", nation_certificate, &cert, problem);
	if (rc == OK)
		rc = read_in(folder, "key.pem", read_key, &der, problem);
	if (rc == OK) {
		identity.ca_pem = buf_slice(&ca);
		identity.crl_pem = buf_slice(&crl);
		identity.certificate_pem = buf_slice(&cert);
		identity.key_der = buf_slice(&der);
		rc = tls_new(&identity, TLS_CLIENTS_MUST, ret, problem);
	}
	buf_done(&ca);
	buf_done(&crl);
	buf_done(&cert);
	buf_done(&der);

	return rc;
}

enum err
nation_open(const char *dir, struct nation **ret, struct problem *problem)
{
	struct nation *n = heap_array(1, sizeof(*n));
	enum err rc;

	n->dir = heap_string(slice_of(dir));
	rc = nation_config(dir, &n->config, problem);
	if (rc == OK)
		rc = operators_read(dir, &n->operators, problem);
	if (rc == OK)
		n->known = heap_array(n->config->n_systems, sizeof(*n->known));
	if (rc) {
		nation_close(n);
		return rc;
	}
	*ret = n;

	return OK;
}

static void
line_done(struct nation_line *line)
{
	http_session_free(line->session);
	tls_free(line->tls);
	free(line->folder);
}

void
nation_close(struct nation *n)
{
	if (n == NULL)
		return;
	while (n->n_lines > 0)
		line_done(&n->lines[--n->n_lines]);
	free(n->lines);
	free(n->known);
	json_decref(n->operators);
	config_free(n->config);
	free(n->dir);
	free(n);
}

static enum err
open_line(struct nation *n, const char *folder, struct problem *problem)
{
	struct nation_line line = {0};
	enum err rc;

	rc = holder_tls(n->dir, folder, &line.tls, problem);
	if (rc == OK)
		rc = http_session_new(line.tls, &line.session);
	if (rc) {
		line_done(&line);
		return rc;
	}
	line.folder = heap_string(slice_of(folder));
	n->lines = heap_grow(n->lines, n->n_lines + 1, sizeof(*n->lines));
	n->lines[n->n_lines++] = line;

	return OK;
}

/* The place of that folder's line, opened if it is not. */
static enum err
place_line(
    struct nation *n, const char *folder, size_t *ret, struct problem *problem)
{
	size_t i = 0;

	while (i < n->n_lines && strcmp(n->lines[i].folder, folder) != 0)
		i++;
	*ret = i;

	return i < n->n_lines ? OK : open_line(n, folder, problem);
}

/* The connections of the holder who may call the system.  Looked up once, since
 * that reads every holder's certificate. */
static enum err
find_line(struct nation *n, const struct system_config *s,
    const struct nation_line **ret, struct problem *problem)
{
	size_t *known = &n->known[s - n->config->systems], place;
	struct clock clock = clock_system();
	struct buf folder;
	enum err rc = OK;

	if (*known == 0) {
		buf_init(&folder);
		rc = operators_find(n->operators, n->dir, &s->id, n->duties,
		    clock.now(clock.state), &folder, problem);
		if (rc == OK)
			rc = place_line(n, folder.data, &place, problem);
		if (rc == OK)
			*known = place + 1;
		buf_done(&folder);
	}
	*ret = rc == OK ? &n->lines[*known - 1] : NULL;

	return rc;
}

bool
nation_is_revoked(const struct nation *nation, const struct system_id *id)
{
	struct problem unread = {0};
	struct buf path, cert, crl;
	bool is;

	buf_init(&path);
	buf_init(&cert);
	buf_init(&crl);
	nation_system_path(&path, nation->dir, id, "cert.pem");
	is = nation_certificate(path.data, &cert, &unread) == OK &&
	    read_in(nation->dir, "ca/ca.crl", nation_crl, &crl, &unread) ==
		OK &&
	    certificate_is_listed(buf_slice(&cert), buf_slice(&crl));
	buf_done(&path);
	buf_done(&cert);
	buf_done(&crl);

	return is;
}

enum err
nation_tls(struct nation *nation, const struct system_config *s,
    struct tls **ret, struct problem *problem)
{
	const struct nation_line *line;

	TRY(find_line(nation, s, &line, problem));
	*ret = line->tls;

	return OK;
}

/* When the system's certificate for TLS ended; 0 if that is not known, or it has
 * not. */
static struct instant
certificate_ended(const struct nation *nation, const struct system_id *id)
{
	struct clock clock = clock_system();
	struct problem unread = {0};
	struct instant now = clock.now(clock.state), to = {0};
	struct tls_certificates list = {0};

	buf_init(&list.text);
	if (certificates_read(nation->dir, id, &list, &unread) == OK)
		to = certificates_current(&list, now)->to;
	certificates_done(&list);

	return to.ms <= now.ms ? to : (struct instant){0};
}

static enum err
has_ended(const struct nation *nation, const struct system_config *s,
    struct instant at, struct problem *problem)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(at, text);

	return problem_set(problem, ERR_UNREACHABLE,
	    "the certificate of %s for TLS ended at %s, by this machine's "
	    "clock; if the clock is right, `bango renew %s --ended`",
	    s->id.text, text, nation->dir);
}

static enum err
no_answer(const struct nation *nation, const struct system_config *s,
    const struct http_answer *answer, struct problem *problem)
{
	struct instant ended = certificate_ended(nation, &s->id);
	struct buf address;
	enum err rc;

	if (ended.ms != 0)
		return has_ended(nation, s, ended, problem);
	buf_init(&address);
	config_address(s, s->port, &address);
	rc = nation_is_revoked(nation, &s->id)
	    ? problem_set(problem, ERR_UNREACHABLE,
		  "%s is revoked: its certificate is on the list "
		  "%s/ca/ca.crl, and no system takes a connection of it",
		  s->id.text, nation->dir)
	    : problem_set(problem, answer->err,
		  "%s does not answer at %s; is `bango up %s` running?",
		  s->id.text, address.data, nation->dir);
	problem_detail(problem, "%s", answer->why);
	buf_done(&address);

	return rc;
}

static enum err
fetch(struct nation *nation, const char *system_id,
    const struct http_client_call *call, const char *path, int *ret_status,
    struct buf *ret_body, struct problem *problem)
{
	const struct system_config *s = NULL;
	struct http_client_call full = *call;
	const struct nation_line *line;
	struct http_answer answer = {0};
	struct system_id id;
	struct buf url;

	if (system_id_parse(slice_of(system_id), &id) == OK)
		s = config_system(nation->config, &id);
	if (s == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is no system of this nation; `bango status %s` lists "
		    "them",
		    system_id, nation->dir);
	TRY(find_line(nation, s, &line, problem));
	buf_init(&url);
	config_peers_url(s, &url);
	buf_add_string(&url, path);
	full.url = url.data;
	if (full.timeout_ms == 0)
		full.timeout_ms = CALL_TIMEOUT_MS;
	full.answer_bytes = ANSWER_MAX;
	http_fetch(line->session, &full, ret_body, &answer);
	buf_done(&url);
	if (answer.err)
		return no_answer(nation, s, &answer, problem);
	*ret_status = answer.status;

	return OK;
}

enum err
nation_call_raw(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, const char *content_type,
    struct slice body, int *ret_status, struct buf *ret_body,
    struct problem *problem)
{
	struct http_client_call call = {
	    .method = method, .content_type = content_type, .body = body};

	return fetch(
	    nation, system_id, &call, path, ret_status, ret_body, problem);
}

enum err
nation_call_as(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, struct slice token,
    int *ret_status, json_t **ret, struct problem *problem)
{
	struct http_client_call call = {
	    .method = method, .content_type = "application/json"};
	struct buf text, answer, bearer;
	enum err rc;

	buf_init(&text);
	buf_init(&answer);
	buf_init(&bearer);
	*ret = NULL;
	if (body != NULL)
		json_write(body, &text);
	json_decref(body);
	call.body = buf_slice(&text);
	if (token.len > 0) {
		buf_printf(&bearer, "Bearer %.*s", SLICE_ARG(token));
		call.authorization = bearer.data;
	}
	rc =
	    fetch(nation, system_id, &call, path, ret_status, &answer, problem);
	if (rc == OK && answer.len > 0)
		rc = json_read(buf_slice(&answer), "the answer", ret, problem);
	buf_done(&text);
	buf_done(&answer);
	buf_done(&bearer);

	return rc;
}

enum err
nation_call(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, int *ret_status,
    json_t **ret, struct problem *problem)
{
	return nation_call_as(nation, system_id, method, path, body, SLICE(""),
	    ret_status, ret, problem);
}

enum err
nation_count(struct nation *nation, const char *system_id, const char *name,
    int64_t *ret, struct problem *problem)
{
	json_t *answer = NULL;
	int status = 0;
	enum err rc;

	rc = nation_call(nation, system_id, HTTP_GET, "/status", NULL, &status,
	    &answer, problem);
	if (rc == OK)
		*ret = json_integer_value(
		    json_object_get(json_object_get(answer, "counts"), name));
	json_decref(answer);

	return rc;
}

enum err
nation_ask(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, json_t **ret,
    struct problem *problem)
{
	json_t *answer = NULL;
	struct buf text;
	int status = 0;
	enum err rc;

	TRY(nation_call(
	    nation, system_id, method, path, body, &status, &answer, problem));
	if (status < 300) {
		*ret = answer;
		return OK;
	}
	buf_init(&text);
	if (answer != NULL)
		json_write(answer, &text);
	rc = nation_refusal(system_id, status, buf_slice(&text), problem);
	buf_done(&text);
	json_decref(answer);

	return rc;
}
