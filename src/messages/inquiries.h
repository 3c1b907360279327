/*
 * Inquiry and provision (番号法19条8号, 21条から23条).
 *
 * `affair` is the row number of the order's table ("106") or the id of an
 * own-use affair ("own-..."), `item` an id of the catalogue.  `withheld`
 * (不開示, 23条2項; law/withholding.h) keeps a record from the person's view.
 */
#ifndef BANGO_MESSAGES_INQUIRIES_H
#define BANGO_MESSAGES_INQUIRIES_H

#include "law/refusal.h"
#include "law/withholding.h"
#include "messages/common.h"
#include "number/linkage_code.h"

/*
 * The reason why an organisation asks about a person: the case (事案) of its
 * office, the procedure within the affair's row, and the part that the person
 * has in the case.
 */
struct inquiry_case {
	struct slice number; /* in the books of the unit */
	struct slice unit;
	struct slice clerk;
	struct slice second; /* officer, who withholds existence; or empty */
	struct date opened;
};
struct matter {
	struct inquiry_case of_case;
	struct slice step;  /* or empty */
	struct slice whose; /* WHOSE */
};
extern const struct shape inquiry_case_shape;
#define CASE_NUMBER TEXT(64)
#define STEP TEXT(64)
#define WHOSE WORD("self|spouse|household|dependant|supporter|deceased")
#define WHOSE_SELF "self"
/* The text of a question: characters. */
#define QUESTION_MAX 2400

/* inquiry.request, offices to their addressee */
struct office_inquiry_request {
	struct slice inquiry;
	struct slice business_number;
	struct slice affair, item, version, provider, unit;
	struct matter matter;
	bool deceased_confirmed;
	struct slice withheld;
};
DECLARE_MESSAGE(office_inquiry_request);

/* inquiry.request, addressee to its relay */
struct addressee_inquiry_request {
	struct slice inquiry;
	struct internal_number internal_number;
	struct slice affair, item, version, provider, unit;
	struct matter matter;
	struct slice withheld;
	bool deceased_confirmed; /* not read */
};
DECLARE_MESSAGE(addressee_inquiry_request);

/* question.sheet, relay to network: the signature under the questions that the
 * requests behind it name (wire/sheet.h) */
struct question_sheet {
	struct slice sheet; /* an id */
	struct slice jws;
};
DECLARE_MESSAGE(question_sheet);

/* inquiry.request, relay to network.  `whose` decides the row of the step, and
 * is not kept. */
struct relay_inquiry_request {
	struct slice inquiry;
	struct linkage_code code;
	struct digest blind; /* opens `who` of the question */
	struct slice whose;
	struct slice question; /* messages/question.h */
	struct slice sheet;    /* the id of its sheet */
	/* The officers who withhold: the clerk of the case, and a second officer where
	 * existence is withheld; or empty. */
	struct slice officer, second;
};
DECLARE_MESSAGE(relay_inquiry_request);

/* inquiry.permitted, network to the inquirer's relay */
struct inquiry_permitted {
	struct slice inquiry;
	struct digest question;
	struct slice article;
	struct instant expires;
};
DECLARE_MESSAGE(inquiry_permitted);

/* inquiry.refused, network to the inquirer's relay */
struct inquiry_refused {
	struct slice inquiry;
	struct slice reason, article, text;
};
DECLARE_MESSAGE(inquiry_refused);

/* inquiry.waiting, network to the inquirer's relay: a budget of the network is used
 * up, and the inquiry waits for an officer there, or for the next day */
struct inquiry_waiting {
	struct slice inquiry;
	struct instant until;
	struct slice reason; /* WAITS_... */
};
DECLARE_MESSAGE(inquiry_waiting);
#define WAITS_PERSON "person"       /* many inquiries about this person */
#define WAITS_INQUIRIES "inquiries" /* many inquiries today */
#define WAITS_WITHHELD "withheld"   /* many of them are withheld */

/* permit.issued, network to the provider's relay.  The question alone says who
 * asks for what, and where the answer goes. */
struct permit_issued {
	struct slice permit;
	struct linkage_code code; /* of the provider */
	struct slice article, edition;
	struct instant requested, expires;
	struct slice question;
	struct slice sheet; /* its JWS */
};
DECLARE_MESSAGE(permit_issued);

/* permit.revoked, network to relay: to the provider with `permit`, and, for a
 * revocation, to the inquirer with `inquiry`; each knows the exchange by its own
 * id alone */
struct permit_revoked {
	struct slice permit, inquiry;
	struct slice outcome, article, text;
};
DECLARE_MESSAGE(permit_revoked);

