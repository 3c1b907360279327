/* An exchange in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/evidence_tell.h"

/* 2026-11-21T16:53:20Z, past midnight in Japan. */
#define ASKED INT64_C(1795280000000)

static struct evidence_story
story(void)
{
	return (struct evidence_story){
	    .inquirer = {SLICE("131041"), SLICE("新宿区")},
	    .provider = {SLICE("012041"), SLICE("")},
	    .network = {SLICE("digital"), SLICE("デジタル庁")},
	    .holder = SLICE("131041/relay"),
	    .affair = SLICE("106"),
	    .article = SLICE("番号法19条8号"),
	    .item = SLICE("local-tax"),
	    .unit = SLICE("係"),
	    .requested = {ASKED},
	    .accepted_by = SLICE("digital/network"),
	    .accepted = {ASKED + 1000},
	    .witness = SLICE("jlis/jukinet"),
	    .witnessed = {ASKED + 60000},
	};
}

static void
tells(const struct evidence_story *s, const char *expected)
{
	struct buf text;

	buf_init(&text);
	evidence_tell(s, &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

static void
an_exchange_is_told_to_its_end(void **state)
{
	struct evidence_story s = story();

	(void)state;
	s.permitted.ms = ASKED + 2000;
	s.expires.ms = ASKED + 3600000;
	s.answered.ms = ASKED + 3000;
	s.outcome = SLICE("provided");
	tells(&s,
	    "新宿区 "
	    "(131041)の係は、令和8年11月22日1時53分20秒、012041が持つ情報を"
	    "事務106のため照会した: 地方税 (local-tax)。\n"
	    "デジタル庁 (digital)は、令和8年11月22日1時53分22秒、これを許可した "
	    "(期限 令和8年11月22日2時53分20秒)。根拠: "
	    "番号法19条8号。\n"
	    "012041は、令和8年11月22日1時53分23秒、提供した。\n"
	    "digital/networkは、令和8年11月22日1時53分21秒、回答を受け取った。"
	    "\n"
	    "131041/relayの台帳には、jlis/jukinetが"
	    "令和8年11月22日1時54分20秒に連署した。\n"
	    "\n"
	    "新宿区 (131041), unit 係, asked 012041 for affair 106 at "
	    "2026-11-21T16:53:20.000Z: Local tax (local-tax).\n"
	    "デジタル庁 (digital) permitted it at 2026-11-21T16:53:22.000Z, "
	    "until 2026-11-21T17:53:20.000Z, under "
	    "番号法19条8号.\n"
	    "012041 provided it at 2026-11-21T16:53:23.000Z.\n"
	    "digital/network accepted the answer at "
	    "2026-11-21T16:53:21.000Z.\n"
	    "The ledger of 131041/relay was signed by jlis/jukinet, too, at "
	    "2026-11-21T16:54:20.000Z.\n");
}

static void
says(const struct evidence_story *s, const char *ja, const char *en)
{
	struct buf text;

	buf_init(&text);
	evidence_tell(s, &text);
	if (strstr(text.data, ja) == NULL || strstr(text.data, en) == NULL)
		fail_msg("it does not say '%s', '%s': %s", ja, en, text.data);
	buf_done(&text);
}

static void
a_refusal_is_told_with_its_article(void **state)
{
	struct evidence_story s = story();
	struct buf text;

	(void)state;
	s.reason = SLICE("no-basis");
	s.refusal_article = SLICE("番号法19条8号");
	s.refused.ms = ASKED + 2000;
	says(&s, "、これを拒んだ: no-basis (番号法19条8号)。\n",
	    " refused it at 2026-11-21T16:53:22.000Z: no-basis "
	    "(番号法19条8号).\n");
	buf_init(&text);
	evidence_tell(&s, &text);
	assert_null(strstr(text.data, "no answer"));
	buf_done(&text);
	s.refused.ms = 0;
	s.answered.ms = ASKED + 3000;
	s.outcome = SLICE("refused");
	s.refusal_article = SLICE("");
	says(&s, "、提供を拒んだ: no-basis。\n",
	    "012041 refused at 2026-11-21T16:53:23.000Z: no-basis.\n");
}

static void
what_has_not_happened_is_not_told(void **state)
{
	struct evidence_story s = story();

	(void)state;
	says(&s, "デジタル庁 (digital)は、まだ答えていない。\n",
	    "has not answered yet.\n");
	says(&s, "回答はこの記録にない。\n",
	    "There is no answer in this archive.\n");
	says(&s, "照会を受け取った。\n", "accepted the inquiry at ");
}

static void
every_outcome_has_words(void **state)
{
	static const char *const outcomes[][3] = {
	    {"no-data", "該当する情報を持たない", "has no such information"},
	    {"refused", "提供を拒んだ", "012041 refused at"},
	    {"expired", "期限が切れた", "the permit had expired"},
	    {"cancelled", "照会が取り消された", "had been cancelled"},
	    {"revoked", "許可が取り消された", "had been revoked"},
	    {"another", "回答した", "012041 answered at"},
	};
	struct evidence_story s = story();
	size_t i;

	(void)state;
	s.answered.ms = ASKED + 3000;
	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		s.outcome = slice_of(outcomes[i][0]);
		says(&s, outcomes[i][1], outcomes[i][2]);
	}
}

static void
what_is_not_in_the_table_has_its_own_name(void **state)
{
	struct evidence_story s = story();

	(void)state;
	s.item = SLICE("weather");
	says(&s, "照会した: weather。\n", ": weather.\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_exchange_is_told_to_its_end),
	    cmocka_unit_test(a_refusal_is_told_with_its_article),
	    cmocka_unit_test(what_has_not_happened_is_not_told),
	    cmocka_unit_test(every_outcome_has_words),
	    cmocka_unit_test(what_is_not_in_the_table_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
