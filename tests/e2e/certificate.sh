#!/bin/sh
# certificate.sh BUILD: the authority's key is on a machine of its own, `authority`;
# requests go there, certificates come back, and each refusal has its reason.
# OpenSSL judges both files.
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

# blocks FILE: each block of PEM in a file of its own, block.1 and on.
blocks() {
	rm -f block.*
	awk '/^-----BEGIN/ { n++ } { print > ("block." n) }' "$1"
}

# shown SYSTEM: the fingerprint of the key that it shows at a handshake.
shown() {
	url=$(jq -r ".systems[] | select(.id == \"$1\") | .url" \
		nation/directory.json)
	openssl s_client -connect "${url#https://}" -CAfile nation/ca/ca.pem \
		</dev/null 2>/dev/null | openssl x509 -pubkey -noout |
		openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1
}

# listed FOLDER SYSTEM FILTER: of its entry in the directory.
listed() {
	jq -r ".systems[] | select(.id == \"$2\") | $3" "$1/directory.json"
}

digest() {
	sha256sum "$1" | cut -d' ' -f1
}

# sign FILE OUTPUT [OPTION...]
sign() {
	file=$1
	output=$2
	shift 2
	run 0 certificate sign authority "$file" --output "$output" \
		--digest "$(digest "$file")" "$@"
}

# elsewhere: the authority's machine gets what is public and its key; the nation's
# keeps neither key nor passphrase of the authority.
elsewhere() {
	rm -rf authority
	mkdir authority authority/systems
	cp -R nation/ca nation/nation.ini nation/directory.json \
		nation/operators.json authority
	for folder in nation/systems/*; do
		mkdir "authority/systems/${folder##*/}"
		cp "$folder/cert.pem" "authority/systems/${folder##*/}"
	done
	rm nation/ca/ca.keys nation/ca/passphrase
}

write_small
registry=131041/registry

# --- A month before the end, with a nation at work ------------------------------

"$found" nation $((730 * day - 20 * day)) nation.ini || fail "found"
elsewhere
start
wait_for in_log "ready on port"
run 1 status nation
prints "is not here: run \`bango certificate request\`"
run 3 renew nation
says "the authority's key is not at hand"
says "\`bango certificate sign\` signs what \`bango certificate request\` makes"
cp nation/directory.json before.json
old=$(shown jlis/jukinet)

run 0 certificate request nation --output requests
prints "131041/registry: for TLS, key "
prints "jlis/jukinet: for signatures, key "
prints "$(digest requests)"
[ "$(grep -c 'BEGIN CERTIFICATE REQUEST' requests)" = 4 ] || fail "not four"
grep -q PRIVATE requests && fail "a private key leaves"
blocks requests
for file in block.*; do
	openssl req -in "$file" -verify -noout >out 2>err ||
		fail "openssl does not verify the request: $(cat err)"
done
# A file of the nation is not written over, and no keys are made.
"$bango" keys nation $registry >keys.before 2>err || fail "keys"
for file in nation.ini directory.json ca/ca.pem; do
	cp "nation/$file" kept
	run 2 certificate request nation $registry --anew --output "nation/$file"
	says "would be lost"
	cmp -s kept "nation/$file" || fail "$file is lost"
done
run 3 certificate request nation $registry --anew --output missing/requests
"$bango" keys nation $registry >out 2>err || fail "keys"
cmp -s keys.before out || fail "keys were made"
# Made again, the same keys are asked for.
cp requests first
run 0 certificate request nation $registry --output again
[ "$(grep -c 'BEGIN CERTIFICATE REQUEST' again)" = 2 ] || fail "not two"
run 0 keys nation $registry
[ "$(grep -c '^tls ' out)" = 2 ] || fail "each request makes a key"
cmp -s before.json nation/directory.json || fail "the directory has changed"

# The signer looks first.
run 0 certificate sign authority requests
prints "nothing is signed"
prints "131041/registry: for TLS, key "
cmp -s before.json authority/directory.json || fail "something was signed"
run 3 certificate sign authority requests --output certificates \
	--digest "$(digest before.json)"
