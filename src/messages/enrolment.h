/*
 * Enrolments at the portal (利用者登録), which begin at a municipality's counter
 * (decision 0055).
 *
 * The acquisition number (取得番号) of an enrolment is the digest of the ticket
 * that the counter prints (messages/ticket.h), so that the systems between the
 * counter and the portal learn no ticket.
 */
#ifndef BANGO_MESSAGES_ENROLMENT_H
#define BANGO_MESSAGES_ENROLMENT_H

#include "messages/acquisition.h"

/* The counter gives a ticket to a resident who has no sign-in; ends the sign-in
 * and gives a ticket; ends it and gives none. */
#define ENROLMENT_STEPS "begin|renew|end"
/* The ticket works; it works, and the sign-in has ended; the sign-in has ended;
 * there was none to end; there is one, so that no ticket was made; a later order
 * came first, and nothing was done. */
#define ENROLMENT_OUTCOMES "ready|renewed|ended|nothing|has-sign-in|overtaken"

/* enrolment.identify, registry to jukinet */
struct enrolment_identify_item {
	struct slice acquisition;
	struct slice step;
	struct instant at; /* when the counter ordered it */
	struct resident_code code;
};
struct enrolment_identify {
	struct system_id to; /* the portal */
	const struct enrolment_identify_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(enrolment_identify);

/* enrolment.identified, jukinet to network; the codes before today's are there
 * if the person had any. */
struct enrolment_identified_item {
	struct slice acquisition;
	struct slice step;
	struct instant at; /* when the counter ordered it */
	struct resident_code code;
	const struct resident_code *before;
	size_t n_before;
};
struct enrolment_identified {
	struct system_id to;       /* the portal */
	struct slice municipality; /* of the counter */
	const struct enrolment_identified_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(enrolment_identified);

/* enrolment.code, network to portal; the code is told each time, for it alone
 * says whose sign-in is meant. */
struct enrolment_code_item {
	struct slice acquisition;
	struct slice step;
	struct instant at;
	struct linkage_code code;
};
struct enrolment_code {
	struct slice municipality;
	const struct enrolment_code_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(enrolment_code);

/* enrolment.settled, portal to registry */
struct enrolment_settled_item {
	struct slice acquisition;
	struct slice outcome;
};
struct enrolment_settled {
	const struct enrolment_settled_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(enrolment_settled);

/* enrolment.refused, jukinet to registry */
struct enrolment_refused {
	const struct acquisition_refused_item *items;
	size_t n_items;
	struct instant until; /* when to ask again for what is `stopped` */
	bool has_until;
};
DECLARE_MESSAGE(enrolment_refused);

#endif
