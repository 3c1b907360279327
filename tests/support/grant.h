/*
 * For tests on live processes that ask about one person more often than the
 * budget `person` allows (decision 0036): what an officer of the network posts
 * to /budgets/grants.
 */
#ifndef BANGO_TESTS_SUPPORT_GRANT_H
#define BANGO_TESTS_SUPPORT_GRANT_H

#include <jansson.h>

#define GRANT_QUESTIONS 200

/* So many questions more of Shinjuku about each person, today and tomorrow in
 * Japan, beside those of other grants.  The caller frees it. */
json_t *grant_of_questions(void);

#endif
