/* bango passphrase: give key stores other passphrases. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/nation.h"

struct wishes {
	struct passphrase_place place;
	const char *chosen;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"WHOSE", CLI_MEMBER, .optional = true}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FILE_OPTION(wishes, chosen, "--new-passphrase-file", "FILE",
	"the file with a passphrase that a person chose, which stays where it "
	"is; a random one is made without it"),
    FILE_OPTION(wishes, place.file, "--passphrase-file", "FILE",
	"the file with the passphrase of today"),
    FOLDER_OPTION(wishes, place.folder, "--passphrase-dir", "FOLDER",
	"the folder with the passphrases, and for the new ones"),
    {0},
};

static int command_passphrase(int argc, char **argv);

const struct command passphrase_command = {
    .name = "passphrase",
    .summary = "give key stores other passphrases",
    .run = command_passphrase,
    .forms = forms,
    .options = options,
    .about =
	"Seal a key store of the nation in DIR under another passphrase. WHOSE "
	"is a system such as 131041/relay, or `ca` for the authority; without "
	"it, each key store gets a random passphrase of its own, and the one "
	"for all of a nation of an earlier day is removed.",
    .after = "Systems that are up go on with their keys; from their next start "
	     "they need the new passphrase.",
};

struct changing {
	const char *dir;
	const struct wishes *w;
	struct problem *problem;
};

/* `id` NULL: the authority's. */
static enum err
change(const struct changing *c, const struct system_id *id)
{
	TRY(passphrase_change(
	    c->dir, id, &c->w->place, c->w->chosen, c->problem));
	printf("%s has another passphrase\n",
	    id != NULL ? id->text : "the authority's key store");

	return OK;
}

/* The one for all opens nothing any more. */
static void
remove_shared(const char *dir)
{
	struct buf path;

	buf_init(&path);
	nation_path(&path, dir, "passphrase");
	file_remove(path.data);
	buf_done(&path);
}

static enum err
change_all(const struct changing *c, const struct config *config)
{
	size_t i;

	for (i = 0; i < config->n_systems; i++)
		TRY(change(c, &config->systems[i].id));
	TRY(change(c, NULL));
	remove_shared(c->dir);

	return OK;
}

static enum err
perform(const struct changing *c, const char *whose)
{
	const struct system_config *system = NULL;
	struct config *config = NULL;
	enum err rc;

	rc = nation_config(c->dir, &config, c->problem);
	if (rc == OK && whose == NULL)
		rc = change_all(c, config);
	else if (rc == OK && strcmp(whose, AUTHORITY_NAME) == 0)
		rc = change(c, NULL);
	else if (rc == OK) {
		rc = nation_find_system(
		    c->dir, config, whose, &system, c->problem);
		if (rc == OK)
			rc = change(c, &system->id);
	}
	config_free(config);

	return rc;
}

static int
command_passphrase(int argc, char **argv)
{
	struct problem problem = {0};
	struct wishes w = {0};
	struct changing c = {.w = &w, .problem = &problem};
	int rc;

	rc = cli_options(&passphrase_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (argv[2] == NULL && w.chosen != NULL)
		return cli_misuse("passphrase",
		    "--new-passphrase-file is for one key store; name it");
	c.dir = argv[1];
	if (perform(&c, argv[2]))
		return cli_fail("passphrase", &problem);

	return 0;
}
