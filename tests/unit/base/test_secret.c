#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secret.h"

static void
a_wiped_secret_is_zero(void **state)
{
	char secret[16] = "a secret";
	static const char zero[16];

	(void)state;
	secret_wipe(secret, sizeof(secret));
	assert_memory_equal(secret, zero, sizeof(zero));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_wiped_secret_is_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
