#include "messages/ticket.h"

#include <string.h>

#include "base/encode.h"
#include "base/text.h"
#include "crypto/hash.h"

#define GROUP 5 /* characters between hyphens */
#define ACQUISITION_BYTES 16
#define TAG "bango enrolment ticket "

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct slice
ticket_new(const struct random *random, struct arena *arena)
{
	uint8_t bytes[TICKET_CHARS];
	char text[TICKET_TEXT];
	size_t i, n = 0;

	random_bytes(random, bytes, sizeof(bytes));
	for (i = 0; i < TICKET_CHARS; i++) {
		if (i > 0 && i % GROUP == 0)
			text[n++] = '-';
		text[n++] = alphabet[bytes[i] % 32];
	}

	return arena_copy(arena, slice_bytes(text, n));
}

/* Cut a hyphen, or what an input method types for one, from the beginning. */
static bool
cut_hyphen(struct slice *text)
{
	static const char *const hyphens[] = {
	    "-", "‐", "‒", "–", "—", "―", "−", "ー"};
	size_t i, len;

	for (i = 0; i < sizeof(hyphens) / sizeof(hyphens[0]); i++) {
		len = strlen(hyphens[i]);
		if (!slice_has_prefix(*text, slice_of(hyphens[i])))
			continue;
		*text = slice_bytes(text->data + len, text->len - len);
		return true;
	}

	return false;
}

/* The character that is meant; '\0' for one that stands in no ticket. */
static char
read_char(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';

	return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

enum err
ticket_acquisition(struct slice ticket, struct arena *arena, struct slice *ret)
{
	struct slice left = text_fold(arena, ticket);
	char tagged[sizeof(TAG) - 1 + TICKET_CHARS];
	struct digest digest;
	struct buf text;
	size_t n = sizeof(TAG) - 1;

	memcpy(tagged, TAG, n);
	while (left.len > 0) {
		if (cut_hyphen(&left))
			continue;
		if (n == sizeof(tagged) || read_char(left.data[0]) == '\0')
			return ERR_INPUT;
		tagged[n++] = read_char(left.data[0]);
		left = slice_bytes(left.data + 1, left.len - 1);
	}
	if (n < sizeof(tagged))
		return ERR_INPUT;
	digest = digest_of(slice_bytes(tagged, n));
	buf_init(&text);
	hex_encode(slice_bytes(digest.bytes, ACQUISITION_BYTES), &text);
	*ret = arena_copy(arena, buf_slice(&text));
	buf_done(&text);

	return OK;
}
