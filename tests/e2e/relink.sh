#!/bin/sh
# relink.sh BUILD: the key of a living nation's codes leaks, and everybody gets
# other ones, while processes are killed and offices ask.
set -eu
. "$(dirname "$0")/../support/nation.sh"
reason='the key store was copied'

for tool in curl jq sqlite3; do
	command -v $tool >/dev/null || fail "install the package $tool"
done

# ask INQUIRY: about the father; until it is answered.
ask() {
	call 131041/offices /inquiries -H 'Content-Type: application/json' -d \
		"{\"inquiry\": \"$1\", \"business_number\": \"$father\",
		\"affair\": \"106\", \"item\": \"local-tax\",
		\"provider\": \"012041\", \"unit\": \"児童手当係\"}"
}

received() {
	while call 131041/offices "/inquiries/$1?wait=60" &&
		grep -q '"state":"waiting"' out; do
		:
	done
	grep -q '"state":"received"' out || fail "$1: $(cat out)"
}

# pid SYSTEM: of the process that serves it; other nations have the like.
pid() {
	pgrep -P "$(cat nation/up.pid)" -f "serve nation $1 "
}

# murder SYSTEM: its process dies, and another one is started.
murder() {
	dead=$(pid "$1")
	kill -9 "$dead"
	tries=0
	until [ -n "$(pid "$1")" ] && [ "$(pid "$1")" != "$dead" ] &&
		"$bango" status nation --json 2>/dev/null |
		jq -e ".[] | select(.system == \"$1\") | .down == null" \
			>/dev/null; do
		tries=$((tries + 1))
		[ $tries -le 300 ] || fail "$1 does not come back"
		sleep 0.1
	done
}

# rows SYSTEM STATEMENT: from a copy of its database, which it keeps locked.
rows() {
	rm -rf copy
	mkdir copy
	cp "nation/systems/$1"/data.sqlite* copy
	sqlite3 copy/data.sqlite "$2"
}

# all_codes: those that relays and portal hold.
all_codes() {
	for system in 012041-relay 131041-relay; do
		rows $system 'SELECT hex(code) FROM linkage'
	done
	rows digital-portal 'SELECT hex(code) FROM resident'
}

demonstrate
run 0 relink nation
says "no relinking was ever begun" out
run 2 relink nation --confirm 00000000000000000000000000000001
run 0 operator add nation digital --name second --systems network \
	--duties relink
mkdir second
cp -r nation/nation.ini nation/directory.json nation/operators.json \
	nation/operators second
mkdir second/ca
cp nation/ca/ca.pem nation/ca/ca.crl second/ca
find second/operators -name key.pem ! -path '*/digital/second/*' -delete
before=00000000000000000000000000000001
ask $before
received $before
all_codes | sort >old
[ "$(wc -l <old)" -gt 20 ] || fail "few codes: $(wc -l <old)"

# --- The command ----------------------------------------------------------------

# order: the first holder; leaves the id that the second one needs.
order() {
	run 0 relink nation --reason "$reason"
	says "it waits for a second holder" out
	id=$(sed -n 's/.*--confirm \([0-9a-f]*\).*/\1/p' out)
}

order
run 3 relink second --reason "$reason" --confirm "$id"
says "the key of the newest epoch, 1, is not a new one"
run 0 keys nation digital/network --rotate linkage
murder digital/network
order
run 0 relink nation
says "no relinking was ever begun" out
run 3 relink nation --reason "$reason" --confirm "$id"
run 3 relink second --reason another --confirm "$id"
says "the body is not that of the request that waits"
run 0 relink second --reason "$reason" --confirm "$id"
says "begun: all codes go to the key of epoch 2" out

# --- Everybody dies --------------------------------------------------------------

during=00000000000000000000000000000002
murder 012041/relay
ask $during
murder digital/network
murder 131041/relay
murder digital/portal
received $during
tries=0
until "$bango" relink nation >out 2>err || [ $? = 1 ] &&
	! grep -qE '^ .* (waiting|sent|stopped) ' out; do
	tries=$((tries + 1))
	[ $tries -le 600 ] || fail "the relinking does not end: $(cat out)"
	sleep 0.1
done
says "epoch 2  begun " out
says "by operator, second: $reason" out
says "closing " out
run 1 relink nation
"$bango" status nation --json >out
[ "$(jq '.[] | select(.system == "digital/network") | .counts.relinking' out)" \
	-gt 0 ] || fail "status does not count it"

# --- Afterwards ------------------------------------------------------------------

all_codes | sort >new
[ "$(wc -l <old)" = "$(wc -l <new)" ] || fail "codes came or went"
[ -z "$(comm -12 old new)" ] || fail "an old code is still in use"
[ "$(sort -u new | wc -l)" = "$(wc -l <new)" ] || fail "a code is there twice"
after=00000000000000000000000000000003
ask $after
received $after
# The old codes stand nowhere in the clear.
for system in 012041-relay 131041-relay digital-portal; do
	rows $system 'SELECT hex(sealed), hex(tag) FROM former_linkage' >sealed
	[ -s sealed ] || fail "$system keeps no old codes"
	while read -r code; do
		! grep -q "$code" sealed || fail "$system has an old code"
	done <old
done
# Evidence of before is judged as before.
cp nation/ca/ca.pem .
for inquiry in $before $during $after; do
	run 0 evidence export nation 131041/relay $inquiry --output archive
	run 0 evidence verify archive --anchor ca.pem
done
kill "$up"
wait "$up" || :
up=
run 0 ledger verify nation
