#include "systems/addressee/translate.h"

#include "law/refusal.h"
#include "messages/inquiries.h"
#include "messages/replicas.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"

#define MARK_BASIS SLICE("番号法23条2項")

/* The person of the sender's business number.  ERR_NOT_FOUND. */
static enum err
find(struct turn *turn, const struct message *message,
    struct slice business_number, struct internal_number *ret)
{
	return person_of_business_number(
	    turn, system_id_name(&message->from), business_number, ret);
}

/* --- Replicas (副本) ------------------------------------------------------ */

/* The rows for the relay, and the refusals for the offices. */
struct sorting {
	struct addressee_replica *known;
	struct replica_refused_item *unknown;
	size_t n_known, n_unknown;
};

static enum err
sort(struct turn *turn, const struct message *message,
    const struct office_replica *row, struct sorting *s)
{
	struct internal_number internal;
	enum err rc = find(turn, message, row->business_number, &internal);

	if (rc == ERR_NOT_FOUND) {
		s->unknown[s->n_unknown++] = (struct replica_refused_item){
		    row->business_number, SLICE("unknown-person")};
		return OK;
	}
	TRY(rc);
	s->known[s->n_known++] =
	    (struct addressee_replica){internal, row->contents};

	return addressee_audit(turn, "replica.translate", internal, SLICE(""));
}

static enum err
send_known(struct turn *turn, const struct office_replica_put *put,
    const struct sorting *s)
{
	struct system_id relay = turn_sibling(turn, "relay");

	if (s->n_known == 0)
		return OK;

	return turn_tell(turn, &relay, addressee_replica_put,
	    &(struct addressee_replica_put){.item = put->item,
		.version = put->version,
		.at = put->at,
		.change = put->change,
		.officer = put->officer,
		.items = s->known,
		.n_items = s->n_known});
}

static enum err
refuse_unknown(struct turn *turn, const struct message *message,
    const struct office_replica_put *put, const struct sorting *s)
{
	if (s->n_unknown == 0)
		return OK;
	TRY(turn_audit(turn, "replica.unknown", SLICE(""), SLICE("")));

	return turn_tell(turn, &message->from, replica_refused,
	    &(struct replica_refused){
		put->item, put->version, s->unknown, s->n_unknown});
}

enum err
translate_replicas(struct turn *turn, const struct message *message)
{
	const struct office_replica_put *put =
	    MESSAGE(message, office_replica_put);
	struct sorting s = {0};
	size_t i;

	s.known = arena_array(turn->arena, put->n_items, sizeof(*s.known));
	s.unknown = arena_array(turn->arena, put->n_items, sizeof(*s.unknown));
	for (i = 0; i < put->n_items; i++)
		TRY(sort(turn, message, &put->items[i], &s));
	TRY(send_known(turn, put, &s));

	return refuse_unknown(turn, message, put, &s);
}

/* --- Inquiries (情報照会) ------------------------------------------------- */

/* `internal` of the person, for the audit; NULL: nobody known. */
static enum err
refuse(struct turn *turn, const struct system_id *to, struct slice inquiry,
    const struct internal_number *internal, enum refusal refusal,
    struct slice why)
{
	const struct inquiry_answered end = inquiry_ended(
	    turn->arena, inquiry, SLICE(OUTCOME_REFUSED), refusal, why);

	TRY(turn_tell(turn, to, inquiry_answered, &end));

	return internal == NULL
	    ? turn_audit(turn, "inquiry.refuse", SLICE(""), end.reason)
	    : addressee_audit(turn, "inquiry.refuse", *internal, end.reason);
}

