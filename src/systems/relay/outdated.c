#include "systems/relay/outdated.h"

#include "relay_statements.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")

static enum err
audit(struct turn *turn, const char *action, struct internal_number internal)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, subject);

	return turn_audit(turn, action, slice_of(subject), BASIS);
}

/* --- The provider's side --------------------------------------------------- */

/* An exchange in which old contents were given; in the arena. */
struct given {
	struct slice permit, inquiry, inquirer;
	struct given *next;
};

static enum err
find_given(
    struct turn *turn, const struct outdated *outdated, struct given **ret)
{
	struct given *given;
	struct query q;
	enum err rc;

	*ret = NULL;
	store_query(turn->store, RELAY_PROVISION_OUTDATED, &q);
	query_int(&q, "internal", outdated->internal.value);
	query_text(&q, "item", outdated->item);
	query_text(&q, "version", outdated->version);
	query_int(&q, "put", outdated->at.ms);
	while ((rc = query_step(&q)) == OK) {
		given = arena_alloc(turn->arena, sizeof(*given));
		given->permit =
		    arena_copy(turn->arena, column_text(&q, "permit"));
		given->inquiry =
		    arena_copy(turn->arena, column_text(&q, "inquiry"));
		given->inquirer =
		    arena_copy(turn->arena, column_text(&q, "inquirer"));
		given->next = *ret;
		*ret = given;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
send(struct turn *turn, const struct outdated *outdated,
    const struct given *given)
{
	char at[INSTANT_TEXT_MAX];
	struct system_id relay;
	json_t *body;
	enum err rc;

	if (system_id_parse(arena_printf(turn->arena, "%.*s/relay",
				SLICE_ARG(given->inquirer)),
		&relay))
		return ERR_CORRUPT;
	rc = audit(turn, "replica.outdated", outdated->internal);
	if (rc)
		return rc;
	instant_format(outdated->at, at);
	body = json_object();
	json_put_text(body, "permit", given->permit);
	json_put_text(body, "inquiry", given->inquiry);
	json_put_text(body, "item", outdated->item);
	json_put_text(body, "corrected", slice_of(at));

	return turn_send(turn, &relay, "provision.corrected", body);
}

enum err
outdated_tell(struct turn *turn, const struct outdated *outdated)
{
	struct given *given;
	enum err rc = find_given(turn, outdated, &given);

	for (; rc == OK && given != NULL; given = given->next)
		rc = send(turn, outdated, given);

	return rc;
}

/* --- The inquirer's side ---------------------------------------------------- */

struct news {
	struct slice permit, inquiry, item;
	struct instant at;
};

/* What our record says of the inquiry. */
struct asked {
	struct internal_number internal;
	bool fits;       /* the news are of what was asked, from whom it was */
	bool is_dropped; /* the office never saw the contents */
};

static enum err
read_news(const json_t *body, struct news *ret, struct problem *problem)
{
	struct slice at;

	if (json_get_text(body, "permit", &ret->permit, problem) ||
	    json_get_text(body, "inquiry", &ret->inquiry, problem) ||
	    json_get_text(body, "item", &ret->item, problem) ||
	    json_get_text(body, "corrected", &at, problem))
		return ERR_INPUT;
	if (instant_parse(at, &ret->at))
		return problem_set(
		    problem, ERR_INPUT, "field corrected: not an instant");

	return OK;
}

/* The news may overtake the answer, and so the permit's number. */
static enum err
find_asked(struct turn *turn, const struct message *message,
    const struct news *news, struct asked *ret)
{
	struct slice permit;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_FIND, &q);
	query_text(&q, "inquiry", news->inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		permit = column_text(&q, "permit");
		ret->internal.value = column_int(&q, "internal");
		ret->is_dropped = !column_is_null(&q, "cancelled");
		ret->fits = slice_equal(column_text(&q, "provider"),
				system_id_organisation(&message->from)) &&
		    slice_equal(column_text(&q, "item"), news->item) &&
		    (slice_is_empty(permit) ||
			slice_equal(permit, news->permit));
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "we never made this inquiry, or long ago");
	if (rc == OK && !ret->fits)
		return problem_set(turn->problem, ERR_DENIED,
		    "something else was asked, or another organisation");

	return rc;
}

/* *ret_new is false for what was said before, or against something newer. */
static enum err
mark(struct turn *turn, const struct news *news, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_OUTDATED, &q);
	query_text(&q, "inquiry", news->inquiry);
	query_int(&q, "outdated", news->at.ms);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

static enum err
tell_office(struct turn *turn, const struct news *news)
{
	struct system_id offices = turn_sibling(turn, "offices");
	char at[INSTANT_TEXT_MAX];
	json_t *body = json_object();

	instant_format(news->at, at);
	json_put_text(body, "inquiry", news->inquiry);
	json_put_text(body, "corrected", slice_of(at));

	return turn_send(turn, &offices, "inquiry.corrected", body);
}

enum err
outdated_take(struct turn *turn, const struct message *message)
{
	struct asked asked = {0};
	struct news news;
	bool is_new = false;
	enum err rc;

	rc = read_news(message->body, &news, turn->problem);
	if (rc == OK)
		rc = find_asked(turn, message, &news, &asked);
	if (rc == OK)
		rc = mark(turn, &news, &is_new);
	if (rc == OK)
		rc = audit(turn, "inquiry.outdated", asked.internal);
	if (rc == OK && is_new && !asked.is_dropped)
		rc = tell_office(turn, &news);

	return rc;
}
