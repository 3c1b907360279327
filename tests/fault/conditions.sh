#!/bin/sh
# conditions.sh BUILD CASE: a nation whose surroundings fail.  The text says
# what is wrong, the status says of what kind it is, and nothing is
# half-done.  Status 77: the case cannot be tried here.
#
#   passphrase  a wrong one          clock    set back by an hour
#   port        taken by another     crash    kill -9 in an import
#   readonly    a disk not writable  damage   a database overwritten
#   full        a disk filled up     founding nation.ini broken afterwards
#   lost        a database removed    files    one of the folder overwritten
#   revoked     a system             others   the database of another system
#   identity    an older database, one of another nation, a lost mark, a machine
#               put back
#   numbers     jukinet without its database
set -eu
. "$(dirname "$0")/../support/script.sh"
case=$2
script=$case
nation=$dir/nation
registry=131041/registry
database=$nation/systems/131041-registry/data.sqlite
up='' holder='' mounted=''

finish() {
	[ -z "$up" ] || { kill "$up" && wait "$up"; }
	[ -z "$holder" ] || kill "$holder"
	[ -z "$mounted" ] || umount -l "$mounted"
}

skip() {
	echo "$case: skipped: $*"
	exit 77
}

found() {
	port=$(free_port 10) || fail "no free ports"
	cat >nation.ini <<-END
		[nation]
		port = $port
		[organisation jlis]
		kind = information-systems-agency
		name = J-LIS
		systems = jukinet
		[organisation 131041]
		kind = municipality
		name = Shinjuku
		systems = registry
	END
	run 0 init "$nation" --from nation.ini
}

# start OPTION...: the nation, and wait until it is ready.
start() {
	mkfifo ready
	"$bango" up "$nation" --quiet --ready-fd 9 "$@" 2>up.err 9>ready &
	up=$!
	if [ "$(head -c 1 ready)" != r ]; then
		cat up.err >&2
		fail "the nation does not come up"
	fi
	rm ready
}

stop() {
	kill "$up"
	wait "$up" || fail "the nation ends with an error"
	up=
}

# get SYSTEM PATH
get() {
	url=$(tr '{' '\n' <"$nation/directory.json" |
		sed -n "s|.*\"id\":\"$1\".*\"url\":\"\([^\"]*\)\".*|\1|p")
	by=$nation/operators/${1%/*}
	[ ! -d "$by/${1#*/}-operator" ] || by=$by/${1#*/}-operator
	curl -sS --max-time 600 --cacert "$nation/ca/ca.pem" \
		--cert "$by/cert.pem" --key "$by/key.pem" "$url$2"
}

# count SYSTEM NAME: what /status counts.
count() {
	get "$1" /status | sed -n "s/.*\"$2\":\([0-9]*\).*/\1/p"
}

# until_count SYSTEM NAME TEST NUMBER: e.g. -ge 100; while it is down, it is
# asked again.
until_count() {
	end=$(($(date +%s) + 600))
	until n=$(count "$1" "$2" 2>/dev/null) && [ -n "$n" ] &&
		test "$n" "$3" "$4"; do
		[ "$(date +%s)" -lt $end ] || fail "$1: $2 is $n, not $3 $4"
	done
}

# query SQL: asks the registry's database, which must be at rest.
query() {
	sqlite3 -batch "$database" "$1"
}

# The files in a folder, by default the nation's, without the logs, the list of
# running systems, and the empty log of its database that a system leaves when
# it is stopped while it starts.
snapshot() {
	find "${1:-$nation}" -type f ! -name log ! -name up.pid \
		! \( -name '*-wal' -empty \) \
		-exec sha256sum {} + | sort -k 2
}

unchanged() {
	snapshot "$@" >after
	diff before after >&2 || fail "something has changed"
}

# --- A wrong passphrase ------------------------------------------------------

