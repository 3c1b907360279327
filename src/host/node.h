/*
 * A node: one system at work on its database, without a network.
 *
 * The live host and the simulated host both drive a node; they differ only in
 * the source of bytes and of time.  The order of calls is always
 *
 *   node_begin(now)  any number of node_request / node_receive /
 *   node_settle / node_timers  node_commit()
 *
 * and the replies and receipts may leave only after node_commit() returned OK.
 * If the commit failed, every reply of the batch becomes an error.
 *
 * A batch leaves nothing of its turns in memory: node_commit() and node_abort()
 * wipe the turns' arena and the stack that the turns used.
 */
#ifndef BANGO_HOST_NODE_H
#define BANGO_HOST_NODE_H

#include "base/json.h"
#include "host/mark.h"
#include "host/system.h"
#include "pki/revoked.h"

struct node_options {
	const struct system *system;
	struct system_id id;
	const char *database; /* store location */
	/* Where the mark lies, which outlives the node; NULL, in tests: none is
	 * kept, and no database is refused for its identity. */
	const struct mark_place *place;
	struct adoption adoption;
	const struct keystore *keys; /* outlives the node */
	uint32_t sign_epoch;         /* the signing key to use; 0: the newest */
	const struct setting *settings; /* NULL name ends; outlives the node */
	struct random random;
	struct instant now;
	/* Start although records are newer than `now`: it was the clock that
	 * was wrong when they were written. */
	bool clock_was_ahead;
	unsigned int cache_kib; /* of the database; 0: the default */
	/* Lines for the log, without personal data; NULL: none. */
	void (*log)(void *state, const char *line);
	void *log_state;
};

struct node;

/* Opens the database, loads keys and the directory of peers, calls the
 * system's start.  ERR_CONFLICT if the clock was set back, or the database is
 * not the one of the mark; ERR_CORRUPT if it is missing or empty. */
MUST_USE enum err node_open(const struct node_options *options,
    struct node **ret, struct problem *problem);
/* Go on with a key store that has further keys, and which outlives the node:
 * sign with that epoch from now on; 0: with the newest.  Keys that the systems hold
 * already stay in use.  ERR_CRYPTO, and nothing changes. */
MUST_USE enum err node_use_keys(struct node *node, const struct keystore *keys,
    uint32_t epoch, struct problem *problem);
void node_close(struct node *node); /* rolls back an open batch */
const struct system_id *node_id(const struct node *node);

/* --- The directory of peers ---------------------------------------------- */

#define PEER_TLS_KEYS 4 /* at a time: they are renewed with an overlap */

struct peer {
	struct system_id id;
	const char *url; /* https://host:port */
	/* Its newest key for TLS, and older ones that are still taken. */
	struct fingerprint fingerprint, older[PEER_TLS_KEYS - 1];
	size_t n_older;
	const json_t *key; /* public JWK of its signing key */
};

/* Write the rows of peers, in a transaction of its own.  A peer then has the keys
 * for TLS that are given here, and no others; a changed signing key is added
 * beside the old one.  A key that a list of revoked keys has named is left out,
 * and the log says so. */
MUST_USE enum err node_add_peers(struct node *node, const struct peer *peers,
    size_t n, struct problem *problem);

/* A person or business system with a certificate, as this system lets it in. */
struct holder {
	struct fingerprint fingerprint;
	struct slice organisation, name; /* "131041", "山田花子" */
	uint64_t duties;                 /* a set of RIGHT_BIT() */
	struct instant since, until;     /* from the first, before the second */
	struct instant revoked;          /* 0: not */
};
/*
 * Make these the holders, all of them, in a batch of its own.  Each change has
 * an entry in the audit.  A holder of another organisation has no duties here,
 * but for the Commission's.
 */
MUST_USE enum err
node_set_holders(struct node *node, const struct holder *holders, size_t n,
    struct instant now, struct problem *problem);

