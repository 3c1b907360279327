/*
 * Acquisition of linkage codes (番号法21条の2; 施行令27条).
 *
 * No system learns both the Individual Number and the linkage code: only the
 * acquisition number connects them, and all systems forget that number.
 */
#ifndef BANGO_MESSAGES_ACQUISITION_H
#define BANGO_MESSAGES_ACQUISITION_H

#include "messages/common.h"

#define ACQUISITION(tag) FIELD(tag, acquisition, ACQUISITION_NUMBER, "取得番号")

/* acquisition.request, addressee to jukinet: a number, and the attributes that
 * the organisation has of its owner, without the address */
struct acquisition_request_item {
	struct slice acquisition;
	struct individual_number number;
	struct attributes person;
};
struct acquisition_request {
	const struct acquisition_request_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_request);

/* acquisition.link, addressee to its relay */
struct acquisition_link_item {
	struct slice acquisition;
	struct internal_number internal;
};
struct acquisition_link {
	const struct acquisition_link_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_link);

/* acquisition.identify, jukinet to network; the codes before today's are
 * there if the person had any. */
struct acquisition_identify_item {
	struct slice acquisition;
	struct resident_code code;
	const struct resident_code *before;
	size_t n_before;
};
struct acquisition_identify {
	struct system_id to; /* the relay that gets the code */
	const struct acquisition_identify_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_identify);

/* acquisition.refused, jukinet to addressee */
struct acquisition_refused_item {
	struct slice acquisition;
	struct slice reason;
};
extern const struct shape acquisition_refused_item_shape;
struct acquisition_refused {
	const struct acquisition_refused_item *items;
	size_t n_items;
	struct instant until; /* when to ask again for what is `stopped` */
	bool has_until;
};
DECLARE_MESSAGE(acquisition_refused);

/* acquisition.code, network to relay; no code where the organisation already
 * holds one (令85 44条2項) */
struct acquisition_code_item {
	struct slice acquisition;
	struct linkage_code code;
	bool has_code;
};
struct acquisition_code {
	const struct acquisition_code_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_code);

/* acquisition.done, relay to its addressee; acquisition.drop, addressee to its
 * relay, after a refusal */
struct acquisition_done {
	const struct slice *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_done);
struct acquisition_drop {
	const struct slice *items;
	size_t n_items;
};
DECLARE_MESSAGE(acquisition_drop);

#endif
