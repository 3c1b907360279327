#include "evidence/evidence_tell.h"

#include "law/law.h"

#define MINUTE_MS 60000
#define JAPAN_MS (9 * 60 * MINUTE_MS)
#define DAY_MINUTES 1440

/* The ends of an exchange, as the provider reports them. */
struct outcome {
	const char *name, *ja, *en;
};

static const struct outcome outcomes[] = {
    {"provided", "提供した", "provided it"},
    {"no-data", "該当する情報を持たないと回答した",
	"answered that it has no such information"},
    {"refused", "提供を拒んだ", "refused"},
    {"expired", "許可の期限が切れたと回答した",
	"answered that the permit had expired"},
    {"cancelled", "照会が取り消されたと回答した",
	"answered that the inquiry had been cancelled"},
    {"revoked", "許可が取り消されたと回答した",
	"answered that the permit had been revoked"},
    {NULL, "回答した", "answered"},
};

struct telling {
	const struct evidence_story *story;
	struct law *law; /* NULL: without names */
	struct buf *ret;
};

/* --- Words --------------------------------------------------------------- */

static void
add_time_en(struct buf *ret, struct instant t)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(t, text);
	buf_add_string(ret, text);
}

/* To the second.  A signed time may be out of all range. */
static void
add_time_ja(struct buf *ret, struct instant t)
{
	int minutes = (int)((t.ms + JAPAN_MS) / MINUTE_MS % DAY_MINUTES);
	char day[DATE_TEXT_MAX];

	if (t.ms < 0) {
		add_time_en(ret, t);
		return;
	}
	date_format_era(date_in_japan(t), day);
	buf_printf(ret, "%s%d時%d分%d秒", day, minutes / 60, minutes % 60,
	    (int)(t.ms / 1000 % 60));
}

static void
add_party(struct buf *ret, const struct evidence_party *party)
{
	if (slice_is_empty(party->name))
		buf_add(ret, party->organisation);
	else
		buf_printf(ret, "%.*s (%.*s)", SLICE_ARG(party->name),
		    SLICE_ARG(party->organisation));
}

static void
add_item(struct telling *t, bool japanese)
{
	struct slice id = t->story->item;
	struct law_item item;

	if (t->law == NULL || law_item(t->law, id, &item))
		buf_printf(t->ret, "%.*s", SLICE_ARG(id));
	else
		buf_printf(t->ret, "%.*s (%.*s)",
		    SLICE_ARG(japanese ? item.title : item.title_en),
		    SLICE_ARG(id));
}

/* The reason of a refusal by the network or the provider, if there is one. */
static void
add_reason(struct telling *t)
{
	const struct evidence_story *s = t->story;

	if (!slice_is_empty(s->reason))
		buf_printf(t->ret, ": %.*s", SLICE_ARG(s->reason));
	if (!slice_is_empty(s->refusal_article))
		buf_printf(t->ret, " (%.*s)", SLICE_ARG(s->refusal_article));
}

static const struct outcome *
find_outcome(struct slice name)
{
	const struct outcome *o = outcomes;

	while (o->name != NULL && !slice_equal_string(name, o->name))
		o++;

	return o;
}

/* --- Japanese ------------------------------------------------------------ */

static void
tell_question_ja(struct telling *t)
{
	const struct evidence_story *s = t->story;

	add_party(t->ret, &s->inquirer);
	buf_printf(t->ret, "の%.*sは、", SLICE_ARG(s->unit));
	add_time_ja(t->ret, s->requested);
	buf_add_string(t->ret, "、");
	add_party(t->ret, &s->provider);
	buf_printf(t->ret,
	    "が持つ情報を事務%.*sのため照会した: ", SLICE_ARG(s->affair));
	add_item(t, true);
	buf_add_string(t->ret, "。\n");
}

static void
tell_decision_ja(struct telling *t)
{
	const struct evidence_story *s = t->story;

	add_party(t->ret, &s->network);
	buf_add_string(t->ret, "は、");
	if (s->refused.ms != 0) {
		add_time_ja(t->ret, s->refused);
		buf_add_string(t->ret, "、これを拒んだ");
		add_reason(t);
		buf_add_string(t->ret, "。\n");
	} else if (s->permitted.ms != 0) {
		add_time_ja(t->ret, s->permitted);
		buf_add_string(t->ret, "、これを許可した (期限 ");
		add_time_ja(t->ret, s->expires);
		buf_printf(t->ret, ")。根拠: %.*s。\n", SLICE_ARG(s->article));
	} else
		buf_add_string(t->ret, "まだ答えていない。\n");
}

