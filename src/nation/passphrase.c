#include "nation/passphrase.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "nation/nation.h"

#define FILE_MAX 4096
#define RANDOM_BYTES 32

/* --- Names ---------------------------------------------------------------- */

/* The file NAME beside a key store. */
static void
beside(struct buf *ret, const char *dir, const struct system_id *id,
    const char *name)
{
	if (id != NULL) {
		nation_system_path(ret, dir, id, name);
		return;
	}
	buf_clear(ret);
	buf_printf(ret, "%s/ca/%s", dir, name);
}

static void
keys_path(struct buf *ret, const char *dir, const struct system_id *id)
{
	beside(ret, dir, id, id != NULL ? "keys" : "ca.keys");
}

/* The file of its own passphrase, in the folder or beside the key store. */
static void
own_path(struct buf *ret, const char *dir, const struct system_id *id,
    const char *folder)
{
	if (folder == NULL) {
		beside(ret, dir, id, "passphrase");
		return;
	}
	buf_clear(ret);
	buf_printf(ret, "%s/", folder);
	if (id != NULL)
		nation_add_file_name(ret, id);
	else
		buf_add_string(ret, AUTHORITY_NAME);
}

static const char *
folder_of(const struct passphrase_place *place)
{
	return place != NULL ? place->folder : NULL;
}

/* The file that has it now: where neither its own nor the one for all is, its
 * own is the one that is missing. */
static void
find(struct buf *ret, const char *dir, const struct system_id *id,
    const struct passphrase_place *place)
{
	struct buf shared;

	if (place != NULL && place->file != NULL) {
		buf_clear(ret);
		buf_add_string(ret, place->file);
		return;
	}
	own_path(ret, dir, id, folder_of(place));
	if (folder_of(place) != NULL || access(ret->data, F_OK) == 0)
		return;
	buf_init(&shared);
	nation_path(&shared, dir, "passphrase");
	if (access(shared.data, F_OK) == 0) {
		buf_clear(ret);
		buf_add(ret, buf_slice(&shared));
	}
	buf_done(&shared);
}

/* --- Reading -------------------------------------------------------------- */

/* Its line feed is no part of it. */
static enum err
read_passphrase(const char *path, struct buf *ret, struct problem *problem)
{
	buf_clear(ret);
	TRY(file_read(path, FILE_MAX, ret, problem));
	while (ret->len > 0 &&
	    (ret->data[ret->len - 1] == '\n' ||
		ret->data[ret->len - 1] == '\r'))
		ret->data[--ret->len] = '\0';

	return OK;
}

/* A change that was interrupted left the newer one beside the older. */
static bool
opens_with_newer(const char *keys, struct buf *path, struct buf *passphrase,
    struct keystore **ret)
{
	struct problem unread = {0};

	buf_add_string(path, ".new");

	return read_passphrase(path->data, passphrase, &unread) == OK &&
	    keystore_open(keys, buf_slice(passphrase), ret, &unread) == OK;
}

enum err
nation_keystore(const char *dir, const struct system_id *id,
    const struct passphrase_place *place, struct buf *ret_passphrase,
    struct keystore **ret, struct problem *problem)
{
	struct buf keys, path, passphrase;
	enum err rc;

	buf_init(&keys);
	buf_init(&path);
	buf_init(&passphrase);
	keys_path(&keys, dir, id);
	find(&path, dir, id, place);
	rc = read_passphrase(path.data, &passphrase, problem);
	if (rc == OK)
		rc = keystore_open(
		    keys.data, buf_slice(&passphrase), ret, problem);
	own_path(&path, dir, id, folder_of(place));
	if (rc == ERR_CRYPTO &&
	    opens_with_newer(keys.data, &path, &passphrase, ret))
		rc = OK;
	if (rc == OK && ret_passphrase != NULL)
		buf_add(ret_passphrase, buf_slice(&passphrase));
	buf_done(&keys);
	buf_done(&path);
	buf_done(&passphrase);

