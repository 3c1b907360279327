#include "tests/support/addressee_scheme.h"

#include "number/individual_number.h"
#include "systems/addressee/addressee.h"

int
addressee_set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_registry, REGISTRY},
	    {&double_offices, OFFICES},
	    {&double_relay, RELAY},
	    {&double_jukinet, JUKINET},
	    {&addressee_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

const char *
addressee_number(unsigned int n)
{
	static char texts[8][INDIVIDUAL_NUMBER_DIGITS + 1];
	struct individual_number in = individual_number_from_body(1000 + n);

	individual_number_format(&in, texts[n % 8]);

	return texts[n % 8];
}

json_t *
addressee_registered(const char *bn, unsigned int n, const char *birth)
{
	return json_pack("{s:[[s,s,s,s,s,s,s]]}", "items", bn,
	    addressee_number(n), "番号太郎", "バンゴウタロウ", birth, "1",
	    "東京都新宿区");
}
