/*
 * FF1, format-preserving encryption (NIST SP 800-38G).
 *
 * A text of numerals in radix 2 to 36, written 0-9a-z, becomes another of the
 * same length and radix.  This is the plain implementation, which follows the
 * standard step by step; tests compare the faster ff1_digits.h with it.
 *
 * The minimum size of the domain is that of revision 1, 1,000,000; the
 * maximum lengths are ours (the standard leaves them to the implementation).
 *
 * A struct ff1 holds a key: wipe it with ff1_done().
 */
#ifndef BANGO_NUMBER_FF1_H
#define BANGO_NUMBER_FF1_H

#include <stdint.h>

#include "crypto/block.h"

#define FF1_RADIX_MIN 2
#define FF1_RADIX_MAX 36
#define FF1_TEXT_MIN 2
#define FF1_TEXT_MAX 4096   /* maxlen: numerals */
#define FF1_TWEAK_MAX 65536 /* maxTlen: bytes */
#define FF1_DOMAIN_MIN 1000000

struct ff1 {
	struct block_cipher cipher;
	unsigned int radix;
};

/* `key` of 16, 24 or 32 bytes.  ERR_INPUT for another length or a radix out
 * of bounds, with the reason; *ret is then left alone. */
MUST_USE enum err ff1_init(struct slice key, unsigned int radix,
    struct ff1 *ret, struct problem *problem);
void ff1_done(struct ff1 *ff1);

/* The shortest text whose domain has FF1_DOMAIN_MIN members. */
size_t ff1_text_min(const struct ff1 *ff1);

/*
 * `ret` takes text.len characters, not NUL-terminated, and may be the text
 * itself.  ERR_INPUT for a text too short or too long, a character outside
 * the radix or a tweak too long, with the reason (the place, never the text);
 * `ret` is then left alone.
 */
MUST_USE enum err ff1_encrypt(const struct ff1 *ff1, struct slice tweak,
    struct slice text, char *ret, struct problem *problem);
MUST_USE enum err ff1_decrypt(const struct ff1 *ff1, struct slice tweak,
    struct slice text, char *ret, struct problem *problem);

#endif
