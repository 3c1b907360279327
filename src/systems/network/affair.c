#include "systems/network/affair.h"

#include "law/catalogue.h"
#include "law/declared.h"
#include "messages/records.h"
#include "network_rows.h"
#include "systems/network/amendment.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法19条9号")

/* --- Deciding an inquiry -------------------------------------------------- */

/* The provider's ordinance that keeps the item from this affair (番号法26条);
 * empty if there is none. */
static enum err
find_limit_on(struct turn *turn, const struct basis_question *question,
    struct own_use_case *ret)
{
	struct network_affair_limit_on_row limit = {0};
	enum err rc = network_affair_limit_on(turn->store, turn->arena,
	    slice_of(question->provider->id), question->item,
	    slice_of(question->inquirer->id), question->affair, &limit);

	ret->limit_ordinance = limit.ordinance;
	ret->limit_number = limit.number;

	return rows_end(rc);
}

/* The row of `law` that a declaration names; 0 if that edition of the table no
 * longer has it. */
static enum err
find_row(struct turn *turn, const struct own_use *own_use,
    struct date declared_under, const struct law *law, unsigned int *ret)
{
	struct edition declared;

	TRY(amendment_on(turn, declared_under, &declared));
	*ret =
	    declared.law == NULL ? 0 : own_use_row(own_use, declared.law, law);

	return OK;
}

/* Read a declaration from the text that the database keeps of it; *ret borrows
 * from the text. */
static enum err
read_body(struct turn *turn, struct slice body, struct own_use *ret)
{
	struct affair_declare declared;

	if (shape_read_kept(&affair_declare_shape, turn->arena, body, &declared,
		turn->problem))
		return ERR_CORRUPT;
	*ret = declared.own_use;

	return OK;
}

/* Find the declaration that applies to the inquiry; ret->own_use stays NULL if
 * there is none. */
static enum err
find_in_use(struct turn *turn, const struct basis_question *question,
    struct own_use *own_use, struct own_use_case *ret)
{
	struct network_affair_row row;
	enum err rc;

	rc = network_affair_in_use(turn->store, turn->arena,
	    slice_of(question->inquirer->id), question->affair, &row);
	if (rc)
		return rows_end(rc);
	TRY(read_body(turn, row.body, own_use));
	ret->own_use = own_use;
	ret->is_confirmed = slice_equal_string(row.state, "confirmed");
	ret->declared_under = row.edition;

	return find_row(
	    turn, own_use, row.edition, question->edition.law, &ret->row);
}

enum err
affair_decide(
    struct turn *turn, const struct basis_question *question, struct basis *ret)
{
	const struct law *law = question->edition.law;
	struct own_use_case inquiry = {
	    .provider = organisation_names(question->provider, law),
	    .item = question->item,
	    .day = question->day};
	struct own_use own_use;
	struct buf article;
	const char *text;

	TRY(find_in_use(turn, question, &own_use, &inquiry));
	TRY(find_limit_on(turn, question, &inquiry));
	buf_init(&article);
	ret->refusal =
	    own_use_judge(law, &inquiry, &ret->decision, &article, &text);
	ret->article = arena_copy(turn->arena, buf_slice(&article));
	ret->text = slice_of(text);
	buf_done(&article);

	return OK;
}

/* --- Declarations --------------------------------------------------------- */

/* Tell the offices that made a declaration its state. */
static enum err
tell(struct turn *turn, struct slice organisation, struct affair_state state)
{
	struct system_id offices;

	TRY(system_id_of(organisation, "offices", &offices));
	state.at = turn->now;

	return turn_tell(turn, &offices, affair_state, &state);
}

static enum err
change(struct turn *turn, const struct network_affair_row *affair,
    struct network_affair_decide to)
{
	to.declaration = affair->declaration;
	to.officer = turn->caller.name;
	to.decided = turn->now;
	TRY(network_affair_decide(turn->store, &to));
	TRY(turn_audit(turn, "affair.decide", SLICE(""), BASIS));

	return tell(turn, affair->organisation,
	    (struct affair_state){affair->declaration, to.state, to.reason});
}

/* ERR_CONFLICT unless the declaration is the organisation's own. */
static enum err
check_own(struct turn *turn, struct slice owner, struct slice organisation)
{
	return slice_equal(owner, organisation)
	    ? OK
	    : problem_set(turn->problem, ERR_CONFLICT,
		  "field declaration: is another organisation's");
}

