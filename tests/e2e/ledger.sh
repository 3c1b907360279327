#!/bin/sh
# ledger.sh BUILD: the ledgers of a nation that was at work, and openssl as the
# judge of a checkpoint.
set -eu
. "$(dirname "$0")/../support/nation.sh"

run 2 ledger
run 2 ledger weather nation
run 2 ledger verify nation --seen folder
run 3 ledger verify nation
run 0 demo nation --once --residents 50 --port $port

# --- All of them hold ----------------------------------------------------------

run 0 ledger verify nation
[ "$(grep -c ' holds: ' out)" = "$(jq '.systems | length' nation/directory.json)" ] ||
	fail "not all ledgers hold"
run 2 ledger verify nation weather
run 3 ledger verify nation 131041/weather
run 3 ledger audit nation 131041/relay
says "not checked: 131041/relay does not answer" out

# --- A proof, before openssl -----------------------------------------------------

run 2 ledger prove nation 131041/relay
run 3 ledger prove nation 131041/registry 999999
run 0 ledger prove nation 131041/registry 1
note=$(sed 's/.*"checkpoint":"\([^"]*\)".*/\1/' out)
printf '%b' "$note" >note
sed '/^$/,$d' note >text
[ "$(head -n 1 text)" = bango/131041/registry ] || fail "another origin"
sed -n 's/^— bango\/131041\/registry //p' note | base64 -d |
	tail -c +5 >signature
jwk=$(tr -d ' \n' <nation/directory.json | sed 's/{"id"/\n&/g' |
	grep '"131041/registry"' | sed 's/,"certificates".*//')
coordinate() {
	echo "$jwk=" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1=/" | tr -- -_ +/ |
		base64 -d
}
{
	printf '\060\131\060\023\006\007\052\206\110\316\075\002\001'
	printf '\006\010\052\206\110\316\075\003\001\007\003\102\000\004'
	coordinate x
	coordinate y
} >key.der
openssl dgst -sha256 -verify key.der -keyform DER -signature signature \
	text >out || fail "openssl does not find our signature"
echo more >>text
! openssl dgst -sha256 -verify key.der -keyform DER -signature signature \
	text >out 2>&1 || fail "the signature is over something else"

# --- A new key, of every log and every witness ---------------------------------

run 0 keys nation 131041/registry --rotate sign
run 0 ledger verify nation
start
run 0 ledger audit nation --seen seen # with both keys of the registry
says "131041/registry    signed: " out
stop
for id in $(jq -r '.systems[].id' nation/directory.json); do
	run 0 keys nation "$id" --rotate sign
done
run 0 ledger verify nation
start
run 0 ledger audit nation --seen seen
says " witnessed by " out
stop
jq '(.systems[] | select(.id == "131041/registry") | .certificates) = []' \
	nation/directory.json >altered.json
cp altered.json nation/directory.json
run 0 keys nation 131041/registry --rotate sign # certifies them all again
run 0 ledger verify nation
cp nation/directory.json whole.json
# The key of another system does not serve.
jq '(.systems[] | select(.id == "131041/registry")) |=
	(.certificates = [] | .key = $other)' --argjson other \
	"$(jq '.systems[] | select(.id == "131041/relay") | .key' whole.json)" \
	whole.json >nation/directory.json
run 1 ledger verify nation 131041/registry
says "DOES NOT HOLD: the checkpoint is not signed by this system" out
jq '(.systems[] | select(.id == "131041/registry") | .certificates) = $other' \
	--argjson other "$(jq '.systems[] | select(.id == "131041/relay") |
		.certificates' whole.json)" \
	whole.json >nation/directory.json
run 4 ledger verify nation 131041/registry
says "not checked: nation/directory.json: certificate 2 of 131041/registry is not one that the nation's authority issued to it" out
cp whole.json nation/directory.json

# --- An empty ledger in place of one that was seen ------------------------------

mkdir kept
mv nation/systems/131041-registry/data.sqlite* \
	nation/systems/131041-registry/mark kept
start
run 1 ledger audit nation 131041/registry 131041/relay --seen seen
says "131041/registry    DOES NOT HOLD: 131041/registry: its ledger has " out
says "131041/relay       signed: " out
stop
rm nation/systems/131041-registry/data.sqlite*
mv kept/* nation/systems/131041-registry

# --- Alterations are found ----------------------------------------------------

sqlite3 nation/systems/131041-registry/data.sqlite \
	"UPDATE audit SET basis = 'none' WHERE seq = 2"
run 1 ledger verify nation
says "131041/registry    DOES NOT HOLD: the leaf in the ledger is not that of entry 2" out
[ "$(grep -c ' holds: ' out)" = 13 ] || fail "others do not hold either"
sqlite3 nation/systems/131041-relay/data.sqlite \
	"DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)"
run 1 ledger verify nation 131041/relay
says "the audit lacks entry" out

# --- So are rows that another program changed -----------------------------------

alter() { # SYSTEM TABLE SQL
	sqlite3 "nation/systems/$(echo "$1" | tr / -)/data.sqlite" "$3"
	run 1 ledger verify nation "$1"
	says "DOES NOT HOLD: table $2: its rows do not fit the sum" out
}
alter digital/network record "DELETE FROM record"
alter jlis/jukinet person "UPDATE person SET municipality = '011002'
	WHERE serial = (SELECT MIN(serial) FROM person)"
alter nenkin/relay certificate_holder "UPDATE certificate_holder
	SET duties = duties || ' budget'"

# --- And no start counts them anew in silence -----------------------------------

run 0 ledger verify nation nenkin/addressee
sqlite3 nation/systems/nenkin-addressee/data.sqlite \
	"DELETE FROM person WHERE rowid = (SELECT MIN(rowid) FROM person);
	DELETE FROM row_sum"
run 1 ledger verify nation nenkin/addressee
says "DOES NOT HOLD: table certificate has lost its sum" out
start
run 1 status nation
says "starts at which rows did not fit the ledger: 1; " out
stop
run 1 ledger verify nation nenkin/addressee
says "found rows that another program had changed: table certificate has lost its sum" out

echo "ledger: ok"
