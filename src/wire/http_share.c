#include "wire/http_share.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static bool
is_same(const struct share *a, const struct share *b)
{
	if (a->of != b->of || a->has_certificate != b->has_certificate)
		return false;
	if (a->has_certificate)
		return digest_equal(
		    &a->fingerprint.digest, &b->fingerprint.digest);

	return strcmp(a->name, b->name) == 0;
}

struct share *
share_join(struct shares *shares, const struct share *who)
{
	struct share *s;

	LIST_FOREACH(s, shares, entry)
	{
		if (is_same(s, who))
			break;
	}
	if (s == NULL) {
		s = heap_array(1, sizeof(*s));
		*s = *who;
		s->connections = 0;
		s->bytes = 0;
		LIST_INSERT_HEAD(shares, s, entry);
	}
	s->connections++;

	return s;
}

void
share_leave(struct share *s)
{
	if (--s->connections > 0)
		return;
	LIST_REMOVE(s, entry);
	free(s);
}

static bool
is_larger(const struct share *a, const struct share *b)
{
	if (a->of == SHARE_BYTES)
		return a->bytes > b->bytes;

	return a->connections > b->connections;
}

struct share *
share_largest(const struct shares *shares, enum share_of of)
{
	struct share *s, *largest = NULL;

	LIST_FOREACH(s, shares, entry)
	{
		if (s->of == of && (largest == NULL || is_larger(s, largest)))
			largest = s;
	}

	return largest;
}
