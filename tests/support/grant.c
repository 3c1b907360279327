#include "tests/support/grant.h"

#include "base/json.h"
#include "base/time.h"

json_t *
grant_of_questions(void)
{
	json_t *body = json_object();
	struct clock clock = clock_system();
	struct date today = date_in_japan(clock.now(clock.state));
	char first[DATE_TEXT_MAX], last[DATE_TEXT_MAX];

	date_format(today, first);
	date_format(date_plus_days(today, 1), last);
	json_put_text(body, "organisation", SLICE("131041"));
	json_put_text(body, "kind", SLICE("person"));
	json_put_int(body, "amount", GRANT_QUESTIONS);
	json_put_text(body, "from", slice_of(first));
	json_put_text(body, "until", slice_of(last));
	json_put_text(body, "reason", SLICE("test"));

	return body;
}
