#!/bin/sh
# revoke.sh BUILD: the lists that `bango revoke` publishes.
set -eu
. "$(dirname "$0")/../support/script.sh"

for tool in jq openssl; do
	command -v $tool >/dev/null || fail "install the package $tool"
done

# The payload of the list.
list() {
	cut -d. -f2 nation/ca/revoked.json | tr -- -_ +/ |
		awk '{ while (length($0) % 4) $0 = $0 "="; print }' |
		base64 -d
}

# is FILTER VALUE: about the list.
is() {
	got=$(list | jq -r "$1")
	[ "$got" = "$2" ] || fail "$1 is $got instead of $2"
}

crl_number() {
	openssl crl -in nation/ca/ca.crl -noout -crlnumber |
		cut -d= -f2 | tr a-f A-F
}

# --- The first lists ---------------------------------------------------------

run 0 init nation
is .number 1
is '.entries | length' 0
[ "$(crl_number)" = 0x01 ] || [ "$(crl_number)" = 01 ] ||
	fail "the CRL has the number $(crl_number)"

# --- A system ----------------------------------------------------------------

run 0 revoke nation 131041/relay --since 2026-01-02T03:04:05.000Z
is .number 2
is '.entries | length' 2
is '[.entries[].system] | unique[]' 131041/relay
is '[.entries[].reason] | unique[]' compromised
is '[.entries[].since] | unique[]' 2026-01-02T03:04:05.000Z
is '[.entries[] | select(.spki)] | .[0].spki' \
	"$(jq -r '.systems[] | select(.id == "131041/relay") | .fingerprint' \
		nation/directory.json)"
# RFC 7638 by other hands.
thumbprint=$(jq -j '.systems[] | select(.id == "131041/relay") | .key |
	"{\"crv\":\"\(.crv)\",\"kty\":\"\(.kty)\",\"x\":\"\(.x)\",\"y\":\"\(.y)\"}"' \
	nation/directory.json | openssl dgst -sha256 -binary |
	base64 | tr +/ -_ | tr -d =)
is '[.entries[] | select(.jwk)] | .[0].jwk' "$thumbprint"
openssl crl -in nation/ca/ca.crl -noout -text |
	grep -c 'Serial Number' >count
[ "$(cat count)" = 2 ] || fail "the CRL has $(cat count) certificates"

# Again, for a worse reason: the same entries.
run 0 revoke nation 131041/relay --reason ended
is .number 3
is '.entries | length' 2
is '[.entries[].reason] | unique[]' ended

# --- Keys that have a successor ----------------------------------------------

run 3 revoke nation nenkin/relay --reason superseded
says "has no superseded signing key"
is .number 3
run 0 keys nation nenkin/relay --rotate sign
run 0 revoke nation nenkin/relay --reason superseded
is .number 4
is '[.entries[] | select(.system == "nenkin/relay")] | length' 1
is '.entries[] | select(.system == "nenkin/relay") | .reason' superseded
current=$(jq -c '.systems[] | select(.id == "nenkin/relay") | .key' \
	nation/directory.json)
is '.entries[] | select(.system == "nenkin/relay") | has("spki")' false
[ -n "$current" ] || fail "the directory has no key"

# --- A false alarm -----------------------------------------------------------

run 0 revoke nation 131041/relay --withdraw
is .number 5
is '[.entries[].system] | unique[]' nenkin/relay
run 3 revoke nation 131041/relay --withdraw
says "has no key of 131041/relay to withdraw"

# --- Refusals ----------------------------------------------------------------

run 2 revoke nation 131041/relay --reason lost
says "expected superseded, compromised or ended"
run 2 revoke nation 131041/relay --since yesterday
says "expected an instant such as"
run 2 revoke nation 131041/relay --withdraw --reason ended
says "--withdraw takes neither"
run 2 revoke nation 131041/relay --since 9999-01-01T00:00:00.000Z
says "has not come yet"
run 3 revoke nation nobody/relay
says "is no system of the nation"
is .number 5

# An old CRL would give a number twice.
cp nation/ca/ca.crl kept.crl
run 0 revoke nation nenkin/offices
cp kept.crl nation/ca/ca.crl
run 3 revoke nation nenkin/addressee
says "put the newest copy of that in its place"

# A list that the authority did not sign is not continued.
run 0 init other
cp other/ca/revoked.json nation/ca/revoked.json
run 4 revoke nation nenkin/addressee
says "was not signed by this nation's CA"

# A nation of an earlier day has no list.
rm nation/ca/revoked.json
run 0 revoke nation nenkin/addressee
is '[.entries[].system] | unique[]' nenkin/addressee
