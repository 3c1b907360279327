/*
 * Forms and queries as lists of pairs: application/x-www-form-urlencoded (the
 * URL standard of the WHATWG), multipart/form-data (RFC 7578).
 *
 * Reading is strict: a pair that two readers could understand differently is
 * refused, and the problem gives its position.  A charset other than UTF-8
 * is refused; the pair "_charset_" is left out.  Browsers write a quotation
 * mark in a name of a multipart body as %22; it stays so.  No field is known
 * here, and no value is checked beyond what struct pair says.
 */
#ifndef BANGO_WIRE_HTTP_FORM_H
#define BANGO_WIRE_HTTP_FORM_H

#include "base/arena.h"
#include "base/pair.h"

#define HTTP_PAIRS_MAX 1000

/* Is that the media type of one of the two sorts of forms? */
bool http_is_form(struct slice content_type);

/*
 * The pairs of a body, in order; of a multipart body, slices point into it.
 * The list is never NULL.
 * ERR_INPUT if the type is no form's or the body is not well-formed,
 * ERR_TOO_LARGE beyond HTTP_PAIRS_MAX pairs.
 */
MUST_USE enum err http_form_read(struct arena *arena, struct slice content_type,
    struct slice body, const struct pair **ret, size_t *ret_n,
    struct problem *problem);

/* The same for a raw query.  Values are printable: no line ends either. */
MUST_USE enum err http_query_read(struct arena *arena, struct slice query,
    const struct pair **ret, size_t *ret_n, struct problem *problem);

#endif
