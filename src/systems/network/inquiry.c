#include "systems/network/inquiry.h"

#include "base/bug.h"
#include "crypto/jose.h"
#include "law/catalogue.h"
#include "law/refusal.h"
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"
#include "systems/network/record.h"

/* The message, taken apart; borrowed. */
struct request {
	struct slice inquiry, affair, item, provider, unit;
	struct slice version; /* of the item; empty: the newest */
	struct linkage_code code;
	const json_t *sealing_key;
	bool undisclosed; /* 番号法23条2項1号 */
};

/* What the checks found. */
struct verdict {
	enum refusal refusal;
	struct slice article;
	struct slice text;
	struct edition edition; /* that decides */
	struct record_code person;
	bool has_person;
	struct code_owner provider;
};

/* --- Reading -------------------------------------------------------------- */

static enum err
read_word(const json_t *body, const char *key, size_t max, struct slice *ret,
    struct problem *problem)
{
	if (json_get_text(body, key, ret, problem) || slice_is_empty(*ret) ||
	    ret->len > max)
		return problem_set(problem, ERR_INPUT,
		    "field %s: missing, or longer than %zu bytes", key, max);

	return OK;
}

static enum err
check_recipient(const json_t *jwk)
{
	struct arena *arena = arena_new();
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(jwk, &text);
	rc = jwe_check_recipient(arena, buf_slice(&text));
	buf_done(&text);
	arena_free(arena);

	return rc;
}

static enum err
read_sealing_key(
    const json_t *body, const json_t **ret, struct problem *problem)
{
	if (json_get_object(body, "sealing_key", ret, problem) ||
	    json_object_size(*ret) > 8 || check_recipient(*ret))
		return problem_set(problem, ERR_INPUT,
		    "field sealing_key: not a public key on P-256");

	return OK;
}

static enum err
read_request(const json_t *body, struct request *ret, struct problem *problem)
{
	const struct {
		const char *key;
		size_t max;
		struct slice *to;
	} words[] = {
	    {"inquiry", 32, &ret->inquiry},
	    {"affair", NETWORK_WORD_MAX, &ret->affair},
	    {"item", NETWORK_WORD_MAX, &ret->item},
	    {"provider", NETWORK_WORD_MAX, &ret->provider},
	    {"unit", NETWORK_UNIT_MAX, &ret->unit},
	};
	struct message_id inquiry;
	struct slice code;
	size_t i;
	enum err rc;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		rc = read_word(
		    body, words[i].key, words[i].max, words[i].to, problem);
		if (rc)
			return rc;
	}
	if (message_id_parse(ret->inquiry, &inquiry))
		return problem_set(problem, ERR_INPUT,
		    "field inquiry: expected 32 hex digits");
	if (json_get_text(body, "code", &code, problem) ||
	    linkage_code_parse(code, &ret->code))
		return problem_set(
		    problem, ERR_INPUT, "field code: not a linkage code");
	if (json_get_text_or_empty(body, "version", &ret->version, problem) ||
	    ret->version.len > NETWORK_WORD_MAX)
		return problem_set(problem, ERR_INPUT,
		    "field version: not a text of %d bytes at most",
		    NETWORK_WORD_MAX);
	ret->undisclosed = json_is_true(json_object_get(body, "undisclosed"));

	return read_sealing_key(body, &ret->sealing_key, problem);
}

/* --- Checks --------------------------------------------------------------- */

/* 1: the code is the inquirer's own, and was given to it. */
static enum err
check_code(struct turn *turn, const struct request *request,
    const struct organisation *inquirer, struct verdict *verdict,
    struct id_code *ret_id)
{
	uint16_t epoch;
	enum err rc = ERR_CRYPTO;

	verdict->refusal = REFUSED_NO_CODE;
	if (inquirer != NULL)
		rc = linkage_open(network_of(turn)->linkage, &request->code,
		    inquirer->number, ret_id);
	if (rc == ERR_CRYPTO)
		return OK;
	if (rc == OK)
		rc = acquisition_record_code(turn, *ret_id, &verdict->person);
	if (rc == OK)
		rc = acquisition_epoch(turn, *ret_id, inquirer->number, &epoch);
	if (rc == ERR_NOT_FOUND)
		return OK;
	if (rc)
		return rc;
	verdict->has_person = true;
	verdict->refusal = REFUSED_NOT;

	return OK;
}

/* 2: there is such an item, and the version that is asked for. */
static enum err
check_item(
    struct turn *turn, const struct request *request, struct verdict *verdict)
{
	const struct date today = date_in_japan(turn->now);
	const struct law *law;
	struct law_item item;
	unsigned int form;
	enum err rc;

	rc = amendment_on(turn, today, &verdict->edition);
	law = verdict->edition.law;
	if (rc == OK && law != NULL && law_item(law, request->item, &item))
		verdict->refusal = REFUSED_UNKNOWN_ITEM;
	else if (rc == OK && !slice_is_empty(request->version) &&
	    catalogue_check(
		request->item, request->version, today, &form, NULL))
		verdict->refusal = REFUSED_UNKNOWN_VERSION;

