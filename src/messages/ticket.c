#include "messages/ticket.h"

#include <string.h>

#include "base/encode.h"
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
	char tagged[sizeof(TAG) - 1 + TICKET_CHARS];
	struct digest digest;
	struct buf text;
	size_t i, n = sizeof(TAG) - 1;

	memcpy(tagged, TAG, n);
	for (i = 0; i < ticket.len; i++) {
		if (ticket.data[i] == '-' || ticket.data[i] == ' ')
			continue;
		if (n == sizeof(tagged) || read_char(ticket.data[i]) == '\0')
			return ERR_INPUT;
		tagged[n++] = read_char(ticket.data[i]);
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
