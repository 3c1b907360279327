#include "base/secret.h"
#include "lab/demo/story_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/random.h"

#define FATHER_NAME "山田　太郎"
#define FATHER_KANA "ヤマダ　タロウ"
#define FATHER_BIRTH "1990-04-12"
#define OLD_ADDRESS "北海道旭川市永山二条五丁目1番8号"
#define PENSION_NUMBER "P-0001"

const char story_family_csv[] = STORY_FATHER
    ",9000000001,世帯主," FATHER_NAME "," FATHER_KANA ",,," FATHER_BIRTH
    ",1,0798412," OLD_ADDRESS ",2018-04-01,転入,,,\n" STORY_MOTHER
    ",9000000001,妻,山田　花子,ヤマダ　ハナコ,鈴木,,1992-08-30,2,"
    "0798412," OLD_ADDRESS ",2018-04-01,転入,,,\n";

/* --- Asking -------------------------------------------------------------- */

void
telling_new_id(const struct telling *t, char ret[33])
{
	uint8_t bytes[16];
	struct buf text;

	random_bytes(t->random, bytes, sizeof(bytes));
	buf_init(&text);
	hex_encode(slice_bytes(bytes, sizeof(bytes)), &text);
	memcpy(ret, text.data, 33);
	buf_done(&text);
}

const char *
telling_answered(const struct telling *t, const char *key)
{
	const char *text = json_string_value(json_object_get(t->answer, key));

	return text == NULL ? "" : text;
}

/* A request that must succeed; its answer stays in t->answer. */
static enum err
ask_as(struct telling *t, struct slice token, const char *system,
    enum http_method method, const char *path, json_t *body)
{
	int status = 0;
	enum err rc;

	json_decref(t->answer);
	t->answer = NULL;
	rc = t->port->call(t->port->state, system, method, path, body, token,
	    &status, &t->answer, t->problem);
	if (rc)
		return rc;
	if (status >= 200 && status < 300)
		return OK;

	return problem_set(t->problem, ERR_CONFLICT, "%s %s %s: %d %s", system,
	    http_method_name(method), path, status,
	    telling_answered(t, "detail"));
}

enum err
telling_ask(struct telling *t, const char *system, enum http_method method,
    const char *path, json_t *body)
{
	return ask_as(t, SLICE(""), system, method, path, body);
}

enum err
telling_get(struct telling *t, const char *system, const char *fmt, ...)
{
	char path[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);

	return telling_ask(t, system, HTTP_GET, path, NULL);
}

/* Copy a text of the answer; a longer one would be a fault. */
enum err
telling_keep(struct telling *t, const char *key, char *ret, size_t size)
{
	const char *text = telling_answered(t, key);

	if (text[0] == '\0' || strlen(text) >= size)
		return problem_set(t->problem, ERR_INTERNAL,
		    "the answer lacks its field %s", key);
	snprintf(ret, size, "%s", text);

	return OK;
}

/* Until a system's progress is as `condition` says ("linked=1"). */
enum err
telling_wait_until(struct telling *t, const char *system, const char *condition)
{
	const char *name_end = strchr(condition, '=');
	char name[32];
	int64_t want, n = -1;
	enum err rc;
	int i;

	snprintf(
	    name, sizeof(name), "%.*s", (int)(name_end - condition), condition);
	want = strtoll(name_end + 1, NULL, 10);
	for (i = 0; i < POLLS_MAX; i++) {
		rc = telling_get(t, system, "/progress?wait=1&%s", condition);
		if (rc)
			return rc;
		n = json_integer_value(json_object_get(t->answer, name));
		if (want == 0 ? n == 0 : n >= want)
			return OK;
	}

	return problem_set(t->problem, ERR_BUSY,
	    "%s: %s is %lld and does not become %lld", system, name,
	    (long long)n, (long long)want);
}

/* --- Telling ------------------------------------------------------------- */

void
telling_say(const struct telling *t, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	t->port->say(t->port->state, line);
}

