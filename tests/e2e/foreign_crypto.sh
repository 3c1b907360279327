#!/bin/sh
# foreign_crypto.sh BUILD-FOLDER
#
# Foreign judges: `jose` (latchset) verifies what we sign and opens what we
# seal, and we verify and open what it made; `openssl` accepts our
# certificates and our CRL, and refuses who is revoked.  Each acceptance is
# followed by the refusal of something altered, so that a judge who says yes
# to everything fails.
set -eu

probe=$1/tests/e2e/crypto_probe
for tool in jose openssl; do
	if ! command -v $tool >/dev/null; then
		echo "foreign_crypto: install the package $tool" >&2
		exit 1
	fi
done
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"

n=0
claim() {
	n=$((n + 1))
	echo "ok $n - $1"
}
fail() {
	echo "not ok - $1" >&2
	exit 1
}
same() {
	[ "$1" = "$2" ] || fail "$3: '$1' instead of '$2'"
	claim "$3"
}
refused() {
	what=$1
	shift
	if "$@" >/dev/null 2>&1; then
		fail "$what"
	fi
	claim "$what"
}

"$probe" make . </dev/null
payload='{"body":"個人番号"}'

# --- Signatures --------------------------------------------------------------

printf %s "$payload" | "$probe" sign sign.der >ours.jws
same "$(jose jws ver -i ours.jws -k sign.jwk -O-)" "$payload" \
	"jose verifies our signature"
kid=$(cut -d. -f1 ours.jws | jose b64 dec -i- | jose fmt -j- -Og kid -Su-)
same "$kid" "$(jose jwk thp -i sign.jwk)" \
	"jose computes the key id that we do"
sed 's/\.e/.f/' ours.jws >altered.jws
refused "jose refuses our signature once altered" \
	jose jws ver -i altered.jws -k sign.jwk -O-
jose jwk gen -i '{"kty":"EC","crv":"P-256"}' -o theirs.jwk
jose jwk pub -i theirs.jwk -o theirs.pub
refused "jose refuses our signature under another key" \
	jose jws ver -i ours.jws -k theirs.pub -O-

kid=$(jose jwk thp -i theirs.jwk)
# sign_as ALGORITHM TYPE KEY-ID KEY
sign_as() {
	printf %s "$payload" | jose jws sig -I- -c -k "$4" -s \
		"{\"protected\":{\"alg\":\"$1\",\"typ\":\"$2\",\"kid\":\"$3\"}}"
}
verify() {
	"$probe" verify theirs.pub <"$1"
}
sign_as ES256 bango-waybill "$kid" theirs.jwk >theirs.jws
same "$(verify theirs.jws)" "$payload" "we verify the signature of jose"
sign_as ES256 bango-receipt "$kid" theirs.jwk >type.jws
refused "we refuse another type" verify type.jws
sign_as ES256 bango-waybill "$(jose jwk thp -i sign.jwk)" theirs.jwk >kid.jws
refused "we refuse another key's id" verify kid.jws
jose jwk gen -i '{"alg":"HS256"}' -o secret.jwk
sign_as HS256 bango-waybill "$kid" secret.jwk >hmac.jws
refused "we refuse HS256" verify hmac.jws

# --- Seals -------------------------------------------------------------------

printf %s "$payload" | "$probe" seal theirs.pub >ours.jwe
same "$(jose jwe dec -i ours.jwe -k theirs.jwk)" "$payload" \
	"jose opens our seal"
jose jwk gen -i '{"kty":"EC","crv":"P-256"}' -o other.jwk
refused "jose cannot open our seal with another key" \
	jose jwe dec -i ours.jwe -k other.jwk

# seal_as ALGORITHM ENCRYPTION
seal_as() {
	header="{\"alg\":\"$1\",\"enc\":\"$2\",\"kid\":\"$sealing\"}"
	printf %s "$payload" |
		jose jwe enc -I- -c -k seal.jwk -i "{\"protected\":$header}"
}
unseal() {
	"$probe" open seal.der <"$1"
}
sealing=$(jose jwk thp -i seal.jwk)
seal_as ECDH-ES A256GCM >theirs.jwe
same "$(unseal theirs.jwe)" "$payload" "we open the seal of jose"
seal_as ECDH-ES A128GCM >short.jwe
refused "we refuse A128GCM" unseal short.jwe
seal_as ECDH-ES+A256KW A256GCM >wrapped.jwe
refused "we refuse a wrapped key" unseal wrapped.jwe
refused "we refuse what was sealed for another" unseal ours.jwe

# --- Certificates ------------------------------------------------------------

day=1795300000 # 2026-11-21T22:26:40Z
check() {
	openssl verify -x509_strict -CAfile ca.pem -CRLfile ca.crl -crl_check \
		"$@"
}
check -attime $day -purpose sslserver good.pem >/dev/null
check -attime $day -purpose sslclient good.pem >/dev/null
claim "openssl accepts our certificate for both ends of TLS"
check -attime $day -verify_hostname localhost good.pem >/dev/null
check -attime $day -verify_ip 127.0.0.1 good.pem >/dev/null
claim "openssl finds the hosts in it"
refused "openssl refuses it for another host" \
	check -attime $day -verify_hostname example.org good.pem
refused "openssl refuses the revoked one" check -attime $day revoked.pem
check -attime $day revoked.pem 2>&1 | grep -q 'certificate revoked' ||
	fail "the reason is not the revocation"
refused "openssl refuses it before its time" \
	check -attime $((day - 86400)) good.pem
refused "openssl refuses it after its time" \
	check -attime $((day + 366 * 86400)) good.pem
refused "openssl refuses a list that is out of date" \
	check -attime $((day + 31 * 86400)) good.pem

openssl crl -in ca.crl -CAfile ca.pem -noout 2>&1 | grep -q 'verify OK' ||
	fail "openssl does not verify the CRL"
openssl crl -in ca.crl -text -noout >crl.txt
serial=$(openssl x509 -in revoked.pem -noout -serial | cut -d= -f2)
grep -q "Serial Number: $serial" crl.txt || fail "the serial is not listed"
grep -A1 'X509v3 CRL Number' crl.txt | grep -q '^ *1$' || fail "CRL number"
claim "openssl reads the CRL, its number and the serial on it"

openssl x509 -in good.pem -text -noout >good.txt
for line in 'Version: 3' 'CA:FALSE' 'Digital Signature' \
	'TLS Web Server Authentication, TLS Web Client Authentication' \
	'DNS:localhost, IP Address:127.0.0.1' \
	'X509v3 Subject Key Identifier' 'X509v3 Authority Key Identifier' \
	'O = 131041, CN = good' 'Not Before: Nov 21 08:00:00 2026 GMT' \
	'Not After : Nov 21 08:00:00 2027 GMT'; do
	grep -q "$line" good.txt || fail "good.pem does not say: $line"
done
openssl x509 -in ca.pem -text -noout | grep -q 'CA:TRUE, pathlen:0' ||
	fail "ca.pem is no authority"
claim "openssl reads the extensions in them"
same "$(openssl pkey -in good.key -pubout)" \
	"$(openssl x509 -in good.pem -pubkey -noout)" \
	"the key belongs to the certificate"
same "$(openssl pkey -inform DER -in sign.der -noout -check)" \
	"Key is valid" "openssl reads our private keys"

echo "1..$n"
