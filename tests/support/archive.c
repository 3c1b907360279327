#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "messages/question.h"
#include "pki/attest.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

#define HOUR_MS 3600000ll
#define DAY_MS (24 * HOUR_MS)
#define ENTRIES 16

struct archive_options archive_options;

static const char *const names[ARCHIVE_SYSTEMS] = {"131041/relay",
    "012041/relay", "digital/network", "jlis/jukinet", "131041/addressee",
    "042021/relay", "jlis/network"};
static const char *const organisations[ARCHIVE_SYSTEMS] = {"新宿区", "旭川市",
    "デジタル庁", "地方公共団体情報システム機構", "新宿区", "弘前市",
    "地方公共団体情報システム機構"};

static struct {
	struct arena *arena;
	struct authority *ca, *other_ca;
	struct buf anchor, other_anchor;
	struct signing_key *keys[ARCHIVE_SYSTEMS];
	struct sealing_key *sealing;
	enum archive_system holder;
	json_t *document;
	struct leaf_entry entries[ENTRIES];
	struct digest leaves[ENTRIES];
	size_t n_entries;
	struct slice question, of_case; /* format 2 */
} world;

static const uint8_t salt[LEAF_SALT_LEN] = {1, 2, 3};

const struct archive_line archive_request = {ARCHIVE_INQUIRER, ARCHIVE_NETWORK,
    "inquiry.request",
    "{\"inquiry\":\"" ARCHIVE_INQUIRY "\",\"code\":\"" ARCHIVE_INQUIRY
    "\",\"affair\":\"106\",\"item\":\"local-tax\",\"provider\":\"012041\","
    "\"unit\":\"desk\",\"undisclosed\":false,\"sealing_key\":@KEY@}",
    0, NULL, NULL};
const struct archive_line archive_permitted = {ARCHIVE_NETWORK,
    ARCHIVE_INQUIRER, "inquiry.permitted",
    "{\"inquiry\":\"" ARCHIVE_INQUIRY "\",\"permit\":\"" ARCHIVE_PERMIT
    "\",\"article\":\"番号法19条8号\",\"expires\":\"" ARCHIVE_EXPIRES "\"}",
    1000, NULL, NULL};
const struct archive_line archive_answered = {ARCHIVE_PROVIDER,
    ARCHIVE_INQUIRER, "answer.sealed",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"inquiry\":\"" ARCHIVE_INQUIRY
    "\",\"outcome\":\"provided\",\"undisclosed\":false,\"sealed\":"
    "\"@SEALED@\"}",
    2000, NULL, NULL};
const struct archive_line archive_issued = {ARCHIVE_NETWORK, ARCHIVE_PROVIDER,
    "permit.issued",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"inquiry\":\"" ARCHIVE_INQUIRY
    "\",\"code\":\"" ARCHIVE_PERMIT "\",\"item\":\"local-tax\","
    "\"affair\":\"106\",\"article\":\"番号法19条8号\","
    "\"inquirer\":\"131041\",\"unit\":\"desk\","
    "\"requested\":\"2026-11-21T16:53:20.000Z\","
    "\"expires\":\"" ARCHIVE_EXPIRES "\",\"answer_to\":\"131041/relay\","
    "\"undisclosed\":false,\"sealing_key\":@KEY@}",
    1000, NULL, NULL};
const struct archive_line archive_answer = {ARCHIVE_PROVIDER, ARCHIVE_INQUIRER,
    "answer.sealed",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"inquiry\":\"" ARCHIVE_INQUIRY
    "\",\"outcome\":\"provided\",\"undisclosed\":false,\"sealed\":"
    "\"@SEALED@\"}",
    2000, NULL, NULL};
const struct archive_line archive_report = {ARCHIVE_PROVIDER, ARCHIVE_NETWORK,
    "provision.report",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"outcome\":\"provided\","
    "\"reason\":\"\",\"at\":\"2026-11-21T16:53:22.000Z\","
    "\"undisclosed\":false}",
    2000, NULL, NULL};

/* --- Format 2 -------------------------------------------------------------- */

