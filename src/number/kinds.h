/*
 * Kinds of numbers and codes, for shapes (base/shape.h).
 */
#ifndef BANGO_NUMBER_KINDS_H
#define BANGO_NUMBER_KINDS_H

#include "base/shape.h"
#include "number/individual_number.h"
#include "number/internal_number.h"
#include "number/linkage_code.h"
#include "number/resident_code.h"

extern const struct kind kind_individual_number, kind_internal_number,
    kind_linkage_code, kind_resident_code;

/* 個人番号: secret, as the codes below are */
#define INDIVIDUAL_NUMBER \
	struct individual_number, .kind = &kind_individual_number
/* 団体内統合宛名番号: not secret, as it is of use within its organisation alone */
#define INTERNAL_NUMBER struct internal_number, .kind = &kind_internal_number
/* 符号 */
#define LINKAGE_CODE struct linkage_code, .kind = &kind_linkage_code
/* 住民票コード */
#define RESIDENT_CODE struct resident_code, .kind = &kind_resident_code

#endif
