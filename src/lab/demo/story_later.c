/*
 * Inquiries that are not answered at once: a refusal, an answer that a person
 * decides about, a provider that is down.
 */
#include <stdio.h>
#include <string.h>

#include "lab/demo/story_internal.h"

/* An inquiry of Shinjuku about the father, and its provider. */
struct topic {
	const char *affair, *item, *provider;
};

static const struct topic local_tax = {"106", "local-tax", ASAHIKAWA};
static const struct topic no_basis = {"106", "pension", ASAHIKAWA};
static const struct topic pension = {"107", "pension", PENSION};

static enum err
inquire(struct telling *t, const struct topic *topic, char inquiry[33])
{
	telling_new_id(t, inquiry);

	return telling_ask(t, SHINJUKU "/offices", HTTP_POST, "/inquiries",
	    telling_object((const char *const[][2]){{"inquiry", inquiry},
		{"business_number", t->story->father_moved},
		{"affair", topic->affair}, {"item", topic->item},
		{"provider", topic->provider},
		{"unit", "子ども家庭部子ども家庭課"}, {0}}));
}

static enum err
expect_state(struct telling *t, const char *inquiry, const char *state)
{
	enum err rc;

	rc = telling_get(
	    t, SHINJUKU "/offices", "/inquiries/%s?wait=60", inquiry);
	if (rc == OK && strcmp(telling_answered(t, "state"), state) != 0)
		rc = problem_set(t->problem, ERR_CONFLICT,
		    "the inquiry is %s instead of %s: %s",
		    telling_answered(t, "state"), state,
		    telling_answered(t, "reason"));

	return rc;
}

enum err
telling_refusal(struct telling *t)
{
	char inquiry[33];
	enum err rc;

	rc = inquire(t, &no_basis, inquiry);
	if (rc == OK)
		rc = expect_state(t, inquiry, "refused");
	if (rc == OK)
		rc = telling_keep(t, "article", t->story->refused_by,
		    sizeof(t->story->refused_by));
	if (rc)
		return rc;
	telling_say(t,
	    "131041/offices → … → digital/network: affair 106, the father's "
	    "pension, of Asahikawa");
	telling_say(t, "digital/network: refused (%s), %s",
	    telling_answered(t, "reason"), t->story->refused_by);
	telling_say(t, "  %s", telling_answered(t, "text"));

	return OK;
}

/* Asahikawa's officer marks the father's tax information, or takes the mark
 * away. */
static enum err
mark(struct telling *t, const char *path)
{
	char internal[32];
	enum err rc;

	rc = telling_ask(t, ASAHIKAWA "/addressee", HTTP_POST, "/lookups",
	    telling_object((const char *const[][2]){
		{"business_number", STORY_FATHER}, {0}}));
	if (rc == OK)
		rc = telling_keep(
		    t, "internal_number", internal, sizeof(internal));
	if (rc == OK)
		rc = telling_ask(t, ASAHIKAWA "/relay", HTTP_POST, path,
		    telling_object(
			(const char *const[][2]){{"internal_number", internal},
			    {"item", "local-tax"}, {"kind", "hold"},
			    {"reason", "an objection is pending"}, {0}}));

	return rc;
}

/* The permit of the one inquiry that waits. */
static enum err
held_permit(struct telling *t, char ret[33])
{
	const char *permit;
	enum err rc;

	rc = telling_wait_until(t, ASAHIKAWA "/relay", "held=1");
	if (rc == OK)
		rc = telling_get(t, ASAHIKAWA "/relay", "/held");
	if (rc)
		return rc;
	permit = json_string_value(json_object_get(
	    json_array_get(json_object_get(t->answer, "held"), 0), "permit"));
	if (permit == NULL || strlen(permit) != 32)
		return problem_set(
		    t->problem, ERR_INTERNAL, "no inquiry is held");
	memcpy(ret, permit, 33);

	return OK;
}

/* Wait until the notice has come to the office that asked. */
static enum err
see_deadline(struct telling *t, const char *inquiry)
{
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < POLLS_MAX; i++) {
		rc = telling_get(t, SHINJUKU "/offices",
		    "/inquiries/%s?wait=1&until=held", inquiry);
		if (rc == OK && telling_answered(t, "held_until")[0] != '\0')
			return telling_keep(t, "held_until",
			    t->story->held_until, sizeof(t->story->held_until));
	}

	return rc ? rc
		  : problem_set(
			t->problem, ERR_BUSY, "no notice of the hold has come");
}

