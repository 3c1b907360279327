#include "nation/config_host.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/slice.h"

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

static const char digits[] = "0123456789";
static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

/* Neither multicast nor reserved (RFC 1112 4). */
static bool
is_usable_v4(const struct in_addr *a)
{
	return ntohl(a->s_addr) >> 29 != 7;
}

/* A link-local address needs a zone, for which a URL has no place (RFC 3986
 * 3.2.2); an IPv4 address is to be written as one. */
static bool
is_usable_v6(const struct in6_addr *a)
{
	return !IN6_IS_ADDR_MULTICAST(a) && !IN6_IS_ADDR_LINKLOCAL(a) &&
	    !IN6_IS_ADDR_V4MAPPED(a);
}

static bool
is_label(struct slice s)
{
	return s.len > 0 && s.len <= LABEL_MAX && s.data[0] != '-' &&
	    s.data[s.len - 1] != '-';
}

/* Libraries take a name that ends so for an IPv4 address: 300.1, 0x7f000001. */
static bool
ends_in_number(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *last = dot != NULL ? dot + 1 : name;

	return last[strspn(last, digits)] == '\0' ||
	    strncmp(last, "0x", 2) == 0;
}

static bool
is_name(const char *text)
{
	struct slice rest = slice_of(text);

	if (text[strspn(text, allowed)] != '\0')
		return false;
	while (rest.data != NULL) {
		if (!is_label(slice_cut(&rest, '.')))
			return false;
	}

	return !ends_in_number(text);
}

static void
make_lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

enum err
config_host_parse(const char *text, char ret[CONFIG_HOST_MAX])
{
	char name[CONFIG_HOST_MAX];
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1 && is_usable_v4(&v4)) {
		inet_ntop(AF_INET, &v4, ret, CONFIG_HOST_MAX);
		return OK;
	}
	if (inet_pton(AF_INET6, text, &v6) == 1 && is_usable_v6(&v6)) {
		inet_ntop(AF_INET6, &v6, ret, CONFIG_HOST_MAX);
		return OK;
	}
	if (strlen(text) >= sizeof(name))
		return ERR_INPUT;
	memcpy(name, text, strlen(text) + 1);
	make_lower(name);
	if (!is_name(name))
		return ERR_INPUT;
	memcpy(ret, name, strlen(name) + 1);

	return OK;
}

static bool
is_one_of(const char *host, const char *a, const char *b)
{
	return strcmp(host, a) == 0 || strcmp(host, b) == 0;
}

static bool
is_all(const char *host)
{
	return is_one_of(host, "0.0.0.0", "::");
}

bool
config_host_overlaps(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || is_all(a) || is_all(b) ||
	    (strcmp(a, "localhost") == 0 && is_one_of(b, "127.0.0.1", "::1")) ||
	    (strcmp(b, "localhost") == 0 && is_one_of(a, "127.0.0.1", "::1"));
}
