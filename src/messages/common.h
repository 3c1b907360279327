/*
 * The kinds of fields with which messages are declared, and bounds that many of
 * them share.
 *
 * Messages are made for bulk work: `items` is an array of rows, each an array;
 * a single case is an array of one row.
 */
#ifndef BANGO_MESSAGES_COMMON_H
#define BANGO_MESSAGES_COMMON_H

#include "number/kinds.h"
#include "person/kinds.h"
#include "wire/kinds.h"
#include "wire/message.h"

#define MESSAGE_ROWS_MAX 2000
#define MESSAGE_CODES_MAX 5000 /* rows of codes and short words */
#define MESSAGE_PEOPLE_MAX 100 /* in one move */
#define FORMER_CODES_MAX 1000  /* of one person */
#define MESSAGE_SEALED_MAX (256 << 10)
#define MESSAGE_CONTENTS_MAX (64 << 10)

/* 宛名番号, of one system of one organisation */
#define BUSINESS_NUMBER TEXT(32)
/* Identifiers for programs: an item of information, a version of one, a row of
 * the law's table or an own-use affair, a reason. */
#define NAME_OF TEXT(64)
/* The provision that allows or forbids an inquiry; for an own-use affair, with
 * the ordinance's title and number (law/own_use.h). */
#define ARTICLE TEXT(450)
/* The unit of an organisation that asks. */
#define UNIT TEXT(200)
/* Text for people: the reason, the person responsible, the next step. */
#define EXPLANATION TEXT(600)
/* 取得番号: random, for one acquisition */
#define ACQUISITION_NUMBER ID

#endif
