#include "tests/support/offices_scheme.h"

int
set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_addressee, ADDRESSEE},
	    {&double_relay, RELAY},
	    {&double_relay, STRANGER},
	    {&offices_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}
