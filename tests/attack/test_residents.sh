#!/bin/sh
# test_residents.sh BUILD: a registry that has stolen a Resident Record Code cannot
# say that its owner, who lives elsewhere, has died.
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2
code=$(printf %011d "$(rows 131041/registry \
	'SELECT code FROM resident WHERE resident = 1')")
be 012041/registry

die() {
	say 012041/registry jlis/jukinet identity.update "$(jq -cn \
		--arg code "$code" --arg today "$(date +%Y-%m-%d)" '{items: [
		[$code, "death", $today, "敵　一", "テキ　イチ", "1980-01-01",
		"1", "敵市", null, null]]}')"
}

# state: of the person at jukinet.
state() {
	jq -cn --arg code "$code" '{$code}' >lookup.json
	call jlis/jukinet /lookups -H 'Content-Type: application/json' \
		--data-binary @lookup.json
	jq -r .state out
}

# heeded: jukinet has decided about everything said before this question.
heeded() {
	say 012041/registry jlis/jukinet codes.request \
		'{"count": 1, "request": "0000000000000000000000000000000c"}'
	hears 012041/registry 'codes.[a-z]*'
}
before=$(state)
[ "$before" = resident ] || fail "a resident is $before"
die
heeded
[ "$(state)" = resident ] || fail "the resident is $(state)"
with jlis/jukinet sender-unchecked
die
tries=0
until [ "$(state)" = dead ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] || fail "without the check the resident is $(state)"
	sleep 0.1
done
