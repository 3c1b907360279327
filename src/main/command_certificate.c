/* bango certificate: requests to an authority that is kept elsewhere, and its
 * answers. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/request.h"
#include "nation/supervisor.h"

#define BEGIN_MS (24 * 3600 * 1000) /* for the way of the file */

struct wishes {
	const char *output, *digest, *begin;
	struct passphrase_place passphrase;
	bool anew;
};

static const struct cli_operand of_request[] = {{"DIR", CLI_FOLDER},
    {"ORGANISATION", CLI_MEMBER, .optional = true,
	.what = "an organisation, or one system, such as 131041/relay"},
    {0}};
static const struct cli_operand of_file[] = {
    {"DIR", CLI_FOLDER}, {"FILE", CLI_FILE}, {0}};
static const struct cli_form forms[] = {
    {of_request, "request",
	"make new keys where the systems run, and requests for them"},
    {of_file, "sign", "show the requests in FILE, and sign them"},
    {of_file, "install", "put the certificates in FILE to use"}, {0}};
static const struct cli_option options[] = {
    FILE_OPTION(wishes, output, "--output", "FILE",
	"the file to be carried to the other machine", .with = "request|sign",
	.needed = "request"),
    FLAG_OPTION(wishes, anew, "--anew",
	"whether a certificate ends within 30 days or not", .with = "request"),
    TEXT_OPTION(wishes, digest, "--digest", "DIGEST",
	"the digest that `bango certificate request` printed, told by a person",
	.with = "sign"),
    TEXT_OPTION(wishes, begin, "--begin", "TIME",
	"the instant from which the new keys are used, such as "
	"2026-11-21T08:00:00.000Z; a day from now",
	.with = "sign"),
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with the passphrase of the key stores; of `sign`, the "
	"authority's"),
    FOLDER_OPTION(wishes, passphrase.folder, "--passphrase-dir", "FOLDER",
	"the folder with the passphrases"),
    {0},
};

static int command_certificate(int argc, char **argv);

const struct command certificate_command = {
    .name = "certificate",
    .summary = "request, sign and install certificates, where the authority's "
	       "key is elsewhere",
    .run = command_certificate,
    .forms = forms,
    .options = options,
    .about =
	"`request` gives the systems in DIR whose certificates end within 30 "
	"days new keys, and writes requests for certificates; the keys stay "
	"where they are, and nobody uses them yet. `sign` shows the requests, "
	"checks them, and with --digest and --output signs them; it needs "
	"DIR/ca/ca.keys. `install`, on every machine of the nation, puts the "
	"certificates into DIR/directory.json and, where the systems are, "
	"the keys into use. Old and new keys are taken until the old ones end.",
    .after = "A request does not show who made it: let the person who made it "
	     "tell you its digest, by another way than the file came.",
};

/* --- Files ----------------------------------------------------------------- */

/* Before keys are made, or certificates: a file of the nation is not written over. */
static int
check_output(const char *output, const char *input, struct slice start)
{
	struct problem problem = {0};

	if (file_check_output(output, input, &problem) ||
	    file_check_lost(output, start, &problem))
		return cli_fail("certificate", &problem);

	return -1;
}

static int
write_output(const char *path, const struct buf *text)
{
	struct problem problem = {0};

	if (file_replace(path, buf_slice(text), 0644, &problem))
		return cli_fail("certificate", &problem);

	return 0;
}

static void
print(const struct buf *told)
{
	fputs(told->len > 0 ? told->data : "", stdout);
}

/* --- The three ------------------------------------------------------------- */

static int
request(const struct renew_options *o, const struct wishes *w)
{
	struct problem problem = {0};
	struct buf told, text, digest;
	size_t n = 0;
	int rc = 0;

	buf_init(&told);
	buf_init(&text);
	buf_init(&digest);
	if (nation_request(o, &told, &n, &text, &problem))
		rc = cli_fail("certificate", &problem);
	else if (n == 0)
		puts("nothing ends within 30 days");
	else
		rc = write_output(w->output, &text);
	if (rc == 0 && n > 0) {
		requests_digest(buf_slice(&text), &digest);
		print(&told);
		printf("the digest of %s, for the person who signs it:\n%s\n",
		    w->output, digest.data);
	}
	buf_done(&told);
	buf_done(&text);
	buf_done(&digest);

	return rc;
}

static int
sign(const struct renew_options *o, const struct wishes *w,
    const struct buf *requests)
{
	struct problem problem = {0};
	struct buf told, text;
	int rc = 0;

	buf_init(&told);
	buf_init(&text);
	if (nation_sign(
		o, buf_slice(requests), w->digest, &told, &text, &problem))
		rc = cli_fail("certificate", &problem);
	else if (w->digest != NULL)
		rc = write_output(w->output, &text);
	if (rc == 0) {
		print(&told);
		puts(w->digest != NULL
			? "signed"
			: "nothing is signed; --digest and --output sign it");
	}
	buf_done(&told);
	buf_done(&text);

	return rc;
}

static int
install(const struct renew_options *o, const struct buf *certificates)
{
	struct problem problem = {0};
	struct buf told;
	int rc = 0, pid;

	buf_init(&told);
	if (nation_install(o, buf_slice(certificates), &told, &problem))
		rc = cli_fail("certificate", &problem);
	pid = rc == 0 ? supervisor_pid(o->dir) : 0;
	if (pid > 0)
		kill(pid, SIGHUP);
	print(&told);
	buf_done(&told);

	return rc;
}

/* --- Arguments ------------------------------------------------------------- */

static int
take_signing(
    const struct wishes *w, const char *requests, struct renew_options *o)
{
	if ((w->digest == NULL) != (w->output == NULL))
		return cli_misuse("certificate",
		    "--digest and --output belong together: the first says "
		    "what is signed, the second where the certificates go");
	if (w->begin != NULL && instant_parse(slice_of(w->begin), &o->begin))
		return cli_misuse("certificate",
		    "--begin is %s, expected an instant such as "
		    "2026-11-21T08:00:00.000Z",
		    w->begin);

	return w->output == NULL ? -1
				 : check_output(w->output, requests,
				       SLICE("-----BEGIN CERTIFICATE-----"));
}

static int
with_file(const char *verb, const char *path, struct renew_options *o,
    const struct wishes *w)
{
	struct problem problem = {0};
	struct buf text, plain;
	int rc = -1;

	if (strcmp(verb, "sign") == 0)
		rc = take_signing(w, path, o);
	if (rc >= 0)
		return rc;
	buf_init(&text);
	buf_init(&plain);
	if (file_read(path, REQUESTS_TEXT_MAX, &text, &problem))
		rc = cli_fail("certificate", &problem);
	requests_plain(buf_slice(&text), &plain);
	if (rc < 0)
		rc = strcmp(verb, "sign") == 0 ? sign(o, w, &plain)
					       : install(o, &plain);
	buf_done(&text);
	buf_done(&plain);

	return rc;
}

static int
command_certificate(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct renew_options o = {.now = clock.now(clock.state)};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&certificate_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	o.dir = argv[2];
	o.begin = instant_plus(o.now, BEGIN_MS);
	o.passphrase = w.passphrase;
	o.authority = w.passphrase;
	o.anew = w.anew;
	if (strcmp(argv[1], "request") != 0)
		return with_file(argv[1], argv[3], &o, &w);
	o.only = argv[3];
	rc = check_output(
	    w.output, NULL, SLICE("-----BEGIN CERTIFICATE REQUEST-----"));

	return rc >= 0 ? rc : request(&o, &w);
}
