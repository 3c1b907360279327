/*
 * The bytes of a connection: requests one after the other, until one is
 * refused.
 *
 * Besides not crashing: however the bytes are cut the outcome is the same,
 * and what is accepted keeps the promises of the reader: bounds, a path that
 * is printable UTF-8 without a segment "..", a query that decodes.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "wire/http_message.h"

#define HEADER_BYTES 512
#define BODY_BYTES 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_accepted(const struct http_reader *r)
{
	struct slice path = buf_slice(&r->path), rest = path;
	struct buf text;

	assert(r->body.len <= BODY_BYTES && r->head.len <= HEADER_BYTES);
	assert(path.len > 0 && path.data[0] == '/');
	assert(utf8_is_valid(path) && text_is_printable(path));
	while (rest.data != NULL)
		assert(!slice_equal_string(slice_cut(&rest, '/'), ".."));
	buf_init(&text);
	for (rest = r->query; rest.data != NULL;)
		assert(http_query_decode(slice_cut(&rest, '&'), &text) == OK);
	buf_done(&text);
}

static void
check_same(const struct http_reader *a, const struct http_reader *b)
{
	assert(a->state == b->state && a->status == b->status);
	assert(a->why == b->why);
	if (a->state != HTTP_READER_COMPLETE)
		return;
	assert(a->method == b->method && a->keep_alive == b->keep_alive);
	assert(slice_equal(buf_slice(&a->path), buf_slice(&b->path)));
	assert(slice_equal(buf_slice(&a->body), buf_slice(&b->body)));
	assert(slice_equal(a->query, b->query));
}

/* One request in pieces of `piece` bytes. */
static size_t
read_one(struct http_reader *r, struct slice text, size_t piece)
{
	size_t used = 0, n;

	while (used < text.len && r->state < HTTP_READER_COMPLETE) {
		n = text.len - used < piece ? text.len - used : piece;
		used += http_reader_feed(r, slice_bytes(text.data + used, n));
		if (r->state == HTTP_READER_HEAD_READ)
			http_reader_accept(r, BODY_BYTES);
	}

	return used;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_bytes(data, size);
	struct http_reader whole, pieces;
	size_t used, piece = size > 0 ? 1u + data[0] % 7 : 1;

	http_reader_init(&whole, HEADER_BYTES);
	http_reader_init(&pieces, HEADER_BYTES);
	do {
		used = read_one(&whole, text, SIZE_MAX);
		read_one(&pieces, text, piece);
		check_same(&whole, &pieces);
		if (whole.state != HTTP_READER_COMPLETE)
			break;
		check_accepted(&whole);
		http_reader_reset(&whole);
		http_reader_reset(&pieces);
		text = slice_bytes(text.data + used, text.len - used);
	} while (text.len > 0);
	http_reader_done(&whole);
	http_reader_done(&pieces);

	return 0;
}
