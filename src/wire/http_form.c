#include "wire/http_form.h"

#include <string.h>

#include "base/text.h"
#include "wire/http_message.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"
#define BOUNDARY_MAX 70 /* RFC 2046 §5.1.1 */
#define VALUE_MAX BOUNDARY_MAX
#define PART_FIELDS_MAX 16
#define PAIRS_FIRST 16 /* room in the list; it grows */

/* The list that is being read. */
struct pairs {
	struct arena *arena;
	struct pair *list;
	size_t n, capacity;
	const char *of; /* "form" or "query" */
	struct problem *problem;
};

static struct pairs
pairs_of(struct arena *arena, const char *of, struct problem *problem)
{
	return (struct pairs){.arena = arena,
	    .list = arena_array(arena, PAIRS_FIRST, sizeof(struct pair)),
	    .capacity = PAIRS_FIRST,
	    .of = of,
	    .problem = problem};
}

/* Refuse the pair that comes next. */
static enum err
misfit(struct pairs *p, const char *why)
{
	return problem_set(p->problem, ERR_INPUT, "field %zu of the %s: %s",
	    p->n + 1, p->of, why);
}

/* RFC 7578 §4.6: the charset of the other fields. */
static enum err
check_charset(struct pairs *p, struct slice charset)
{
	if (http_equal_ignoring_case(charset, "utf-8"))
		return OK;

	return misfit(p, "_charset_ is not UTF-8; send the fields in UTF-8");
}

static enum err
add(struct pairs *p, const struct pair *pair)
{
	struct pair *larger;

	if (slice_equal_string(pair->name, "_charset_"))
		return check_charset(p, pair->value);
	if (p->n == HTTP_PAIRS_MAX)
		return problem_set(p->problem, ERR_TOO_LARGE,
		    "the %s has more than %d fields; send it in parts", p->of,
		    HTTP_PAIRS_MAX);
	if (p->n == p->capacity) {
		p->capacity *= 2;
		larger = arena_array(p->arena, p->capacity, sizeof(*larger));
		memcpy(larger, p->list, p->n * sizeof(*larger));
		p->list = larger;
	}
	p->list[p->n++] = *pair;

	return OK;
}

static enum err
check_name(struct pairs *p, struct slice name)
{
	if (name.len == 0)
		return misfit(p, "its name is empty");
	if (!utf8_is_valid(name) || !text_is_printable(name))
		return misfit(p, "its name is not printable UTF-8");

	return OK;
}

/* --- application/x-www-form-urlencoded, and queries ---------------------- */

static bool
is_visible(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] <= ' ' || s.data[i] > '~')
			return false;
	}

	return true;
}

static enum err
decode(struct pairs *p, struct slice raw, struct slice *ret)
{
	struct buf text;
	enum err rc;

	if (!is_visible(raw))
		return misfit(p,
		    "it holds a blank, a control character or a byte beyond "
		    "ASCII; write them as %XX");
	buf_init(&text);
	rc = http_percent_decode(raw, ' ', &text);
	if (rc)
		rc = misfit(p,
		    "% is not followed by two hexadecimal digits; write a "
		    "percent sign as %25");
	else if (!utf8_is_valid(buf_slice(&text)))
		rc = misfit(p, "it is not UTF-8, or holds a NUL");
	else
		*ret = arena_copy(p->arena, buf_slice(&text));
	buf_done(&text);

	return rc;
}

static enum err
read_urlencoded(struct pairs *p, struct slice text)
{
	struct pair pair;
	struct slice raw;
	enum err rc = OK;

	while (rc == OK && text.data != NULL) {
		raw = slice_cut(&text, '&');
		if (raw.len == 0)
			continue;
		pair = (struct pair){0};
		rc = decode(p, slice_cut(&raw, '='), &pair.name);
		if (rc == OK)
			rc = check_name(p, pair.name);
		if (rc == OK)
			rc = decode(p, raw, &pair.value);
		if (rc == OK)
			rc = add(p, &pair);
	}

	return rc;
}

/* --- Values with parameters ---------------------------------------------- */

static struct slice
skip_blanks(struct slice s)
{
	while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = slice_bytes(s.data + 1, s.len - 1);

	return s;
}

/* The inside of a quoted-string as it stands: unquote() takes its backslashes
 * away. */
static bool
take_quoted(struct slice *rest, struct slice *ret)
{
	struct slice s = slice_bytes(rest->data + 1, rest->len - 1);
	size_t n = 0;

	while (n < s.len && s.data[n] != '"')
		n += s.data[n] == '\\' ? 2 : 1;
	if (n >= s.len)
		return false;
	*ret = slice_bytes(s.data, n);
	*rest = slice_bytes(s.data + n + 1, s.len - n - 1);

	return true;
}

