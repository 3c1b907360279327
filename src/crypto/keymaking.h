/*
 * New private keys, straight into a key store: the one way in which signing
 * and sealing keys are made.
 */
#ifndef BANGO_CRYPTO_KEYMAKING_H
#define BANGO_CRYPTO_KEYMAKING_H

#include "base/json.h"
#include "crypto/keystore.h"

/* The next epoch of "sign".  *ret_jwk, a new reference, is the public half,
 * for the directory.  ERR_CRYPTO; then nothing was added. */
MUST_USE enum err
keymaking_sign(struct keystore *ks, struct instant now, json_t **ret_jwk);
/* The next epoch of "seal".  ERR_CRYPTO; then nothing was added. */
MUST_USE enum err keymaking_seal(struct keystore *ks, struct instant now);

#endif