json_t *
telling_object(const char *const pairs[][2])
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; pairs[i][0] != NULL; i++)
		json_put_text(object, pairs[i][0], slice_of(pairs[i][1]));

	return object;
}

/* --- The steps ----------------------------------------------------------- */

static enum err
birth(struct telling *t)
{
	char registration[33];
	enum err rc;

	telling_new_id(t, registration);
	rc = telling_ask(t, ASAHIKAWA "/registry", HTTP_POST, "/births",
	    telling_object((const char *const[][2]){
		{"registration", registration}, {"mother", STORY_MOTHER},
		{"name", "山田　さくら"}, {"kana", "ヤマダ　サクラ"},
		{"birth", t->today}, {"sex", "2"}, {"relation", "子"}, {0}}));
	if (rc == OK)
		rc = telling_keep(
		    t, "resident", t->story->child, sizeof(t->story->child));
	if (rc)
		return rc;
	telling_say(t,
	    "counter → 012041/registry: a birth (出生届); resident %s, a "
	    "Resident Record Code from Asahikawa's pool",
	    t->story->child);

	return OK;
}

static enum err
numbering(struct telling *t)
{
	enum err rc;

	rc = telling_get(t, ASAHIKAWA "/registry",
	    "/residents/%s?wait=30&until=numbered", t->story->child);
	if (rc == OK &&
	    strcmp(telling_answered(t, "numbering"), "numbered") != 0)
		rc = problem_set(
		    t->problem, ERR_BUSY, "the child has no number after 30 s");
	if (rc == OK)
		rc = telling_get(
		    t, ASAHIKAWA "/registry", "/notices/%s", t->story->child);
	if (rc)
		return rc;
	telling_say(t,
	    "012041/registry → jlis/jukinet: the Resident Record Code, "
	    "please a number (番号法8条1項)");
	telling_say(t,
	    "jlis/jukinet → 012041/registry: the code and its Individual "
	    "Number; assigned on arrival (施行令2条)");
	telling_say(t,
	    "012041/registry: notice of the Individual Number "
	    "(個人番号通知書) issued %s",
	    telling_answered(t, "issued"));
	telling_say(t,
	    "  not seen: neither the network nor any relay ever sees the "
	    "number");

	return OK;
}

static json_t *
row(const char *const *texts, json_t *last)
{
	json_t *array = json_array();

	for (; *texts != NULL; texts++)
		json_push_text(array, slice_of(*texts));
	json_array_append_new(array, last);

	return array;
}

static json_t *
items_of(json_t *one)
{
	json_t *body = json_object(), *items = json_array();

	json_array_append_new(items, one);
	json_put(body, "items", items);

	return body;
}

static enum err
tax(struct telling *t)
{
	json_t *contents = json_object(), *body;
	enum err rc;

	json_put_int(contents, "income", 4120000);
	json_put_int(contents, "municipal_tax", 187400);
	body =
	    items_of(row((const char *const[]){STORY_FATHER, NULL}, contents));
	json_put_int(body, "year", 2026);
	rc = telling_ask(
	    t, ASAHIKAWA "/offices", HTTP_POST, "/tax-records", body);
	if (rc == OK)
		rc = telling_wait_until(t, ASAHIKAWA "/relay", "replicas=1");
	if (rc)
		return rc;
	telling_say(t,
	    "012041/offices → addressee → relay: the father's local tax "
	    "information as a replica (副本)");
	telling_say(t,
	    "  not seen: the relay knows an internal number, not whom it "
	    "stands for");

	return OK;
}

