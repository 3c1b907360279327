/*
 * A name and its value as a form or a query has them: text that nobody has
 * looked at yet.  Lists keep the order in which the pairs were sent; a name
 * may stand there more than once.
 */
#ifndef BANGO_BASE_PAIR_H
#define BANGO_BASE_PAIR_H

#include "base/slice.h"

struct pair {
	struct slice name; /* printable UTF-8 */
	/* UTF-8 without NUL, perhaps with line ends; of a file any bytes. */
	struct slice value;
	/* Of a file: its name at the sender's, printable UTF-8; empty if no
	 * file was chosen.  data NULL: no file. */
	struct slice filename;
	/* What the sender says that a file is; data NULL: nothing. */
	struct slice content_type;
};

#endif
