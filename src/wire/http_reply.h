/*
 * One HTTP reply: status, header fields, and a body from memory or from a
 * file.
 *
 * Header fields are lines that http_header_add() made, one after another in
 * a buf, so that no value can end its line and begin a field or a reply of
 * its own (response splitting).
 */
#ifndef BANGO_WIRE_HTTP_REPLY_H
#define BANGO_WIRE_HTTP_REPLY_H

#include <stdbool.h>

#include "base/slice.h"

/* Bytes of further header fields together. */
#define HTTP_HEADERS_MAX 8192

/* A part of an open file that is sent piece by piece. */
struct http_file {
	bool is_set;
	int fd;
	uint64_t offset; /* of its first byte */
	uint64_t length;
};

struct http_reply {
	int status;
	const char *content_type; /* NULL: none, with an empty body */
	struct slice headers;     /* lines by http_header_add(); copied */
	struct slice body;        /* copied */
	/* Instead of the body.  The server closes it, in any case. */
	struct http_file file;
};

/*
 * Append one header field to `lines`.  `name` is a constant of the program: a
 * token, and none of those that the server writes itself (Connection,
 * Content-Length, Content-Type, Date, Transfer-Encoding); any other name ends
 * the process.  ERR_INPUT if the value holds anything but visible ASCII,
 * blanks and tabs; ERR_TOO_LARGE beyond HTTP_HEADERS_MAX.  `lines` is then
 * left alone.
 */
MUST_USE enum err
http_header_add(struct buf *lines, const char *name, struct slice value);

/* Zero is the stricter value. */
enum http_same_site {
	HTTP_SAME_SITE_STRICT, /* sent with no request of another site */
	HTTP_SAME_SITE_LAX,    /* sent when a link leads here */
};

struct http_cookie {
	const char *name;   /* a token, without "__Host-" */
	struct slice value; /* cookie-octets (RFC 6265 §4.1.1) */
	/* Seconds; 0: until the browser is closed; negative: erase it. */
	int64_t max_age;
	enum http_same_site same_site;
};

/* Append a Set-Cookie field: "__Host-NAME=VALUE; Path=/; Secure; HttpOnly" and
 * SameSite.  Errors as for http_header_add(). */
MUST_USE enum err
http_cookie_add(struct buf *lines, const struct http_cookie *cookie);

/* Is `path` a path of this server, with or without a query, fit for Location?
 * It begins with one '/', and holds visible ASCII and no backslash, which
 * browsers read as '/'. */
bool http_path_is_own(struct slice path);

#define HTTP_ETAG_MAX 64
/* 1 to 64 characters of an entity tag (RFC 9110 §8.8.3), no comma. */
bool http_etag_is_valid(struct slice tag);

/* For the server: status line and header fields, with the empty line.  Unless
 * the reply has its own, 401 has WWW-Authenticate: Bearer, the one scheme that
 * HTTP itself carries here, and 503 has Retry-After. */
void http_reply_head(
    const struct http_reply *reply, const char *connection, struct buf *ret);

#endif
