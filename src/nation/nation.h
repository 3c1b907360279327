/*
 * A founded nation on this machine: the folder that `bango init` makes, and
 * a holder's access to its systems.
 *
 *   nation.ini       the founding file
 *   ca/              ca.pem, ca.crl, ca.keys (sealed), passphrase
 *   operators.json   holders of certificates and their duties (operators.h)
 *   operators/ORG/   cert.pem, key.pem: for curl and these commands; of other
 *                    holders in a folder NAME/
 *   directory.json   every system: id, url, fingerprint of its newest certificate
 *                    (and `fingerprints` of all that have not ended), signing
 *                    key, and the certificates of all signing keys that it
 *                    ever had, by their epochs
 *   systems/ORG-NAME/  cert.pem (certificates.h), keys (sealed), keys.next
 *                    (own_keys.h), passphrase (passphrase.h), data.sqlite, log, and `mark`: which
 *                    database it is, and what it gave (host/mark.h)
 */
#ifndef BANGO_NATION_NATION_H
#define BANGO_NATION_NATION_H

#include "base/json.h"
#include "host/mark.h"
#include "nation/config.h"
#include "nation/operators.h"
#include "nation/passphrase.h"
#include "wire/http_client.h"

/* The connections that one holder has opened. */
struct nation_line {
	char *folder; /* of certificate and key */
	struct tls *tls;
	struct http_session *session;
};

struct nation {
	char *dir;
	struct config *config;
	json_t *operators; /* operators_read() */
	struct nation_line *lines;
	size_t n_lines;
	/* Holders who have these duties are sought first; set before the first
	 * call. */
	uint64_t duties;
	size_t *known; /* for each system its line's number from 1, or 0 */
};

/* "DIR/systems/131041-relay/NAME" and the like, in `ret`, emptied first. */
void nation_path(struct buf *ret, const char *dir, const char *name);
void nation_system_path(struct buf *ret, const char *dir,
    const struct system_id *id, const char *name);
/* Append "131041-relay": a system's name among files. */
void nation_add_file_name(struct buf *ret, const struct system_id *id);

/* Read DIR/nation.ini (config_read()). */
MUST_USE enum err
nation_config(const char *dir, struct config **ret, struct problem *problem);

/* The same for a command that starts systems (config_read_to_start()).  A
 * directory that cannot be read is not compared with: the systems tell of it. */
MUST_USE enum err nation_config_to_start(
    const char *dir, struct config **ret, struct problem *problem);

/* Read a certificate or a revocation list in PEM.  Errors, which name the path:
 * ERR_CRYPTO if the file is something else, and those of file_read(). */
MUST_USE enum err
nation_certificate(const char *path, struct buf *ret, struct problem *problem);
MUST_USE enum err
nation_crl(const char *path, struct buf *ret, struct problem *problem);

/* Read DIR/directory.json; a new reference.  Errors, which name the path:
 * ERR_INPUT if it is malformed, and those of file_read(). */
MUST_USE enum err
nation_directory(const char *dir, json_t **ret, struct problem *problem);

/* The location of a system's database, in `ret`: a file beside its keys, or a
 * database of its own on PostgreSQL.  ERR_INPUT. */
MUST_USE enum err
nation_database(struct buf *ret, const char *dir, const struct config *config,
    const struct system_id *id, struct problem *problem);

/* Its name on the server, in `ret`, emptied first; NULL if it is a file. */
const char *nation_on_server(
    struct buf *ret, const struct config *config, const struct system_id *id);

/* For reading a database: `if_lost` of struct store_options, in `ret`, emptied
 * first; NULL if there is no mark beside the system's keys, so that it may not
 * have worked yet. */
const char *nation_if_lost(struct buf *ret, const char *dir,
    const struct config *config, const struct system_id *id);

struct found_options {
	const char *dir;
	struct slice ini;
	enum founding_holders holders;
	const char *passphrases; /* a folder to be made for them; NULL: none */
	struct instant now;
};
/* Found a nation in `dir`, which must not exist.  It appears whole or not at
 * all; on PostgreSQL, databases that were made for it stay when it fails,
 * empty and free.  `ini` is the text of the founding file. */
