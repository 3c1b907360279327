#include "tests/support/read_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "nation/nation.h"

void
read_in(const char *dir, const char *name, struct buf *ret)
{
	struct problem problem = {0};
	struct buf path;

	buf_init(&path);
	nation_path(&path, dir, name);
	assert_int_equal(file_read(path.data, 1 << 20, ret, &problem), OK);
	buf_done(&path);
}
