/* Refusals that every part of the judge (evidence.h) needs. */
#include <stdio.h>

#include "evidence/evidence_internal.h"

enum err
evidence_wrong(struct judging *j, const char *fmt, ...)
{
	char text[PROBLEM_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);

	return problem_set(&j->problem, ERR_CORRUPT, "%s", text);
}

enum err
evidence_in_time(
    struct judging *j, const struct evidence_key *key, struct instant at)
{
	if (instant_is_before(at, key->attested.not_before) ||
	    instant_is_before(key->attested.not_after, at))
		return evidence_wrong(j,
		    "the certificate of %s was not valid when it signed",
		    key->id.text);

	return OK;
}
