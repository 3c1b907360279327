/* Serving one system of a nation. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "host/status.h"
#include "live/live.h"
#include "live/sandbox.h"
#include "nation/mark_file.h"
#include "nation/opener.h"
#include "nation/own_keys.h"
#include "store/store.h"

#define DATABASE_MS 10000 /* how long a predecessor may take to end */
#define AGAIN_MS 100

struct serving {
	const char *dir;
	const struct system_config *config;
	struct config *nation;
	struct own_keys own;
	struct tls *tls;
	struct node *node;
	struct buf crl_path, revoked_path;
	struct buf directory_path, holders_path, location;
	const char *outside[4]; /* the opener's */
	struct mark_file mark;
	const struct serve_options *options;
	int ready_fd;
};

static void
log_line(void *state, const char *line)
{
	struct serving *s = state;
	struct clock clock = clock_system();
	char at[INSTANT_TEXT_MAX];

	instant_format(clock.now(clock.state), at);
	fprintf(stderr, "%s %s %s\n", at, s->config->id.text, line);
}

/* --- The sandbox ---------------------------------------------------------- */

/* Files that commands of this nation replace are opened by a process outside of
 * the sandbox. */
static enum err
start_opener(struct serving *s, struct problem *problem)
{
	nation_path(&s->crl_path, s->dir, "ca/ca.crl");
	nation_path(&s->revoked_path, s->dir, "ca/revoked.json");
	nation_path(&s->directory_path, s->dir, "directory.json");
	nation_path(&s->holders_path, s->dir, "operators.json");
	s->outside[0] = s->crl_path.data;
	s->outside[1] = s->revoked_path.data;
	s->outside[2] = s->directory_path.data;
	s->outside[3] = s->holders_path.data;

	return opener_start(s->outside, 4, problem);
}

struct places {
	struct arena *arena;
	struct sandbox_options o;
};

static void
add_place(void *state, const char *path)
{
	struct places *p = state;

	if (p->o.n_reads < SANDBOX_READS_MAX)
		p->o.reads[p->o.n_reads++] =
		    arena_string(p->arena, slice_of(path));
}

/* Libraries find names, zones and the modules for them there. */
static const char *const libraries_read[] = {"/etc", "/usr", "/lib", "/lib64",
    "/run/systemd/resolve",
#ifdef BANGO_SANITIZE
    "/proc",
#endif
    NULL};

/* From here on the process does what a system at work does, and nothing else. */
static void
lock_in(struct serving *s)
{
	struct places p = {.arena = arena_new()};
	struct problem problem = {0};
	char line[sizeof(problem.text) + 32];
	const char *const *path;
	struct buf folder;

	buf_init(&folder);
	nation_system_path(&folder, s->dir, &s->config->id, "");
	p.o.folder = folder.data;
	for (path = libraries_read; *path != NULL; path++)
		add_place(&p, *path);
	store_files(s->location.data, add_place, &p);
	if (sandbox_enter(&p.o, &problem) == OK)
		node_note_sandbox(s->node, SANDBOX_COMPLETE);
	else {
		snprintf(
		    line, sizeof(line), "no whole sandbox: %s", problem.text);
		log_line(s, line);
		node_note_sandbox(s->node, problem.text);
	}
	buf_done(&folder);
	arena_free(p.arena);
}

static void
on_ready(void *state, uint16_t port)
{
	struct serving *s = state;
	char line[64];

	lock_in(s);
	snprintf(line, sizeof(line), "ready on port %u", port);
	log_line(s, line);
	if (s->ready_fd >= 0) {
		if (write(s->ready_fd, "r", 1) != 1)
			log_line(s,
			    "the program that waited for the readiness is "
			    "gone");
		close(s->ready_fd);
		s->ready_fd = -1;
	}
}

static enum err
open_own_keys(struct serving *s, struct instant now, struct problem *problem)
{
	s->own.dir = s->dir;
	s->own.passphrase = &s->options->passphrase;
	s->own.system = s->config;

	TRY(own_keys_open(&s->own, now, problem));
	if (s->own.has_new_rest)
		log_line(s,
		    "there is a new key for values at rest; a copy of the key "
		    "store from before lacks it");

	return OK;
}

