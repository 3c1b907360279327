#!/bin/sh
# foreign_http.sh BUILD-FOLDER
#
# Foreign judges of the server: `curl` and `openssl s_client` are served when
# they show a certificate of the nation over TLS 1.3, and refused otherwise,
# for the reason that the server's log gives.  Pages, forms, cookies and files
# of a small system pass through curl as through a browser.
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
# start must|may|pages: the probe says its ports once it listens.
mkfifo port
start() {
	"$probe" "$home" "$1" >port &
	pid=$!
	read -r port people public <port || fail "the probe died"
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

# --- Clients that are let in --------------------------------------------------

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

# --- Bodies -------------------------------------------------------------------

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

# --- Pages -------------------------------------------------------------------

start pages
page=https://localhost:$people
plain=http://localhost:$public
# of STATUS CURL-ARGUMENTS...: head in "head.txt", body in "answer".
of() {
	want=$1
	shift
	: >answer
	got=$(anybody -D head.txt -o answer -w '%{http_code}' "$@")
	[ "$got" = "$want" ] || fail "curl $*: $got instead of $want"
}
# has LINE: in the head, whole.
has() {
	tr -d '\r' <head.txt | grep -qxF -- "$1" ||
		fail "the head lacks: $1; it is: $(cat head.txt)"
}
of 200 "$page/page"
has 'Content-Type: text/html; charset=utf-8'
has 'Cache-Control: no-cache'
has 'ETag: "v1"'
claim "a person gets a page without a certificate"
of 304 -H 'If-None-Match: "v1"' "$page/page"
[ ! -s answer ] || fail "304 with a body"
claim "who has it already gets 304"
openssl s_client -connect "localhost:$people" -CAfile ca.pem -tls1_3 \
	</dev/null >session 2>/dev/null || fail "openssl s_client"
grep -q 'No client certificate CA names sent' session ||
	fail "people are asked for a certificate"
claim "openssl is asked for no certificate"
if anybody --tls-max 1.2 "$page/page" >answer 2>&1; then
	fail "TLS 1.2 at the people's door"
fi
claim "and gets no TLS 1.2"
of 200 -I "$page/page"
has "Content-Length: $(anybody "$page/page" | wc -c)"
same "$(anybody -I -o answer -w '%{num_connects} ' "$page/page" \
	-o answer "$page/page")" "1 0 " \
	"HEAD says the length, and the connection stands"
of 405 -X DELETE "$page/page"
has 'Allow: GET, HEAD'
of 405 "$page/form"
has 'Allow: POST'
claim "another method is 405, with those that are allowed"
of 404 "$page/notes"
of 404 "$page/status"
same "$(as good -o answer -w '%{http_code}' -X POST "$url/notes")" 403 \
	"what stands at the peers' door is not found at the people's"

of 200 --data-urlencode 'name=山田 & 花子' --data 'a=1&a=2' "$page/form"
printf 'name 15\na 1\na 1\n' | cmp -s - answer || fail "form: $(cat answer)"
claim "curl posts a form"
of 400 --data 'a=%4' "$page/form"
grep -q 'field 1 of the form' answer || fail "no place: $(cat answer)"
claim "a malformed one is refused by its place"
head -c 300000 large >part
of 200 -F 'name=山田' -F "file=@part;filename=住民 \"1\".csv;type=text/csv" \
	-F 'none=;type=text/plain' "$page/form"
printf 'name 6\nfile 300000 住民 %%221%%22.csv\nnone 0\n' | cmp -s - answer ||
	fail "multipart: $(cat answer)"
claim "curl uploads a file"
of 413 -F "file=@large" "$page/form"
same "$(anybody -o answer -w '%{http_code} %{size_upload}' \
	-H 'Expect: 100-continue' --data-binary @large "$page/form")" "413 0" \
	"a body larger than its route takes is refused before it is sent"
grep -q 'the body is larger than allowed' answer || fail "$(cat answer)"
same "$(as good -o answer -w '%{http_code} %{size_upload}' -X POST \
	-H 'Expect: 100-continue' --data-binary @part "$url/notes")" "403 0" \
	"a body of a caller without the right is refused before it is sent"

of 303 -c jar -X POST "$page/sign-in"
has 'Location: /who'
has 'Set-Cookie: __Host-sample=secret; Path=/; Secure; HttpOnly; SameSite=Strict'
claim "signing in sets a cookie and sends on"
of 401 "$page/who"
has "WWW-Authenticate: Bearer"
of 200 -b jar "$page/who"
same "$(anybody -L -c jar2 -b jar2 --data '' "$page/sign-in")" you \
	"curl follows with the cookie"
of 400 -H 'Cookie: a=1' -H 'Cookie: a=2' "$page/who"
claim "a second Cookie field is refused"

anybody "$page/file" | cmp - large || fail "a file over TLS"
curl -sS "$plain/file" | cmp - large || fail "a file"
of 200 -I "$page/file"
has "Content-Length: $(wc -c <large)"
claim "a file of 2 MB is sent over TLS and plainly"
of 404 -H 'Host: example.com' "$plain/page"
of 200 "$plain/page"
of 200 "$plain/health"
claim "the public door shows people's pages to this machine alone"
if curl -sS "http://localhost:$people/page" >answer 2>&1; then
	fail "the people's door speaks plainly"
fi
claim "the people's door does not speak plainly"
stop

echo "1..$n"
