#include "systems/relay/search.h"

#include "crypto/hash.h"
#include "law/refusal.h"
#include "systems/network/network.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("令85 40条3項")

static enum err
send_not_acquired(struct turn *turn, struct slice search)
{
	const struct refusal_info *info = refusal_info(REFUSED_NOT_ACQUIRED);
	struct system_id offices = turn_sibling(turn, "offices");
	json_t *body = json_object();

	json_put_text(body, "search", search);
	json_put(body, "organisations", json_array());
	json_put_text(body, "reason", slice_of(info->reason));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));

	return turn_send(turn, &offices, "provider.found", body);
}

/* The same question, about our code. */
static enum err
send_on(struct turn *turn, const json_t *like, const struct linkage_code *code)
{
	static const char *const keys[] = {"search", "affair", "item"};
	char text[LINKAGE_CODE_DIGITS + 1];
	struct system_id network;
	struct slice value;
	json_t *body;
	size_t i;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc)
		return rc;
	body = json_object();
	for (i = 0; rc == OK && i < sizeof(keys) / sizeof(keys[0]); i++) {
		rc = json_get_text(like, keys[i], &value, turn->problem);
		if (rc == OK)
			json_put_text(body, keys[i], value);
	}
	if (rc) {
		json_decref(body);
		return rc;
	}
	linkage_code_format(code, text);
	json_put_text(body, "code", slice_of(text));
	secret_wipe(text, sizeof(text));

	return turn_send(turn, &network, "provider.search", body);
}

enum err
search_ask(struct turn *turn, const struct message *message)
{
	struct internal_number internal;
	struct slice search, text;
	struct linkage_code code = {{0}};
	enum err rc;

	rc = json_get_text(message->body, "search", &search, turn->problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "internal_number", &text, turn->problem);
	if (rc)
		return rc;
	if (internal_number_parse(text, &internal))
		return problem_set(turn->problem, ERR_INPUT,
		    "field internal_number: malformed");
	rc = linkage_code_of(turn, internal, &code);
	if (rc == OK)
		rc = send_on(turn, message->body, &code);
	else if (rc == ERR_NOT_FOUND)
		rc = send_not_acquired(turn, search);
	linkage_code_wipe(&code);
	if (rc)
		return rc;

	return turn_audit(turn, "provider.search", text, BASIS);
}

enum err
search_found(struct turn *turn, const struct message *message)
{
	struct system_id offices = turn_sibling(turn, "offices");
	struct slice search;
	enum err rc;

	rc = json_get_text(message->body, "search", &search, turn->problem);
	if (rc)
		return rc;

	return turn_send(turn, &offices, "provider.found",
	    json_copy((json_t *)message->body));
}
