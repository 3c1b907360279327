#include "systems/network/affair.h"

#include "law/catalogue.h"
#include "messages/records.h"
#include "network_statements.h"
#include "systems/network/amendment.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法19条9号")
#define LISTED_MAX 5000

/* What the database has of a declaration; texts in the arena. */
struct declared {
	struct slice declaration, organisation, affair, body, state, reason;
	struct date edition; /* whose row it names */
};

/* --- Deciding an inquiry -------------------------------------------------- */

/* The provider's ordinance that keeps the item from this affair (番号法26条);
 * texts in the arena, empty if there is none. */
static enum err
find_limits(struct turn *turn, const struct basis_question *question,
    struct own_use_case *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_LIMIT_ON, &q);
	query_text(&q, "provider", slice_of(question->provider->id));
	query_text(&q, "item", question->item);
	query_text(&q, "organisation", slice_of(question->inquirer->id));
	query_text(&q, "affair", question->affair);
	rc = query_step(&q);
	if (rc == OK) {
		ret->limit_ordinance =
		    arena_copy(arena, column_text(&q, "ordinance"));
		ret->limit_number =
		    arena_copy(arena, column_text(&q, "number"));
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* The row of an edition that a declaration names; 0 if it has none any more. */
static enum err
find_row(struct turn *turn, const struct own_use *own_use,
    struct date declared_under, const struct law *law, unsigned int *ret)
{
	struct edition declared;
	enum err rc = amendment_on(turn, declared_under, &declared);

	*ret = 0;
	if (rc == OK && declared.law != NULL)
		*ret = own_use_row(own_use, declared.law, law);

	return rc;
}

/* A declaration as it was sent, from the text that the database has of it. */
static enum err
read_own_use(struct turn *turn, struct slice body, struct own_use *ret)
{
	struct affair_declare declared;

	if (shape_read(&affair_declare_shape, turn->arena,
		arena_copy(turn->arena, body), &declared, turn->problem))
		return ERR_CORRUPT;
	*ret = declared.own_use;

	return OK;
}

/* The declaration that counts, into ret->own_use; NULL if there is none. */
static enum err
find_in_use(struct turn *turn, const struct basis_question *question,
    struct own_use *own_use, struct own_use_case *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_IN_USE, &q);
	query_text(&q, "organisation", slice_of(question->inquirer->id));
	query_text(&q, "affair", question->affair);
	rc = query_step(&q);
	if (rc == OK) {
		ret->is_confirmed =
		    slice_equal_string(column_text(&q, "state"), "confirmed");
		ret->declared_under = amendment_day(column_int(&q, "edition"));
		ret->own_use = own_use;
		rc = read_own_use(turn, column_text(&q, "body"), own_use);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static void
judge(struct turn *turn, const struct law *law,
    const struct own_use_case *inquiry, struct basis *ret)
{
	struct buf article;
	const char *text;

	buf_init(&article);
	ret->refusal =
	    own_use_judge(law, inquiry, &ret->decision, &article, &text);
	ret->article = arena_copy(turn->arena, buf_slice(&article));
	ret->text = slice_of(text);
	buf_done(&article);
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
	enum err rc;

	rc = find_in_use(turn, question, &own_use, &inquiry);
	if (rc == OK && inquiry.own_use != NULL)
		rc = find_row(
		    turn, &own_use, inquiry.declared_under, law, &inquiry.row);
	if (rc == OK)
		rc = find_limits(turn, question, &inquiry);
	if (rc == OK)
		judge(turn, law, &inquiry, ret);

	return rc;
}

/* --- Declarations --------------------------------------------------------- */

static enum err
find(struct turn *turn, struct slice declaration, struct declared *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	*ret = (struct declared){.declaration = declaration};
	store_query(turn->store, NETWORK_AFFAIR_FIND, &q);
	query_text(&q, "declaration", declaration);
	rc = query_step(&q);
	if (rc == OK) {
		ret->organisation =
		    arena_copy(arena, column_text(&q, "organisation"));
		ret->affair = arena_copy(arena, column_text(&q, "affair"));
		ret->body = arena_copy(arena, column_text(&q, "body"));
		ret->state = arena_copy(arena, column_text(&q, "state"));
		ret->reason = arena_copy(arena, column_text(&q, "reason"));
		ret->edition = amendment_day(column_int(&q, "edition"));
	}
	query_done(&q);

	return rc;
}

/* How a declaration stands, to the offices that made it. */
static enum err
tell(struct turn *turn, struct slice organisation, struct slice declaration,
    struct slice state, struct slice reason)
{
	struct system_id offices;
	char at[INSTANT_TEXT_MAX];
	json_t *body;
	enum err rc;

	rc = system_id_parse(
	    arena_printf(turn->arena, "%.*s/offices", SLICE_ARG(organisation)),
	    &offices);
	if (rc)
		return rc;
	instant_format(turn->now, at);
	body = json_object();
	json_put_text(body, "declaration", declaration);
	json_put_text(body, "state", state);
	json_put_text(body, "reason", reason);
	json_put_text(body, "at", slice_of(at));

	return turn_send(turn, &offices, "affair.state", body);
}

static enum err
write_state(struct turn *turn, const struct declared *d, struct slice state,
    struct slice reason, struct slice role)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_DECIDE, &q);
	query_text(&q, "declaration", d->declaration);
	query_text(&q, "state", state);
	query_text(&q, "reason", reason);
	query_text(&q, "officer", turn->caller.name);
	query_text(&q, "role", role);
	query_int(&q, "decided", turn->now.ms);
	rc = query_run(&q);
	if (rc == OK)
		rc = turn_audit(turn, "affair.decide", SLICE(""), BASIS);
	if (rc == OK)
		rc = tell(turn, d->organisation, d->declaration, state, reason);

	return rc;
}

