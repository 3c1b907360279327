/*
 * A name with a value, as a query or a form has them.
 */
#ifndef BANGO_BASE_PAIR_H
#define BANGO_BASE_PAIR_H

#include "base/slice.h"

struct pair {
	struct slice name, value;
	struct slice filename,
	    content_type; /* of a file in a form; else empty */
};

#endif
