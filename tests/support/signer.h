/* A key pair for tests of what is signed.  Include after cmocka.h. */
#ifndef BANGO_TESTS_SUPPORT_SIGNER_H
#define BANGO_TESTS_SUPPORT_SIGNER_H

#include "crypto/sign.h"

struct signer {
	struct signing_key *key;
	struct verify_key *public;
};

static inline void
signer_make(struct signer *ret)
{
	json_t *jwk;

	assert_int_equal(signing_key_generate(&ret->key), OK);
	jwk = signing_key_jwk(ret->key);
	assert_int_equal(verify_key_from_jwk(jwk, &ret->public), OK);
	json_decref(jwk);
}

static inline void
signer_done(struct signer *s)
{
	verify_key_free(s->public);
	signing_key_free(s->key);
}

#endif
