#!/bin/sh
# syscalls.sh BUILD [EVERY [CALL...]]: system calls of a registry that fail, or
# at which it is killed, one after another: at every occurrence of each call
# while it starts, takes in a file of residents and ends.  After it the registry
# starts again, the import is repeated, and the database is looked through.
# With EVERY only each so manieth occurrence is tried, with CALLs those alone.
# Status 77: strace cannot be used here.
set -eu
. "$(dirname "$0")/../support/script.sh"
every=${2:-1}
[ $# -le 2 ] || { shift 2 && calls=$*; }
residents=300
registry=131041/registry
serving=
# A process that is traced cannot look for its own leaks.
export ASAN_OPTIONS=detect_leaks=0

finish() {
	[ -z "$serving" ] || {
		pkill -KILL -P "$serving"
		kill -9 "$serving"
	}
}

fail() {
	echo "$case: $*" >&2
	cat log >&2
	exit 1
}

case="beginning"
strace -o trace -e trace=none true 2>err || {
	echo "skipped: strace cannot be used: $(cat err)"
	exit 77
}
port=$(free_port 4)
cat >nation.ini <<-END
	[nation]
	port = $port
	[organisation 131041]
	kind = special-ward
	name = Shinjuku
	systems = registry
END
"$bango" init first --from nation.ini >log
"$bango" population --municipality 131041 --count $residents \
	--output residents.csv

# begin [STRACE OPTION...]: false if it ended before it was ready.
begin() {
	rm -f trace
	: >log
	strace -f -qq -o trace "$@" \
		"$bango" serve nation $registry >log 2>&1 &
	serving=$!
	# Its own word for it may be the write that fails.
	asked=0
	until "$bango" status nation >out 2>&1; do
		kill -0 $serving 2>/dev/null || return 1
		asked=$((asked + 1))
		[ $asked -lt 1000 ] || fail "it neither serves nor ends"
	done
}

end() {
	pkill -TERM -P $serving 2>/dev/null || true
	status=0
	wait $serving 2>/dev/null || status=$?
	serving=
	! grep -q "Sanitizer" log || fail "a fault of memory"
	# 137: killed, as was wanted; any other signal is a crash.
	[ $status -lt 128 ] || [ $status = 137 ] || fail "it crashed: $status"
}

import() {
	"$bango" import nation $registry residents.csv --quiet >out 2>err
}

query() {
	sqlite3 -batch nation/systems/131041-registry/data.sqlite "$1"
}

whole() {
	[ "$(query "PRAGMA integrity_check")" = ok ] || fail "integrity"
	[ "$(query "SELECT count(*) FROM resident")" = $residents ] ||
		fail "residents: $(query "SELECT count(*) FROM resident")"
	[ "$(query "SELECT sum(loaded) FROM import")" = $residents ] ||
		fail "loaded: $(query "SELECT sum(loaded) FROM import")"
	[ "$(query "SELECT residents FROM tally")" = $residents ] ||
		fail "tally: $(query "SELECT residents FROM tally")"
}

# try CALL WHAT N: if the registry ends, it is started again; the import goes
# on by itself.
try() {
	case="$1 $2, number $3"
	rm -rf nation
	cp -a first nation
	begin -e "trace=$1" -e "inject=$1:$2:when=$3" || again
	import &
	client=$!
	while kill -0 $client 2>/dev/null; do
		kill -0 $serving 2>/dev/null || again
		sleep 0.01
	done
	wait $client || fail "the import fails: $(cat err)"
	end
	begin -e trace=none || fail "it does not start again"
	import || fail "the import fails afterwards: $(cat err)"
	end
	whole
}

again() {
	[ -s log ] || [ "$what" = signal=KILL ] || fail "it ended without a word"
	end
	begin -e trace=none || fail "it does not start again"
}

# How often CALL is made when nothing fails.
occurrences() {
	rm -rf nation
	cp -a first nation
	begin -e "trace=$1" || fail "it does not start"
	import || fail "the import fails: $(cat err)"
	end
	grep -c "$1(" trace || true
}

tried=0
for call in ${calls:-pwrite64 fdatasync write unlink ftruncate}; do
	case=$call
	last=$(occurrences "$call")
	[ "$last" -gt 0 ] || fail "it is never made"
	for what in error=EIO signal=KILL; do
		n=1
		while [ "$n" -le "$last" ]; do
			try $call $what "$n"
			tried=$((tried + 1))
			n=$((n + every))
		done
	done
	echo "$call: $last occurrences"
done
echo "$tried faults; all is there, and once"