static enum err
read_declaration(const json_t *body, struct slice *ret, struct problem *problem)
{
	struct message_id id;

	if (json_get_text(body, "declaration", ret, problem) ||
	    message_id_parse(*ret, &id))
		return problem_set(problem, ERR_INPUT,
		    "field declaration: expected 32 hex digits");

	return OK;
}

/* An ordinance is a local government's.  Why not in *ret_reason, empty if it
 * is one; *ret_law is today's, NULL with a reason. */
static enum err
check_local(struct turn *turn, struct slice organisation,
    const struct law **ret_law, struct slice *ret_reason)
{
	const struct organisation *o =
	    organisation_find(network_of(turn), organisation);
	struct law_names names;
	struct edition today;
	enum err rc;

	*ret_law = NULL;
	*ret_reason = SLICE("the network does not know the organisation");
	rc = amendment_on(turn, date_in_japan(turn->now), &today);
	if (rc || o == NULL || today.law == NULL)
		return rc;
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

/* Does it fit the law of today?  *ret_reason is empty if it does. */
static enum err
examine(struct turn *turn, const struct declared *d,
    const struct own_use *own_use, struct slice *ret_reason)
{
	struct problem problem = {0};
	const struct law *law;
	unsigned int row;
	enum err rc;

	rc = check_local(turn, d->organisation, &law, ret_reason);
	if (rc || law == NULL)
		return rc;
	rc = find_row(turn, own_use, d->edition, law, &row);
	if (rc == OK && own_use_check(law, own_use, row, &problem))
		*ret_reason = arena_copy(turn->arena, slice_of(problem.text));

	return rc;
}

static enum err
add(struct turn *turn, const struct message *message, const struct declared *d)
{
	struct buf body;
	struct query q;
	enum err rc;

	buf_init(&body);
	json_write(message->body, &body);
	store_query(turn->store, NETWORK_AFFAIR_ADD, &q);
	query_text(&q, "declaration", d->declaration);
	query_text(&q, "organisation", d->organisation);
	query_text(&q, "affair", d->affair);
	query_int(&q, "edition", amendment_number(d->edition));
	query_text(&q, "body", buf_slice(&body));
	query_text(&q, "state", d->state);
	query_text(&q, "reason", d->reason);
	query_int(&q, "declared", message->time.ms);
	if (slice_is_empty(d->reason))
		query_null(&q, "decided");
	else
		query_int(&q, "decided", turn->now.ms);
	rc = query_run(&q);
	buf_done(&body);
	if (rc == OK)
		rc = turn_audit(turn, "affair.declare", SLICE(""), BASIS);

	return rc;
}

static enum err
edition_of_today(struct turn *turn, struct date *ret)
{
	struct edition today;
	enum err rc = amendment_on(turn, date_in_japan(turn->now), &today);

	if (rc == OK)
		*ret = today.effective;

	return rc;
}

enum err
affair_take(struct turn *turn, const struct message *message)
{
	struct slice organisation = system_id_organisation(&message->from);
	struct affair_declare body;
	struct own_use own_use;
	struct slice declaration;
	struct declared d;
	enum err rc;

	rc = read_declaration(message->body, &declaration, turn->problem);
	if (rc == OK)
		rc = shape_read(&affair_declare_shape, turn->arena,
		    message->text, &body, turn->problem);
	if (rc)
		return rc;
	own_use = body.own_use;
	rc = find(turn, declaration, &d);
	if (rc == OK && !slice_equal(d.organisation, organisation))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field declaration: another organisation's");
	if (rc == ERR_NOT_FOUND) {
		d.organisation = organisation;
		d.affair = own_use.affair;
		rc = edition_of_today(turn, &d.edition);
		if (rc == OK)
			rc = examine(turn, &d, &own_use, &d.reason);
		d.state = slice_is_empty(d.reason) ? SLICE("declared")
						   : SLICE("refused");
		if (rc == OK)
			rc = add(turn, message, &d);
	}
	if (rc)
		return rc;

	return tell(turn, organisation, declaration, d.state, d.reason);
}

/* --- Limits --------------------------------------------------------------- */

struct limit {
	struct slice declaration, item, organisation, affair;
	struct slice ordinance, number;
};

static enum err
read_limit(const json_t *body, struct limit *ret, struct problem *problem)
{
	const struct {
		const char *key;
		struct slice *to;
		size_t max;
		bool required;
	} all[] = {
	    {"item", &ret->item, NETWORK_WORD_MAX, false},
	    {"organisation", &ret->organisation, NETWORK_WORD_MAX, false},
	    {"affair", &ret->affair, NETWORK_WORD_MAX, false},
	    {"ordinance", &ret->ordinance, OWN_USE_TEXT_MAX, true},
	    {"number", &ret->number, OWN_USE_TEXT_MAX, true},
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (json_get_text_or_empty(
			body, all[i].key, all[i].to, problem) ||
		    all[i].to->len > all[i].max ||
		    (all[i].required && slice_is_empty(*all[i].to)))
			return problem_set(problem, ERR_INPUT,
			    "field %s: missing or too long", all[i].key);
	}

	return read_declaration(body, &ret->declaration, problem);
}

/* Whose it is and whether it was withdrawn.  ERR_NOT_FOUND. */
static enum err
find_limit(struct turn *turn, struct slice declaration,
    struct slice organisation, bool *ret_withdrawn)
{
	bool is_own = false;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_LIMIT_FIND, &q);
	query_text(&q, "declaration", declaration);
	rc = query_step(&q);
	if (rc == OK) {
		*ret_withdrawn = !column_is_null(&q, "withdrawn");
		is_own = slice_equal(column_text(&q, "provider"), organisation);
	}
	query_done(&q);
	if (rc == OK && !is_own)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field declaration: another organisation's");

	return rc;
}

