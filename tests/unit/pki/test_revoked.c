#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "crypto/jose.h"
#include "pki/revoked.h"

#define DAY 86400000
#define SPKI "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define JWK "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
static const struct instant begin = {1795248000000}; /* 2026-11-21T08:00Z */

static struct authority *ca;
static struct buf ca_pem;
static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	buf_init(&ca_pem);
	assert_int_equal(authority_new(SLICE("Nation"), begin,
			     instant_plus(begin, DAY), &ca),
	    OK);

	return authority_certificate(ca, &ca_pem) ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	authority_free(ca);
	buf_done(&ca_pem);
	arena_free(arena);

	return 0;
}

static struct revoked_entry
entry(const char *spki, const char *jwk)
{
	return (struct revoked_entry){.spki = slice_of(spki),
	    .jwk = slice_of(jwk),
	    .system = SLICE("131041/relay"),
	    .since = begin,
	    .reason = SLICE(REVOKED_COMPROMISED)};
}

static enum err
sign(const struct revoked_entry *e, size_t n, struct buf *ret)
{
	const struct revoked_list list = {
	    .number = 3, .time = begin, .entries = e, .n_entries = n};

	buf_init(ret);

	return authority_sign_revoked(ca, arena, &list, ret);
}

static void
a_list_is_read_back(void **state)
{
	struct revoked_entry e[] = {entry(SPKI, ""), entry("", JWK)};
	struct problem problem = {0};
	struct revoked_list list;
	struct buf text;

	(void)state;
	assert_int_equal(sign(e, 2, &text), OK);
	assert_int_equal(revoked_open(arena, buf_slice(&text),
			     buf_slice(&ca_pem), &list, &problem),
	    OK);
	assert_int_equal(list.number, 3);
	assert_int_equal(list.time.ms, begin.ms);
	assert_int_equal(list.n_entries, 2);
	assert_true(slice_equal_string(revoked_key(&list.entries[0]), SPKI));
	assert_true(slice_equal_string(revoked_key(&list.entries[1]), JWK));
	assert_true(slice_equal_string(list.entries[0].system, "131041/relay"));
	assert_int_equal(list.entries[1].since.ms, begin.ms);
	buf_done(&text);
	assert_int_equal(sign(NULL, 0, &text), OK);
	assert_int_equal(revoked_open(arena, buf_slice(&text),
			     buf_slice(&ca_pem), &list, &problem),
	    OK);
	assert_int_equal(list.n_entries, 0);
	buf_done(&text);
}

static void
another_authoritys_list_is_refused(void **state)
{
	struct revoked_entry e = entry(SPKI, "");
	struct authority *other = NULL;
	struct problem problem = {0};
	struct revoked_list list;
	struct buf text, pem;

	(void)state;
	buf_init(&pem);
	assert_int_equal(sign(&e, 1, &text), OK);
	assert_int_equal(authority_new(SLICE("Nation"), begin,
			     instant_plus(begin, DAY), &other),
	    OK);
	assert_int_equal(authority_certificate(other, &pem), OK);
	assert_int_equal(revoked_open(arena, buf_slice(&text), buf_slice(&pem),
			     &list, &problem),
	    ERR_CRYPTO);
	assert_int_equal(revoked_open(arena, buf_slice(&text), SLICE("junk"),
			     &list, &problem),
	    ERR_CRYPTO);
	authority_free(other);
	buf_done(&text);
	buf_done(&pem);
}

static void
an_altered_list_is_refused(void **state)
{
	struct revoked_entry e = entry(SPKI, "");
	struct problem problem = {0};
	struct revoked_list list;
	struct buf text;
	char *at;

	(void)state;
	assert_int_equal(sign(&e, 1, &text), OK);
	at = strchr(text.data, '.') + 10;
	*at = *at == 'A' ? 'B' : 'A';
	assert_int_equal(revoked_open(arena, buf_slice(&text),
			     buf_slice(&ca_pem), &list, &problem),
	    ERR_CRYPTO);
	assert_int_equal(revoked_open(arena, SLICE("a.b.c"), buf_slice(&ca_pem),
			     &list, &problem),
	    ERR_INPUT);
	buf_done(&text);
}

static void
an_entry_names_one_key(void **state)
{
	struct revoked_entry e[] = {entry("", ""), entry(SPKI, JWK),
	    entry("0123", ""), entry("", "short"),
	    entry("X123456789abcdef0123456789abcdef"
		  "0123456789abcdef0123456789abcdef",
		"")};
	struct buf text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(e) / sizeof(e[0]); i++) {
		assert_int_equal(sign(&e[i], 1, &text), ERR_INPUT);
		buf_done(&text);
	}
	e[0] = entry(SPKI, "");
	e[0].reason = SLICE("lost");
	assert_int_equal(sign(e, 1, &text), ERR_INPUT);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_is_read_back),
	    cmocka_unit_test(another_authoritys_list_is_refused),
	    cmocka_unit_test(an_altered_list_is_refused),
	    cmocka_unit_test(an_entry_names_one_key),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
