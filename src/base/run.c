#include "base/run.h"

#include <endian.h>
#include <string.h>

/* Eight bytes are looked at together: the sum over all bytes of `b`. */
#define EACH(b) (0x0101010101010101ull * (b))

/* Not zero if a byte is below `n`, which is 128 at most. */
static inline uint64_t
any_below(uint64_t word, uint8_t n)
{
	return (word - EACH(n)) & ~word & EACH(0x80);
}

static inline uint64_t
any_equal(uint64_t word, uint8_t byte)
{
	return any_below(word ^ EACH(byte), 1);
}

static inline uint64_t
any_beyond_ascii(uint64_t word)
{
	return word & EACH(0x80);
}

static inline uint64_t
any_unprintable(uint64_t word)
{
	return any_beyond_ascii(word) | any_below(word, ' ') |
	    any_equal(word, 0x7f);
}

static inline uint64_t
any_escaped(uint64_t word)
{
	return any_below(word, ' ') | any_equal(word, '"') |
	    any_equal(word, '\\');
}

/* Up to eight bytes, the first one lowest; zeros above the last. */
static inline uint64_t
word_at(const char *p, size_t len)
{
	uint64_t word = 0;
	size_t i;

	if (len >= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		return le64toh(word);
	}
	for (i = 0; i < len; i++)
		word |= (uint64_t)(uint8_t)p[i] << 8 * i;

	return word;
}

/* The subtraction in any_below() may mark bytes that follow one that is below,
 * but the lowest mark is right. */
static inline size_t
run(struct slice s, uint64_t (*stops)(uint64_t word))
{
	uint64_t marks = 0;
	size_t n;

	for (n = 0; n < s.len && marks == 0; n += sizeof(marks))
		marks = stops(word_at(s.data + n, s.len - n));
	if (marks != 0)
		n -= sizeof(marks) - (size_t)__builtin_ctzll(marks) / 8;

	return n < s.len ? n : s.len;
}

size_t
run_of_ascii(struct slice s)
{
	return run(s, any_beyond_ascii);
}

size_t
run_of_printable(struct slice s)
{
	return run(s, any_unprintable);
}

size_t
run_of_unescaped(struct slice s)
{
	return run(s, any_escaped);
}
