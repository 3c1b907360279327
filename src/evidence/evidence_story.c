/* Whether the messages of an archive tell one story: what both formats share. */
#include "evidence/evidence_cast.h"

#include <assert.h>

#include "base/encode.h"
#include "crypto/sign.h"

/* --- Parts --------------------------------------------------------------- */

static const struct role *
find_role(const struct rules *rules, enum side side, const struct exhibit *x)
{
	const struct role *role = rules->roles, *end = role + rules->n_roles;

	for (; role < end; role++) {
		if (role->side == side && role->is_sent == x->is_sent &&
		    x->envelope.edition == role->type->edition &&
		    slice_equal_string(x->envelope.type, role->type->name))
			return role;
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
assign(struct cast *c, const struct rules *rules, struct exhibit *x)
{
	const struct role *role = find_role(rules, c->side, x);
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
assign_all(struct cast *c, const struct rules *rules)
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
		rc = assign(c, rules, &j->exhibits[i]);
	c->first =
	    c->parts[c->side == SIDE_INQUIRER ? PART_REQUEST : PART_ISSUED];
	if (rc == OK && c->first == NULL)
		rc = evidence_wrong(
		    j, "the archive has neither the request nor the permit");

	return rc;
}

/* --- The bodies ---------------------------------------------------------- */

const void *
evidence_body_of(
    const struct cast *c, enum part part, const struct message_type *type)
{
	const struct exhibit *x = c->parts[part];

	if (x == NULL)
		return NULL;
	assert(x->type == type);

	return x->body;
}

enum err
evidence_check_same(struct cast *c, const char *name, struct slice *ret)
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
		if (ret->len > 0 && text.len > 0 && !slice_equal(*ret, text))
			return evidence_wrong(
			    c->j, "the messages name more than one %s", name);
		if (text.len > 0)
			*ret = text;
	}

	return OK;
}

enum err
evidence_check_exchange(struct cast *c, struct slice exchange)
{
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

/* The answer is sealed for the key that the inquirer named, for no other. */
static enum err
check_seal(struct cast *c, struct slice sealed, struct slice jwk_text)
{
	struct verify_key *key = NULL;
	json_t *header = NULL, *jwk = NULL;
	struct slice kid = {0};
	struct key_id id = {0};
	enum err rc = OK;

	if (json_read(jwk_text, "the key", &jwk, NULL) == OK &&
	    verify_key_from_jwk(jwk, &key) == OK)
		id = verify_key_id(key);
	if (id.text[0] == '\0' || read_kid(sealed, &kid, &header) ||
	    !slice_equal_string(kid, id.text))
		rc = evidence_wrong(c->j,
		    "the answer is not sealed for the key of the request");
	verify_key_free(key);
	json_decref(header);
	json_decref(jwk);

	return rc;
}

/* --- Events -------------------------------------------------------------- */

enum err
evidence_check_answer(struct cast *c, const struct said *said, struct slice jwk)
{
	struct evidence_story *s = &c->j->ret->story;

	if (s->expires.ms == 0)
		return evidence_wrong(
		    c->j, "the inquiry was answered without a permit");
	s->answered = c->parts[PART_ANSWER]->envelope.time;
	s->outcome = said->outcome;
	if (slice_equal_string(s->outcome, "refused")) {
		s->reason = said->reason;
		s->refusal_article = said->article;
	}
	if (!slice_equal_string(s->outcome, "provided"))
		return OK;
	if (instant_is_before(s->expires, s->answered))
		return evidence_wrong(c->j,
		    "the answer was provided after the permit had expired");

	return check_seal(c, said->sealed, jwk);
}

enum err
evidence_check_report(struct cast *c)
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

enum err
evidence_tell_refusal(struct cast *c)
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
	const struct rules *rules =
	    j->format == 1 ? &evidence_rules_1 : &evidence_rules_2;
	struct cast c = {.j = j};
	enum err rc;

	rc = assign_all(&c, rules);
	if (rc == OK)
		rc = rules->check(&c);
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

/* --- Two archives ---------------------------------------------------------- */

const char *
evidence_differ(const struct evidence_story *a, const struct evidence_story *b)
{
	if (!a->has_question || !b->has_question)
		return "an archive of format 1 names no question";
	if (slice_equal(a->holder, b->holder))
		return "both archives are of one relay";
	if (!digest_equal(&a->question, &b->question))
		return "the archives are about different questions";
	if (!slice_equal(a->network.organisation, b->network.organisation))
		return "another network permitted it";
	if (a->answered.ms != 0 && b->answered.ms != 0 &&
	    !slice_equal(a->outcome, b->outcome))
		return "the outcomes differ";

	return NULL;
}
