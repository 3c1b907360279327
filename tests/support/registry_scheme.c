#include "tests/support/registry_scheme.h"

static struct resident_code
scheme_code(const json_t *row, size_t at)
{
	struct resident_code code;
	struct slice text;

	assert_int_equal(json_at_text(row, at, &text), OK);
	assert_int_equal(resident_code_parse(text, &code), OK);

	return code;
}

struct individual_number
scheme_number(const struct resident_code *code, unsigned int generation)
{
	return individual_number_from_body(
	    resident_code_body(code) * 10 + generation);
}

int64_t scheme_room = -1;
size_t scheme_asked;
bool scheme_stopped;
const char *scheme_waits;

static enum err
scheme_codes(struct turn *turn, const struct message *m)
{
	json_t *body = json_object(), *codes = json_array();
	struct resident_code code;
	struct slice request;
	uint64_t first;
	int64_t n, i;

	assert_int_equal(
	    json_get_int(double_tree(m), "count", 1, 5000, &n, NULL), OK);
	assert_int_equal(
	    json_get_text(double_tree(m), "request", &request, NULL), OK);
	scheme_asked++;
	if (scheme_room >= 0 && n > scheme_room) {
		json_put_text(body, "request", request);
		json_put_int(body, "pool", 1000);
		json_put_int(body, "held", 1000 - scheme_room);
		json_decref(codes);
		return double_send(turn, &m->from, "codes.refused", body);
	}
	first = strtoull(arena_string(
			     turn->arena, slice_bytes(request.data + 24, 8)),
		    NULL, 16) %
	    1900000 * 5000;
	for (i = 0; i < n; i++) {
		code = resident_code_from_body(first + (uint64_t)i);
		json_push_text(codes, resident_code_slice(&code));
	}
	json_put_text(body, "request", request);
	json_put(body, "codes", codes);

	return double_send(turn, &m->from, "codes.designated", body);
}

static enum err
scheme_numbers(struct turn *turn, const struct message *m)
{
	json_t *body = json_object(), *items = json_array(),
	       *refused = json_array();
	const json_t *all = json_object_get(double_tree(m), "items"), *row;
	struct individual_number number;
	struct resident_code code;
	json_t *pair, *held = json_array();
	char until[INSTANT_TEXT_MAX];
	const char *origin;
	bool returns;
	size_t i;

	assert_true(json_array_size(all) <= REGISTRY_REQUEST_MAX);
	for (i = 0; i < json_array_size(all); i++) {
		row = json_array_get(all, i);
		origin = json_string_value(json_array_get(row, 8));
		returns = origin != NULL && strcmp(origin, "returned") == 0;
		code = scheme_code(row, 0);
		number = scheme_number(&code, 0);
		pair = json_array();
		json_push_text(pair, resident_code_slice(&code));
		if (scheme_stopped ||
		    strncmp(json_string_value(json_array_get(row, 1)), "拒否",
			strlen("拒否")) == 0) {
			json_push_text(pair,
			    scheme_stopped ? SLICE("stopped")
					   : SLICE("not-yours"));
			json_array_append_new(refused, pair);
			continue;
		}
		if (returns ||
		    (origin != NULL &&
			strncmp(json_string_value(json_array_get(row, 1)),
			    "候補", strlen("候補")) == 0)) {
			json_array_append(held, json_array_get(pair, 0));
			json_decref(pair);
			continue;
		}
		json_push_text(pair, individual_number_slice(&number));
		if (strncmp(json_string_value(json_array_get(row, 1)), "帰国",
			strlen("帰国")) == 0)
			json_push_text(pair, SLICE("carried"));
		json_array_append_new(items, pair);
	}
	json_put(body, "items", items);
	json_put(body, "refused", refused);
	if (scheme_stopped) {
		instant_format(instant_plus(turn->now, 6 * 3600 * 1000), until);
		json_put_text(body, "until", slice_of(until));
	}
	if (json_array_size(held) > 0)
		json_put(body, "held", held);
	else
		json_decref(held);

	return double_send(turn, &m->from, "numbering.answer", body);
}