	return rc;
}

/* 3: there is such a provider. */
static enum refusal
check_provider(struct turn *turn, const struct request *request,
    const struct organisation **ret_provider)
{
	const struct network *network = network_of(turn);
	struct system_id relay;
	struct slice text;

	*ret_provider = organisation_find(network, request->provider);
	if (*ret_provider == NULL)
		return REFUSED_PROVIDER_UNKNOWN;
	text = arena_printf(
	    turn->arena, "%.*s/relay", SLICE_ARG(request->provider));
	if (system_id_parse(text, &relay) || turn_has_peer(turn, &relay))
		return REFUSED_PROVIDER_UNKNOWN;

	return REFUSED_NOT;
}

/* 4: the law allows it. */
static enum err
check_law(struct turn *turn, const struct request *request,
    const struct organisation *inquirer, const struct organisation *provider,
    struct verdict *verdict)
{
	const struct basis_question question = {.inquirer = inquirer,
	    .provider = provider,
	    .affair = request->affair,
	    .item = request->item,
	    .day = date_in_japan(turn->now),
	    .edition = verdict->edition};
	struct basis basis;
	enum err rc;

	rc = basis_find(turn, &question, &basis);
	if (rc)
		return rc;
	verdict->refusal = basis.refusal;
	if (bug_is(BUG_LAW_SKIPPED) && basis.refusal == REFUSED_NO_BASIS)
		verdict->refusal = REFUSED_NOT;
	verdict->article = basis.article;
	verdict->text = basis.text;

	return OK;
}

/* 5: 番号法28条. */
static enum refusal
check_assessments(
    const struct organisation *inquirer, const struct organisation *provider)
{
	if (!inquirer->is_assessed)
		return REFUSED_ASSESSMENT_INQUIRER;
	if (!provider->is_assessed)
		return REFUSED_ASSESSMENT_PROVIDER;

	return REFUSED_NOT;
}

