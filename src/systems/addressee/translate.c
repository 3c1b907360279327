#include "systems/addressee/translate.h"

#include "law/refusal.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"

/* --- Replicas (副本) ------------------------------------------------------ */

static void
push_row(json_t *to, struct slice first, json_t *second)
{
	json_t *row = json_array();

	json_push_text(row, first);
	json_array_append_new(row, second);
	json_array_append_new(to, row);
}

/* One row [BN, contents] goes into `known` or into `unknown`. */
static enum err
translate_row(struct turn *turn, struct slice system, const json_t *row,
    json_t *known, json_t *unknown)
{
	json_t *contents = json_array_get(row, 1);
	char text[INTERNAL_NUMBER_DIGITS + 1];
	struct internal_number internal;
	struct slice business_number;
	enum err rc;

	if (json_at_text(row, 0, &business_number) ||
	    business_number.len > ADDRESSEE_BUSINESS_NUMBER_MAX ||
	    !json_is_object(contents))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: a business number and an object are needed");
	rc =
	    person_of_business_number(turn, system, business_number, &internal);
	if (rc == ERR_NOT_FOUND) {
		push_row(
		    unknown, business_number, json_string("unknown-person"));
		return OK;
	}
	if (rc)
		return rc;
	internal_number_format(internal, text);
	push_row(known, slice_of(text), json_incref(contents));

	return turn_audit(turn, "replica.translate", slice_of(text), SLICE(""));
}

/* A message of the same head as `like`, with other items. */
static enum err
send_like(struct turn *turn, const json_t *like, const struct system_id *to,
    const char *type, json_t *items)
{
	static const char *const head[] = {
	    "item", "version", "at", "change", "officer"};
	json_t *body, *value;
	size_t i;

	if (json_array_size(items) == 0)
		return OK;
	body = json_object();
	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
		value = json_object_get(like, head[i]);
		if (value != NULL)
			json_put(body, head[i], json_incref(value));
	}
	json_put(body, "items", json_incref(items));

	return turn_send(turn, to, type, body);
}

enum err
translate_replicas(struct turn *turn, const struct message *message)
{
	struct system_id relay = turn_sibling(turn, "relay");
	struct slice system = person_sender(&message->from);
	json_t *known = json_array(), *unknown = json_array();
	const json_t *items;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > ADDRESSEE_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message",
		    ADDRESSEE_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = translate_row(
		    turn, system, json_array_get(items, i), known, unknown);
	if (rc == OK && json_array_size(unknown) > 0)
		rc = turn_audit(turn, "replica.unknown", SLICE(""), SLICE(""));
	if (rc == OK)
		rc = send_like(
		    turn, message->body, &relay, "replica.put", known);
	if (rc == OK)
		rc = send_like(turn, message->body, &message->from,
		    "replica.refused", unknown);
	json_decref(known);
	json_decref(unknown);

	return rc;
}

/* --- Inquiries (情報照会) ------------------------------------------------- */

static enum err
refuse(struct turn *turn, const struct message *message, struct slice inquiry,
    enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);
	json_t *body = json_object();
	enum err rc;

	json_put_text(body, "inquiry", inquiry);
	json_put_text(body, "outcome", SLICE(OUTCOME_REFUSED));
	json_put_text(body, "reason", slice_of(info->reason));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));
	rc = turn_send(turn, &message->from, "inquiry.answered", body);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "inquiry.refuse", SLICE(""), slice_of(info->reason));
}

/* The same question, about an internal number. */
static enum err
send_on(struct turn *turn, const char *type, const json_t *like,
    struct internal_number internal)
{
	struct system_id relay = turn_sibling(turn, "relay");
	char text[INTERNAL_NUMBER_DIGITS + 1];
	json_t *body = json_copy((json_t *)like);

	internal_number_format(internal, text);
	json_object_del(body, "business_number");
	json_put_text(body, "internal_number", slice_of(text));

	return turn_send(turn, &relay, type, body);
}

static enum err
ask(struct turn *turn, const struct message *message, struct slice inquiry,
    struct internal_number internal, struct slice affair)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	bool confirmed = false, dead = false;
	enum err rc;

	rc = json_get_bool(
	    message->body, "deceased_confirmed", &confirmed, turn->problem);
	if (rc == OK)
		rc = person_is_deceased(turn, internal, &dead);
	if (rc)
		return rc;
	if (dead && !confirmed)
		return refuse(turn, message, inquiry, REFUSED_DECEASED);
	internal_number_format(internal, subject);
	rc = send_on(turn, "inquiry.request", message->body, internal);
	if (rc == OK)
		rc = turn_audit(
		    turn, "inquiry.translate", slice_of(subject), affair);

	return rc;
}