static bool
lived_elsewhere(const json_t *claim)
{
	const json_t *before = json_object_get(claim, "before");
	const char *where =
	    json_string_value(json_object_get(before, "municipality"));

	return where != NULL && strcmp(where, "011002") != 0;
}

/* Somebody with SCHEME_RETURNED lived in 011002; nobody else has left. */
static enum err
scheme_decided(struct turn *turn, const struct message *m)
{
	struct resident_code code = resident_code_from_body(SCHEME_RETURNED);
	struct individual_number number;
	const json_t *claim = double_tree(m);
	const bool is_same =
	    strcmp(json_string_value(json_object_get(claim, "decision")),
		"same") == 0;
	json_t *body = json_object();
	struct slice text;

	assert_int_equal(double_hear(turn, m), OK);
	assert_int_equal(json_get_text(claim, "code", &text, NULL), OK);
	json_object_set(body, "claim", json_object_get(claim, "claim"));
	if (scheme_waits != NULL && is_same) {
		json_put_text(body, "state", slice_of(scheme_waits));
		return double_send(turn, &m->from, "arrival.state", body);
	}
	if (is_same && lived_elsewhere(claim)) {
		json_put_text(body, "state", SLICE("refused"));
		json_put_text(body, "reason", SLICE("no-match"));
		return double_send(turn, &m->from, "arrival.state", body);
	}
	if (is_same)
		json_put_text(body, "known_code", resident_code_slice(&code));
	else
		assert_int_equal(resident_code_parse(text, &code), OK);
	number = scheme_number(&code, 0);
	json_put_text(body, "state", SLICE("settled"));
	json_put_text(body, "number", individual_number_slice(&number));

	return double_send(turn, &m->from, "arrival.state", body);
}

static enum err
scheme_change(struct turn *turn, const struct message *m)
{
	struct individual_number old, number;
	json_t *body = json_object();
	struct resident_code code;
	struct slice text;
	unsigned int generation;

	assert_int_equal(
	    json_get_text(double_tree(m), "code", &text, NULL), OK);
	assert_int_equal(resident_code_parse(text, &code), OK);
	json_put_text(body, "code", text);
	assert_int_equal(
	    json_get_text(double_tree(m), "number", &text, NULL), OK);
	assert_int_equal(individual_number_parse(text, &old), OK);
	generation = (unsigned int)(individual_number_body(&old) % 10) + 1;
	number = scheme_number(&code, generation);
	assert_int_equal(
	    json_get_text(double_tree(m), "request", &text, NULL), OK);
	json_put_text(body, "request", text);
	if (generation > 1)
		json_put_text(body, "refused", SLICE("once is enough"));
	else
		json_put_text(body, "number", individual_number_slice(&number));

	return double_send(turn, &m->from, "number.changed", body);
}

/* Forward to the other municipality; 999999 is none. */
static enum err
scheme_notice(struct turn *turn, const struct message *m)
{
	struct slice to;
	struct system_id id;
	json_t *body;

	TRY(double_hear(turn, m));
	assert_int_equal(json_get_text(double_tree(m), "to", &to, NULL), OK);
	if (slice_equal_string(to, "999999")) {
		body = json_pack("{s:O,s:s}", "transfer",
		    json_object_get(double_tree(m), "transfer"), "reason",
		    "no-such-municipality");
		return double_send(turn, &m->from, "transfer.refused", body);
	}
	assert_int_equal(
	    system_id_parse(
		arena_printf(turn->arena, "%.*s/registry", SLICE_ARG(to)), &id),
	    OK);
	body = json_deep_copy(double_tree(m));
	json_put_text(
	    body, "from_organisation", system_id_organisation(&m->from));
	json_put_text(body, "until", SLICE("2027-01-20"));

	return double_send(turn, &id, "transfer.notice", body);
}

static json_t *
scheme_move(const struct message *m, json_t *codes)
{
	return json_pack("{s:O,s:o}", "transfer",
	    json_object_get(double_tree(m), "transfer"), "codes", codes);
}

