#!/bin/sh
# renew.sh BUILD: a nation whose certificates end soon goes on working across a
# renewal.
set -eu
. "$(dirname "$0")/../support/nation.sh"
found=$build/tests/e2e/found
day=86400

for tool in jq openssl curl; do
	command -v $tool >/dev/null || fail "install the package $tool"
done

prints() {
	grep -qF -- "$1" out || fail "it does not print: $1"
}

# wait_for COMMAND...
wait_for() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -le 600 ] || fail "in vain: $*"
		sleep 0.1
	done
}

# in_log TEXT: every system says so.
in_log() {
	[ "$(grep -lF -- "$1" nation/systems/*/log | wc -l)" = 2 ]
}

# shown SYSTEM: the fingerprint of the key that it shows at a handshake.
shown() {
	url=$(jq -r ".systems[] | select(.id == \"$1\") | .url" \
		nation/directory.json)
	openssl s_client -connect "${url#https://}" -CAfile nation/ca/ca.pem \
		</dev/null 2>/dev/null | openssl x509 -pubkey -noout |
		openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1
}

# listed SYSTEM FILTER: of its entry in the directory.
listed() {
	jq -r ".systems[] | select(.id == \"$1\") | $2" nation/directory.json
}

# ends SYSTEM WHAT: the state in `bango status`.
ends() {
	"$bango" status nation --json | jq -r ".[] | select(.system == \"$1\") |
		.ends[] | select(.what == \"$2\") | .state"
}

certificates() {
	grep -c 'BEGIN CERTIFICATE' "nation/systems/$1/cert.pem"
}

write_small

# --- A nation that has just been founded --------------------------------------

"$bango" init nation --from nation.ini >out 2>err || fail "init"
run 0 renew nation
prints "nothing ends within 30 days"
run 2 renew nation --begin tomorrow
says "expected an instant such as"
run 2 renew nation --begin 2026-01-01T00:00:00.000Z
says "not within the next 30 days"
run 3 renew nation nobody
says "nobody is neither an organisation nor a system"
run 3 renew nation 131041/nothing
run 3 renew nowhere
mv nation/ca/ca.keys aside
run 3 renew nation
says "the authority's key is not at hand"
mv aside nation/ca/ca.keys
echo wrong >wrong
run 4 renew nation --passphrase-file wrong

# A fifth key at a time is refused.
for n in 2 3 4; do
	run 0 keys nation 131041/registry --rotate tls
	[ "$(certificates 131041-registry)" = $n ] || fail "not $n certificates"
	[ "$(listed 131041/registry '.fingerprints | length')" = $n ] ||
		fail "the directory does not list $n"
done
cp nation/directory.json before.json
run 2 keys nation 131041/registry --rotate tls
says "has 4 keys for TLS that have not ended"
cmp -s before.json nation/directory.json || fail "the directory has changed"
# Revoked keys make room.
run 0 revoke nation 131041/registry
[ "$(openssl crl -in nation/ca/ca.crl -noout -text |
	grep -c 'Serial Number')" = 5 ] || fail "not all keys are revoked"
run 0 keys nation 131041/registry --rotate tls
[ "$(certificates 131041-registry)" = 1 ] || fail "revoked ones stay"
rm -rf nation

# --- A month before the end ---------------------------------------------------

"$found" nation $((730 * day - 20 * day)) nation.ini || fail "found"
mv nation/ca/ca.keys aside
start
wait_for in_log "ready on port"
run 1 status nation
prints "its certificate for TLS: ends"
prints "its signing key: ends"
prints "the duties of its last holder: ends"
prints "nothing is renewed by itself, since the authority's key, nation/ca/ca.keys"
[ "$(ends jlis/jukinet authority)" = good ] || fail "the authority ends"
call jlis/jukinet /metrics
grep -q '^bango_ends_in_seconds{what="certificate"} 17[0-9]\{5\}$' out ||
	fail "no such figure"
mv aside nation/ca/ca.keys
"$bango" population --municipality 131041 --count 3000 --output residents.csv \
	>out 2>err || fail "population"
"$bango" import nation 131041 residents.csv --quiet >import.log 2>&1 &
import=$!
old=$(shown jlis/jukinet)
run 0 renew nation --begin "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%S.000Z)"
prints "131041/registry: its key for TLS is renewed"
prints "jlis/jukinet: its signing key is renewed"
wait_for in_log "the new certificate for TLS is in use"
wait_for in_log "the new signing key is in use"
[ "$(shown jlis/jukinet)" = "$(listed jlis/jukinet .fingerprint)" ] ||
	fail "another key than the one in the directory"
[ "$(shown jlis/jukinet)" != "$old" ] || fail "the old key"
wait $import || fail "the import: $(cat import.log)"
call 131041/registry '/residents/3000?wait=60&until=numbered'
[ "$(jq -r .state out 2>/dev/null)" != none ] || fail "no resident"
run 1 status nation
! grep -qF "certificate for TLS: ends" out || fail "nothing was renewed"
! grep -q "refused by" out || fail "something was refused"
# Nothing more is due; the holders are not renewed unless somebody says so.
run 0 renew nation
prints "nothing ends within 30 days"
run 0 renew nation 131041 --holders
prints "131041:operator: certificate and duties until"
run 0 renew nation --holders
prints "jlis:operator"
wait_for [ "$(ends 131041/registry holders)" = good ]
run 0 status nation
stop
start
run 0 status nation
stop
run 0 ledger verify nation
rm -rf nation

# --- By itself ----------------------------------------------------------------

"$found" nation $((730 * day - 20 * day)) nation.ini || fail "found"
start
wait_for grep -q "its key for TLS is renewed" up.log
wait_for in_log "the directory was read again"
[ "$(certificates jlis-jukinet)" = 2 ] || fail "not two certificates"
[ "$(listed jlis/jukinet '.fingerprints[0]')" = "$(shown jlis/jukinet)" ] ||
	fail "the new key is used too soon"
stop
rm -rf nation

# --- Past the end -------------------------------------------------------------

"$found" nation $((731 * day)) nation.ini || fail "found"
start
wait_for grep -q "not renewed" up.log
[ "$(certificates jlis-jukinet)" = 1 ] || fail "what has ended was renewed"
run 3 status nation
prints "renew nation --holders"
grep -q "the certificate for TLS ended at" nation/systems/*/log ||
	fail "the log does not say why"
run 3 renew nation
says "things have ended already"
cp nation/operators.json operators.json
jq '.operators[].until = "2099-01-01T00:00:00.000Z"' operators.json \
	>nation/operators.json
run 3 status nation
prints "the certificate of 131041/registry for TLS ended at"
cp operators.json nation/operators.json
run 0 renew nation --ended --holders \
	--begin "$(date -u -d '+1 second' +%Y-%m-%dT%H:%M:%S.000Z)"
wait_for in_log "the new certificate for TLS is in use"
all_up() {
	"$bango" status nation >out || true
	! grep -q 'DOWN\|waiting' out
}
wait_for all_up
prints "the two years of its sealing key: ended"
[ "$(certificates jlis-jukinet)" = 1 ] || fail "what has ended is kept"
stop
