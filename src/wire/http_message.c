#include "wire/http_message.h"

#include <string.h>
#include <strings.h>

#include "base/encode.h"
#include "base/text.h"

#define FIELDS_MAX 100
#define PORT_DIGITS 5
#define CHUNK_LINE_MAX 64 /* bytes; extensions are ignored */
#define CHUNK_SIZE_DIGITS 8

static const char *const field_names[HTTP_FIELD_COUNT] = {
    [HTTP_FIELD_HOST] = "host",
    [HTTP_FIELD_CONTENT_LENGTH] = "content-length",
    [HTTP_FIELD_TRANSFER_ENCODING] = "transfer-encoding",
    [HTTP_FIELD_CONTENT_TYPE] = "content-type",
    [HTTP_FIELD_CONTENT_ENCODING] = "content-encoding",
    [HTTP_FIELD_AUTHORIZATION] = "authorization",
    [HTTP_FIELD_EXPECT] = "expect",
    [HTTP_FIELD_CONNECTION] = "connection",
    [HTTP_FIELD_COOKIE] = "cookie",
    [HTTP_FIELD_ORIGIN] = "origin",
    [HTTP_FIELD_SEC_FETCH_SITE] = "sec-fetch-site",
    [HTTP_FIELD_ACCEPT] = "accept",
    [HTTP_FIELD_ACCEPT_LANGUAGE] = "accept-language",
    [HTTP_FIELD_IF_NONE_MATCH] = "if-none-match",
};

static void
refuse(struct http_reader *r, int status, const char *why)
{
	r->state = HTTP_READER_REFUSED;
	r->status = status;
	r->why = why;
}

/* --- Characters ---------------------------------------------------------- */

bool
http_is_made_of(struct slice s, const char *others)
{
	size_t i;
	char c;

	for (i = 0; i < s.len; i++) {
		c = s.data[i];
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z'))
			continue;
		if (c == '\0' || strchr(others, c) == NULL)
			return false;
	}

	return s.len > 0;
}

bool
http_is_token(struct slice s)
{
	return http_is_made_of(s, "!#$%&'*+-.^_`|~");
}

static bool
is_between(struct slice s, char low, char high)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] < low || s.data[i] > high)
			return false;
	}

	return true;
}

bool
http_is_field_value(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if ((s.data[i] < ' ' || s.data[i] > '~') && s.data[i] != '\t')
			return false;
	}

	return true;
}

bool
http_equal_ignoring_case(struct slice s, const char *name)
{
	return s.len == strlen(name) && strncasecmp(s.data, name, s.len) == 0;
}

enum err
http_percent_decode(struct slice s, char plus, struct buf *ret)
{
	int high, low;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '+') {
			buf_add_char(ret, plus);
			continue;
		}
		if (s.data[i] != '%') {
			buf_add_char(ret, s.data[i]);
			continue;
		}
		if (s.len - i < 3)
			return ERR_INPUT;
		high = hex_value(s.data[i + 1]);
		low = hex_value(s.data[i + 2]);
		if (high < 0 || low < 0)
			return ERR_INPUT;
		buf_add_char(ret, (char)(high << 4 | low));
		i += 2;
	}

	return OK;
}

static enum err
decode(struct slice raw, char plus, struct buf *ret)
{
	size_t before = ret->len;
	struct slice text = {0};
	enum err rc;

	rc = http_percent_decode(raw, plus, ret);
	if (ret->len > before)
		text = slice_bytes(ret->data + before, ret->len - before);
	if (rc == OK && !text_is_printable(text))
		rc = ERR_INPUT;
	if (rc)
		ret->len = before;

	return rc;
}

enum err
http_query_decode(struct slice raw, struct buf *ret)
{
	return decode(raw, ' ', ret);
}

/* "." and ".." would let one path have two names; an encoded slash would
 * look like a separator to code that splits the decoded path. */
