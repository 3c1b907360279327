/* Rules that both formats share. */
#include "evidence/evidence_cast.h"

#include <assert.h>

#include "base/encode.h"
#include "crypto/sign.h"

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
evidence_check_report(struct cast *c, struct slice outcome, struct instant at)
{
	struct evidence_story *s = &c->j->ret->story;

	if (c->parts[PART_ANSWER] != NULL &&
	    (!slice_equal(outcome, s->outcome) || at.ms != s->answered.ms))
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