static enum err
open_tls(struct serving *s, struct instant now, struct problem *problem)
{
	struct tls_identity identity = {0};
	struct buf crl;
	enum err rc;

	buf_init(&crl);
	rc = nation_crl(s->crl_path.data, &crl, problem);
	if (rc == OK)
		rc = own_keys_tls(&s->own, now, &identity, problem);
	if (rc == OK) {
		identity.crl_pem = buf_slice(&crl);
		rc = tls_new(&identity,
		    s->config->system->public_api ? TLS_CLIENTS_MAY
						  : TLS_CLIENTS_MUST,
		    &s->tls, problem);
	}
	buf_done(&crl);

	return rc;
}

/* --- Keys that are renewed ------------------------------------------------ */

static void
log_failure(struct serving *s, const char *what, const struct problem *problem)
{
	char line[PROBLEM_TEXT_MAX + 80];

	snprintf(line, sizeof(line), "%s; the old ones stay in use: %s", what,
	    problem->text);
	log_line(s, line);
}

/* Every handshake fails then. */
static void
log_end(struct serving *s, struct instant now)
{
	struct instant end =
	    certificates_current(&s->own.certificates, now)->to;
	char at[INSTANT_TEXT_MAX], line[INSTANT_TEXT_MAX + 120];

	if (now.ms < end.ms)
		return;
	instant_format(end, at);
	snprintf(line, sizeof(line),
	    "the certificate for TLS ended at %s; if the clock is right, "
	    "`bango renew --ended`",
	    at);
	log_line(s, line);
}

/* For struct live_options. */
static int64_t
use_keys(void *state, enum live_keys what, struct instant now)
{
	struct problem problem = {0};
	struct serving *s = state;
	unsigned int news = 0;

	if (what == LIVE_KEYS_ANEW && own_keys_read(&s->own, &problem))
		log_failure(s, "the keys cannot be read again", &problem);
	problem_clear(&problem);
	if (own_keys_advance(&s->own, s->tls, s->node, now, &news, &problem))
		log_failure(s, "new keys cannot be used", &problem);
	if ((news & OWN_KEYS_TLS) != 0)
		log_line(s, "the new certificate for TLS is in use");
	if ((news & OWN_KEYS_SIGN) != 0) {
		s->mark.keys = s->own.keys;
		log_line(s, "the new signing key is in use");
	}
	own_keys_tell_ends(&s->own, s->node);
	log_end(s, now);

	return own_keys_next(&s->own, now);
}

/* --- The directory -------------------------------------------------------- */

/* The further keys for TLS, if the entry has a list: it has the newest one, too. */
static enum err
read_older(const json_t *entry, struct peer *ret)
{
	const json_t *list = json_object_get(entry, "fingerprints");
	struct fingerprint fp;
	struct slice text;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (json_at_text(list, i, &text) ||
		    hex_decode_exact(text, &fp, sizeof(fp)))
			return ERR_INPUT;
		if (digest_equal(&fp.digest, &ret->fingerprint.digest))
			continue;
		if (ret->n_older == PEER_TLS_KEYS - 1)
			return ERR_INPUT;
		ret->older[ret->n_older++] = fp;
	}

	return OK;
}

/* One entry of directory.json. */
static enum err
read_peer(const json_t *entry, struct peer *ret, struct problem *problem)
{
	struct slice id = {0}, url = {0}, fingerprint = {0};
	enum err rc;

	rc = json_get_text(entry, "id", &id, problem);
	if (rc == OK)
		rc = json_get_text(entry, "url", &url, problem);
	if (rc == OK)
		rc = json_get_text(entry, "fingerprint", &fingerprint, problem);
	if (rc == OK)
		rc = json_get_object(entry, "key", &ret->key, problem);
	if (rc)
		return rc;
	ret->url = url.data;
	if (system_id_parse(id, &ret->id) ||
	    hex_decode_exact(
		fingerprint, &ret->fingerprint, sizeof(ret->fingerprint)) ||
	    read_older(entry, ret))
		return problem_set(problem, ERR_INPUT,
		    "its id or its fingerprints are malformed; expected %d at "
		    "most",
		    PEER_TLS_KEYS);

	return OK;
}

