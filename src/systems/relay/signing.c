#include "systems/relay/signing.h"

#include "base/bug.h"
#include "systems/network/network.h"
#include "systems/relay/apart.h"
#include "systems/relay/sealing.h"

/* Fill in what commits us to the person and the case. */
static enum err
commit(struct turn *turn, const struct matter *matter,
    const struct linkage_code *code, const struct digest *blind,
    struct question *q)
{
	struct slice text;

	TRY(inquiry_case_text(
	    turn->arena, &matter->of_case, &text, turn->problem));
	q->of_case = question_case(turn->arena, blind, text);
	q->who = question_who(turn->arena, blind, code);

	return OK;
}

enum err
signing_ask(struct turn *turn, const struct question *draft,
    const struct matter *matter, const struct linkage_code *code,
    struct signed_question *ret)
{
	struct question q = *draft;
	struct system_id network;

	q.nonce = turn_new_id(turn);
	q.asker = turn_organisation(turn);
	q.step = matter->step;
	q.asked = apart_minute(turn->now);
	q.until = instant_plus(q.asked, QUESTION_LIFE_MS);
	q.seal = sealing_public_key(turn);
	random_bytes(&turn->random, &ret->blind, sizeof(ret->blind));
	TRY(commit(turn, matter, code, &ret->blind, &q));
	TRY(question_write(turn->arena, &q, &ret->text, turn->problem));
	ret->digest = digest_of(ret->text);
	TRY(turn_single(turn, NETWORK_USUAL, &network));

	return turn_question(turn, &network, &ret->digest, &ret->sheet);
}
