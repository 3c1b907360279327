#include "systems/network/acquisition.h"

#include <assert.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "network_statements.h"
#include "number/resident_code.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

#define BASIS SLICE("番号法21条の2")
#define ID_TRIES 8
#define FORMER_MAX 1000 /* codes that one person had before */

struct person {
	struct id_code id;
	struct record_code record_code;
};

/* --- Persons -------------------------------------------------------------- */

struct slice
record_code_slice(const struct record_code *code)
{
	return slice_bytes(code->bytes, sizeof(code->bytes));
}

struct slice
record_code_text(struct turn *turn, const struct record_code *code)
{
	struct buf text;
	struct slice copy;

	buf_init(&text);
	hex_encode(record_code_slice(code), &text);
	copy = arena_copy(turn->arena, buf_slice(&text));
	buf_done(&text);

	return copy;
}

static enum err
read_record_code(struct query *q, struct record_code *ret)
{
	struct slice bytes = column_blob(q, "record_code");

	if (bytes.len != sizeof(ret->bytes))
		return ERR_CORRUPT;
	memcpy(ret->bytes, bytes.data, sizeof(ret->bytes));

	return OK;
}

enum err
acquisition_record_code(
    struct turn *turn, struct id_code id, struct record_code *ret)
{
	struct query q;
	enum err rc;

	/* Ids are 63 bits; no code of ours holds another. */
	if (id.value > INT64_MAX)
		return ERR_NOT_FOUND;
	store_query(turn->store, NETWORK_PERSON_RECORD_CODE, &q);
	query_int(&q, "id", (int64_t)id.value);
	rc = query_step(&q);
	if (rc == OK)
		rc = read_record_code(&q, ret);
	query_done(&q);

	return rc;
}

enum err
acquisition_epoch(
    struct turn *turn, struct id_code id, uint32_t organisation, uint16_t *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_HOLDER_EPOCH, &q);
	query_int(&q, "id", (int64_t)id.value);
	query_int(&q, "organisation", organisation);
	rc = query_step(&q);
	if (rc == OK)
		*ret = (uint16_t)column_int(&q, "epoch");
	query_done(&q);

	return rc;
}

static enum err
find_by(struct turn *turn, int statement, const struct resident_code *code,
    struct person *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, statement, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	rc = query_step(&q);
	if (rc == OK) {
		ret->id.value = (uint64_t)column_int(&q, "id");
		rc = read_record_code(&q, &ret->record_code);
	}
	query_done(&q);

	return rc;
}

/* By the code of today, or one of before. */
static enum err
find(struct turn *turn, const struct resident_code *code, struct person *ret)
{
	enum err rc = find_by(turn, NETWORK_PERSON_BY_CODE, code, ret);

	if (rc == ERR_NOT_FOUND)
		rc = find_by(turn, NETWORK_PERSON_BY_FORMER_CODE, code, ret);

	return rc;
}

/* A random id until one is free: two in 2^63 are seldom the same. */
static enum err
add(struct turn *turn, const struct resident_code *code, struct person *ret)
{
	struct query q;
	enum err rc;
	int i;

	random_bytes(&turn->random, ret->record_code.bytes,
	    sizeof(ret->record_code.bytes));
	for (i = 0; i < ID_TRIES; i++) {
		ret->id.value = random_u64(&turn->random) >> 1;
		store_query(turn->store, NETWORK_PERSON_ADD, &q);
		query_int(&q, "id", (int64_t)ret->id.value);
		query_int(&q, "code", resident_code_to_int64(code));
		query_blob(
		    &q, "record_code", record_code_slice(&ret->record_code));
		rc = query_run(&q);
		if (rc)
			return rc;
		if (query_changes(&q) == 1)
			return OK;
	}

	return ERR_INTERNAL;
}

/* --- Codes ---------------------------------------------------------------- */

/* Enter the organisation as a holder; *ret_new is false if it was one. */
static enum err
hold(struct turn *turn, struct id_code id, struct code_owner owner,
    bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_HOLDER_ADD, &q);
	query_int(&q, "id", (int64_t)id.value);
	query_int(&q, "organisation", owner.organisation);
	query_int(&q, "epoch", owner.epoch);
	query_int(&q, "given", turn->now.ms);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

