/*
 * Preloaded into `bango serve`, for tests that look under TLS: the secrets of
 * all connections of a system go into the file $KEY_LOGS/ORGANISATION-SYSTEM,
 * in the form that Wireshark reads.  Other programs are left alone.
 *
 * It takes the place of OpenSSL's SSL_CTX_new(), for the program itself has no
 * way to give its secrets away, and should have none.
 */
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *key_log;

/* The dynamic linker hands a constructor what main() gets: "bango", "serve",
 * DIR, ORGANISATION/SYSTEM. */
__attribute__((constructor)) static void
open_log(int argc, char **argv)
{
	const char *folder = getenv("KEY_LOGS");
	char path[4096], *slash;

	if (folder == NULL || argc < 4 || strcmp(argv[1], "serve") != 0)
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, argv[3]);
	slash = strrchr(path, '/');
	*slash = '-';
	key_log = fopen(path, "ae");
	if (key_log == NULL)
		abort();
	setvbuf(key_log, NULL, _IOLBF, 0);
}

static void
on_secret(const SSL *ssl, const char *line)
{
	(void)ssl;
	fprintf(key_log, "%s\n", line);
}

SSL_CTX *
SSL_CTX_new(const SSL_METHOD *method)
{
	SSL_CTX *(*original)(const SSL_METHOD *);
	void *symbol = dlsym(RTLD_NEXT, "SSL_CTX_new");
	SSL_CTX *ctx;

	if (symbol == NULL)
		abort();
	memcpy(&original, &symbol, sizeof(original));
	ctx = original(method);
	if (ctx != NULL && key_log != NULL)
		SSL_CTX_set_keylog_callback(ctx, on_secret);

	return ctx;
}
