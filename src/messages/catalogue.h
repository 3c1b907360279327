/*
 * Every message that one system of the scheme may send to another.
 */
#ifndef BANGO_MESSAGES_CATALOGUE_H
#define BANGO_MESSAGES_CATALOGUE_H

#include "wire/message.h"

extern const struct message_type *const messages_all[]; /* NULL ends */

#endif
