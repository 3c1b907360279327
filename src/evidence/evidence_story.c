/* Whether the messages of an archive tell one story. */
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
