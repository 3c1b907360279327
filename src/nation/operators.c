#include "nation/operators_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "nation/issue.h"
#include "systems/network/network.h"

#define FILE_MAX (16u << 20)

/* --- The rules ------------------------------------------------------------ */

static bool
is_commission(const struct system_config *system, const char *organisation)
{
	const struct setting *s;

	for (s = system->settings; s->name != NULL; s++) {
		if (strcmp(s->name, "commission") == 0)
			return system->system == &network_system &&
			    strcmp(s->value, organisation) == 0;
	}

	return false;
}

uint64_t
operators_allowed(const struct system_config *system,
    const struct organisation_config *organisation)
{
	uint64_t duties = system->system->duties | DUTIES_COMMON;

	if (system->organisation == organisation)
		return duties & ~DUTIES_COMMISSION;

	return is_commission(system, organisation->id)
	    ? duties & DUTIES_COMMISSION
	    : 0;
}

/* Systems that together join a number with a code: nobody has duties at both. */
static const char *const pairs[][2] = {
    {"jukinet", "network"},
    {"addressee", "relay"},
};

/* The name of a system that may not be in one hand with the one of this name, and
 * is among `systems`; NULL if there is none. */
static const char *
find_partner(const char *name, const struct operator_order *order)
{
	const char *other, *has;
	size_t i, j;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (strcmp(name, pairs[i][0]) == 0)
			other = pairs[i][1];
		else if (strcmp(name, pairs[i][1]) == 0)
			other = pairs[i][0];
		else
			continue;
		for (j = 0; j < order->n_places; j++) {
			has = order->places[j].system->system->component.name;
			if (strcmp(has, other) == 0)
				return other;
		}
	}

	return NULL;
}

static enum err
check_pairs(const struct operator_order *order, struct problem *problem)
{
	const char *name, *other;
	size_t i;

	for (i = 0; i < order->n_places; i++) {
		name = order->places[i].system->system->component.name;
		other = find_partner(name, order);
		if (other != NULL)
			return problem_set(problem, ERR_DENIED,
			    "%s:%s would have duties at both %s and %s, which "
			    "together join a person's number and codes; name "
			    "another holder for one of them",
			    order->organisation->id, order->name, name, other);
	}

	return OK;
}

/* A name stands in the audit between other signs, and is a folder's. */
static enum err
check_name(const char *name, struct problem *problem)
{
	if (name[0] == '\0' || name[0] == '.' ||
	    strpbrk(name, "/:,\\\"") != NULL ||
	    !text_is_printable(slice_of(name)) ||
	    utf8_length(slice_of(name)) > OPERATOR_NAME_MAX)
		return problem_set(problem, ERR_INPUT,
		    "\"%.64s\" is not a holder's name; expected 1 to %d "
		    "characters without / : , \\ \" and not beginning with a "
		    "dot",
		    name, OPERATOR_NAME_MAX);

	return OK;
}

/* --- Folders -------------------------------------------------------------- */

void
operators_folder(struct buf *ret, const char *dir, struct slice organisation,
    struct slice name)
{
	buf_clear(ret);
	buf_printf(ret, "%s/operators/%.*s", dir, SLICE_ARG(organisation));
	if (!slice_equal_string(name, OPERATOR_NAME))
		buf_printf(ret, "/%.*s", SLICE_ARG(name));
}

/* folder_make(), unless it is there. */
static enum err
need_folder(const char *path, struct problem *problem)
{
	return access(path, F_OK) == 0 ? OK : folder_make(path, 0700, problem);
}

static enum err
make_folders(const char *dir, const struct operator_order *order,
    struct buf *ret, struct problem *problem)
{
	enum err rc;

	buf_clear(ret);
	buf_printf(ret, "%s/operators", dir);
	rc = need_folder(ret->data, problem);
	if (rc == OK) {
		operators_folder(ret, dir, slice_of(order->organisation->id),
		    SLICE(OPERATOR_NAME));
		rc = need_folder(ret->data, problem);
	}
	if (rc == OK) {
		operators_folder(ret, dir, slice_of(order->organisation->id),
		    slice_of(order->name));
		rc = need_folder(ret->data, problem);
	}

	return rc;
}

static enum err
put_file(const struct buf *folder, const char *name, struct slice content,
    unsigned int mode, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "%s/%s", folder->data, name);
	rc = file_replace(path.data, content, mode, problem);
	buf_done(&path);

	return rc;
}

