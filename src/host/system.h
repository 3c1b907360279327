/*
 * What a node runs, as data: components, the last of which is a system.
 *
 * A component has tables, statements, routes, messages, timers and hooks.  A
 * system is a component with an address.  The host's own component and those
 * of src/components/ are part of every node.
 */
#ifndef BANGO_HOST_SYSTEM_H
#define BANGO_HOST_SYSTEM_H

#include "host/turn.h"
#include "wire/message.h"

/* --- Requests ------------------------------------------------------------ */

struct input;

/* What came in as `const struct tag *`, which the route's shape filled. */
#define INPUT(in, tag) ((const struct tag *)input_filled(in, &tag##_shape))
const void *input_filled(const struct input *in, const struct shape *shape);

/* The whole body of a route with `raw` set, as it came. */
struct slice input_raw(const struct input *in);
/* True when a reply_wait() ran out of time: answer with what there is. */
bool input_waited(const struct input *in);
/* The call as it came: the header fields, the door. */
const struct http_call *input_call(const struct input *in);

struct reply;

/*
 * Begin an object as the answer: the handler writes its members, the host ends
 * it.  The arena is the turn's.
 */
struct json_out *reply_object(struct reply *reply, int status);
/* Answer with an object of these numbers. */
void reply_counting(
    struct reply *reply, int status, const struct counting *counting);
/* Answer with JSON that is text already; copied. */
void reply_json_text(struct reply *reply, int status, struct slice body);
/* Answer with text of a media type; copied. */
void reply_text(struct reply *reply, int status, const char *content_type,
    struct slice body);
/*
 * Do not answer yet: when a turn wakes `key`, or after `seconds`, run this
 * handler again from the start.  What the turn changed stays, so running it
 * again must do no harm.
 */
void reply_wait(struct reply *reply, struct slice key, int seconds);

/*
 * For pages.  A header field, a cookie, a tag go with the answer, in whatever
 * order they are said; what a handler says that then fails is forgotten.
 * ERR_INTERNAL if a value may not stand there: see wire/http_reply.h.
 */
MUST_USE enum err
reply_header(struct reply *reply, const char *name, struct slice value);
MUST_USE enum err
reply_cookie(struct reply *reply, const struct http_cookie *cookie);
/* Answer with bytes of a media type, a constant; copied. */
void reply_bytes(struct reply *reply, int status, const char *content_type,
    struct slice body);
/* Answer with a file, which is sent piece by piece after the commit; the file
 * must not become shorter meanwhile.  Takes the descriptor, in any case. */
void reply_file(struct reply *reply, int status, const char *content_type,
    const struct http_file *file);
/* Send the caller on: 303 after a form, 301, 302, 307 or 308; `path` is one of
 * this server, as http_path_is_own() has it, or ERR_INTERNAL. */
MUST_USE enum err
reply_redirect(struct reply *reply, int status, struct slice path);
/* After the answer is there: its entity tag (http_etag_is_valid(), or
 * ERR_INTERNAL).  A caller that has it already gets 304 and no body. */
MUST_USE enum err
reply_etag(struct reply *reply, const struct input *in, struct slice tag);

struct route {
	enum http_method method;
	const char *path; /* "/residents/{resident}" */
	enum role role;
	enum err (*handle)(
	    struct turn *turn, const struct input *in, struct reply *reply);
	/* Of what comes in: a field whose name stands in the path as {name}
	 * comes from there, others from the query, a form or the JSON body.
	 * The host refuses what does not fit, unknown fields too, before the
	 * handler sees anything.  NULL: whatever comes is left alone. */
	const struct shape *shape;
	const char *summary; /* one line for the API's description */
	bool raw;            /* the body is no form and no JSON */
	/* At which doors the route stands, HTTP_DOOR_*; 0: the peers' alone.
	 * At another one it is not found. */
	unsigned int doors;
	/* Bytes that a body may have, at most 16 MiB; 0: 64 KiB.  Operators'
	 * and peers' routes read no more than that from a stranger. */
	size_t max_bytes;
};

/* --- Messages ------------------------------------------------------------ */

struct message {
	struct message_id id;
	struct slice type;
	struct system_id from;
	struct instant time;
	struct slice text; /* of the body, as it came */
	const struct message_type *is;
	const void *input; /* of type `is`: message_input() */
};

