/* bango ff1: format-preserving encryption, to run published vectors. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "main/answer.h"
#include "main/cli.h"
#include "main/commands.h"
#include "number/ff1.h"

static const char help[] =
    "usage: bango ff1 encrypt|decrypt --key HEX [--tweak HEX] --radix N\n"
    "           [--json] [TEXT ...]\n"
    "\n"
    "Encrypt or decrypt each TEXT, or each line of standard input, with FF1\n"
    "of NIST SP 800-38G: the result has the same length and radix.\n"
    "\n"
    "  --key HEX    32, 48 or 64 hexadecimal digits: AES-128, 192 or 256\n"
    "  --tweak HEX  up to 65536 bytes; none if left out\n"
    "  --radix N    2 to 36; the numerals are 0-9a-z\n"
    "  --json       one JSON object a line\n"
    "\n"
    "A text must have 1,000,000 possible values at least, and at most 4096\n"
    "characters.  Other users of the machine can see the key: for tests.\n"
    "\n"
    "exit status: 0 all done, 1 some texts refused, 2 misuse\n";

enum verb { ENCRYPT, DECRYPT };

struct options {
	enum verb verb;
	enum answer_form form;
	const char *key;
	const char *tweak;
	const char *radix;
};

struct cipher {
	struct ff1 ff1;
	struct slice tweak;
	enum verb verb;
};

static enum err
answer_text(const void *context, struct slice input, struct answer *ret)
{
	const struct cipher *cipher = context;
	struct problem problem;
	char *out = buf_extend(&ret->output, input.len);
	enum err rc = ERR_INTERNAL;

	switch (cipher->verb) {
	case ENCRYPT:
		rc = ff1_encrypt(
		    &cipher->ff1, cipher->tweak, input, out, &problem);
		break;
	case DECRYPT:
		rc = ff1_decrypt(
		    &cipher->ff1, cipher->tweak, input, out, &problem);
		break;
	}
	if (rc == OK)
		return OK;
	buf_clear(&ret->output);
	ret->token = err_info(rc)->name;
	snprintf(ret->reason, sizeof(ret->reason), "%s", problem.text);

	return rc;
}

/* Returns -1 to go on, or the exit code. */
static int
read_options(int argc, char **argv, struct options *ret)
{
	int json = 0, operands, rc;
	const struct cli_option table[] = {
	    {"--key", &ret->key, NULL},
	    {"--tweak", &ret->tweak, NULL},
	    {"--radix", &ret->radix, NULL},
	    {"--json", NULL, &json},
	    {0},
	};

	rc = cli_options(argc, argv, table, help, &operands);
	if (rc >= 0)
		return rc;
	ret->form = json ? ANSWER_JSON : ANSWER_PLAIN;
	if (ret->key == NULL || ret->radix == NULL)
		return cli_misuse(argv[0], "--key and --radix are needed");

	return -1;
}

/* Returns -1 to go on, or the exit code.  `key` is the caller's to wipe. */
static int
make_cipher(const struct options *options, struct buf *key, struct buf *tweak,
    struct cipher *ret)
{
	struct problem problem;
	uint64_t radix;

	if (hex_decode(slice_of(options->key), key))
		return cli_misuse("ff1", "the key is not hexadecimal");
	if (hex_decode(slice_of(options->tweak), tweak))
		return cli_misuse("ff1", "the tweak is not hexadecimal");
	if (tweak->len > FF1_TWEAK_MAX)
		return cli_misuse(
		    "ff1", "the tweak is longer than %d bytes", FF1_TWEAK_MAX);
	if (slice_to_u64(slice_of(options->radix), UINT16_MAX, &radix))
		return cli_misuse("ff1", "the radix is no number");
	if (ff1_init(buf_slice(key), (unsigned int)radix, &ret->ff1, &problem))
		return cli_misuse("ff1", "%s", problem.text);
	ret->tweak = buf_slice(tweak);
	ret->verb = options->verb;

	return -1;
}

static int
run(const struct options *options, char *const *operands)
{
	struct cipher cipher = {0};
	struct buf key, tweak;
	int rc;

	buf_init(&key);
	buf_init(&tweak);
	rc = make_cipher(options, &key, &tweak, &cipher);
	if (rc < 0) {
		rc = answer_all(answer_text, &cipher, operands, options->form);
		ff1_done(&cipher.ff1);
	}
	buf_done(&tweak);
	buf_done(&key);

	return rc;
}

int
command_ff1(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	struct options options = {.tweak = ""};
	int rc;

	if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0)
		return cli_help(help);
	if (strcmp(verb, "encrypt") == 0)
		options.verb = ENCRYPT;
	else if (strcmp(verb, "decrypt") == 0)
		options.verb = DECRYPT;
	else
		return cli_misuse(argv[0], "say \"encrypt\" or \"decrypt\"");
	argv[1] = argv[0]; /* the verb is done with */
	rc = read_options(argc - 1, argv + 1, &options);
	if (rc >= 0)
		return rc;

	return run(&options, argv + 2);
}
