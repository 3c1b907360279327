#include "systems/relay/outdated.h"

#include "relay_statements.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")

/* --- The provider's side --------------------------------------------------- */

/* The rows of one inquirer; borrowed. */
static json_t *
rows_of(struct outdated *outdated, const char *inquirer)
{
	json_t *rows = json_object_get(outdated->inquirers, inquirer);

	if (rows == NULL) {
		rows = json_array();
		json_put(outdated->inquirers, inquirer, rows);
	}

	return rows;
}

static enum err
audit(struct turn *turn, const char *action, struct internal_number internal)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, subject);

	return turn_audit(turn, action, slice_of(subject), BASIS);
}

enum err
outdated_find(struct turn *turn, struct outdated *outdated,
    struct internal_number internal)
{
	const char *inquirer;
	bool found = false;
	json_t *row;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_PROVISION_OUTDATED, &q);
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", outdated->item);
	query_text(&q, "version", outdated->version);
	query_int(&q, "put", outdated->at.ms);
	while ((rc = query_step(&q)) == OK) {
		inquirer =
		    arena_string(turn->arena, column_text(&q, "inquirer"));
		row = json_array();
		json_push_text(row, column_text(&q, "permit"));
		json_push_text(row, column_text(&q, "inquiry"));
		json_array_append_new(rows_of(outdated, inquirer), row);
		found = true;
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;

	return found ? audit(turn, "replica.outdated", internal) : OK;
}

/* Rows from `first` on, as many as one message takes. */
static enum err
send_part(struct turn *turn, const struct outdated *outdated,
    const struct system_id *relay, const json_t *rows, size_t first)
{
	json_t *body = json_object(), *part = json_array();
	char at[INSTANT_TEXT_MAX];
	size_t i;

	for (i = first; i < json_array_size(rows) && i < first + RELAY_ROWS_MAX;
	     i++)
		json_array_append(part, json_array_get(rows, i));
	instant_format(outdated->at, at);
	json_put_text(body, "item", outdated->item);
	json_put_text(body, "corrected", slice_of(at));
	json_put(body, "items", part);

	return turn_send(turn, relay, "provision.corrected", body);
}

enum err
outdated_tell(struct turn *turn, struct outdated *outdated)
{
	const char *inquirer;
	struct system_id relay;
	json_t *rows;
	size_t first;
	enum err rc = OK;

	json_object_foreach(outdated->inquirers, inquirer, rows)
	{
		rc = system_id_parse(
		    arena_printf(turn->arena, "%s/relay", inquirer), &relay);
		for (first = 0; rc == OK && first < json_array_size(rows);
		     first += RELAY_ROWS_MAX)
			rc = send_part(turn, outdated, &relay, rows, first);
		if (rc)
			break;
	}
	json_object_clear(outdated->inquirers);

	return rc;
}

/* --- The inquirer's side ---------------------------------------------------- */

struct news {
	struct slice provider, item;
	struct instant at;
	json_t *inquiries; /* for the office */
};

/* An inquiry of ours; slices in the arena. */
struct held_inquiry {
	struct internal_number internal;
	struct slice provider, item, permit;
	bool is_dropped; /* the office never saw the contents */
};

static enum err
find(struct turn *turn, struct slice inquiry, struct held_inquiry *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_FIND, &q);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		ret->internal.value = column_int(&q, "internal");
		ret->provider = arena_copy(arena, column_text(&q, "provider"));
		ret->item = arena_copy(arena, column_text(&q, "item"));
		ret->permit = arena_copy(arena, column_text(&q, "permit"));
		ret->is_dropped = !column_is_null(&q, "cancelled");
	}
	query_done(&q);

	return rc;
}

static enum err
check(struct turn *turn, const struct news *news,
    const struct held_inquiry *held, struct slice permit)
{
	if (!slice_equal(held->provider, news->provider) ||
	    !slice_equal(held->item, news->item) ||
	    (!slice_is_empty(held->permit) &&
		!slice_equal(held->permit, permit)))
		return problem_set(turn->problem, ERR_DENIED,
		    "items: something else was asked, or another "
		    "organisation");

	return OK;
}

/* The news may overtake the answer, which then comes marked already. */
static enum err
take_row(struct turn *turn, const struct news *news, const json_t *row)
{
	struct slice permit, inquiry;
	struct held_inquiry held;
	struct query q;
	enum err rc;

	if (json_at_text(row, 0, &permit) || json_at_text(row, 1, &inquiry))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: a permit and an inquiry are needed");
	rc = find(turn, inquiry, &held);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	rc = check(turn, news, &held, permit);
	if (rc)
		return rc;
	store_query(turn->store, RELAY_INQUIRY_OUTDATED, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "outdated", news->at.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	if (query_changes(&q) == 1 && !held.is_dropped)
		json_push_text(news->inquiries, inquiry);

	return audit(turn, "inquiry.outdated", held.internal);
}

static enum err
tell_addressee(struct turn *turn, const struct news *news)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	char at[INSTANT_TEXT_MAX];
	json_t *body;

	if (json_array_size(news->inquiries) == 0)
		return OK;
	instant_format(news->at, at);
	body = json_object();
	json_put_text(body, "corrected", slice_of(at));
	json_put(body, "items", json_incref(news->inquiries));

	return turn_send(turn, &addressee, "inquiry.corrected", body);
}

enum err
outdated_take(struct turn *turn, const struct message *message)
{
	struct news news = {.provider = system_id_organisation(&message->from)};
	const json_t *items;
	struct slice at;
	size_t i;
	enum err rc;

	if (json_get_text(message->body, "item", &news.item, turn->problem) ||
	    json_get_text(message->body, "corrected", &at, turn->problem) ||
	    json_get_array(message->body, "items", &items, turn->problem))
		return ERR_INPUT;
	if (instant_parse(at, &news.at) ||
	    json_array_size(items) > RELAY_ROWS_MAX)
		return problem_set(turn->problem, ERR_INPUT,
		    "fields corrected and items: no instant, or more than %d "
		    "rows",
		    RELAY_ROWS_MAX);
	news.inquiries = json_array();
	rc = turn_audit(turn, "provision.corrected", SLICE(""), BASIS);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = take_row(turn, &news, json_array_get(items, i));
	if (rc == OK)
		rc = tell_addressee(turn, &news);
	json_decref(news.inquiries);

	return rc;
}
