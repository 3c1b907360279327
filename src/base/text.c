#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/arena.h"
#include "base/run.h"
#include "base/secret.h"

bool
utf8_is_valid(struct slice s)
{
	size_t n = run_of_printable(s);

	if (n == s.len)
		return true;
	s = slice_bytes(s.data + n, s.len - n);
	if (memchr(s.data, '\0', s.len) != NULL)
		return false;

	return u8_check((const uint8_t *)s.data, s.len) == NULL;
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

const char *
text_misfit(struct slice text)
{
	struct slice rest = text, line = slice_cut(&rest, '\n');
	const char *cr;

	if (slice_is_empty(text))
		return NULL;
	if (slice_has_prefix(text, SLICE("\xff\xfe")) ||
	    slice_has_prefix(text, SLICE("\xfe\xff")))
		return "is UTF-16; save the file as UTF-8";
	if (memchr(line.data, '\0', line.len) != NULL)
		return "has a NUL byte, as UTF-16 has; save the file as UTF-8";
	cr = memchr(line.data, '\r', line.len);
	if (cr != NULL && cr + 1 < line.data + line.len)
		return "ends with CR alone; save the file with the line ends "
		       "LF or CRLF";

	return NULL;
}

struct slice
utf8_without_mark(struct slice s)
{
	if (slice_has_prefix(s, SLICE("\xef\xbb\xbf")))
		return slice_bytes(s.data + 3, s.len - 3);

	return s;
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
	secret_wipe(out, len);
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

/* Classes of plain characters. */
enum { LETTER = 1, KANA = 2, SPACE = 4, OTHER = 8 };

/*
 * Plain characters beside those of ASCII: every text takes them, and NFC
 * leaves them alone whatever stands beside them.  The most frequent ones come
 * first.  The list is exact and not complete; a character that is missing is
 * looked up in the library.
 */
static const struct {
	uint16_t first, last;
	uint8_t is; /* KANA: may stand in kana */
} plain[] = {
    {0x4e00, 0x9fff, LETTER},
    {0x30a1, 0x30fa, LETTER | KANA},
    {0x3041, 0x3096, LETTER},
    {0x3000, 0x3000, SPACE | KANA},
    {0xff01, 0xff20, OTHER},
    {0xff21, 0xff3a, LETTER},
    {0xff41, 0xff5a, LETTER},
    {0xff66, 0xff6f, LETTER},
    {0xff71, 0xff9d, LETTER},
    {0x30fb, 0x30fc, OTHER | KANA},
    {0x3005, 0x3006, LETTER},
    {0x3001, 0x3029, OTHER},
    {0x3400, 0x4dbf, LETTER},
};

static unsigned int
ascii_bits(ucs4_t c)
{
	if (c <= ' ' || c == 0x7f)
		return c == ' ' ? SPACE | KANA : 0;

	return (c | 0x20) - 'a' < 26 ? LETTER : OTHER;
}

/* The bits of a character; 0 if it is not plain. */
static unsigned int
plain_bits(ucs4_t c)
{
	size_t i;

	if (c < 0x80)
		return ascii_bits(c);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (c >= plain[i].first && c <= plain[i].last)
			return plain[i].is;
	}

	return 0;
}

/* The length in bytes of the character at `p` if it lies where plain ones do,
 * in ASCII, U+3000 to U+9FFF or U+F000 to U+FFFF; 0 if not. */
static size_t
read_near(const uint8_t *p, size_t left, ucs4_t *ret)
{
	*ret = p[0];
	if (p[0] < 0x80)
		return 1;
	if (((p[0] < 0xe3 || p[0] > 0xe9) && p[0] != 0xef) || left < 3 ||
	    (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
		return 0;
	*ret = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);

	return 3;
}

static bool
begins_or_ends_blank(struct slice s)
{
	return s.len > 0 && (s.data[0] == ' ' || s.data[s.len - 1] == ' ');
}

/*
 * Whether text_take() would surely return `s` as it is.  This decides nearly
 * all names and addresses of Japan without the library's tables.
 */
static bool
is_plain(enum text_rule rule, size_t max, struct slice s)
{
	const uint8_t *p = (const uint8_t *)s.data;
	unsigned int bits = 0, all = KANA, any = 0;
	size_t at, step, n = 0;
	ucs4_t c;

	if (rule == TEXT_LINE && begins_or_ends_blank(s))
		return false;
	for (at = 0; at < s.len; at += step) {
		if (rule == TEXT_LINE && p[at] < 0x80) {
			step = run_of_printable(
			    slice_bytes(s.data + at, s.len - at));
			bits = OTHER;
			n += step;
			if (step == 0 || n > max)
				return false;
			continue;
		}
		step = read_near(p + at, s.len - at, &c);
		bits = step != 0 ? plain_bits(c) : 0;
		if (bits == 0 || ++n > max || (at == 0 && (bits & SPACE)))
			return false;
		all &= bits;
		any |= bits;
	}
	if (bits & SPACE)
		return false;

	return s.len == 0 || rule == TEXT_LINE ||
	    ((any & LETTER) && (rule != TEXT_KANA || (all & KANA)));
}

/* `s` without white space at its ends; *ret_before is the number of
 * characters that stood before it. */
static struct slice
trim(struct slice s, size_t *ret_before)
{
	const uint8_t *p = (const uint8_t *)s.data, *end = p + s.len, *last;
	ucs4_t c;

	for (*ret_before = 0; p < end; ++*ret_before) {
		int n = u8_mbtouc(&c, p, (size_t)(end - p));

		if (!uc_is_property_white_space(c))
			break;
		p += n;
	}
	while (p < end && (last = u8_prev(&c, end, p)) != NULL &&
	    uc_is_property_white_space(c))
		end = last;

	return slice_bytes(p, (size_t)(end - p));
}

/* The kind of a character that no text may hold; NULL if it may. */
static const char *
unwanted(ucs4_t c)
{
	static const struct {
		uint32_t mask;
		const char *name;
	} kinds[] = {
	    {UC_CATEGORY_MASK_Cc, "a control character"},
	    {UC_CATEGORY_MASK_Cf, "a format character"},
	    {UC_CATEGORY_MASK_Zl, "a line separator"},
	    {UC_CATEGORY_MASK_Zp, "a paragraph separator"},
	    {UC_CATEGORY_MASK_Co, "a private-use character"},
	    {UC_CATEGORY_MASK_Cn, "an unassigned character"},
	};
	bool is_open = c >= 0x20000 && c < 0x40000 && (c & 0xfffe) != 0xfffe;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (uc_is_general_category_withtable(c, kinds[i].mask))
			return is_open ? NULL : kinds[i].name;
	}
	if (uc_is_property_default_ignorable_code_point(c) &&
	    !uc_is_property_variation_selector(c))
		return "an invisible character";

	return NULL;
}

static bool
is_letter(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L) ||
	    (c >= 0x20000 && c < 0x40000);
}

