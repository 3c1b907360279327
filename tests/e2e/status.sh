#!/bin/sh
# status.sh BUILD: what counts for the exit status of bango status.
set -eu
. "$(dirname "$0")/../support/nation.sh"
said=out

# until_status STATUS: what is late is counted in seconds.
until_status() {
	tries=0
	until "$bango" status nation >out && got=0 || got=$?
	      [ "$got" -eq "$1" ]; do
		tries=$((tries + 1))
		[ $tries -le 300 ] || fail "status stays $got: $(cat out)"
		sleep 0.1
	done
}

# refused HOURS: that long ago, the portal refused a message of the network's.
refused() {
	at=$((($(date +%s) - $1 * 3600) * 1000))
	sqlite3 nation/systems/digital-network/data.sqlite "
		DELETE FROM sent;
		INSERT INTO sent (digest, id, peer, type, created, settled,
			outcome, reason, receipt)
		VALUES (zeroblob(32), zeroblob(16), 'digital/portal',
			'enrolment.code', $at, $at, 'refused',
			'no such code', 1)"
}

found
run 3 status nation
says "DOWN  "
says "(Failed to connect"
start
run 0 status nation
says "list of revoked keys: number 1, "
stop
mv nation/directory.json directory
start
until_status 1
says "the directory cannot be read for"
mv directory nation/directory.json
kill -HUP "$(cat nation/up.pid)"
until_status 0
stop

refused 23
start
run 1 status nation
says "refused by digital/portal: enrolment.code (no such code) at "
says "it is not sent again: if it is still wanted, correct what the reason names and ask anew; status 1 ends after a day"
stop

refused 25
start
run 0 status nation
says "refused by digital/portal: enrolment.code (no such code) at "
! grep -q "not sent again" out || fail "an old refusal asks for something"
run 0 status nation --json
[ "$(jq '.[] | select(.system == "digital/network").refused' out)" = 1 ] ||
	fail "an old refusal is not counted"
stop

echo "status: ok"
