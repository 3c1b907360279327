/*
 * Records for the resident (番号法23条, 附則6条), and declarations under an
 * ordinance (9条2項, 19条9号, 26条).
 */
#ifndef BANGO_MESSAGES_RECORDS_H
#define BANGO_MESSAGES_RECORDS_H

#include "law/own_use.h"
#include "messages/common.h"

#define RECORDS_MAX 500

/* records.request, portal to network */
struct records_request {
	struct slice request;
	struct linkage_code code; /* the portal's */
};
DECLARE_MESSAGE(records_request);

/* records.answer, network to portal: newest first, without those that are
 * withheld (law/withholding.h); `withheld` are those of which the person sees that
 * they are */
struct records_answer_record {
	struct slice record;
	struct slice inquirer, provider;
	struct slice item, affair, article, edition, unit;
	struct slice outcome;
	struct instant requested;
	struct instant provided; /* 0: not yet */
	struct instant corrected;
	struct slice correction;
	/* Once withheld, for this ground; or nothing. */
	struct date withheld_until; /* the last day */
	struct slice ground, withheld_article;
};
struct records_answer_withheld {
	struct slice record;
	struct date withheld_until;
};
struct records_answer {
	struct slice request;
	const struct records_answer_record *records;
	size_t n_records;
	const struct records_answer_withheld *withheld;
	size_t n_withheld;
};
DECLARE_MESSAGE(records_answer);
extern const struct shape records_answer_record_shape,
    records_answer_withheld_shape;

/* affair.declare, offices to network */
struct affair_declare {
	struct slice declaration;
	struct own_use own_use; /* its fields beside `declaration` */
};
DECLARE_MESSAGE(affair_declare);

/* affair.limit, offices to network: the information that the provider's
 * ordinance keeps from own-use affairs; an absent word stands for all */
struct affair_limit {
	struct slice declaration;
	struct slice item, organisation, affair;
	struct slice ordinance, number;
};
DECLARE_MESSAGE(affair_limit);

/* affair.withdraw, offices to network */
struct affair_withdraw {
	struct slice declaration;
};
DECLARE_MESSAGE(affair_withdraw);

/* affair.state, network to offices: the latest `at` counts */
struct affair_state {
	struct slice declaration;
	struct slice state, reason;
	struct instant at;
};
DECLARE_MESSAGE(affair_state);

#endif
