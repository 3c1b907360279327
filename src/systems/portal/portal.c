#include "systems/portal/portal.h"

#include "base/encode.h"
#include "portal_statements.h"

enum err
portal_count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"residents", PORTAL_RESIDENT_COUNT, 0},
	    {"sign_ins", PORTAL_ACCOUNT_COUNT, PORTAL_ACCOUNT_COUNT_ENDED},
	    {"tickets", PORTAL_TICKET_COUNT, 0},
	    {"sessions", PORTAL_SESSION_COUNT, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

struct slice
portal_new_secret(struct turn *turn)
{
	uint8_t bytes[32];
	struct slice secret;
	struct buf text;

	random_bytes(&turn->random, bytes, sizeof(bytes));
	buf_init(&text);
	base64url_encode(slice_bytes(bytes, sizeof(bytes)), &text);
	secret = arena_copy(turn->arena, buf_slice(&text));
	buf_done(&text);

	return secret;
}
