/*
 * A signed or sealed message, with arbitrary bytes.
 *
 * Besides not crashing: the payload of a JWS that is accepted has one spelling
 * only, and what does not open adds nothing to the result.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/encode.h"
#include "crypto/jose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The private key of Bob in RFC 7518 appendix C, in PKCS#8. */
static const char bob[] = "304102010030"
			  "1306072a8648ce3d020106082a8648ce3d030107"
			  "042730250201010420"
			  "5449836690d75caf29f0dd029ddb31b3"
			  "ddb8aba9d2d515c5012465e817d4a9dc";

static struct sealing_key *
fixed_key(void)
{
	static struct sealing_key *key;
	struct buf der;

	if (key != NULL)
		return key;
	buf_init(&der);
	if (hex_decode(slice_of(bob), &der) ||
	    sealing_key_decode(buf_slice(&der), &key))
		abort();
	buf_done(&der);

	return key;
}

/* The payload, encoded again, is what stood in the text. */
static void
check_spelling(const struct jws *jws)
{
	struct slice rest = jws->signed_part;
	struct buf text;

	slice_cut(&rest, '.');
	buf_init(&text);
	base64url_encode(jws->payload, &text);
	assert(slice_equal(rest, buf_slice(&text)));
	buf_done(&text);
}

static void
try_to_parse(struct slice text)
{
	struct arena *arena = arena_new();
	struct jws jws;

	if (jws_parse(arena, text, "bango-waybill", &jws) == OK)
		check_spelling(&jws);
	arena_free(arena);
}

static void
try_to_open(struct slice text)
{
	struct arena *arena = arena_new();
	struct slice plain = {0};

	if (jwe_open(arena, fixed_key(), text, &plain))
		assert(plain.data == NULL);
	else
		assert(plain.len < text.len);
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_bytes(data, size);

	try_to_parse(text);
	try_to_open(text);

	return 0;
}