/* Everybody arrives from the other of the two, but for 拒否. */
static enum err
scheme_arrive(struct turn *turn, const struct message *m)
{
	const json_t *people, *row;
	json_t *codes, *refused, *body;
	struct system_id other;
	size_t i;

	TRY(double_hear(turn, m));
	people = json_object_get(double_tree(m), "people");
	codes = json_array();
	refused = json_array();
	assert_int_equal(system_id_parse(strcmp(m->from.text, SHINJUKU) == 0
				 ? SLICE(ASAHIKAWA)
				 : SLICE(SHINJUKU),
			     &other),
	    OK);
	json_array_foreach(people, i, row)
	{
		json_array_append(
		    strncmp(json_string_value(json_array_get(row, 1)), "拒否",
			strlen("拒否")) == 0
			? refused
			: codes,
		    json_array_get(row, 0));
	}
	body = scheme_move(m, json_deep_copy(codes));
	json_put(body, "refused", refused);
	TRY(double_send(turn, &m->from, "transfer.arrived", body));
	body = scheme_move(m, codes);
	json_object_set(body, "date", json_object_get(double_tree(m), "date"));

	return double_send(turn, &other, "transfer.completed", body);
}

static const struct message_handler scheme_jukinet_messages[] = {
    {DOUBLE_TYPE("codes.request"), "registry", FROM_ANY_ORGANISATION,
	scheme_codes, "-"},
    {DOUBLE_TYPE("numbering.request"), "registry", FROM_ANY_ORGANISATION,
	scheme_numbers, "-"},
    {DOUBLE_TYPE("number.change"), "registry", FROM_ANY_ORGANISATION,
	scheme_change, "-"},
    {DOUBLE_TYPE("arrival.decided"), "registry", FROM_ANY_ORGANISATION,
	scheme_decided, "-"},
    {DOUBLE_TYPE("transfer.notice"), "registry", FROM_ANY_ORGANISATION,
	scheme_notice, "-"},
    {DOUBLE_TYPE("transfer.arrive"), "registry", FROM_ANY_ORGANISATION,
	scheme_arrive, "-"},
    HEAR("arrival.reply", "registry"),
    HEAR("transfer.withdraw", "registry"),
    HEAR("codes.outstanding", "registry"),
    HEAR("codes.return", "registry"),
    HEAR("identity.update", "registry"),
    HEAR("enrolment.identify", "registry"),
    HEAR("code.changed", "registry"),
    {0},
};
static const struct message_handler scheme_addressee_messages[] = {
    HEAR("persons.registered", "registry"),
    HEAR("persons.changed", "registry"),
    {0},
};
static const struct system scheme_jukinet =
    DOUBLE("jukinet", scheme_jukinet_messages);
static const struct system scheme_addressee =
    DOUBLE("addressee", scheme_addressee_messages);
static const struct system scheme_portal = DOUBLE("portal", NULL);

static const struct double_member scheme_members[] = {
    {&scheme_jukinet, "jlis/jukinet"},
    {&registry_system, SHINJUKU},
    {&scheme_addressee, "131041/addressee"},
    {&registry_system, ASAHIKAWA},
    {&scheme_addressee, "012041/addressee"},
    {&scheme_portal, "digital/portal"},
};

struct simulation *
scheme_nation(void)
{
	struct simulation *sim = double_nation(scheme_members, 6);

	scheme_room = -1;
	scheme_asked = 0;
	scheme_stopped = false;
	scheme_waits = NULL;
	assert_int_equal(simulation_settle(sim, 60000), OK);

	return sim;
}

json_t *
scheme_json(const char *fmt, ...)
{
	char text[4096], *p;
	va_list ap;
	json_t *json;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (p = text; *p != '\0'; p++) {
		if (*p == '\'')
			*p = '"';
	}
	json = json_loads(text, 0, NULL);
	assert_non_null(json);

	return json;
}

json_t *
scheme_get(struct simulation *sim, const char *system, const char *path)
{
	return double_call(sim, system, HTTP_GET, path, NULL, 200);
}

void
scheme_post(struct simulation *sim, const char *system, const char *path,
    json_t *body, int want)
{
	json_decref(double_call(sim, system, HTTP_POST, path, body, want));
}