	return rc;
}

/* --- Making --------------------------------------------------------------- */

static void
make(struct buf *ret)
{
	struct random random = random_system();
	uint8_t bytes[RANDOM_BYTES];

	random_bytes(&random, bytes, sizeof(bytes));
	if (bug_is(BUG_PASSPHRASE_SHARED))
		memset(bytes, 0, sizeof(bytes));
	base64url_encode(slice_bytes(bytes, sizeof(bytes)), ret);
	secret_wipe(bytes, sizeof(bytes));
}

enum err
passphrase_make(const char *dir, const struct system_id *id, const char *folder,
    struct buf *ret, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	own_path(&path, dir, id, folder);
	make(ret);
	rc = file_replace(path.data, buf_slice(ret), 0600, problem);
	buf_done(&path);

	return rc;
}

/* --- Changing ------------------------------------------------------------- */

struct change {
	const char *dir;
	const struct system_id *id;
	const struct passphrase_place *place;
	struct keystore *keys;
	struct buf path; /* of its own passphrase */
	struct problem *problem;
};

static enum err
save(struct change *c, struct slice passphrase, enum keystore_cost cost)
{
	struct random random = random_system();
	struct buf path;
	enum err rc;

	buf_init(&path);
	keys_path(&path, c->dir, c->id);
	keystore_set_cost(c->keys, cost);
	rc = keystore_save(c->keys, path.data, passphrase, &random, c->problem);
	buf_done(&path);

	return rc;
}

static enum err
change_to_random(struct change *c)
{
	struct buf newer, passphrase;
	enum err rc;

	buf_init(&newer);
	buf_init(&passphrase);
	buf_printf(&newer, "%s.new", c->path.data);
	make(&passphrase);
	rc = file_replace(newer.data, buf_slice(&passphrase), 0600, c->problem);
	if (rc == OK)
		rc = save(c, buf_slice(&passphrase), KEYSTORE_FAST);
	if (rc == OK && rename(newer.data, c->path.data))
		rc = problem_set(c->problem, err_of_errno(errno),
		    "cannot move %s to %s: %s", newer.data, c->path.data,
		    strerror(errno));
	buf_done(&newer);
	buf_done(&passphrase);

	return rc;
}

static enum err
change_to_chosen(struct change *c, const char *chosen)
{
	struct problem same = {0};
	struct buf passphrase;
	size_t characters;
	enum err rc;

	buf_init(&passphrase);
	rc = read_passphrase(chosen, &passphrase, c->problem);
	characters = utf8_length(buf_slice(&passphrase));
	if (rc == OK && characters < PASSPHRASE_CHOSEN_MIN)
		rc = problem_set(c->problem, ERR_INPUT,
		    "the passphrase in %s has %zu characters, expected %d or "
		    "more: take several words that nobody would guess together",
		    chosen, characters, PASSPHRASE_CHOSEN_MIN);
	if (rc == OK)
		rc = save(c, buf_slice(&passphrase), KEYSTORE_STRONG);
	if (rc == OK && file_check_output(c->path.data, chosen, &same) == OK)
		file_remove(c->path.data);
	buf_done(&passphrase);

	return rc;
}

enum err
passphrase_change(const char *dir, const struct system_id *id,
    const struct passphrase_place *place, const char *chosen,
    struct problem *problem)
{
	struct change c = {
	    .dir = dir, .id = id, .place = place, .problem = problem};
	enum err rc;

	buf_init(&c.path);
	own_path(&c.path, dir, id, folder_of(place));
	rc = nation_keystore(dir, id, place, NULL, &c.keys, problem);
	if (rc == OK)
		rc = chosen != NULL ? change_to_chosen(&c, chosen)
				    : change_to_random(&c);
	keystore_free(c.keys);
	buf_done(&c.path);

	return rc;
}