static enum err
add_peers(struct serving *s, const json_t *list, struct problem *problem)
{
	size_t i, n = json_array_size(list);
	struct peer *peers = heap_array(n + 1, sizeof(*peers));
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		rc = read_peer(json_array_get(list, i), &peers[i], problem);
		if (rc)
			rc = problem_set(problem, rc,
			    "%s/directory.json, system %zu: %s", s->dir, i + 1,
			    problem->text);
	}
	if (rc == OK)
		rc = node_add_peers(s->node, peers, n, problem);
	free(peers);

	return rc;
}

static enum err
add_systems(struct serving *s, struct problem *problem)
{
	const json_t *list;
	json_t *document = NULL;
	enum err rc;

	rc = nation_directory(s->dir, &document, problem);
	if (rc == OK)
		rc = json_get_array(document, "systems", &list, problem);
	if (rc == OK)
		rc = add_peers(s, list, problem);
	json_decref(document);

	return rc;
}

static enum err
set_holders(struct serving *s, struct problem *problem)
{
	struct clock clock = clock_system();
	struct holder *holders = NULL;
	json_t *document = NULL;
	size_t n = 0;
	enum err rc;

	rc = operators_read(s->dir, &document, problem);
	if (rc == OK)
		rc = operators_at(
		    document, &s->config->id, &holders, &n, problem);
	if (rc == OK)
		rc = node_set_holders(
		    s->node, holders, n, clock.now(clock.state), problem);
	free(holders);
	json_decref(document);

	return rc;
}

/* The holders are written first: even if a step between the two fails, a node
 * that knows the systems knows the holders. */
static enum err
load_directory(struct serving *s, struct problem *problem)
{
	enum err rc = set_holders(s, problem);

	if (rc == OK)
		rc = add_systems(s, problem);

	return rc;
}

static enum err
reload(void *state, struct problem *problem)
{
	return load_directory(state, problem);
}

/* At the start: peers that were known before stay known, so that a directory
 * that cannot be read stops no system.  *ret_late is when that began, or 0. */
static enum err
first_directory(struct serving *s, struct instant now, struct instant *ret_late,
    struct problem *problem)
{
	enum err rc = load_directory(s, problem);
	char line[sizeof(problem->text) + 40];

	*ret_late = (struct instant){0};
	if (rc == OK || node_peers(s->node) == 0)
		return rc;
	snprintf(line, sizeof(line), "directory not read, as before: %s",
	    problem->text);
	log_line(s, line);
	problem_clear(problem);
	*ret_late = now;

	return OK;
}

/* Take the folder, and open the database. */
static enum err
try_node(
    struct serving *s, struct node_options *options, struct problem *problem)
{
	struct buf folder, name;
	enum err rc = OK;

	buf_init(&folder);
	buf_init(&name);
	nation_system_path(&folder, s->dir, &s->config->id, "");
	if (s->mark.path == NULL)
		rc = mark_file_open(folder.data,
		    nation_on_server(&name, s->nation, &s->config->id),
		    s->own.keys, &s->mark, problem);
	options->place = &s->mark.place;
	if (rc == OK)
		rc = node_open(options, &s->node, problem);
	buf_done(&folder);
	buf_done(&name);

	return rc;
}

/* The systems of a `bango up` that was killed end by themselves, after the work
 * under way.  The clock goes on meanwhile, and so do their records. */
static enum err
open_when_free(
    struct serving *s, struct node_options *options, struct problem *problem)
{
	const struct timespec pause = {.tv_nsec = AGAIN_MS * 1000000};
	int64_t end = monotonic_ms() + DATABASE_MS;
	struct clock clock = clock_system();
	enum err rc = try_node(s, options, problem);

	if (rc == ERR_BUSY)
		log_line(s, "the database is busy; waiting for it");
	while (rc == ERR_BUSY && monotonic_ms() < end) {
		nanosleep(&pause, NULL);
		problem_clear(problem);
		options->now = clock.now(clock.state);
		rc = try_node(s, options, problem);
	}

	return rc;
}

