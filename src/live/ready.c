#include "live/ready.h"

#include <string.h>

#include "live/live_internal.h"

/* "192.0.2.1:443" without its port. */
static struct slice
address_of(const struct http_call *r)
{
	struct slice s = r->remote;

	while (s.len > 0 && s.data[s.len - 1] != ':')
		s.len--;

	return s;
}

static bool
same_peer(const struct work *a, const struct work *b)
{
	if (a->gone || b->gone ||
	    a->call->has_certificate != b->call->has_certificate)
		return false;
	if (a->call->has_certificate)
		return digest_equal(
		    &a->call->fingerprint.digest, &b->call->fingerprint.digest);

	return slice_equal(address_of(a->call), address_of(b->call));
}

void
ready_add(struct ready *ready, struct work *work)
{
	struct work **at, *w;

	work->round = ready->first != NULL ? ready->first->round : 0;
	for (w = ready->first; w != NULL; w = w->next) {
		if (w->round >= work->round && same_peer(w, work))
			work->round = w->round + 1;
	}
	for (at = &ready->first; *at != NULL && (*at)->round <= work->round;
	     at = &(*at)->next)
		;
	work->next = *at;
	*at = work;
	ready->n++;
}

struct work *
ready_take(struct ready *ready)
{
	struct work *list = ready->first;

	*ready = (struct ready){0};

	return list;
}

void
ready_put_back(struct ready *ready, struct work *list)
{
	ready->first = list;
	for (; list != NULL; list = list->next)
		ready->n++;
}

struct work *
ready_take_last(struct ready *ready)
{
	struct work **at = &ready->first, *last;

	if (*at == NULL)
		return NULL;
	while ((*at)->next != NULL)
		at = &(*at)->next;
	last = *at;
	*at = NULL;
	ready->n--;

	return last;
}
