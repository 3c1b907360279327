/*
 * The host's own component: the directory, outbox, inbox and audit of every
 * node (schema.sql), what it says of itself, and the erasing of what nobody
 * can ask for any more.
 */
#ifndef BANGO_HOST_HOST_H
#define BANGO_HOST_HOST_H

#include "host/system.h"

extern const struct component host_component;

#endif
