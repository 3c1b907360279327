/*
 * Certificates from an authority whose key is kept elsewhere
 * (docs/decisions/0052-certificates-from-elsewhere.md): a renewal in three steps,
 * with two files between them that a person carries.
 *
 * Both files are PEM: requests (PKCS#10, RFC 2986), and certificates.  The options
 * `dir`, `passphrase` and `now` count everywhere, `only` and `anew` for requests,
 * `authority` and `begin` for the signer.
 */
#ifndef BANGO_NATION_REQUEST_H
#define BANGO_NATION_REQUEST_H

#include "nation/renew.h"

#define REQUESTS_MAX (2 * SYSTEMS_MAX) /* certificates of one file, too */
#define REQUESTS_TEXT_MAX (2u << 20)

/* Append the text of a file as it was written: without the byte order mark, and with
 * LF where a line ends with CR LF, which other programs make of it on its way. */
void requests_plain(struct slice text, struct buf *ret);
/* Append the SHA-256 of a file of requests, in hexadecimal. */
void requests_digest(struct slice requests, struct buf *ret);

/*
 * Where the systems run: make keys of the systems `only` whose key stores are here,
 * where a certificate ends within RENEW_BEFORE_MS, or with `anew` in any case,
 * and append requests for them.  A key that waits for its certificate is asked
 * for again.  *ret_n is the number of requests.  ERR_NOT_FOUND without such a
 * system.
 */
MUST_USE enum err
nation_request(const struct renew_options *options, struct buf *ret_told,
    size_t *ret_n, struct buf *ret_requests, struct problem *problem);

/*
 * Where the authority's key is: check all requests and tell what they ask for.
 * With `digest`, which a person heard from the maker (blanks around it do not
 * count), sign them, write the certificates into this folder's directory.json
 * and cert.pem files, and append them to *ret_certificates; with NULL do nothing
 * more.  The certificates are
 * used from `begin` on.  ERR_INPUT for a file that is not requests alone,
 * ERR_NOT_FOUND for a system that is not in the nation, ERR_CRYPTO for a key
 * that is not on P-256 or whose holder did not sign, ERR_DENIED for a request
 * that asks for something else than nation.ini has, or for a revoked key,
 * ERR_CONFLICT for a clock before the authority's beginning, for another
 * digest, for two requests of one use, and for a key that is in use already,
 * ERR_TOO_LARGE for a fifth key.
 */
MUST_USE enum err nation_sign(const struct renew_options *options,
    struct slice requests, const char *digest, struct buf *ret_told,
    struct buf *ret_certificates, struct problem *problem);

/*
 * On every machine of the nation: check all certificates, then write them into this
 * folder's directory.json, and into cert.pem where a system's key store is here;
 * the system is to be told by SIGHUP.  All or nothing is taken; an installation
 * that dies in between leaves the old keys in use, and the next completes it.
 * ERR_INPUT for a file that is not certificates alone, ERR_CRYPTO if the
 * nation's authority did not issue one, or the key store does not hold its key,
 * ERR_CONFLICT if one has ended, begins more than 31 days from now, or is older
 * than one in force, ERR_DENIED if it is revoked, ERR_NOT_FOUND if its system is
 * not in the nation.
 */
MUST_USE enum err nation_install(const struct renew_options *options,
    struct slice certificates, struct buf *ret_told, struct problem *problem);

#endif