struct peer_info {
	struct system_id id;
	const char *url;
	/* The keys for TLS that count; if none does, one that nobody has. */
	struct fingerprint fingerprints[PEER_TLS_KEYS];
	size_t n_fingerprints;
	struct instant due; /* when to ask node_outbox() again; 0: not */
	bool is_revoked;    /* no key of it counts; nothing is sent to it */
};
size_t node_peers(const struct node *node);
struct peer_info node_peer(const struct node *node, size_t index);

/* --- Revoked keys --------------------------------------------------------- */

/*
 * Take a list of revoked keys, whose signature the caller has verified
 * (revoked_open()); `text` is the signed text.  A list of the number that is in
 * force already changes nothing; ERR_CONFLICT if it is older.
 *
 * In one turn and transaction, the keys become rows, what is open with
 * systems that were compromised or have ended is ended by the components' hook
 * `revoked`, and the messages for these systems are erased; the audit has their
 * number.  Afterwards the directory knows.  The caller then closes the
 * connections for whose keys node_is_revoked() is true.  Outside a batch.
 */
MUST_USE enum err
node_take_revoked(struct node *node, const struct revoked_list *list,
    struct slice text, struct instant now, struct problem *problem);
/* The number of the newest list; 0: none. */
int64_t node_revoked_number(const struct node *node);
/* Whether a list has named this key of a certificate. */
bool
node_is_revoked(const struct node *node, const struct fingerprint *fingerprint);
/* The index of a peer whose list is to be fetched (GET /revoked), SIZE_MAX if
 * there is none.  The wish is then forgotten. */
size_t node_wish_revoked(struct node *node);

/* Figures of the host itself, for /status and /metrics. */
struct surroundings {
	struct instant clock; /* which may have been set back; 0: not known */
	int64_t connections;
	int64_t parked;                   /* requests that wait for a key */
	int64_t turned_away;              /* by a bound, since the start */
	struct instant directory_late;    /* unread since; 0: it is read */
	struct instant revocations_until; /* the list's next update; 0: none */
};
void
node_note_surroundings(struct node *node, const struct surroundings *around);

/* For the status: SANDBOX_COMPLETE (host/status.h), or what is missing of the
 * sandbox of the process.  A simulated node has none. */
void node_note_sandbox(struct node *node, const char *text);

/* The ends of things, for the status; 0: not known.  Nothing refuses a sealing key that
 * is over: its end is the day from which it should have a successor. */
struct node_ends {
	struct instant authority, certificate, signing_key, sealing_key;
};
void node_note_ends(struct node *node, const struct node_ends *ends);

/* --- Batches of turns ---------------------------------------------------- */

MUST_USE enum err node_begin(struct node *node, struct instant now);
/*
 * Begin a batch and call `work` in it.  If a turn wrote something and then
 * failed, `work` is called again: everything that it leaves behind must be
 * overwritten by a second call.  node_commit() or node_abort() comes next.
 */
MUST_USE enum err node_perform(struct node *node, struct instant now,
    void (*work)(void *state), void *state);
/* ERR_* as of store_commit(); afterwards no batch is open either way. */
MUST_USE enum err node_commit(struct node *node, struct problem *problem);
/* The outcome of the last batch that wrote something.  After a failure the
 * node's timers write again every second, until that succeeds. */
enum err node_last_write(const struct node *node);
/* Undo the batch, as if the process had died before the commit. */
void node_abort(struct node *node);

struct node_reply {
	int status;               /* 0: wait, see below */
	const char *route;        /* its path's pattern; NULL: no such */
	const char *content_type; /* static */
	struct buf headers;       /* lines by http_header_add() */
	struct buf body;
	struct http_file file; /* instead of the body; owned */
	char wait_key[80];     /* when status is 0 */
	int wait_seconds;
	struct problem problem; /* for the log */
};
void node_reply_done(struct node_reply *reply);

