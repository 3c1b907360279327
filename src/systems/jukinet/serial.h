/* Serials: the numbers that Resident Record Codes are made from. */
#ifndef BANGO_SYSTEMS_JUKINET_SERIAL_H
#define BANGO_SYSTEMS_JUKINET_SERIAL_H

#include <stdint.h>

/* The number that a code was made from; also our own id of the person who gets
 * the code, for rows and audit entries.  It reveals neither code nor number. */
struct serial {
	int64_t value; /* from 1; 0: the code was never designated */
};

/* As a column holds it. */
int64_t serial_to_int64(struct serial serial);
struct serial serial_of_int64(int64_t value);

#endif
