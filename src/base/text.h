/*
 * Characters: UTF-8, the CP932 of municipal files, widths and kana.
 *
 * All text inside bango is valid UTF-8 in NFC; conversion happens at the edge,
 * here.  text_take() is the one policy for text from outside, whether it came
 * in a file, a request, a message, a setting or a command.
 */
#ifndef BANGO_BASE_TEXT_H
#define BANGO_BASE_TEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* Well-formed UTF-8 (RFC 3629) without NUL. */
bool utf8_is_valid(struct slice s);
/* Code points in valid UTF-8. */
size_t utf8_length(struct slice s);
/* Columns of a terminal: East Asian wide characters count two. */
size_t utf8_width(struct slice s);
/* The longest prefix of at most `max` bytes that ends between characters. */
struct slice utf8_cut(struct slice s, size_t max);
/* Why the line at the beginning of `text` is no line of a text file in UTF-8 or
 * CP932, and what to do: it is UTF-16, has a NUL byte, or ends with CR alone.
 * NULL if nothing of that is so; whether it is UTF-8 is not looked at. */
const char *text_misfit(struct slice text);
/* Without a byte order mark at its beginning. */
struct slice utf8_without_mark(struct slice s);
/*
 * NFC in the arena; the same slice if it is in NFC already.  One exception:
 * CJK compatibility ideographs (U+F900 to U+FAFF, U+2F800 to U+2FA1F) stay as
 * they are, for NFC would write a person's name with another character.
 */
MUST_USE enum err
text_normalize(struct arena *arena, struct slice s, struct slice *ret);

/* The use of a text from outside; each has its rule. */
enum text_rule {
	TEXT_LINE,    /* one line of printable characters */
	TEXT_NAME,    /* of a person: a letter at least; selectors of
		       * variants (U+FE00, U+E0100 ...) after a letter */
	TEXT_KANA,    /* of a name: kana_is_valid(), a kana at least */
	TEXT_ADDRESS, /* a letter at least */
};

/*
 * Take a text from outside: valid UTF-8, as text_normalize() leaves it, of at
 * most `max` characters (and so 4 * `max` bytes), without white space at its
 * ends (White_Space of Unicode: U+3000 and U+00A0 too).  No character of it is
 * a control or format character, otherwise invisible (Default_Ignorable of
 * Unicode), a separator of lines or paragraphs, a surrogate, private, or
 * unassigned in the library's Unicode 14; planes 2 and 3 are open, because
 * ideographs are added there.
 *
 * *ret is in the arena, or a part of `raw` where nothing had to be changed.
 * An empty text is OK here: the caller knows whether a value may be missing.
 * ERR_INPUT leaves *ret alone and puts the reason into *ret_why, in the arena:
 * it reads after "field name: " and says the kind, code point and place of a
 * character, and never the text.
 */
MUST_USE enum err text_take(struct arena *arena, enum text_rule rule,
    size_t max, struct slice raw, struct slice *ret, const char **ret_why);

/*
 * Valid UTF-8, all of whose characters some rule takes.  For text that is
 * shown, logged or signed unchanged; a text that is stored goes through
 * text_take().
 */
bool text_is_printable(struct slice s);
/*
 * Make a text printable in place: white space such as a line's end becomes a
 * space; any other character that no rule takes, and any byte that belongs to
 * no character, becomes a question mark.  Returns the new length, which is not
 * greater.
 */
size_t text_make_printable(char *text, size_t len);
/* The same in a copy in the arena; `s` itself if it is printable. */
struct slice text_printable(struct arena *arena, struct slice s);

/*
 * The form of a text for a comparison that ignores width, case, compatibility
 * forms and spaces: valid UTF-8 in the arena; `s` itself if it is not UTF-8.  A
 * comparison of names finds candidates for a person to look at; it never
 * identifies anybody.
 */
struct slice text_fold(struct arena *arena, struct slice s);

/*
 * Windows-31J (CP932) to UTF-8 and back.  ERR_INPUT on a byte sequence or
 * character without a counterpart.  The four characters that JIS maps to
 * other code points than Windows (〜 − ‖ —) are written all the same; codes
 * of the user-defined range are read into the private use area.
 */
MUST_USE enum err
cp932_decode(struct arena *arena, struct slice s, struct slice *ret);
MUST_USE enum err
cp932_encode(struct arena *arena, struct slice s, struct slice *ret);

/* Full-width katakana, the long-vowel mark, the middle dot and spaces
 * (U+0020 or U+3000) only; not empty. */
bool kana_is_valid(struct slice s);
/* ASCII digits for full-width ones; everything else untouched. */
struct slice digits_to_ascii(struct arena *arena, struct slice s);

#endif
