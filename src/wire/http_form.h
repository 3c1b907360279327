/*
 * The media types of bodies, and forms and queries as lists of pairs: application/x-www-form-urlencoded (the
 * URL standard of the WHATWG), multipart/form-data (RFC 7578).
 *
 * Reading is strict: a pair that two readers could understand differently is
 * refused, and the problem gives its position; so is a multipart body with
 * anything before its first boundary, with blanks behind a boundary, or with
 * anything behind its last one, which RFC 2046 §5.1.1 lets readers ignore.  A
 * charset other than UTF-8 is refused, also in the pair "_charset_" (RFC 7578
 * §4.6), which is left out.  Browsers write a quotation
 * mark in a name of a multipart body as %22; it stays so.  No field is known
 * here, and no value is checked beyond what struct pair says.
 */
#ifndef BANGO_WIRE_HTTP_FORM_H
#define BANGO_WIRE_HTTP_FORM_H

#include "base/arena.h"
#include "base/pair.h"

#define HTTP_PAIRS_MAX 1000

enum http_media {
	HTTP_MEDIA_OTHER,
	HTTP_MEDIA_JSON,
	HTTP_MEDIA_URLENCODED, /* the two sorts of forms */
	HTTP_MEDIA_MULTIPART,
};
#define HTTP_MEDIA_EXPECTED                                    \
	"application/json, application/x-www-form-urlencoded," \
	" multipart/form-data"

/* The media type of a body, by its Content-Type.  ERR_MEDIA if that is missing
 * or not well-formed, has a charset other than UTF-8, or is a multipart form's
 * without a boundary that RFC 2046 allows. */
MUST_USE enum err http_media_read(
    struct slice content_type, enum http_media *ret, struct problem *problem);
/* Is it the media type `name`, with or without parameters? */
bool http_media_is(struct slice content_type, const char *name);

/*
 * The pairs of a body, in order; of a multipart body, slices point into it.
 * The list is never NULL.
 * ERR_MEDIA as above, and if the type is no form's; ERR_INPUT if the body is not
 * well-formed, ERR_TOO_LARGE beyond HTTP_PAIRS_MAX pairs.
 */
MUST_USE enum err http_form_read(struct arena *arena, struct slice content_type,
    struct slice body, const struct pair **ret, size_t *ret_n,
    struct problem *problem);

/* The same for a raw query.  Values are printable: no line ends either. */
MUST_USE enum err http_query_read(struct arena *arena, struct slice query,
    const struct pair **ret, size_t *ret_n, struct problem *problem);

#endif