/* The father shows his notice to the Pension Service. */
static enum err
pension(struct telling *t)
{
	char number[16];
	json_t *contents;
	enum err rc;

	rc = telling_get(t, ASAHIKAWA "/registry", "/notices/%s", STORY_FATHER);
	if (rc == OK)
		rc = telling_keep(t, "number", number, sizeof(number));
	if (rc)
		return rc;
	contents = json_object();
	json_put_text(contents, "benefit", SLICE("none"));
	json_put_int(contents, "months_insured", 162);
	rc = telling_ask(t, PENSION "/offices", HTTP_POST, "/insured",
	    items_of(
		row((const char *const[]){PENSION_NUMBER, number, FATHER_NAME,
			FATHER_KANA, FATHER_BIRTH, "1", OLD_ADDRESS, NULL},
		    contents)));
	secret_wipe(number, sizeof(number));
	if (rc == OK)
		rc = telling_wait_until(t, PENSION "/relay", "linked=1");
	if (rc == OK)
		rc = telling_wait_until(t, PENSION "/relay", "replicas=1");
	if (rc)
		return rc;
	telling_say(t,
	    "the father → nenkin/offices: his number, for his pension "
	    "record");
	telling_say(t,
	    "nenkin/addressee → jlis/jukinet → digital/network → "
	    "nenkin/relay: a linkage code (符号) of its own");
	telling_say(t,
	    "  not seen: its code and Asahikawa's for the same man have "
	    "nothing in common");

	return OK;
}

/* The counter's ticket becomes a sign-in. */
static enum err
enrol(struct telling *t)
{
	char ticket[32] = "";
	json_t *body;
	enum err rc;

	rc = telling_ask(t, ASAHIKAWA "/registry", HTTP_POST, "/enrolments",
	    telling_object((const char *const[][2]){
		{"resident", STORY_FATHER}, {"step", "begin"}, {0}}));
	if (rc == OK)
		rc = telling_keep(t, "ticket", ticket, sizeof(ticket));
	if (rc)
		return rc;
	body =
	    telling_object((const char *const[][2]){{"ticket", ticket}, {0}});
	json_put_int(body, "wait", 30);
	secret_wipe(ticket, sizeof(ticket));

	return telling_ask(t, "digital/portal", HTTP_POST, "/enrolments", body);
}

static enum err
join_portal(struct telling *t)
{
	char enrolment[33], secret[128] = "";
	enum err rc;

	rc = enrol(t);
	if (rc == OK)
		rc = telling_keep(t, "enrolment", enrolment, sizeof(enrolment));
	if (rc == OK)
		rc = telling_keep(t, "secret", secret, sizeof(secret));
	if (rc == OK)
		rc = telling_ask(t, "digital/portal", HTTP_POST, "/sessions",
		    telling_object((const char *const[][2]){
			{"enrolment", enrolment}, {"secret", secret}, {0}}));
	secret_wipe(secret, sizeof(secret));
	if (rc == OK)
		rc = telling_keep(
		    t, "token", t->story->token, sizeof(t->story->token));
	if (rc)
		return rc;
	telling_say(t,
	    "counter → 012041/registry: the father gets a ticket for the "
	    "portal; the counter knows who he is");
	telling_say(t,
	    "012041/registry → jukinet → network → portal: the ticket's digest, "
	    "and a code of the portal's own");
	telling_say(
	    t, "the father → digital/portal: the ticket, once; he signs in");
	telling_say(
	    t, "  not seen: the portal never learns his number, nor his name");

	return OK;
}

static enum err
announce_move(struct telling *t)
{
	json_t *body, *people = json_array();
	enum err rc;

	telling_new_id(t, t->transfer);
	body =
	    telling_object((const char *const[][2]){{"transfer", t->transfer},
		{"to", SHINJUKU}, {"date", t->today}, {0}});
	json_push_text(people, SLICE(STORY_FATHER));
	json_push_text(people, SLICE(STORY_MOTHER));
	json_push_text(people, slice_of(t->story->child));
	json_put(body, "residents", people);
	rc = telling_ask(
	    t, ASAHIKAWA "/registry", HTTP_POST, "/move-outs", body);
	if (rc == OK)
		rc = telling_get(t, SHINJUKU "/registry",
		    "/transfers/%s?wait=30&until=open", t->transfer);

	return rc;
}

