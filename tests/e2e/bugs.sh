#!/bin/sh
# bugs.sh with|without PROGRAM...: whether the programs hold deliberate bugs
# (src/base/bug.h): their functions, the wrappers of tests/support/bugs.c, and
# their names.  A shipped program must hold nothing of them.
set -eu

expected=$1
shift

fail() {
	echo "bugs: $*" >&2
	exit 1
}

# is FOUND WHAT: expected or not.
is() {
	case $expected in
	with) [ -n "$1" ] || fail "$program has no $2: the search finds nothing" ;;
	without) [ -z "$1" ] || fail "$program has $2: $1" ;;
	esac
}

command -v nm >/dev/null || fail "install the package binutils"
for program; do
	is "$(nm -g "$program" | grep -E ' (bug_|__wrap_|__real_)' |
		head -n 5)" symbols
	is "$(grep -aoE 'portal-cache|history-forked' "$program" |
		head -n 5)" names
done
