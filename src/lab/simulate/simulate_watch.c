/* The messages between the simulated nation's systems, as a listener on every
 * wire hears them. */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "lab/simulate/simulate_internal.h"

#define RESIDENT_CODE_LEN 11
#define NUMBER_LEN 12
#define CODE_LEN 32

void
simulate_watch_init(struct driver *d)
{
	d->heard = json_object();
	d->acquisitions = json_object();
	d->receivers = json_object();
	d->permits = json_object();
	d->answers = json_object();
	d->answered = json_object();
	d->numbers = json_object();
	d->former = json_object();
	d->held = json_object();
	d->replaced = json_object();
	d->revocations = json_object();
	d->ends = json_object();
	d->stolen_numbers = json_array();
	d->stolen_codes = json_array();
	d->overheard = json_array();
	d->learnt = json_object();
	d->said = json_object();
	d->asked_about = json_object();
}

void
simulate_watch_done(struct driver *d)
{
	json_decref(d->heard);
	json_decref(d->acquisitions);
	json_decref(d->receivers);
	json_decref(d->permits);
	json_decref(d->answers);
	json_decref(d->answered);
	json_decref(d->numbers);
	json_decref(d->former);
	json_decref(d->held);
	json_decref(d->replaced);
	json_decref(d->revocations);
	json_decref(d->ends);
	json_decref(d->stolen_numbers);
	json_decref(d->stolen_codes);
	json_decref(d->overheard);
	json_decref(d->learnt);
	json_decref(d->said);
	json_decref(d->asked_about);
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool
is_token(size_t len)
{
	return len == RESIDENT_CODE_LEN || len == NUMBER_LEN || len == CODE_LEN;
}

static bool
is_word(char c)
{
	return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '_' || c == '-';
}

void
simulate_tokens(struct slice text, json_t *ret)
{
	size_t at = 0, end;
	bool hex;

	while (at < text.len) {
		hex = true;
		for (end = at; end < text.len && is_word(text.data[end]); end++)
			hex = hex && is_hex(text.data[end]);
		if (hex && is_token(end - at))
			json_object_setn_new(
			    ret, text.data + at, end - at, json_true());
		at = end == at ? at + 1 : end;
	}
}

static json_t *
member(json_t *object, const char *key)
{
	json_t *found = json_object_get(object, key);

	if (found == NULL) {
		found = json_object();
		json_put(object, key, found);
	}

	return found;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static const char *
text_at(const json_t *row, size_t index)
{
	const char *text = json_string_value(
	    json_is_array(row) ? json_array_get(row, index) : row);

	return text == NULL ? "" : text;
}

/* --- By type ------------------------------------------------------------- */

static void
hear_acquisition(struct driver *d, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, row)
	    json_object_set_new(d->acquisitions, text_at(row, 0), json_true());
}

/* Each resident of others has lost one of the two. */
static void
steal(struct driver *d, const char *code, const char *number)
{
	if (code[0] % 2 == 0)
		json_array_append_new(d->stolen_numbers, json_string(number));
	else
		json_array_append_new(d->stolen_codes, json_string(code));
}

/* Nobody is given a second number unless the first one leaked. */
static void
hear_number(struct driver *d, const char *code, const char *number)
{
	json_t *known = member(d->numbers, code);
	const json_t *changes = json_object_get(d->former, code);

	if (json_object_get(known, number) == NULL)
		steal(d, code, number);
	json_object_set_new(known, number, json_true());
	if (json_object_size(known) > 1 + json_object_size(changes))
		driver_found(d, "one-number",
		    "jukinet gave two numbers for one Resident Record Code");
}

static void
hear_numbers(struct driver *d, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, row)
	    hear_number(d, text_at(row, 0), text_at(row, 1));
}

static void
hear_renewal(struct driver *d, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, row)
	    json_object_set_new(d->replaced, text_at(row, 0), json_true());
}

static void
hear_change(struct driver *d, const json_t *body)
{
	const char *code = json_string_value(json_object_get(body, "code"));
	const char *request =
	    json_string_value(json_object_get(body, "request"));

	if (code != NULL && request != NULL)
		json_object_set_new(
		    member(d->former, code), request, json_true());
}

/* The network alone knows permit and question of an exchange. */
static void
hear_permit(struct driver *d, const json_t *body)
{
	struct digest digest = digest_of(slice_of(text_of(body, "question")));
	struct buf text;

	buf_init(&text);
	base64url_encode(digest_slice(&digest), &text);
	json_put_text(d->permits, text.data, slice_of(text_of(body, "permit")));
	buf_done(&text);
	driver_keep(body, "permit", d->permit, ID_TEXT);
}

/* The permit of the question that a relay speaks of; NULL if it speaks of
 * none. */
static const char *
permit_of(const struct driver *d, const json_t *body)
{
	return json_string_value(
	    json_object_get(d->permits, text_of(body, "question")));
}