static enum err
add_limit(
    struct turn *turn, const struct message *message, const struct limit *limit)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_LIMIT_ADD, &q);
	query_text(&q, "declaration", limit->declaration);
	query_text(&q, "provider", system_id_organisation(&message->from));
	query_text(&q, "item", limit->item);
	query_text(&q, "organisation", limit->organisation);
	query_text(&q, "affair", limit->affair);
	query_text(&q, "ordinance", limit->ordinance);
	query_text(&q, "number", limit->number);
	query_int(&q, "declared", message->time.ms);
	rc = query_run(&q);

	return rc
	    ? rc
	    : turn_audit(turn, "affair.limit", SLICE(""), SLICE("番号法26条"));
}

/* Why it cannot stand; *ret_reason is empty if it can. */
static enum err
examine_limit(struct turn *turn, struct slice organisation,
    const struct limit *limit, struct slice *ret_reason)
{
	const struct law *law;
	unsigned int form;
	enum err rc;

	rc = check_local(turn, organisation, &law, ret_reason);
	if (rc == OK && law != NULL && !slice_is_empty(limit->item) &&
	    catalogue_form(limit->item, date_in_japan(turn->now), &form))
		*ret_reason =
		    slice_of(refusal_info(REFUSED_UNKNOWN_ITEM)->text);

	return rc;
}

