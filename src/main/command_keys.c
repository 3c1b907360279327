/* bango keys: what a system's key store holds; a new epoch of a key. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "crypto/keymaking.h"
#include "crypto/rest.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/renew.h"
#include "nation/supervisor.h"

struct wishes {
	const char *purpose, *authority;
	struct passphrase_place passphrase;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"ORGANISATION/SYSTEM", CLI_MEMBER}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    TEXT_OPTION(wishes, purpose, "--rotate", "PURPOSE",
	"add the next epoch of the key of that purpose; older epochs stay, so "
	"that data made with them can still be read"),
    FILE_OPTION(wishes, passphrase.file, "--passphrase-file", "FILE",
	"the file with the passphrase of the key store"),
    FILE_OPTION(wishes, authority, "--authority-passphrase-file", "FILE",
	"the file with the passphrase of the authority's key store, which a new "
	"signing key, or key for TLS, needs"),
    FOLDER_OPTION(wishes, passphrase.folder, "--passphrase-dir", "FOLDER",
	"the folder with the passphrases"),
    {0},
};

static int command_keys(int argc, char **argv);

const struct command keys_command = {
    .name = "keys",
    .summary = "list a system's keys, or add an epoch",
    .run = command_keys,
    .forms = forms,
    .options = options,
    .about = "List the keys of a system: purpose, epoch, kind, id and time of "
	     "making, but never the keys themselves.",
    .after = "The system uses the new key from its next start. A new signing "
	     "key, and a new key for TLS, are written into DIR/directory.json "
	     "with their certificates; systems that are up read it at once, "
	     "and the system uses the key an hour later.",
};

struct keys {
	const char *dir;
	struct system_id id;
	struct passphrase_place place, authority;
	struct buf passphrase;
	struct buf path;
	struct keystore *store;
	struct random random;
	struct instant now;
	struct problem *problem;
};

static void
list(const struct keystore *store)
{
	const struct stored_key *k;
	char made[INSTANT_TEXT_MAX];
	size_t i;

	for (i = 0; (k = keystore_at(store, i)) != NULL; i++) {
		instant_format(k->made, made);
		printf("%-14s epoch %u  %-9s  %s  %s\n", k->purpose, k->epoch,
		    k->kind == KEY_PRIVATE ? "private" : "symmetric", made,
		    k->id);
	}
}

/* A key that the others learn from the directory. */
static enum err
rotate_listed(struct keys *k, const char *purpose, uint32_t *ret_epoch)
{
	const struct renew_options o = {.dir = k->dir,
	    .only = k->id.text,
	    .passphrase = k->place,
	    .authority = k->authority,
	    .now = k->now,
	    .begin = instant_plus(k->now, KEY_ANNOUNCED_MS)};
	enum err rc = nation_rotate(&o, purpose, ret_epoch, k->problem);

	if (rc == OK && supervisor_pid(k->dir) > 0)
		kill(supervisor_pid(k->dir), SIGHUP);

	return rc;
}

/* A key that the system alone has to know. */
static enum err
rotate_own(struct keys *k, const char *purpose, uint32_t *ret_epoch)
{
	if (strcmp(purpose, "seal") == 0)
		TRY(keymaking_seal(k->store, k->now));
	else
		keystore_add_symmetric(
		    k->store, purpose, &k->random, k->now, NULL);
	*ret_epoch = keystore_current(k->store, purpose)->epoch;

	return keystore_save(k->store, k->path.data, buf_slice(&k->passphrase),
	    &k->random, k->problem);
}

static enum err
rotate(struct keys *k, const char *purpose)
{
	const struct stored_key *old = keystore_current(k->store, purpose);
	bool is_listed =
	    strcmp(purpose, "sign") == 0 || strcmp(purpose, "tls") == 0;
	uint32_t epoch = 0;

	/* A relay of an earlier day has no key for values at rest yet. */
	if (old == NULL && strcmp(purpose, REST_PURPOSE) != 0)
		return problem_set(k->problem, ERR_NOT_FOUND,
		    "%s has no key for %s that can be rotated here; `bango "
		    "keys` lists its keys",
		    k->id.text, purpose);
	TRY(is_listed ? rotate_listed(k, purpose, &epoch)
		      : rotate_own(k, purpose, &epoch));
	printf("epoch %u of %s; %s uses it %s\n", epoch, purpose, k->id.text,
	    !is_listed                         ? "from its next start"
		: strcmp(purpose, "sign") == 0 ? "in an hour, or from its next "
						 "start"
					       : "in an hour");

	return OK;
}

static int
command_keys(int argc, char **argv)
{
	struct wishes w = {0};
	struct clock clock = clock_system();
	struct problem problem = {0};
	struct keys k = {.random = random_system(),
	    .now = clock.now(clock.state),
	    .problem = &problem};
	enum err err;
	int rc;

	rc = cli_options(&keys_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (system_id_parse(slice_of(argv[2]), &k.id))
		return cli_misuse("keys",
		    "%s is not the id of a system, such as 131041/relay",
		    argv[2]);
	k.dir = argv[1];
	buf_init(&k.passphrase);
	buf_init(&k.path);
	k.place = w.passphrase;
	k.authority =
	    (struct passphrase_place){w.authority, w.passphrase.folder};
	nation_system_path(&k.path, k.dir, &k.id, "keys");
	err = nation_keystore(
	    k.dir, &k.id, &k.place, &k.passphrase, &k.store, &problem);
	if (err == OK && w.purpose != NULL)
		err = rotate(&k, w.purpose);
	else if (err == OK)
		list(k.store);
	keystore_free(k.store);
	buf_done(&k.passphrase);
	buf_done(&k.path);

	return err ? cli_fail("keys", &problem) : 0;
}
