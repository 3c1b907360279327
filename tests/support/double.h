/*
 * Doubles: systems that stand in for the neighbours of the one under test.
 *
 * A double keeps the messages that its table lists, those that the tests need,
 * and sends whatever the test tells it to send.  In every other respect it is a
 * real node of the simulated host.
 */
#ifndef BANGO_TESTS_SUPPORT_DOUBLE_H
#define BANGO_TESTS_SUPPORT_DOUBLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "components/components.h"
#include "crypto/jose.h"
#include "tests/support/scratch.h"
#include "virtual/simulated.h"
#include "wire/kinds.h"

#define DOUBLE_HEARD_MAX 512
#define DOUBLE_START_MS INT64_C(1795248000000) /* 2026-11-21T08:00:00Z */
#define DOUBLE_DAY "2026-11-21"

struct double_message {
	char to[SYSTEM_ID_MAX + 1];
	char type[MESSAGE_TYPE_MAX + 1];
	json_t *body;
};

/* All messages that doubles of the nation heard, and the seed of the next
 * nation. */
extern struct double_message double_messages[DOUBLE_HEARD_MAX];
extern size_t double_n_messages;
extern uint64_t double_seed;

/* A type of message that doubles refuse; NULL: none.  A new nation has none. */
extern const char *double_refuses;

/* A handler that keeps the messages that it hears. */
enum err double_hear(struct turn *turn, const struct message *message);

/* The body of a message as a tree, borrowed until the next call. */
const json_t *double_tree(const struct message *message);
/* Send a tree as the body of a message; the reference is stolen. */
enum err double_send(struct turn *turn, const struct system_id *to,
    const char *type, json_t *body);

/* A type of message with any body. */
#define DOUBLE_TYPE(name)            \
	&(const struct message_type) \
	{                            \
		name, 1, NULL        \
	}
/* A row of a table of messages. */
#define HEAR(type, from)                                                     \
	{                                                                    \
		DOUBLE_TYPE(type), from, FROM_ANY_ORGANISATION, double_hear, \
		    "heard"                                                  \
	}

/* A system that hears the messages of a table and sends what it is told to. */
extern const struct schema double_schema;
extern const struct route double_routes[];
#define DOUBLE(system_name, heard)                      \
	{                                               \
		.component = {.name = system_name,      \
		    .schema = &double_schema,           \
		    .routes = double_routes,            \
		    .messages = heard},                 \
		.title = "double", .summary = "double", \
		.components = node_components           \
	}

extern const struct system double_registry, double_jukinet, double_network,
    double_relay, double_addressee, double_offices;

/* A system that a test adds to its simulation. */
struct double_member {
	const struct system *system;
	const char *id;
	const struct setting *settings; /* a NULL name ends; NULL: none */
};

/* A nation of these members; one nation at a time. */
struct simulation *double_nation(const struct double_member *members, size_t n);
void double_done(struct simulation *sim);
/* The same, as cmocka's tear-down of a test whose state is the nation. */
int double_tear_down(void **state);
/* Forget all messages heard. */
void double_forget(void);

/* The path of a file among the databases; valid until the next call. */
const char *double_path(const char *name);

/* How many messages of a type were heard. */
size_t double_count(const char *type);
/* The newest message of a type; borrowed. */
const json_t *double_last(const char *type);
/* The newest message of that type is `want`, which is stolen. */
void double_said(const char *type, json_t *want);
/* A text in a message: double_text("inquiry.answered", "outcome"). */
const char *double_text(const char *type, const char *key);
/* A text in a row of items. */
const char *double_item(const char *type, size_t row, size_t column);

/* The body with the members `case` (number "K1", opened on the first day of
 * every nation) and `whose`; the same reference. */
json_t *double_matter(json_t *body);
/* The digest of a question, and of the one in the newest inquiry.request that was
 * heard, in a buffer that the next call overwrites. */
const char *double_digest(const char *question);
const char *double_asked(void);
/* The JWK of a new sealing key; a new reference. */
json_t *double_sealing_key(void);
/* A request by the operator, answered with the status `want`; a new
 * reference. */
json_t *double_call(struct simulation *sim, const char *system,
    enum http_method method, const char *path, json_t *body, int want);

/* POST by the operator, answered with the status `want`; then run until no
 * message is under way.  `body` is stolen. */
void double_post(struct simulation *sim, const char *system, const char *path,
    json_t *body, int want);

/* Let a double send a message; `body` is stolen. */
void double_tell(struct simulation *sim, const char *from, const char *to,
    const char *type, json_t *body);
/* The same, and run until no message is under way. */
void double_say(struct simulation *sim, const char *from, const char *to,
    const char *type, json_t *body);

/* A figure of a system's progress. */
int64_t
double_progress(struct simulation *sim, const char *system, const char *name);
/* Run a system's timers as if `ms` had passed. */
void double_timers(struct simulation *sim, const char *system, int64_t ms);
/* How many messages of a system were refused by their receivers. */
int64_t double_refused(struct simulation *sim, const char *system);

/* How many entries of a system's audit have this action, and this subject
 * unless it is NULL.  The first call ends the nation: double_done() alone may
 * follow. */
size_t double_audited(struct simulation *sim, const char *system,
    const char *action, const char *subject);

#endif
