#!/bin/sh
# test_sandbox.sh BUILD: code of an intruder in a system at work reaches no key
# store of another one, and no shell.
# shellcheck disable=SC2154 # attack.sh sets up, build and bango
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2
keys=nation/systems/jlis-jukinet/keys

# Every process of the nation is locked in, and says so.
for pid in $(pgrep -P "$up"); do
	grep -q '^NoNewPrivs:	1$' "/proc/$pid/status" &&
		grep -q '^Seccomp:	2$' "/proc/$pid/status" ||
		fail "process $pid: $(grep -E 'NoNew|Seccomp' "/proc/$pid/status")"
done
call 131041/relay /status
jq -e '.sandbox == "complete"' out >err || {
	echo "skipped: $(jq -r .sandbox out)" >&2
	exit 77
}

# until LOG PATTERN: it is there, or the last process that was started is not.
until_says() {
	tries=0
	until grep -q "$2" "$1" || ! kill -0 "$!" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || fail "it does not say: $2"
		sleep 0.05
	done
}

# intrude BUG: the portal, where strangers come in, is broken into.
intrude() {
	launch digital/portal env BANGO_BUG="$1" \
		"$build/tests/attack/intruder" nation digital/portal "$keys"
	kill -HUP "$!"
	until_says digital-portal.log 'intruder: .*shell'
}

end_of digital/portal
intrude none
grep -q "intruder: $keys: Permission denied" digital-portal.log ||
	fail "it opens another system's keys"
! grep -q 'intruder: a shell' digital-portal.log || fail "it runs a shell"
# The attempt ended it; in a build with sanitizers it fails.
! kill -0 "$!" 2>/dev/null || {
	grep -q 'no shell: Operation not permitted' digital-portal.log ||
		fail "it did not try"
	end_of digital/portal
}

intrude sandbox-missing
grep -q "intruder: $keys: open" digital-portal.log &&
	grep -q 'intruder: a shell' digital-portal.log ||
	fail "without the sandbox it should work"

# Files that commands replace are read again all the same.
launch digital/portal "$bango" serve nation digital/portal
for file in directory.json operators.json ca/ca.crl ca/revoked.json; do
	cp "nation/$file" new
	mv new "nation/$file"
done
kill -HUP "$!"
until_says digital-portal.log 'the directory was read again'
! grep 'cannot be read again' digital-portal.log || fail "it is lost"
