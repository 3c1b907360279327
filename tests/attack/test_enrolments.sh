#!/bin/sh
# test_enrolments.sh BUILD: ten thousand enrolments by a stranger leave nothing at
# the portal, and do not hinder a resident with a counter's ticket.
set -eu

. "$(dirname "$0")/attack.sh"
found
start
settle 131041 2
kill -STOP "$up"
portal=https://127.0.0.1:$((port + 15))

# post FROM PATH BODY: as somebody without a certificate at that address; prints
# the status, the answer is in `out`.
post() {
	curl -sS -g --noproxy '*' --cacert nation/ca/ca.pem --interface "$1" \
		-H 'Content-Type: application/json' --data "$3" -o out \
		-w '%{http_code}\n' "$portal$2" 2>err || fail "$2: $(cat err)"
}

# flood COUNT [FROM]: tickets that the stranger makes up; the statuses are in
# `flood`.
flood() {
	curl -sS -Z --parallel-max 16 --noproxy '*' --cacert nation/ca/ca.pem \
		--interface "${2:-127.0.0.2}" \
		-H 'Content-Type: application/json' \
		--data '{"ticket": "00000-00000-00000-00000"}' -o /dev/null \
		-w '%{http_code}\n' "$portal/enrolments#[1-$1]" \
		>flood 2>err || fail "the flood: $(tail -n 1 err)"
	[ "$(wc -l <flood)" = "$1" ] || fail "not all were sent"
}

# ticket WAIT: the ticket that the counter has printed, as a body.
ticket() {
	sed -n "s/^ticket: \(.*\)/{\"ticket\": \"\1\", \"wait\": $1}/p" out
}

# leave COUNT: a stranger's guesses that would wait, each with a connection of its
# own, which the stranger leaves at once.
leave() {
	seq "$1" | xargs -P 16 -I N curl -s --noproxy '*' \
		--cacert nation/ca/ca.pem --interface 127.0.0.3 --max-time 1 \
		-H 'Content-Type: application/json' -o /dev/null \
		--data '{"ticket": "00000-00000-00000-00000", "wait": 30}' \
		"$portal/enrolments" || true
}

# enrol RESIDENT [OPTION]: with a ticket of the counter; prints the status.
enrol() {
	run 0 enrol nation 131041 "$@"
	post 127.0.0.1 /enrolments "$(ticket 0)"
}

flood 10000
missed=$(grep -c 404 flood)
[ "$missed" -ge 60 ] && [ "$missed" -le 80 ] || fail "looked up: $missed"
[ "$(grep -c 503 flood)" = $((10000 - missed)) ] || fail "other answers"
[ "$(rows digital/portal 'SELECT (SELECT COUNT(*) FROM account) +
	(SELECT COUNT(*) FROM ticket) + (SELECT COUNT(*) FROM resident)')" = 0 ] ||
	fail "the flood left rows"
leave 64
flood 1 127.0.0.3
[ "$(cat flood)" = 503 ] || fail "guesses that wait do not count"
[ "$(enrol 1)" = 201 ] || fail "an honest resident: $(cat out)"
jq '{enrolment, secret}' out >sign-in
[ "$(post 127.0.0.1 /sessions "$(cat sign-in)")" = 201 ] ||
	fail "the resident does not sign in: $(cat out)"

# The counter renews what was lost: the earlier sign-in ends.
run 1 enrol nation 131041 1
says 'the ticket does not work: the resident has a sign-in already' out
[ "$(post 127.0.0.1 /enrolments "$(ticket 0)")" = 404 ] ||
	fail "a ticket beside a sign-in: $(cat out)"
[ "$(enrol 1 --renew)" = 201 ] || fail "a renewal: $(cat out)"
[ "$(post 127.0.0.1 /sessions "$(cat sign-in)")" = 403 ] ||
	fail "the earlier sign-in goes on: $(cat out)"
grep -q 'counter of 131041' out || fail "nobody is named: $(cat out)"

# The ticket is printed though the portal has not answered yet.
pid=$(pgrep -P "$up" -f 'nation digital/portal')
kill -STOP "$pid"
run 3 enrol nation 131041 1 --renew --wait 0
says 'works once the portal has answered' out
kill -CONT "$pid"
[ "$(post 127.0.0.1 /enrolments "$(ticket 30)")" = 201 ] ||
	fail "a ticket that was printed before the answer: $(cat out)"

run 0 enrol nation 131041 1 --end
says 'has ended' out
run 0 enrol nation 131041 1 --end
says 'no sign-in' out
run 2 enrol nation 131041 1 --end --renew
run 3 enrol nation 131041 99

with digital/portal waiting-guess
leave 64
flood 1 127.0.0.3
[ "$(cat flood)" = 404 ] || fail "without the count: $(cat flood)"

with digital/portal address-shared
flood 100
[ "$(enrol 2)" = 503 ] || fail "without the check: $(cat out)"

echo "enrolments: ok"
