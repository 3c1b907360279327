#include "crypto/algorithm.h"

#include <stdlib.h>
#include <threads.h>

static EVP_MD *sha256;
static EVP_CIPHER *aes256_gcm;
static EVP_CIPHER *aes256_ctr;
static once_flag once = ONCE_FLAG_INIT;

static void
fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	aes256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	aes256_ctr = EVP_CIPHER_fetch(NULL, "AES-256-CTR", NULL);
	if (sha256 == NULL || aes256_gcm == NULL || aes256_ctr == NULL)
		abort();
}

const EVP_MD *
algorithm_sha256(void)
{
	call_once(&once, fetch);

	return sha256;
}

const EVP_CIPHER *
algorithm_aes256_gcm(void)
{
	call_once(&once, fetch);

	return aes256_gcm;
}

const EVP_CIPHER *
algorithm_aes256_ctr(void)
{
	call_once(&once, fetch);

	return aes256_ctr;
}
