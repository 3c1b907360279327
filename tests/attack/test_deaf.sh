#!/bin/sh
# test_deaf.sh BUILD: a registry asks jukinet for long lists again and again, and
# takes none of them.  They fill a backlog up to its bound; then the registry's own
# requests wait, and another registry gets its numbers meanwhile.
set -eu

. "$(dirname "$0")/attack.sh"
founding='$a\
[system jlis/jukinet]\
outbox_mib = 1'
open_nation 2
be 012041/registry
call 012041/registry /deaf -X POST

asked=300

# flood REQUEST
flood() {
	say 012041/registry jlis/jukinet codes.outstanding \
		"{\"request\": \"$1\"}" "$asked"
}

# kept: the lists that jukinet keeps for the registry.
kept() {
	rows jlis/jukinet "SELECT COUNT(*) FROM outbox
		WHERE peer = '012041/registry' AND type = 'codes.listed'"
}

# put_off: until jukinet has answered "later".
put_off() {
	tries=0
	until call jlis/jukinet /status &&
		[ "$(jq .put_off out)" -gt 0 ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || fail "nothing was put off"
		sleep 0.1
	done
}

flood 00000000000000000000000000000001
put_off
[ "$(jq -r '.backlogs[0] | .cause + " " + .peer' out)" = \
	'012041/registry 012041/registry' ] || fail "who waits: $(cat out)"
[ "$(kept)" -lt "$asked" ] || fail "jukinet keeps $(kept) lists"
settle 131041 3
[ "$(kept)" -lt "$asked" ] || fail "jukinet keeps $(kept) lists"

# Without the check it keeps them all.
with jlis/jukinet outbox-endless
tries=0
until [ "$(kept)" -ge "$asked" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 300 ] || fail "jukinet keeps $(kept) of $asked lists"
	sleep 0.2
done
