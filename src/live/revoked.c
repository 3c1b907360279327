#include "live/revoked.h"

#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "live/courier.h"
#include "wire/http_client.h"

#define FETCH_MS 30000

/* --- Taking a list -------------------------------------------------------- */

bool
revoked_is_cut(void *state, const struct fingerprint *key)
{
	struct live *live = state;

	return node_is_revoked(live->options->node, key) &&
	    !bug_is(BUG_REVOKED_CONNECTED);
}

/* At the server's side and at the client's. */
static void
cut(struct live *live)
{
	size_t i;
	int n = 0;

	for (i = 0; i < HTTP_DOOR_COUNT && live->servers[i] != NULL; i++)
		n += http_server_cut(live->servers[i]);
	courier_cut(live->courier, revoked_is_cut, live);
	http_client_cut(live->fetcher, revoked_is_cut, live);
	live_log(live,
	    "list %lld of revoked keys is in force; %d connections were cut",
	    (long long)node_revoked_number(live->options->node), n);
}

static enum err
take(struct live *live, struct arena *arena, struct slice text,
    struct problem *problem)
{
	const struct live_options *o = live->options;
	int64_t before = node_revoked_number(o->node);
	struct revoked_list list;

	TRY(revoked_open(arena, text, o->ca_pem, &list, problem));
	TRY(node_take_revoked(
	    o->node, &list, text, o->clock.now(o->clock.state), problem));
	if (node_revoked_number(o->node) != before)
		cut(live);

	return OK;
}

/* Verify a signed list and take it, if it is newer. */
static enum err
take_text(struct live *live, struct slice text, struct problem *problem)
{
	struct arena *arena = arena_new();
	enum err rc = take(live, arena, text, problem);

	arena_free(arena);

	return rc;
}

enum err
revoked_read(struct live *live, struct problem *problem)
{
	struct buf text;
	enum err rc;

	if (access(live->options->revoked_path, F_OK))
		return OK;
	buf_init(&text);
	rc = file_read(
	    live->options->revoked_path, REVOKED_TEXT_MAX, &text, problem);
	if (rc == OK)
		rc = take_text(live, buf_slice(&text), problem);
	buf_done(&text);

	return rc;
}

/* --- From a peer ---------------------------------------------------------- */

enum err
revoked_arm(struct live *live)
{
	return http_client_new(
	    live->base, live->options->tls, 1, &live->fetcher);
}

void
revoked_done(struct live *live)
{
	http_client_free(live->fetcher);
}

/* A list that is not taken leaves the one in force as it is. */
static void
on_fetched(void *state, const struct http_answer *answer)
{
	struct problem problem = {0};
	struct live *live = state;

	live->fetching = false;
	if (answer->err || answer->status != 200)
		return;
	if (take_text(live, answer->body, &problem))
		live_log(live, "a peer's list of revoked keys is not taken: %s",
		    problem.text);
}

void
revoked_fetch(struct live *live)
{
	struct node *node = live->options->node;
	struct http_client_call call = {.method = HTTP_GET,
	    .timeout_ms = FETCH_MS,
	    .answer_bytes = REVOKED_TEXT_MAX};
	struct peer_info peer;
	struct buf url;
	size_t index;

	index = live->fetching ? SIZE_MAX : node_wish_revoked(node);
	if (index == SIZE_MAX)
		return;
	peer = node_peer(node, index);
	buf_init(&url);
	buf_printf(&url, "%s/revoked", peer.url);
	call.url = url.data;
	call.server = peer.fingerprints;
	call.further = peer.n_fingerprints - 1;
	live->fetching = true;
	http_client_send(live->fetcher, &call, on_fetched, live);
	buf_done(&url);
}
