/*
 * What this process has done with keys, for the figures of its host and for
 * benchmarks: signing and sealing cost more than all else in a message.
 * Handshakes of TLS are not in it.
 */
#ifndef BANGO_CRYPTO_TALLY_H
#define BANGO_CRYPTO_TALLY_H

#include <stdint.h>

struct crypto_tally {
	int64_t signatures, verifications;
	int64_t seals, openings; /* one key agreement each */
};

/* Since the start; whoever signs or seals counts it, nobody takes back. */
extern struct crypto_tally crypto_tally;

#endif
