#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* The line of flags that the kernel keeps for the pages at `p`. */
static void
flags_of(const void *p, char *ret, size_t size)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	uintptr_t at = (uintptr_t)p, from, to;
	bool is_here = false;
	char line[512];

	assert_non_null(maps);
	ret[0] = '\0';
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2)
			is_here = from <= at && at < to;
		else if (is_here && strncmp(line, "VmFlags:", 8) == 0)
			snprintf(ret, size, "%s", line);
	}
	fclose(maps);
}

static void
a_lasting_secret_is_in_no_core_dump(void **state)
{
	static const char zero[100];
	char flags[512];
	char *secret = secret_new(100);

	(void)state;
	assert_memory_equal(secret, zero, sizeof(zero));
	memset(secret, 's', 100);
	flags_of(secret, flags, sizeof(flags));
	assert_non_null(strstr(flags, " dd"));
	secret_free(secret, 100);
	secret_free(NULL, 0);
}

static void
a_lasting_secret_is_in_no_swap(void **state)
{
	struct rlimit limit;
	char flags[512];
	char *secret = secret_new(100);

	(void)state;
#ifdef BANGO_SANITIZE /* its mlock() does nothing */
	skip();
#endif
	flags_of(secret, flags, sizeof(flags));
	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (geteuid() == 0 || limit.rlim_cur > 1u << 16)
		assert_non_null(strstr(flags, " lo"));
	secret_free(secret, 100);
}

/* Without it a start with too little of it would fail. */
static void
a_lasting_secret_needs_no_right_to_lock(void **state)
{
	const struct rlimit none = {0};
	char *secret;

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	secret = secret_new(100);
	secret[99] = 's';
	secret_free(secret, 100);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_wiped_secret_is_zero),
	    cmocka_unit_test(a_lasting_secret_is_in_no_core_dump),
	    cmocka_unit_test(a_lasting_secret_is_in_no_swap),
	    cmocka_unit_test(a_lasting_secret_needs_no_right_to_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
