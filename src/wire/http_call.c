#include "wire/http_call.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <strings.h>

const char *
http_method_name(enum http_method method)
{
	switch (method) {
	case HTTP_GET:
		return "GET";
	case HTTP_POST:
		return "POST";
	case HTTP_PUT:
		return "PUT";
	case HTTP_DELETE:
		return "DELETE";
	case HTTP_OTHER:
		return "another method";
	}

	return "another method";
}

const char *
http_door_name(enum http_door door)
{
	switch (door) {
	case HTTP_DOOR_PEERS:
		return "peers";
	case HTTP_DOOR_PEOPLE:
		return "people";
	case HTTP_DOOR_PUBLIC:
		return "public";
	}

	return "another door";
}

struct slice
http_cookie_value(struct slice cookie, const char *name)
{
	struct slice prefix = SLICE("__Host-"), found = {0}, pair, key;

	while (cookie.data != NULL) {
		pair = slice_trim(slice_cut(&cookie, ';'));
		key = slice_cut(&pair, '=');
		if (pair.data == NULL || !slice_has_prefix(key, prefix) ||
		    !slice_equal_string(slice_bytes(key.data + prefix.len,
					    key.len - prefix.len),
			name))
			continue;
		if (found.data != NULL)
			return (struct slice){0};
		found = pair;
	}

	return found;
}

static bool
has_suffix(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	    slice_equal(
		slice_bytes(s.data + s.len - suffix.len, suffix.len), suffix);
}

bool
http_host_is_loopback(struct slice host)
{
	struct slice name, v6 = SLICE("[::1]");
	char text[INET_ADDRSTRLEN];
	struct in_addr v4;

	if (slice_has_prefix(host, v6))
		return host.len == v6.len || host.data[v6.len] == ':';
	name = slice_cut(&host, ':');
	if (slice_equal_string(name, "localhost") ||
	    has_suffix(name, SLICE(".localhost")))
		return true;
	if (name.len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(name));

	return inet_pton(AF_INET, text, &v4) == 1 &&
	    ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* The origin's host and port are those of the call; "null" and a call without Host
 * are another site. */
static bool
is_own_origin(struct slice origin, struct slice host)
{
	struct slice scheme = slice_cut(&origin, ':');

	return (slice_equal_string(scheme, "https") ||
		   slice_equal_string(scheme, "http")) &&
	    slice_has_prefix(origin, SLICE("//")) &&
	    origin.len == host.len + 2 &&
	    strncasecmp(origin.data + 2, host.data, host.len) == 0;
}

bool
http_call_is_foreign(const struct http_call *call)
{
	if (call->method == HTTP_GET)
		return false;
	if (call->sec_fetch_site.len > 0 &&
	    !slice_equal_string(call->sec_fetch_site, "same-origin") &&
	    !slice_equal_string(call->sec_fetch_site, "none"))
		return true;

	return call->origin.len > 0 && !is_own_origin(call->origin, call->host);
}

/* RFC 9110 §8.8.3: one entity tag, taken from the front of `*rest`. */
static bool
take_etag(struct slice *rest, struct slice *ret)
{
	struct slice s = slice_trim(*rest);

	if (slice_has_prefix(s, SLICE("W/")))
		s = slice_bytes(s.data + 2, s.len - 2);
	if (s.len == 0 || s.data[0] != '"')
		return false;
	s = slice_bytes(s.data + 1, s.len - 1);
	*ret = slice_cut(&s, '"');
	if (s.data == NULL)
		return false;
	s = slice_trim(s);
	if (s.len > 0 && s.data[0] != ',')
		return false;
	(void)slice_cut(&s, ',');
	*rest = s;

	return true;
}

/* "192.0.2.1:443" or "[2001:db8::1%eth0]:443": the address alone. */
static struct slice
address_of(struct slice remote)
{
	if (remote.len == 0 || remote.data[0] != '[')
		return slice_cut(&remote, ':');
	remote = slice_bytes(remote.data + 1, remote.len - 1);
	remote = slice_cut(&remote, ']');

	return slice_cut(&remote, '%');
}

/* `n` bytes as a number. */
static uint64_t
number_of(const uint8_t *bytes, size_t n)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < n; i++)
		number = number << 8 | bytes[i];

	return number;
}

bool
http_call_network(const struct http_call *call, uint64_t *ret)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr v6;
	uint8_t v4[4];

	snprintf(
	    text, sizeof(text), "%.*s", SLICE_ARG(address_of(call->remote)));
	if (inet_pton(AF_INET, text, v4) == 1)
		*ret = number_of(v4, sizeof(v4));
	else if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	else if (IN6_IS_ADDR_V4MAPPED(&v6))
		*ret = number_of(&v6.s6_addr[12], 4);
	else
		*ret = number_of(v6.s6_addr, 7) | UINT64_C(1) << 63;

	return true;
}

bool
http_etag_matches(struct slice field, struct slice tag)
{
	struct slice one;

	if (slice_equal_string(slice_trim(field), "*"))
		return true;
	while (field.data != NULL && take_etag(&field, &one)) {
		if (slice_equal(one, tag))
			return true;
	}

	return false;
}
