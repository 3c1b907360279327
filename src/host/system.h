/*
 * The contents of a node, as data: components, the last of which is a system.
 *
 * A component has tables, statements, routes, messages, timers and hooks.  A
 * system is a component with an address.  The host's own component and those
 * of src/components/ are part of every node.
 */
#ifndef BANGO_HOST_SYSTEM_H
#define BANGO_HOST_SYSTEM_H

#include "host/right.h"
#include "host/turn.h"
#include "ledger/merkle.h"
#include "wire/message.h"

/* --- Requests ------------------------------------------------------------ */

struct input;

/* The input as `const struct tag *`, filled by the route's shape. */
#define INPUT(in, tag) ((const struct tag *)input_filled(in, &tag##_shape))
const void *input_filled(const struct input *in, const struct shape *shape);

/* The whole body of a route with `raw` set, as it was received. */
struct slice input_raw(const struct input *in);
/* True when a reply_wait() ran out of time: answer with the present state. */
bool input_waited(const struct input *in);
/* True when the handler runs again after a reply_wait(), for whatever reason: its
 * first run did what the caller asked for. */
bool input_resumed(const struct input *in);
/* The call as it was received: the header fields, the door. */
const struct http_call *input_call(const struct input *in);

struct reply;

/*
 * Begin an object as the answer: the handler writes its members, the host ends
 * it.  The arena is the turn's.
 */
struct json_out *reply_object(struct reply *reply, int status);
/* Answer with an object of these named numbers. */
void reply_counting(
    struct reply *reply, int status, const struct counting *counting);
/* A count that the caller of GET /progress waits for. */
struct awaited {
	const char *count; /* its name */
	bool is_asked;
	int64_t value;
	bool at_most; /* the count is to fall to the value, not to reach it */
};
/* Counts, and how to wait for them. */
struct counts_reply {
	struct counting counts;
	struct awaited awaited[4]; /* a NULL name ends */
	int64_t wait;              /* seconds; 0: not at all */
	struct slice key;          /* of reply_wait() */
};
/* Answer with the counts, or wait until each count that is asked for is there.
 * A caller that asks for none waits until its time is over. */
void reply_progress(const struct input *in, struct reply *reply,
    const struct counts_reply *counts);
/* Answer with text of a media type; copied. */
void reply_text(struct reply *reply, int status, const char *content_type,
    struct slice body);
/* Answer with an error, but keep the turn: its audit entry, above all.  An error
 * that the handler returns would undo both. */
void reply_refusal(const struct turn *turn, struct reply *reply, enum err err,
    const char *why);
/*
 * Do not answer yet: when a turn wakes `key`, or after `seconds`, run this
 * handler again from the start.  The changes of the turn stay, so running the
 * handler again must do no harm.
 */
void reply_wait(struct reply *reply, struct slice key, int seconds);

/*
 * For pages.  Header fields, cookies and tags are sent with the answer, in
 * whatever order the handler calls these functions; those of a handler that
 * fails are dropped.  ERR_INTERNAL if a value is not allowed there: see
 * wire/http_reply.h.
 */
MUST_USE enum err
reply_header(struct reply *reply, const char *name, struct slice value);
MUST_USE enum err
reply_cookie(struct reply *reply, const struct http_cookie *cookie);
/* Answer with bytes of a media type, a constant; copied. */
void reply_bytes(struct reply *reply, int status, const char *content_type,
    struct slice body);
/* Answer with a file, which is sent piece by piece after the commit; the file
 * must not become shorter meanwhile.  Always takes the descriptor. */
void reply_file(struct reply *reply, int status, const char *content_type,
    const struct http_file *file);
/* Redirect the caller: 303 after a form, 301, 302, 307 or 308.  ERR_INTERNAL
 * unless `path` is one of this server by http_path_is_own(). */
MUST_USE enum err
reply_redirect(struct reply *reply, int status, struct slice path);
/* Set the entity tag of an answer that is complete.  ERR_INTERNAL unless
 * http_etag_is_valid().  A caller that has this tag already gets 304 and no
 * body. */
MUST_USE enum err
reply_etag(struct reply *reply, const struct input *in, struct slice tag);

/*
 * Whether a second holder has confirmed this request.  A handler that finds that
 * it needs one, beyond what its duty says, answers with reply_pending() and
 * changes nothing: it runs again when another holder has confirmed
 * (host/pending.h).
 */
