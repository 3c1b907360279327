/* bango ff1: format-preserving encryption, to run published vectors. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "main/answer.h"
#include "main/cli.h"
#include "main/commands.h"
#include "number/ff1.h"

enum verb { ENCRYPT, DECRYPT };

struct options {
	const char *key, *tweak;
	uint64_t radix;
	bool json;
};

static const struct cli_operand texts[] = {
    {"TEXT", CLI_TEXT, .optional = true, .many = true}, {0}};
static const struct cli_form forms[] = {
    {texts, "encrypt"}, {texts, "decrypt"}, {0}};
static const struct cli_option table[] = {
    TEXT_OPTION(options, key, "--key", "HEX",
	"the key in 32, 48 or 64 hexadecimal digits: AES-128, 192 or 256",
	.needed = "encrypt|decrypt"),
    TEXT_OPTION(options, tweak, "--tweak", "HEX",
	"the tweak in hexadecimal, up to 65536 bytes; without it, empty"),
    NUMBER_OPTION(options, radix, "--radix", "N", 2, 36,
	"the radix, 2 to 36; the numerals are 0-9a-z",
	.needed = "encrypt|decrypt"),
    FLAG_OPTION(options, json, "--json", "print one JSON object a line"),
    {0},
};

static int command_ff1(int argc, char **argv);

const struct command ff1_command = {
    .name = "ff1",
    .summary = "encrypt texts and preserve their format (FF1, NIST SP 800-38G)",
    .run = command_ff1,
    .forms = forms,
    .options = table,
    .about =
	"Encrypt or decrypt each TEXT, or each line of standard input, with "
	"FF1 of NIST SP 800-38G: the result has the same length and radix.",
    .after = "A text must have 1,000,000 possible values at least, and at most "
	     "4096 characters. Other users of the machine can see the key: for "
	     "tests.",
    .exits = "0 all done, 1 some texts refused, 2 misuse",
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

/* Returns -1 to go on, or the exit code.  `key` is the caller's to wipe. */
static int
make_cipher(const struct options *options, struct buf *key, struct buf *tweak,
    struct cipher *ret)
{
	struct problem problem;

	if (hex_decode(slice_of(options->key), key))
		return cli_misuse("ff1",
		    "the key is not hexadecimal; expected 32, 48 or 64 of "
		    "0-9a-f");
	if (hex_decode(slice_of(options->tweak), tweak))
		return cli_misuse("ff1",
		    "the tweak is not hexadecimal; expected pairs of 0-9a-f");
	if (tweak->len > FF1_TWEAK_MAX)
		return cli_misuse(
		    "ff1", "the tweak is longer than %d bytes", FF1_TWEAK_MAX);
	if (ff1_init(buf_slice(key), (unsigned int)options->radix, &ret->ff1,
		&problem))
		return cli_misuse("ff1", "%s", problem.text);
	ret->tweak = buf_slice(tweak);

	return -1;
}

static int
command_ff1(int argc, char **argv)
{
	struct options options = {.tweak = ""};
	struct cipher cipher = {0};
	struct buf key, tweak;
	int rc;

	rc = cli_options(&ff1_command, argc, argv, &options);
	if (rc >= 0)
		return rc;
	cipher.verb = strcmp(argv[1], "encrypt") == 0 ? ENCRYPT : DECRYPT;
	buf_init(&key);
	buf_init(&tweak);
	rc = make_cipher(&options, &key, &tweak, &cipher);
	if (rc < 0) {
		rc = answer_all(answer_text, &cipher, argv + 2,
		    options.json ? ANSWER_JSON : ANSWER_PLAIN);
		ff1_done(&cipher.ff1);
	}
	buf_done(&tweak);
	buf_done(&key);

	return rc;
}