case_passphrase() {
	found
	snapshot >before
	echo wrong >wrong
	text="systems/131041-registry/keys: the passphrase is wrong, or the file was altered"
	run 4 serve "$nation" "$registry" --passphrase-file wrong
	says "bango serve: cannot open the key store $nation/$text"
	run 4 up "$nation" --passphrase-file wrong
	says "the passphrase is wrong, or the file was altered"
	run 4 revoke "$nation" "$registry" --passphrase-file wrong
	says "ca/ca.keys: the passphrase is wrong, or the file was altered"
	run 3 up "$nation" --passphrase-file none
	says "cannot open none: No such file or directory"
	snapshot | cmp -s before - || fail "a wrong passphrase changed a file"
	start
	[ "$(count "$registry" residents)" = 0 ] || fail "it is not as it was"
	stop
}

# --- A port that is taken ----------------------------------------------------

case_port() {
	found
	mkfifo held
	# Standard input that does not end before we do.
	"$build/tests/fault/ports" hold $((port + 1)) <held >holding &
	holder=$!
	exec 8>held
	while ! grep -q held holding; do
		kill -0 "$holder" 2>/dev/null || fail "port $((port + 1))"
	done
	run 3 up "$nation"
	says "$registry ended with code 3 before it was ready"
	says "cannot listen on 127.0.0.1, port $((port + 1)): another program does; stop it or choose another port"
	run 3 serve "$nation" "$registry"
	says "cannot listen on 127.0.0.1, port $((port + 1)): another program does"
	exec 8>&-
	wait "$holder"
	holder=
	start
	run 3 up "$nation"
	says "$nation is up already"
	stop
}

# --- A disk that is not writable ---------------------------------------------