/* The text of a value, in `room` (RFC 9110 §5.6.4); empty if it is longer. */
static struct slice
unquote(struct slice value, char room[VALUE_MAX])
{
	size_t i, n = 0;

	for (i = 0; i < value.len; i++) {
		if (value.data[i] == '\\')
			i++;
		if (n == VALUE_MAX)
			return SLICE("");
		room[n++] = value.data[i];
	}

	return slice_bytes(room, n);
}

static bool
take_value(struct slice *rest, struct slice *ret)
{
	size_t n = 0;

	if (rest->len > 0 && rest->data[0] == '"')
		return take_quoted(rest, ret);
	while (n < rest->len && strchr(" \t;", rest->data[n]) == NULL)
		n++;
	*ret = slice_bytes(rest->data, n);
	*rest = slice_bytes(rest->data + n, rest->len - n);

	return http_is_token(*ret);
}

/* *( OWS ";" OWS [ name "=" value ] ), one of them (RFC 9110 §5.6.6). */
static bool
take_parameter(struct slice *rest, struct slice *ret_name, struct slice *ret)
{
	struct slice s = skip_blanks(*rest);

	if (s.len == 0 || s.data[0] != ';')
		return false;
	s = skip_blanks(slice_bytes(s.data + 1, s.len - 1));
	*ret_name = SLICE("");
	if (s.len == 0 || s.data[0] == ';') {
		*rest = s;
		return true;
	}
	*ret_name = slice_cut(&s, '=');
	if (s.data == NULL || !http_is_token(*ret_name) || !take_value(&s, ret))
		return false;
	*rest = skip_blanks(s);

	return true;
}

struct parameter {
	const char *name;
	struct slice *value;
};

/*
 * "word; name=value; ...": the parameters that `wanted` names (a NULL name
 * ends), each at most once, others are ignored.
 */
static bool
read_parameters(
    struct slice text, const struct parameter *wanted, struct slice *ret_word)
{
	struct slice rest = text, name, value;
	const struct parameter *w;
	size_t n = 0;

	while (n < text.len && text.data[n] != ';')
		n++;
	*ret_word = slice_trim(slice_bytes(text.data, n));
	rest = slice_bytes(text.data + n, text.len - n);
	while (rest.len > 0) {
		if (!take_parameter(&rest, &name, &value))
			return false;
		for (w = wanted; w->name != NULL; w++) {
			if (!http_equal_ignoring_case(name, w->name))
				continue;
			if (w->value->data != NULL)
				return false;
			*w->value = value;
		}
	}

	return true;
}

/* Boundary and charset are still to be unquoted. */
struct media {
	struct slice type;
	struct slice boundary;
	struct slice charset;
};

/* "type/subtype; name=value", printable ASCII (RFC 9110 §8.3.1). */
static bool
read_media(struct slice text, struct media *ret)
{
	struct parameter wanted[] = {{"boundary", &ret->boundary},
	    {"charset", &ret->charset}, {NULL, NULL}};
	struct slice kind;

	*ret = (struct media){0};
	if (text.data == NULL || !http_is_field_value(text) ||
	    !text_is_printable(text) ||
	    !read_parameters(text, wanted, &ret->type))
		return false;
	kind = ret->type;

	return http_is_token(slice_cut(&kind, '/')) && http_is_token(kind);
}

static bool
is_utf8(const struct media *media)
{
	char room[VALUE_MAX];

	return media->charset.data == NULL ||
	    http_equal_ignoring_case(unquote(media->charset, room), "utf-8");
}

/* --- multipart/form-data ------------------------------------------------- */

struct part {
	struct slice disposition; /* data NULL: not there */
	struct slice content_type;
};

/* Lines end with CR LF. */
static bool
take_line(struct slice *rest, struct slice *ret)
{
	*ret = slice_cut(rest, '\n');
	if (rest->data == NULL || ret->len == 0 ||
	    ret->data[ret->len - 1] != '\r')
		return false;
	ret->len--;

	return ret->len == 0 || memchr(ret->data, '\r', ret->len) == NULL;
}