MUST_USE enum err
nation_found(const struct found_options *options, struct problem *problem);

/* Read the folder that init made. */
MUST_USE enum err
nation_open(const char *dir, struct nation **ret, struct problem *problem);
void nation_close(struct nation *nation);

/* Whether the certificate of a system is on the revocation list, so that nobody
 * talks to it. */
bool nation_is_revoked(const struct nation *nation, const struct system_id *id);

/*
 * One request to a system, by the first holder with duties there whose key is in
 * the folder (operators_find()).  Any status is an answer: OK.  Otherwise
 * ERR_UNREACHABLE with a problem that names the system, ERR_NOT_FOUND without
 * such a holder, and those of the files.
 */
MUST_USE enum err nation_call_raw(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, const char *content_type,
    struct slice body, int *ret_status, struct buf *ret_body,
    struct problem *problem);
/* The same in JSON; `body` is stolen and may be NULL; *ret may become NULL. */
MUST_USE enum err nation_call(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, int *ret_status,
    json_t **ret, struct problem *problem);
/* The same; a refusal is an error, too (nation/refusal.h). */
MUST_USE enum err nation_ask(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, json_t **ret,
    struct problem *problem);
/* As nation_call(), with a session's bearer token, unless it is empty. */
MUST_USE enum err nation_call_as(struct nation *nation, const char *system_id,
    enum http_method method, const char *path, json_t *body, struct slice token,
    int *ret_status, json_t **ret, struct problem *problem);

/* The same holder's certificate and key, for connections of the caller's own to
 * a system of nation->config; borrowed. */
MUST_USE enum err nation_tls(struct nation *nation,
    const struct system_config *s, struct tls **ret, struct problem *problem);

/* One of the counts in a system's status; 0 if it has none of that name. */
MUST_USE enum err nation_count(struct nation *nation, const char *system_id,
    const char *name, int64_t *ret, struct problem *problem);

struct serve_options {
	const char *dir, *system_id;
	struct passphrase_place passphrase;
	int ready_fd;             /* gets one byte when it is ready; -1 */
	bool clock_was_ahead;     /* as in struct node_options */
	struct adoption adoption; /* the same */
};
/* Serve one system of the nation until a signal; for `bango serve`. */
MUST_USE enum err
nation_serve(const struct serve_options *options, struct problem *problem);

/* The nation's CA, to issue or revoke. */
MUST_USE enum err
nation_authority(const char *dir, const struct passphrase_place *place,
    struct authority **ret, struct problem *problem);

/* The first lists of a nation, which revoke nothing: DIR/ca/ca.crl and
 * DIR/ca/revoked.json. */
MUST_USE enum err nation_publish_first(const char *dir, struct authority *ca,
    struct instant now, struct problem *problem);

/* The lists in force, signed anew under the next number. */
MUST_USE enum err nation_publish_again(const char *dir, struct authority *ca,
    struct instant now, struct problem *problem);

struct revoke_options {
	const char *dir, *system_id;
	struct passphrase_place passphrase; /* of the authority */
	const char *reason;                 /* REVOKED_... (pki/revoked.h) */
	struct instant since;               /* not later than now */
	struct instant now;
	bool withdraw; /* take the system's keys from the list */
};
/*
 * Publish lists with the keys of a system, or without them: its key for TLS and
 * its signing keys; with the reason `superseded` only the signing keys that have
 * a successor.  Signatures from before `since` remain evidence.  ERR_NOT_FOUND
 * if there is no such system or key.
 */
MUST_USE enum err
nation_revoke(const struct revoke_options *options, struct problem *problem);

/* The same for the certificate of a holder, "131041:山田花子" in place of the
 * system: connections that the holder has kept are cut, too. */
MUST_USE enum err
nation_revoke_holder(struct authority *ca, const struct revoke_options *options,
    struct slice certificate, struct problem *problem);

/* The system of that name in the configuration of the nation in `dir`.
 * ERR_NOT_FOUND if there is none. */
MUST_USE enum err nation_find_system(const char *dir,
    const struct config *config, const char *name,
    const struct system_config **ret, struct problem *problem);

#endif
