#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/arena.h"

static bool
is_ascii(struct slice s)
{
	const char *p = s.data;
	size_t left = s.len;
	uint64_t word;

	for (; left >= 8; left -= 8, p += 8) {
		memcpy(&word, p, 8);
		if (word & 0x8080808080808080ull)
			return false;
	}
	for (; left > 0; left--, p++) {
		if (*p & 0x80)
			return false;
	}

	return true;
}

bool
utf8_is_valid(struct slice s)
{
	if (s.len == 0)
		return true;
	if (memchr(s.data, '\0', s.len) != NULL)
		return false;

	return is_ascii(s) || u8_check((const uint8_t *)s.data, s.len) == NULL;
}

size_t
utf8_length(struct slice s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += (s.data[i] & 0xc0) != 0x80;

	return n;
}

size_t
utf8_width(struct slice s)
{
	int width;

	if (s.len == 0)
		return 0;
	width = u8_width((const uint8_t *)s.data, s.len, "UTF-8");

	return width < 0 ? 0 : (size_t)width;
}

struct slice
utf8_cut(struct slice s, size_t max)
{
	if (s.len <= max)
		return s;
	s.len = max;
	while (s.len > 0 && (s.data[s.len] & 0xc0) == 0x80)
		s.len--;

	return s;
}

bool
text_is_printable(struct slice s)
{
	uint8_t c;
	size_t i;

	for (i = 0; i < s.len; i++) {
		c = (uint8_t)s.data[i];
		if (c < 0x20 || c == 0x7f)
			return false;
		/* C1 is U+0080 to U+009F: C2 80 to C2 9F. */
		if (c == 0xc2 && i + 1 < s.len && (uint8_t)s.data[i + 1] < 0xa0)
			return false;
	}

	return true;
}

/*
 * True if NFC leaves the character alone whatever stands beside it: below
 * U+0300; kana, symbols and ideographs of CJK without tone and sound marks
 * and without the compatibility ideographs; full-width forms; the selectors
 * of ideographic variants.  Exact for these ranges, not complete.
 */
static bool
is_inert(ucs4_t c)
{
	return c < 0x300 || (c >= 0x3000 && c < 0x302a) ||
	    (c >= 0x3030 && c < 0x3099) || (c > 0x309a && c < 0xa000) ||
	    (c >= 0xff00 && c < 0xfff0) || (c >= 0x20000 && c < 0x2f800) ||
	    (c >= 0xe0100 && c < 0xe01f0);
}

static bool
is_surely_nfc(struct slice s)
{
	const uint8_t *p = (const uint8_t *)s.data;
	ucs4_t c;
	size_t at = 0;
	int n;

	while (at < s.len) {
		if (p[at] < 0x80) {
			at++;
			continue;
		}
		n = u8_mbtouc(&c, p + at, s.len - at);
		if (!is_inert(c))
			return false;
		at += (size_t)n;
	}

	return true;
}

static bool
is_compatibility_ideograph(ucs4_t c)
{
	return (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

/* The longest beginning that has only compatibility ideographs, if `kept`,
 * or none of them. */
static size_t
run_length(struct slice s, bool kept)
{
	const uint8_t *p = (const uint8_t *)s.data;
	size_t at = 0;
	ucs4_t c;
	int n;

	for (; at < s.len; at += (size_t)n) {
		n = u8_mbtouc(&c, p + at, s.len - at);
		if (is_compatibility_ideograph(c) != kept)
			break;
	}

	return at;
}

static void
add_normalized(struct buf *b, struct slice s)
{
	uint8_t *out;
	size_t len;

	if (s.len == 0)
		return;
	out = u8_normalize(
	    UNINORM_NFC, (const uint8_t *)s.data, s.len, NULL, &len);
	if (out == NULL)
		abort(); /* it is well-formed, so memory is lacking */
	buf_add(b, slice_bytes(out, len));
	explicit_bzero(out, len);
	free(out);
}

enum err
text_normalize(struct arena *arena, struct slice s, struct slice *ret)
{
	struct buf b;
	bool kept;
	size_t n;

	if (!utf8_is_valid(s))
		return ERR_INPUT;
	if (is_surely_nfc(s)) {
		*ret = s;
		return OK;
	}
	buf_init(&b);
	for (kept = false; s.len > 0; kept = !kept) {
		n = run_length(s, kept);
		if (kept)
			buf_add(&b, slice_bytes(s.data, n));
		else
			add_normalized(&b, slice_bytes(s.data, n));
		s.data += n;
		s.len -= n;
	}
	*ret = arena_copy(arena, buf_slice(&b));
	buf_done(&b);

	return OK;
}

struct slice
text_fold(struct arena *arena, struct slice s)
{
	struct slice copy;
	size_t len, i, n = 0;
	uint8_t *out;
	char *to;

	if (s.len == 0 || !utf8_is_valid(s))
		return s;
	out = u8_casefold(
	    (const uint8_t *)s.data, s.len, NULL, UNINORM_NFKC, NULL, &len);
	if (out == NULL)
		abort(); /* as above */
	to = arena_alloc(arena, len + 1);
	for (i = 0; i < len; i++) {
		if (out[i] != ' ')
			to[n++] = (char)out[i];
	}
	copy = slice_bytes(to, n);
	explicit_bzero(out, len);
	free(out);

	return copy;
}

/* One pass of iconv over all of `s`, at most `factor` bytes out for each. */
static enum err
convert(struct arena *arena, iconv_t cd, struct slice s, size_t factor,
    struct slice *ret)
{
	char *in = (char *)(uintptr_t)s.data, *out, *start;
	size_t in_left = s.len, out_left = s.len * factor + 4;

	start = out = arena_alloc(arena, out_left);
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &in, &in_left, &out, &out_left) != 0 || in_left != 0)
		return ERR_INPUT;
	*ret = slice_bytes(start, (size_t)(out - start));

	return OK;
}

