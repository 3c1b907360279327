#!/bin/sh
# message_page.sh PROGRAM [--write]
#
# docs/messages.md says of the bodies what their tables say: the part behind
# the heading "Bodies" is what PROGRAM prints.  --write renews it.
set -eu

program=$1
page=docs/messages.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed '/^<!-- bodies/q' "$page" >"$work/page"
"$program" >>"$work/page"
if [ "${2:-}" = --write ]; then
	cp "$work/page" "$page"
elif ! diff -u "$page" "$work/page"; then
	echo "$page differs from the tables: tests/e2e/message_page.sh" \
	    "$program --write" >&2
	exit 1
fi