static bool
is_plain_path(struct slice raw, struct slice decoded)
{
	struct slice segment;
	size_t i;

	for (i = 0; i + 2 < raw.len; i++) {
		if (raw.data[i] == '%' && raw.data[i + 1] == '2' &&
		    (raw.data[i + 2] == 'F' || raw.data[i + 2] == 'f'))
			return false;
	}
	while (decoded.data != NULL) {
		segment = slice_cut(&decoded, '/');
		if (slice_equal_string(segment, ".") ||
		    slice_equal_string(segment, ".."))
			return false;
	}

	return true;
}

enum err
http_path_decode(struct slice raw, struct buf *ret)
{
	size_t before = ret->len;
	enum err rc;

	if (raw.len == 0 || raw.data[0] != '/')
		return ERR_INPUT;
	rc = decode(raw, '+', ret);
	if (rc)
		return rc;
	if (!is_plain_path(
		raw, slice_bytes(ret->data + before, ret->len - before))) {
		ret->len = before;
		return ERR_INPUT;
	}

	return OK;
}

/* --- The head ------------------------------------------------------------ */

/* RFC 9110 §9.1: 501 for a method that is not known, and 405, by the path, for
 * one that is.  CONNECT has no path, and OPTIONS * asks for none. */
static void
read_method(struct http_reader *r, struct slice s, struct slice target)
{
	static const struct {
		const char *name;
		enum http_method method;
	} known[] = {{"GET", HTTP_GET}, {"HEAD", HTTP_GET}, {"POST", HTTP_POST},
	    {"PUT", HTTP_PUT}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OTHER},
	    {"PATCH", HTTP_OTHER}, {"TRACE", HTTP_OTHER}};
	bool is_known = false;
	size_t i;

	r->method = HTTP_OTHER;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_equal_string(s, known[i].name)) {
			r->method = known[i].method;
			is_known = true;
		}
	}
	r->is_head = slice_equal_string(s, "HEAD");
	if (!is_known ||
	    (slice_equal_string(s, "OPTIONS") &&
		slice_equal_string(target, "*")))
		refuse(r, 501,
		    "the method is not implemented; expected GET, HEAD, POST, "
		    "PUT or DELETE");
}

static bool
query_is_good(struct slice query)
{
	struct buf scratch;
	enum err rc = OK;

	buf_init(&scratch);
	while (rc == OK && query.data != NULL)
		rc = http_query_decode(slice_cut(&query, '&'), &scratch);
	buf_done(&scratch);

	return rc == OK;
}

/* uri-host [ ":" port ] (RFC 9110 §7.2): a name, an IPv4 address, or an IPv6
 * address in brackets. */
static bool
is_authority(struct slice s)
{
	bool is_v6 = slice_has_prefix(s, SLICE("["));
	struct slice port = s, host = slice_cut(&port, is_v6 ? ']' : ':');

	if (is_v6) {
		host = slice_bytes(host.data + 1, host.len - 1);
		if (port.data == NULL || slice_cut(&port, ':').len > 0)
			return false;
	}

	return http_is_made_of(host, is_v6 ? ":." : "-._~%!$&'()*+;=") &&
	    port.len <= PORT_DIGITS && is_between(port, '0', '9');
}

/* The authority of a target in absolute form, whose scheme is in any case (RFC
 * 3986 §3.1).  The rest stays in *s. */
static struct slice
take_authority(struct slice *s)
{
	struct slice rest = *s, scheme = slice_cut(&rest, ':'), authority = {0};
	const char *slash;

	if ((!http_equal_ignoring_case(scheme, "https") &&
		!http_equal_ignoring_case(scheme, "http")) ||
	    !slice_has_prefix(rest, SLICE("//")))
		return authority;
	rest = slice_bytes(rest.data + 2, rest.len - 2);
	slash = memchr(rest.data, '/', rest.len);
	authority = slice_bytes(
	    rest.data, slash == NULL ? rest.len : (size_t)(slash - rest.data));
	*s = slice_bytes(rest.data + authority.len, rest.len - authority.len);

	return authority;
}