bool input_is_confirmed(const struct input *in);
MUST_USE enum err
reply_pending(struct turn *turn, const struct input *in, struct reply *reply);

struct route {
	enum http_method method;
	const char *path; /* "/residents/{resident}" */
	enum right right; /* the one duty that it needs, or another right */
	enum err (*handle)(
	    struct turn *turn, const struct input *in, struct reply *reply);
	/* The shape of the input: a field whose name stands in the path as
	 * {name} is taken from there, others from the query, a form or the
	 * JSON body.  The host refuses values that do not fit, and unknown
	 * fields, before it calls the handler.  NULL: input is left alone. */
	const struct shape *shape;
	const char *summary; /* one line for the API's description */
	bool raw;            /* the body is no form and no JSON */
	/* Strangers may guess here: the answers 401 and 404 count against the
	 * address of a caller without certificate (host/guesses.h). */
	bool guessed;
	/* The doors that have the route, HTTP_DOOR_*; 0: only the peers'.  At
	 * any other door the route is not found. */
	unsigned int doors;
	/* Bytes that a body may have, at most 16 MiB; 0: 64 KiB.  The body of a
	 * caller without the right to the route is not read. */
	size_t max_bytes;
};

/* --- Messages ------------------------------------------------------------ */

struct message {
	struct message_id id;
	struct slice type;
	struct system_id from;
	struct instant time;
	struct slice text; /* of the body, as received */
	const struct message_type *is;
	const void *input; /* of type `is`: message_input() */
	/* In a row of `refused`: the receiver's reason, for people; not
	 * empty. */
	struct slice refusal;
};

