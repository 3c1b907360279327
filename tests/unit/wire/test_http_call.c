#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "wire/http_call.h"

static void
every_method_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(http_method_name(HTTP_GET), "GET");
	assert_string_equal(http_method_name(HTTP_POST), "POST");
	assert_string_equal(http_method_name(HTTP_PUT), "PUT");
	assert_string_equal(http_method_name(HTTP_DELETE), "DELETE");
	assert_string_equal(http_method_name(HTTP_OTHER), "another method");
}

static void
every_door_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(http_door_name(HTTP_DOOR_PEERS), "peers");
	assert_string_equal(http_door_name(HTTP_DOOR_PEOPLE), "people");
	assert_string_equal(http_door_name(HTTP_DOOR_PUBLIC), "public");
}

static void
a_cookie_is_found_by_its_name(void **state)
{
	struct slice field = SLICE("a=1; __Host-staff=x=y;__Host-b=; c");
	struct slice none = {0};

	(void)state;
	assert_true(
	    slice_equal_string(http_cookie_value(field, "staff"), "x=y"));
	assert_int_equal(http_cookie_value(field, "b").len, 0);
	assert_non_null(http_cookie_value(field, "b").data);
	assert_null(http_cookie_value(field, "a").data);
	assert_null(http_cookie_value(field, "c").data);
	assert_null(http_cookie_value(field, "taff").data);
	assert_null(http_cookie_value(none, "staff").data);
}

static void
a_cookie_that_stands_twice_is_none(void **state)
{
	(void)state;
	assert_null(
	    http_cookie_value(SLICE("__Host-a=1; b=2; __Host-a=1"), "a").data);
}

static void
an_etag_is_found_in_a_list(void **state)
{
	struct slice tag = SLICE("v1"), none = {0};

	(void)state;
	assert_true(http_etag_matches(SLICE("\"v1\""), tag));
	assert_true(http_etag_matches(SLICE("\"a\", W/\"v1\""), tag));
	assert_true(http_etag_matches(SLICE("\"a,b\" ,\"v1\",\"c\""), tag));
	assert_true(http_etag_matches(SLICE(" * "), tag));
	assert_false(http_etag_matches(SLICE("\"v2\", \"v10\""), tag));
	assert_false(http_etag_matches(SLICE("v1"), tag));
	assert_false(http_etag_matches(SLICE("\"v1"), tag));
	assert_false(http_etag_matches(SLICE("\"a\" \"v1\""), tag));
	assert_false(http_etag_matches(SLICE("*, \"a\""), tag));
	assert_false(http_etag_matches(SLICE(""), tag));
	assert_false(http_etag_matches(none, tag));
}

static void
names_of_this_machine_are_told_from_others(void **state)
{
	static const char *const ours[] = {"localhost", "localhost:80",
	    "staff.131041.localhost:7380", "127.0.0.1", "127.3.2.1:1", "[::1]",
	    "[::1]:80"};
	static const char *const others[] = {"", "x", "localhost.example",
	    "notlocalhost", "127.0.0.1.example", "128.0.0.1", "127.1",
	    "[::1].example", "[::2]", "192.0.2.1:80", "127.0.0.1@example"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		assert_true(http_host_is_loopback(slice_of(ours[i])));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(http_host_is_loopback(slice_of(others[i])));
}

/* Host of all: "a.example:7301". */
static void
a_call_that_a_page_of_another_site_makes_is_foreign(void **state)
{
	static const struct {
		enum http_method method;
		const char *site, *origin;
		bool foreign;
	} calls[] = {
	    {HTTP_POST, "", "", false}, /* no browser */
	    {HTTP_POST, "same-origin", "https://a.example:7301", false},
	    {HTTP_POST, "none", "", false},
	    {HTTP_POST, "", "https://A.example:7301", false},
	    {HTTP_POST, "cross-site", "", true},
	    {HTTP_POST, "same-site", "", true},
	    {HTTP_POST, "unheard-of", "", true},
	    {HTTP_POST, "", "https://b.example", true},
	    {HTTP_POST, "", "https://a.example", true},
	    {HTTP_POST, "", "https://a.example:7302", true},
	    {HTTP_POST, "", "https://a.example:73011", true},
	    {HTTP_POST, "", "ftp://a.example:7301", true},
	    {HTTP_POST, "", "null", true},
	    {HTTP_POST, "same-origin", "https://b.example", true},
	    {HTTP_DELETE, "cross-site", "", true},
	    {HTTP_PUT, "cross-site", "", true},
	    {HTTP_OTHER, "cross-site", "", true},
	    {HTTP_GET, "cross-site", "https://b.example", false},
	};
	struct http_call call = {.host = SLICE("a.example:7301")};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		call.method = calls[i].method;
		call.sec_fetch_site = slice_of(calls[i].site);
		call.origin = slice_of(calls[i].origin);
		assert_int_equal(http_call_is_foreign(&call), calls[i].foreign);
	}
}

static void
an_address_belongs_to_a_network(void **state)
{
	static const struct {
		const char *remote;
		uint64_t network;
	} calls[] = {
	    {"192.0.2.1:443", 0xc0000201},
	    {"[2001:db8:1:2ff:3::4]:443", 0x8020010db8000102},
	    {"[2001:db8:1:201::4%eth0]:443", 0x8020010db8000102},
	    {"[::ffff:192.0.2.1]:443", 0xc0000201},
	};
	static const char *const none[] = {
	    "", "192.0.2:443", "[x]:1", "[", "@"};
	struct http_call call = {0};
	uint64_t network;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		call.remote = slice_of(calls[i].remote);
		assert_true(http_call_network(&call, &network));
		assert_int_equal(network, calls[i].network);
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		call.remote = slice_of(none[i]);
		assert_false(http_call_network(&call, &network));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_method_has_a_name),
	    cmocka_unit_test(
		a_call_that_a_page_of_another_site_makes_is_foreign),
	    cmocka_unit_test(every_door_has_a_name),
	    cmocka_unit_test(a_cookie_is_found_by_its_name),
	    cmocka_unit_test(a_cookie_that_stands_twice_is_none),
	    cmocka_unit_test(an_etag_is_found_in_a_list),
	    cmocka_unit_test(names_of_this_machine_are_told_from_others),
	    cmocka_unit_test(an_address_belongs_to_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