const struct archive_line archive_2_sheet = {ARCHIVE_INQUIRER, ARCHIVE_NETWORK,
    "question.sheet", "{\"sheet\":\"" ARCHIVE_SHEET "\",\"jws\":\"@SHEET@\"}",
    0, NULL, NULL};
const struct archive_line archive_2_request = {ARCHIVE_INQUIRER,
    ARCHIVE_NETWORK, "inquiry.request",
    "{\"inquiry\":\"" ARCHIVE_INQUIRY "\",\"code\":\"" ARCHIVE_INQUIRY
    "\",\"whose\":\"self\",\"blind\":\"" ARCHIVE_BLIND
    "\",\"question\":@QUESTION@,\"sheet\":\"" ARCHIVE_SHEET "\"}",
    0, NULL, NULL};
const struct archive_line archive_2_permitted = {ARCHIVE_NETWORK,
    ARCHIVE_INQUIRER, "inquiry.permitted",
    "{\"inquiry\":\"" ARCHIVE_INQUIRY "\",\"question\":\"@DIGEST@\","
    "\"article\":\"番号法19条8号\",\"expires\":\"" ARCHIVE_EXPIRES "\"}",
    1000, NULL, NULL};
const struct archive_line archive_2_issued = {ARCHIVE_NETWORK, ARCHIVE_PROVIDER,
    "permit.issued",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"code\":\"" ARCHIVE_PERMIT
    "\",\"article\":\"番号法19条8号\","
    "\"requested\":\"2026-11-21T16:53:20.000Z\","
    "\"expires\":\"" ARCHIVE_EXPIRES "\",\"question\":@QUESTION@,"
    "\"sheet\":\"@SHEET@\"}",
    1000, NULL, NULL};
const struct archive_line archive_2_answer = {ARCHIVE_PROVIDER,
    ARCHIVE_INQUIRER, "answer.sealed",
    "{\"question\":\"@DIGEST@\",\"outcome\":\"provided\","
    "\"sealed\":\"@SEALED@\"}",
    2000, NULL, NULL};

static const struct archive_line report_2 = {ARCHIVE_PROVIDER, ARCHIVE_NETWORK,
    "provision.report",
    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"outcome\":\"provided\","
    "\"reason\":\"\",\"at\":\"2026-11-21T16:53:22.000Z\"}",
    2000, NULL, NULL};

/* The question, signed by the inquirer's key or a forger's. */
static void
make_question(void)
{
	const struct inquiry_case c = {.number = SLICE("K1"),
	    .unit = SLICE("desk"),
	    .clerk = SLICE("sato"),
	    .opened = {2026, 11, 20}};
	struct question q = {.nonce = SLICE(ARCHIVE_SHEET),
	    .asker = SLICE("131041"),
	    .provider = SLICE("012041"),
	    .affair = SLICE("106"),
	    .item = SLICE("local-tax"),
	    .unit = SLICE("desk"),
	    .asked = instant_plus(ARCHIVE_START, -20000),
	    .until = instant_plus(ARCHIVE_START, DAY_MS),
	    .seal = sealing_key_jwk(world.sealing, world.arena)};
	struct linkage_code code;
	struct digest blind = {{0}};

	q.until.ms -= q.until.ms % 60000;
	assert_int_equal(linkage_code_parse(SLICE(ARCHIVE_INQUIRY), &code), OK);
	assert_int_equal(
	    inquiry_case_text(world.arena, &c, &world.of_case, NULL), OK);
	q.who = question_who(world.arena, &blind, &code);
	q.of_case = question_case(world.arena, &blind, world.of_case);
	assert_int_equal(
	    question_write(world.arena, &q, &world.question, NULL), OK);
}

