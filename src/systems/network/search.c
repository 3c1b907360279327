#include "systems/network/search.h"

#include "base/bug.h"
#include "crypto/hash.h"
#include "law/refusal.h"
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

#define BASIS SLICE("令85 40条4項")

/* provider.search, taken apart; borrowed. */
struct search {
	struct slice search, affair, item;
	struct linkage_code code;
	const struct organisation *inquirer;
	struct edition edition; /* in force today */
};

/* --- Reading -------------------------------------------------------------- */

static enum err
read_search(
    struct turn *turn, const struct message *message, struct search *ret)
{
	struct problem *problem = turn->problem;
	const json_t *body = message->body;
	struct message_id id;
	struct slice code;

	if (json_get_text(body, "search", &ret->search, problem) ||
	    message_id_parse(ret->search, &id))
		return problem_set(
		    problem, ERR_INPUT, "field search: expected 32 hex digits");
	if (json_get_text(body, "affair", &ret->affair, problem) ||
	    json_get_text(body, "item", &ret->item, problem) ||
	    ret->affair.len > NETWORK_WORD_MAX ||
	    ret->item.len > NETWORK_WORD_MAX)
		return problem_set(problem, ERR_INPUT,
		    "fields affair and item: missing or too long");
	if (json_get_text(body, "code", &code, problem) ||
	    linkage_code_parse(code, &ret->code))
		return problem_set(
		    problem, ERR_INPUT, "field code: not a linkage code");
	ret->inquirer = organisation_find(
	    network_of(turn), system_id_organisation(&message->from));

	return OK;
}

/* --- Judging -------------------------------------------------------------- */

/* Whose code it is; the refusal stays REFUSED_NO_CODE unless it is the
 * inquirer's own. */
static enum err
find_person(struct turn *turn, const struct search *search,
    struct id_code *ret_id, struct record_code *ret_person,
    enum refusal *ret_refusal)
{
	uint16_t epoch;
	enum err rc = ERR_CRYPTO;

	*ret_refusal = REFUSED_NO_CODE;
	if (search->inquirer != NULL)
		rc = linkage_open(network_of(turn)->linkage, &search->code,
		    search->inquirer->number, ret_id);
	if (rc == ERR_CRYPTO)
		return OK;
	if (rc == OK)
		rc = acquisition_record_code(turn, *ret_id, ret_person);
	if (rc == OK)
		rc = acquisition_epoch(
		    turn, *ret_id, search->inquirer->number, &epoch);
	if (rc == OK)
		*ret_refusal = REFUSED_NOT;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* May it be asked for this item in this affair, assessments included? */
static enum err
may_be_asked(struct turn *turn, const struct search *search,
    const struct organisation *provider, bool *ret)
{
	const struct basis_question question = {.inquirer = search->inquirer,
	    .provider = provider,
	    .affair = search->affair,
	    .item = search->item,
	    .day = date_in_japan(turn->now),
	    .edition = search->edition};
	struct basis basis;
	enum err rc;

	*ret = false;
	if (!search->inquirer->is_assessed || !provider->is_assessed)
		return OK;
	rc = basis_find(turn, &question, &basis);
	if (rc == OK)
		*ret =
		    basis.refusal == REFUSED_NOT || bug_is(BUG_SEARCH_UNLAWFUL);

	return rc;
}

static const struct organisation *
by_number(const struct network *network, int64_t number)
{
	size_t i;

	for (i = 0; i < network->n_organisations; i++) {
		if (network->organisations[i].number == number)
			return &network->organisations[i];
	}

	return NULL;
}

/* Holders of a code that may be asked, oldest code first. */
static enum err
list(struct turn *turn, const struct search *search, struct id_code id,
    json_t *found)
{
	const struct organisation *o;
	bool may = false;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_HOLDERS, &q);
	query_int(&q, "id", (int64_t)id.value);
	while ((rc = query_step(&q)) == OK) {
		o = by_number(network_of(turn), column_int(&q, "organisation"));
		if (o == NULL)
			continue;
		rc = may_be_asked(turn, search, o, &may);
		if (rc)
			break;
		if (may)
			json_push_text(found, slice_of(o->id));
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
judge(
    struct turn *turn, struct search *search, json_t *found, enum refusal *ret)
{
	struct record_code person = {{0}};
	struct id_code id = {0};
	const struct law *law;
	struct law_item item;
	enum err rc;

	rc = find_person(turn, search, &id, &person, ret);
	if (rc == OK && *ret == REFUSED_NOT)
		rc = amendment_on(
		    turn, date_in_japan(turn->now), &search->edition);
	law = search->edition.law;
	if (rc == OK && *ret == REFUSED_NOT && law != NULL &&
	    law_item(law, search->item, &item))
		*ret = REFUSED_UNKNOWN_ITEM;
	if (rc == OK && *ret == REFUSED_NOT)
		rc = list(turn, search, id, found);
	if (rc == OK)
		rc = turn_audit(turn, "provider.search",
		    *ret == REFUSED_NO_CODE ? SLICE("")
					    : record_code_text(turn, &person),
		    BASIS);
	secret_wipe(&person, sizeof(person));

	return rc;
}

/* --- The message ---------------------------------------------------------- */

static enum err
answer(struct turn *turn, const struct message *message,
    const struct search *search, enum refusal refusal, json_t *found)
{
	const struct refusal_info *info = refusal_info(refusal);
	json_t *body = json_object();

	json_put_text(body, "search", search->search);
	json_put(body, "organisations", json_incref(found));
	json_put_text(body, "reason", slice_of(info->reason));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));

	return turn_send(turn, &message->from, "provider.found", body);
}

enum err
search_take(struct turn *turn, const struct message *message)
{
	enum refusal refusal = REFUSED_NOT;
	struct search search = {0};
	json_t *found;
	enum err rc;

	rc = read_search(turn, message, &search);
	if (rc)
		return rc;
	found = json_array();
	rc = judge(turn, &search, found, &refusal);
	if (rc == OK)
		rc = answer(turn, message, &search, refusal, found);
	json_decref(found);
	linkage_code_wipe(&search.code);

	return rc;
}
