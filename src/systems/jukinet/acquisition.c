#include "systems/jukinet/acquisition.h"

#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法21条の2、施行令27条")

/* The rows that go on, and those that go back. */
struct sorting {
	json_t *identified;
	json_t *refused;
};

static void
put(json_t *rows, struct slice acquisition, struct slice text)
{
	json_t *row = json_array();

	json_push_text(row, acquisition);
	json_push_text(row, text);
	json_array_append_new(rows, row);
}

static enum err
rows_of(struct turn *turn, const struct message *message, const json_t **ret,
    size_t *ret_n)
{
	enum err rc =
	    json_get_array(message->body, "items", ret, turn->problem);

	if (rc)
		return rc;
	*ret_n = json_array_size(*ret);
	if (*ret_n > JUKINET_ROWS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d rows are taken in one message",
		    JUKINET_ROWS_MAX);

	return OK;
}

/* Two texts, the first an acquisition number. */
static enum err
read_row(struct turn *turn, const json_t *row, struct slice *ret_acquisition,
    struct slice *ret_text)
{
	struct message_id id;

	if (json_at_text(row, 0, ret_acquisition) ||
	    message_id_parse(*ret_acquisition, &id) ||
	    json_at_text(row, 1, ret_text))
		return problem_set(turn->problem, ERR_INPUT,
		    "a row lacks its acquisition number");

	return OK;
}

/* Send what goes on to the network, and what does not back. */
static enum err
send_sorted(struct turn *turn, const struct message *message, struct sorting *s,
    struct slice for_system, const char *refusal_type)
{
	struct system_id network;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc == OK && json_array_size(s->identified) > 0) {
		body = json_object();
		json_put_text(body, "for", for_system);
		json_put(body, "items", json_incref(s->identified));
		rc = turn_send(turn, &network, "acquisition.identify", body);
	}
	if (rc == OK && json_array_size(s->refused) > 0) {
		body = json_object();
		json_put(body, "items", json_incref(s->refused));
		rc = turn_send(turn, &message->from, refusal_type, body);
	}

	return rc;
}

/* Whom the network shall know. */
struct identified {
	struct slice acquisition;
	struct serial person, code;
	struct resident_code today; /* the same code */
};

/*
 * [AN, RC], or [AN, RC, [RC ...]] with the codes that the person had before:
 * the network may know the person by one of those, and the news of the
 * change may be under way to it.
 */
static enum err
put_identified(
    struct turn *turn, struct sorting *s, const struct identified *who)
{
	json_t *row = json_array(), *former = json_array();
	enum err rc;

	json_push_text(row, who->acquisition);
	json_push_text(row, resident_code_slice(&who->today));
	json_array_append_new(s->identified, row);
	rc = person_former_codes(turn, who->person, who->code, former);
	if (rc == OK && json_array_size(former) > 0)
		json_array_append(row, former);
	json_decref(former);

	return rc;
}

/* --- By Individual Number ------------------------------------------------- */

struct asked {
	struct slice acquisition;
	struct individual_number number;
	bool is_number;
};

static enum err
sort_one(struct turn *turn, const struct asked *a,
    const struct number_owner *owner, struct sorting *s)
{
	struct identified who = {
	    a->acquisition, owner->serial, owner->code, {{0}}};
	enum err rc = OK;

	if (!a->is_number)
		put(s->refused, a->acquisition, SLICE("malformed"));
	else if (owner->serial.value == 0)
		put(s->refused, a->acquisition, SLICE("unknown-number"));
	else if (!owner->is_current)
		put(s->refused, a->acquisition, SLICE("former-number"));
	else {
		who.today = resident_code_from_body(owner->code_body);
		rc = put_identified(turn, s, &who);
		resident_code_wipe(&who.today);
	}
	if (rc)
		return rc;

	/* Also for nobody: to find that out, rows of persons were read. */
	return person_audit(turn, "acquisition.request", owner->serial, BASIS);
}

