/*
 * Types of messages.
 *
 * A message has a name, an edition and a shape.  An edition never changes after
 * its release: a body with more or other fields is the next edition, and a
 * receiver says which editions it takes.  src/messages declares all messages.
 */
#ifndef BANGO_WIRE_MESSAGE_H
#define BANGO_WIRE_MESSAGE_H

#include "base/shape.h"

struct message_type {
	const char *name;          /* "permit.issued" */
	int64_t edition;           /* 1, 2 ... */
	const struct shape *shape; /* NULL, in doubles of tests: any body */
};

/*
 * In a header: the body is a `struct tag`, the type is message_tag.  In its
 * source, after the table `tag_fields`.
 */
#define DECLARE_MESSAGE(tag)                   \
	extern const struct shape tag##_shape; \
	extern const struct message_type message_##tag
#define DEFINE_MESSAGE(tag, name_, edition_)                       \
	const struct shape tag##_shape = SHAPE(tag, tag##_fields); \
	const struct message_type message_##tag = {                \
	    .name = name_, .edition = edition_, .shape = &tag##_shape}

#endif