/* A descriptor keeps state, so each thread opens its own, once. */
static once_flag once = ONCE_FLAG_INIT;
static tss_t decoder, encoder;

static void
close_descriptor(void *cd)
{
	iconv_close(cd);
}

static void
create_keys(void)
{
	if (tss_create(&decoder, close_descriptor) != thrd_success ||
	    tss_create(&encoder, close_descriptor) != thrd_success)
		abort();
}

static iconv_t
descriptor(const tss_t *key, const char *to, const char *from)
{
	iconv_t cd;

	call_once(&once, create_keys);
	cd = tss_get(*key);
	if (cd != NULL)
		return cd;
	cd = iconv_open(to, from);
	if (cd == (iconv_t)-1 || tss_set(*key, cd) != thrd_success)
		abort(); /* glibc always has CP932 */

	return cd;
}

enum err
cp932_decode(struct arena *arena, struct slice s, struct slice *ret)
{
	if (is_ascii(s)) {
		*ret = s;
		return OK;
	}

	return convert(
	    arena, descriptor(&decoder, "UTF-8", "CP932"), s, 3, ret);
}

/*
 * What glibc would make into something else (U+00A5, the yen sign, into a
 * backslash) or drop (tags).  It may also turn U+2014, U+2016, U+2212 and
 * U+301C into the twin that Windows-31J has in their JIS place; that is the
 * same character, and is wanted.
 */
static bool
has_false_friend(struct slice s)
{
	static const char *const friends[] = {"\xc2\xa2", "\xc2\xa3",
	    "\xc2\xa5", "\xc2\xac", "\xe2\x80\xbe", "\xf3\xa0"};
	size_t i;

	for (i = 0; i < sizeof(friends) / sizeof(friends[0]); i++) {
		if (memmem(s.data, s.len, friends[i], strlen(friends[i])))
			return true;
	}

	return false;
}

enum err
cp932_encode(struct arena *arena, struct slice s, struct slice *ret)
{
	if (is_ascii(s)) {
		*ret = s;
		return OK;
	}
	if (has_false_friend(s))
		return ERR_INPUT;

	return convert(
	    arena, descriptor(&encoder, "CP932", "UTF-8"), s, 2, ret);
}

bool
kana_is_valid(struct slice s)
{
	const uint8_t *p = (const uint8_t *)s.data;
	ucs4_t c;
	size_t at = 0;
	int n;

	if (s.len == 0)
		return false;
	while (at < s.len) {
		n = u8_mbtoucr(&c, p + at, s.len - at);
		if (n <= 0)
			return false;
		/* ァ..ヺ, the middle dot and the long-vowel mark, spaces */
		if (!(c == 0x20 || c == 0x3000 || (c >= 0x30a1 && c <= 0x30fc)))
			return false;
		at += (size_t)n;
	}

	return true;
}

struct slice
digits_to_ascii(struct arena *arena, struct slice s)
{
	struct slice out;
	char *to;
	size_t i;

	if (is_ascii(s))
		return s;
	to = arena_alloc(arena, s.len + 1);
	out = slice_bytes(to, 0);
	for (i = 0; i < s.len; i++) {
		/* U+FF10 to U+FF19 are EF BC 90 to EF BC 99. */
		if (i + 2 < s.len && (uint8_t)s.data[i] == 0xef &&
		    (uint8_t)s.data[i + 1] == 0xbc &&
		    (uint8_t)s.data[i + 2] >= 0x90 &&
		    (uint8_t)s.data[i + 2] <= 0x99) {
			*to++ = (char)('0' + ((uint8_t)s.data[i + 2] - 0x90));
			i += 2;
		} else
			*to++ = s.data[i];
	}
	out.len = (size_t)(to - out.data);

	return out;
}