static enum err
open_node(struct serving *s, struct problem *problem)
{
	struct clock clock = clock_system();
	struct node_options options = {.system = s->config->system,
	    .id = s->config->id,
	    .keys = s->own.keys,
	    .sign_epoch = own_keys_sign_epoch(&s->own),
	    .settings = s->config->settings,
	    .random = random_system(),
	    .now = clock.now(clock.state),
	    .adoption = s->options->adoption,
	    .clock_was_ahead = s->options->clock_was_ahead,
	    .log = log_line,
	    .log_state = s};

	TRY(nation_database(
	    &s->location, s->dir, s->nation, &s->config->id, problem));
	options.database = s->location.data;

	return open_when_free(s, &options, problem);
}

enum err
nation_find_system(const char *dir, const struct config *config,
    const char *name, const struct system_config **ret, struct problem *problem)
{
	struct system_id id;

	*ret = NULL;
	if (system_id_parse(slice_of(name), &id) == OK)
		*ret = config_system(config, &id);
	if (*ret == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is no system of the nation in %s; its nation.ini "
		    "lists them",
		    name, dir);

	return OK;
}

/* Settings that would be refused today. */
static void
log_doubts(struct serving *s)
{
	struct slice rest = buf_slice(&s->nation->doubts), line;
	char text[PROBLEM_TEXT_MAX + 16];

	while (!slice_is_empty(rest)) {
		line = slice_cut(&rest, '\n');
		snprintf(text, sizeof(text), "warning: %.*s", SLICE_ARG(line));
		log_line(s, text);
	}
}

/* No core dump and no debugger of the same user reads the keys in memory. */
static void
hide_memory(void)
{
	const struct rlimit none = {0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

static void
init_paths(struct serving *s)
{
	buf_init(&s->crl_path);
	buf_init(&s->revoked_path);
	buf_init(&s->directory_path);
	buf_init(&s->holders_path);
	buf_init(&s->location);
	buf_init(&s->own.ca);
	buf_init(&s->own.certificates.text);
}

static void
close_all(struct serving *s)
{
	node_close(s->node);
	mark_file_done(&s->mark);
	tls_free(s->tls);
	own_keys_done(&s->own);
	config_free(s->nation);
	opener_stop();
	buf_done(&s->crl_path);
	buf_done(&s->revoked_path);
	buf_done(&s->directory_path);
	buf_done(&s->holders_path);
	buf_done(&s->location);
}

/* All that a system has open before it works; the opener before there is a key
 * in memory. */
static enum err
open_all(struct serving *s, struct instant now, struct problem *problem)
{
	TRY(nation_config_to_start(s->dir, &s->nation, problem));
	TRY(nation_find_system(
	    s->dir, s->nation, s->options->system_id, &s->config, problem));
	log_doubts(s);
	TRY(start_opener(s, problem));
	TRY(open_own_keys(s, now, problem));
	TRY(open_tls(s, now, problem));

	return open_node(s, problem);
}

enum err
nation_serve(const struct serve_options *options, struct problem *problem)
{
	struct serving s = {.dir = options->dir,
	    .options = options,
	    .ready_fd = options->ready_fd};
	struct live_options live = {.clock = clock_system(),
	    .reload = reload,
	    .keys = use_keys,
	    .ready = on_ready,
	    .log = log_line,
	    .state = &s};
	enum err rc;

	hide_memory();
	init_paths(&s);
	rc = open_all(&s, live.clock.now(live.clock.state), problem);
	if (rc == OK)
		rc = first_directory(&s, live.clock.now(live.clock.state),
		    &live.directory_late, problem);
	if (rc == OK) {
		live.node = s.node;
		live.tls = s.tls;
		live.host = s.config->host;
		live.port = s.config->port;
		memcpy(live.further, s.config->further, sizeof(live.further));
		live.crl_path = s.crl_path.data;
		live.revoked_path = s.revoked_path.data;
		live.ca_pem = buf_slice(&s.own.ca);
		rc = live_run(&live, problem);
		if (rc == OK)
			node_finish(s.node, live.clock.now(live.clock.state));
	}
	close_all(&s);

	return rc;
}