says "the file is another one than its maker speaks of"
[ ! -e certificates ] || fail "something was signed"
cmp -s before.json authority/directory.json || fail "something was signed"
begin=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%S.000Z)
sign requests certificates --begin "$begin"
prints "used from $begin"
prints "signed"
[ "$(grep -c 'BEGIN CERTIFICATE' certificates)" = 4 ] || fail "not four"
blocks certificates
for file in block.*; do
	openssl verify -x509_strict -CAfile nation/ca/ca.pem "$file" >out 2>err ||
		fail "openssl does not verify the certificate: $(cat out err)"
	openssl x509 -in "$file" -noout -checkend $((729 * day)) >out ||
		fail "it ends too early"
done
[ "$(listed authority $registry '.fingerprints | length')" = 2 ] ||
	fail "the authority does not know its key"
# A file that was lost is signed again: the same certificates.
sign requests lost
cmp -s certificates lost || fail "another certificate for the same key"
# So is one that went through Windows, and a digest with blanks.
windows() {
	printf '\357\273\277'
	sed 's/$/\r/' "$1"
}
windows requests >crlf
run 0 certificate sign authority crlf --output lost \
	--digest " $(digest requests) "
cmp -s certificates lost || fail "another certificate for the same key"
cp authority/nation.ini kept
run 2 certificate sign authority requests --output authority/nation.ini \
	--digest "$(digest requests)"
says "would be lost"
cmp -s kept authority/nation.ini || fail "nation.ini is lost"

run 0 certificate install nation certificates
prints "131041/registry: for TLS, key "
prints "used from $begin"
wait_for in_log "the new certificate for TLS is in use"
wait_for in_log "the new signing key is in use"
[ "$(shown jlis/jukinet)" = "$(listed nation jlis/jukinet .fingerprint)" ] ||
	fail "another key than the one in the directory"
[ "$(shown jlis/jukinet)" != "$old" ] || fail "the old key"
[ "$(jq -S . nation/directory.json)" = "$(jq -S . authority/directory.json)" ] ||
	fail "the directories differ"
cp nation/directory.json after.json
run 0 certificate install nation certificates
cmp -s after.json nation/directory.json || fail "installed twice"
windows certificates >crlf
run 0 certificate install nation crlf
cmp -s after.json nation/directory.json || fail "installed twice"
# They talk under the new keys.
"$bango" population --municipality 131041 --count 50 --output residents.csv \
	>out 2>err || fail "population"