/* 6: the provider was given a code for the person. */
static enum err
check_holder(struct turn *turn, struct id_code id,
    const struct organisation *provider, struct verdict *verdict)
{
	enum err rc;

	verdict->refusal = REFUSED_PROVIDER_NO_CODE;
	verdict->provider.organisation = provider->number;
	rc = acquisition_epoch(
	    turn, id, provider->number, &verdict->provider.epoch);
	if (rc == OK)
		verdict->refusal = REFUSED_NOT;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
judge(struct turn *turn, const struct request *request,
    const struct organisation *inquirer, struct verdict *verdict)
{
	const struct organisation *provider = NULL;
	struct id_code id = {0};
	enum err rc;

	rc = check_code(turn, request, inquirer, verdict, &id);
	if (rc == OK && verdict->refusal == REFUSED_NOT)
		rc = check_item(turn, request, verdict);
	if (rc == OK && verdict->refusal == REFUSED_NOT)
		verdict->refusal = check_provider(turn, request, &provider);
	if (rc == OK && verdict->refusal == REFUSED_NOT)
		rc = check_law(turn, request, inquirer, provider, verdict);
	if (rc == OK && verdict->refusal == REFUSED_NOT)
		verdict->refusal = check_assessments(inquirer, provider);
	if (rc == OK && verdict->refusal == REFUSED_NOT)
		rc = check_holder(turn, id, provider, verdict);

	return rc;
}

/* Article and text of a refusal, but of those of the law, which have them. */
static void
explain(struct verdict *verdict)
{
	if (verdict->refusal == REFUSED_NOT ||
	    verdict->refusal == REFUSED_NO_BASIS ||
	    verdict->refusal == REFUSED_OWN_USE ||
	    verdict->refusal == REFUSED_OWN_USE_LIMITED)
		return;
	verdict->article = slice_of(refusal_info(verdict->refusal)->article);
	verdict->text = slice_of(refusal_info(verdict->refusal)->text);
}

/* --- Answers -------------------------------------------------------------- */

static enum err
send_refused(struct turn *turn, const struct message *message,
    struct slice inquiry, const struct verdict *verdict)
{
	json_t *body = json_object();

	json_put_text(body, "inquiry", inquiry);
	json_put_text(
	    body, "reason", slice_of(refusal_info(verdict->refusal)->reason));
	json_put_text(body, "article", verdict->article);
	json_put_text(body, "text", verdict->text);

	return turn_send(turn, &message->from, "inquiry.refused", body);
}

static enum err
send_permitted(struct turn *turn, const struct message *message,
    struct slice inquiry, const struct record *record)
{
	char expires[INSTANT_TEXT_MAX];
	json_t *body = json_object();

	instant_format(record->expires, expires);
	json_put_text(body, "inquiry", inquiry);
	json_put_text(body, "permit", record->id);
	json_put_text(body, "article", record->article);
	json_put_text(body, "expires", slice_of(expires));

	return turn_send_at_leisure(
	    turn, &message->from, "inquiry.permitted", body);
}

/* The permit: what the provider is told (令85 41条). */
static enum err
send_permit(struct turn *turn, const struct message *message,
    const struct request *request, const struct verdict *verdict,
    const struct record *record)
{
	char code[LINKAGE_CODE_DIGITS + 1];
	char requested[INSTANT_TEXT_MAX], expires[INSTANT_TEXT_MAX];
	struct linkage_code converted;
	struct system_id relay;
	struct slice inquirer = system_id_organisation(&message->from);
	json_t *body;
	enum err rc;

	rc = system_id_parse(arena_printf(turn->arena, "%.*s/relay",
				 SLICE_ARG(request->provider)),
	    &relay);
	if (rc)
		return rc;
	rc = linkage_convert(network_of(turn)->linkage, &request->code,
	    organisation_find(network_of(turn), inquirer)->number,
	    verdict->provider, &converted);
	if (rc)
		return problem_set(turn->problem, ERR_CORRUPT,
		    "the provider's code cannot be made");
	linkage_code_format(&converted, code);
	instant_format(turn->now, requested);
	instant_format(record->expires, expires);
	body = json_object();
	json_put_text(body, "permit", record->id);
	json_put_text(body, "inquiry", request->inquiry);
	json_put_text(body, "code", slice_of(code));
	json_put_text(body, "item", request->item);
	if (!slice_is_empty(request->version))
		json_put_text(body, "version", request->version);
	json_put_text(body, "affair", request->affair);
	json_put_text(body, "article", verdict->article);
	json_put_text(body, "inquirer", inquirer);
	json_put_text(body, "unit", request->unit);
	json_put_text(body, "requested", slice_of(requested));
	json_put_text(body, "expires", slice_of(expires));
	json_put_text(body, "answer_to", slice_of(message->from.text));
	json_put(body, "sealing_key", json_deep_copy(request->sealing_key));
	json_put_bool(body, "undisclosed", request->undisclosed);
	linkage_code_wipe(&converted);
	secret_wipe(code, sizeof(code));

	return turn_send(turn, &relay, "permit.issued", body);
}

/* --- The message ---------------------------------------------------------- */

static enum err
decide(struct turn *turn, const struct message *message,
    const struct request *request)
{
	struct slice organisation = system_id_organisation(&message->from);
	const struct organisation *inquirer =
	    organisation_find(network_of(turn), organisation);
	struct verdict verdict = {0};
	struct record record = {.id = turn_new_id(turn),
	    .inquirer = organisation,
	    .inquiry = request->inquiry,
	    .affair = request->affair,
	    .item = request->item,
	    .provider = request->provider,
	    .unit = request->unit,
	    .undisclosed = request->undisclosed};
	enum err rc;

	rc = judge(turn, request, inquirer, &verdict);
	if (rc)
		return rc;
	explain(&verdict);
	record.person = verdict.has_person ? &verdict.person : NULL;
	record.article = verdict.article;
	record.edition = basis_edition_id(turn, &verdict.edition);
	record.reason = slice_of(refusal_info(verdict.refusal)->reason);
	if (verdict.refusal == REFUSED_NOT)
		record.expires = instant_plus(turn->now, NETWORK_PERMIT_MS);
	rc = record_add(turn, &record);
	if (rc)
		return rc;
	if (verdict.refusal != REFUSED_NOT)
		return send_refused(turn, message, request->inquiry, &verdict);
	rc = send_permitted(turn, message, request->inquiry, &record);
	if (rc)
		return rc;

	return send_permit(turn, message, request, &verdict, &record);
}

/* The text of a refusal that is on record. */
static struct verdict
verdict_of(const struct record *record)
{
	struct verdict verdict = {
	    .refusal = refusal_of(record->reason), .article = record->article};

	if (verdict.refusal == REFUSED_NOT)
		verdict.refusal = REFUSED_NO_BASIS;
	verdict.text = slice_of(refusal_info(verdict.refusal)->text);

	return verdict;
}

/* It was here before: the same answer, and no second permit. */
static enum err
repeat(struct turn *turn, const struct message *message,
    const struct request *request, const struct record *record)
{
	struct verdict verdict;
	enum err rc;

	if (!slice_equal(record->affair, request->affair) ||
	    !slice_equal(record->item, request->item) ||
	    !slice_equal(record->provider, request->provider))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was used for another inquiry");
	rc = turn_audit(turn, "inquiry.repeat", SLICE(""), record->article);
	if (rc)
		return rc;
	if (record->expires.ms != 0)
		return send_permitted(turn, message, request->inquiry, record);
	verdict = verdict_of(record);

	return send_refused(turn, message, request->inquiry, &verdict);
}

enum err
inquiry_take(struct turn *turn, const struct message *message)
{
	struct request request;
	struct record record;
	enum err rc;

	rc = read_request(message->body, &request, turn->problem);
	if (rc)
		return rc;
	rc = record_of_inquiry(turn, system_id_organisation(&message->from),
	    request.inquiry, &record);
	if (rc == OK)
		rc = repeat(turn, message, &request, &record);
	else if (rc == ERR_NOT_FOUND)
		rc = decide(turn, message, &request);
	linkage_code_wipe(&request.code);

	return rc;
}
