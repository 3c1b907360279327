/*
 * The host's own component: the directory, outbox, inbox and audit of every
 * node (schema.sql), the node's status, and the erasing of rows that are no
 * longer needed.
 */
#ifndef BANGO_HOST_HOST_H
#define BANGO_HOST_HOST_H

#include "host/system.h"

extern const struct component host_component;

#endif