static void
hear_answer(struct driver *d, const json_t *document)
{
	const char *permit = permit_of(d, json_object_get(document, "body"));
	const char *id = text_of(document, "id"), *first;
	struct instant at = {0};

	if (permit == NULL)
		return;
	first = json_string_value(json_object_get(d->answers, permit));
	if (first == NULL) {
		json_put_text(d->answers, permit, slice_of(id));
		(void)!instant_parse(slice_of(text_of(document, "time")), &at);
		json_put_int(d->answered, permit, at.ms);
	} else if (strcmp(first, id) != 0)
		driver_found(d, "permit-once",
		    "permit %.8s... was answered with two messages", permit);
}

static bool
is_contents(const char *outcome)
{
	return strcmp(outcome, "provided") == 0 ||
	    strcmp(outcome, "no-data") == 0;
}

/* A held permit is answered from the replica if an officer released it. */
static void
hear_release(struct driver *d, const json_t *body)
{
	const char *permit = permit_of(d, body);

	if (permit != NULL && is_contents(text_of(body, "outcome")) &&
	    json_object_get(d->held, permit) != NULL &&
	    json_object_get(d->tried, permit) == NULL)
		driver_found(d, "hold-kept",
		    "permit %.8s... was held, and answered before anybody "
		    "released it",
		    permit);
}

/* To the provider; the inquirer is told with the inquiry's id. */
static void
hear_revocation(struct driver *d, const json_t *body, const char *id)
{
	if (json_object_get(body, "permit") != NULL)
		json_put_text(
		    d->revocations, id, slice_of(text_of(body, "permit")));
}

/* An inquiry taken back, by the office or by the network, is not answered with
 * contents any more. */
static void
hear_end(struct driver *d, const json_t *body, const char *from)
{
	const char *outcome = text_of(body, "outcome"), *first;
	char key[100];

	if (strcmp(text_of(body, "reason"), "revoked") == 0)
		outcome = "revoked";
	snprintf(key, sizeof(key), "%s %s", from, text_of(body, "inquiry"));
	first = json_string_value(json_object_get(d->ends, key));
	if (first == NULL)
		json_put_text(d->ends, key, slice_of(outcome));
	else if ((strcmp(first, "cancelled") == 0 ||
		     strcmp(first, "revoked") == 0) &&
	    strcmp(first, outcome) != 0)
		driver_found(d, "taken-back",
		    "%s told its office that an inquiry is %s, and then %s",
		    from, first, outcome);
}

static void
hear_exchange(struct driver *d, const json_t *document,
    const struct system_id *from, struct slice type)
{
	const json_t *body = json_object_get(document, "body");
	const char *id = text_of(document, "id");

	if (slice_equal_string(type, "answer.sealed")) {
		hear_answer(d, document);
		hear_release(d, body);
	} else if (slice_equal_string(type, "permit.issued"))
		hear_permit(d, body);
	else if (slice_equal_string(type, "inquiry.held") &&
	    permit_of(d, body) != NULL)
		json_object_set_new(d->held, permit_of(d, body), json_true());
	else if (slice_equal_string(type, "permit.revoked"))
		hear_revocation(d, body, id);
	else if (slice_equal_string(type, "inquiry.answered") &&
	    strstr(from->text, "/relay") != NULL)
		hear_end(d, body, from->text);
}

static void
hear(struct driver *d, const json_t *document, const struct system_id *from)
{
	const json_t *body = json_object_get(document, "body");
	const char *type = json_string_value(json_object_get(document, "type"));
	const char *id = json_string_value(json_object_get(document, "id"));
	const char *to = json_string_value(json_object_get(document, "to"));
	struct slice t = slice_of(type);

	if (type == NULL || id == NULL || to == NULL)
		return;
	json_put_text(d->receivers, id, slice_of(to));
	if (slice_has_prefix(t, SLICE("acquisition.")) ||
	    slice_has_prefix(t, SLICE("enrolment.")))
		hear_acquisition(d, body);
	else if (slice_equal_string(t, "numbering.answer"))
		hear_numbers(d, body);
	else if (slice_equal_string(t, "number.change"))
		hear_change(d, body);
	else if (slice_equal_string(t, "code.renewed"))
		hear_renewal(d, body);
	else
		hear_exchange(d, document, from, t);
}

static void
hear_envelope(struct driver *d, struct slice envelope,
    const struct system_id *from, const struct system_id *to)
{
	struct problem problem = {0};
	json_t *document = NULL;

	if (json_read(envelope, "envelope", &document, &problem))
		return;
	simulate_tokens(envelope, member(d->heard, from->text));
	simulate_tokens(envelope, member(d->heard, to->text));
	if (simulate_is_enemy(d, slice_of(to->text)) &&
	    !simulate_is_enemy(d, slice_of(from->text)))
		simulate_overhear(d, slice_of(text_of(document, "type")),
		    json_object_get(document, "body"), envelope);
	hear(d, document, from);
	json_decref(document);
}

void
simulate_watch(void *state, const struct system_id *from,
    const struct system_id *to, struct slice batch)
{
	slice_cut(&batch, '\n'); /* the waybill */
	while (batch.data != NULL)
		hear_envelope(state, slice_cut(&batch, '\n'), from, to);
}