enum err
telling_hold(struct telling *t)
{
	char inquiry[33], permit[33], path[80];
	enum err rc;

	rc = mark(t, "/marks");
	if (rc == OK)
		rc = inquire(t, &local_tax, inquiry);
	if (rc == OK)
		memcpy(t->story->held, inquiry, sizeof(t->story->held));
	if (rc == OK)
		rc = see_deadline(t, inquiry);
	if (rc == OK)
		rc = held_permit(t, permit);
	if (rc)
		return rc;
	telling_say(t,
	    "officer → 012041/relay: the father's tax information waits for a "
	    "person (自動応答不可)");
	telling_say(t,
	    "012041/relay → 131041/relay → offices: a person decides, by %s",
	    t->story->held_until);
	snprintf(path, sizeof(path), "/held/%s/decision", permit);
	rc = telling_ask(t, ASAHIKAWA "/relay", HTTP_POST, path,
	    telling_object((const char *const[][2]){{"decision", "release"},
		{"reason", "the objection does not concern 2026"}, {0}}));
	if (rc == OK)
		rc = expect_state(t, inquiry, "received");
	if (rc == OK)
		rc = mark(t, "/marks/remove");
	if (rc)
		return rc;
	telling_say(t,
	    "officer → 012041/relay: released, with name and reason; "
	    "the answer is sealed and sent");
	telling_say(t,
	    "  not seen: Shinjuku learns the deadline and the answer, not "
	    "why it waited");

	return OK;
}

/* --- A provider that is down ----------------------------------------------- */

/* Wait until the network has a message that waits for a system: this may take a
 * little longer on a busy machine. */
static enum err
see_waiting(struct telling *t, const char *inquiry, const char *peer)
{
	const json_t *row;
	size_t k;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < POLLS_MAX; i++) {
		if (i >= POLLS_MAX / 10)
			rc = telling_get(t, SHINJUKU "/offices",
			    "/inquiries/%s?wait=1", inquiry);
		if (rc == OK)
			rc = telling_get(t, "digital/network", "/status");
		json_array_foreach(
		    json_object_get(t->answer, "waiting"), k, row)
		{
			if (strcmp(
				json_string_value(json_object_get(row, "peer")),
				peer) == 0)
				return OK;
		}
	}

	return rc
	    ? rc
	    : problem_set(t->problem, ERR_BUSY, "nothing waits for %s", peer);
}

/* While the Pension Service's relay is down. */
static enum err
ask_meanwhile(struct telling *t, char waiting[33])
{
	int64_t before;
	char other[33];
	enum err rc;

	rc = inquire(t, &pension, waiting);
	if (rc == OK)
		rc = see_waiting(t, waiting, PENSION "/relay");
	if (rc)
		return rc;
	telling_say(t,
	    "131041/offices → … → digital/network: the father's pension; "
	    "permitted, and the permit waits for nenkin/relay");
	before = t->port->now(t->port->state).ms;
	rc = inquire(t, &local_tax, other);
	if (rc == OK)
		rc = expect_state(t, other, "received");
	if (rc == OK)
		rc = telling_get(
		    t, SHINJUKU "/offices", "/inquiries/%s", waiting);
	if (rc)
		return rc;
	telling_say(t,
	    "012041/relay → 131041/relay → offices: local tax information, "
	    "answered meanwhile in %lld ms",
	    (long long)(t->port->now(t->port->state).ms - before));
	if (strcmp(telling_answered(t, "state"), "waiting") != 0)
		return problem_set(t->problem, ERR_CONFLICT,
		    "the inquiry to a relay that is down is %s",
		    telling_answered(t, "state"));

	return OK;
}

enum err
telling_outage(struct telling *t)
{
	char waiting[33];
	int64_t before;
	enum err rc;

	rc = t->port->stop(t->port->state, PENSION "/relay", t->problem);
	if (rc)
		return rc;
	telling_say(
	    t, "nenkin/relay is killed (kill -9), and nobody starts it again");
	rc = ask_meanwhile(t, waiting);
	before = t->port->now(t->port->state).ms;
	/* Also when it went wrong: nobody else would. */
	t->port->go_on(t->port->state);
	if (rc == OK)
		rc = expect_state(t, waiting, "received");
	if (rc)
		return rc;
	telling_say(t,
	    "nenkin/relay is started again → 131041/relay: the pension "
	    "information, sealed, after %lld ms",
	    (long long)(t->port->now(t->port->state).ms - before));
	telling_say(t,
	    "  not seen: nobody asked again; the permit was delivered once, "
	    "and worked once");

	return OK;
}
