#include "systems/jukinet/transfer.h"

#include "jukinet_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法24条の2")

struct transfer {
	struct slice id, from, to;
	struct date date;
	struct instant said;
	const json_t *people;
	const char *refusal;
};

static enum err
registry_of(struct turn *turn, struct slice organisation, struct system_id *ret)
{
	struct slice id =
	    arena_printf(turn->arena, "%.*s/registry", SLICE_ARG(organisation));

	if (system_id_parse(id, ret))
		return ERR_NOT_FOUND;

	return turn_has_peer(turn, ret);
}

/* What both messages have in common. */
static enum err
read_head(
    struct turn *turn, const struct message *message, struct transfer *ret)
{
	struct slice date;
	struct message_id id;
	enum err rc;

	ret->from = system_id_organisation(&message->from);
	ret->said = message->time;
	if ((rc = json_get_text(
		 message->body, "transfer", &ret->id, turn->problem)) ||
	    (rc = json_get_text(
		 message->body, "to", &ret->to, turn->problem)) ||
	    (rc = json_get_text(message->body, "date", &date, turn->problem)))
		return rc;
	if (message_id_parse(ret->id, &id) || date_parse(date, &ret->date))
		return problem_set(turn->problem, ERR_INPUT,
		    "a field of %.*s is malformed", SLICE_ARG(message->type));

	return OK;
}

/* A body like the message's, with one more field. */
static enum err
forward(struct turn *turn, const struct message *message,
    const struct system_id *to, struct slice from)
{
	json_t *body = json_copy((json_t *)(uintptr_t)message->body);

	json_put_text(body, "from_organisation", from);

	return turn_send(turn, to, message->type.data, body);
}

static enum err
refuse(
    struct turn *turn, const struct message *message, const struct transfer *t)
{
	json_t *body = json_object();

	json_put_text(body, "transfer", t->id);
	json_put_text(body, "reason", slice_of(t->refusal));

	return turn_send(turn, &message->from, "transfer.refused", body);
}

/* Who announced it before; ERR_NOT_FOUND if nobody did. */
static enum err
find_transfer(
    struct turn *turn, struct slice id, struct slice *from, struct slice *to)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_TRANSFER_FIND, &q);
	query_text(&q, "transfer", id);
	rc = query_step(&q);
	if (rc == OK) {
		*from = arena_copy(
		    turn->arena, column_text(&q, "from_municipality"));
		*to =
		    arena_copy(turn->arena, column_text(&q, "to_municipality"));
	}
	query_done(&q);

	return rc;
}

/* One who leaves must be the sender's resident, with the number given. */
static enum err
check_mover(struct turn *turn, struct transfer *t, const json_t *row,
    struct serial *ret)
{
	struct individual_number number, current;
	struct slice code_text, number_text;
	struct resident_code code;
	struct person p;
	enum err rc;

	if (json_get_text(row, "code", &code_text, turn->problem) ||
	    json_get_text(row, "number", &number_text, turn->problem) ||
	    resident_code_parse(code_text, &code) ||
	    individual_number_parse(number_text, &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "a person in transfer.notice lacks a code or number");
	rc = person_of_code(turn, &code, t->said, &p);
	if (rc == ERR_NOT_FOUND) {
		t->refusal = "somebody is not known to the network";
		return OK;
	}
	if (rc == OK)
		rc = person_number(turn, &p, &current);
	if (rc)
		return rc;
	if (!slice_equal(p.municipality, t->from))
		t->refusal = "somebody is registered elsewhere";
	else if (!individual_number_equal(&number, &current))
		t->refusal = "a number is not the person's current one";
	individual_number_wipe(&current);
	individual_number_wipe(&number);
	*ret = p.serial;

	return OK;
}

static enum err
store_transfer(struct turn *turn, const struct transfer *t)
{
	struct query q;

	store_query(turn->store, JUKINET_TRANSFER_ADD, &q);
	query_text(&q, "transfer", t->id);
	query_text(&q, "from_municipality", t->from);
	query_text(&q, "to_municipality", t->to);
	query_int(&q, "moved_on", date_to_int64(t->date));
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

static enum err
store_mover(struct turn *turn, const struct transfer *t, struct serial serial)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_TRANSFER_PERSON_ADD, &q);
	query_int(&q, "serial", serial.value);
	query_text(&q, "transfer", t->id);
	rc = query_run(&q);

	return rc == OK ? person_audit(turn, "transfer.notice", serial, BASIS)
			: rc;
}

static enum err
announce(struct turn *turn, struct transfer *t)
{
	size_t i, n = json_array_size(t->people);
	struct serial *movers = arena_array(turn->arena, n, sizeof(*movers));
	enum err rc = OK;

	for (i = 0; rc == OK && t->refusal == NULL && i < n; i++)
		rc = check_mover(
		    turn, t, json_array_get(t->people, i), &movers[i]);
	if (rc || t->refusal != NULL)
		return rc;
	rc = store_transfer(turn, t);
	for (i = 0; rc == OK && i < n; i++)
		rc = store_mover(turn, t, movers[i]);

	return rc == OK ? jukinet_count(turn, "moves", (int64_t)n) : rc;
}

enum err
transfer_notice(struct turn *turn, const struct message *message)
{
	struct transfer t = {0};
	struct slice from, to;
	struct system_id registry;
	enum err rc;

	rc = read_head(turn, message, &t);
	if (rc == OK)
		rc = json_get_array(
		    message->body, "people", &t.people, turn->problem);
	if (rc)
		return rc;
	if (json_array_size(t.people) > JUKINET_PEOPLE_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d people move together", JUKINET_PEOPLE_MAX);
	rc = find_transfer(turn, t.id, &from, &to);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a move of this id was announced before");
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (registry_of(turn, t.to, &registry))
		t.refusal = "the network knows no such municipality";
	else if ((rc = announce(turn, &t)))
		return rc == ERR_NOT_FOUND ? OK : rc;
	if (t.refusal != NULL) {
		rc = turn_audit(turn, "transfer.refuse", t.id, BASIS);
		return rc == OK ? refuse(turn, message, &t) : rc;
	}

	return forward(turn, message, &registry, t.from);
}

enum err
transfer_completed(struct turn *turn, const struct message *message)
{
	struct transfer t = {0};
	struct slice from, to;
	struct system_id registry;
	enum err rc;

	rc = read_head(turn, message, &t);
	if (rc)
		return rc;
	rc = find_transfer(turn, t.id, &from, &to);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK &&
		(!slice_equal(to, t.from) || !slice_equal(from, t.to))))
		return problem_set(turn->problem, ERR_DENIED,
		    "no such move to this municipality was announced");
	if (rc == OK)
		rc = registry_of(turn, from, &registry);
	if (rc == OK)
		rc = turn_audit(turn, "transfer.complete", t.id, BASIS);

	return rc == OK ? forward(turn, message, &registry, t.from) : rc;
}
