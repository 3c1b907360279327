/* Replies beyond JSON: header fields, cookies, redirects, bytes, files. */
#include <unistd.h>

#include "host/reply.h"
#include "host/routes.h"

/* A value that is not allowed in a header is a fault of the program: all input
 * from outside was checked before. */
static enum err
misfit(enum err rc)
{
	return rc == OK ? OK : ERR_INTERNAL;
}

enum err
reply_header(struct reply *reply, const char *name, struct slice value)
{
	return misfit(http_header_add(&reply->to->headers, name, value));
}

enum err
reply_cookie(struct reply *reply, const struct http_cookie *cookie)
{
	return misfit(http_cookie_add(&reply->to->headers, cookie));
}

static void
drop_file(struct node_reply *to)
{
	if (to->file.is_set)
		close(to->file.fd);
	to->file = (struct http_file){0};
}

void
reply_bytes(struct reply *reply, int status, const char *content_type,
    struct slice body)
{
	drop_file(reply->to);
	reply_text(reply, status, content_type, body);
}

void
reply_file(struct reply *reply, int status, const char *content_type,
    const struct http_file *file)
{
	reply_bytes(reply, status, content_type, SLICE(""));
	reply->to->file = *file;
	reply->to->file.is_set = true;
}

enum err
reply_redirect(struct reply *reply, int status, struct slice path)
{
	if (!http_path_is_own(path))
		return ERR_INTERNAL;
	reply_bytes(reply, status, NULL, SLICE(""));

	return reply_header(reply, "Location", path);
}

enum err
reply_etag(struct reply *reply, const struct input *in, struct slice tag)
{
	char quoted[HTTP_ETAG_MAX + 3];
	enum err rc;

	if (!http_etag_is_valid(tag))
		return ERR_INTERNAL;
	snprintf(quoted, sizeof(quoted), "\"%.*s\"", SLICE_ARG(tag));
	rc = reply_header(reply, "ETag", slice_of(quoted));
	if (rc == OK && http_etag_matches(in->call->if_none_match, tag))
		reply_bytes(reply, 304, NULL, SLICE(""));

	return rc;
}
