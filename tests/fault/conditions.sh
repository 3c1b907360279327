#!/bin/sh
# conditions.sh BUILD CASE: a nation whose surroundings fail.  The text says
# what is wrong, the status says of what kind it is, and nothing is
# half-done.  Status 77: the case cannot be tried here.
#
#   passphrase  a wrong one          clock    set back by an hour
#   port        taken by another     crash    kill -9 in an import
#   readonly    a disk not writable  damage   a database overwritten
#   full        a disk filled up     founding nation.ini broken afterwards
set -eu

bango=$(cd "$1" && pwd)/bango
ports=$(cd "$1" && pwd)/tests/fault/ports
case=$2
dir=$(mktemp -d)
nation=$dir/nation
registry=131041/registry
database=$nation/systems/131041-registry/data.sqlite
up=
holder=
mounted=

finish() {
	[ -z "$up" ] || { kill "$up" && wait "$up"; } 2>/dev/null || true
	[ -z "$holder" ] || kill "$holder" 2>/dev/null || true
	[ -z "$mounted" ] || umount -l "$mounted" || true
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "$case: $*" >&2
	exit 1
}

skip() {
	echo "$case: skipped: $*"
	exit 77
}

# run STATUS ARGUMENT...: leaves out and err.
run() {
	status=$1 got=0
	shift
	"$bango" "$@" >out 2>err </dev/null || got=$?
	[ "$got" = "$status" ] || {
		cat err >&2
		fail "bango $*: status $got instead of $status"
	}
}

says() {
	grep -qF -- "$1" err || {
		cat err >&2
		fail "it does not say: $1"
	}
}

found() {
	port=$("$ports" free 9700 10) || fail "no free ports"
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

# Start the nation and wait until it is ready.
start() {
	mkfifo ready
	"$bango" up "$nation" --quiet --ready-fd 9 2>up.err 9>ready &
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
	curl -sS --max-time 60 --cacert "$nation/ca/ca.pem" \
		--cert "$nation/operator/cert.pem" \
		--key "$nation/operator/key.pem" "$url$2"
}

# count SYSTEM NAME: what /status counts.
count() {
	get "$1" /status | sed -n "s/.*\"$2\":\([0-9]*\).*/\1/p"
}

# until_count SYSTEM NAME TEST NUMBER: e.g. -ge 100; while it is down, it is
# asked again.
until_count() {
	end=$(($(date +%s) + 120))
	until n=$(count "$1" "$2" 2>/dev/null) && [ -n "$n" ] &&
		test "$n" "$3" "$4"; do
		[ "$(date +%s)" -lt $end ] || fail "$1: $2 is $n, not $3 $4"
	done
}

# query SQL: asks the registry's database, which must be at rest.
query() {
	sqlite3 -batch "$database" "$1"
}

# What is in the nation's folder, but the logs and who is up.
snapshot() {
	find "$nation" -type f ! -name log ! -name up.pid \
		-exec sha256sum {} + | sort -k 2
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
	run 1 up "$nation" --passphrase-file none
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
	"$ports" hold $((port + 1)) <held >holding &
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

case $case in
passphrase | port | readonly | full | clock | crash | damage | founding) ;;
*) fail "there is no such case" ;;
esac
command -v sqlite3 >out || skip "there is no sqlite3"
"case_$case"
echo "$case: ok"