/* inquiry.held, provider's relay to inquirer's relay: a person decides
 * (自動応答不可) */
struct relay_inquiry_held {
	struct digest question;
	struct instant deadline;
};
DECLARE_MESSAGE(relay_inquiry_held);

/* inquiry.held, relay to its offices */
struct office_inquiry_held {
	struct slice inquiry;
	struct instant deadline;
	struct slice
	    reason; /* WAITS_... at the network; empty at the provider */
};
DECLARE_MESSAGE(office_inquiry_held);

/* answer.sealed, provider's relay to inquirer's relay */
struct answer_sealed {
	struct digest question;
	struct slice outcome;
	struct slice withheld;
	struct slice sealed; /* JWE, when provided */
	struct slice reason, article, text;
};
DECLARE_MESSAGE(answer_sealed);

/* The plain text of `sealed`. */
struct provided {
	struct slice item, version;
	int64_t form;
	struct slice contents;
};
extern const struct shape provided_shape;

/* provision.report, provider's relay to network */
struct provision_report {
	struct slice permit;
	struct slice outcome, reason;
	struct instant at;
	struct slice withheld;
	/* The officers who set the mark: a second one where existence is
	 * withheld; or empty. */
	struct slice officer, second;
};
DECLARE_MESSAGE(provision_report);

/* inquiry.answered, relay and addressee to their offices */
struct inquiry_answered {
	struct slice inquiry;
	struct slice outcome;
	struct slice contents;
	struct slice version;
	int64_t form;
	struct slice reason, article, text;
};
DECLARE_MESSAGE(inquiry_answered);
/* The end of an inquiry that the provider did not decide: with the refusal's
 * reason, article and text, and `why` as in refusal_text(). */
struct inquiry_answered inquiry_ended(struct arena *arena, struct slice inquiry,
    struct slice outcome, enum refusal refusal, struct slice why);

/* inquiry.cancel, offices to addressee to relay to network */
struct inquiry_cancel {
	struct slice inquiry;
};
DECLARE_MESSAGE(inquiry_cancel);

/* provision.corrected, provider's relay to inquirer's relay (個人情報保護法97条):
 * the information provided has been corrected */
struct provision_corrected {
	struct digest question;
	struct slice item;
	struct instant corrected;
};
DECLARE_MESSAGE(provision_corrected);

/* inquiry.corrected, relay to its offices */
struct inquiry_corrected {
	struct slice inquiry;
	struct instant corrected;
};
DECLARE_MESSAGE(inquiry_corrected);

/* record.corrected, relay to network: its record was wrong (番号法31条) */
struct relay_record_corrected {
	struct slice side;
	struct slice record; /* the inquiry or the permit */
	struct instant corrected;
	struct slice note;
};
DECLARE_MESSAGE(relay_record_corrected);

/* record.corrected, network to the other systems that keep the record; the
 * later `corrected` counts; if two are equal, the greater note */
struct network_record_corrected {
	struct slice side;   /* on which the receiver stands */
	struct slice record; /* its own id: the inquiry, or the permit */
	struct instant corrected;
	struct slice note;
};
DECLARE_MESSAGE(network_record_corrected);

/* record.withheld, relay to network: the sender withholds its record for longer
 * than it said, before the end */
struct record_withheld {
	struct slice side;
	struct slice record; /* the inquiry or the permit */
	struct slice ground;
	struct date until; /* the last day */
	struct slice officer, second;
};
DECLARE_MESSAGE(record_withheld);

/* --- Searching for providers (令85 40条3項) ------------------------------- */

/* provider.search, offices to addressee, addressee to relay, relay to
 * network */
struct office_provider_search {
	struct slice search;
	struct slice business_number;
	struct slice affair, item;
	struct matter matter;
};
DECLARE_MESSAGE(office_provider_search);
struct addressee_provider_search {
	struct slice search;
	struct internal_number internal_number;
	struct slice affair, item;
	struct matter matter;
};
DECLARE_MESSAGE(addressee_provider_search);
struct relay_provider_search {
	struct slice search;
	struct linkage_code code;
	struct digest blind;
	struct slice question; /* without a provider */
	struct slice sheet;
};
DECLARE_MESSAGE(relay_provider_search);

/* provider.found, network to relay, relay and addressee to offices */
struct provider_found {
	struct slice search;
	const struct slice *organisations;
	size_t n_organisations;
	struct slice reason, article, text; /* if refused */
};
DECLARE_MESSAGE(provider_found);

#endif
