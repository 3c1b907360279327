/* Refusals that every part of the judge (evidence.h) needs. */
#include <stdio.h>
#include <string.h>

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

enum err
evidence_find_key(struct judging *j, const struct system_id *id,
    const struct key_id *name, const struct evidence_key **ret)
{
	struct key_id known;
	size_t i;

	for (i = 0; i < j->n_keys; i++) {
		if (j->keys[i].key == NULL ||
		    !system_id_equal(&j->keys[i].id, id))
			continue;
		known = verify_key_id(j->keys[i].key);
		if (strcmp(known.text, name->text) == 0) {
			*ret = &j->keys[i];
			return OK;
		}
	}

	return evidence_wrong(
	    j, "the key that signed it has no certificate of %s", id->text);
}
