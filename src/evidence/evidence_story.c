/* Whether the messages of an archive tell one story. */
#include <assert.h>

#include "base/encode.h"
#include "crypto/sign.h"
#include "evidence/evidence_internal.h"
#include "messages/inquiries.h"

/* --- Parts --------------------------------------------------------------- */

/* Each message has its part, and a part is played by one content at most. */
enum part {
	PART_REQUEST,
	PART_CANCEL,
	PART_PERMITTED,
	PART_REFUSED,
	PART_ISSUED,
	PART_REVOKED,
	PART_HELD,
	PART_ANSWER,
	PART_REPORT,
};
#define PARTS (PART_REPORT + 1)

enum side { SIDE_INQUIRER, SIDE_PROVIDER };
enum with { WITH_NETWORK, WITH_RELAY };

struct role {
	enum side side; /* the side whose relay shows it */
	const struct message_type *type;
	bool is_sent;
	enum with with;
	enum part part;
};

static const struct role roles[] = {
    {SIDE_INQUIRER, &message_relay_inquiry_request, true, WITH_NETWORK,
	PART_REQUEST},
    {SIDE_INQUIRER, &message_inquiry_cancel, true, WITH_NETWORK, PART_CANCEL},
    {SIDE_INQUIRER, &message_inquiry_permitted, false, WITH_NETWORK,
	PART_PERMITTED},
    {SIDE_INQUIRER, &message_inquiry_refused, false, WITH_NETWORK,
	PART_REFUSED},
    {SIDE_INQUIRER, &message_permit_revoked, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_INQUIRER, &message_relay_inquiry_held, false, WITH_RELAY, PART_HELD},
    {SIDE_INQUIRER, &message_answer_sealed, false, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_permit_issued, false, WITH_NETWORK, PART_ISSUED},
    {SIDE_PROVIDER, &message_permit_revoked, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_PROVIDER, &message_relay_inquiry_held, true, WITH_RELAY, PART_HELD},
    {SIDE_PROVIDER, &message_answer_sealed, true, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_provision_report, true, WITH_NETWORK, PART_REPORT},
};
#define ROLES (sizeof(roles) / sizeof(roles[0]))

struct cast {
	struct judging *j;
	enum side side;
	const struct exhibit *parts[PARTS];
	struct system_id network, other;
	const struct exhibit *first; /* the request, or the permit */
	struct instant expires;
};

static const struct role *
find_role(enum side side, const struct exhibit *x)
{
	size_t i;

	for (i = 0; i < ROLES; i++) {
		if (roles[i].side == side && roles[i].is_sent == x->is_sent &&
		    x->envelope.edition == roles[i].type->edition &&
		    slice_equal_string(x->envelope.type, roles[i].type->name))
			return &roles[i];
	}

	return NULL;
}

static const struct system_id *
other_end(const struct exhibit *x)
{
	return x->is_sent ? &x->envelope.to : &x->envelope.from;
}

static bool
is_system(const struct system_id *id, const char *name)
{
	return slice_equal_string(system_id_name(id), name);
}

/* All messages of a kind are with one and the same. */
static enum err
check_other_end(
    struct cast *c, const struct role *role, const struct exhibit *x)
{
	bool network = role->with == WITH_NETWORK;
	struct system_id *seen = network ? &c->network : &c->other;
	const struct system_id *id = other_end(x);

	if (!is_system(id, network ? "network" : "relay"))
		return evidence_wrong(c->j,
		    "the message's other end is %s; expected a %s", id->text,
		    network ? "network" : "relay");
	if (seen->text[0] == '\0')
		*seen = *id;
	if (!system_id_equal(seen, id))
		return evidence_wrong(c->j,
		    "the message's other end is %s; in other messages it is %s",
		    id->text, seen->text);

	return OK;
}

/* Read the body by the shape with which systems take it. */
static enum err
read_body(struct cast *c, const struct message_type *type, struct exhibit *x)
{
	struct judging *j = c->j;
	void *body = arena_alloc(j->arena, type->shape->size);

	x->type = type;
	x->body = body;

	return shape_read_kept(
	    type->shape, j->arena, x->envelope.body, body, &j->problem);
}

/* A message that was sent again is the same message; the first one counts. */
static enum err
check_again(struct cast *c, const struct role *role, const struct exhibit *x)
{
	const struct exhibit *first = c->parts[role->part];

	if (!slice_equal(first->envelope.body, x->envelope.body))
		return evidence_wrong(c->j,
		    "there are two messages %s of different content",
		    role->type->name);

	return check_other_end(c, role, x);
}

static enum err
assign(struct cast *c, struct exhibit *x)
{
	const struct role *role = find_role(c->side, x);
	enum err rc;

	if (role == NULL)
		return evidence_wrong(c->j,
		    "a message %.*s has no place in an exchange at this relay",
		    SLICE_ARG(x->envelope.type));
	if (c->parts[role->part] != NULL)
		return check_again(c, role, x);
	c->parts[role->part] = x;
	rc = read_body(c, role->type, x);

	return rc ? rc : check_other_end(c, role, x);
}