/*
 * The organisation's code as text, empty if it holds one already: then it is
 * not said again (令85 44条2項).
 */
static enum err
give(struct turn *turn, const struct resident_code *rc_code,
    const struct organisation *organisation, char ret[33])
{
	const struct network *network = network_of(turn);
	struct code_owner owner = {
	    organisation->number, linkage_epoch(network->linkage)};
	struct linkage_code code;
	struct person person;
	bool is_new;
	enum err rc;

	ret[0] = '\0';
	rc = find(turn, rc_code, &person);
	if (rc == ERR_NOT_FOUND)
		rc = add(turn, rc_code, &person);
	if (rc == OK)
		rc = hold(turn, person.id, owner, &is_new);
	if (rc == OK && is_new) {
		rc = linkage_make(network->linkage, person.id, owner, &code);
		if (rc == OK)
			linkage_code_format(&code, ret);
		linkage_code_wipe(&code);
	}
	if (rc == OK)
		rc = turn_audit(turn, is_new ? "code.give" : "code.held",
		    record_code_text(turn, &person.record_code), BASIS);
	secret_wipe(&person, sizeof(person));

	return rc;
}

/* --- Changed Resident Record Codes ----------------------------------------- */

static enum err
keep_former(struct turn *turn, const struct resident_code *code,
    const struct person *person)
{
	struct query q;

	store_query(turn->store, NETWORK_FORMER_CODE_ADD, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	query_int(&q, "id", (int64_t)person->id.value);
	query_int(&q, "until", turn->now.ms);

	return query_run(&q);
}

/* Today's code becomes a former one. */
static enum err
retire_code(struct turn *turn, const struct person *person)
{
	struct query q;

	store_query(turn->store, NETWORK_FORMER_CODE_RETIRE, &q);
	query_int(&q, "id", (int64_t)person->id.value);
	query_int(&q, "until", turn->now.ms);

	return query_run(&q);
}

static enum err
write_code(struct turn *turn, const struct resident_code *code,
    const struct person *person)
{
	struct query q;

	store_query(turn->store, NETWORK_PERSON_RECODE, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	query_int(&q, "id", (int64_t)person->id.value);

	return query_run(&q);
}

/* Who is known by the old code has another one now; who is not known is
 * entered, so that an acquisition that is under way with the old code makes
 * no second person. */
static enum err
take_new_code(struct turn *turn, const struct resident_code *old,
    const struct resident_code *new, struct person *ret)
{
	enum err rc = find(turn, old, ret);

	if (rc == ERR_NOT_FOUND) {
		rc = add(turn, new, ret);
		return rc == OK ? keep_former(turn, old, ret) : rc;
	}
	if (rc == OK)
		rc = retire_code(turn, ret);

	return rc == OK ? write_code(turn, new, ret) : rc;
}

/* The new code is known, so this news came late, or again. */
static enum err
take_old_code(struct turn *turn, const struct resident_code *old,
    const struct person *person, bool *ret_new)
{
	struct person other;
	enum err rc = find(turn, old, &other);

	*ret_new = rc == ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return keep_former(turn, old, person);
	if (rc == OK && other.id.value != person->id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the new code is another person's here");

	return rc;
}

/*
 * Two codes of one person, `new` the later one.  Jukinet says every code that
 * a person had before `new`: therefore a `new` that is not known here is
 * later than all that are, in whatever order its news comes.
 */
static enum err
recode(struct turn *turn, const struct resident_code *old,
    const struct resident_code *new)
{
	struct person person;
	bool is_new = true;
	enum err rc;

	rc = find(turn, new, &person);
	if (rc == OK)
		rc = take_old_code(turn, old, &person, &is_new);
	else if (rc == ERR_NOT_FOUND)
		rc = take_new_code(turn, old, new, &person);
	if (rc || !is_new)
		return rc;

	return turn_audit(turn, "code.relink",
	    record_code_text(turn, &person.record_code),
	    SLICE("住基法30条の9の2"));
}

/* --- The message ---------------------------------------------------------- */

/* Codes that the person had before: NULL for none. */
static enum err
recode_all(
    struct turn *turn, const json_t *former, const struct resident_code *today)
{
	struct resident_code old = {0};
	struct slice text;
	size_t i;
	enum err rc = OK;

	if (former != NULL &&
	    (!json_is_array(former) || json_array_size(former) > FORMER_MAX))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: expected at most %d former codes", FORMER_MAX);
	for (i = 0; rc == OK && i < json_array_size(former); i++) {
		if (json_at_text(former, i, &text) ||
		    resident_code_parse(text, &old))
			rc = problem_set(turn->problem, ERR_INPUT,
			    "items: a former Resident Record Code is "
			    "malformed");
		else
			rc = recode(turn, &old, today);
	}
	resident_code_wipe(&old);

	return rc;
}

static enum err
identify(struct turn *turn, const json_t *items, size_t index,
    const struct organisation *organisation, json_t *codes)
{
	const json_t *row = json_array_get(items, index);
	struct slice acquisition, text;
	struct resident_code code;
	struct message_id number;
	char formatted[33];
	json_t *pair;
	enum err rc;

	if (json_array_size(row) < 2 || json_array_size(row) > 3 ||
	    json_at_text(row, 0, &acquisition) ||
	    message_id_parse(acquisition, &number) ||
	    json_at_text(row, 1, &text) || resident_code_parse(text, &code))
		return problem_set(turn->problem, ERR_INPUT,
		    "items[%zu]: expected an acquisition number and a "
		    "Resident Record Code",
		    index);
	rc = recode_all(turn, json_array_get(row, 2), &code);
	if (rc == OK)
		rc = give(turn, &code, organisation, formatted);
	resident_code_wipe(&code);
	if (rc)
		return rc;
	pair = json_array();
	json_push_text(pair, acquisition);
	json_push_text(pair, slice_of(formatted));
	json_array_append_new(codes, pair);
	secret_wipe(formatted, sizeof(formatted));

	return OK;
}

/* Codes go to a relay or a portal of an organisation that we know. */
static enum err
read_receiver(struct turn *turn, const json_t *body, struct system_id *ret,
    const struct organisation **ret_organisation)
{
	struct slice text, name;

	if (json_get_text(body, "for", &text, turn->problem) ||
	    system_id_parse(text, ret))
		return problem_set(
		    turn->problem, ERR_INPUT, "field for: no system's id");
	name = slice_of(ret->text);
	*ret_organisation =
	    organisation_find(network_of(turn), slice_cut(&name, '/'));
	if (*ret_organisation == NULL || turn_has_peer(turn, ret) ||
	    (!slice_equal_string(name, "relay") &&
		!slice_equal_string(name, "portal")))
		return problem_set(turn->problem, ERR_DENIED,
		    "field for: not a relay or portal that the network "
		    "knows");

	return OK;
}

enum err
acquisition_identify(struct turn *turn, const struct message *message)
{
	const struct organisation *organisation = NULL;
	struct system_id receiver;
	const json_t *items;
	json_t *codes, *body;
	size_t i;
	enum err rc;

	rc = read_receiver(turn, message->body, &receiver, &organisation);
	if (rc == OK)
		rc = json_get_array(
		    message->body, "items", &items, turn->problem);
	if (rc)
		return rc;
	if (json_array_size(items) > NETWORK_ROWS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message", NETWORK_ROWS_MAX);
	assert(organisation != NULL);
	codes = json_array();
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = identify(turn, items, i, organisation, codes);
	if (rc || json_array_size(codes) == 0) {
		json_decref(codes);
		return rc;
	}
	body = json_object();
	json_put(body, "items", codes);

	return turn_send(turn, &receiver, "acquisition.code", body);
}

enum err
acquisition_recode(struct turn *turn, const struct message *message)
{
	struct resident_code old = {0}, new = {0};
	struct slice first, second;
	const json_t *items, *row;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > NETWORK_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message", NETWORK_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		row = json_array_get(items, i);
		if (json_array_size(row) != 2 || json_at_text(row, 0, &first) ||
		    json_at_text(row, 1, &second) ||
		    resident_code_parse(first, &old) ||
		    resident_code_parse(second, &new))
			rc = problem_set(turn->problem, ERR_INPUT,
			    "items[%zu]: expected two Resident Record Codes",
			    i);
		else
			rc = recode(turn, &old, &new);
	}
	resident_code_wipe(&old);
	resident_code_wipe(&new);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "code.changed", SLICE(""), SLICE("住基法30条の9の2"));
}
