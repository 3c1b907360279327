#include "wire/http_reply.h"

#include <assert.h>
#include <event2/util.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "wire/http_message.h"

static bool
is_our_own(const char *name)
{
	static const char *const names[] = {"connection", "content-length",
	    "content-type", "date", "transfer-encoding"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(name, names[i]) == 0)
			return true;
	}

	return false;
}

enum err
http_header_add(struct buf *lines, const char *name, struct slice value)
{
	size_t len = strlen(name) + value.len + strlen(": \r\n");

	assert(http_is_token(slice_of(name)) && !is_our_own(name));
	if (!http_is_field_value(value))
		return ERR_INPUT;
	if (len > HTTP_HEADERS_MAX || lines->len > HTTP_HEADERS_MAX - len)
		return ERR_TOO_LARGE;
	buf_printf(lines, "%s: %.*s\r\n", name, SLICE_ARG(value));

	return OK;
}

/* RFC 6265 §4.1.1 */
static bool
is_cookie_value(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] <= ' ' || s.data[i] > '~' ||
		    strchr("\",;\\", s.data[i]) != NULL)
			return false;
	}

	return true;
}

enum err
http_cookie_add(struct buf *lines, const struct http_cookie *cookie)
{
	struct buf line;
	enum err rc;

	assert(http_is_token(slice_of(cookie->name)));
	if (!is_cookie_value(cookie->value))
		return ERR_INPUT;
	buf_init(&line);
	buf_printf(&line, "__Host-%s=%.*s; Path=/; Secure; HttpOnly",
	    cookie->name, SLICE_ARG(cookie->value));
	buf_printf(&line, "; SameSite=%s",
	    cookie->same_site == HTTP_SAME_SITE_LAX ? "Lax" : "Strict");
	if (cookie->max_age != 0)
		buf_printf(&line, "; Max-Age=%" PRId64,
		    cookie->max_age < 0 ? 0 : cookie->max_age);
	rc = http_header_add(lines, "Set-Cookie", buf_slice(&line));
	buf_done(&line);

	return rc;
}

bool
http_path_is_own(struct slice path)
{
	size_t i;

	if (path.len == 0 || path.data[0] != '/' ||
	    (path.len > 1 && path.data[1] == '/'))
		return false;
	for (i = 0; i < path.len; i++) {
		if (path.data[i] <= ' ' || path.data[i] > '~' ||
		    path.data[i] == '\\')
			return false;
	}

	return true;
}

bool
http_etag_is_valid(struct slice tag)
{
	size_t i;

	for (i = 0; i < tag.len; i++) {
		if (tag.data[i] <= ' ' || tag.data[i] > '~' ||
		    tag.data[i] == '"' || tag.data[i] == ',')
			return false;
	}

	return tag.len > 0 && tag.len <= HTTP_ETAG_MAX;
}

/* --- The head ------------------------------------------------------------ */

static const char *
phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} table[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"},
	    {204, "No Content"}, {301, "Moved Permanently"}, {302, "Found"},
	    {303, "See Other"}, {304, "Not Modified"},
	    {307, "Temporary Redirect"}, {308, "Permanent Redirect"},
	    {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
	    {404, "Not Found"}, {405, "Method Not Allowed"},
	    {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
	    {413, "Content Too Large"}, {415, "Unsupported Media Type"},
	    {417, "Expectation Failed"}, {422, "Unprocessable Content"},
	    {429, "Too Many Requests"},
	    {431, "Request Header Fields Too Large"},
	    {500, "Internal Server Error"}, {501, "Not Implemented"},
	    {502, "Bad Gateway"}, {503, "Service Unavailable"},
	    {505, "HTTP Version Not Supported"}, {507, "Insufficient Storage"}};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].status == status)
			return table[i].phrase;
	}

	return "Status";
}

static bool
has_field(struct slice lines, const char *name)
{
	struct slice line;

	while (lines.data != NULL) {
		line = slice_cut(&lines, '\n');
		if (http_equal_ignoring_case(slice_cut(&line, ':'), name))
			return true;
	}

	return false;
}

/* The field that a reply of this status has in any case. */
static void
put_field_of_status(const struct http_reply *reply, struct buf *ret)
{
	static const struct {
		int status;
		const char *name, *value;
	} table[] = {
	    {401, "WWW-Authenticate", "Bearer"}, /* RFC 9110 §11.6.1 */
	    {503, "Retry-After", "1"},           /* §10.2.3 */
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].status == reply->status &&
		    !has_field(reply->headers, table[i].name))
			buf_printf(
			    ret, "%s: %s\r\n", table[i].name, table[i].value);
	}
}

void
http_reply_head(
    const struct http_reply *reply, const char *connection, struct buf *ret)
{
	uint64_t length =
	    reply->file.is_set ? reply->file.length : reply->body.len;
	char date[64];

	buf_printf(
	    ret, "HTTP/1.1 %d %s\r\n", reply->status, phrase(reply->status));
	evutil_date_rfc1123(date, sizeof(date), NULL);
	buf_printf(ret, "Date: %s\r\n", date);
	if (reply->content_type != NULL)
		buf_printf(ret, "Content-Type: %s\r\n", reply->content_type);
	if (reply->status != 204 && reply->status != 304)
		buf_printf(ret, "Content-Length: %" PRIu64 "\r\n", length);
	put_field_of_status(reply, ret);
	buf_add(ret, reply->headers);
	if (connection != NULL)
		buf_printf(ret, "Connection: %s\r\n", connection);
	buf_add_string(ret, "\r\n");
}
