/* found DIR SECONDS FILE.ini: found a nation as if it were so many seconds ago. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "nation/nation.h"

int
main(int argc, char **argv)
{
	struct clock clock = clock_system();
	struct found_options o = {.now = clock.now(clock.state)};
	struct problem problem = {0};
	struct buf ini;
	enum err rc;

	if (argc != 4)
		return 2;
	o.dir = argv[1];
	o.now = instant_plus(o.now, -1000 * strtoll(argv[2], NULL, 10));
	buf_init(&ini);
	rc = file_read(argv[3], 1 << 20, &ini, &problem);
	o.ini = buf_slice(&ini);
	if (rc == OK)
		rc = nation_found(&o, &problem);
	buf_done(&ini);
	if (rc)
		fprintf(stderr, "found: %s\n", problem.text);

	return rc ? 1 : 0;
}