static struct slice
sheet_text(void)
{
	const struct digest digest = archive_options.is_unlisted
	    ? digest_of(SLICE("another"))
	    : digest_of(world.question);
	enum archive_system signer =
	    archive_options.is_forged ? ARCHIVE_NETWORK : ARCHIVE_INQUIRER;
	struct sheet sheet = {.time = instant_plus(ARCHIVE_START, -10),
	    .questions = &digest,
	    .n_questions = 1};
	struct slice copy;
	struct buf text;

	buf_init(&text);
	assert_int_equal(
	    system_id_parse(slice_of(names[ARCHIVE_INQUIRER]), &sheet.by), OK);
	assert_int_equal(
	    sheet_sign(world.arena, &sheet, world.keys[signer], &text), OK);
	copy = arena_copy(world.arena, buf_slice(&text));
	buf_done(&text);

	return copy;
}

/* --- Beginning ----------------------------------------------------------- */

static void
make_authority(struct authority **ret, struct buf *ret_anchor)
{
	buf_init(ret_anchor);
	assert_int_equal(
	    authority_new(SLICE("Nation"), instant_plus(ARCHIVE_START, -DAY_MS),
		instant_plus(ARCHIVE_START, 100 * DAY_MS), ret),
	    OK);
	assert_int_equal(authority_certificate(*ret, ret_anchor), OK);
}

static json_t *
texts(json_t *object, const char *key, const char *value)
{
	json_put_text(object, key, slice_of(value));

	return object;
}

void
archive_begin(enum archive_system holder, const char *exchange)
{
	size_t i;

	memset(&world, 0, sizeof(world));
	world.arena = arena_new();
	world.holder = holder;
	make_authority(&world.ca, &world.anchor);
	make_authority(&world.other_ca, &world.other_anchor);
	for (i = 0; i < ARCHIVE_SYSTEMS; i++)
		assert_int_equal(signing_key_generate(&world.keys[i]), OK);
	assert_int_equal(sealing_key_generate(&world.sealing), OK);
	world.document = texts(json_object(), "format", "bango-evidence-1");
	make_question();
	texts(world.document, "holder", names[holder]);
	texts(world.document, "exchange", exchange);
	json_put(world.document, "messages", json_array());
}

void
archive_done(void)
{
	size_t i;

	json_decref(world.document);
	for (i = 0; i < ARCHIVE_SYSTEMS; i++)
		signing_key_free(world.keys[i]);
	sealing_key_free(world.sealing);
	authority_free(world.ca);
	authority_free(world.other_ca);
	buf_done(&world.anchor);
	buf_done(&world.other_anchor);
	arena_free(world.arena);
	archive_options = (struct archive_options){0};
}

struct slice
archive_anchor(void)
{
	return buf_slice(&world.anchor);
}

struct slice
archive_other_anchor(void)
{
	return buf_slice(&world.other_anchor);
}

/* --- Messages ------------------------------------------------------------ */

/* `text` with `value` in place of `name`. */
static struct slice
put_in(struct slice text, const char *name, struct slice value)
{
	const char *at = memmem(text.data, text.len, name, strlen(name));
	size_t head;

	if (at == NULL)
		return text;
	head = (size_t)(at - text.data);

	return arena_printf(world.arena, "%.*s%.*s%.*s", (int)head, text.data,
	    SLICE_ARG(value), (int)(text.len - head - strlen(name)),
	    at + strlen(name));
}

/* As a JSON string. */
static struct slice
quoted(struct slice text)
{
	struct json_out o;

	json_out_init(&o, world.arena);
	json_out_text(&o, NULL, text);

	return json_out_finish(&o);
}

static struct slice
digest_text(void)
{
	struct digest digest = digest_of(world.question);
	struct slice copy;
	struct buf text;

	buf_init(&text);
	base64url_encode(digest_slice(&digest), &text);
	copy = arena_copy(world.arena, buf_slice(&text));
	buf_done(&text);

	return copy;
}

static struct slice
fill_in(const char *body)
{
	struct slice key = sealing_key_jwk(world.sealing, world.arena);
	struct slice sealed = {0}, text = slice_of(body);

	assert_int_equal(jwe_seal(world.arena, key, SLICE("{}"), &sealed), OK);
	text = put_in(text, "@KEY@", key);
	text = put_in(text, "@SEALED@", sealed);
	text = put_in(text, "@QUESTION@", quoted(world.question));
	text = put_in(text, "@DIGEST@", digest_text());

	return put_in(text, "@SHEET@", sheet_text());
}

