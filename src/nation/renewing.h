/*
 * A change of keys under way, and one system in it: the steps of a renewal
 * (renew.h), and of certificates that come from elsewhere (request.h).  For the
 * files of these two only.
 */
#ifndef BANGO_NATION_RENEWING_H
#define BANGO_NATION_RENEWING_H

#include "nation/renew.h"

struct renewal {
	const struct renew_options *o;
	struct config *config;
	struct authority *ca; /* NULL until renewal_open_authority() */
	struct instant ca_until;
	json_t *directory;
	struct random random;
	int lock_fd;
	struct buf *told;
	struct buf *out; /* the text that a person carries away; or NULL */
	size_t n;        /* things that were renewed */
	size_t n_ended;  /* and things that have ended */
	size_t n_here;   /* systems whose key stores were looked at */
	struct problem *problem;
};

/* Read what all need, and keep other such processes out; renewal_close() in any
 * case.  ERR_CONFLICT if the authority's certificate has not begun or has ended,
 * ERR_INPUT for `begin`. */
MUST_USE enum err renewal_open(struct renewal *r);
void renewal_close(struct renewal *r);
/* ERR_NOT_FOUND if the key is elsewhere. */
MUST_USE enum err renewal_open_authority(struct renewal *r);
/* When a certificate that is made now ends. */
struct instant renewal_end(const struct renewal *r);
MUST_USE enum err renewal_save_directory(struct renewal *r);
/* Call `each` for the systems that the options name and whose key stores are here;
 * for one that is named itself, in any case.  ERR_NOT_FOUND if they name none. */
MUST_USE enum err renewal_each(struct renewal *r,
    enum err (*each)(struct renewal *, const struct system_config *));

/* Tell "131041/relay: for TLS, key 9f…", and "used from …, until …" with the end of
 * the line. */
void renewal_tell_key(struct renewal *r, const struct system_config *system,
    enum certificate_use use, const struct fingerprint *key);
void renewal_tell_times(
    struct renewal *r, struct instant from, struct instant until);

/* Whether the key store of a system is in this folder. */
bool
renewing_is_here(const struct renewal *r, const struct system_config *system);

/* Whether an entry of the directory lists the key for that use. */
bool entry_has(const json_t *entry, enum certificate_use use,
    const struct fingerprint *key);
/* certificates_place() there. */
size_t entry_place(const json_t *entry, const struct fingerprint *key);

/* One system under way. */
struct renewing {
	const struct system_config *system;
	json_t *entry; /* of the directory */
	struct keystore *keys;
	struct buf passphrase; /* of the key store */
	struct tls_certificates certificates;
	bool tls, sign; /* which keys are made anew */
	uint32_t known; /* the signing key that the others know at least */
};

void renewing_init(struct renewing *s, const struct system_config *system);
void renewing_done(struct renewing *s);
/* Its entry of the directory.  ERR_NOT_FOUND. */
MUST_USE enum err renewing_find(const struct renewal *r, struct renewing *s);
/* The same, its certificates and its key store. */
MUST_USE enum err renewing_open(struct renewal *r, struct renewing *s);
/* Set `known`: the newest signing key, not after epoch `max`, that a system at work
 * has whatever an earlier renewal left. */
void renewing_note_known(struct renewing *s, uint32_t max);
/* Set `tls` and `sign` where the end is near. */
void renewing_look(struct renewal *r, struct renewing *s);
/* Whether there is a signing key that no certificate in the directory shows yet. */
bool renewing_is_unlisted(const struct renewing *s);

/* Put a certificate behind the others, of which those leave that have ended, are
 * revoked, or have its key.  ERR_TOO_LARGE. */
MUST_USE enum err renewing_add_certificate(
    struct renewal *r, struct renewing *s, struct slice pem);
/* The directory's entry lists their keys. */
void renewing_list(struct renewing *s);
/* The same without cert.pem: the entry lists one more, and of more than
 * PEER_TLS_KEYS the newest. */
void renewing_append(struct renewing *s, const struct fingerprint *key);

/* Replace a file of the system's: key store, its copy for a system at work
 * (own_keys.h), cert.pem. */
MUST_USE enum err renewing_save_keys(struct renewal *r, struct renewing *s);
MUST_USE enum err renewing_save_next(struct renewal *r, struct renewing *s);
MUST_USE enum err
renewing_save_certificates(struct renewal *r, const struct renewing *s);

#endif