/* --- The list ------------------------------------------------------------- */

/* A nation of before there were holders has neither the list nor their folder. */
static enum err
read_none(const char *dir, json_t **ret, struct problem *problem)
{
	struct buf folder;
	bool has_folder;

	buf_init(&folder);
	buf_printf(&folder, "%s/operators", dir);
	has_folder = access(folder.data, F_OK) == 0;
	buf_done(&folder);
	if (has_folder)
		return problem_set(problem, ERR_CORRUPT,
		    "%s/operators.json, the list of all holders, is gone: "
		    "bring it back from a copy; if there never was one, remove "
		    "%s/operators",
		    dir, dir);
	*ret = json_pack("{s:[]}", "operators");

	return OK;
}

enum err
operators_read(const char *dir, json_t **ret, struct problem *problem)
{
	struct buf path, text;
	enum err rc;

	buf_init(&path);
	buf_init(&text);
	buf_printf(&path, "%s/operators.json", dir);
	if (access(path.data, F_OK) != 0)
		rc = read_none(dir, ret, problem);
	else
		rc = file_read(path.data, FILE_MAX, &text, problem);
	if (rc == OK && text.len > 0)
		rc = json_read(buf_slice(&text), path.data, ret, problem);
	buf_done(&path);
	buf_done(&text);

	return rc;
}

enum err
operators_save(const char *dir, const json_t *document, struct problem *problem)
{
	struct buf path, text;
	enum err rc;

	buf_init(&path);
	buf_init(&text);
	buf_printf(&path, "%s/operators.json", dir);
	json_write(document, &text);
	rc = file_replace(path.data, buf_slice(&text), 0644, problem);
	buf_done(&path);
	buf_done(&text);

	return rc;
}

static void
put_instant(json_t *entry, const char *key, struct instant at)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(at, text);
	json_put_text(entry, key, slice_of(text));
}

json_t *
operators_entry(
    const json_t *document, struct slice organisation, struct slice name)
{
	struct slice of, called;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(document, "operators"), i, entry)
	{
		if (json_get_text(entry, "organisation", &of, NULL) == OK &&
		    json_get_text(entry, "name", &called, NULL) == OK &&
		    slice_equal(of, organisation) &&
		    slice_equal(called, name) &&
		    json_object_get(entry, "revoked") == NULL)
			return entry;
	}

	return NULL;
}

static json_t *
duties_of(const struct operator_order *order)
{
	json_t *all = json_object();
	struct buf names;
	size_t i;

	buf_init(&names);
	for (i = 0; i < order->n_places; i++) {
		buf_clear(&names);
		duties_write(order->places[i].duties, &names);
		json_put_text(
		    all, order->places[i].system->id.text, buf_slice(&names));
	}
	buf_done(&names);

	return all;
}

static void
add_entry(json_t *document, const struct operator_order *order,
    struct slice certificate)
{
	json_t *entry = json_object();

	json_put_text(entry, "organisation", slice_of(order->organisation->id));
	json_put_text(entry, "name", slice_of(order->name));
	put_instant(entry, "since", order->since);
	put_instant(entry, "until", order->until);
	json_put(entry, "duties", duties_of(order));
	json_put_text(entry, "certificate", certificate);
	json_array_append_new(json_object_get(document, "operators"), entry);
}

/* --- Making a holder ------------------------------------------------------ */

static enum err
make_keys(struct authority *ca, const struct operator_order *order,
    struct buf *ret_key, struct buf *ret_certificate)
{
	const char *const no_hosts[] = {NULL};
	struct certificate_request request = {
	    .organisation = slice_of(order->organisation->name),
	    .hosts = no_hosts,
	    .not_before = instant_plus(order->since, -CERTIFICATE_SLACK_MS),
	    .not_after = order->until};
	struct buf name, key;
	enum err rc;

	buf_init(&name);
	buf_init(&key);
	buf_printf(&name, "%s:%s", order->organisation->id, order->name);
	request.common_name = buf_slice(&name);
	rc = authority_issue(ca, &request, &key, ret_certificate);
	if (rc == OK)
		rc = private_key_pem(buf_slice(&key), ret_key);
	buf_done(&name);
	buf_done(&key);

	return rc;
}

enum err
operators_issue(struct authority *ca, const char *dir,
    const struct operator_order *order, json_t *document,
    struct problem *problem)
{
	struct buf folder, key, certificate;
	enum err rc;

