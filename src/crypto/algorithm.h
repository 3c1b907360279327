/*
 * OpenSSL's algorithms, each fetched once: OpenSSL looks for an algorithm by its
 * name, under locks, and that takes longer than most uses of it.  Inside crypto/ only.
 */
#ifndef BANGO_CRYPTO_ALGORITHM_H
#define BANGO_CRYPTO_ALGORITHM_H

#include <openssl/evp.h>

/* Never NULL: an OpenSSL without them ends the process. */
const EVP_MD *algorithm_sha256(void);
const EVP_CIPHER *algorithm_aes256_gcm(void);
const EVP_CIPHER *algorithm_aes256_ctr(void);

#endif
