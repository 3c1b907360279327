#include "tests/support/network_scheme.h"

#include "base/encode.h"

static const struct message_handler relay_hears[] = {
    HEAR("acquisition.code", "network"),
    HEAR("code.renewed", "network"),
    HEAR("inquiry.permitted", "network"),
    HEAR("inquiry.refused", "network"),
    HEAR("inquiry.waiting", "network"),
    HEAR("permit.issued", "network"),
    HEAR("permit.revoked", "network"),
    HEAR("record.corrected", "network"),
    HEAR("provider.found", "network"),
    {0},
};
static const struct message_handler portal_hears[] = {
    HEAR("enrolment.code", "network"),
    HEAR("code.renewed", "network"),
    HEAR("records.answer", "network"),
    {0},
};
static const struct system relay_double = DOUBLE("relay", relay_hears);
static const struct system portal_double = DOUBLE("portal", portal_hears);

const struct setting settings[] = {
    {"organisation.jlis", "1 information-systems-agency 機構"},
    {"organisation.digital", "2 digital-agency デジタル庁"},
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"organisation.nenkin", "5 pension-service 日本年金機構"},
    {"organisation.bank", "6 bank 銀行"},
    {"commission", SIMULATION_COMMISSION},
    {0},
};

void
add(struct simulation *sim, const struct system *system, const char *id,
    const struct setting *given)
{
	struct problem problem = {0};

	if (simulation_add(sim, system, id, given, &problem))
		fail_msg("%s: %s", id, problem.text);
}

struct simulation *
scheme_nation(const struct setting *given)
{
	struct simulation *sim = double_nation(NULL, 0);

	add(sim, &network_system, SELF, given);
	add(sim, &double_jukinet, JUKINET, NULL);
	add(sim, &relay_double, ASKER, NULL);
	add(sim, &relay_double, GIVER, NULL);
	add(sim, &relay_double, PENSION, NULL);
	add(sim, &portal_double, PORTAL, NULL);

	return sim;
}

int
scheme_set_up(void **state)
{
	*state = scheme_nation(settings);

	return 0;
}

int
tear_down(void **state)
{
	double_done(*state);

	return 0;
}

const char *
person(uint64_t body)
{
	static char text[2][RESIDENT_CODE_DIGITS + 1];
	static int turn;
	struct resident_code code = resident_code_from_body(body);

	turn = !turn;
	resident_code_format(&code, text[turn]);

	return text[turn];
}

void
say_identify(struct simulation *sim, const char *for_whom, const char *an,
    const char *code)
{
	double_say(sim, JUKINET, SELF, "acquisition.identify",
	    json_pack("{s:s,s:[[s,s]]}", "for", for_whom, "items", an, code));
}

void
say_enrolled(struct simulation *sim, const char *for_whom, const char *an,
    const char *code)
{
	double_say(sim, JUKINET, SELF, "enrolment.identified",
	    json_pack("{s:s,s:s,s:[[s,s,s,s]]}", "for", for_whom,
		"municipality", "131041", "items", an, "begin",
		DOUBLE_DAY "T08:00:00.000Z", code));
}

void
acquire(
    struct simulation *sim, const char *for_whom, uint64_t body, char ret[33])
{
	if (strcmp(for_whom, PORTAL) == 0) {
		say_enrolled(sim, for_whom, AN, person(body));
		snprintf(ret, 33, "%s", double_item("enrolment.code", 0, 3));
		return;
	}
	say_identify(sim, for_whom, AN, person(body));
	assert_string_equal(double_item("acquisition.code", 0, 0), AN);
	snprintf(ret, 33, "%s", double_item("acquisition.code", 0, 1));
}

/* --- Questions ------------------------------------------------------------- */

static struct slice
sealing_key(struct arena *arena)
{
	static struct sealing_key *key;

	if (key == NULL)
		assert_int_equal(sealing_key_generate(&key), OK);

	return sealing_key_jwk(key, arena);
}

static void
put_digest(json_t *body, const char *name, const struct digest *digest)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(digest_slice(digest), &text);
	json_put_text(body, name, buf_slice(&text));
	buf_done(&text);
}

/* The network does not verify the sheet: any key will do. */
static void
say_sheet(struct simulation *sim, struct arena *arena, const char *id,
    const struct digest *question)
{
	struct sheet sheet = {.time = (struct instant){DOUBLE_START_MS},
	    .questions = question,
	    .n_questions = 1};
	struct signing_key *key = NULL;
	struct buf jws;

	buf_init(&jws);
	assert_int_equal(system_id_parse(slice_of(ASKER), &sheet.by), OK);
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(sheet_sign(arena, &sheet, key, &jws), OK);
	double_say(sim, ASKER, SELF, "question.sheet",
	    json_pack("{s:s,s:s}", "sheet", id, "jws", jws.data));
	signing_key_free(key);
	buf_done(&jws);
}

struct question
question_about(const char *affair, const char *item, const char *provider)
{
	return (struct question){
	    .nonce = SLICE("00000000000000000000000000000000"),
	    .asker = SLICE("131041"),
	    .provider = slice_of(provider),
	    .affair = slice_of(affair),
	    .item = slice_of(item),
	    .unit = SLICE("子ども家庭部"),
	    .asked = (struct instant){DOUBLE_START_MS},
	    .until = (struct instant){DOUBLE_START_MS + QUESTION_LIFE_MS}};
}

json_t *
signed_question(struct simulation *sim, const char *code, struct question q)
{
	const struct digest blind = digest_of(SLICE("blind"));
	struct arena *arena = arena_new();
	struct linkage_code linkage;
	struct digest digest;
	struct slice text;
	json_t *body;
	struct buf id;

	assert_int_equal(linkage_code_parse(slice_of(code), &linkage), OK);
	q.who = question_who(arena, &blind, &linkage);
	if (slice_is_empty(q.seal))
		q.seal = sealing_key(arena);
	assert_int_equal(question_write(arena, &q, &text, NULL), OK);
	digest = digest_of(text);
	buf_init(&id);
	hex_encode(slice_bytes(digest.bytes, 16), &id);
	say_sheet(sim, arena, id.data, &digest);
	body = json_pack("{s:s,s:s}", "code", code, "sheet", id.data);
	json_put_text(body, "question", text);
	put_digest(body, "blind", &blind);
	buf_done(&id);
	arena_free(arena);

	return body;
}

json_t *
signed_inquiry(struct simulation *sim, const char *inquiry, const char *code,
    struct question q)
{
	json_t *body = signed_question(sim, code, q);

	json_put_text(body, "inquiry", slice_of(inquiry));
	json_put_text(body, "whose", SLICE("self"));

	return body;
}
