#!/bin/sh
# test_moves.sh BUILD: a registry that has once received somebody, who has moved
# back since, cannot fetch the person a second time with the notice of then.
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2
code=$(printf %011d "$(rows 131041/registry \
	'SELECT code FROM resident WHERE resident = 1')")
be 012041/registry
there=0000000000000000000000000000000a
back=0000000000000000000000000000000b
today=$(TZ=Asia/Tokyo date +%Y-%m-%d)

# post SYSTEM PATH BODY
post() {
	echo "$3" >body.json
	call "$1" "$2" -H 'Content-Type: application/json' \
		--data-binary @body.json
}

# lives: the municipality of the person at jukinet.
lives() {
	post jlis/jukinet /lookups "$(jq -cn --arg code "$code" '{$code}')"
	jq -r .municipality out
}

# arrive: the enemy's word that the person has come, by the first notice.
arrive() {
	forget 012041/registry
	say 012041/registry jlis/jukinet transfer.arrive "$(jq -cn \
		--arg transfer "$there" --arg date "$today" \
		--slurpfile notice notice.json '{$transfer, $date,
		people: [$notice[0].people[] | [.code, .person.name,
		.person.kana, .person.birth, .person.sex, .person.address]]}')"
	hears 012041/registry transfer.arrived
}

post 131041/registry /move-outs "$(jq -cn --arg transfer "$there" \
	--arg date "$today" \
	'{$transfer, $date, to: "012041", residents: ["1"]}')"
hears 012041/registry transfer.notice
cp heard notice.json
arrive
[ "$(lives)" = 012041 ] || fail "the person lives in $(lives)"

# The enemy lets the person go home, in due form.
say 012041/registry jlis/jukinet transfer.notice "$(jq -c \
	--arg transfer "$back" '.transfer = $transfer | .to = "131041" |
	del(.from_organisation, .until)' notice.json)"
call 131041/registry "/transfers/$back?wait=60&until=open"
post 131041/registry /move-ins "$(jq -cn --arg transfer "$back" \
	--arg date "$today" '{$transfer, $date, address: "東京都新宿区西新宿二丁目",
	postal_code: "1600023", wait: 60}')"
[ "$(lives)" = 131041 ] || fail "back home, the person lives in $(lives)"

arrive
jq -e --arg code "$code" '.codes == [] and .refused == [$code]' heard >/dev/null ||
	fail "the notice of then works again: $(cat heard)"
[ "$(lives)" = 131041 ] || fail "the person was fetched"
with jlis/jukinet notice-again
arrive
[ "$(lives)" = 012041 ] || fail "without the check the person is in $(lives)"
