#include "systems/network/basis.h"

#include "law/explain.h"
#include "law/own_use.h"
#include "systems/network/affair.h"
#include "systems/network/amendment.h"

struct slice
basis_edition_id(struct turn *turn, const struct edition *edition)
{
	char day[DATE_TEXT_MAX] = "";

	if (edition->law != NULL)
		date_format(edition->effective, day);

	return arena_copy(turn->arena, slice_of(day));
}

/* What the table is asked; a row that there is not is 0. */
static struct law_question
question_of(
    const struct law *law, const struct basis_question *q, unsigned int kind)
{
	struct law_question question = {
	    .inquirer = organisation_names(q->inquirer, law),
	    .provider = organisation_names(q->provider, law),
	    .kind = kind};

	if (law_row(law, q->affair, &question.row))
		question.row = 0;

	return question;
}

static void
decide_by_table(struct turn *turn, const struct basis_question *q,
    unsigned int kind, struct basis *ret)
{
	struct law_question question = question_of(q->edition.law, q, kind);
	struct buf article;

	law_decide(q->edition.law, &question, &ret->decision);
	buf_init(&article);
	law_cite(&ret->decision, &article);
	ret->article = arena_copy(turn->arena, buf_slice(&article));
	buf_done(&article);
	ret->text = slice_of(law_missing_text(ret->decision.missing));
	ret->refusal = ret->decision.allowed ? REFUSED_NOT : REFUSED_NO_BASIS;
}

/* Nobody asks itself: that would be no provision (提供). */
static void
refuse_oneself(const struct basis_question *q, struct basis *ret)
{
	if (ret->refusal != REFUSED_NOT ||
	    q->inquirer->number != q->provider->number ||
	    q->inquirer->number == 0)
		return;
	ret->refusal = REFUSED_NO_BASIS;
	ret->text =
	    SLICE("自らへの照会は提供ではありません / what an organisation "
		  "has itself needs no inquiry");
}

enum err
basis_find(
    struct turn *turn, const struct basis_question *question, struct basis *ret)
{
	struct law_item item;
	enum err rc = OK;

	*ret = (struct basis){.refusal = REFUSED_NO_BASIS,
	    .article = SLICE("番号法19条8号"),
	    .text = SLICE(
		"この日に施行されている表がありません / no edition of the "
		"table is in force on this day")};
	if (question->edition.law == NULL)
		return OK;
	if (law_item(question->edition.law, question->item, &item)) {
		ret->refusal = REFUSED_UNKNOWN_ITEM;
		ret->text = slice_of(refusal_info(ret->refusal)->text);
		return OK;
	}
	if (own_use_is_id(question->affair))
		rc = affair_decide(turn, question, ret);
	else
		decide_by_table(turn, question, item.number, ret);
	if (rc == OK)
		refuse_oneself(question, ret);

	return rc;
}

/* --- Any decision --------------------------------------------------------- */

/* One that we know by its id, or any of a kind or name of the table: that one
 * has the number 0. */
static enum err
read_party(struct turn *turn, const struct input *in, const char *field,
    const struct law *law, struct organisation *ret)
{
	struct slice word = input_text(in, field);
	const struct organisation *known =
	    organisation_find(network_of(turn), word);
	struct law_names names;

	if (known != NULL) {
		*ret = *known;
		return OK;
	}
	if (law_party(law, word, &names))
		return problem_set(turn->problem, ERR_INPUT,
		    "field %s: no organisation, no kind of organisation and "
		    "no name in the table",
		    field);
	*ret = (struct organisation){
	    .id = arena_string(turn->arena, word), .number = 0};
	ret->kind = ret->id;

	return OK;
}

static void
put_fitting(
    json_t *body, const struct basis_question *q, const struct basis *basis)
{
	const struct law *law = q->edition.law;
	struct law_question question;
	struct law_item item;
	struct buf fitting;

	buf_init(&fitting);
	if (!own_use_is_id(q->affair) && law_item(law, q->item, &item) == OK) {
		question = question_of(law, q, item.number);
		law_put_fitting(
		    &fitting, law, &question, basis->decision.missing);
	}
	json_put_text(
	    body, "fitting", fitting.len > 0 ? buf_slice(&fitting) : SLICE(""));
	buf_done(&fitting);
}

static json_t *
describe(struct turn *turn, const struct basis_question *q,
    const struct basis *basis)
{
	const struct law_decision *d = &basis->decision;
	json_t *body = json_object();

	json_put_bool(body, "allowed", basis->refusal == REFUSED_NOT);
	json_put_text(
	    body, "reason", slice_of(refusal_info(basis->refusal)->reason));
	json_put_text(body, "edition", basis_edition_id(turn, &q->edition));
	json_put_int(body, "row", d->row);
	json_put_int(body, "sub", d->sub);
	json_put_int(body, "detailed_in", d->article);
	json_put_text(body, "article", basis->article);
	json_put_text(body, "missing", slice_of(law_missing_name(d->missing)));
	json_put_text(body, "text",
	    basis->refusal == REFUSED_NOT ? SLICE("") : basis->text);
	put_fitting(body, q, basis);

	return body;
}

enum err
basis_route_decision(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct organisation inquirer, provider;
	struct basis_question question = {.inquirer = &inquirer,
	    .provider = &provider,
	    .affair = input_text(in, "affair"),
	    .item = input_text(in, "item"),
	    .day = input_has(in, "date") ? input_date(in, "date")
					 : date_in_japan(turn->now)};
	const struct law *law;
	struct basis basis;
	enum err rc;

	rc = amendment_on(turn, question.day, &question.edition);
	law = question.edition.law;
	if (rc == OK && law == NULL)
		rc = problem_set(turn->problem, ERR_NOT_FOUND,
		    "no edition of the table was in force on that day");
	if (rc == OK)
		rc = read_party(turn, in, "inquirer", law, &inquirer);
	if (rc == OK)
		rc = read_party(turn, in, "provider", law, &provider);
	if (rc)
		return rc;
	rc = basis_find(turn, &question, &basis);
	if (rc == OK)
		reply_json(reply, 200, describe(turn, &question, &basis));

	return rc;
}