# A disk of its own, of SIZE, for the registry's folder.
mount_disk() {
	mv "${database%/*}" away
	mkdir "${database%/*}"
	mount -t tmpfs -o "size=$1" none "${database%/*}" 2>err ||
		skip "nothing can be mounted: $(cat err)"
	mounted=${database%/*}
	cp -p away/* "$mounted"
}

case_readonly() {
	found
	mount_disk 16m
	start
	stop
	mount -o remount,ro "$mounted"
	snapshot >before
	run 3 serve "$nation" "$registry"
	says "$database: the database is read-only: give the program the right to write to its file and folder"
	run 3 up "$nation"
	says "cannot start $registry: Read-only file system"
	unchanged
	mount -o remount,rw "$mounted"
	start
	stop
	# The whole folder.
	umount "$mounted"
	mount --bind "$nation" "$nation"
	mounted=$nation
	mount -o remount,ro,bind "$nation"
	run 3 up "$nation"
	says "the nation's folder $nation cannot be written to: Read-only file system"
}

# --- A database that is another's --------------------------------------------

case_others() {
	found
	start
	stop
	sed s/131041/012041/ nation.ini >other.ini
	run 0 init other --from other.ini
	nation=$dir/other
	start
	stop
	nation=$dir/nation
	cp other/systems/012041-registry/data.sqlite "$database"
	snapshot >before
	run 3 serve "$nation" "$registry"
	says "$database is that of 012041/registry, and not of $registry"
	unchanged
	run 3 up "$nation"
}

# --- A database that is damaged ----------------------------------------------

# overwrite OFFSET COUNT: bytes of the database.
overwrite() {
	tr '\0' '\125' </dev/zero | dd of="$database" bs=1 seek="$1" \
		count="$2" conv=notrunc iflag=fullblock status=none
}

refused_as_damaged() {
	run 4 serve "$nation" "$registry"
	says "$database: $1"
	run 4 up "$nation"
	says "$registry ended with code 4 before it was ready: $database: $1"
}

case_damage() {
	found
	start
	stop
	cp "$database" whole
	overwrite 0 100
	refused_as_damaged "the file is not a database"
	cp whole "$database"
	overwrite 100 60000
	refused_as_damaged "the database is damaged: restore it from a copy"
	: >"$database"
	head -c 5000 whole >"$database"
	refused_as_damaged "the database is damaged: restore it from a copy"
	# Damage that shows only when a resident is looked for.
	cp whole "$database"
	start
	"$bango" population --municipality 131041 --count 200 \
		--output residents.csv
	run 0 import "$nation" "$registry" residents.csv --quiet
	until_count "$registry" numbered -eq 200
	stop
	size=$(query "PRAGMA page_size")
	for page in $(query "SELECT pageno FROM dbstat
			WHERE name = 'version' AND pagetype = 'leaf'"); do
		overwrite $(((page - 1) * size)) "$size"
	done
	start
	get "$registry" /residents/1 >out
	grep -q "the database is damaged: restore it from a copy" out ||
		fail "a damaged page is answered: $(cat out)"
	# The other rows of that batch are written soon.
	for _ in $(seq 100); do
		get "$registry" /health >health
		! grep -q '"ok"' health || break
	done
	grep -q '"ok"' health || fail "it is not well: $(cat health)"
	! grep -q "restarted\|AddressSanitizer" "${database%/*}/log" ||
		fail "it crashed"
	stop
}

# --- A database that is lost ------------------------------------------------

refused_as_lost() {
	text="$database: the database is missing or empty, but $registry has worked before, as ${database%/*}/mark says: restore it from a copy; to begin with an empty one on purpose, start with --adopt-empty REASON"
	run 4 serve "$nation" "$registry"
	says "bango serve: $text"
	run 4 up "$nation"
	says "$registry ended with code 4 before it was ready: $text"
	run 1 ledger verify "$nation" "$registry"
	grep -qF "$registry    DOES NOT HOLD: $text" out ||
		fail "the ledger of a lost database: $(cat out)"
}

case_lost() {
	found
	start
	stop
	mkdir copy
	mv "$database"* copy
	refused_as_lost
	[ ! -e "$database" ] || fail "a database was made in its place"
	: >"$database"
	refused_as_lost
	[ ! -s "$database" ] || fail "a database was made in its place"
	mv copy/* "${database%/*}"
	start
	stop
	# On purpose.
	rm "$database"*
	run 2 serve "$nation" "$registry" --adopt-empty ''
	says "REASON: expected a text"
	run 2 up "$nation" --adopt-empty one --adopt-older other
	says "--adopt-empty and --adopt-older exclude each other"
	start --adopt-empty "the disk broke"
	stop
	[ "$(entries database.adopt-empty)" = 1 ] || fail "no entry tells of it"
	rm "$database"*
	refused_as_lost
}

# --- A database that is another than the one that worked ----------------------

# entries ACTION: of the registry's audit, with its reason.
entries() {
	query "SELECT count(*) FROM audit
		WHERE action = '$1' AND basis = 'the disk broke'"
}

# The mark of a system, on a nation that is at rest.
mark() {
	sed -n "1s/.*\"$1\":\"*\([^,\"]*\).*/\1/p" "${database%/*}/mark"
}

# A day's work, which leaves entries: work DAY.
work() {
	run 0 population --municipality 131041 --count $(($1 * 3)) \
		--output "residents$1.csv"
	start
	run 0 import "$nation" "$registry" "residents$1.csv" --quiet
	stop
}

case_identity() {
	found
	work 1
	[ "$(stat -c %a "${database%/*}/mark")" = 600 ] || fail "others read it"
	[ "$(mark worked)" = true ] || fail "the mark: $(cat "${database%/*}/mark")"
	cp "$database" older
	work 2
	# An older copy.
	cp "$database" newest
	size=$(mark size)
	cp older "$database"
	snapshot "${database%/*}" >before
	run 3 serve "$nation" "$registry"
	says "$database is not the database of $registry that ${database%/*}/mark names: its ledger has "
	says " entries, and had $size; restore the newest copies of both; to go on with what is there, start with --adopt-older REASON: what was done since is forgotten"
	unchanged "${database%/*}"
	run 3 serve "$nation" "$registry" --adopt-empty "the disk broke"
	start --adopt-older "the disk broke"
	stop
	[ "$(entries database.adopt-older)" = 1 ] || fail "no entry tells of it"
	# The newest one is no continuation of that.
	cp "$database" adopted
	cp newest "$database"
	run 3 serve "$nation" "$registry"
	says "does not continue the one that had"
	cp adopted "$database"
	# The mark is lost, or another system's.
	mv "${database%/*}/mark" kept
	run 3 serve "$nation" "$registry"
	says "it has worked before, and the mark is missing"
	cp "$nation/systems/jlis-jukinet/mark" "${database%/*}/mark"
	run 4 serve "$nation" "$registry"
	says "${database%/*}/mark is not the mark of this system: it was not made with a signing key of this key store"
	mv kept "${database%/*}/mark"
	# The same system of another nation.
	mv "$nation" first
	found
	work 3
	cp "$database" foreign
	rm -r "$nation"
	mv first "$nation"
	cp foreign "$database"
	run 3 serve "$nation" "$registry"
	says "$database is another database of $registry than the one that its keys have worked with: it has the identity "
	run 3 serve "$nation" "$registry" --adopt-older "the disk broke"
	cp adopted "$database"
	work 4
	# Two processes at once.
	start
	run 3 serve "$nation" "$registry"
	says "another process has the system in ${database%/*}"
	stop
	# The whole machine, put back: its witness remembers.
	mkdir machine
	cp "$database" "${database%/*}/mark" machine
	work 6
	size=$(mark size)
	start
	until [ "$(get "$registry" /checkpoint/cosigned | sed -n 2p)" = "$size" ]; do
		:
	done
	stop
	cp machine/* "${database%/*}"
	start
	until get "$registry" /status | grep -q '"halted":'; do
		:
	done
	run 3 status "$nation"
	grep -q "start with --adopt-older REASON" out || fail "status: $(cat out)"
	stop
	start --adopt-older "the disk broke"
	until get "$registry" /status | grep -q '"unwitnessed":1'; do
		:
	done
	stop
	[ "$(entries database.adopt-older)" = 2 ] || fail "no entry tells of it"
}

# --- jukinet loses its database ------------------------------------------------

# given COLUMN TABLE FILE: what the registries of both cities have, in order.
given() {
	for city in 131041 012041; do
		sqlite3 -batch "$nation/systems/$city-registry/data.sqlite" \
			"SELECT $1 FROM $2 WHERE $1 IS NOT NULL"
	done | sort >"$3"
}

# settle_in CITY COUNT: so many residents get numbers.
settle_in() {
	run 0 population --municipality "$1" --count "$2" --output "$1.csv"
	run 0 import "$nation" "$1/registry" "$1.csv" --quiet
	until_count "$1/registry" numbered -eq "$2"
}

# Run systems by themselves while a city gets its numbers: alone CITY COUNT
# SYSTEM...
alone() {
	city=$1 count=$2 pids=
	shift 2
	for system; do
		"$bango" serve "$nation" "$system" 2>"${system%/*}.log" &
		pids="$pids $!"
	done
	settle_in "$city" "$count"
	# shellcheck disable=SC2086 # words
	kill $pids
	for pid in $pids; do
		wait "$pid" || fail "a system ends with an error"
	done
}

case_numbers() {
	found
	rm -r "$nation"
	cat >>nation.ini <<-END
		[organisation 012041]
		kind = municipality
		name = Asahikawa
		systems = registry
	END
	run 0 init "$nation" --from nation.ini
	jukinet=$nation/systems/jlis-jukinet
	# Asahikawa begins when jukinet has lost what it gave to Shinjuku.
	alone 131041 90 jlis/jukinet 131041/registry
	cp "$jukinet/data.sqlite" older
	rm "$jukinet"/data.sqlite*
	run 4 up "$nation"
	says "jlis/jukinet ended with code 4 before it was ready: $jukinet/data.sqlite: the database is missing or empty, but jlis/jukinet has worked before"
	start --adopt-empty "the disk broke"
	settle_in 012041 90
	# Codes of Shinjuku's pool may have been given, for all that jukinet knows.
	"$bango" population --municipality 131041 --count 95 --output more.csv
	run 0 import "$nation" 131041/registry more.csv --quiet
	until_count jlis/jukinet waits_for_rebuild -ge 1
	run 0 status "$nation"
	grep -q "its database was adopted" out || fail "status: $(cat out)"
	[ "$(count 131041/registry numbered)" = 90 ] || fail "nobody waits"
	stop
	for what in "number assignment" "code resident" "code pool"; do
		# shellcheck disable=SC2086 # words
		given $what all
		[ -s all ] || fail "$what: nothing was given"
		[ -z "$(uniq -d all)" ] || fail "$what: something was given twice"
	done
	# The database that was lost is not the one that works now.
	cp older "$jukinet/data.sqlite"
	run 3 serve "$nation" jlis/jukinet
	says "$jukinet/data.sqlite is another database of jlis/jukinet than the one that its keys have worked with"
}

# --- A file that is overwritten ------------------------------------------------

# overwritten FILE TEXT STATUS COMMAND...: each of them names the file.
overwritten() {
	file=$1 text=$2 expected=$3
	shift 3
	cp "$nation/$file" kept
	echo junk >"$nation/$file"
	snapshot >before
	for command; do
		# shellcheck disable=SC2086 # words
		run "$expected" $command
		says "$nation/$file is not $text"
		unchanged
	done
	cp kept "$nation/$file"
}

case_files() {
	found
	serve="serve $nation $registry"
	revoke="revoke $nation $registry"
	rotate="keys $nation $registry --rotate sign"
	cert="a certificate in PEM: restore it from a copy"
	overwritten ca/ca.pem "$cert" 4 "$serve" "$revoke" "$rotate" \
		"status $nation"
	overwritten ca/ca.crl "a revocation list in PEM: restore it" 4 \
		"$serve" "$revoke" "$rotate" "status $nation"
	overwritten operators/jlis/key.pem "a private key in PEM: restore it" 4 \
		"status $nation"
	overwritten systems/131041-registry/cert.pem "$cert" 4 "$revoke"
	overwritten directory.json "valid JSON" 2 "$revoke" "$rotate" \
		"ledger verify $nation"
	overwritten operators.json "valid JSON" 2 "status $nation" \
		"operator list $nation 131041"
	# This is read when the database is made.
	echo junk >"$nation/operators.json"
	run 2 serve "$nation" "$registry"
	says "$nation/operators.json is not valid JSON"
}

# --- A system that is revoked ----------------------------------------------------

case_revoked() {
	found
	run 0 revoke "$nation" jlis/jukinet
	start
	"$bango" population --municipality 131041 --count 3 \
		--output residents.csv
	run 0 import "$nation" "$registry" residents.csv --quiet
	run 3 status "$nation"
	grep -q "^jlis/jukinet .*DOWN  jlis/jukinet is revoked: " out ||
		fail "status says that it is down: $(cat out)"
	grep -q " waiting for jlis/jukinet, which is revoked: [0-9]* messages" out ||
		fail "status does not say why messages wait: $(cat out)"
	stop
}

# --- A founding file that is broken afterwards -------------------------------

# broken TEXT: nation.ini is standard input.
broken() {
	cat >"$nation/nation.ini"
	for command in "2 up $nation" "2 serve $nation $registry" \
		"2 status $nation" "2 import $nation 131041 none.csv" \
		"2 revoke $nation $registry"; do
		# shellcheck disable=SC2086 # words
		run $command
		says "$1"
		[ "$(wc -l <err)" = 1 ] || fail "$command: several lines"
	done
}

case_founding() {
	found
	broken "nation/nation.ini names no system" </dev/null
	broken "nation/nation.ini, line 2: " <<-END
		[nation]
		no setting
	END
	broken "nation/nation.ini, line 2: " <<-END
		[nation]
		port = high
	END
	rm "$nation/nation.ini"
	run 3 up "$nation"
	says "$nation/nation.ini cannot be read: No such file or directory"
	cp nation.ini "$nation/nation.ini"
	# A system more than was founded.
	sed 's/^systems = registry/& relay/' nation.ini >"$nation/nation.ini"
	run 2 up "$nation"
	says "nation/nation.ini, line 10: [organisation 131041] systems: names 131041/relay, which was not founded"
	# The others know the address that a system was founded with.
	sed "s/^port = .*/port = $((port + 5))/" nation.ini >"$nation/nation.ini"
	for command in "up $nation" "serve $nation $registry"; do
		# shellcheck disable=SC2086 # words
		run 2 $command
		says "nation/nation.ini, line 2: [nation] port: gives jlis/jukinet the address https://127.0.0.1:$((port + 5)), but it was founded with https://127.0.0.1:$port,"
	done
	{
		cat nation.ini
		printf '[system 131041/registry]\nhost = localhost\n'
	} >"$nation/nation.ini"
	run 2 up "$nation"
	says ", line 12: [system 131041/registry] host: gives 131041/registry the address https://localhost:"
	# A setting that an earlier version took stops nothing.
	{
		cat nation.ini
		printf '[system 131041/registry]\ncolour = red\n'
	} >"$nation/nation.ini"
	start
	grep -q "^bango up: warning: .* colour: not known; known are" up.err ||
		fail "up does not warn of the setting: $(cat up.err)"
	run 0 status "$nation"
	stop
	run 0 ledger verify "$nation"
	run 0 revoke "$nation" "$registry"
	[ ! -s err ] || fail "revoke warns of what it does not start"
	cp nation.ini "$nation/nation.ini"
	start
	stop
	# A nation without a system that another one relies on.
	rm -r "$nation"
	sed -i '/^\[organisation jlis/,/^systems/d' nation.ini
	run 0 init "$nation" --from nation.ini
	start
	run 0 status "$nation"
	grep -q "the nation has no jukinet, for which much of its work waits" \
		out || fail "status does not say what is missing: $(cat out)"
	stop
}

# --- A clock that was set back -----------------------------------------------

# The clock is compared with the newest record, which is put an hour on.
case_clock() {
	found
	start
	get "$registry" /residents/1 >out
	stop
	query "INSERT INTO audit (at, actor, action, subject, basis, request)
		VALUES (($(date +%s) + 3600) * 1000, 'host', 'test', '', '', '')"
	snapshot "${database%/*}" >before # jukinet does its own work
	run 3 serve "$nation" "$registry"
	says "bango serve: the clock says "
	says ", but the newest record of $registry is of "
	says ": if the clock is wrong, set it right and start again; if it was ahead when that was written, start with --clock-was-ahead"
	run 3 up "$nation"
	says "$registry ended with code 3 before it was ready: the clock says "
	unchanged "${database%/*}"
	# The clock was ahead, and put off a message until it is there again.
	query "INSERT INTO outbox (digest, id, peer, type, envelope, created,
		attempts, not_before) VALUES (zeroblob(32), zeroblob(16),
		'jlis/jukinet', 'test', 'test', 0, 9,
		($(date +%s) + 3600) * 1000)"
	start --clock-was-ahead
	[ "$(count "$registry" clock_behind_seconds)" = 0 ] ||
		fail "it works by another clock"
	stop
	[ "$(query "SELECT not_before FROM outbox WHERE type = 'test'")" = 0 ] ||
		fail "a message waits for the time of a clock that was ahead"
	query "DELETE FROM outbox WHERE type = 'test'"
	query "DELETE FROM audit WHERE action = 'test'"
	start
	stop
}

# --- An import, killed -------------------------------------------------------

residents=30000

# The process of a system of the nation.
pid_of() {
	for entry in /proc/[0-9]*; do
		words=$({ tr '\0' ' ' <"$entry/cmdline"; } 2>/dev/null) ||
			continue
		case $words in
		*" serve $nation $1 "*)
			# Not its child that opens files for it.
			[ "$(cat "$entry/comm")" = bango-opener ] ||
				echo "${entry#/proc/}"
			;;
		esac
	done
}