void
scheme_text(const json_t *answer, const char *key, char *ret, size_t size)
{
	const char *text = json_string_value(json_object_get(answer, key));

	snprintf(ret, size, "%s", text != NULL ? text : "");
}

void
scheme_expect(struct simulation *sim, const char *system, const char *path,
    const char *key, const char *want)
{
	json_t *answer = scheme_get(sim, system, path);
	char text[512];

	scheme_text(answer, key, text, sizeof(text));
	assert_string_equal(text, want);
	json_decref(answer);
}

/* ---- Imports ----------------------------------------------------------- */

struct scheme_totals
scheme_totals(json_t *answer)
{
	struct scheme_totals t = {0};

	scheme_text(answer, "import", t.import, sizeof(t.import));
	scheme_text(answer, "state", t.state, sizeof(t.state));
	t.offset = json_integer_value(json_object_get(answer, "offset"));
	t.loaded = json_integer_value(json_object_get(answer, "loaded"));
	t.unchanged = json_integer_value(json_object_get(answer, "unchanged"));
	t.rejected = json_integer_value(json_object_get(answer, "rejected"));
	json_decref(answer);

	return t;
}

json_t *
scheme_import_body(struct slice file, const char *more)
{
	struct digest digest = digest_of(file);
	struct buf hex;
	json_t *body;

	buf_init(&hex);
	hex_encode(digest_slice(&digest), &hex);
	body = scheme_json("{'name':'p.csv','size':%zu,'digest':'%s'%s}",
	    file.len, hex.data, more);
	buf_done(&hex);

	return body;
}

struct scheme_totals
scheme_begin(struct simulation *sim, struct slice file, const char *more)
{
	return scheme_totals(double_call(sim, SHINJUKU, HTTP_POST, "/imports",
	    scheme_import_body(file, more), 200));
}

struct scheme_totals
scheme_chunk(struct simulation *sim, const char *import, struct slice file,
    int64_t offset, int64_t len, int want)
{
	struct scheme_totals t = {0};
	struct buf answer;
	char path[96];
	int status = 0;

	snprintf(path, sizeof(path), "/imports/%s/chunks?offset=%lld", import,
	    (long long)offset);
	buf_init(&answer);
	assert_int_equal(simulation_call_raw(sim, SHINJUKU, HTTP_POST, path,
			     slice_bytes(file.data + offset, (size_t)len),
			     SLICE(""), &status, &answer),
	    OK);
	if (status != want)
		fail_msg(
		    "status %d, expected %d: %s", status, want, answer.data);
	if (status == 200)
		t = scheme_totals(json_loads(answer.data, 0, NULL));
	buf_done(&answer);

	return t;
}

struct scheme_totals
scheme_finish(struct simulation *sim, const char *import)
{
	char path[96];

	snprintf(path, sizeof(path), "/imports/%s/finish", import);

	return scheme_totals(
	    double_call(sim, SHINJUKU, HTTP_POST, path, NULL, 200));
}

struct scheme_totals
scheme_import(struct simulation *sim, const char *text, const char *more)
{
	struct slice file = slice_of(text);
	struct scheme_totals t = scheme_begin(sim, file, more);

	if (strcmp(t.state, "open") == 0) {
		scheme_chunk(sim, t.import, file, 0, (int64_t)file.len, 200);
		t = scheme_finish(sim, t.import);
	}
	assert_int_equal(simulation_settle(sim, 600000), OK);

	return t;
}

void
scheme_rejects(
    struct simulation *sim, const char *import, char *ret, size_t size)
{
	const json_t *rows, *row;
	char path[96];
	json_t *answer;
	size_t i, n = 0;

	snprintf(path, sizeof(path), "/imports/%s/rejects", import);
	answer = scheme_get(sim, SHINJUKU, path);
	rows = json_object_get(answer, "rejects");
	ret[0] = '\0';
	json_array_foreach(rows, i, row)
	{
		n += (size_t)snprintf(ret + n, size - n, "%s%lld %s %s",
		    i > 0 ? "; " : "",
		    (long long)json_integer_value(json_object_get(row, "line")),
		    json_string_value(json_object_get(row, "field")),
		    json_string_value(json_object_get(row, "reason")));
	}
	json_decref(answer);
}
