/* What server and client share: methods, and the text of queries. */
#include "base/arena.h"
#include "base/encode.h"
#include "base/text.h"
#include "wire/http_server.h"

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

enum err
http_percent_decode(
    struct arena *arena, struct slice s, bool plus, struct slice *ret)
{
	char *start = arena_alloc(arena, s.len + 1), *to = start;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '+' && plus) {
			*to++ = ' ';
		} else if (s.data[i] != '%') {
			*to++ = s.data[i];
		} else {
			if (i + 2 >= s.len ||
			    hex_decode_exact(
				slice_bytes(s.data + i + 1, 2), to, 1))
				return ERR_INPUT;
			to++;
			i += 2;
		}
	}
	*ret = slice_bytes(start, (size_t)(to - start));

	return utf8_is_valid(*ret) ? OK : ERR_INPUT;
}

struct slice
http_query_value(struct arena *arena, struct slice query, const char *name)
{
	struct slice pair, value = {0};

	while (!slice_is_empty(query)) {
		pair = slice_cut(&query, '&');
		if (!slice_equal_string(slice_cut(&pair, '='), name))
			continue;
		if (http_percent_decode(arena, pair, true, &value))
			value = SLICE("\xff"); /* refused by every check */
		if (value.data == NULL)
			value = SLICE("");
		return value;
	}

	return (struct slice){0};
}