/* The new resident numbers, in the order of the household. */
static enum err
take_residents(struct telling *t)
{
	const json_t *list = json_object_get(t->answer, "residents");
	struct slice father = {0}, child = {0};

	if (json_at_text(list, 0, &father) || json_at_text(list, 2, &child))
		return problem_set(t->problem, ERR_INTERNAL,
		    "Shinjuku did not register three people");
	snprintf(t->story->father_moved, sizeof(t->story->father_moved), "%.*s",
	    SLICE_ARG(father));
	snprintf(t->story->child_moved, sizeof(t->story->child_moved), "%.*s",
	    SLICE_ARG(child));

	return OK;
}

static enum err
move(struct telling *t)
{
	char persons[40];
	enum err rc;

	rc = telling_get(t, SHINJUKU "/addressee", "/progress");
	snprintf(persons, sizeof(persons), "persons=%lld",
	    3 + json_integer_value(json_object_get(t->answer, "persons")));
	if (rc == OK)
		rc = announce_move(t);
	if (rc == OK)
		rc = telling_ask(t, SHINJUKU "/registry", HTTP_POST,
		    "/move-ins",
		    telling_object((const char *const[][2]){
			{"transfer", t->transfer},
			{"address", "東京都新宿区西新宿二丁目8番1号"},
			{"postal_code", "1600023"}, {"date", t->today}, {0}}));
	if (rc == OK)
		rc = telling_get(t, SHINJUKU "/registry",
		    "/transfers/%s?wait=30&until=completed", t->transfer);
	if (rc == OK)
		rc = take_residents(t);
	if (rc == OK)
		rc = telling_get(t, ASAHIKAWA "/registry",
		    "/transfers/%s?wait=30&until=completed", t->transfer);
	if (rc == OK)
		rc = telling_wait_until(t, SHINJUKU "/addressee", persons);
	if (rc == OK)
		rc =
		    telling_wait_until(t, SHINJUKU "/addressee", "acquiring=0");
	if (rc)
		return rc;
	telling_say(t,
	    "012041/registry → jukinet → 131041/registry: a family of three "
	    "is coming (転出証明書情報)");
	telling_say(t,
	    "counter → 131041/registry: they have come (転入届); code and "
	    "number stay the same");
	telling_say(t,
	    "131041/registry → jukinet: may they? the notice is used once; "
	    "only then do they have a record there");
	telling_say(t,
	    "jukinet → 012041/registry: arrived; Asahikawa's record is "
	    "closed, its history stays");
	telling_say(t,
	    "131041/addressee … 131041/relay: Shinjuku's own codes for the "
	    "three");

	return OK;
}

static enum err
take_answers(struct telling *t)
{
	const json_t *questions = json_object_get(t->answer, "questions");
	const json_t *contents, *q;
	size_t i;

	json_array_foreach(questions, i, q)
	{
		if (strcmp(json_string_value(json_object_get(q, "item")),
			"local-tax") != 0)
			continue;
		contents = json_object_get(q, "contents");
		t->story->tax = json_integer_value(
		    json_object_get(contents, "municipal_tax"));
	}
	if (t->story->tax == 187400)
		return OK;

	return problem_set(t->problem, ERR_CONFLICT,
	    "the application is %s: the tax information is not what Asahikawa "
	    "holds",
	    telling_answered(t, "state"));
}

