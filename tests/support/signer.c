#include "tests/support/signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
signer_make(struct signer *ret)
{
	json_t *jwk;

	assert_int_equal(signing_key_generate(&ret->key), OK);
	jwk = signing_key_jwk(ret->key);
	assert_int_equal(verify_key_from_jwk(jwk, &ret->public), OK);
	json_decref(jwk);
}

static void
signer_done(struct signer *s)
{
	verify_key_free(s->public);
	signing_key_free(s->key);
}

struct signer signer, stranger;

int
signers_set_up(void **state)
{
	signer_make(&signer);
	signer_make(&stranger);

	return arena_begin(state);
}

int
signers_tear_down(void **state)
{
	signer_done(&signer);
	signer_done(&stranger);

	return arena_end(state);
}
