#include "systems/jukinet/recoding.h"

#include "jukinet_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"
#include "systems/network/network.h"

#define BASIS SLICE("住民基本台帳法30条の4")

struct recoding {
	struct resident_code old_code, new_code;
	struct serial old_serial, new_serial;
	struct person person;
};

/* --- Judging -------------------------------------------------------------- */

/* The new code must be one that the sender may give (住基法30条の2). */
static enum err
find_codes(struct turn *turn, const struct message *message, struct recoding *r)
{
	struct designated d;
	enum err rc;

	rc = designation_of(turn, &r->old_code, &d);
	if (rc)
		return rc;
	r->old_serial = d.serial;
	rc = designation_of(turn, &r->new_code, &d);
	if (rc)
		return rc;
	r->new_serial = d.serial;
	if (d.serial.value == 0 ||
	    !slice_equal(
		d.municipality, system_id_organisation(&message->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "the new Resident Record Code was not designated to this "
		    "municipality");

	return OK;
}

/* *ret_done is true if the person has, or had, the new code already. */
static enum err
check_free(struct turn *turn, const struct recoding *r, bool *ret_done)
{
	struct serial owner;
	struct person other;
	enum err rc;

	*ret_done = false;
	rc = person_serial(turn, r->new_serial, &owner);
	if (rc)
		return rc;
	if (owner.value == r->new_serial.value) {
		rc = person_find(turn, owner, &other);
		if (rc)
			return rc == ERR_NOT_FOUND ? OK : rc;
	} else if (owner.value == r->person.serial.value) {
		*ret_done = true;
		return OK;
	}

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the new Resident Record Code is or was another person's");
}

/* Who has come to the sender may still be another's here: the news of the
 * arrival is under way. */
static enum err
check_right(
    struct turn *turn, const struct message *message, const struct recoding *r)
{
	bool is_early = turn->now.ms - message->time.ms < JUKINET_PATIENCE_MS;

	if (!slice_equal(
		r->person.municipality, system_id_organisation(&message->from)))
		return problem_set(turn->problem,
		    is_early ? ERR_BUSY : ERR_DENIED,
		    "this person is registered elsewhere");
	if (r->person.code.value != r->old_serial.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the person has had another Resident Record Code since");

	return OK;
}

/* --- Writing -------------------------------------------------------------- */

static enum err
write_code(struct turn *turn, const struct recoding *r)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_LATER_CODE_ADD, &q);
	query_int(&q, "serial", r->new_serial.value);
	query_int(&q, "person", r->person.serial.value);
	query_int(&q, "since", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	store_query(turn->store, JUKINET_PERSON_RECODE, &q);
	query_int(&q, "serial", r->person.serial.value);
	query_int(&q, "code_serial", r->new_serial.value);
	rc = query_run(&q);

	return rc == OK ? jukinet_count(turn, "recodings", 1) : rc;
}

/* Every code that the person had, each with today's: the news of an earlier
 * change may come later than this one (住基法30条の9の2). */
static enum err
tell_network(struct turn *turn, const struct recoding *r)
{
	json_t *codes = json_array(), *items = json_array(), *row, *body;
	struct system_id network;
	size_t i;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc == OK)
		rc = person_former_codes(
		    turn, r->person.serial, r->new_serial, codes);
	for (i = 0; i < json_array_size(codes); i++) {
		row = json_array();
		json_array_append(row, json_array_get(codes, i));
		json_push_text(row, resident_code_slice(&r->new_code));
		json_array_append_new(items, row);
	}
	json_decref(codes);
	if (rc) {
		json_decref(items);
		return rc;
	}
	body = json_object();
	json_put(body, "items", items);

	return turn_send(turn, &network, "code.changed", body);
}

/* --- The message ---------------------------------------------------------- */

static enum err
apply(struct turn *turn, const struct message *message, struct recoding *r)
{
	bool done = false;
	enum err rc;

	rc = find_codes(turn, message, r);
	if (rc == OK)
		rc = person_of_code(
		    turn, &r->old_code, message->time, &r->person);
	if (rc == OK)
		rc = check_free(turn, r, &done);
	if (rc == OK && !done)
		rc = check_right(turn, message, r);
	if (rc == OK && !done)
		rc = write_code(turn, r);
	if (rc == OK && !done)
		rc = tell_network(turn, r);

	return rc == OK
	    ? person_audit(turn, done ? "code.repeat" : "code.change",
		  r->person.serial, BASIS)
	    : rc;
}

enum err
recoding_take(struct turn *turn, const struct message *message)
{
	const json_t *items, *row;
	struct slice old_text, new_text;
	struct recoding r;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > JUKINET_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d rows are taken in one message",
		    JUKINET_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		row = json_array_get(items, i);
		r = (struct recoding){0};
		if (json_array_size(row) != 2 ||
		    json_at_text(row, 0, &old_text) ||
		    json_at_text(row, 1, &new_text) ||
		    resident_code_parse(old_text, &r.old_code) ||
		    resident_code_parse(new_text, &r.new_code))
			rc = problem_set(turn->problem, ERR_INPUT,
			    "items[%zu]: expected two Resident Record Codes",
			    i);
		else
			rc = apply(turn, message, &r);
		resident_code_wipe(&r.old_code);
		resident_code_wipe(&r.new_code);
	}

	return rc;
}