	TRY(check_name(order->name, problem));
	TRY(check_pairs(order, problem));
	if (operators_entry(document, slice_of(order->organisation->id),
		slice_of(order->name)) != NULL)
		return problem_set(problem, ERR_CONFLICT,
		    "%s has a holder %s already; revoke that one first, or "
		    "give another name",
		    order->organisation->id, order->name);
	buf_init(&folder);
	buf_init(&key);
	buf_init(&certificate);
	rc = make_keys(ca, order, &key, &certificate);
	if (rc)
		rc = problem_set(problem, rc,
		    "the certificate of %s:%s cannot be made",
		    order->organisation->id, order->name);
	if (rc == OK)
		rc = make_folders(dir, order, &folder, problem);
	if (rc == OK)
		rc = put_file(
		    &folder, "key.pem", buf_slice(&key), 0600, problem);
	if (rc == OK)
		rc = put_file(&folder, "cert.pem", buf_slice(&certificate),
		    0644, problem);
	if (rc == OK)
		add_entry(document, order, buf_slice(&certificate));
	buf_done(&folder);
	buf_done(&key);
	buf_done(&certificate);

	return rc;
}

/* --- Founding ------------------------------------------------------------- */

static void
add_place(struct operator_order *order, const struct system_config *system)
{
	if (order->n_places == OPERATOR_PLACES_MAX)
		abort(); /* an organisation has fewer kinds of systems */
	order->places[order->n_places].system = system;
	order->places[order->n_places++].duties =
	    operators_allowed(system, order->organisation);
}

struct founding_order {
	struct authority *ca;
	const char *dir;
	const struct config *config;
	const char *first;  /* the name of the holder of most systems */
	const char *suffix; /* of the names of the others */
	json_t *document;
};

/* A system that may not be in one hand with those that the order has. */
static enum err
found_apart(const struct founding_order *f, const struct system_config *system,
    const struct operator_order *order, struct problem *problem)
{
	struct operator_order apart = {.organisation = order->organisation,
	    .since = order->since,
	    .until = order->until};
	struct buf name;
	enum err rc;

	buf_init(&name);
	buf_printf(&name, "%s-%s", system->system->component.name, f->suffix);
	apart.name = name.data;
	add_place(&apart, system);
	rc = operators_issue(f->ca, f->dir, &apart, f->document, problem);
	buf_done(&name);

	return rc;
}

static enum err
found_organisation(const struct founding_order *f,
    const struct organisation_config *o, struct instant now,
    struct problem *problem)
{
	struct operator_order order = {.organisation = o,
	    .name = f->first,
	    .since = now,
	    .until = instant_plus(now, CERTIFICATE_MS)};
	const struct system_config *s;
	size_t i;

	for (i = 0; i < f->config->n_systems; i++) {
		s = &f->config->systems[i];
		if (operators_allowed(s, o) == 0)
			continue;
		if (find_partner(s->system->component.name, &order) != NULL)
			TRY(found_apart(f, s, &order, problem));
		else
			add_place(&order, s);
	}

	return order.n_places == 0
	    ? OK
	    : operators_issue(f->ca, f->dir, &order, f->document, problem);
}

enum err
operators_found(struct authority *ca, const char *dir,
    const struct config *config, enum founding_holders holders,
    struct instant now, struct problem *problem)
{
	struct founding_order f = {.ca = ca,
	    .dir = dir,
	    .config = config,
	    .first = OPERATOR_NAME,
	    .suffix = OPERATOR_NAME,
	    .document = json_pack("{s:[]}", "operators")};
	size_t i;
	enum err rc = OK;

	for (i = 0; rc == OK && i < config->n_organisations; i++)
		rc = found_organisation(
		    &f, &config->organisations[i], now, problem);
	f.first = f.suffix = "second";
	for (i = 0; rc == OK && holders == FOUND_TWO_HOLDERS &&
	     i < config->n_organisations;
	     i++)
		rc = found_organisation(
		    &f, &config->organisations[i], now, problem);
	if (rc == OK)
		rc = operators_save(dir, f.document, problem);
	json_decref(f.document);

	return rc;
}

/* --- Reading -------------------------------------------------------------- */

static enum err
read_instant(const json_t *entry, const char *key, struct instant *ret,
    struct problem *problem)
{
	struct slice text = {0};

