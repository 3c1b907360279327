/* Two key pairs for tests of what is signed.  Include after cmocka.h. */
#ifndef BANGO_TESTS_SUPPORT_SIGNER_H
#define BANGO_TESTS_SUPPORT_SIGNER_H

#include "base/arena.h"
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

static struct arena *arena;
static struct signer signer, stranger;

static inline int
signers_set_up(void **state)
{
	(void)state;
	arena = arena_new();
	signer_make(&signer);
	signer_make(&stranger);

	return 0;
}

static inline int
signers_tear_down(void **state)
{
	(void)state;
	signer_done(&signer);
	signer_done(&stranger);
	arena_free(arena);

	return 0;
}

#endif
