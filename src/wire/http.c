/* What server, client and host share: methods, and the values of queries. */
#include "base/arena.h"
#include "wire/http_message.h"

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

static bool
is_named(struct slice key, const char *name)
{
	struct buf text;
	bool equal;

	buf_init(&text);
	equal = http_query_decode(key, &text) == OK &&
	    slice_equal_string(buf_slice(&text), name);
	buf_done(&text);

	return equal;
}

struct slice
http_query_value(struct arena *arena, struct slice query, const char *name)
{
	struct slice pair, value = {0};
	struct buf text;

	while (query.data != NULL) {
		pair = slice_cut(&query, '&');
		if (!is_named(slice_cut(&pair, '='), name))
			continue;
		buf_init(&text);
		if (http_query_decode(pair, &text))
			value = SLICE("\xff");
		else
			value = arena_copy(arena, buf_slice(&text));
		buf_done(&text);
		return value;
	}

	return value;
}
