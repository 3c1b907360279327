/*
 * A system for the tests of the host: it keeps notes and tells each of them
 * to its twin in the other organisation, and shows pages.
 */
#ifndef TESTS_UNIT_HOST_SAMPLE_H
#define TESTS_UNIT_HOST_SAMPLE_H

#include "virtual/simulated.h"

#define SAMPLE_FORM_BYTES (1u << 20)

extern const struct system sample_system;

/* The time of the message that a sample took last. */
extern struct instant sample_heard;

/* How often a sample was told that a system is revoked. */
extern int sample_revoked;

/* Column `column` of a statement without parameters. */
int64_t sample_count(struct node *node, int statement, const char *column);

/* The newest entry of the audit. */
struct sample_entry {
	char actor[80], action[40], subject[80], basis[400];
};
void sample_newest_entry(struct node *node, struct sample_entry *ret);

#endif
