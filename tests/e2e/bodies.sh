#!/bin/sh
# bodies.sh BUILD: the memory that a body costs.  Without the right, a caller's body
# is not read; with it, a body costs at most four times its size, however it is made.
set -eu
. "$(dirname "$0")/../support/nation.sh"

# Memory that is freed is free again.
export ASAN_OPTIONS=quarantine_size_mb=1

# fill UNIT HEAD TAIL MIB: head, as many units with commas as fit, and tail.
fill() {
	printf '%s' "$2"
	n=$((($4 * 1048576 - ${#2} - ${#3}) / (${#1} + 1) - 1))
	yes "$1," | tr -d '\n' | head -c $((n * (${#1} + 1)))
	printf '%s' "$1$3"
}

# send SYSTEM FOLDER PATH TYPE FILE: by the holder in that folder; leaves the status
# in `code`, and in `cost` the KiB by which the process was larger at its peak.
send() {
	pid=$(pgrep -P "$up" -f "nation $1" | head -n 1)
	url=$(jq -r ".systems[] | select(.id == \"$1\") | .url" \
		nation/directory.json)
	echo 5 >"/proc/$pid/clear_refs"
	before=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	curl -sS -g --noproxy '*' --cacert nation/ca/ca.pem \
		--cert "$2/cert.pem" --key "$2/key.pem" -o out \
		-w '%{http_code}' -H "Content-Type: $4" -H 'Expect:' \
		--data-binary "@$5" "$url$3" >code 2>err || true
	code=$(cat code)
	cost=$(($(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status") - before))
	echo "$1 $3 $5: $code, $cost KiB for $(($(wc -c <"$5") / 1024))" >>costs.log
}

# unread SYSTEM FOLDER PATH TYPE FILE
unread() {
	send "$@"
	[ "$code" = 403 ] || [ "$code" = 000 ] || fail "$3 answers $code"
	[ $cost -lt 2048 ] || fail "a body that nobody may send costs $cost KiB"
}

# read_once SYSTEM FOLDER PATH TYPE FILE
read_once() {
	send "$@"
	[ "$code" = 400 ] || [ "$code" = 404 ] || fail "$3 answers $code"
	most=$((4 * $(wc -c <"$5") / 1024 + 1024))
	[ $cost -lt $most ] || fail "a body costs $cost KiB, more than $most"
}

fill a '' '' 16 >lines
fill '{}' '[' ']' 16 >objects
fill '[]' '{"year": 2025, "items": [' ']}' 4 >lists
fill '["a"]' '{"year": 2025, "items": [' ']}' 4 >rows
fill '{}' '{"x": [' ']}' 4 >unknown

found
start
run 0 operator add nation 131041 --name idle --systems registry,offices \
	--duties status
own=nation/operators/131041
for by in nation/operators/012041 $own/idle; do
	unread 131041/registry "$by" /imports/x/chunks text/csv lines
	unread 131041/registry "$by" /envelopes \
		application/vnd.bango.envelopes objects
	unread 131041/offices "$by" /tax-records application/json lists
	unread 131041/offices "$by" /replicas/csv text/csv lines
done
unread 131041/registry nation/operators/012041 \
	/pending/0123456789abcdef0123456789abcdef/confirmation \
	application/json objects
read_once 131041/registry $own /imports/x/chunks text/csv lines
read_once 131041/registry $own \
	/pending/0123456789abcdef0123456789abcdef/confirmation \
	application/json objects
for body in lists rows unknown; do
	read_once 131041/offices $own /tax-records application/json $body
done
stop

# A program with bugs ends where it is told of one that it does not have.
if ! BANGO_BUG=no-such-bug "$bango" init none --from nation.ini >out 2>err; then
	export BANGO_BUG=body-before-right
	start
	send 131041/registry $own/idle /imports/x/chunks text/csv lines
	[ $cost -gt 8192 ] || fail "the bug costs $cost KiB"
	stop
fi
