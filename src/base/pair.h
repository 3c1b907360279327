/*
 * A name and its value from a form or a query: text that nobody has checked
 * yet.  Lists keep the order in which the pairs were sent; a name may occur in
 * them more than once.
 */
#ifndef BANGO_BASE_PAIR_H
#define BANGO_BASE_PAIR_H

#include "base/slice.h"

struct pair {
	struct slice name; /* printable UTF-8 */
	/* UTF-8 without NUL, perhaps with line ends; a file has any bytes. */
	struct slice value;
	/* The name of a file on the sender's side, printable UTF-8; empty if no
	 * file was chosen.  data NULL: the value is no file. */
	struct slice filename;
	/* The file's media type as the sender says; data NULL: not given. */
	struct slice content_type;
};

#endif