	TRY(json_get_text(entry, key, &text, problem));
	if (instant_parse(text, ret))
		return problem_set(problem, ERR_INPUT,
		    "%s: \"%.*s\" is not an instant such as "
		    "2026-11-21T00:00:00.000Z",
		    key, SLICE_ARG(text));

	return OK;
}

/* Whether the entry gives duties at a system of that name, anywhere. */
static bool
is_at(const json_t *duties, const char *name)
{
	const char *id, *slash;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)duties, id, value)
	{
		slash = strchr(id, '/');
		if (slash != NULL && strcmp(slash + 1, name) == 0)
			return true;
	}

	return false;
}

enum err
operators_read_entry(const json_t *entry, const json_t **ret_duties,
    struct holder *ret, struct problem *problem)
{
	struct slice certificate = {0};
	size_t i;

	TRY(json_get_text(entry, "organisation", &ret->organisation, problem));
	TRY(json_get_text(entry, "name", &ret->name, problem));
	TRY(json_get_text(entry, "certificate", &certificate, problem));
	TRY(json_get_object(entry, "duties", ret_duties, problem));
	TRY(read_instant(entry, "since", &ret->since, problem));
	TRY(read_instant(entry, "until", &ret->until, problem));
	if (json_object_get(entry, "revoked") != NULL)
		TRY(read_instant(entry, "revoked", &ret->revoked, problem));
	if (certificate_fingerprint(certificate, &ret->fingerprint))
		return problem_set(problem, ERR_INPUT,
		    "certificate: is not a certificate in PEM");
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (is_at(*ret_duties, pairs[i][0]) &&
		    is_at(*ret_duties, pairs[i][1]))
			return problem_set(problem, ERR_INPUT,
			    "duties: nobody may have any at both %s and %s",
			    pairs[i][0], pairs[i][1]);
	}

	return OK;
}

enum err
operators_at(const json_t *document, const struct system_id *system,
    struct holder **ret, size_t *ret_n, struct problem *problem)
{
	const json_t *list = json_object_get(document, "operators"), *duties;
	struct holder *all =
	    heap_array(json_array_size(list) + 1, sizeof(*all));
	struct slice names;
	size_t i, n = 0;
	enum err rc = OK;

	for (i = 0; rc == OK && i < json_array_size(list); i++) {
		rc = operators_read_entry(
		    json_array_get(list, i), &duties, &all[n], problem);
		if (rc)
			rc = problem_set(problem, rc,
			    "operators.json, holder %zu: %s", i + 1,
			    problem->text);
		else if (json_get_text(duties, system->text, &names, NULL) ==
		    OK)
			all[n++].duties = duties_read(names);
		else
			all[n] = (struct holder){0};
	}
	if (rc) {
		free(all);
		return rc;
	}
	*ret = all;
	*ret_n = n;

	return OK;
}

static bool
has_key(struct buf *folder)
{
	size_t len = folder->len;
	bool has;

	buf_add_string(folder, "/key.pem");
	has = access(folder->data, F_OK) == 0;
	folder->data[len] = '\0';
	folder->len = len;

	return has;
}

/* The first of them who has all the duties, and a key in the folder. */
static bool
find_with(const struct holder *all, size_t n, const char *dir, uint64_t duties,
    struct instant now, struct buf *ret)
{
	bool is_found = false;
	size_t i;

	for (i = 0; !is_found && i < n; i++) {
		operators_folder(ret, dir, all[i].organisation, all[i].name);
		is_found = (all[i].duties & duties) == duties &&
		    all[i].revoked.ms == 0 && now.ms < all[i].until.ms &&
		    has_key(ret);
	}

	return is_found;
}

enum err
operators_find(const json_t *document, const char *dir,
    const struct system_id *system, uint64_t duties, struct instant now,
    struct buf *ret, struct problem *problem)
{
	struct holder *all = NULL;
	bool is_found;
	size_t n = 0;

	TRY(operators_at(document, system, &all, &n, problem));
	is_found = find_with(all, n, dir, duties, now, ret) ||
	    find_with(all, n, dir, 0, now, ret);
	free(all);
	if (is_found)
		return OK;

	return problem_set(problem, ERR_NOT_FOUND,
	    "nobody has duties at %s now and a key in %s/operators; `bango "
	    "operator add %s %.*s` makes a holder, and `bango renew %s "
	    "--holders` renews those whose time ends",
	    system->text, dir, dir, SLICE_ARG(system_id_organisation(system)),
	    dir);
}