static enum err
sort_numbers(struct turn *turn, const json_t *rows, size_t n, struct sorting *s)
{
	struct asked *asked = arena_array(turn->arena, n, sizeof(*asked));
	struct individual_number *numbers =
	    arena_array(turn->arena, n, sizeof(*numbers));
	struct number_owner *owners =
	    arena_array(turn->arena, n, sizeof(*owners));
	struct number_owner nobody = {0};
	struct slice text;
	size_t i, kept = 0;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		rc = read_row(turn, json_array_get(rows, i),
		    &asked[i].acquisition, &text);
		asked[i].is_number = rc == OK &&
		    individual_number_parse(text, &asked[i].number) == OK;
		if (asked[i].is_number)
			numbers[kept++] = asked[i].number;
	}
	if (rc == OK && kept > 0)
		rc = numbers_find(turn, numbers, kept, owners);
	for (i = 0, kept = 0; rc == OK && i < n; i++)
		rc = sort_one(turn, &asked[i],
		    asked[i].is_number ? &owners[kept++] : &nobody, s);

	return rc;
}

enum err
acquisition_request(struct turn *turn, const struct message *message)
{
	struct slice organisation = system_id_organisation(&message->from);
	struct slice relay =
	    arena_printf(turn->arena, "%.*s/relay", SLICE_ARG(organisation));
	struct sorting s;
	const json_t *rows;
	size_t n;
	enum err rc;

	rc = rows_of(turn, message, &rows, &n);
	if (rc)
		return rc;
	s = (struct sorting){json_array(), json_array()};
	rc = sort_numbers(turn, rows, n, &s);
	if (rc == OK)
		rc = send_sorted(
		    turn, message, &s, relay, "acquisition.refused");
	json_decref(s.identified);
	json_decref(s.refused);

	return rc;
}

/* --- By Resident Record Code, for the portal ------------------------------ */

static enum err
sort_code(struct turn *turn, const struct message *message,
    struct slice acquisition, struct slice text, struct sorting *s)
{
	struct identified who = {.acquisition = acquisition};
	struct resident_code code;
	struct person p = {0};
	enum err rc;

	if (resident_code_parse(text, &code)) {
		put(s->refused, acquisition, SLICE("malformed"));
		return OK;
	}
	rc = person_of_code(turn, &code, message->time, &p);
	if (rc == ERR_NOT_FOUND) {
		put(s->refused, acquisition, SLICE("unknown-code"));
		rc = OK;
	} else if (rc)
		return rc;
	else if (!slice_equal(
		     p.municipality, system_id_organisation(&message->from)))
		put(s->refused, acquisition, SLICE("registered-elsewhere"));
	else if (p.state == PERSON_DEAD)
		put(s->refused, acquisition, SLICE("deceased"));
	else {
		who.person = p.serial;
		who.code = p.code;
		rc = designation_code(turn, p.code, &who.today);
		if (rc == OK)
			rc = put_identified(turn, s, &who);
		resident_code_wipe(&who.today);
	}

	return rc == OK
	    ? person_audit(turn, "enrolment.identify", p.serial, BASIS)
	    : rc;
}

enum err
acquisition_enrol(struct turn *turn, const struct message *message)
{
	struct slice for_system, acquisition, text, name;
	struct system_id portal;
	const json_t *rows;
	struct sorting s;
	size_t i, n;
	enum err rc;

	rc = json_get_text(message->body, "for", &for_system, turn->problem);
	if (rc == OK)
		rc = rows_of(turn, message, &rows, &n);
	if (rc)
		return rc;
	name = for_system;
	slice_cut(&name, '/');
	if (system_id_parse(for_system, &portal) ||
	    !slice_equal_string(name, "portal") || turn_has_peer(turn, &portal))
		return problem_set(turn->problem, ERR_INPUT,
		    "field for: no portal of the directory");
	s = (struct sorting){json_array(), json_array()};
	for (i = 0; rc == OK && i < n; i++) {
		rc = read_row(
		    turn, json_array_get(rows, i), &acquisition, &text);
		if (rc == OK)
			rc = sort_code(turn, message, acquisition, text, &s);
	}
	if (rc == OK)
		rc = send_sorted(
		    turn, message, &s, for_system, "enrolment.refused");
	json_decref(s.identified);
	json_decref(s.refused);

	return rc;
}