static enum err
allowance(struct telling *t)
{
	json_t *body;
	enum err rc;

	telling_new_id(t, t->story->application);
	body = telling_object(
	    (const char *const[][2]){{"application", t->story->application},
		{"applicant", t->story->father_moved},
		{"child", t->story->child_moved},
		{"previous_municipality", ASAHIKAWA},
		{"unit", "子ども家庭部子ども家庭課"}, {0}});
	json_put_bool(body, "ask_pension", true);
	rc = telling_ask(
	    t, SHINJUKU "/offices", HTTP_POST, "/child-allowance", body);
	if (rc == OK)
		rc = telling_get(t, SHINJUKU "/offices",
		    "/applications/%s?wait=30", t->story->application);
	if (rc == OK)
		rc = take_answers(t);
	if (rc)
		return rc;
	telling_say(t,
	    "131041/offices → addressee → relay → digital/network: affair "
	    "106 (児童手当), local tax information of Asahikawa");
	telling_say(t,
	    "digital/network: the table of the order allows it (表の106の"
	    "項); a permit to each relay, a record of its own");
	telling_say(t,
	    "012041/relay → 131041/relay: the answer, sealed; → offices: "
	    "municipal tax %lld yen",
	    (long long)t->story->tax);
	telling_say(t,
	    "nenkin/relay → 131041/relay: the pension information (表の107の"
	    "項), sealed");
	telling_say(t,
	    "  not seen: the network saw neither the content nor a name; "
	    "the two relays share no code");

	return OK;
}

/* --- The father's view ---------------------------------------------------- */

static void
say_record(const struct telling *t, const json_t *r)
{
	static const char *const keys[] = {
	    "requested", "provider", "inquirer", "item", "outcome", "article"};
	const char *v[6];
	size_t i;

	for (i = 0; i < 6; i++) {
		v[i] = json_string_value(json_object_get(r, keys[i]));
		if (v[i] == NULL)
			v[i] = "";
	}
	telling_say(
	    t, "  %s  %s → %s  %s  %s  %s", v[0], v[1], v[2], v[3], v[4], v[5]);
}

static enum err
see(struct telling *t)
{
	const json_t *records, *r;
	int expected =
	    STORY_RECORDS + (t->port->stop != NULL ? STORY_RECORDS_OUTAGE : 0);
	enum err rc;
	size_t i;

	rc = ask_as(t, slice_of(t->story->token), "digital/portal", HTTP_GET,
	    "/records?wait=30", NULL);
	if (rc)
		return rc;
	records = json_object_get(t->answer, "records");
	t->story->records = (int)json_array_size(records);
	telling_say(t,
	    "the father → digital/portal: which organisation gave which "
	    "information about me to which?");
	json_array_foreach(records, i, r) say_record(t, r);
	if (t->story->records != expected)
		return problem_set(t->problem, ERR_CONFLICT,
		    "the portal shows %d records instead of %d",
		    t->story->records, expected);

	return OK;
}

static const struct {
	const char *title;
	enum err (*run)(struct telling *t);
} steps[] = {
    {"a birth in Asahikawa", birth},
    {"its Individual Number and notice", numbering},
    {"a tax replica in Asahikawa's relay", tax},
    {"the father's pension record", pension},
    {"the father joins the portal", join_portal},
    {"the family moves to Shinjuku", move},
    {"child allowance: two inquiries answered", allowance},
    {"a refusal, with its article", telling_refusal},
    {"a hold, and its release", telling_hold},
    {"a provider that is down, and comes back", telling_outage},
    {"the father sees it in the portal", see},
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

enum err
story_tell(const struct story_port *port, const struct random *random,
    struct story *ret, struct problem *problem)
{
	struct telling t = {
	    .port = port, .random = random, .story = ret, .problem = problem};
	struct instant before;
	enum err rc = OK;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->father, sizeof(ret->father), "%s", STORY_FATHER);
	snprintf(ret->mother, sizeof(ret->mother), "%s", STORY_MOTHER);
	date_format(date_in_japan(port->now(port->state)), t.today);
	for (i = 0; rc == OK && i < STEPS; i++) {
		if (steps[i].run == telling_outage && port->stop == NULL)
			continue;
		telling_say(&t, "%d. %s", ret->n_steps + 1, steps[i].title);
		before = port->now(port->state);
		rc = steps[i].run(&t);
		ret->steps[ret->n_steps].title = steps[i].title;
		ret->steps[ret->n_steps++].ms =
		    port->now(port->state).ms - before.ms;
	}
	json_decref(t.answer);

	return rc;
}
