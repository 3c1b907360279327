/*
 * The audit's tables: routes, messages, timers.
 *
 * Over HTTP the ledger shows its checkpoint, tiles, and the proof of an entry.
 */
#include "host/routes.h"
#include "audit_statements.h"
#include "components/audit/audit.h"
#include "components/audit/greeting.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/state.h"
#include "components/audit/witness.h"
#include "messages/ledger.h"

#define HOUR_MS (3600ll * 1000)
#define NOTE_TYPE "text/plain; charset=utf-8"

static enum err
reply_head(struct turn *turn, const char *name, struct reply *reply)
{
	struct ledger_head head;
	enum err rc;

	rc = ledger_head_load(turn->store, turn->arena, name, &head);
	if (rc)
		return rc;
	if (head.note.len == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the ledger of this system has no such checkpoint yet");
	reply_text(reply, 200, NOTE_TYPE, head.note);

	return OK;
}

static enum err
get_checkpoint(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)in;

	return reply_head(turn, "signed", reply);
}

static enum err
get_cosigned(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)in;

	return reply_head(turn, "cosigned", reply);
}

/* The captures together are the part of the path after "/tile/". */
static enum err
read_path(const struct input *in, struct tile *ret)
{
	struct buf path;
	size_t i;
	enum err rc;

	buf_init(&path);
	buf_add(&path, SLICE("tile"));
	for (i = 0; i < in->n_captures; i++) {
		buf_add_char(&path, '/');
		buf_add(&path, in->parts[i]);
	}
	rc = tile_parse(buf_slice(&path), ret);
	buf_done(&path);

	return rc;
}

static enum err
get_tile(struct turn *turn, const struct input *in, struct reply *reply)
{
	size_t want;
	struct tile tile;
	struct buf hashes;
	enum err rc;

	if (read_path(in, &tile))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "a tile is /tile/<L>/<N>[.p/<W>] as of "
		    "c2sp.org/tlog-tiles");
	want = tile.width * sizeof(struct digest);
	buf_init(&hashes);
	rc = tile.number > INT64_MAX
	    ? ERR_CORRUPT
	    : ledger_load_tile(turn->store, tile.level, tile.number, &hashes);
	if (rc == ERR_CORRUPT || (rc == OK && hashes.len < want))
		rc = problem_set(turn->problem, ERR_NOT_FOUND,
		    "the ledger of this system has no such tile");
	if (rc == OK)
		reply_text(reply, 200, "application/octet-stream",
		    slice_bytes(hashes.data, want));
	buf_done(&hashes);

	return rc;
}

struct audit_proof_input {
	int64_t seq;
};
static const struct field proof_fields[] = {
    FIELD(audit_proof_input, seq, INT(0, INT64_MAX), "the number of the entry"),
};
static const struct shape audit_proof_input_shape =
    SHAPE(audit_proof_input, proof_fields);

static enum err
get_proof(struct turn *turn, const struct input *in, struct reply *reply)
{
	int64_t seq = INPUT(in, audit_proof_input)->seq;
	struct slice which = arena_printf(turn->arena, "%lld", (long long)seq);
	struct ledger_proof proof;
	enum err rc;

	TRY(turn_audit(turn, "ledger.prove", which, (struct slice){0}));
	rc = ledger_prove(turn->store, turn->arena, seq, &proof);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "there is no such entry, or it is not in the ledger yet");
	TRY(rc);
	ledger_proof_write(&proof, reply_object(reply, 200));

	return OK;
}

/* A tile's path: the numbers are the tile's own notation (read_path). */
struct audit_tile_input {
	int64_t level;
	struct slice a, b, c, d;
};
static const struct field tile_fields[] = {
    FIELD(audit_tile_input, level, INT(0, TILE_LEVELS - 1),
	"the level of the tile"),
    FIELD(audit_tile_input, a, TEXT(6),
	"the number of the tile, or its first part"),
    OPTION(audit_tile_input, b, TEXT(6), "the next part of the number"),
    OPTION(audit_tile_input, c, TEXT(6), "the next part of the number"),
    OPTION(audit_tile_input, d, TEXT(4), "the next part of the number"),
};
static const struct shape audit_tile_input_shape =
    SHAPE(audit_tile_input, tile_fields);

static const struct route routes[] = {
    {HTTP_GET, "/checkpoint", RIGHT_PUBLIC, get_checkpoint, NULL,
	"the ledger's signed head, as of c2sp.org/tlog-checkpoint",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/checkpoint/cosigned", RIGHT_PUBLIC, get_cosigned, NULL,
	"the newest head that a witness has signed too",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/tile/{level}/{a}", RIGHT_PUBLIC, get_tile,
	&audit_tile_input_shape,
	"hashes of the ledger, as of c2sp.org/tlog-tiles",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/tile/{level}/{a}/{b}", RIGHT_PUBLIC, get_tile,
	&audit_tile_input_shape,
	"hashes of the ledger, of a longer tile number",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/tile/{level}/{a}/{b}/{c}", RIGHT_PUBLIC, get_tile,
	&audit_tile_input_shape,
	"hashes of the ledger, of a longer tile number",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/tile/{level}/{a}/{b}/{c}/{d}", RIGHT_PUBLIC, get_tile,
	&audit_tile_input_shape,
	"hashes of the ledger, of a longer tile number",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/ledger/entries/{seq}", DUTY_LEDGER, get_proof,
	&audit_proof_input_shape,
	"an entry of the audit, with the proof that it is in the ledger"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_ledger_checkpoint, NULL, FROM_ANY_ORGANISATION,
	witness_take_checkpoint, "a ledger's new head, to be cosigned"},
    {&message_ledger_cosigned, NULL, FROM_ANY_ORGANISATION,
	witness_take_cosigned, "the witness's signature"},
    {0},
};

static const struct timer timers[] = {
    {GREETING_TIMER, 0, witness_greet,
	"show the witness the ledger's head at the start"},
    {WITNESS_TIMER, 0, witness_ask,
	"ask another organisation to sign the ledger"},
    {LEDGER_HOUSEKEEPING_TIMER, HOUR_MS, ledger_housekeeping,
	"erase entries after ten years"},
    {0},
};

static const struct timer patient_timers[] = {
    {LEDGER_TIMER, 0, ledger_grow, "add new audit entries to the ledger"},
    {0},
};

static const struct setting_rule settings[] = {
    {"witness", SETTING_SYSTEM, NULL},
    {"witness2", SETTING_SYSTEM, NULL},
    {"witness3", SETTING_SYSTEM, NULL},
    {0},
};

static enum err
start(struct turn *turn, void **ret_state)
{
	TRY(state_begin(turn));

	return greeting_start(turn, ret_state);
}

const struct component audit_component = {
    .name = "audit",
    .schema = &audit_schema,
    .routes = routes,
    .messages = messages,
    .timers = timers,
    .patient_timers = patient_timers,
    .settings = settings,
    .start = start,
    .stop = greeting_stop,
    .count = state_misfits,
    .audited = ledger_soon,
    .ledger = ledger_tree,
};
