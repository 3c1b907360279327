/*
 * Statements in use, and the end of a program that used one wrongly.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/engine.h"

_Noreturn void
store_die(const struct prepared *p, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "store: %s%s", p != NULL ? p->statement->name : "",
	    p != NULL ? ": " : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void
store_begin_use(struct store *store, struct prepared *p)
{
	p->in_use = true;
	p->depth = store->depth;
	p->serial = ++store->serial;
	p->bound = 0;
	p->stepped = false;
	p->has_row = false;
	p->next = store->in_use;
	p->link = &store->in_use;
	if (p->next != NULL)
		p->next->link = &p->next;
	store->in_use = p;
}

void
store_end_use(struct store *store, struct prepared *p)
{
	*p->link = p->next;
	if (p->next != NULL)
		p->next->link = p->link;
	p->in_use = false;
	p->has_row = false;
	if (p->handle != NULL)
		store->engine->ops->reset(store->engine, p);
}

void
store_close_queries(struct store *store, unsigned int depth)
{
	struct prepared *p, *next;

	for (p = store->in_use; p != NULL; p = next) {
		next = p->next;
		if (p->depth >= depth)
			store_end_use(store, p);
	}
}

void
store_demand_closed(const struct store *store, unsigned int depth)
{
	const struct prepared *p;

	for (p = store->in_use; p != NULL; p = p->next)
		if (p->depth >= depth)
			store_die(p, "query_done() was forgotten");
}
