/*
 * One HTTP/1.1 request (RFC 9112), read as its bytes come in.
 *
 * Reading is strict, because a request that two readers understand differently
 * can pass a filter unseen (request smuggling): lines end with CR LF, a field
 * that decides something stands there once, Content-Length and
 * Transfer-Encoding exclude each other, a folded line, a blank before the
 * colon or a control character is refused.  Every length is bounded.
 *
 * This module knows no socket and no TLS; http_server feeds it.  Inside wire/
 * only.
 */
#ifndef BANGO_WIRE_HTTP_MESSAGE_H
#define BANGO_WIRE_HTTP_MESSAGE_H

#include "wire/http_call.h"

enum http_reader_state {
	HTTP_READER_HEAD,      /* request line and fields */
	HTTP_READER_HEAD_READ, /* waits for http_reader_accept() */
	HTTP_READER_BODY,      /* of a known length */
	HTTP_READER_CHUNK_SIZE,
	HTTP_READER_CHUNK,
	HTTP_READER_CHUNK_END,
	HTTP_READER_TRAILER,
	HTTP_READER_COMPLETE,
	HTTP_READER_REFUSED, /* `status` and `why` say how */
};

enum http_field {
	HTTP_FIELD_HOST,
	HTTP_FIELD_CONTENT_LENGTH,
	HTTP_FIELD_TRANSFER_ENCODING,
	HTTP_FIELD_CONTENT_TYPE,
	HTTP_FIELD_CONTENT_ENCODING,
	HTTP_FIELD_AUTHORIZATION,
	HTTP_FIELD_EXPECT,
	HTTP_FIELD_CONNECTION,
	HTTP_FIELD_COOKIE,
	HTTP_FIELD_ORIGIN,
	HTTP_FIELD_SEC_FETCH_SITE,
	HTTP_FIELD_ACCEPT,
	HTTP_FIELD_ACCEPT_LANGUAGE,
	HTTP_FIELD_IF_NONE_MATCH,
};
#define HTTP_FIELD_COUNT (HTTP_FIELD_IF_NONE_MATCH + 1)

struct http_reader {
	size_t header_bytes; /* limits */
	size_t body_bytes;   /* by http_reader_accept() */
	enum http_reader_state state;
	int status; /* of the refusal: 400, 413, … */
	const char *why;

	enum http_method method;
	bool is_head;           /* HEAD: a GET whose reply has no body */
	bool keep_alive;        /* the peer lets the connection stand */
	bool wants_continue;    /* waits for "100 Continue" */
	struct slice authority; /* of an absolute target; it becomes the Host */
	struct slice query;
	struct slice fields[HTTP_FIELD_COUNT]; /* data NULL: absent */
	struct buf path;                       /* decoded */
	struct buf body;
	uint64_t left; /* bytes of the body or the chunk still to come */

	struct buf head; /* authority, fields and query point into it */
	struct buf line; /* of a chunk or trailer */
	size_t line_start;
	bool began_blank; /* an empty line stood before the request */
	size_t trailer_bytes;
};

void http_reader_init(struct http_reader *r, size_t header_bytes);
void http_reader_done(struct http_reader *r); /* wipes */
/* Ready for the next request on the connection; wipes the last. */
void http_reader_reset(struct http_reader *r);
/* Has no byte of a request come yet? */
bool http_reader_is_fresh(const struct http_reader *r);
/* Takes bytes until the head is read, or the request is complete or refused;
 * returns the number taken.  The rest belongs to the body, or to the next
 * request. */
size_t http_reader_feed(struct http_reader *r, struct slice in);
/* The head is read: go on with the body, or refuse it with 413 if it says that
 * it is larger than `body_bytes`. */
void http_reader_accept(struct http_reader *r, size_t body_bytes);
/* The same without the body: the request is complete, and the last one of its
 * connection if it announced a body. */
void http_reader_leave_body(struct http_reader *r);

/* Percent-decoded, for a path: starts with '/', printable UTF-8, no encoded
 * slash, no segment "." or "..".  ERR_INPUT otherwise.  Appends. */
MUST_USE enum err http_path_decode(struct slice raw, struct buf *ret);
/* A name or value in a query: printable UTF-8, '+' is a blank. */
MUST_USE enum err http_query_decode(struct slice raw, struct buf *ret);
/* Percent-decoded bytes, unchecked; `plus` replaces each '+'.  ERR_INPUT on a
 * malformed escape; the bytes before it have then been appended. */
MUST_USE enum err
http_percent_decode(struct slice raw, char plus, struct buf *ret);

/* Letters and digits of ASCII, and `others`; not empty. */
bool http_is_made_of(struct slice s, const char *others);
/* RFC 9110 §5.6.2: a name of a field, a method, a parameter. */
bool http_is_token(struct slice s);
/* Visible ASCII, blanks and tabs: no control character, and no byte of an
 * unknown character set. */
bool http_is_field_value(struct slice s);
bool http_equal_ignoring_case(struct slice s, const char *name);

#endif
