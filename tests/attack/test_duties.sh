#!/bin/sh
# test_duties.sh BUILD: who holds a certificate of one organisation can do nothing
# at the systems of another, and does not become the Commission by saying so.
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2

# as HOLDER SYSTEM PATH ARGUMENT...: its HTTP status; the answer is in out.
as() {
	by=nation/operators/$1
	url=$(jq -r ".systems[] | select(.id == \"$2\") | .url" \
		nation/directory.json)
	path=$3
	shift 3
	curl -sS -g --noproxy '*' --cacert nation/ca/ca.pem \
		--cert "$by/cert.pem" --key "$by/key.pem" --output out \
		--write-out '%{http_code}' "$@" "$url$path"
}

# refused HOLDER SYSTEM PATH ARGUMENT...: for want of a duty.
refused() {
	status=$(as "$@")
	[ "$status" = 403 ] || fail "$1 at $2$3: $status $(cat out)"
}

# The enemy's officer reads in another city's register, and grants himself more.
refused 012041 131041/registry /residents/1
refused 012041 131041/registry /residents/1/history
echo '{"organisation": "012041", "kind": "stranger", "amount": 9,
	"from": "2026-01-01", "until": "2099-01-01", "reason": "more"}' >grant.json
refused 012041 jlis/jukinet /budgets/grants \
	-H 'Content-Type: application/json' --data-binary @grant.json

# He confirms an affair of his own "as the Commission", whose systems ask him nothing.
refused 012041 digital/network \
	/affairs/0000000000000000000000000000000a/decision \
	-H 'Content-Type: application/json' --data-binary \
	'{"decision": "confirm", "reason": "ours", "role": "commission"}'

with 131041/registry duties-unchecked
status=$(as 012041 131041/registry /residents/1)
[ "$status" = 200 ] || fail "without the check: $status $(cat out)"