/* Only a local government has ordinances.  *ret_reason says why the organisation
 * may not declare, and is empty if it may; *ret_law is then today's law, else
 * NULL. */
static enum err
check_local(struct turn *turn, struct slice organisation,
    const struct law **ret_law, struct slice *ret_reason)
{
	const struct organisation *o =
	    organisation_find(network_of(turn), organisation);
	struct law_names names;
	struct edition today;

	*ret_law = NULL;
	*ret_reason =
	    SLICE("the network does not know this organisation; it needs a "
		  "setting organisation.ID");
	TRY(amendment_on(turn, date_in_japan(turn->now), &today));
	if (o == NULL || today.law == NULL)
		return OK;
	names = organisation_names(o, today.law);
	*ret_reason =
	    SLICE("地方公共団体の条例に限ります（番号法9条2項）/ a local "
		  "government alone may declare this");
	if (!own_use_may_declare(today.law, &names))
		return OK;
	*ret_law = today.law;
	*ret_reason = (struct slice){0};

	return OK;
}

/* Does the declaration fit today's law?  *ret_reason is empty if it does. */
static enum err
examine(struct turn *turn, const struct network_affair_row *affair,
    const struct own_use *own_use, struct slice *ret_reason)
{
	struct problem problem = {0};
	const struct law *law;
	unsigned int row;

	TRY(check_local(turn, affair->organisation, &law, ret_reason));
	if (law == NULL)
		return OK;
	TRY(find_row(turn, own_use, affair->edition, law, &row));
	if (own_use_check(law, own_use, row, &problem))
		*ret_reason = arena_copy(turn->arena, slice_of(problem.text));

	return OK;
}

/* Add a new declaration, under today's edition. */
static enum err
add(struct turn *turn, const struct message *message,
    const struct own_use *own_use, struct network_affair_row *affair)
{
	struct edition today;

	TRY(amendment_on(turn, date_in_japan(turn->now), &today));
	affair->edition = today.effective;
	TRY(examine(turn, affair, own_use, &affair->reason));
	affair->state = slice_is_empty(affair->reason) ? SLICE("declared")
						       : SLICE("refused");
	TRY(network_affair_add(turn->store,
	    &(struct network_affair_add){.declaration = affair->declaration,
		.organisation = affair->organisation,
		.affair = own_use->affair,
		.edition = affair->edition,
		.body = message->text,
		.state = affair->state,
		.reason = affair->reason,
		.declared = message->time,
		.decided =
		    slice_is_empty(affair->reason) ? NULL : &turn->now}));

	return turn_audit(turn, "affair.declare", SLICE(""), BASIS);
}

enum err
affair_take(struct turn *turn, const struct message *message)
{
	const struct affair_declare *declared =
	    MESSAGE(message, affair_declare);
	struct slice organisation = system_id_organisation(&message->from);
	struct network_affair_row affair = {
	    .declaration = declared->declaration, .organisation = organisation};
	enum err rc;

	rc = network_affair_find(
	    turn->store, turn->arena, declared->declaration, &affair);
	if (rc == ERR_NOT_FOUND)
		rc = add(turn, message, &declared->own_use, &affair);
	TRY(rc);
	TRY(check_own(turn, affair.organisation, organisation));

	return tell(turn, organisation,
	    (struct affair_state){
		affair.declaration, affair.state, affair.reason});
}

/* --- Limits --------------------------------------------------------------- */

/* Find a limit, and whether it was withdrawn.  ERR_NOT_FOUND; ERR_CONFLICT if
 * it is another organisation's. */
static enum err
find_limit(struct turn *turn, struct slice declaration,
    struct slice organisation, bool *ret_withdrawn)
{
	struct network_affair_limit_find_row limit;

	TRY(network_affair_limit_find(
	    turn->store, turn->arena, declaration, &limit));
	*ret_withdrawn = limit.has_withdrawn;

	return check_own(turn, limit.provider, organisation);
}