static enum err
read_part_field(struct pairs *p, struct slice line, struct part *part)
{
	struct slice name = slice_cut(&line, ':'), *to = NULL;

	if (line.data == NULL || !http_is_token(name))
		return misfit(p, "a header field of it is not well-formed");
	if (http_equal_ignoring_case(name, "content-disposition"))
		to = &part->disposition;
	else if (http_equal_ignoring_case(name, "content-type"))
		to = &part->content_type;
	else if (http_equal_ignoring_case(name, "content-transfer-encoding"))
		return misfit(p,
		    "it has a Content-Transfer-Encoding, which RFC 7578 does "
		    "not have; send the bytes as they are");
	else
		return OK;
	if (to->data != NULL)
		return misfit(p, "a header field of it is repeated");
	*to = slice_trim(line);

	return OK;
}

static enum err
read_part_head(struct pairs *p, struct slice *rest, struct part *ret)
{
	struct slice line;
	enum err rc;
	int n;

	*ret = (struct part){0};
	for (n = 0; n < PART_FIELDS_MAX; n++) {
		if (!take_line(rest, &line))
			return misfit(
			    p, "a line before it does not end with CR LF");
		if (line.len == 0)
			return OK;
		rc = read_part_field(p, line, ret);
		if (rc)
			return rc;
	}

	return misfit(p, "it has too many header fields");
}

/* RFC 7578 §4.2: "form-data", a name, and of a file its name.  A backslash
 * is the character itself to browsers, and an escape to RFC 9110: refused. */
static enum err
read_disposition(struct pairs *p, const struct part *part, struct pair *ret)
{
	struct slice word, extended = {0};
	struct parameter wanted[] = {{"name", &ret->name},
	    {"filename", &ret->filename}, {"filename*", &extended}, {0}};

	if (part->disposition.data == NULL ||
	    memchr(part->disposition.data, '\\', part->disposition.len) ||
	    !read_parameters(part->disposition, wanted, &word) ||
	    !http_equal_ignoring_case(word, "form-data"))
		return misfit(p,
		    "its Content-Disposition is not of the form "
		    "form-data; name=\"...\"; filename=\"...\", each once and "
		    "without a backslash");
	if (extended.data != NULL)
		return misfit(p,
		    "it has a parameter filename*, which RFC 7578 forbids; "
		    "use filename");
	if (!utf8_is_valid(ret->filename) || !text_is_printable(ret->filename))
		return misfit(p, "the file's name is not printable UTF-8");

	return check_name(p, ret->name);
}

/* RFC 7578 §4.4, §4.5 */
static enum err
read_part_type(struct pairs *p, const struct part *part, struct pair *ret)
{
	struct media media = {0};

	if (part->content_type.data == NULL)
		return OK;
	if (!read_media(part->content_type, &media))
		return misfit(p, "its Content-Type is not well-formed");
	if (ret->filename.data != NULL)
		ret->content_type = part->content_type;
	else if (!is_utf8(&media))
		return misfit(p, "its charset is not UTF-8");

	return OK;
}

static enum err
read_part(struct pairs *p, const struct part *part, struct slice content)
{
	struct pair pair = {.value = content};
	enum err rc;

	rc = read_disposition(p, part, &pair);
	if (rc == OK)
		rc = read_part_type(p, part, &pair);
	if (rc)
		return rc;
	if (pair.filename.data == NULL && !utf8_is_valid(content))
		return misfit(p, "it is not UTF-8, or holds a NUL");

	return add(p, &pair);
}

/* `delimiter` is CR LF "--" and the boundary. */
static enum err
read_parts(struct pairs *p, struct slice delimiter, struct slice rest)
{
	struct slice content;
	struct part part;
	const char *end;
	enum err rc;

	for (;;) {
		if (slice_has_prefix(rest, SLICE("--")))
			break;
		if (!slice_has_prefix(rest, SLICE("\r\n")))
			return misfit(p,
			    "the line of the boundary before it goes on; "
			    "expected CR LF");
		rest = slice_bytes(rest.data + 2, rest.len - 2);
		rc = read_part_head(p, &rest, &part);
		if (rc)
			return rc;
		end =
		    memmem(rest.data, rest.len, delimiter.data, delimiter.len);
		if (end == NULL)
			return misfit(p, "it does not end with a boundary");
		content = slice_bytes(rest.data, (size_t)(end - rest.data));
		rest.len -= content.len + delimiter.len;
		rest.data = end + delimiter.len;
		rc = read_part(p, &part, content);
		if (rc)
			return rc;
	}
	if (rest.len == 2 || slice_equal_string(rest, "--\r\n"))
		return OK;

	return problem_set(p->problem, ERR_INPUT,
	    "the form goes on after its last boundary; expected its end");
}

