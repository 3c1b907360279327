#!/bin/sh
# at_rest.sh BUILD: systems that keep no Individual Number have none in their
# files once the work rests, neither in the database nor in its log, where the
# messages stood that are delivered.
set -eu
. "$(dirname "$0")/../support/nation.sh"

found
start
# Keys are in no core dump, and no other process of the user reads them.
pid=$(pgrep -P "$up" | head -n 1)
grep -q '^Max core file size *0 *0 ' "/proc/$pid/limits" ||
	fail "a core dump would have keys in it"
[ "$(stat -c %u "/proc/$pid/limits")" = 0 ] ||
	fail "the processes of this user may read the memory of a system"
"$bango" population --municipality 131041 --count 60 --output residents.csv \
	>out 2>err || fail "population"
"$bango" import nation 131041 residents.csv --quiet >out 2>err || fail "import"
call 131041/registry '/residents/60?wait=60&until=numbered'
call 131041/relay '/progress?wait=60&linked=60'
for resident in 1 30 60; do
	call 131041/registry "/notices/$resident"
	jq -r .number out >>numbers
done
[ "$(grep -cE '^[0-9]{12}$' numbers)" -eq 3 ] ||
	fail "the registry names no numbers"
grep -qaF -f numbers nation/systems/131041-registry/data.sqlite* ||
	fail "the registry's files do not show what is looked for"

# holds_any: a file of these systems holds a number, or a code beside one.
holds_any() {
	for system in jlis-jukinet digital-network 131041-relay digital-portal; do
		! cat nation/systems/$system/* | grep -qaF -f numbers || return 0
		! cat nation/systems/$system/* |
			grep -qaE '"[0-9]{11}","[0-9]{12}"' || return 0
	done
	return 1
}

tries=0
while holds_any; do
	tries=$((tries + 1))
	[ $tries -le 600 ] || fail "a number stays in a file"
	sleep 0.1
done

! cat up.log nation/systems/*/log 2>/dev/null | grep ' timer ' >out ||
	fail "a timer fails while there is nothing to do"

# --- The log is used again, and survives a crash --------------------------------

"$bango" population --municipality 131041 --count 90 --output more.csv \
	>out 2>err || fail "population"
"$bango" import nation 131041 more.csv --quiet >out 2>err || fail "import"
call 131041/registry '/residents/90?wait=60&until=numbered'
kill -9 "$up" $(pgrep -P "$up")
wait "$up" 2>/dev/null || true
start
call 131041/registry /progress
[ "$(jq -r .residents out)" -eq 90 ] || fail "residents are lost"
stop
for database in nation/systems/*/data.sqlite; do
	[ "$(sqlite3 "$database" 'PRAGMA integrity_check')" = ok ] ||
		fail "$database is damaged"
done