/* The holder is the provider if its messages begin with the permit. */
static enum err
assign_all(struct cast *c)
{
	struct judging *j = c->j;
	enum err rc = OK;
	size_t i;

	if (!is_system(&j->holder, "relay"))
		return evidence_wrong(
		    j, "the holder %s is not a relay", j->holder.text);
	c->side = SIDE_INQUIRER;
	for (i = 0; i < j->n_exhibits; i++) {
		if (slice_equal_string(
			j->exhibits[i].envelope.type, "permit.issued"))
			c->side = SIDE_PROVIDER;
	}
	for (i = 0; rc == OK && i < j->n_exhibits; i++)
		rc = assign(c, &j->exhibits[i]);
	c->first =
	    c->parts[c->side == SIDE_INQUIRER ? PART_REQUEST : PART_ISSUED];
	if (rc == OK && c->first == NULL)
		rc = evidence_wrong(
		    j, "the archive has neither the request nor the permit");

	return rc;
}

/* --- The bodies ---------------------------------------------------------- */

/* The body of a part as `const struct tag *`; NULL if the part is not
 * played. */
#define BODY_OF(c, part, tag) \
	((const struct tag *)body_of(c, part, &message_##tag))

static const void *
body_of(const struct cast *c, enum part part, const struct message_type *type)
{
	const struct exhibit *x = c->parts[part];

	if (x == NULL)
		return NULL;
	assert(x->type == type);

	return x->body;
}

/* Every message that has the field has the same value in it. */
static enum err
check_same(struct cast *c, const char *name, struct slice *ret)
{
	const struct field *field;
	const struct exhibit *x;
	struct slice text;
	size_t i;

	*ret = (struct slice){0};
	for (i = 0; i < PARTS; i++) {
		x = c->parts[i];
		if (x == NULL)
			continue;
		field = shape_field(x->type->shape, slice_of(name));
		if (field == NULL)
			continue;
		text = *(
		    const struct slice *)(const void *)((const char *)x->body +
		    field->offset);
		if (ret->len > 0 && !slice_equal(*ret, text))
			return evidence_wrong(
			    c->j, "the messages name more than one %s", name);
		*ret = text;
	}

	return OK;
}

static enum err
check_names(struct cast *c)
{
	struct evidence_story *s = &c->j->ret->story;
	struct slice exchange;
	enum err rc;

	rc = check_same(c, "inquiry", &s->inquiry);
	if (rc == OK)
		rc = check_same(c, "permit", &s->permit);
	if (rc)
		return rc;
	exchange = c->side == SIDE_INQUIRER ? s->inquiry : s->permit;
	if (!slice_equal(exchange, c->j->exchange))
		return evidence_wrong(c->j,
		    "the messages are not of the exchange that the archive "
		    "names");

	return OK;
}

/* --- The seal of the answer ----------------------------------------------- */

static enum err
read_kid(struct slice sealed, struct slice *ret, json_t **ret_header)
{
	struct slice rest = sealed, header = slice_cut(&rest, '.');
	struct buf plain;
	enum err rc;

	buf_init(&plain);
	rc = base64url_decode(header, &plain);
	if (rc == OK)
		rc = json_read(buf_slice(&plain), "header", ret_header, NULL);
	if (rc == OK)
		rc = json_get_text(*ret_header, "kid", ret, NULL);
	buf_done(&plain);

	return rc;
}

/* The answer is sealed for the key that the request named, for no other. */
static enum err
check_seal(struct cast *c)
{
	const struct answer_sealed *answer =
	    BODY_OF(c, PART_ANSWER, answer_sealed);
	struct slice jwk_text = c->side == SIDE_INQUIRER
	    ? BODY_OF(c, PART_REQUEST, relay_inquiry_request)->sealing_key
	    : BODY_OF(c, PART_ISSUED, permit_issued)->sealing_key;
	struct verify_key *key = NULL;
	json_t *header = NULL, *jwk = NULL;
	struct slice kid = {0};
	struct key_id id = {0};
	enum err rc = OK;

	if (json_read(jwk_text, "sealing_key", &jwk, NULL) == OK &&
	    verify_key_from_jwk(jwk, &key) == OK)
		id = verify_key_id(key);
	if (id.text[0] == '\0' || read_kid(answer->sealed, &kid, &header) ||
	    !slice_equal_string(kid, id.text))
		rc = evidence_wrong(c->j,
		    "the answer is not sealed for the key of the request");
	verify_key_free(key);
	json_decref(header);
	json_decref(jwk);

	return rc;
}

/* --- Events -------------------------------------------------------------- */

static enum err
check_answer(struct cast *c)
{
	struct evidence_story *s = &c->j->ret->story;
	const struct answer_sealed *answer =
	    BODY_OF(c, PART_ANSWER, answer_sealed);

	if (answer == NULL)
		return OK;
	if (s->expires.ms == 0)
		return evidence_wrong(
		    c->j, "the inquiry was answered without a permit");
	s->answered = c->parts[PART_ANSWER]->envelope.time;
	s->outcome = answer->outcome;
	if (slice_equal_string(s->outcome, "refused")) {
		s->reason = answer->reason;
		s->refusal_article = answer->article;
	}
	if (!slice_equal_string(s->outcome, "provided"))
		return OK;
	if (instant_is_before(s->expires, s->answered))
		return evidence_wrong(c->j,
		    "the answer was provided after the permit had expired");

	return check_seal(c);
}

/* The provider told both the same in one turn. */
static enum err
check_report(struct cast *c)
{
	const struct provision_report *report =
	    BODY_OF(c, PART_REPORT, provision_report);
	struct evidence_story *s = &c->j->ret->story;

	if (report != NULL && c->parts[PART_ANSWER] != NULL &&
	    (!slice_equal(report->outcome, s->outcome) ||
		report->at.ms != s->answered.ms))
		return evidence_wrong(
		    c->j, "the report differs from the answer");

	return OK;
}

static enum err
tell_refusal(struct cast *c)
{
	const struct inquiry_refused *refused =
	    BODY_OF(c, PART_REFUSED, inquiry_refused);
	struct evidence_story *s = &c->j->ret->story;

	if (refused == NULL)
		return OK;
	if (c->parts[PART_PERMITTED] != NULL)
		return evidence_wrong(
		    c->j, "the inquiry was both permitted and refused");
	s->refused = c->parts[PART_REFUSED]->envelope.time;
	s->reason = refused->reason;
	s->refusal_article = refused->article;

	return OK;
}

static enum err
check_inquirer(struct cast *c)
{
	const struct relay_inquiry_request *request =
	    BODY_OF(c, PART_REQUEST, relay_inquiry_request);
	const struct inquiry_permitted *permitted =
	    BODY_OF(c, PART_PERMITTED, inquiry_permitted);
	struct evidence_story *s = &c->j->ret->story;
	enum err rc;

	s->inquirer.organisation = system_id_organisation(&c->j->holder);
	s->requested = c->first->envelope.time;
	s->provider.organisation = request->provider;
	s->affair = request->affair;
	s->item = request->item;
	s->unit = request->unit;
	rc = tell_refusal(c);
	if (permitted != NULL) {
		s->permitted = c->parts[PART_PERMITTED]->envelope.time;
		s->expires = permitted->expires;
		s->article = permitted->article;
	}
	if (rc == OK && c->other.text[0] != '\0' &&
	    !slice_equal(
		system_id_organisation(&c->other), s->provider.organisation))
		rc = evidence_wrong(
		    c->j, "%s answered without an inquiry", c->other.text);
	if (rc)
		return rc;
	s->accepted_by = slice_of(c->network.text);
	s->accepted = c->first->accepted;
	if (c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->j->holder.text);
		s->accepted = c->parts[PART_ANSWER]->entry.at;
	}

	return check_answer(c);
}

static enum err
check_provider(struct cast *c)
{
	const struct permit_issued *issued =
	    BODY_OF(c, PART_ISSUED, permit_issued);
	struct evidence_story *s = &c->j->ret->story;
	enum err rc = OK;

	s->provider.organisation = system_id_organisation(&c->j->holder);
	s->permitted = c->first->envelope.time;
	s->inquirer.organisation = issued->inquirer;
	s->affair = issued->affair;
	s->item = issued->item;
	s->unit = issued->unit;
	s->article = issued->article;
	s->requested = issued->requested;
	s->expires = issued->expires;
	if (!slice_equal(
		system_id_organisation(&issued->answer_to), issued->inquirer) ||
	    (c->other.text[0] != '\0' &&
		!system_id_equal(&c->other, &issued->answer_to)))
		rc = evidence_wrong(
		    c->j, "the answer did not go to the relay that asked");
	if (rc == OK && c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->other.text);
		s->accepted = c->parts[PART_ANSWER]->accepted;
	}
	if (rc == OK)
		rc = check_answer(c);

	return rc ? rc : check_report(c);
}

/* --- All of it ----------------------------------------------------------- */

/* The name in the certificate of its relay, or of the network. */
static void
name_party(struct judging *j, struct evidence_party *party)
{
	size_t i;

	party->organisation = arena_copy(j->arena, party->organisation);
	for (i = 0; i < j->n_keys; i++) {
		if (slice_equal(system_id_organisation(&j->keys[i].id),
			party->organisation))
			party->name = j->keys[i].attested.organisation;
	}
}

enum err
evidence_check_story(struct judging *j)
{
	struct evidence_story *s = &j->ret->story;
	struct cast c = {.j = j};
	enum err rc;

	rc = assign_all(&c);
	if (rc == OK)
		rc = check_names(&c);
	if (rc == OK)
		rc = c.side == SIDE_INQUIRER ? check_inquirer(&c)
					     : check_provider(&c);
	if (rc) {
		*s = (struct evidence_story){0};
		return rc;
	}
	s->network.organisation = system_id_organisation(&c.network);
	name_party(j, &s->inquirer);
	name_party(j, &s->provider);
	name_party(j, &s->network);
	s->holder = arena_copy(j->arena, slice_of(j->holder.text));
	s->accepted_by = arena_copy(j->arena, s->accepted_by);

	return OK;
}