static struct system_id
id_of(enum archive_system system)
{
	struct system_id id = {0};

	assert_int_equal(system_id_parse(slice_of(names[system]), &id), OK);

	return id;
}

static struct instant
time_of(const struct archive_line *line)
{
	return instant_plus(
	    ARCHIVE_START, line->after_ms - archive_options.early_ms);
}

static struct slice
write_envelope(const struct archive_line *line, struct message_id *ret_id)
{
	struct envelope e = {.type = slice_of(line->type),
	    .from = id_of(line->from),
	    .to = id_of(line->to),
	    .time = time_of(line),
	    .edition = 1,
	    .body = fill_in(line->body)};
	struct slice text;

	e.id.bytes[15] = (uint8_t)(world.n_entries + 1);
	assert_int_equal(envelope_write(world.arena, &e, &text), OK);
	*ret_id = e.id;

	return text;
}

static const struct signing_key *
signer(const struct archive_line *line, enum archive_system due)
{
	return world.keys[line->forger != NULL ? *line->forger : due];
}

/* The id of a system as written on a waybill or receipt. */
static struct system_id
named(enum archive_misnamed part, enum archive_system system)
{
	return id_of(
	    archive_options.misnamed == part ? ARCHIVE_STRANGER : system);
}

/* Add a waybill of two envelopes; the second one is ours. */
static void
add_waybill(json_t *message, const struct archive_line *line,
    const struct digest *digest)
{
	struct digest digests[2] = {digest_of(SLICE("another")), *digest};
	struct waybill waybill = {.from = named(ARCHIVE_SIGNER, line->from),
	    .to = named(ARCHIVE_HOLDER, line->to),
	    .time = time_of(line),
	    .envelopes = digests,
	    .n_envelopes = 2};
	struct buf text;

	buf_init(&text);
	assert_int_equal(waybill_sign(world.arena, &waybill,
			     signer(line, line->from), &text),
	    OK);
	json_put_text(message, "waybill", buf_slice(&text));
	buf_done(&text);
}

static void
add_receipt(json_t *message, const struct archive_line *line,
    struct message_id id, const struct digest *digest)
{
	struct receipt_line lines[2] = {
	    {{{9}}, digest_of(SLICE("another")), RECEIPT_ACCEPTED, SLICE("")},
	    {id, *digest, RECEIPT_ACCEPTED, SLICE("")}};
	struct receipt receipt = {.by = named(ARCHIVE_SIGNER, line->to),
	    .to = named(ARCHIVE_HOLDER, line->from),
	    .time = instant_plus(time_of(line), 10),
	    .receipts = lines,
	    .n_receipts = 2};
	struct buf text;

	while (line->outcome != NULL &&
	    strcmp(receipt_outcome_name(lines[1].outcome), line->outcome) != 0)
		lines[1].outcome++;
	buf_init(&text);
	assert_int_equal(
	    receipt_sign(world.arena, &receipt, signer(line, line->to), &text),
	    OK);
	json_put_text(message, "receipt", buf_slice(&text));
	buf_done(&text);
}

static void
add_entry(const struct archive_line *line, struct message_id id)
{
	struct leaf_entry *e = &world.entries[world.n_entries];
	char request[33];

	message_id_format(&id, request);
	*e = (struct leaf_entry){.seq = (int64_t)world.n_entries + 1,
	    .at = time_of(line),
	    .actor = slice_of(names[line->from]),
	    .action = SLICE("test"),
	    .subject = SLICE("person"),
	    .basis = SLICE("106"),
	    .request = arena_copy(world.arena, slice_of(request))};
	world.leaves[world.n_entries++] = leaf_hash(salt, e);
	assert_true(world.n_entries < ENTRIES);
}

void
archive_say(const struct archive_line *line)
{
	json_t *message = json_object();
	struct message_id id;
	struct slice envelope = write_envelope(line, &id);
	struct digest digest = digest_of(envelope);

	json_put_text(message, "envelope", envelope);
	if (line->from == world.holder)
		add_receipt(message, line, id, &digest);
	else
		add_waybill(message, line, &digest);
	json_array_append_new(
	    json_object_get(world.document, "messages"), message);
	add_entry(line, id);
}