enum err
affair_limit(struct turn *turn, const struct message *message)
{
	struct slice organisation = system_id_organisation(&message->from);
	bool is_withdrawn = false;
	struct limit limit;
	struct slice reason;
	enum err rc;

	rc = read_limit(message->body, &limit, turn->problem);
	if (rc == OK)
		rc = examine_limit(turn, organisation, &limit, &reason);
	if (rc)
		return rc;
	if (!slice_is_empty(reason))
		return tell(turn, organisation, limit.declaration,
		    SLICE("refused"), reason);
	rc = find_limit(turn, limit.declaration, organisation, &is_withdrawn);
	if (rc == ERR_NOT_FOUND)
		rc = add_limit(turn, message, &limit);
	if (rc)
		return rc;

	return tell(turn, organisation, limit.declaration,
	    is_withdrawn ? SLICE("withdrawn") : SLICE("declared"), SLICE(""));
}

/* --- Withdrawing ---------------------------------------------------------- */

static enum err
withdraw_limit(
    struct turn *turn, const struct message *message, struct slice declaration)
{
	struct slice organisation = system_id_organisation(&message->from);
	bool is_withdrawn;
	struct query q;
	enum err rc;

	rc = find_limit(turn, declaration, organisation, &is_withdrawn);
	if (rc)
		return rc;
	store_query(turn->store, NETWORK_AFFAIR_LIMIT_WITHDRAW, &q);
	query_text(&q, "declaration", declaration);
	query_int(&q, "withdrawn", turn->now.ms);
	rc = query_run(&q);
	if (rc == OK)
		rc = turn_audit(turn, "affair.withdraw", SLICE(""), BASIS);
	if (rc)
		return rc;

	return tell(
	    turn, organisation, declaration, SLICE("withdrawn"), SLICE(""));
}

static bool
is_over(const struct declared *d)
{
	return slice_equal_string(d->state, "refused") ||
	    slice_equal_string(d->state, "withdrawn");
}

enum err
affair_withdraw(struct turn *turn, const struct message *message)
{
	struct slice organisation = system_id_organisation(&message->from);
	struct slice declaration;
	struct declared d;
	enum err rc;

	rc = read_declaration(message->body, &declaration, turn->problem);
	if (rc)
		return rc;
	rc = find(turn, declaration, &d);
	if (rc == ERR_NOT_FOUND) {
		rc = withdraw_limit(turn, message, declaration);
		if (rc == ERR_NOT_FOUND &&
		    turn->now.ms - message->time.ms < NETWORK_OVERTAKE_MS)
			return problem_set(turn->problem, ERR_BUSY,
			    "the declaration has not arrived here yet");
		return rc;
	}
	if (rc)
		return rc;
	if (!slice_equal(d.organisation, organisation))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field declaration: another organisation's");
	if (is_over(&d))
		return tell(turn, organisation, declaration, d.state, d.reason);

	return write_state(turn, &d, SLICE("withdrawn"), SLICE(""), SLICE(""));
}

/* --- The Commission ------------------------------------------------------- */

/* Is the caller one of those who act for it? */
static enum err
check_commission(struct turn *turn, struct slice role)
{
	struct slice names = turn_setting(turn, "commission");
	bool is_named = slice_is_empty(names);

	if (!slice_equal(role, NETWORK_COMMISSION))
		return problem_set(turn->problem, ERR_DENIED,
		    "field role: who decides this acts for the Commission, in "
		    "the role \"commission\"");
	while (!is_named && names.len > 0)
		is_named =
		    slice_equal(slice_cut(&names, ' '), turn->caller.name);
	if (!is_named)
		return problem_set(turn->problem, ERR_DENIED,
		    "the setting commission names others");

	return OK;
}

/* Another declaration of the same affair is confirmed: this one is over. */
static enum err
replace(struct turn *turn, const struct declared *d, struct slice role)
{
	struct declared former = *d;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_CONFIRMED, &q);
	query_text(&q, "organisation", d->organisation);
	query_text(&q, "affair", d->affair);
	rc = query_step(&q);
	if (rc == OK)
		former.declaration =
		    arena_copy(turn->arena, column_text(&q, "declaration"));
	query_done(&q);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;

	return write_state(turn, &former, SLICE("withdrawn"),
	    SLICE("a later declaration was confirmed"), role);
}