make_residents() {
	"$bango" population --municipality 131041 --count $residents \
		--output residents.csv
}

# All were loaded once, and every one has a number of their own.
all_are_loaded() {
	until_count "$registry" numbered -eq $residents
	[ "$(count "$registry" residents)" = $residents ] || fail "residents"
	[ "$(count "$registry" refused)" = 0 ] || fail "numbers were refused"
	run 0 import "$nation" "$registry" residents.csv --quiet
	[ "$(count "$registry" residents)" = $residents ] || fail "twice"
}

# at_rest: the registry's database, by a judge of its own.
at_rest() {
	[ "$(query "PRAGMA integrity_check")" = ok ] || fail "integrity"
	[ -z "$(query "PRAGMA foreign_key_check")" ] || fail "references"
	[ "$(query "SELECT count(*) FROM resident")" = "$1" ] || fail "rows"
	[ "$(query "SELECT sum(loaded) FROM import")" = "$1" ] ||
		fail "the job tells another number than there are residents"
	[ "$(query "SELECT residents FROM tally")" = "$1" ] || fail "tally"
}

case_crash() {
	found
	make_residents
	start
	# The registry dies, more than once, in the middle.
	"$bango" import "$nation" "$registry" residents.csv >out 2>err &
	client=$!
	for at in 1 10000 20000; do
		until_count "$registry" residents -ge $at
		kill -9 "$(pid_of "$registry")"
	done
	wait $client || fail "the import gave up: $(cat err)"
	grep -q "^loaded $residents, unchanged 0, rejected 0" out ||
		fail "the import says: $(cat out)"
	all_are_loaded
	stop
	at_rest $residents
	# The supervisor is killed, and a system of it takes time to end.
	start
	old=$(pid_of "$registry")
	kill -STOP "$old"
	kill -9 "$up"
	wait "$up" || true
	"$bango" up "$nation" --quiet 2>up.err &
	up=$!
	until grep -q "the database is busy; waiting for it" \
		"$nation/systems/131041-registry/log"; do
		kill -0 "$up" 2>/dev/null || {
			kill -CONT "$old"
			fail "up does not wait: $(cat up.err)"
		}
	done
	kill -CONT "$old"
	until_count "$registry" residents -ge 1
	stop
	# The one who imports dies.
	rm -r "$nation"
	found
	start
	for at in 1 10000; do
		"$bango" import "$nation" "$registry" residents.csv \
			--quiet >out 2>err &
		client=$!
		until_count "$registry" residents -ge $at
		kill -9 $client
		wait $client && fail "the import was over before it was killed"
	done
	run 0 import "$nation" "$registry" residents.csv
	grep -q "^loaded $residents, unchanged 0, rejected 0" out ||
		fail "the import says: $(cat out)"
	all_are_loaded
	stop
	at_rest $residents
}

