/*
 * Counts of this process's operations with keys, for the figures of its host
 * and for benchmarks: signing and sealing cost more than all else in a message.
 * Handshakes of TLS are not counted.
 */
#ifndef BANGO_CRYPTO_TALLY_H
#define BANGO_CRYPTO_TALLY_H

#include <stdint.h>

struct crypto_tally {
	int64_t signatures, verifications;
	int64_t seals, openings; /* one key agreement each */
};

/* Since the start of the process.  Each operation adds to it; nothing resets
 * it. */
extern struct crypto_tally crypto_tally;

#endif