/* RFC 9112 §3.2: origin form, or absolute form. */
static void
read_target(struct http_reader *r, struct slice s)
{
	struct slice path;

	r->authority = take_authority(&s);
	path = slice_cut(&s, '?');
	r->query = s.data == NULL ? SLICE("") : s;
	buf_clear(&r->path);
	if (!is_between(path, '!', '~') || !is_between(r->query, '!', '~') ||
	    (path.len > 0 && memchr(path.data, '#', path.len) != NULL) ||
	    http_path_decode(path, &r->path) || !query_is_good(r->query))
		refuse(r, 400, "the path or query is not well-formed");
}

/* RFC 9112 §2.3: "HTTP/" DIGIT "." DIGIT */
static bool
is_version(struct slice s)
{
	return s.len == 8 && slice_has_prefix(s, SLICE("HTTP/")) &&
	    s.data[5] >= '0' && s.data[5] <= '9' && s.data[6] == '.' &&
	    s.data[7] >= '0' && s.data[7] <= '9';
}

/* RFC 9112 §3 */
static void
read_request_line(struct http_reader *r, struct slice line)
{
	struct slice method, target;

	method = slice_cut(&line, ' ');
	target = slice_cut(&line, ' ');
	if (!http_is_token(method) || target.len == 0 || line.data == NULL) {
		refuse(r, 400, "the request line is not well-formed");
		return;
	}
	if (slice_equal_string(line, "HTTP/1.1"))
		r->keep_alive = true;
	else if (slice_equal_string(line, "HTTP/1.0"))
		r->keep_alive = false;
	else {
		refuse(r, is_version(line) ? 505 : 400,
		    "the version of HTTP is neither 1.0 nor 1.1");
		return;
	}
	read_method(r, method, target);
	if (r->state == HTTP_READER_HEAD)
		read_target(r, target);
}

static void
read_connection(struct http_reader *r, struct slice value)
{
	while (value.data != NULL) {
		if (http_equal_ignoring_case(
			slice_trim(slice_cut(&value, ',')), "close"))
			r->keep_alive = false;
	}
}

static void
read_field(struct http_reader *r, struct slice line)
{
	struct slice name, value = line;
	size_t i;

	name = slice_cut(&value, ':');
	if (value.data == NULL || !http_is_token(name) ||
	    !http_is_field_value(value)) {
		refuse(r, 400, "a header field is not well-formed");
		return;
	}
	value = slice_trim(value);
	for (i = 0; i < HTTP_FIELD_COUNT; i++) {
		if (!http_equal_ignoring_case(name, field_names[i]))
			continue;
		if (i == HTTP_FIELD_CONNECTION)
			read_connection(r, value);
		else if (r->fields[i].data != NULL)
			refuse(r, 400,
			    "a header field that must be unique is "
			    "repeated");
		r->fields[i] = value;
	}
}

static void
begin_body(struct http_reader *r)
{
	struct slice length = r->fields[HTTP_FIELD_CONTENT_LENGTH];
	struct slice coding = r->fields[HTTP_FIELD_TRANSFER_ENCODING];

	r->state = HTTP_READER_COMPLETE;
	if (coding.data != NULL && length.data != NULL) {
		refuse(r, 400,
		    "Content-Length and Transfer-Encoding exclude each other");
	} else if (coding.data != NULL) {
		if (http_equal_ignoring_case(coding, "chunked"))
			r->state = HTTP_READER_CHUNK_SIZE;
		else
			refuse(r, 501, "the transfer coding is not chunked");
	} else if (length.data != NULL) {
		if (slice_to_u64(length, INT64_MAX, &r->left))
			refuse(r, 400, "Content-Length is not a number");
		else if (r->left > r->body_bytes)
			refuse(r, 413, "the body is larger than allowed");
		else if (r->left > 0)
			r->state = HTTP_READER_BODY;
	}
}

