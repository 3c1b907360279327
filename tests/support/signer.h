/* Two key pairs and an arena, for tests of signatures. */
#ifndef BANGO_TESTS_SUPPORT_SIGNER_H
#define BANGO_TESTS_SUPPORT_SIGNER_H

#include "crypto/sign.h"
#include "tests/support/test_arena.h"

struct signer {
	struct signing_key *key;
	struct verify_key *public;
};

extern struct signer signer, stranger;

/* cmocka's; keys and arena exist between the two calls. */
int signers_set_up(void **state);
int signers_tear_down(void **state);

#endif
