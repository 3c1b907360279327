#include "systems/network/search.h"

#include "base/bug.h"
#include "crypto/hash.h"
#include "systems/network/acquisition.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/often.h"
#include "systems/network/question.h"

#define BASIS SLICE("令85 40条4項")

/* A search, the inquirer, and the edition that decides. */
struct search {
	const struct question *asked;
	const struct organisation *inquirer;
	struct edition edition; /* in force today */
};

/* May the provider be asked for this item in this affair?  Assessments are
 * checked, too. */
static enum err
may_be_asked(struct turn *turn, const struct search *search,
    const struct organisation *provider, bool *ret)
{
	const struct basis_question question = {.inquirer = search->inquirer,
	    .provider = provider,
	    .affair = search->asked->affair,
	    .item = search->asked->item,
	    .day = date_in_japan(turn->now),
	    .edition = search->edition};
	struct basis basis;

	*ret = false;
	if (!search->inquirer->is_assessed || !provider->is_assessed)
		return OK;
	TRY(basis_find(turn, &question, &basis));
	*ret = basis.refusal == REFUSED_NOT || bug_is(BUG_SEARCH_UNLAWFUL);

	return OK;
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

/* The organisations that hold a code and may be asked, oldest code first. */
static enum err
list(struct turn *turn, const struct search *search, struct id_code id,
    struct provider_found *ret)
{
	const struct network *network = network_of(turn);
	struct slice *found =
	    arena_array(turn->arena, network->n_organisations, sizeof(*found));
	const struct organisation *o;
	struct network_holders_row row;
	struct query q;
	bool may;
	enum err rc = OK;

	ret->organisations = found;
	network_holders_rows(turn->store, id, &q);
	while (rc == OK && (rc = network_holders_next(&q, &row)) == OK) {
		o = by_number(network, row.organisation);
		if (o == NULL)
			continue;
		rc = may_be_asked(turn, search, o, &may);
		if (rc == OK && may)
			found[ret->n_organisations++] = slice_of(o->id);
	}
	query_done(&q);

	return rows_end(rc);
}

static enum err
judge(struct turn *turn, struct search *search,
    const struct network_person_row *person, struct provider_found *ret,
    enum refusal *ret_refusal)
{
	const struct law *law;
	struct law_item item;
	const struct often often = {
	    search->asked->asker, &person->record_code, false};
	struct slice over;

	TRY(amendment_on(turn, date_in_japan(turn->now), &search->edition));
	law = search->edition.law;
	if (law != NULL && law_item(law, search->asked->item, &item)) {
		*ret_refusal = REFUSED_UNKNOWN_ITEM;
		return OK;
	}
	TRY(often_take(turn, &often, &over));
	*ret_refusal = slice_is_empty(over) ? REFUSED_NOT : REFUSED_BUDGET;

	return slice_is_empty(over) ? list(turn, search, person->id, ret) : OK;
}

/* Find the person, and who may be asked.  *ret is zero where nobody is. */
static enum err
find(struct turn *turn, struct search *search, const struct linkage_code *code,
    struct provider_found *ret, struct network_person_row *ret_person)
{
	enum refusal refusal = REFUSED_NO_CODE;
	enum err rc =
	    acquisition_person(turn, search->inquirer, code, ret_person);

	if (rc == OK)
		rc = judge(turn, search, ret_person, ret, &refusal);
	ret->reason = slice_of(refusal_info(refusal)->reason);
	ret->article = slice_of(refusal_info(refusal)->article);
	ret->text = slice_of(refusal_info(refusal)->text);

	return rows_end(rc);
}

enum err
search_take(struct turn *turn, const struct message *message)
{
	const struct relay_provider_search *m =
	    MESSAGE(message, relay_provider_search);
	const struct asked asked = {&m->code, &m->blind, m->question, m->sheet};
	struct provider_found found = {.search = m->search};
	struct network_person_row person = {0};
	struct network_question q;
	struct search search = {.asked = &q.question,
	    .inquirer = organisation_find(
		network_of(turn), system_id_organisation(&message->from))};

	TRY(question_open(turn, message, &asked, &q));
	TRY(find(turn, &search, &m->code, &found, &person));
	TRY(turn_audit(turn, "provider.search",
	    record_code_text(turn, &person.record_code), BASIS));

	return turn_tell(turn, &message->from, provider_found, &found);
}