/* RFC 9112 §3.2, §3.2.2: HTTP/1.1 has a Host; an absolute target's authority is
 * the host, whatever the field says. */
static void
check_host(struct http_reader *r, bool is_1_1)
{
	struct slice *host = &r->fields[HTTP_FIELD_HOST];

	if (is_1_1 && slice_is_empty(*host)) {
		refuse(r, 400, "the Host field is missing");
		return;
	}
	if (r->authority.data != NULL)
		*host = r->authority;
	if (host->data != NULL && !is_authority(*host))
		refuse(r, 400, "the host is not of the form NAME or NAME:PORT");
}

/* The rules of RFC 9110 for the fields together. */
static void
check_fields(struct http_reader *r, struct slice version)
{
	struct slice expect = r->fields[HTTP_FIELD_EXPECT];
	bool is_1_1 = slice_equal_string(version, "HTTP/1.1");

	check_host(r, is_1_1);
	if (r->state == HTTP_READER_REFUSED)
		return;
	if (!is_1_1 && r->fields[HTTP_FIELD_TRANSFER_ENCODING].data != NULL) {
		refuse(r, 400, "HTTP/1.0 knows no transfer coding");
		return;
	}
	if (expect.data != NULL && is_1_1 &&
	    !http_equal_ignoring_case(expect, "100-continue")) {
		refuse(r, 417, "the Expect field is not 100-continue");
		return;
	}
	r->wants_continue = is_1_1 && expect.data != NULL;
	r->state = HTTP_READER_HEAD_READ;
}

/* The head is there in whole: every line ends with CR LF. */
static void
parse_head(struct http_reader *r)
{
	struct slice rest = buf_slice(&r->head), line, version;
	int n = 0;

	line = slice_cut(&rest, '\n');
	line.len--;
	read_request_line(r, line);
	version = slice_bytes(line.data + line.len - 8, 8);
	while (r->state == HTTP_READER_HEAD) {
		line = slice_cut(&rest, '\n');
		line.len--;
		if (line.len == 0)
			break;
		if (++n > FIELDS_MAX)
			refuse(r, 431, "there are too many header fields");
		else
			read_field(r, line);
	}
	if (r->state == HTTP_READER_HEAD)
		check_fields(r, version);
}

/* --- Lines --------------------------------------------------------------- */

/*
 * Move bytes up to and including the next LF into `to`.  True once the line
 * is complete; *ret is it without CR LF.
 */
static bool
take_line(struct http_reader *r, struct slice *in, struct buf *to, size_t max,
    struct slice *ret)
{
	const char *end = memchr(in->data, '\n', in->len);
	size_t n = end == NULL ? in->len : (size_t)(end - in->data) + 1;

	if (n > max - to->len) {
		refuse(r, r->state == HTTP_READER_HEAD ? 431 : 400,
		    "the header is larger than allowed");
		return false;
	}
	buf_add(to, slice_bytes(in->data, n));
	in->data += n;
	in->len -= n;
	if (end == NULL)
		return false;
	*ret =
	    slice_bytes(to->data + r->line_start, to->len - r->line_start - 1);
	if (ret->len == 0 || ret->data[ret->len - 1] != '\r') {
		refuse(r, 400, "a line does not end with CR LF");
		return false;
	}
	ret->len--;
	r->line_start = to->len;

	return true;
}

static void
on_head_line(struct http_reader *r, struct slice line)
{
	if (line.len > 0)
		return;
	if (r->head.len > 2) {
		r->line_start = 0;
		parse_head(r);
		return;
	}
	/* RFC 9112 §2.2: one empty line before a request is ignored. */
	buf_clear(&r->head);
	r->line_start = 0;
	if (r->began_blank)
		refuse(r, 400, "the request line is not well-formed");
	r->began_blank = true;
}