/* A declaration that the law of today does not bear is not confirmed. */
static enum err
check_again(struct turn *turn, const struct declared *d)
{
	struct own_use own_use;
	struct slice reason = {0};
	enum err rc;

	rc = read_own_use(turn, d->body, &own_use);
	if (rc == OK)
		rc = examine(turn, d, &own_use, &reason);
	if (rc == OK && !slice_is_empty(reason))
		rc = problem_set(turn->problem, ERR_CONFLICT,
		    "the law of today does not bear it: %.*s",
		    SLICE_ARG(reason));

	return rc;
}

/* The state after a decision; NULL if the state does not allow it. */
static const char *
state_after(struct slice decision, const struct declared *d)
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
		    slice_equal_string(d->state, all[i].from))
			return all[i].to;
	}

	return NULL;
}

static enum err
decide(struct turn *turn, const struct input *in, const struct declared *d,
    const char *state)
{
	struct slice role = input_text(in, "role");
	enum err rc = OK;

	if (slice_equal_string(input_text(in, "decision"), "confirm")) {
		rc = check_again(turn, d);
		if (rc == OK)
			rc = replace(turn, d, role);
	}
	if (rc)
		return rc;

	return write_state(
	    turn, d, slice_of(state), input_text(in, "reason"), role);
}

enum err
affair_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice declaration = input_text(in, "declaration");
	struct declared d;
	const char *state;
	json_t *body;
	enum err rc;

	rc = check_commission(turn, input_text(in, "role"));
	if (rc)
		return rc;
	rc = find(turn, declaration, &d);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such declaration");
	if (rc)
		return rc;
	state = state_after(input_text(in, "decision"), &d);
	if (state == NULL)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the declaration is %.*s: confirm or refuse what is "
		    "declared, withdraw what is confirmed",
		    SLICE_ARG(d.state));
	rc = decide(turn, in, &d, state);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "declaration", declaration);
	json_put_text(body, "state", slice_of(state));
	reply_json(reply, 200, body);

	return OK;
}

/* --- Listing -------------------------------------------------------------- */

static void
put_instant(json_t *row, const char *key, struct query *q)
{
	char text[INSTANT_TEXT_MAX] = "";

	if (!column_is_null(q, key))
		instant_format((struct instant){column_int(q, key)}, text);
	json_put_text(row, key, slice_of(text));
}

static void
put_texts(json_t *row, struct query *q, const char *const *names)
{
	for (; *names != NULL; names++)
		json_put_text(row, *names, column_text(q, *names));
}

/* The declaration, and how it stands. */
static enum err
list_affairs(struct turn *turn, json_t *rows)
{
	static const char *const texts[] = {"declaration", "organisation",
	    "state", "reason", "officer", "role", NULL};
	char edition[DATE_TEXT_MAX];
	struct query q;
	json_t *row;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIRS, &q);
	query_int(&q, "limit", LISTED_MAX);
	while ((rc = query_step(&q)) == OK) {
		rc = json_read(column_text(&q, "body"), "a declaration", &row,
		    turn->problem);
		if (rc)
			break;
		put_texts(row, &q, texts);
		put_instant(row, "declared", &q);
		put_instant(row, "decided", &q);
		date_format(amendment_day(column_int(&q, "edition")), edition);
		json_put_text(row, "edition", slice_of(edition));
		json_array_append_new(rows, row);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
list_limits(struct turn *turn, json_t *rows)
{
	static const char *const texts[] = {"declaration", "provider", "item",
	    "organisation", "affair", "ordinance", "number", NULL};
	struct query q;
	json_t *row;
	enum err rc;

	store_query(turn->store, NETWORK_AFFAIR_LIMITS, &q);
	query_int(&q, "limit", LISTED_MAX);
	while ((rc = query_step(&q)) == OK) {
		row = json_object();
		put_texts(row, &q, texts);
		put_instant(row, "declared", &q);
		put_instant(row, "withdrawn", &q);
		json_array_append_new(rows, row);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
affair_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *affairs = json_array(), *limits = json_array(), *body;
	enum err rc;

	(void)in;
	rc = list_affairs(turn, affairs);
	if (rc == OK)
		rc = list_limits(turn, limits);
	body = json_object();
	json_put(body, "affairs", affairs);
	json_put(body, "limits", limits);
	if (rc) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}
