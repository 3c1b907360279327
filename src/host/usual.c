/* turn_tell_usual() of turn.h.  Not in outbox.c: tests put other functions in
 * the place of turn_leave() where the program is linked. */
#include "host/turn.h"

enum err
turn_leave_usual(struct turn *turn, const char *usual,
    const struct message_type *type, const void *body)
{
	struct system_id to;

	TRY(turn_single(turn, usual, &to));

	return turn_leave(turn, &to, type, body, WAITED_FOR);
}
