#include "tests/support/network_exchange.h"

static const struct message_handler offices_hear[] = {
    HEAR("affair.state", "network"),
    {0},
};
static const struct system offices_double = DOUBLE("offices", offices_hear);

char asker_code[33], portal_code[33];
static unsigned int n_inquiries;

struct simulation *
nation(const struct setting *given)
{
	struct simulation *sim = scheme_nation(given);
	char code[33];

	n_inquiries = 0;
	add(sim, &offices_double, ASKER_OFFICES, NULL);
	add(sim, &offices_double, GIVER_OFFICES, NULL);
	add(sim, &offices_double, PENSION_OFFICES, NULL);
	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, code);
	acquire(sim, PENSION, 1, code);
	acquire(sim, PORTAL, 1, portal_code);

	return sim;
}

int
set_up(void **state)
{
	*state = nation(settings);

	return 0;
}

void
ask(struct simulation *sim, const char *affair, const char *item,
    const char *provider)
{
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", ++n_inquiries);
	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(sim, inquiry, asker_code,
		question_about(affair, item, provider)));
}

void
assert_permitted(struct simulation *sim, const char *affair, const char *item,
    const char *provider)
{
	size_t before = double_count("inquiry.permitted");

	ask(sim, affair, item, provider);
	if (double_count("inquiry.permitted") != before + 1)
		fail_msg("refused: %s %s",
		    double_text("inquiry.refused", "reason"),
		    double_text("inquiry.refused", "text"));
}

void
assert_refused(struct simulation *sim, const char *affair, const char *item,
    const char *provider, const char *reason)
{
	size_t before = double_count("inquiry.refused");

	ask(sim, affair, item, provider);
	assert_int_equal(double_count("inquiry.refused"), before + 1);
	assert_string_equal(double_text("inquiry.refused", "reason"), reason);
}

const char *
newest_record(struct simulation *sim, const char *key)
{
	const char *text;

	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request",
		"44444444444444444444444444444444", "code", portal_code));
	text = json_string_value(json_object_get(
	    json_array_get(
		json_object_get(double_last("records.answer"), "records"), 0),
	    key));
	assert_non_null(text);

	return text;
}

void
get(struct simulation *sim, const char *path, int want, const char *key,
    char ret[256])
{
	json_t *reply = double_call(sim, SELF, HTTP_GET, path, NULL, want);

	snprintf(
	    ret, 256, "%s", json_string_value(json_object_get(reply, key)));
	json_decref(reply);
}
