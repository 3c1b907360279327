/* A type of a room, as a column holds it. */
#ifndef BANGO_TESTS_CONTRACT_TICKET_H
#define BANGO_TESTS_CONTRACT_TICKET_H

#include <stdint.h>

struct ticket {
	int64_t number;
};

static inline int64_t
ticket_to_int64(struct ticket ticket)
{
	return ticket.number;
}

static inline struct ticket
ticket_of_int64(int64_t number)
{
	return (struct ticket){number};
}

#endif