enum err
translate_inquiry(struct turn *turn, const struct message *message)
{
	const struct office_inquiry_request *asked =
	    MESSAGE(message, office_inquiry_request);
	struct system_id relay = turn_sibling(turn, "relay");
	struct internal_number internal;
	bool dead;
	enum err rc = find(turn, message, asked->business_number, &internal);

	if (rc == ERR_NOT_FOUND)
		return refuse(turn, &message->from, asked->inquiry, NULL,
		    REFUSED_UNKNOWN_PERSON, SLICE(""));
	TRY(rc);
	TRY(person_is_deceased(turn, internal, &dead));
	if (dead && !asked->deceased_confirmed)
		return refuse(turn, &message->from, asked->inquiry, &internal,
		    REFUSED_DECEASED, SLICE(""));
	TRY(turn_tell(turn, &relay, addressee_inquiry_request,
	    &(struct addressee_inquiry_request){.inquiry = asked->inquiry,
		.internal_number = internal,
		.affair = asked->affair,
		.item = asked->item,
		.version = asked->version,
		.provider = asked->provider,
		.unit = asked->unit,
		.matter = asked->matter,
		.withheld = asked->withheld}));

	return addressee_audit(
	    turn, "inquiry.translate", internal, asked->affair);
}

enum err
translate_not_taken(struct turn *turn, const struct message *message)
{
	const struct addressee_inquiry_request *m =
	    MESSAGE(message, addressee_inquiry_request);
	struct system_id offices = turn_sibling(turn, "offices");

	return refuse(turn, &offices, m->inquiry, &m->internal_number,
	    REFUSED_MESSAGE, message->refusal);
}

enum err
translate_cancel(struct turn *turn, const struct message *message)
{
	struct system_id relay = turn_sibling(turn, "relay");

	return turn_tell(
	    turn, &relay, inquiry_cancel, MESSAGE(message, inquiry_cancel));
}

/* --- Searches ------------------------------------------------------------- */

static enum err
find_nothing(struct turn *turn, const struct message *message,
    const struct office_provider_search *asked)
{
	const struct refusal_info *info = refusal_info(REFUSED_UNKNOWN_PERSON);

	TRY(turn_tell(turn, &message->from, provider_found,
	    &(struct provider_found){.search = asked->search,
		.reason = slice_of(info->reason),
		.article = slice_of(info->article),
		.text = slice_of(info->text)}));

	return turn_audit(turn, "provider.search", SLICE(""), asked->affair);
}

enum err
translate_search(struct turn *turn, const struct message *message)
{
	const struct office_provider_search *asked =
	    MESSAGE(message, office_provider_search);
	struct system_id relay = turn_sibling(turn, "relay");
	struct internal_number internal;
	enum err rc = find(turn, message, asked->business_number, &internal);

	if (rc == ERR_NOT_FOUND)
		return find_nothing(turn, message, asked);
	TRY(rc);
	TRY(turn_tell(turn, &relay, addressee_provider_search,
	    &(struct addressee_provider_search){asked->search, internal,
		asked->affair, asked->item, asked->matter}));

	return addressee_audit(
	    turn, "provider.search", internal, asked->affair);
}

/* --- Marks ------------------------------------------------------------------ */

static enum err
refuse_mark(struct turn *turn, const struct message *message, struct slice mark)
{
	if (turn->now.ms - message->time.ms < ADDRESSEE_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "field business_number: no person with it has arrived "
		    "here yet; try again later");
	TRY(turn_tell(turn, &message->from, mark_refused,
	    &(struct mark_refused){mark, SLICE("unknown-person")}));

	return turn_audit(turn, "mark.refuse", SLICE(""), MARK_BASIS);
}

enum err
translate_mark(struct turn *turn, const struct message *message)
{
	const struct office_mark_put *put = MESSAGE(message, office_mark_put);
	struct system_id relay = turn_sibling(turn, "relay");
	struct internal_number internal;
	enum err rc = find(turn, message, put->business_number, &internal);

	if (rc == ERR_NOT_FOUND)
		return refuse_mark(turn, message, put->mark);
	TRY(rc);
	TRY(turn_tell(turn, &relay, addressee_mark_put,
	    &(struct addressee_mark_put){.mark = put->mark,
		.internal_number = internal,
		.item = put->item,
		.kind = put->kind,
		.change = put->change,
		.withheld = put->withheld,
		.reason = put->reason,
		.officer = put->officer,
		.second = put->second,
		.at = put->at}));

	return addressee_audit(turn, "mark.translate", internal, MARK_BASIS);
}
