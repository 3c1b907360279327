/*
 * Records that are kept from the person's view (不開示, 番号法23条2項; decision
 * 0047): the inquirer, the provider, or an officer of the network withholds one,
 * for a ground and until a day.
 *
 * The record holds the instants at which its grades end, and the list of a
 * resident compares them with the clock: the end needs nobody.  Each withholding
 * stays as a row for as long as the record.  Refusals before a permit are never
 * withheld.
 */
#ifndef BANGO_SYSTEMS_NETWORK_HIDING_H
#define BANGO_SYSTEMS_NETWORK_HIDING_H

#include "host/system.h"
#include "messages/inquiries.h"
#include "messages/records.h"
#include "network_rows.h"
#include "systems/network/person.h"

/* The withholding of a record by one side. */
struct hiding {
	const char *side; /* HIDING_... */
	struct slice organisation;
	struct slice affair;   /* or WITHHOLDING_MARK */
	struct slice withheld; /* law/withholding.h */
	struct slice officer, second;
	struct date from; /* the day of the question, answer or order */
};
#define HIDING_INQUIRER "inquirer"
#define HIDING_PROVIDER "provider"
#define HIDING_NETWORK "network"

/* Whether the law's table allows it, and two officers say so where they have to.
 * ERR_INPUT, ERR_DENIED; the problem says why. */
MUST_USE enum err
hiding_check(const struct hiding *hiding, struct problem *problem);
/* Whether it has the names of two officers. */
bool hiding_is_by_two(const struct hiding *hiding);
/* Withhold the record, if hiding_check() allows it. */
MUST_USE enum err
hiding_put(struct turn *turn, struct slice record, const struct hiding *hiding);
/* The same of a provider's mark, as it reports: one that is not allowed hides
 * nothing, and one past its figure is a budget that is passed. */
MUST_USE enum err
hiding_report(struct turn *turn, const struct provision_report *report,
    const struct network_record_row *permit);
/* Show it again. */
MUST_USE enum err hiding_end(struct turn *turn, struct slice record);

/* Those of a person of which the person sees that they are withheld. */
MUST_USE enum err
hiding_show(struct turn *turn, const struct record_code *person,
    struct instant now, struct records_answer *answer);
/* Complete a record that was withheld once by ground, article and last day. */
MUST_USE enum err
hiding_was(struct turn *turn, struct records_answer_record *record);

/* GET /records/hidden: what is withheld now, 200 a page, the first to end at the
 * head; on the first page how much each organisation withholds. */
extern const struct shape hiding_page_shape;
MUST_USE enum err hiding_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err hiding_count(struct turn *turn, struct counting *counts);

#endif