/* The same by the rule; `previous` stands before it. */
static const char *
refused(enum text_rule rule, ucs4_t previous, ucs4_t c)
{
	const char *kind = unwanted(c);

	if (kind != NULL || !uc_is_property_variation_selector(c) ||
	    (rule == TEXT_NAME && is_letter(previous)))
		return kind;

	return "a variation selector";
}

/* Each character of `s`, which stands behind `before` others. */
static enum err
check_characters(struct arena *arena, enum text_rule rule, struct slice s,
    size_t before, const char **ret_why)
{
	const uint8_t *p = (const uint8_t *)s.data;
	const char *kind;
	ucs4_t c, previous = ' ';
	size_t at;

	for (at = 0; at < s.len; previous = c) {
		at += (size_t)u8_mbtouc(&c, p + at, s.len - at);
		before++;
		kind = refused(rule, previous, c);
		if (kind == NULL)
			continue;
		*ret_why = arena_printf(arena,
		    "character %zu is U+%04X, %s; expected printable text",
		    before, (unsigned int)c, kind)
			       .data;
		return ERR_INPUT;
	}

	return OK;
}

/* Unlike utf8_is_valid(), takes NUL: it is refused as a control character. */
static enum err
check_encoding(struct arena *arena, struct slice s, const char **ret_why)
{
	const uint8_t *p = (const uint8_t *)s.data, *bad;

	bad = s.len != 0 ? u8_check(p, s.len) : NULL;
	if (bad == NULL)
		return OK;
	*ret_why = arena_printf(arena, "byte %zu %s; expected valid UTF-8",
	    (size_t)(bad - p) + 1,
	    bad[0] == 0xed && bad + 1 < p + s.len && bad[1] >= 0xa0
		? "begins a surrogate (U+D800 to U+DFFF)"
		: "belongs to no character")
		       .data;

	return ERR_INPUT;
}

/* To Unicode, marks that lengthen are letters, and halfwidth marks of sound. */
static bool
is_mark(ucs4_t c)
{
	return c == 0x30fc || c == 0xff70 || c == 0xff9e || c == 0xff9f;
}

