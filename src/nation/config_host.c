#include "nation/config_host.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/slice.h"

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

static const char digits[] = "0123456789";
static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

static const char not_a_host[] = "is not a host";
static const char not_single[] = "is no address of a single host";
/* A URL with such an address leads each machine to itself. */
static const char all_addresses[] =
    "stands for all addresses of a machine, and nobody can reach a system by "
    "it; give the address by which the others reach it";

/* NULL if a system can have the address; multicast and reserved ones: RFC 1112
 * 4. */
static const char *
misfit_v4(const struct in_addr *a)
{
	if (a->s_addr == htonl(INADDR_ANY))
		return all_addresses;

	return ntohl(a->s_addr) >> 29 == 7 ? not_single : NULL;
}

/* The same; a zone has no place in a URL (RFC 3986 3.2.2). */
static const char *
misfit_v6(const struct in6_addr *a)
{
	if (IN6_IS_ADDR_UNSPECIFIED(a))
		return all_addresses;
	if (IN6_IS_ADDR_LINKLOCAL(a))
		return "is link-local: it needs a zone, for which a URL has no "
		       "place";
	if (IN6_IS_ADDR_V4MAPPED(a))
		return "is an IPv4 address in IPv6; write it as IPv4";

	return IN6_IS_ADDR_MULTICAST(a) ? not_single : NULL;
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

/* A name in lower case; else the reason why it is none. */
static const char *
parse_name(const char *text, char ret[CONFIG_HOST_MAX])
{
	char name[CONFIG_HOST_MAX];

	if (strlen(text) >= sizeof(name))
		return "is longer than a host's name";
	memcpy(name, text, strlen(text) + 1);
	make_lower(name);
	if (!is_name(name))
		return strchr(name, '_') == NULL
		    ? not_a_host
		    : "is not a host's name, which has no underscore";
	memcpy(ret, name, strlen(name) + 1);

	return NULL;
}

enum err
config_host_parse(
    const char *text, char ret[CONFIG_HOST_MAX], const char **ret_why)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		*ret_why = misfit_v4(&v4);
		if (*ret_why == NULL)
			inet_ntop(AF_INET, &v4, ret, CONFIG_HOST_MAX);
	} else if (inet_pton(AF_INET6, text, &v6) == 1) {
		*ret_why = misfit_v6(&v6);
		if (*ret_why == NULL)
			inet_ntop(AF_INET6, &v6, ret, CONFIG_HOST_MAX);
	} else
		*ret_why = parse_name(text, ret);

	return *ret_why == NULL ? OK : ERR_INPUT;
}

static bool
is_loopback(const char *host)
{
	return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0;
}

bool
config_host_overlaps(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	    (strcmp(a, "localhost") == 0 && is_loopback(b)) ||
	    (strcmp(b, "localhost") == 0 && is_loopback(a));
}
