/*
 * The offices (業務システム): tax, pension and child allowance, as far as the
 * exchange needs them.  One process for each organisation.
 *
 * An office knows its people by business number.  In this first form it
 * holds no Individual Number at all: one that comes with a new insured
 * person goes on to the addressee in the same turn and is not stored here.
 */
#ifndef BANGO_SYSTEMS_OFFICES_H
#define BANGO_SYSTEMS_OFFICES_H

#include "host/system.h"

extern const struct system offices_system;

#define OFFICES_ROWS_MAX 2000          /* of one message */
#define OFFICES_BUSINESS_NUMBER_MAX 32 /* bytes */
#define OFFICES_ORGANISATION_MAX 24
#define OFFICES_UNIT_MAX 200
#define OFFICES_WORD_MAX 64    /* bytes of an affair, item, version */
#define OFFICES_BATCH_MAX 500  /* inquiries in one request */
#define OFFICES_REASON_MAX 400 /* bytes of why a mark is set */

/* Items of information (利用特定個人情報) and affairs, by row of the table. */
#define OFFICES_ITEM_TAX "local-tax"   /* 地方税関係情報 */
#define OFFICES_ITEM_PENSION "pension" /* 年金給付関係情報 */
#define OFFICES_AFFAIR_ALLOWANCE "106" /* 児童手当, asking a municipality */
#define OFFICES_AFFAIR_PENSION "107"   /* 児童手当, asking about pensions */

/* A refused replica is put again after 15 s, 30 s, 1 min ..., so often. */
#define OFFICES_RETRY_MS 15000
#define OFFICES_RETRIES_MAX 10

/* An instant of a row, unless it is 0, as one that is NULL is. */
void offices_put_instant(json_t *row, const char *key, struct instant at);

#endif