static bool
has_letter(struct slice s)
{
	const uint8_t *p = (const uint8_t *)s.data;
	ucs4_t c;
	size_t at;

	for (at = 0; at < s.len;) {
		at += (size_t)u8_mbtouc(&c, p + at, s.len - at);
		if (is_letter(c) && !is_mark(c))
			return true;
	}

	return false;
}

/* Why a text, not empty, breaks the rule as a whole; NULL if it does not. */
static const char *
misses(enum text_rule rule, struct slice s)
{
	if (s.len == 0 || rule == TEXT_LINE)
		return NULL;
	if (rule == TEXT_KANA && !kana_is_valid(s))
		return "has a character that is not kana; expected full-width "
		       "katakana, U+30FB, U+30FC and spaces";
	if (!has_letter(s))
		return rule == TEXT_KANA
		    ? "has no kana; expected at least one"
		    : "has no letter; expected at least one";

	return NULL;
}

static enum err
too_long(struct arena *arena, size_t n, size_t max, const char **ret_why)
{
	*ret_why = arena_printf(arena,
	    "has %zu characters; at most %zu are allowed, in at most %zu bytes",
	    n, max, 4 * max)
		       .data;

	return ERR_INPUT;
}

enum err
text_take(struct arena *arena, enum text_rule rule, size_t max,
    struct slice raw, struct slice *ret, const char **ret_why)
{
	struct slice s;
	const char *missing;
	size_t before;

	if (is_plain(rule, max, raw)) {
		*ret = raw;
		return OK;
	}
	if (check_encoding(arena, raw, ret_why))
		return ERR_INPUT;
	s = trim(raw, &before);
	/* NFC makes one character of up to four. */
	if (utf8_length(s) > 4 * max)
		return too_long(arena, utf8_length(s), max, ret_why);
	if (check_characters(arena, rule, s, before, ret_why) ||
	    text_normalize(arena, s, &s))
		return ERR_INPUT;
	if (utf8_length(s) > max)
		return too_long(arena, utf8_length(s), max, ret_why);
	missing = misses(rule, s);
	if (missing != NULL) {
		*ret_why = missing;
		return ERR_INPUT;
	}
	*ret = s;

	return OK;
}

/* The length of the character at `p`; 0 if no rule takes it. */
static size_t
read_printable(const uint8_t *p, size_t left, ucs4_t *ret)
{
	size_t near = read_near(p, left, ret);
	int n;

	if (near != 0 && plain_bits(*ret) != 0)
		return near;
	n = u8_mbtoucr(ret, p, left);

	return n > 0 && unwanted(*ret) == NULL ? (size_t)n : 0;
}

bool
text_is_printable(struct slice s)
{
	const uint8_t *p = (const uint8_t *)s.data;
	size_t at, n;
	ucs4_t c;

	for (at = run_of_printable(s); at < s.len; at += n) {
		n = read_printable(p + at, s.len - at, &c);
		if (n == 0)
			return false;
	}

	return true;
}

size_t
text_make_printable(char *text, size_t len)
{
	uint8_t *p = (uint8_t *)text;
	size_t at, n, to = 0;
	ucs4_t c;

	for (at = 0; at < len; at += n) {
		n = read_printable(p + at, len - at, &c);
		if (n != 0) {
			memmove(p + to, p + at, n);
			to += n;
			continue;
		}
		n = (size_t)u8_mbtouc(&c, p + at, len - at);
		p[to++] = uc_is_property_white_space(c) ? ' ' : '?';
	}

	return to;
}

struct slice
text_printable(struct arena *arena, struct slice s)
{
	char *copy;

	if (text_is_printable(s))
		return s;
	copy = arena_alloc(arena, s.len);
	memcpy(copy, s.data, s.len);

	return slice_bytes(copy, text_make_printable(copy, s.len));
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
	secret_wipe(out, len);
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
	if (run_of_ascii(s) == s.len) {
		*ret = s;
		return OK;
	}

	return convert(
	    arena, descriptor(&decoder, "UTF-8", "CP932"), s, 3, ret);
}

/*
 * Has it a character that glibc would turn into another (U+00A5, the yen sign,
 * into a backslash) or drop (tags)?  Not listed: glibc also turns U+2014,
 * U+2016, U+2212 and U+301C into the twin that Windows-31J has in their JIS
 * place; that is the same character, and is wanted.
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
	if (run_of_ascii(s) == s.len) {
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

	if (run_of_ascii(s) == s.len)
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