/* --- The ledger ---------------------------------------------------------- */

/* The tree of RFC 6962, without keeping anything. */
static enum err
read_hash(void *state, unsigned int level, uint64_t index, struct digest *ret)
{
	struct digest left, right;

	(void)state;
	if (level == 0) {
		*ret = world.leaves[index];
		return OK;
	}
	if (read_hash(NULL, level - 1, 2 * index, &left) ||
	    read_hash(NULL, level - 1, 2 * index + 1, &right))
		return ERR_INPUT;
	*ret = merkle_node(&left, &right);

	return OK;
}

static void
cosign(struct slice note, enum archive_system by, struct buf *ret)
{
	struct slice name = arena_printf(world.arena, "bango/%s", names[by]);
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_parse(world.arena, note, &checkpoint), OK);
	assert_int_equal(
	    checkpoint_cosign(&checkpoint, name, world.keys[by],
		instant_plus(ARCHIVE_START, HOUR_MS + archive_options.late_ms),
		ret),
	    OK);
}

static struct slice
sign_ledger(const struct merkle_reader *reader)
{
	struct merkle_tree tree = {.size = world.n_entries};
	struct buf note, lines;
	struct slice copy;

	buf_init(&note);
	buf_init(&lines);
	assert_int_equal(merkle_root(reader, tree.size, &tree.root), OK);
	assert_int_equal(checkpoint_sign(arena_printf(world.arena, "bango/%s",
					     names[world.holder]),
			     &tree, world.keys[world.holder], &note),
	    OK);
	if (!archive_options.is_unwitnessed)
		cosign(buf_slice(&note), ARCHIVE_WITNESS, &lines);
	if (archive_options.is_colleague)
		cosign(buf_slice(&note), ARCHIVE_COLLEAGUE, &lines);
	buf_add(&note, buf_slice(&lines));
	copy = arena_copy(world.arena, buf_slice(&note));
	buf_done(&note);
	buf_done(&lines);

	return copy;
}

static void
put_hex(json_t *object, const char *key, struct slice bytes)
{
	struct buf hex;

	buf_init(&hex);
	hex_encode(bytes, &hex);
	if (key != NULL)
		json_put_text(object, key, buf_slice(&hex));
	else
		json_push_text(object, buf_slice(&hex));
	buf_done(&hex);
}

static json_t *
entry_json(const struct leaf_entry *e)
{
	json_t *entry = json_object();

	json_put_int(entry, "seq", e->seq);
	json_put_int(entry, "at", e->at.ms);
	json_put_text(entry, "actor", e->actor);
	json_put_text(entry, "action", e->action);
	json_put_text(entry, "subject", e->subject);
	json_put_text(entry, "basis", e->basis);
	json_put_text(entry, "request", e->request);

	return entry;
}

static json_t *
proof_json(const struct merkle_reader *reader, size_t index, struct slice note)
{
	json_t *proof = json_object(), *hashes = json_array();
	struct merkle_proof inclusion;
	size_t i;

	assert_int_equal(
	    merkle_prove_inclusion(reader, index, world.n_entries, &inclusion),
	    OK);
	for (i = 0; i < inclusion.n; i++)
		put_hex(hashes, NULL, digest_slice(&inclusion.hashes[i]));
	json_put(proof, "entry", entry_json(&world.entries[index]));
	put_hex(proof, "salt", slice_bytes(salt, sizeof(salt)));
	put_hex(proof, "leaf", digest_slice(&world.leaves[index]));
	json_put_int(proof, "index", (int64_t)index);
	json_put_int(proof, "size", (int64_t)world.n_entries);
	json_put(proof, "inclusion", hashes);
	json_put_text(proof, "checkpoint", note);

	return proof;
}

/* --- All of it ----------------------------------------------------------- */

