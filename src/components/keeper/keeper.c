#include "components/keeper/keeper.h"

#include "base/encode.h"
#include "keeper_rows.h"

static void
add_line(struct buf *text, struct slice line)
{
	buf_add(text, line);
	buf_add_char(text, '\n');
}

/* The text that a token is the digest of (messages/tokens.h). */
static void
write_text(const struct keeper_exchange *e, struct buf *ret)
{
	add_line(ret, SLICE("bango-record"));
	add_line(ret, slice_of(e->side));
	hex_encode(digest_slice(e->question), ret);
	add_line(ret, SLICE(""));
	add_line(ret, e->outcome);
	add_line(ret, e->withheld);
}

/* The first half of the digest, as text in the arena. */
static struct slice
token_of(struct arena *arena, const struct keeper_exchange *e)
{
	struct digest digest;
	struct slice token;
	struct buf text;

	buf_init(&text);
	write_text(e, &text);
	digest = digest_of(buf_slice(&text));
	buf_clear(&text);
	hex_encode(slice_bytes(digest.bytes, KEEPER_TOKEN_DIGITS / 2), &text);
	token = arena_copy(arena, buf_slice(&text));
	buf_done(&text);

	return token;
}

enum err
keeper_note(struct turn *turn, const struct keeper_exchange *exchange)
{
	return keeper_note_add(turn->store,
	    &(struct keeper_note_add){.day = date_in_japan(turn->now),
		.organisation = exchange->organisation,
		.side = slice_of(exchange->side),
		.token = token_of(turn->arena, exchange),
		.record = exchange->record});
}

enum err
keeper_of(struct turn *turn, struct slice organisation, struct system_id *ret)
{
	const char *name =
	    arena_printf(turn->arena, "keeper.%.*s", SLICE_ARG(organisation))
		.data;
	struct slice id = turn_setting(turn, name);

	if (slice_is_empty(id) &&
	    slice_equal(organisation, turn_organisation(turn)))
		id = turn_setting(turn, "keeper");
	if (slice_is_empty(id))
		return ERR_NOT_FOUND;
	if (system_id_parse(id, ret))
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the setting keeper is not the id of a system, such as "
		    "131041/relay");

	return OK;
}
