/* bango keys: what a system's key store holds; a new epoch of a key. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypto/keymaking.h"
#include "crypto/rest.h"
#include "main/cli.h"
#include "main/commands.h"
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
	"signing key needs"),
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
	     "key is written into DIR/directory.json with its certificate; "
	     "systems that are up read it at once.",
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

/* The system's entry in the directory; NULL if it has none. */
static json_t *
find_entry(const json_t *document, const struct system_id *id)
{
	const char *name;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(document, "systems"), i, entry)
	{
		name = json_string_value(json_object_get(entry, "id"));
		if (name != NULL && strcmp(name, id->text) == 0)
			return entry;
	}

	return NULL;
}

/* A certificate for each signing key, also for those of a nation that was
 * founded before there were any. */
static enum err
attest(struct keys *k, json_t *entry)
{
	json_t *list = json_object_get(entry, "certificates");
	const struct system_config *system = NULL;
	struct authority *ca = NULL;
	struct config *config = NULL;
	enum err rc;

	if (list == NULL) {
		list = json_array();
		json_put(entry, "certificates", list);
	}
	rc = nation_config(k->dir, &config, k->problem);
	if (rc == OK)
		system = config_system(config, &k->id);
	if (rc == OK && system == NULL)
		rc = problem_set(k->problem, ERR_NOT_FOUND,
		    "%s is not in %s/nation.ini", k->id.text, k->dir);
	if (rc == OK)
		rc = nation_authority(k->dir, &k->authority, &ca, k->problem);
	if (rc == OK && nation_attest(ca, system, k->store, list))
		rc = problem_set(k->problem, ERR_CRYPTO,
		    "the certificate of the new key cannot be made");
	authority_free(ca);
	config_free(config);

	return rc;
}

/* The directory as it will be; nothing is written yet. */
static enum err
list_key(struct keys *k, json_t *jwk, struct buf *ret)
{
	json_t *document = NULL, *entry;
	enum err rc;

	rc = nation_directory(k->dir, &document, k->problem);
	entry = find_entry(document, &k->id);
	if (rc == OK && entry == NULL)
		rc = problem_set(k->problem, ERR_NOT_FOUND,
		    "%s is not in %s/directory.json", k->id.text, k->dir);
	if (rc == OK) {
		json_object_set(entry, "key", jwk);
		rc = attest(k, entry);
	}
	if (rc == OK)
		json_write(document, ret);
	json_decref(document);

	return rc;
}

/* A new key, in memory.  For one that signs, the directory that tells the
 * others of it; otherwise `ret_directory` stays empty. */
static enum err
make_key(struct keys *k, const char *purpose, struct buf *ret_directory)
{
	json_t *jwk = NULL;
	enum err rc = OK;

	if (strcmp(purpose, "sign") == 0) {
		rc = keymaking_sign(k->store, k->now, &jwk);
		if (rc == OK)
			rc = list_key(k, jwk, ret_directory);
	} else if (strcmp(purpose, "seal") == 0)
		rc = keymaking_seal(k->store, k->now);
	else
		keystore_add_symmetric(
		    k->store, purpose, &k->random, k->now, NULL);
	json_decref(jwk);

	return rc;
}

/* The others must know a new signing key before it signs anything. */
static enum err
publish(struct keys *k, const struct buf *directory)
{
	struct buf path;
	enum err rc;

	if (directory->len == 0)
		return OK;
	buf_init(&path);
	nation_path(&path, k->dir, "directory.json");
	rc = file_replace(path.data, buf_slice(directory), 0644, k->problem);
	buf_done(&path);

	return rc;
}

static enum err
rotate(struct keys *k, const char *purpose)
{
	const struct stored_key *old = keystore_current(k->store, purpose);
	struct buf directory;
	enum err rc;

	/* A relay of an earlier day has no key for values at rest yet. */
	if ((old == NULL && strcmp(purpose, REST_PURPOSE) != 0) ||
	    strcmp(purpose, "tls") == 0)
		return problem_set(k->problem, ERR_NOT_FOUND,
		    "%s has no key for %s that can be rotated here; `bango "
		    "keys` lists its keys",
		    k->id.text, purpose);
	buf_init(&directory);
	rc = make_key(k, purpose, &directory);
	if (rc == OK)
		rc = keystore_save(k->store, k->path.data,
		    buf_slice(&k->passphrase), &k->random, k->problem);
	if (rc == OK)
		rc = publish(k, &directory);
	buf_done(&directory);
	if (rc == OK && supervisor_pid(k->dir) > 0)
		kill(supervisor_pid(k->dir), SIGHUP);
	if (rc == OK)
		printf("epoch %u of %s; %s uses it from its next start\n",
		    keystore_current(k->store, purpose)->epoch, purpose,
		    k->id.text);

	return rc;
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