run 0 import nation 131041 residents.csv --quiet
run 1 status nation
! grep -qF "certificate for TLS: ends" out || fail "nothing was renewed"
! grep -q "refused by" out || fail "something was refused"
run 0 certificate request nation --output none
prints "nothing ends within 30 days"
[ ! -e none ] || fail "there is a file"
stop
start
! grep -q "refused by" nation/systems/*/log || fail "something was refused"
stop

# Where the authority's key is, holders and lists are renewed as before.
run 0 renew authority --holders
prints "131041:operator: certificate and duties until"
cp authority/operators.json nation

# --- A machine that runs no system of it ------------------------------------------

mkdir other
cp -R nation/ca nation/nation.ini other
cp before.json other/directory.json
windows certificates >crlf
run 0 certificate install other crlf
[ "$(jq -S . other/directory.json)" = "$(jq -S . nation/directory.json)" ] ||
	fail "another directory"
run 3 certificate request other --output none
says "make the request where the systems run"
run 3 certificate request other $registry --output none

# --- What is not signed -------------------------------------------------------------

# in_days N: for --begin.
in_days() {
	date -u -d "+$1 days" +%Y-%m-%dT%H:%M:%S.000Z
}

# refused CODE FILE TEXT [OPTION...]: the signer says so, and nothing has changed.
refused() {
	code=$1
	file=$2
	text=$3
	shift 3
	run "$code" certificate sign authority "$file" --output none \
		--digest "$(digest "$file")" "$@"
	says "$text"
	[ ! -e none ] || fail "something was signed"
	cmp -s authority.json authority/directory.json ||
		fail "the directory has changed"
}

cp authority/directory.json authority.json
run 0 certificate request nation $registry --anew --output requests
blocks requests
: >empty
refused 2 empty "is not requests in PEM, and nothing else"
echo text >text
refused 2 text "is not requests in PEM, and nothing else"
refused 2 certificates "is not requests in PEM, and nothing else"
cat requests text >longer
refused 2 longer "is not requests in PEM, and nothing else"
cat nation/ca/ca.pem requests >longer
refused 2 longer "there is something else before request 1"
cat block.1 block.1 >twice
refused 3 twice "request 2 has the key of an earlier one"
head -c 400 requests >short
refused 2 short "is not requests in PEM, and nothing else"
run 3 certificate sign authority missing
openssl ecparam -name prime256v1 -genkey -noout -out key.pem
# ask SUBJECT EXTENSION...: a request by somebody else's tool.
ask() {
	subject=$1
	shift
	{
		printf '[req]\ndistinguished_name = dn\nutf8 = yes\n'
		printf 'string_mask = utf8only\n[dn]\n[ext]\n'
		for line; do
			echo "$line"
		done
	} >ask.cnf
	openssl req -new -key key.pem -config ask.cnf -reqexts ext -utf8 \
		-subj "$subject" -out asked 2>err || fail "openssl: $(cat err)"
}
constraints='basicConstraints = critical,CA:FALSE'
usage='keyUsage = critical,digitalSignature'
extended='extendedKeyUsage = serverAuth,clientAuth'
names='subjectAltName = IP:127.0.0.1,DNS:localhost,IP:127.0.0.1'
ask "/O=Shinjuku/CN=131041\\/nothing" "$constraints" "$usage"
refused 3 asked "131041/nothing, which is no system of the nation"
ask "/O=Shinjuku/CN=131041:operator" "$constraints" "$usage"
refused 3 asked "131041:operator, which is no system of the nation"
ask "/O=Bank/CN=131041\\/registry" "$constraints" "$usage"
refused 3 asked "asks for something else than authority/nation.ini gives it"
ask "/O=Shinjuku/CN=131041\\/registry" "$constraints" "$usage" "$extended" \
	'subjectAltName = DNS:bank.example'
refused 3 asked "asks for something else"
ask "/O=Shinjuku/CN=131041\\/registry" 'basicConstraints = critical,CA:TRUE' \
	"$usage"
refused 3 asked "asks for something else"
ask "/O=Shinjuku/CN=131041\\/registry" "$constraints" \
	'keyUsage = critical,digitalSignature,keyCertSign'
refused 3 asked "asks for something else"
openssl genrsa -out rsa.pem 2048 2>err
cp key.pem p256.pem
cp rsa.pem key.pem
ask "/O=Shinjuku/CN=131041\\/registry" "$constraints" "$usage"
refused 4 asked "is not on P-256"
cp p256.pem key.pem
# A request exactly as ours is taken: the digest alone tells whose it is.
ask "/O=Shinjuku/CN=131041\\/registry" "$constraints" "$usage" "$extended" \
	"$names"
run 0 certificate sign authority asked
run 3 certificate sign authority asked --output none \
	--digest "$(digest requests)"
says "the file is another one than its maker speaks of"
if ! BANGO_BUG=no-such-bug "$bango" certificate sign authority asked >out \
	2>err; then
	cp -R authority robbed
	BANGO_BUG=request-unannounced "$bango" certificate sign robbed asked \
		--output stolen --digest "$(digest requests)" \
		--begin "$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%S.000Z)" \
		>out 2>err ||
		fail "not even the bug signs it"
	openssl verify -CAfile nation/ca/ca.pem stolen >out 2>err ||
		fail "nothing was stolen"
fi
# The key of another system, and a key for TLS that would sign.
cp nation/directory.json directory.json
[ "$(listed authority jlis/jukinet '.fingerprints | length')" = 2 ] || fail
jq "(.systems[] | select(.id == \"jlis/jukinet\") | .fingerprints) +=
	[\"$(openssl pkey -in key.pem -pubout -outform DER | digest -)\"]" \
	authority.json >authority/directory.json
cp authority/directory.json authority.json
refused 3 asked "is a key of jlis/jukinet already"
cp directory.json authority/directory.json
cp directory.json authority.json
# Without the authority's key it shows what is asked for, and signs nothing.
mv authority/ca/ca.keys aside
run 0 certificate sign authority requests
refused 3 requests "the authority's key is not at hand"
mv aside authority/ca/ca.keys
echo wrong >wrong
run 4 certificate sign authority requests --output none --passphrase-file wrong \
	--digest "$(digest requests)"
says "authority/ca/ca.keys: the passphrase is wrong"
run 2 certificate sign authority requests --output none
says "--digest and --output belong together"
run 2 certificate sign authority requests --begin tomorrow
says "expected an instant such as"
run 2 certificate sign authority requests --begin 2020-01-01T00:00:00.000Z
says "not within the next 30 days"
run 2 certificate sign authority requests --output requests \
	--digest "$(digest requests)"
run 3 certificate sign nowhere requests
run 2 certificate request nation
run 3 certificate request nation nobody --output none
says "nobody is neither an organisation nor a system"
run 4 certificate request nation --anew --output none --passphrase-file wrong

# --- What is not installed ------------------------------------------------------------

# kept CODE FILE TEXT: the nation says so, and nothing has changed.
kept() {
	run "$1" certificate install nation "$2"
	says "$3"
	cmp -s before.json nation/directory.json ||
		fail "the directory has changed"
	cmp -s before.pem nation/systems/131041-registry/cert.pem ||
		fail "the certificates have changed"
}

cp nation/directory.json before.json
cp nation/systems/131041-registry/cert.pem before.pem
sign requests certificates
kept 2 empty "is not certificates in PEM, and nothing else"
kept 2 requests "is not certificates in PEM, and nothing else"
cat certificates text >longer
kept 2 longer "is not certificates in PEM, and nothing else"
cat text certificates >longer
kept 2 longer "block 1 is no certificate as"
blocks certificates
cat block.1 block.1 >twice
kept 3 twice "two certificates of 131041/registry for one use"
kept 4 nation/ca/ca.pem "was not issued to a system by this nation's authority"
kept 3 nation/operators/131041/cert.pem "is no system of the nation"
"$bango" init foreign --from nation.ini >out 2>err || fail "init"
kept 4 foreign/systems/131041-registry/cert.pem \
	"was not issued to a system by this nation's authority"
if [ -e stolen ]; then
	kept 4 stolen "does not hold the key of its certificate"
fi
# One that does not fit, and none of the others is taken.
cat block.1 foreign/systems/131041-registry/cert.pem >mixed
kept 4 mixed "certificate 2 was not issued"
run 4 certificate install nation certificates --passphrase-file wrong
cmp -s before.json nation/directory.json || fail "the directory has changed"
# Revoked on the way.
run 0 revoke authority $registry
cp authority/ca/ca.crl authority/ca/revoked.json nation/ca
kept 3 certificates "is revoked"
refused_after=$(digest authority/directory.json)
run 3 certificate sign authority requests --output none \
	--digest "$(digest requests)"
says "is revoked; bring directory.json and ca/ from here"
[ "$(digest authority/directory.json)" = "$refused_after" ] || fail "changed"
# The way on: what the authority knows, and new keys.
cp authority/directory.json nation
run 0 certificate request nation $registry --anew --output requests
sign requests certificates
run 0 certificate install nation certificates
[ "$(jq -S . nation/directory.json)" = "$(jq -S . authority/directory.json)" ] ||
	fail "the directories differ"
[ "$(grep -c BEGIN nation/systems/131041-registry/cert.pem)" = 1 ] ||
	fail "a revoked certificate stays"
rm -rf nation authority

# --- Systems that have ended, and a fifth key -------------------------------------------

"$bango" init nation --from nation.ini >out 2>err || fail "init"
elsewhere
for n in 2 3 4; do
	run 0 certificate request nation $registry --anew --output requests
	[ $n = 2 ] || refused 3 requests "begins before the newest one that it has"
	run 0 certificate request nation $registry --anew --output requests
	sign requests certificates --begin "$(in_days $n)"
	run 0 certificate install nation certificates
	cp authority/directory.json authority.json
	[ "$(grep -c 'BEGIN' nation/systems/131041-registry/cert.pem)" = $n ] ||
		fail "not $n certificates"
done
run 0 certificate request nation $registry --anew --output requests
cp authority/directory.json authority.json
refused 2 requests "has 4 keys for TLS that have not ended" \
	--begin "$(in_days 5)"
run 0 revoke authority $registry --reason ended
cp authority/directory.json authority.json
refused 3 requests "is revoked as \`ended\`" --begin "$(in_days 5)"