/* RFC 2046 §5.1.1: bchars, the last one no blank. */
static bool
is_boundary(struct slice value)
{
	char room[VALUE_MAX];
	struct slice s = unquote(value, room);

	return s.len > 0 && http_is_made_of(s, "'()+_,-./:=? ") &&
	    s.data[s.len - 1] != ' ';
}

static enum err
read_multipart(struct pairs *p, struct slice boundary, struct slice body)
{
	struct slice delimiter, first;
	char room[VALUE_MAX];

	boundary = unquote(boundary, room);
	delimiter = arena_printf(p->arena, "\r\n--%.*s", SLICE_ARG(boundary));
	first = slice_bytes(delimiter.data + 2, delimiter.len - 2);
	if (!slice_has_prefix(body, first))
		return problem_set(p->problem, ERR_INPUT,
		    "the form does not begin with the boundary that its "
		    "Content-Type names");

	return read_parts(p, delimiter,
	    slice_bytes(body.data + first.len, body.len - first.len));
}

/* --- The interface ------------------------------------------------------- */

static enum http_media
media_of(const struct media *media)
{
	if (http_equal_ignoring_case(media->type, "application/json"))
		return HTTP_MEDIA_JSON;
	if (http_equal_ignoring_case(media->type, URLENCODED))
		return HTTP_MEDIA_URLENCODED;
	if (http_equal_ignoring_case(media->type, MULTIPART))
		return HTTP_MEDIA_MULTIPART;

	return HTTP_MEDIA_OTHER;
}

/* All that is wrong with a Content-Type, whatever the body is. */
static enum err
take_media(struct slice content_type, struct media *ret, struct problem *p)
{
	if (content_type.data == NULL)
		return problem_set(p, ERR_MEDIA,
		    "the body has no Content-Type; expected one of " HTTP_MEDIA_EXPECTED);
	if (!read_media(content_type, ret))
		return problem_set(p, ERR_MEDIA,
		    "the Content-Type is not well-formed; expected TYPE/SUBTYPE"
		    " and, after a semicolon each, NAME=VALUE, no name twice");
	if (!is_utf8(ret))
		return problem_set(p, ERR_MEDIA,
		    "the charset in the Content-Type is not UTF-8; send the "
		    "body in UTF-8");
	if (media_of(ret) == HTTP_MEDIA_MULTIPART &&
	    !is_boundary(ret->boundary))
		return problem_set(p, ERR_MEDIA,
		    "the Content-Type of the form names no boundary of 1 to "
		    "%d characters that RFC 2046 allows",
		    BOUNDARY_MAX);

	return OK;
}

enum err
http_media_read(
    struct slice content_type, enum http_media *ret, struct problem *problem)
{
	struct media media;
	enum err rc = take_media(content_type, &media, problem);

	if (rc == OK)
		*ret = media_of(&media);

	return rc;
}

bool
http_media_is(struct slice content_type, const char *name)
{
	struct media media;

	return read_media(content_type, &media) &&
	    http_equal_ignoring_case(media.type, name);
}

enum err
http_form_read(struct arena *arena, struct slice content_type,
    struct slice body, const struct pair **ret, size_t *ret_n,
    struct problem *problem)
{
	struct pairs pairs = pairs_of(arena, "form", problem);
	struct media media;
	enum err rc;

	rc = take_media(content_type, &media, problem);
	if (rc)
		return rc;
	if (media_of(&media) == HTTP_MEDIA_MULTIPART)
		rc = read_multipart(&pairs, media.boundary, body);
	else if (media_of(&media) == HTTP_MEDIA_URLENCODED)
		rc = read_urlencoded(&pairs, body);
	else
		rc = problem_set(problem, ERR_MEDIA,
		    "the Content-Type of the body is not that of a form; expected " URLENCODED
		    " or " MULTIPART);
	if (rc)
		return rc;
	*ret = pairs.list;
	*ret_n = pairs.n;

	return OK;
}

static enum err
check_printable(struct pairs *p)
{
	size_t n = p->n;

	for (p->n = 0; p->n < n; p->n++) {
		if (!text_is_printable(p->list[p->n].value))
			return misfit(p, "it holds a control character");
	}

	return OK;
}

enum err
http_query_read(struct arena *arena, struct slice query,
    const struct pair **ret, size_t *ret_n, struct problem *problem)
{
	struct pairs pairs = pairs_of(arena, "query", problem);
	enum err rc;

	rc = read_urlencoded(&pairs, query);
	if (rc == OK)
		rc = check_printable(&pairs);
	if (rc)
		return rc;
	*ret = pairs.list;
	*ret_n = pairs.n;

	return OK;
}
