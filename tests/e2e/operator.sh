#!/bin/sh
# operator.sh BUILD: holders of certificates, their duties, and the second
# holder, with curl and nobody's help.
set -eu
. "$(dirname "$0")/../support/nation.sh"

# ask STATUS SYSTEM HOLDER PATH ARGUMENT...: with the certificate in
# nation/operators/HOLDER; leaves out.
ask() {
	want=$1 by=nation/operators/$3
	url=$(jq -r ".systems[] | select(.id == \"$2\") | .url" \
		nation/directory.json)$4
	shift 4
	status=$(curl -sS -g --noproxy '*' --cacert nation/ca/ca.pem \
		--cert "$by/cert.pem" --key "$by/key.pem" --output out \
		--write-out '%{http_code}' "$@" "$url" 2>err) || true
	[ "$status" = "$want" ] || fail "$url: status $status, not $want"
}

# Until it is answered so: systems read a change at their own pace.
until_asked() {
	tries=0
	until (ask "$@") 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || ask "$@"
		sleep 0.1
	done
}

found "" --second

# --- Names, and duties that nobody may have -------------------------------------

run 3 operator add nation 131041 --name Sato --systems addressee,relay \
	--duties look
says "131041:Sato would have duties at both addressee and relay, which together"
run 3 operator add nation 131041 --name Sato --systems network --duties look
says "131041 has no duties at a system network"
run 3 operator add nation 131041 --name Sato --systems registry --duties budget
says "none of the systems registry has the duty budget for 131041"
run 3 operator add nation digital --name Sato --systems network \
	--duties commission.confirm
says "has the duty commission.confirm for digital"
run 2 operator add nation 131041 --name Sato --systems registry --duties rain
says "\"rain\" is not a duty"
run 2 operator add nation 131041 --name a:b --systems registry --duties look
says "\"a:b\" is not a holder's name"
run 3 operator add nation 131041 --name operator --systems registry --duties look
says "131041 has a holder operator already"
run 2 operator add nation 131041 --name Sato --systems registry --duties look \
	--until 2026-02-30
says "is not a day"
run 3 operator add nation 999999 --name Sato --systems registry --duties look
says "999999 is not an organisation of the nation"
run 3 operator revoke nation 131041 --name Sato
says "131041 has no holder Sato that is not revoked"

# --- A holder of a nation at work -------------------------------------------------

start
run 0 operator add nation 131041 --name 山田花子 --systems registry,offices \
	--duties look,record --until "$(date -d '+9 hours 30 days' +%F)"
grep -q "the systems that are up read it now" out || fail "nobody was told"
hanako=131041/山田花子
[ "$(stat -c %a nation/operators/$hanako/key.pem)" = 600 ] ||
	fail "the key is open"
until_asked 404 131041/registry $hanako /residents/1
ask 403 131041/registry $hanako /notices/1
jq -e '.detail == "this certificate lacks the duty \"number\", which " +
	"/notices/{resident} needs"' out >/dev/null || fail "it names no duty"
ask 403 131041/registry $hanako /budgets/announcements -X POST \
	-H 'Content-Type: application/json' -d '{}'
grep -q 'lacks the duty \\"announce' out || fail "anybody announces"
ask 403 131041/relay $hanako /held
grep -q 'has no duties here now' out || fail "a stranger is called otherwise"
run 0 operator list nation 131041
grep -qF "131041/registry: look record" out || fail "the list lacks the duties"
"$bango" ledger audit nation 131041/registry >out 2>err || true
grep -qF "131041:山田花子" nation/systems/131041-registry/data.sqlite* ||
	fail "the audit does not name the holder"

run 0 operator revoke nation 131041 --name 山田花子
cut -d. -f2 nation/ca/revoked.json | tr -- -_ +/ | base64 -d 2>/dev/null |
	jq -e '.entries[] | select(.system == "131041:山田花子") | .spki' \
	>/dev/null || fail "the list of revoked keys does not name the holder"
until_asked 000 131041/registry $hanako /residents/1
run 0 operator list nation 131041
grep -q "^山田花子  revoked" out || fail "the list does not say revoked"
ask 404 131041/registry 131041 /residents/1

# --- Acts that need two holders ---------------------------------------------------

withdrawal=/law/editions/2030-01-01/withdrawal
ask 202 digital/network digital $withdrawal -X POST
pending=$(jq -r .pending out)
ask 403 digital/network digital "/pending/$pending/confirmation" -X POST
ask 200 digital/network digital/second /pending
jq -e ".pending[0] | .id == \"$pending\" and .by == \"digital:operator\" and
	.route == \"POST $withdrawal\"" out >/dev/null || fail "it is not listed"
ask 409 digital/network digital/second "/pending/$pending/confirmation" \
	-H 'Content-Type: text/plain' -d 'another body'
# It is done, and there is no such edition.
ask 404 digital/network digital/second "/pending/$pending/confirmation" -X POST
grep -q "no edition takes effect on that day" out || fail "it was not done"
ask 200 digital/network digital "/pending/$pending/withdrawal" -X POST
ask 403 digital/network digital/second /affairs
ask 200 digital/network ppc /affairs

# Commands use the holder whose key is here.
run 0 status nation
mv nation/operators/012041 .
"$bango" status nation >out 2>err || true
grep -q "nobody has duties at 012041/registry" out err ||
	fail "status does not say who is missing"
mv 012041 nation/operators/

# The one who has the duty, though another is listed before.
run 0 operator add nation 012041 --name aaa --systems registry --duties look
mkdir kept
mv nation/operators/012041/*.pem kept/
run 0 operator add nation 012041 --name zzz --systems registry --duties enrol
until_asked 404 012041/registry 012041/zzz /enrolments/00000000000000000000000000000001
run 3 enrol nation 012041 1
! grep -q 'lacks the duty' err || fail "enrol uses a holder without the duty"
mv kept/*.pem nation/operators/012041/

# The list is not forgotten when its file is gone.
mv nation/operators.json .
run 4 operator add nation 131041 --name only --systems registry --duties look
says "operators.json, the list of all holders, is gone: bring it back from a copy"
run 4 status nation
kill -HUP "$up"
ask 404 131041/registry 131041 /residents/1
mv operators.json nation/
stop
