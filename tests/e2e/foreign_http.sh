#!/bin/sh
# foreign_http.sh BUILD-FOLDER
#
# Foreign judges of the server: `curl` and `openssl s_client` are served when
# they show a certificate of the nation over TLS 1.3, and refused otherwise,
# for the reason that the server's log gives.
set -eu

probe=$1/tests/e2e/http_probe
for tool in curl openssl; do
	if ! command -v $tool >/dev/null; then
		echo "foreign_http: install the package $tool" >&2
		exit 1
	fi
done
home=$(mktemp -d)
pid=
stop() {
	[ -z "$pid" ] || { kill "$pid" && wait "$pid"; }
	pid=
}
trap 'stop; rm -rf "$home"' EXIT
cd "$home"

n=0
claim() {
	n=$((n + 1))
	echo "ok $n - $1"
}
fail() {
	echo "not ok - $1" >&2
	cat refused >&2
	exit 1
}
same() {
	[ "$1" = "$2" ] || fail "$3: '$1' instead of '$2'"
	claim "$3"
}
# start must|may: the probe says its port once it listens.
mkfifo port
start() {
	"$probe" . "$1" >port &
	pid=$!
	read -r port <port || fail "the probe died"
	url=https://localhost:$port
}
# as NAME CURL-ARGUMENTS...: curl with the certificate of NAME.
as() {
	name=$1
	shift
	curl -sS --cacert ca.pem --cert "$name.pem" --key "$name.key" "$@"
}
anybody() {
	curl -sS --cacert ca.pem "$@"
}
# refused CLAIM REASON COMMAND...: it fails, and the log says why.
refused() {
	what=$1 why=$2
	shift 2
	: >refused
	if "$@" >answer 2>/dev/null </dev/null; then
		fail "$what: was served"
	fi
	tries=0
	until grep -q "$why" refused; do
		tries=$((tries + 1))
		[ $tries -lt 6000 ] || fail "$what: the log does not say: $why"
		sleep 0.05
	done
	claim "$what"
}
# status CLAIM STATUS CURL-ARGUMENTS...
status() {
	what=$1 want=$2
	shift 2
	same "$(as good -o answer -w '%{http_code}' "$@")" "$want" "$what"
}

start must

# --- Who may come ------------------------------------------------------------

same "$(as good "$url/hello")" /hello "curl is served with a certificate"
same "$(as good -o answer -w '%{http_version}' --http2 "$url/a")" 1.1 \
	"curl that offers HTTP/2 gets HTTP/1.1"
refused "TLS 1.2 is refused" 'unsupported protocol' \
	as good --tls-max 1.2 "$url/a"
refused "TLS 1.2 of openssl is refused" 'unsupported protocol' \
	openssl s_client -connect "${url#https://}" -tls1_2 \
	-cert good.pem -key good.key
refused "nobody is served without a certificate" \
	'peer did not return a certificate' anybody "$url/a"
refused "an expired certificate is refused" 'certificate has expired' \
	as expired "$url/a"
refused "a revoked certificate is refused" 'certificate revoked' \
	as revoked "$url/a"
refused "a certificate of another CA is refused" 'certificate verify failed' \
	as stranger "$url/a"
refused "HTTP without TLS is refused" 'http request' \
	curl -sS "http://${url#https://}/a"
if curl -sS --cert good.pem --key good.key "$url/a" >answer 2>&1; then
	fail "curl trusts our CA unasked"
fi
claim "curl does not trust the CA unless told to"
openssl s_client -connect "${url#https://}" -CAfile ca.pem -cert good.pem \
	-key good.key -verify_return_error -verify_hostname localhost \
	</dev/null >session 2>/dev/null || fail "openssl s_client"
grep -q 'Protocol *: TLSv1.3\|New, TLSv1.3' session || fail "not TLS 1.3"
grep -q 'Verify return code: 0 (ok)' session || fail "openssl: not verified"
! grep -q 'TLS session ticket:' session || fail "a session ticket was sent"
claim "openssl verifies the server, and gets no session ticket"

# --- What is said ------------------------------------------------------------

head -c 2000000 /dev/urandom >large
as good --data-binary @large "$url/echo" | cmp - large ||
	fail "2 MB with Expect: 100-continue"
claim "2 MB pass both ways, Expect: 100-continue included"
as good -H 'Transfer-Encoding: chunked' --data-binary @large "$url/echo" |
	cmp - large || fail "2 MB in chunks"
as good -T - "$url/echo" <large | cmp - large || fail "an upload of a pipe"
claim "chunked bodies pass"
same "$(as good -o answer -w '%{num_connects} ' "$url/a" -o answer "$url/b")" \
	"1 0 " "the second request goes over the first one's connection"
same "$(as good -Z $(seq -f "$url/%g" 1 40) 2>/dev/null | tr -d '\n' | wc -c)" \
	111 "forty at once are served"
status "HEAD is answered" 200 -I "$url/a"
status "an escaped path is decoded" 200 "$url/%E6%BC%A2%20x"
same "$(cat answer)" "/漢 x" "to its characters"
status "an undecodable path is refused" 400 "$url/%ff"
status "a path that climbs is refused" 400 --path-as-is "$url/a/../b"
head -c 20000 /dev/zero | tr '\0' a >long
status "a header of 20 kB is refused" 431 -H "X: $(cat long)" "$url/a"
head -c 17000000 /dev/zero >huge
status "a body of 17 MB is refused" 413 --data-binary @huge "$url/echo"
status "HTTP/1.0 is served" 200 -0 "$url/a"
stop

# --- A portal ----------------------------------------------------------------

start may
same "$(anybody "$url/who")" nobody "a portal serves who has no certificate"
same "$(as good "$url/who")" certificate "and knows who has one"
refused "but a revoked one is refused there too" 'certificate revoked' \
	as revoked "$url/who"
stop

echo "1..$n"
