#include "messages/arrivals.h"

static const struct field arrival_before_fields[] = {
    OPTION(arrival_before, name, NAME, "氏名 of that time, if another"),
    OPTION(arrival_before, kana, KANA, "its 振り仮名"),
    OPTION(arrival_before, municipality, ORGANISATION, "the last municipality"),
    OPTION(arrival_before, address, ADDRESS, "the last address in it"),
    OPTION(arrival_before, left, DATE, "the day of leaving for abroad"),
    MAYBE(arrival_before, code, RESIDENT_CODE,
	"the 住民票コード that the papers show"),
};
const struct shape arrival_before_shape =
    SHAPE(arrival_before, arrival_before_fields);

static const struct field arrival_decided_fields[] = {
    FIELD(arrival_decided, claim, ID, "the decision's id, by the sender"),
    FIELD(arrival_decided, code, RESIDENT_CODE,
	"the arrival's own code, or today's of a person with a second number"),
    FIELD(arrival_decided, decision, WORD("same|different"),
	"the arrival is somebody who has left, or nobody of them"),
    OBJECT(arrival_decided, before, arrival_before,
	"with `same`: the stay of before; empty with `different`"),
    FIELD(arrival_decided, evidence, EXPLANATION, "the papers that were seen"),
    FIELD(arrival_decided, officer, TEXT(64), "the officer who decided"),
    OBJECT(arrival_decided, attributes, attributes, "the record as it is"),
};
DEFINE_MESSAGE(arrival_decided, "arrival.decided", 1);

static const struct field arrival_state_fields[] = {
    FIELD(arrival_state, claim, ID, "the decision's id"),
    FIELD(arrival_state, state, WORD("sought|asked|held|settled|refused"),
	"jukinet looks for the person, the municipality of before is asked, "
	"an officer of J-LIS decides, the decision counts, or does not"),
    MAYBE(arrival_state, number, INDIVIDUAL_NUMBER,
	"if settled: the number from now on"),
    MAYBE(arrival_state, known_code, RESIDENT_CODE,
	"if settled as `same`: the code from now on"),
    MAYBE(arrival_state, until, INSTANT,
	"if sought or asked: the end of the term"),
    OPTION(arrival_state, reason, NAME_OF, "the reason of a refusal"),
};
DEFINE_MESSAGE(arrival_state, "arrival.state", 1);

static const struct field arrival_notice_fields[] = {
    FIELD(arrival_notice, claim, ID, "the claim's id; the same when reminded"),
    FIELD(arrival_notice, code, RESIDENT_CODE, "the former resident's code"),
    FIELD(arrival_notice, by, ORGANISATION,
	"the municipality to which the person is said to have come"),
    OBJECT(arrival_notice, attributes, attributes, "the arrival's record"),
    OBJECT(arrival_notice, before, arrival_before,
	"the last stay, as the person and the papers say"),
    FIELD(arrival_notice, evidence, EXPLANATION, "the papers that were seen"),
    FIELD(arrival_notice, until, INSTANT,
	"the end of the term; an officer of J-LIS decides then"),
};
DEFINE_MESSAGE(arrival_notice, "arrival.notice", 1);

static const struct field arrival_reply_fields[] = {
    FIELD(arrival_reply, claim, ID, "the claim's id"),
    FIELD(arrival_reply, reply, WORD("agree|object"),
	"whether it is the former resident"),
    OPTION(arrival_reply, reason, EXPLANATION, "the reason"),
    OPTION(arrival_reply, officer, TEXT(64),
	"the officer; absent: the record itself shows it"),
};
DEFINE_MESSAGE(arrival_reply, "arrival.reply", 1);

static const struct field arrival_ended_fields[] = {
    FIELD(arrival_ended, claim, ID, "the claim's id"),
    FIELD(arrival_ended, outcome, WORD("settled|refused|withdrawn"),
	"the end of the claim: no reply is needed any more"),
};
DEFINE_MESSAGE(arrival_ended, "arrival.ended", 1);