static void
add_certificate(json_t *certificates, enum archive_system system)
{
	bool is_brief = archive_options.is_brief && system == world.holder;
	const struct certificate_request request = {
	    .common_name = slice_of(names[system]),
	    .organisation = slice_of(organisations[system]),
	    .not_before = instant_plus(ARCHIVE_START, -HOUR_MS),
	    .not_after =
		instant_plus(ARCHIVE_START, is_brief ? HOUR_MS / 2 : DAY_MS)};
	json_t *list = json_array(), *jwk = signing_key_jwk(world.keys[system]);
	struct buf pem;

	buf_init(&pem);
	assert_int_equal(authority_attest(world.ca, &request, jwk, &pem), OK);
	json_push_text(list, buf_slice(&pem));
	json_put(certificates, names[system], list);
	json_decref(jwk);
	buf_done(&pem);
}

json_t *
archive_finish(void)
{
	const struct merkle_reader reader = {read_hash, NULL};
	json_t *certificates = json_object(), *message;
	struct slice note;
	size_t i;

	/* One more, so that ours are not all that there is. */
	world.leaves[world.n_entries++] = digest_of(SLICE("another leaf"));
	note = sign_ledger(&reader);
	json_array_foreach(json_object_get(world.document, "messages"), i,
	    message) json_put(message, "proof", proof_json(&reader, i, note));
	for (i = 0; i < ARCHIVE_SYSTEMS; i++) {
		if (i != ARCHIVE_WITNESS || !archive_options.is_witness_unknown)
			add_certificate(certificates, (enum archive_system)i);
	}
	json_put(world.document, "certificates", certificates);

	return world.document;
}

json_t *
archive_of_inquirer(void)
{
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	archive_say(&archive_permitted);
	archive_say(&archive_answered);

	return archive_finish();
}

json_t *
archive_of_provider(void)
{
	archive_begin(ARCHIVE_PROVIDER, ARCHIVE_PERMIT);
	archive_say(&archive_issued);
	archive_say(&archive_answer);
	archive_say(&archive_report);

	return archive_finish();
}

static void
begin_2(enum archive_system holder, const char *exchange)
{
	archive_begin(holder, exchange);
	texts(world.document, "format", "bango-evidence-2");
	json_put_text(world.document, "case",
	    holder == ARCHIVE_INQUIRER ? world.of_case : SLICE(""));
}

json_t *
archive_2_of_inquirer(const struct archive_line *last)
{
	begin_2(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_2_sheet);
	archive_say(&archive_2_request);
	archive_say(&archive_2_permitted);
	archive_say(last != NULL ? last : &archive_2_answer);

	return archive_finish();
}

json_t *
archive_2_of_provider(const struct archive_line *last)
{
	begin_2(ARCHIVE_PROVIDER, ARCHIVE_PERMIT);
	archive_say(&archive_2_issued);
	if (last != NULL)
		archive_say(last);
	else {
		archive_say(&archive_2_answer);
		archive_say(&report_2);
	}

	return archive_finish();
}

/* --- Judging ------------------------------------------------------------- */

void
archive_judge(const json_t *document, struct evidence *ret)
{
	struct buf text;

	buf_init(&text);
	json_write(document, &text);
	evidence_judge(
	    world.arena, buf_slice(&text), buf_slice(&world.anchor), ret);
	buf_done(&text);
}

static struct slice
first_failure(const struct evidence *found)
{
	size_t i;

	for (i = 0; i < found->n_findings; i++) {
		if (!found->findings[i].holds)
			return found->findings[i].text;
	}

	return (struct slice){0};
}

void
archive_holds(const json_t *document)
{
	struct evidence found;
	struct slice why;

	archive_judge(document, &found);
	why = first_failure(&found);
	if (!found.holds || why.len > 0)
		fail_msg("it does not hold: %.*s", SLICE_ARG(why));
}

void
archive_fails(const json_t *document, const char *why)
{
	struct evidence found;
	struct slice said;
	size_t len = strlen(why);

	archive_judge(document, &found);
	said = first_failure(&found);
	if (found.holds || said.len < len ||
	    memcmp(said.data + said.len - len, why, len) != 0)
		fail_msg("'%.*s' instead of '%s'", SLICE_ARG(said), why);
}