/* A question about somebody whom the office knows by a business number; `key`
 * names it.  ERR_NOT_FOUND, with the texts read, if we know nobody of it. */
static enum err
read_question(struct turn *turn, const struct message *message, const char *key,
    struct slice *ret_id, struct slice *ret_affair,
    struct internal_number *ret_internal)
{
	struct problem *problem = turn->problem;
	struct slice business_number;
	enum err rc;

	rc = json_get_text(message->body, key, ret_id, problem);
	if (rc == OK)
		rc = json_get_text(message->body, "business_number",
		    &business_number, problem);
	if (rc == OK)
		rc =
		    json_get_text(message->body, "affair", ret_affair, problem);
	if (rc)
		return rc;

	return person_of_business_number(
	    turn, person_sender(&message->from), business_number, ret_internal);
}

enum err
translate_inquiry(struct turn *turn, const struct message *message)
{
	struct slice inquiry, affair;
	struct internal_number internal;
	enum err rc;

	rc = read_question(
	    turn, message, "inquiry", &inquiry, &affair, &internal);
	if (rc == ERR_NOT_FOUND)
		return refuse(turn, message, inquiry, REFUSED_UNKNOWN_PERSON);
	if (rc)
		return rc;

	return ask(turn, message, inquiry, internal, affair);
}

/* --- Taking back ---------------------------------------------------------- */

enum err
translate_cancel(struct turn *turn, const struct message *message)
{
	struct system_id relay = turn_sibling(turn, "relay");
	struct slice inquiry;
	enum err rc;

	rc = json_get_text(message->body, "inquiry", &inquiry, turn->problem);
	if (rc)
		return rc;

	return turn_send(
	    turn, &relay, "inquiry.cancel", json_copy((json_t *)message->body));
}

/* --- Searches ------------------------------------------------------------- */

static enum err
send_nothing_found(struct turn *turn, const struct message *message,
    struct slice search, enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);
	json_t *body = json_object();

	json_put_text(body, "search", search);
	json_put(body, "organisations", json_array());
	json_put_text(body, "reason", slice_of(info->reason));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));

	return turn_send(turn, &message->from, "provider.found", body);
}

enum err
translate_search(struct turn *turn, const struct message *message)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1] = "";
	struct slice search, affair;
	struct internal_number internal;
	enum err rc;

	rc =
	    read_question(turn, message, "search", &search, &affair, &internal);
	if (rc == OK)
		rc = send_on(turn, "provider.search", message->body, internal);
	if (rc == OK)
		internal_number_format(internal, subject);
	else if (rc == ERR_NOT_FOUND)
		rc = send_nothing_found(
		    turn, message, search, REFUSED_UNKNOWN_PERSON);
	if (rc)
		return rc;

	return turn_audit(turn, "provider.search", slice_of(subject), affair);
}

/* --- Marks ------------------------------------------------------------------ */

static enum err
refuse_mark(struct turn *turn, const struct message *message, struct slice mark)
{
	json_t *body = json_object();
	enum err rc;

	json_put_text(body, "mark", mark);
	json_put_text(body, "reason", SLICE("unknown-person"));
	rc = turn_send(turn, &message->from, "mark.refused", body);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "mark.refuse", SLICE(""), SLICE("番号法23条2項"));
}

enum err
translate_mark(struct turn *turn, const struct message *message)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct slice mark, business_number;
	struct internal_number internal;
	struct problem *problem = turn->problem;
	enum err rc;

	rc = json_get_text(message->body, "mark", &mark, problem);
	if (rc == OK)
		rc = json_get_text(message->body, "business_number",
		    &business_number, problem);
	if (rc)
		return rc;
	rc = person_of_business_number(
	    turn, person_sender(&message->from), business_number, &internal);
	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < ADDRESSEE_OVERTAKE_MS)
		return problem_set(problem, ERR_BUSY,
		    "nobody of this business number has arrived here yet");
	if (rc == ERR_NOT_FOUND)
		return refuse_mark(turn, message, mark);
	if (rc == OK)
		rc = send_on(turn, "mark.put", message->body, internal);
	if (rc)
		return rc;
	internal_number_format(internal, subject);

	return turn_audit(
	    turn, "mark.translate", slice_of(subject), SLICE("番号法23条2項"));
}