static enum err
add_limit(struct turn *turn, const struct message *message,
    const struct affair_limit *limit)
{
	TRY(network_affair_limit_add(turn->store,
	    &(struct network_affair_limit_add){
		.declaration = limit->declaration,
		.provider = system_id_organisation(&message->from),
		.item = limit->item,
		.organisation = limit->organisation,
		.affair = limit->affair,
		.ordinance = limit->ordinance,
		.number = limit->number,
		.declared = message->time}));

	return turn_audit(turn, "affair.limit", SLICE(""), SLICE("番号法26条"));
}

/* *ret_reason says why the limit is refused, and is empty if it is accepted. */
static enum err
examine_limit(struct turn *turn, struct slice organisation,
    const struct affair_limit *limit, struct slice *ret_reason)
{
	const struct law *law;
	unsigned int form;

	TRY(check_local(turn, organisation, &law, ret_reason));
	if (law != NULL && !slice_is_empty(limit->item) &&
	    catalogue_form(limit->item, date_in_japan(turn->now), &form))
		*ret_reason =
		    slice_of(refusal_info(REFUSED_UNKNOWN_ITEM)->text);

	return OK;
}

enum err
affair_limit(struct turn *turn, const struct message *message)
{
	const struct affair_limit *limit = MESSAGE(message, affair_limit);
	struct slice organisation = system_id_organisation(&message->from);
	struct affair_state state = {limit->declaration, SLICE("refused")};
	bool is_withdrawn = false;
	enum err rc;

	TRY(examine_limit(turn, organisation, limit, &state.reason));
	if (!slice_is_empty(state.reason))
		return tell(turn, organisation, state);
	rc = find_limit(turn, limit->declaration, organisation, &is_withdrawn);
	if (rc == ERR_NOT_FOUND)
		rc = add_limit(turn, message, limit);
	TRY(rc);
	state.state = is_withdrawn ? SLICE("withdrawn") : SLICE("declared");

	return tell(turn, organisation, state);
}

/* --- Withdrawing ---------------------------------------------------------- */

static enum err
withdraw_limit(
    struct turn *turn, const struct message *message, struct slice declaration)
{
	struct slice organisation = system_id_organisation(&message->from);
	bool is_withdrawn;

	TRY(find_limit(turn, declaration, organisation, &is_withdrawn));
	TRY(network_affair_limit_withdraw(turn->store, turn->now, declaration));
	TRY(turn_audit(turn, "affair.withdraw", SLICE(""), BASIS));

	return tell(turn, organisation,
	    (struct affair_state){declaration, SLICE("withdrawn")});
}

static bool
is_over(const struct network_affair_row *affair)
{
	return slice_equal_string(affair->state, "refused") ||
	    slice_equal_string(affair->state, "withdrawn");
}

enum err
affair_withdraw(struct turn *turn, const struct message *message)
{
	const struct affair_withdraw *asked = MESSAGE(message, affair_withdraw);
	struct slice organisation = system_id_organisation(&message->from);
	struct network_affair_row affair;
	enum err rc;

	rc = network_affair_find(
	    turn->store, turn->arena, asked->declaration, &affair);
	if (rc == ERR_NOT_FOUND) {
		rc = withdraw_limit(turn, message, asked->declaration);
		if (rc == ERR_NOT_FOUND &&
		    turn->now.ms - message->time.ms < NETWORK_OVERTAKE_MS)
			return problem_set(turn->problem, ERR_BUSY,
			    "the declaration has not arrived here yet");
		return rc;
	}
	TRY(rc);
	TRY(check_own(turn, affair.organisation, organisation));
	if (is_over(&affair))
		return tell(turn, organisation,
		    (struct affair_state){
			affair.declaration, affair.state, affair.reason});

	return change(turn, &affair,
	    (struct network_affair_decide){.state = SLICE("withdrawn")});
}

/* --- The Commission ------------------------------------------------------- */

struct affair_decision {
	struct slice declaration, decision, reason;
};
static const struct field decision_fields[] = {
    FIELD(affair_decision, declaration, ID, "the declaration's id"),
    FIELD(affair_decision, decision, WORD("confirm|refuse|withdraw"),
	"the decision"),
    FIELD(affair_decision, reason, OWN_USE_TEXT,
	"the reason; told to the local government"),
};
const struct shape affair_decision_shape =
    SHAPE(affair_decision, decision_fields);

/* Withdraw the confirmed declaration of the same affair, if there is one: the
 * later declaration replaces it. */