/* The body of a message as `const struct tag *`, which its type filled. */
#define MESSAGE(message, tag) \
	((const struct tag *)message_input(message, &message_##tag))
const void *
message_input(const struct message *message, const struct message_type *type);

/* Flags of a message. */
enum message_scope {
	FROM_ANY_ORGANISATION = 0,
	FROM_OWN_ORGANISATION = 1,
	/* Known by an id within: it may come again under a new id of the
	 * envelope, and does no harm. */
	REPEATABLE = 2,
};

struct message_handler {
	/* The edition that this row takes; another one has a row of its own.
	 * One without a shape takes any body, as text. */
	const struct message_type *takes;
	/* The system's name that may send it: "jukinet".  A type that two
	 * systems may send has two rows.  NULL, in components: any. */
	const char *from;
	unsigned int scope; /* FROM_... | REPEATABLE */
	/*
	 * OK: accepted.  ERR_INPUT, ERR_NOT_FOUND, ERR_CONFLICT, ERR_DENIED,
	 * ERR_TOO_LARGE: refused for good, the sender is told.  Anything
	 * else: nothing happened, the sender tries again.
	 */
	enum err (*handle)(struct turn *turn, const struct message *message);
	const char *summary;
};

/* --- Timers -------------------------------------------------------------- */

struct timer {
	/* Of the node's timers alone.  A component other than a system begins
	 * it with its own name: "audit.ledger". */
	const char *name;
	int64_t period_ms; /* 0: only when hurried, and once at start */
	enum err (*handle)(struct turn *turn);
	const char *summary;
};

/* --- Components ---------------------------------------------------------- */

struct component {
	const char *name; /* the folder's name: "audit" */
	const struct schema *schema;
	const struct route *routes;             /* NULL handler ends */
	const struct message_handler *messages; /* NULL takes ends */
	const struct timer *timers;             /* NULL name ends */
	/* Timers whose work can wait: they come last, for one turn in a batch
	 * without other work, until they are 10 s late.  They run to their end
	 * before the node stops (node_finish()). */
	const struct timer *patient_timers;
	/* What is made once from keys and settings (ciphers, tables).  The
	 * turn has store, keys, now; no request.  Optional.  Turns of this
	 * component find it in turn->state. */
	enum err (*start)(struct turn *turn, void **ret_state);
	void (*stop)(void *state);
	/* Numbers for `bango status`: counting_add(). */
	enum err (*count)(struct turn *turn, struct counting *counts);
	/* Hook: this turn, of any component, has an entry in the audit. */
	void (*audited)(struct turn *turn);
};

/* --- The system ---------------------------------------------------------- */

/* How a system has a kind of number or code. */
enum holding {
	HOLDS_NOT,
	HOLDS_KEPT,     /* in its database */
	HOLDS_COMPUTED, /* not kept, but its key makes it of what is kept */
	HOLDS_PASSING,  /* in the turn that hands it on, and never kept */
	HOLDS_OWN,      /* kept: that of its own organisation alone */
	HOLDS_ALL,      /* by its key: those of all organisations */
};

/*
 * What a system may hold of a person.  No system has both an Individual Number
 * and a linkage code.  tools/check-docs.sh compares the tables "Who holds
 * what" of ARCHITECTURE.md and docs/messages.md with this.
 */
struct holdings {
	enum holding individual_number;
	enum holding resident_code;
	enum holding internal_number;
	enum holding linkage_code;
	const char *contents; /* in words; NULL: none */
};

struct system {
	struct component component;
	const char *title;   /* 中間サーバー */
	const char *summary; /* one line */
	/* What its node runs besides, the host's first, in the order in which
	 * their statements are numbered; NULL ends. */
	const struct component *const *components;
	const char *const *keys; /* purposes of symmetric keys; NULL ends */
	/* The doors that it has besides the peers', HTTP_DOOR_*. */
	unsigned int doors;
	bool
	    public_api; /* at the peers', too, callers may have no certificate */
	/* There is one in the nation, and this is its usual id; NULL: each
	 * organisation may have one. */
	const char *usual;
	struct holdings holds;
};

/*
 * Open the database of a system, with the tables and statements of all that
 * its node runs.  Errors as of store_open().
 */
MUST_USE enum err system_open_store(const struct system *system,
    const char *location, const struct store_options *options,
    struct store **ret, struct problem *problem);

#endif
