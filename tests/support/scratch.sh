#!/bin/sh
# scratch.sh COMMAND ARGUMENT...
#
# Runs the command with TMPDIR where tests put their files: in memory, as a
# rule.  scratch.h says where exactly, and why.

if [ -n "${BANGO_TEST_DIR:-}" ]; then
	TMPDIR=$BANGO_TEST_DIR
elif [ "$(stat -fc %T /dev/shm 2>/dev/null)" = tmpfs ] && [ -w /dev/shm ] &&
    [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -ge 1048576 ]; then
	TMPDIR=/dev/shm
else
	TMPDIR=${TMPDIR:-/tmp}
fi
export TMPDIR
exec "$@"