static enum err
replace(struct turn *turn, const struct network_affair_row *affair)
{
	struct network_affair_row former;
	enum err rc;

	rc = network_affair_confirmed(turn->store, turn->arena,
	    affair->organisation, affair->affair, &former);
	if (rc)
		return rows_end(rc);

	return change(turn, &former,
	    (struct network_affair_decide){.state = SLICE("withdrawn"),
		.reason = SLICE("a later declaration was confirmed")});
}

/* ERR_CONFLICT if the declaration does not fit today's law: it cannot be
 * confirmed. */
static enum err
check_again(struct turn *turn, const struct network_affair_row *affair)
{
	struct own_use own_use;
	struct slice reason;

	TRY(read_body(turn, affair->body, &own_use));
	TRY(examine(turn, affair, &own_use, &reason));
	if (slice_is_empty(reason))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the declaration does not fit the table in force today: %.*s",
	    SLICE_ARG(reason));
}

/* The state after a decision; NULL if the state does not allow it. */
static const char *
state_after(struct slice decision, const struct network_affair_row *affair)
{
	static const struct {
		const char *decision, *from, *to;
	} all[] = {
	    {"confirm", "declared", "confirmed"},
	    {"refuse", "declared", "refused"},
	    {"withdraw", "confirmed", "withdrawn"},
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(decision, all[i].decision) &&
		    slice_equal_string(affair->state, all[i].from))
			return all[i].to;
	}

	return NULL;
}

enum err
affair_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct affair_decision *i = INPUT(in, affair_decision);
	struct json_out *o = reply_object(reply, 200);
	struct network_affair_row affair;
	const char *state;
	enum err rc;

	rc = network_affair_find(
	    turn->store, turn->arena, i->declaration, &affair);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such declaration; GET /affairs lists them");
	TRY(rc);
	state = state_after(i->decision, &affair);
	if (state == NULL)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the declaration is %.*s; only a declared one can be "
		    "confirmed or refused, and only a confirmed one withdrawn",
		    SLICE_ARG(affair.state));
	if (slice_equal_string(i->decision, "confirm")) {
		TRY(check_again(turn, &affair));
		TRY(replace(turn, &affair));
	}
	json_out_text(o, "declaration", i->declaration);
	json_out_text(o, "state", slice_of(state));

	return change(turn, &affair,
	    (struct network_affair_decide){
		.state = slice_of(state), .reason = i->reason});
}

/* --- Listing -------------------------------------------------------------- */

/* Write a declaration and its state. */
static enum err
put_affair(struct turn *turn, const struct network_affairs_row *row,
    struct json_out *o)
{
	struct declared_affair affair = {.declaration = row->declaration,
	    .organisation = row->organisation,
	    .state = row->state,
	    .reason = row->reason,
	    .officer = row->officer,
	    .declared = row->declared,
	    .decided = row->decided,
	    .edition = row->edition};

	TRY(read_body(turn, row->body, &affair.own_use));
	shape_write(&declared_affair_shape, &affair, o, NULL);

	return OK;
}

static enum err
list_affairs(struct turn *turn, struct json_out *o)
{
	struct network_affairs_row row;
	struct query q;
	enum err rc = OK;

	json_out_array(o, "affairs");
	network_affairs_rows(turn->store, DECLARED_MAX, &q);
	while (rc == OK && (rc = network_affairs_next(&q, &row)) == OK)
		rc = put_affair(turn, &row, o);
	query_done(&q);
	json_out_end(o);

	return rows_end(rc);
}

static enum err
list_limits(struct turn *turn, struct json_out *o)
{
	struct network_affair_limits_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "limits");
	network_affair_limits_rows(turn->store, DECLARED_MAX, &q);
	while ((rc = network_affair_limits_next(&q, &row)) == OK)
		shape_write(&declared_limit_shape,
		    &(struct declared_limit){.declaration = row.declaration,
			.provider = row.provider,
			.item = row.item,
			.organisation = row.organisation,
			.affair = row.affair,
			.ordinance = row.ordinance,
			.number = row.number,
			.declared = row.declared,
			.withdrawn = row.withdrawn},
		    o, NULL);
	json_out_end(o);

	return rows_end(rc);
}

enum err
affair_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);

	(void)in;
	TRY(list_affairs(turn, o));

	return list_limits(turn, o);
}
