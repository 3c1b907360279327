/*
 * Numbering and identification (番号法7条, 8条; 住基法30条の2から30条の5, 30条の9の2).
 */
#ifndef BANGO_MESSAGES_NUMBERING_H
#define BANGO_MESSAGES_NUMBERING_H

#include "messages/common.h"

/* codes.request, registry to jukinet */
struct codes_request {
	int64_t count;
	struct slice request;
};
DECLARE_MESSAGE(codes_request);

/* codes.designated, jukinet to registry */
struct codes_designated {
	struct slice request;
	const struct resident_code *codes;
	size_t n_codes;
};
DECLARE_MESSAGE(codes_designated);

/* codes.refused, jukinet to registry: the municipality holds so many unused codes
 * that it may not have as many more */
struct codes_refused {
	struct slice request;
	int64_t pool, held; /* the most it may hold, and what it holds */
};
DECLARE_MESSAGE(codes_refused);

/* codes.return, registry to jukinet: these we do not need; they lapse */
struct codes_return {
	struct slice request;
	const struct resident_code *codes;
	size_t n_codes;
};
DECLARE_MESSAGE(codes_return);

/* codes.outstanding, registry to jukinet: which of our codes has nobody; from the
 * code on that the last list ended with */
struct codes_outstanding {
	struct slice request;
	struct resident_code after;
	bool has_after;
};
DECLARE_MESSAGE(codes_outstanding);

/* codes.listed, jukinet to registry */
struct codes_listed {
	struct slice request;
	const struct resident_code *codes;
	size_t n_codes;
	struct resident_code next; /* the `after` of the next question */
	bool has_next;
};
DECLARE_MESSAGE(codes_listed);

/* numbering.request, registry to jukinet */
struct numbering_request_item {
	struct resident_code code;
	struct attributes person;
	struct slice origin;
};
struct numbering_request {
	const struct numbering_request_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(numbering_request);

/* numbering.answer, jukinet to registry */
struct numbering_answer_item {
	struct resident_code code;
	struct individual_number number;
	struct slice carried;
};
struct numbering_answer_refusal {
	struct resident_code code;
	struct slice reason;
};
struct numbering_answer {
	const struct numbering_answer_item *items;
	size_t n_items;
	const struct numbering_answer_refusal *refused;
	size_t n_refused;
	const struct resident_code *held;
	size_t n_held;
	struct instant until; /* when to ask again for what is `stopped` */
	bool has_until;
};
DECLARE_MESSAGE(numbering_answer);

/* number.change, registry to jukinet */
struct number_change {
	struct slice request;
	struct resident_code code;
	struct individual_number number;
	struct slice reason;
	struct slice paper, officer; /* may be empty */
};
DECLARE_MESSAGE(number_change);

/* number.changed, jukinet to registry */
struct number_changed {
	struct slice request;
	struct resident_code code;
	struct individual_number number;
	bool has_number;
	struct slice refused;
};
DECLARE_MESSAGE(number_changed);

/* code.changed, registry to jukinet, jukinet to network */
struct code_changed_item {
	struct resident_code from, to;
};
struct code_changed {
	const struct code_changed_item *items;
	size_t n_items;
	struct slice paper, officer; /* of a registry; may be empty */
};
DECLARE_MESSAGE(code_changed);

/* identity.update, registry to jukinet */
struct identity_update_item {
	struct resident_code code;
	struct slice event;
	struct date date;
	struct attributes person;
};
struct identity_update {
	const struct identity_update_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(identity_update);

/* identity.restored, jukinet to registry */
struct identity_restored {
	struct resident_code code;
	struct slice state; /* "resident" or "moved-out" */
	struct slice municipality;
	struct date date;
	struct slice reason;
};
DECLARE_MESSAGE(identity_restored);

#endif
