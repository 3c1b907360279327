#include "pki/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#define PEM_MAX (64 << 10) /* of a certificate or key */
#define CRL_MAX (16 << 20)

/* A callback that knows no passphrase; the default one would ask the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *state)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)state;

	return -1;
}

static BIO *
reading(struct slice s, size_t max)
{
	if (s.len == 0 || s.len > max)
		return NULL;

	return BIO_new_mem_buf(s.data, (int)s.len);
}

/* OpenSSL keeps errors for the next caller; ours tell it by NULL. */
static void
end(BIO *bio)
{
	BIO_free(bio);
	ERR_clear_error();
}

X509 *
pem_certificate(struct slice pem)
{
	BIO *bio = reading(pem, PEM_MAX);
	X509 *cert = NULL;

	if (bio != NULL)
		cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	end(bio);

	return cert;
}

X509_CRL *
pem_crl(struct slice pem)
{
	BIO *bio = reading(pem, CRL_MAX);
	X509_CRL *crl = NULL;

	if (bio != NULL)
		crl = PEM_read_bio_X509_CRL(bio, NULL, no_passphrase, NULL);
	end(bio);

	return crl;
}

X509_REQ *
pem_request(struct slice pem)
{
	BIO *bio = reading(pem, PEM_MAX);
	X509_REQ *request = NULL;

	if (bio != NULL)
		request = PEM_read_bio_X509_REQ(bio, NULL, no_passphrase, NULL);
	end(bio);

	return request;
}

EVP_PKEY *
pem_private_key(struct slice pem)
{
	BIO *bio = reading(pem, PEM_MAX);
	EVP_PKEY *key = NULL;

	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	end(bio);

	return key;
}
