#include "evidence/evidence.h"

#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/text.h"
#include "evidence/evidence_internal.h"
#include "wire/evidence_format.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

/* --- Findings ------------------------------------------------------------ */

/* Note the finding about `what`: `text`, or the problem if there is one. */
static void
find(struct judging *j, enum err rc, struct slice what, struct slice text)
{
	struct evidence_finding *f = &j->findings[j->ret->n_findings++];
	struct slice said = rc ? slice_of(j->problem.text) : text;

	/* The text goes to a terminal; parts of it come from the archive. */
	if (!text_is_printable(said))
		said = SLICE("a text that cannot be printed");
	f->holds = rc == OK;
	f->text = arena_printf(
	    j->arena, "%.*s: %.*s", SLICE_ARG(what), SLICE_ARG(said));
	j->has_failed = j->has_failed || rc != OK;
	problem_clear(&j->problem);
}

static struct slice
time_text(struct judging *j, struct instant t)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(t, text);

	return arena_copy(j->arena, slice_of(text));
}

/* --- Certificates -------------------------------------------------------- */

static enum err
open_key(struct judging *j, struct slice pem, struct slice anchor_pem,
    struct evidence_key *k)
{
	enum err rc;

	rc = certificate_open(j->arena, pem, anchor_pem, &k->attested);
	if (rc == ERR_INPUT)
		return evidence_wrong(
		    j, "the certificate or the anchor is not in PEM");
	if (rc)
		return evidence_wrong(j,
		    "the anchor did not issue the certificate for a signing "
		    "key");
	if (!slice_equal_string(k->attested.common_name, k->id.text))
		return evidence_wrong(
		    j, "the certificate names another system");
	if (verify_key_from_jwk(k->attested.jwk, &k->key))
		return evidence_wrong(
		    j, "the certificate's key is not a valid P-256 key");

	return OK;
}

static void
add_key(struct judging *j, const struct system_id *id, const json_t *text,
    struct slice anchor_pem)
{
	struct evidence_key *k = &j->keys[j->n_keys++];
	struct slice pem = slice_of(json_string_value(text)), found = {0};
	enum err rc;

	k->id = *id;
	rc = open_key(j, pem, anchor_pem, k);
	if (rc == OK)
		found = arena_printf(j->arena,
		    "%.*s, of the anchor, from %.*s to %.*s",
		    SLICE_ARG(k->attested.organisation),
		    SLICE_ARG(time_text(j, k->attested.not_before)),
		    SLICE_ARG(time_text(j, k->attested.not_after)));
	find(j, rc, arena_printf(j->arena, "certificate of %s", id->text),
	    found);
}

/* {system id: [PEM, ...]}; each is judged, whether it is needed or not. */
static enum err
add_keys(struct judging *j, const json_t *certificates, struct slice anchor_pem)
{
	const json_t *list, *pem;
	struct system_id id;
	const char *name;
	size_t i;

	if (json_object_size(certificates) > EVIDENCE_SYSTEMS_MAX)
		return evidence_wrong(j,
		    "more than %d systems have certificates",
		    EVIDENCE_SYSTEMS_MAX);
	/* jansson iterates over no const object; nothing is changed. */
	json_object_foreach((json_t *)certificates, name, list)
	{
		if (system_id_parse(slice_of(name), &id) ||
		    json_array_size(list) == 0)
			return evidence_wrong(j,
			    "field certificates: expected a list of "
			    "certificates for each system's id");
		json_array_foreach(list, i, pem)
		{
			if (j->n_keys == EVIDENCE_KEYS_MAX)
				return evidence_wrong(j,
				    "more than %d certificates",
				    EVIDENCE_KEYS_MAX);
			add_key(j, &id, pem, anchor_pem);
		}
	}

	return OK;
}

/* --- Messages ------------------------------------------------------------ */