/* The body of a message as `const struct tag *`, filled by its type. */
#define MESSAGE(message, tag) \
	((const struct tag *)message_input(message, &message_##tag))
const void *
message_input(const struct message *message, const struct message_type *type);

/* Flags of a message. */
enum message_scope {
	FROM_ANY_ORGANISATION = 0,
	FROM_OWN_ORGANISATION = 1,
	/* The body has an id of its own: the same message may come again under
	 * a new envelope id, and does no harm. */
	REPEATABLE = 2,
};

struct message_handler {
	/* The edition that this row takes; another edition has a row of its
	 * own.  An edition without a shape takes any body, as text. */
	const struct message_type *takes;
	/* The name of the system that may send it: "jukinet".  A type that two
	 * systems may send has two rows.  NULL, in components: any system. */
	const char *from;
	unsigned int scope; /* FROM_... | REPEATABLE */
	/*
	 * OK: accepted.  ERR_INPUT, ERR_NOT_FOUND, ERR_CONFLICT, ERR_DENIED,
	 * ERR_TOO_LARGE: refused permanently, and the sender is told.  Any
	 * other error: nothing happened, and the sender tries again.
	 */
	enum err (*handle)(struct turn *turn, const struct message *message);
	const char *summary;
};

/* A message of ours for whose answer somebody waits. */
struct refusal_handler {
	const struct message_type *told; /* this edition */
	const char *by; /* the name of the system that refused it */
	/*
	 * Called when that system has refused such a message for good: the
	 * message is our own, but message->from is the system that refused it,
	 * and message->refusal its reason.  The turn is that of the receipt.  An
	 * error undoes the handler's changes, and the message is settled all
	 * the same; but for those errors after which a sender tries again.
	 */
	enum err (*handle)(struct turn *turn, const struct message *message);
	const char *summary;
};

/* --- Timers -------------------------------------------------------------- */

struct timer {
	/* Unique among the node's timers.  A component other than a system
	 * begins it with the component's name: "audit.ledger". */
	const char *name;
	int64_t period_ms; /* 0: only when hurried, and once at start */
	enum err (*handle)(struct turn *turn);
	const char *summary;
};

/* --- Settings ------------------------------------------------------------ */

/* The values that a setting may have; founding refuses all others
 * (nation/config_setting.h). */
enum setting_kind {
	SETTING_SYSTEM,   /* another system of the nation: "131041/relay" */
	SETTING_PROVIDER, /* an organisation of the nation with a relay */
	SETTING_OVERSEER, /* another organisation of the nation */
	SETTING_KEEPER,   /* of a relay: a system of a third organisation */
	SETTING_WORD,     /* one of `words` */
	SETTING_NUMBER,   /* from 1 to `most` */
};
#define SETTING_KIND_COUNT (SETTING_NUMBER + 1)

struct setting_rule {
	/* One that ends with '.' is the beginning of several: the id of an
	 * organisation of the nation follows. */
	const char *name;
	enum setting_kind kind;
	const char *const *words; /* NULL ends */
	uint64_t most;
};

/* --- Components ---------------------------------------------------------- */

struct component {
	const char *name; /* the folder's name: "audit" */
	const struct schema *schema;
	const struct route *routes;             /* NULL handler ends */
	const struct message_handler *messages; /* NULL takes ends */
	const struct refusal_handler *refused;  /* NULL told ends */
	const struct timer *timers;             /* NULL name ends */
	/* Timers whose work can wait: they run last, for one turn in a batch
	 * without other work, until they are 10 s late.  They finish their work
	 * before the node stops (node_finish()). */
	const struct timer *patient_timers;
	/* The settings that it reads and that a founding file may give.  NULL
	 * name ends; NULL: it reads none. */
	const struct setting_rule *settings;
	/* Make the component's state once from keys and settings (ciphers,
	 * tables).  The turn has store, keys, now; no request.  Optional.
	 * Turns of this component find the state in turn->state. */
	enum err (*start)(struct turn *turn, void **ret_state);
	void (*stop)(void *state);
	/* Numbers for `bango status`: counting_add(). */
	enum err (*count)(struct turn *turn, struct counting *counts);
	/* Hook: the nation's authority says that `system` was compromised or has
	 * ended.  End what is open with it, in this turn. */
	enum err (*revoked)(struct turn *turn, const struct system_id *system);
	/* Hook: this turn, of any component, wrote an entry of the audit. */
	void (*audited)(struct turn *turn);
	/* Hook: a turn of a message or request of another organisation wrote so
	 * much; it is called before the work and after it.  ERR_BUSY undoes the
	 * turn, and the sender tries again. */
	enum err (*wrote)(struct turn *turn, struct slice organisation,
	    const struct store_written *written);
	/* Hook: the tree of the audit's first `size` entries, or of all entries
	 * that are in it if it has fewer.  At most one component has it. */
	enum err (*ledger)(
	    struct turn *turn, uint64_t size, struct merkle_tree *ret);
};

/* --- The system ---------------------------------------------------------- */

/* How a system holds a kind of number or code. */
enum holding {
	HOLDS_NOT,
	HOLDS_KEPT,     /* in its database */
	HOLDS_COMPUTED, /* not kept, but its key derives it from kept data */
	HOLDS_PASSING,  /* in the turn that forwards it, and never kept */
	HOLDS_OWN,      /* kept: only that of its own organisation */
	HOLDS_ALL,      /* by its key: those of all organisations */
};

/*
 * The personal data that a system may hold.  No system has both an Individual
 * Number and a linkage code.  tools/check-docs.sh compares the tables "Who
 * holds what" of ARCHITECTURE.md and docs/messages.md with this.
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
	/* The other components of its node, the host's first, in the order in
	 * which their statements are numbered; NULL ends. */
	const struct component *const *components;
	const char *const *keys; /* purposes of symmetric keys; NULL ends */
	/* The duties that its holders may have besides DUTIES_COMMON: a set of
	 * RIGHT_BIT(). */
	uint64_t duties;
	/* Its doors besides the peers', HTTP_DOOR_*. */
	unsigned int doors;
	bool
	    public_api; /* at the peers', too, callers may have no certificate */
	/* The usual id of a system that exists once in the nation; NULL: each
	 * organisation may have one. */
	const char *usual;
	/* The name of such a system, without which this one does not get on
	 * with its work; NULL: none. */
	const char *relies_on;
	struct holdings holds;
	/* The reason why an empty database cannot be adopted in place of a lost
	 * one; NULL: it can. */
	const char *never_empty;
};

/*
 * Open the database of a system, with the tables and statements of all
 * components of its node.  Errors as of store_open().
 */
MUST_USE enum err system_open_store(const struct system *system,
    const char *location, const struct store_options *options,
    struct store **ret, struct problem *problem);

#endif