/* RFC 9112 §7.1: chunk-size [ chunk-ext ] */
static void
on_chunk_size(struct http_reader *r, struct slice line)
{
	struct slice size = slice_trim(slice_cut(&line, ';'));
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < size.len; i++) {
		if (i == CHUNK_SIZE_DIGITS || hex_value(size.data[i]) < 0) {
			refuse(r, 400, "the size of a chunk is not a number");
			return;
		}
		value = value << 4 | (uint64_t)hex_value(size.data[i]);
	}
	if (size.len == 0) {
		refuse(r, 400, "the size of a chunk is not a number");
	} else if (value > r->body_bytes - r->body.len) {
		refuse(r, 413, "the body is larger than allowed");
	} else {
		r->left = value;
		r->state = value == 0 ? HTTP_READER_TRAILER : HTTP_READER_CHUNK;
	}
}

static void
on_chunk_line(struct http_reader *r, struct slice line)
{
	if (r->state == HTTP_READER_CHUNK_SIZE) {
		on_chunk_size(r, line);
	} else if (r->state == HTTP_READER_TRAILER) {
		/* Trailers are ignored. */
		r->trailer_bytes += line.len + 2;
		if (line.len == 0)
			r->state = HTTP_READER_COMPLETE;
		else if (r->trailer_bytes > r->header_bytes)
			refuse(r, 431, "the trailer is larger than allowed");
	} else if (line.len == 0) {
		r->state = HTTP_READER_CHUNK_SIZE;
	} else {
		refuse(r, 400, "a chunk is longer than its size");
	}
	buf_clear(&r->line);
	r->line_start = 0;
}

static void
take_body(struct http_reader *r, struct slice *in)
{
	size_t n = in->len < r->left ? in->len : (size_t)r->left;

	buf_add(&r->body, slice_bytes(in->data, n));
	in->data += n;
	in->len -= n;
	r->left -= n;
	if (r->left == 0)
		r->state = r->state == HTTP_READER_BODY ? HTTP_READER_COMPLETE
							: HTTP_READER_CHUNK_END;
}

static bool
is_waiting(const struct http_reader *r)
{
	return r->state == HTTP_READER_COMPLETE ||
	    r->state == HTTP_READER_REFUSED ||
	    r->state == HTTP_READER_HEAD_READ;
}

size_t
http_reader_feed(struct http_reader *r, struct slice in)
{
	size_t before = in.len, max;
	struct slice line;

	while (in.len > 0 && !is_waiting(r)) {
		if (r->state == HTTP_READER_BODY ||
		    r->state == HTTP_READER_CHUNK) {
			take_body(r, &in);
		} else if (r->state == HTTP_READER_HEAD) {
			if (take_line(r, &in, &r->head, r->header_bytes, &line))
				on_head_line(r, line);
		} else {
			max = r->state == HTTP_READER_TRAILER ? r->header_bytes
							      : CHUNK_LINE_MAX;
			if (take_line(r, &in, &r->line, max, &line))
				on_chunk_line(r, line);
		}
	}

	return before - in.len;
}

void
http_reader_accept(struct http_reader *r, size_t body_bytes)
{
	r->body_bytes = body_bytes;
	begin_body(r);
}

void
http_reader_leave_body(struct http_reader *r)
{
	http_reader_accept(r, SIZE_MAX);
	if (r->state == HTTP_READER_REFUSED || r->state == HTTP_READER_COMPLETE)
		return;
	r->state = HTTP_READER_COMPLETE;
	r->keep_alive = false;
}

void
http_reader_init(struct http_reader *r, size_t header_bytes)
{
	*r = (struct http_reader){.header_bytes = header_bytes};
}

void
http_reader_done(struct http_reader *r)
{
	buf_done(&r->path);
	buf_done(&r->body);
	buf_done(&r->head);
	buf_done(&r->line);
}

void
http_reader_reset(struct http_reader *r)
{
	http_reader_done(r);
	http_reader_init(r, r->header_bytes);
}

bool
http_reader_is_fresh(const struct http_reader *r)
{
	return r->state == HTTP_READER_HEAD && r->head.len == 0 &&
	    !r->began_blank;
}