/* The sender signed the list in which the envelope stands. */
static enum err
check_waybill(struct judging *j, struct exhibit *x, struct slice text,
    const struct digest *digest)
{
	const struct envelope *e = &x->envelope;
	const struct evidence_key *key = NULL;
	struct waybill waybill;
	struct jws jws;
	enum err rc;

	if (jws_parse(j->arena, text, WAYBILL_TYPE, &jws))
		return evidence_wrong(j,
		    "the message's waybill is not a JWS of type " WAYBILL_TYPE);
	rc = evidence_find_key(j, &e->from, &jws.key, &key);
	if (rc == OK)
		rc = waybill_open(
		    j->arena, &jws, key->key, &waybill, &j->problem);
	if (rc)
		return rc;
	if (!system_id_equal(&waybill.from, &e->from) ||
	    !system_id_equal(&waybill.to, &e->to) ||
	    !system_id_equal(&e->to, &j->holder))
		return evidence_wrong(
		    j, "envelope, waybill and holder do not belong together");
	if (!waybill_has(&waybill, digest))
		return evidence_wrong(
		    j, "the message's waybill does not list the envelope");

	return evidence_in_time(j, key, waybill.time);
}

static enum err
check_acceptance(struct judging *j, const struct envelope *e,
    const struct receipt *receipt, const struct digest *digest)
{
	const struct receipt_line *line;
	size_t i;

	for (i = 0; i < receipt->n_receipts; i++) {
		line = &receipt->receipts[i];
		if (!digest_equal(&line->digest, digest))
			continue;
		if (line->outcome != RECEIPT_ACCEPTED &&
		    line->outcome != RECEIPT_DUPLICATE)
			return evidence_wrong(j,
			    "%s did not accept the envelope: %s", e->to.text,
			    receipt_outcome_name(line->outcome));
		return OK;
	}

	return evidence_wrong(
	    j, "the message's receipt does not list the envelope");
}

/* The receiver signed that it has accepted the envelope. */
static enum err
check_receipt(struct judging *j, struct exhibit *x, struct slice text,
    const struct digest *digest)
{
	const struct envelope *e = &x->envelope;
	const struct evidence_key *key = NULL;
	struct receipt receipt;
	struct jws jws;
	enum err rc;

	if (jws_parse(j->arena, text, RECEIPT_TYPE, &jws))
		return evidence_wrong(j,
		    "the message's receipt is not a JWS of type " RECEIPT_TYPE);
	rc = evidence_find_key(j, &e->to, &jws.key, &key);
	if (rc == OK)
		rc = receipt_open(
		    j->arena, &jws, key->key, &receipt, &j->problem);
	if (rc)
		return rc;
	if (!system_id_equal(&receipt.by, &e->to) ||
	    !system_id_equal(&receipt.to, &e->from) ||
	    !system_id_equal(&e->from, &j->holder))
		return evidence_wrong(
		    j, "envelope, receipt and holder do not belong together");
	rc = check_acceptance(j, e, &receipt, digest);
	if (rc == OK)
		rc = evidence_in_time(j, key, receipt.time);
	x->accepted = receipt.time;

	return rc;
}

/* {"envelope", "waybill" or "receipt", "proof"}. */
static enum err
check_message(struct judging *j, const json_t *message, struct exhibit *x)
{
	const json_t *receipt = json_object_get(message, "receipt");
	const char *paper = receipt != NULL ? "receipt" : "waybill";
	struct slice envelope = {0}, signed_text = {0};
	struct digest digest;
	enum err rc;

	x->is_sent = receipt != NULL;
	x->proof = json_object_get(message, "proof");
	if (json_object_size(message) != 3 || x->proof == NULL)
		return evidence_wrong(j,
		    "expected the fields envelope, waybill or receipt, proof, "
		    "and no other");
	rc = json_get_text(message, "envelope", &envelope, &j->problem);
	/* The envelope's texts in the story outlive the document. */
	envelope = arena_copy(j->arena, envelope);
	if (rc == OK)
		rc = json_get_text(message, paper, &signed_text, &j->problem);
	if (rc == OK)
		rc = envelope_read(
		    j->arena, envelope, &x->envelope, &j->problem);
	if (rc)
		return rc;
	digest = digest_of(envelope);

	return x->is_sent ? check_receipt(j, x, signed_text, &digest)
			  : check_waybill(j, x, signed_text, &digest);
}

static struct slice
describe(struct judging *j, const struct exhibit *x)
{
	const struct envelope *e = &x->envelope;
	struct slice text = arena_printf(j->arena,
	    "%.*s of %.*s, from %s to %s", SLICE_ARG(e->type),
	    SLICE_ARG(time_text(j, e->time)), e->from.text, e->to.text);

	if (!x->is_sent)
		return arena_printf(
		    j->arena, "%.*s, signed by the sender", SLICE_ARG(text));

	return arena_printf(j->arena, "%.*s, accepted there %.*s",
	    SLICE_ARG(text), SLICE_ARG(time_text(j, x->accepted)));
}