# --- A disk that fills up ----------------------------------------------------

tells_full() {
	got=0
	"$bango" status "$nation" >told || got=$?
	get "$registry" /health >health
	[ "$got" -eq 3 ] &&
		grep -q "the last change could not be written: no space left" \
			told &&
		grep -q 'the last change could not be written: ' health
}

case_full() {
	found
	make_residents
	mount_disk 3m # not even one part of a file
	start
	"$bango" population --municipality 131041 --seed 2 --count 10000 \
		--output others.csv
	run 3 import "$nation" "$registry" residents.csv
	says "bango import: $registry: the disk is full: make room on it and try again"
	loaded=$(count "$registry" residents)
	[ "$loaded" -lt $residents ] || fail "the disk is not small enough"
	# Requests that only read are answered, beside those that write in vain.
	(while [ ! -e enough ]; do
		"$bango" import "$nation" "$registry" others.csv || true
	done) >out 2>err &
	client=$!
	for _ in $(seq 100); do
		get "$registry" /status >status
		grep -q '"residents":' status || fail "no status: $(cat status)"
	done
	# A small change finds room at times, and then all is well for a moment.
	tries=0
	until tells_full; do
		tries=$((tries + 1))
		[ $tries -le 300 ] ||
			fail "it says that it is well: $(cat told health)"
	done
	touch enough
	wait $client
	says "the disk is full: make room on it and try again"
	stop
	mkdir copy
	cp "$mounted"/data.sqlite* copy
	small=$database database=$dir/copy/data.sqlite
	at_rest "$loaded"
	database=$small
	# It opens without room, and has the index of the log in memory.
	start
	[ ! -e "$database-shm" ] || fail "the log's index is in a file"
	mount -o remount,size=96m "$mounted"
	run 0 import "$nation" "$registry" residents.csv
	get "$registry" /health | grep -q '"ok"' || fail "it is not well"
	grep -q "^loaded $residents, unchanged 0, rejected 0" out ||
		fail "the import says: $(cat out)"
	all_are_loaded
	run 0 status "$nation"
	stop
	at_rest $residents
}

case $case in
passphrase | port | readonly | full | clock | crash | damage | lost | \
	files | founding | revoked | others | identity | numbers) ;;
*) fail "there is no such case" ;;
esac
command -v sqlite3 >out || skip "there is no sqlite3"
"case_$case"
echo "$case: ok"
