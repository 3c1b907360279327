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
	/* UTF-8 without NUL, perhaps with line ends; a file has any bytes. */
	struct slice value;
	/* A file's name at the sender's, printable UTF-8; empty if no file was
	 * chosen.  data NULL: the value is no file. */
	struct slice filename;
	/* The file's media type as the sender says it; data NULL: unsaid. */
	struct slice content_type;
};

#endif