static enum err
check_messages(struct judging *j, const json_t *messages)
{
	struct slice what, found;
	struct exhibit *x;
	enum err rc;
	size_t i;

	if (json_array_size(messages) == 0 ||
	    json_array_size(messages) > EVIDENCE_MESSAGES_MAX)
		return evidence_wrong(j,
		    "field messages: expected 1 to %d messages",
		    EVIDENCE_MESSAGES_MAX);
	for (i = 0; i < json_array_size(messages); i++) {
		x = &j->exhibits[j->n_exhibits++];
		what = arena_printf(j->arena, "message %zu", i + 1);
		found = (struct slice){0};
		rc = check_message(j, json_array_get(messages, i), x);
		find(j, rc, what, rc ? found : describe(j, x));
		if (rc)
			continue;
		rc = evidence_check_proof(j, x, &found);
		find(j, rc, what, found);
	}

	return OK;
}

/* --- All of it ----------------------------------------------------------- */

static enum err
read_format(struct judging *j)
{
	struct slice format = {0};
	enum err rc =
	    json_get_text(j->document, "format", &format, &j->problem);

	if (rc)
		return rc;
	j->format = slice_equal_string(format, EVIDENCE_FORMAT_1) ? 1
	    : slice_equal_string(format, EVIDENCE_FORMAT)         ? 2
								  : 0;
	if (j->format == 0)
		return evidence_wrong(
		    j, "field format: expected " EVIDENCE_FORMAT);
	if (json_object_size(j->document) != (j->format == 1 ? 5 : 6))
		return evidence_wrong(j,
		    "expected the fields format, holder, exchange, case, "
		    "messages, certificates (in format 1 no case), and no "
		    "other");
	if (j->format == 1)
		return OK;
	rc = json_get_text(j->document, "case", &j->of_case, &j->problem);
	j->of_case = arena_copy(j->arena, j->of_case);

	return rc;
}

static enum err
check_head(struct judging *j)
{
	uint8_t bytes[16];
	struct slice holder = {0};
	enum err rc = read_format(j);

	if (rc == OK)
		rc = json_get_text(j->document, "holder", &holder, &j->problem);
	if (rc == OK && system_id_parse(holder, &j->holder))
		rc = problem_set(&j->problem, ERR_INPUT,
		    "field holder: expected a system's id such as "
		    "131041/relay");
	if (rc == OK)
		rc = json_get_text(
		    j->document, "exchange", &j->exchange, &j->problem);
	if (rc == OK && hex_decode_exact(j->exchange, bytes, sizeof(bytes)))
		rc = evidence_wrong(
		    j, "field exchange: expected 32 hexadecimal digits");

	return rc;
}

static enum err
check_all(struct judging *j, struct slice anchor_pem)
{
	const json_t *certificates = NULL, *messages = NULL;
	enum err rc = check_head(j);

	if (rc == OK)
		rc = json_get_object(
		    j->document, "certificates", &certificates, &j->problem);
	if (rc == OK)
		rc = json_get_array(
		    j->document, "messages", &messages, &j->problem);
	if (rc == OK)
		rc = add_keys(j, certificates, anchor_pem);
	if (rc == OK)
		rc = check_messages(j, messages);

	return rc;
}

static void
release(struct judging *j)
{
	size_t i;

	for (i = 0; i < j->n_keys; i++) {
		verify_key_free(j->keys[i].key);
		json_decref(j->keys[i].attested.jwk);
	}
}

void
evidence_judge(struct arena *arena, struct slice archive,
    struct slice anchor_pem, struct evidence *ret)
{
	struct judging *j = arena_alloc(arena, sizeof(*j));
	json_t *document = NULL;
	enum err rc;

	*ret = (struct evidence){.findings = j->findings};
	j->arena = arena;
	j->ret = ret;
	rc = json_read(archive, "the archive", &document, &j->problem);
	j->document = document;
	if (rc == OK)
		rc = check_all(j, anchor_pem);
	if (rc)
		find(j, rc, SLICE("archive"), SLICE(""));
	/* The story of an archive that does not hold would mislead. */
	else if (!j->has_failed) {
		rc = evidence_check_story(j);
		find(j, rc, SLICE("story"),
		    SLICE(
			"all messages belong to one exchange, each in place"));
		ret->holds = rc == OK;
	}
	release(j);
	json_decref(document);
}
