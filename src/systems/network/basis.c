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

/* The question for the table; the row is 0 if the table has no such row. */
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

/* An organisation cannot ask itself: that would be no provision (提供). */
static void
refuse_oneself(const struct basis_question *q, struct basis *ret)
{
	if (ret->refusal != REFUSED_NOT ||
	    q->inquirer->number != q->provider->number ||
	    q->inquirer->number == 0)
		return;
	ret->refusal = REFUSED_NO_BASIS;
	ret->text =
	    SLICE("自らへの照会は提供ではありません / an organisation needs "
		  "no inquiry for its own information");
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

struct law_decision_asked {
	struct slice inquirer, affair, provider, item;
	struct date date;
};
static const struct field asked_fields[] = {
    FIELD(law_decision_asked, inquirer, TEXT(200),
	"an organisation, a kind of them, or a name in the table"),
    FIELD(law_decision_asked, affair, TEXT(64),
	"row of the table, or own-use affair of the inquirer's"),
    FIELD(law_decision_asked, provider, TEXT(200),
	"an organisation, a kind of them, or a name in the table"),
    FIELD(law_decision_asked, item, TEXT(64), "item of information"),
    OPTION(law_decision_asked, date, DATE, "the day; without it, today"),
};
const struct shape law_decision_asked_shape =
    SHAPE(law_decision_asked, asked_fields);

/* The organisation of that id, or one that stands for a kind or name of the
 * table, which has the number 0. */
static enum err
read_party(struct turn *turn, const char *field, struct slice word,
    const struct law *law, struct organisation *ret)
{
	const struct organisation *known =
	    organisation_find(network_of(turn), word);
	struct law_names names;

	if (known != NULL) {
		*ret = *known;
		return OK;
	}
	if (law_party(law, word, &names))
		return problem_set(turn->problem, ERR_INPUT,
		    "field %s: is no organisation, no kind of organisation "
		    "and no name in the table",
		    field);
	*ret = (struct organisation){
	    .id = arena_string(turn->arena, word), .number = 0};
	ret->kind = ret->id;

	return OK;
}

static void
put_fitting(struct json_out *o, const struct basis_question *q,
    const struct basis *basis)
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
	json_out_text(o, "fitting", buf_slice(&fitting));
	buf_done(&fitting);
}

static void
describe(struct turn *turn, const struct basis_question *q,
    const struct basis *basis, struct json_out *o)
{
	const struct law_decision *d = &basis->decision;
	bool is_allowed = basis->refusal == REFUSED_NOT;

	json_out_bool(o, "allowed", is_allowed);
	json_out_text(
	    o, "reason", slice_of(refusal_info(basis->refusal)->reason));
	json_out_text(o, "edition", basis_edition_id(turn, &q->edition));
	json_out_int(o, "row", d->row);
	json_out_int(o, "sub", d->sub);
	json_out_int(o, "detailed_in", d->article);
	json_out_text(o, "article", basis->article);
	json_out_text(o, "missing", slice_of(law_missing_name(d->missing)));
	json_out_text(o, "text", is_allowed ? SLICE("") : basis->text);
	put_fitting(o, q, basis);
}

enum err
basis_route_decision(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct law_decision_asked *i = INPUT(in, law_decision_asked);
	struct organisation inquirer, provider;
	struct basis_question question = {.inquirer = &inquirer,
	    .provider = &provider,
	    .affair = i->affair,
	    .item = i->item,
	    .day = date_is_known(i->date) ? i->date : date_in_japan(turn->now)};
	const struct law *law;
	struct basis basis;

	TRY(amendment_on(turn, question.day, &question.edition));
	law = question.edition.law;
	if (law == NULL)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no edition of the table was in force on that day");
	TRY(read_party(turn, "inquirer", i->inquirer, law, &inquirer));
	TRY(read_party(turn, "provider", i->provider, law, &provider));
	TRY(basis_find(turn, &question, &basis));
	describe(turn, &question, &basis, reply_object(reply, 200));

	return OK;
}
