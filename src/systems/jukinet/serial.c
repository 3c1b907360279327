#include "systems/jukinet/serial.h"

int64_t
serial_to_int64(struct serial serial)
{
	return serial.value;
}

struct serial
serial_of_int64(int64_t value)
{
	return (struct serial){value};
}