static void
tell_answer_ja(struct telling *t)
{
	const struct evidence_story *s = t->story;

	if (s->answered.ms != 0) {
		add_party(t->ret, &s->provider);
		buf_add_string(t->ret, "は、");
		add_time_ja(t->ret, s->answered);
		buf_printf(t->ret, "、%s", find_outcome(s->outcome)->ja);
		add_reason(t);
		buf_add_string(t->ret, "。\n");
	} else if (s->refused.ms == 0)
		buf_add_string(t->ret, "回答はこの記録にない。\n");
	if (s->accepted.ms != 0) {
		buf_printf(t->ret, "%.*sは、", SLICE_ARG(s->accepted_by));
		add_time_ja(t->ret, s->accepted);
		buf_printf(t->ret, "、%sを受け取った。\n",
		    s->answered.ms != 0 ? "回答" : "照会");
	}
	buf_printf(t->ret, "%.*sの台帳には、%.*sが", SLICE_ARG(s->holder),
	    SLICE_ARG(s->witness));
	add_time_ja(t->ret, s->witnessed);
	buf_add_string(t->ret, "に連署した。\n");
}

/* --- English ------------------------------------------------------------- */

static void
tell_question_en(struct telling *t)
{
	const struct evidence_story *s = t->story;

	add_party(t->ret, &s->inquirer);
	buf_printf(t->ret, ", unit %.*s, asked ", SLICE_ARG(s->unit));
	add_party(t->ret, &s->provider);
	buf_printf(t->ret, " for affair %.*s at ", SLICE_ARG(s->affair));
	add_time_en(t->ret, s->requested);
	buf_add_string(t->ret, ": ");
	add_item(t, false);
	buf_add_string(t->ret, ".\n");
}

static void
tell_decision_en(struct telling *t)
{
	const struct evidence_story *s = t->story;

	add_party(t->ret, &s->network);
	if (s->refused.ms != 0) {
		buf_add_string(t->ret, " refused it at ");
		add_time_en(t->ret, s->refused);
		add_reason(t);
		buf_add_string(t->ret, ".\n");
	} else if (s->permitted.ms != 0) {
		buf_add_string(t->ret, " permitted it at ");
		add_time_en(t->ret, s->permitted);
		buf_add_string(t->ret, ", until ");
		add_time_en(t->ret, s->expires);
		buf_printf(t->ret, ", under %.*s.\n", SLICE_ARG(s->article));
	} else
		buf_add_string(t->ret, " has not answered yet.\n");
}

static void
tell_answer_en(struct telling *t)
{
	const struct evidence_story *s = t->story;

	if (s->answered.ms != 0) {
		add_party(t->ret, &s->provider);
		buf_printf(t->ret, " %s at ", find_outcome(s->outcome)->en);
		add_time_en(t->ret, s->answered);
		add_reason(t);
		buf_add_string(t->ret, ".\n");
	} else if (s->refused.ms == 0)
		buf_add_string(t->ret, "There is no answer in this archive.\n");
	if (s->accepted.ms != 0) {
		buf_printf(t->ret, "%.*s accepted the %s at ",
		    SLICE_ARG(s->accepted_by),
		    s->answered.ms != 0 ? "answer" : "inquiry");
		add_time_en(t->ret, s->accepted);
		buf_add_string(t->ret, ".\n");
	}
	buf_printf(t->ret, "The ledger of %.*s was signed by %.*s, too, at ",
	    SLICE_ARG(s->holder), SLICE_ARG(s->witness));
	add_time_en(t->ret, s->witnessed);
	buf_add_string(t->ret, ".\n");
}

void
evidence_tell(const struct evidence_story *story, struct buf *ret)
{
	struct telling t = {.story = story, .ret = ret};
	struct law_text text = law_text_built_in();

	if (law_load(&text, &t.law, NULL))
		t.law = NULL;
	tell_question_ja(&t);
	tell_decision_ja(&t);
	tell_answer_ja(&t);
	buf_add_char(ret, '\n');
	tell_question_en(&t);
	tell_decision_en(&t);
	tell_answer_en(&t);
	law_free(t.law);
}
