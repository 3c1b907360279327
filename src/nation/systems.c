#include "nation/systems.h"

#include "systems/addressee/addressee.h"
#include "systems/jukinet/jukinet.h"
#include "systems/network/network.h"
#include "systems/offices/offices.h"
#include "systems/portal/portal.h"
#include "systems/registry/registry.h"
#include "systems/relay/relay.h"

const struct system *const all_systems[] = {
    &registry_system,
    &jukinet_system,
    &addressee_system,
    &relay_system,
    &network_system,
    &offices_system,
    &portal_system,
    NULL,
};

const struct system *
system_find(struct slice name)
{
	const struct system *const *s;

	for (s = all_systems; *s != NULL; s++) {
		if (slice_equal_string(name, (*s)->component.name))
			return *s;
	}

	return NULL;
}

void
systems_list(struct buf *ret)
{
	const struct system *const *s;

	for (s = all_systems; *s != NULL; s++)
		buf_printf(ret, "%s%s", s == all_systems ? "" : ", ",
		    (*s)->component.name);
}