/* Handle one request in one turn.  Always fills *ret, which must be zeroed, or
 * filled by an earlier request. */
void node_request(
    struct node *node, const struct http_call *call, struct node_reply *ret);
/* The head of a call has come, without its body: how many bytes may that have,
 * by the route?  HTTP_BODY_UNREAD if node_request() will refuse the call: no
 * such route at this door, or no right to it. */
size_t node_body_bytes(const struct node *node, const struct http_call *call);
/* The organisation of a certificate's owner.  All unknown certificates have one name, which is no organisation's.
 * Borrowed. */
struct slice
node_organisation(struct node *node, const struct fingerprint *fingerprint);

/*
 * Take a batch of envelopes from the owner of the certificate `fingerprint`.
 * The signed receipt is appended to *ret_receipt.  ERR_DENIED if that owner is
 * unknown, ERR_TOO_LARGE, ERR_BUSY.
 */
MUST_USE enum err
node_receive(struct node *node, const struct fingerprint *fingerprint,
    struct slice batch, struct buf *ret_receipt, struct problem *problem);

/*
 * The same in pieces, so that one posting does not hold up the others: what was
 * taken stays taken when the host's batch is committed, and intake_keep() says
 * so; the same posting is then handed over again.  All zero at first.
 */
struct intake {
	int64_t until;   /* monotonic_ms(); from then on no envelope is begun,
			  * except the first one; 0: all are */
	size_t done;     /* envelopes that committed batches took */
	size_t reached;  /* and those that this batch took, too */
	bool is_whole;   /* that was the last one: there is a receipt */
	int64_t waybill; /* as it is kept; 0: it is not */
	int64_t waybill_reached;
	struct arena *arena;        /* of `lines`; NULL: no piece is left */
	struct receipt_line *lines; /* of all envelopes, for the receipt */
};
MUST_USE enum err node_receive_part(struct node *node,
    const struct fingerprint *fingerprint, struct slice batch,
    struct intake *intake, struct buf *ret_receipt, struct problem *problem);
void intake_keep(struct intake *intake);
void intake_done(struct intake *intake);

/* Run the timers that are due, each in a turn of its own. */
void node_timers(struct node *node);
/* Before an orderly stop: the ledger takes all waiting entries, in batches of
 * its own.  Work that fails is done at the next start. */
void node_finish(struct node *node, struct instant now);
/* The instant when the next timer is due; 0 if none is, now if one was
 * hurried. */
struct instant node_next_timer(const struct node *node);

/* Call `each` for every key that turns of the batch woke so far, a
 * NUL-terminated string. */
void node_show_wakes(const struct node *node,
    void (*each)(void *state, const char *key), void *state);
/* After the commit: the same, then forget the keys. */
void node_take_wakes(
    struct node *node, void (*each)(void *state, const char *key), void *state);

/* --- Delivery ------------------------------------------------------------ */

/* Envelopes to be posted to a peer. */
struct posting {
	int64_t after;    /* only envelopes left after this; 0: all */
	size_t max_bytes; /* together, but at least one envelope */
	struct buf batch; /* the envelopes, ready to be posted; owned */
	int64_t last;     /* the newest of them, for `after` */
};

/*
 * Collect the oldest envelopes that are due for a peer at `now` in
 * posting->batch.  ERR_NOT_FOUND if none is due; peer_info.due is then the
 * instant when one that was put off will be, or 0.  Outside a batch of turns.
 */
MUST_USE enum err node_outbox(struct node *node, size_t peer_index,
    struct instant now, struct posting *posting);
/* Settle the messages listed in the peer's receipt.  ERR_CRYPTO or ERR_INPUT if
 * the text is no receipt of that peer: then nothing changes.  Inside a batch
 * of turns. */
MUST_USE enum err node_settle(struct node *node, size_t peer_index,
    struct slice receipt, struct problem *problem);

/* For tests: the node's store. */
struct store *node_store(struct node *node);

#endif
