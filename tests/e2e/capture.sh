#!/bin/sh
# capture.sh BUILD: nobody between two relays sees what is provided, nor does the
# addressee by which it was asked, and nobody but those who number sees a number:
# in every packet of a live nation, in what TLS hides in them, and in the files of
# those in between.  Status 77: packets cannot be captured here.
#
# A text that may not be found in one place is found by the same search in
# another, where it may be.
set -eu
. "$(dirname "$0")/../support/script.sh"
library=$build/tests/e2e/key_log.so
demo='' capture=''

finish() {
	kill $demo $capture
	wait
}
mkdir keys secrets streams

# until_said TEXT FILE PROCESS
until_said() {
	tries=0
	until grep -qsF -- "$1" "$2"; do
		kill -0 "$3" 2>/dev/null || return 1
		tries=$((tries + 1))
		[ "$tries" -lt 6000 ] || fail "$2 does not say: $1"
		sleep 0.1
	done
}

for tool in curl jq nm sqlite3 tcpdump tshark; do
	command -v $tool >/dev/null || fail "install the package $tool"
done

# --- Forms ---------------------------------------------------------------------

# base64_after N: of standard input, were N bytes before it: the digits that
# depend on nothing else.
base64_after() {
	{ printf '%*s' "$1" '' && cat; } | base64 -w 0 |
		sed "s/^.\{$(($1 + ($1 + 1) / 2))\}//; s/.=*\$//"
	echo
}

hex() {
	od -An -v -tx1 | tr -d ' \n'
	echo
}

# forms NAME: secrets/NAME has each line of standard input in the forms in which
# it could stand somewhere, a line for each.
forms() {
	while read -r text; do
		printf %s "$text" >text
		cat text && echo
		iconv -t CP932 text && echo
		for n in 0 1 2; do
			base64_after $n <text | sed 'p; y|+/|-_|'
		done
		{
			hex <text
			hex <text | sed 's/../%&/g'
			iconv -t UTF-16BE text | hex | sed 's/..../\\u&/g'
		} | sed 'p; y/abcdef/ABCDEF/'
	done | sort -u >"secrets/$1"
	! LC_ALL=C grep -qx '.\{0,7\}' "secrets/$1" ||
		fail "a form of the $1 fits everything"
}

# found NAME FILE...: which files have something of secrets/NAME goes to out.
found() {
	name=$1 got=0
	shift
	LC_ALL=C grep -aFlr -f "secrets/$name" -- "$@" >out || got=$?
	[ $got -le 1 ] || fail "the $name cannot be looked for in $*"
	return $got
}

never() {
	! found "$@" || fail "there is something of the $1 in these"
}

known() {
	found "$@" || fail "the search finds nothing of the $1"
}

# As others write it.
sample=秘匿情報
echo $sample | forms sample
printf '"%s"' $sample >text
for form in cat "iconv -t CP932" "jq -a ." "jq -r @uri" "basenc --base16" \
	base64 "basenc --base64url"; do
	$form text >coded
	known sample coded
	{ echo && cat text; } | $form >coded
	known sample coded
done
printf ~~%s~~ $sample | base64 >coded
known sample coded
echo 機密情報 | base64 >coded
never sample coded

# --- A nation, heard and told on -----------------------------------------------

port=$(free_port 28) || fail "no free ports"
tcpdump -i lo -n -U --immediate-mode -B 65536 -w - \
	"tcp portrange $port-$((port + 15))" >packets 2>capture.log &
capture=$!
until_said 'listening on' capture.log $capture || {
	grep -qi 'permi' capture.log || fail "tcpdump ends"
	capture=
	echo "skipped: packets cannot be captured: $(cat capture.log)"
	exit 77
}
# The program itself tells nobody, whatever stands in the environment.
! nm -D "$bango" | grep -i keylog >out || fail "it can give its keys away"
SSLKEYLOGFILE=$dir/told KEY_LOGS=$dir/keys LD_PRELOAD=$library \
	ASAN_OPTIONS=verify_asan_link_order=0 \
	"$bango" demo nation --residents 20 --port "$port" >demo.log 2>&1 &
demo=$!
until_said 'goes on serving' demo.log $demo || fail "the demo ended"
[ ! -e told ] || fail "it gives its keys away"

# --- Contents that occur nowhere else, provided ----------------------------------

call() {
	system=$1 path=$2
	shift 2
	url=$(jq -r --arg id "$system" \
		'.systems[] | select(.id == $id) | .url' nation/directory.json)
	curl -sS --fail --cacert nation/ca/ca.pem --cert "nation/operators/${system%/*}/cert.pem" \
		--key "nation/operators/${system%/*}/key.pem" -H 'Content-Type: application/json' \
		"$url$path" "$@" >out || fail "$system$path $*"
}

inquiry=00000000000000000000000000000001
note=秘匿すべき所得の内訳
father=$(grep -o 'residents/[0-9]*' demo.log | head -n 1 | sed 's|.*/||')
call 012041/offices /replicas -d '{"item": "local-tax", "version": "2026",
	"change": "correct", "items": [["9000000001", {"income": 918273645,
	"note": "'$note'"}]]}'
tries=0
until [ "$(jq .contents.income out)" = 918273645 ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || fail "the contents do not come"
	inquiry=$(printf '%032x' "$tries")
	call 131041/offices /inquiries -d '{"inquiry": "'"$inquiry"'",
		"business_number": "'"$father"'", "affair": "106",
		"item": "local-tax", "provider": "012041", "unit": "u"}'
	call 131041/offices "/inquiries/$inquiry?wait=20"
done
# A word in the clear: once it is there, so is all that came before it.
curl -s "http://127.0.0.1:$port" -d $sample >out || true
until_said $sample packets "$capture" || fail "tcpdump ends"
cp -r nation/systems live
kill -INT "$demo"
wait "$demo" || fail "the demo ends with an error"
demo=
kill -INT "$capture"
wait "$capture" || fail "tcpdump ends with an error"
capture=
grep -q '^0 packets dropped' capture.log || fail "packets were dropped"

# --- Texts to be found --------------------------------------------------------

query() {
	sqlite3 -batch "nation/systems/$1/data.sqlite" "$2"
}

# Contents of the father's new replica, and of those of the demo.
printf '%s\n' $note 918273645 municipal_tax months_insured | forms contents
echo "$inquiry" | forms exchange
{ query 012041-registry 'SELECT number FROM assignment' &&
	query 131041-registry 'SELECT number FROM assignment'; } |
	sort -u | forms numbers
{ query digital-portal 'SELECT lower(hex(code)) FROM resident' &&
	for organisation in 012041 131041 nenkin; do
		query $organisation-relay 'SELECT lower(hex(code)) FROM linkage'
	done; } >codes
[ "$(wc -l <codes)" -ge 44 ] || fail "not everybody has linkage codes"
[ -z "$(sort codes | uniq -d)" ] || fail "two linkage codes are one"
forms codes <codes

# --- Texts that TLS hides -----------------------------------------------------

# decrypt NAME: what passed in the connections whose secrets are in NAME.keys;
# streams/NAME has two files for each, one for what either side said.
decrypt() {
	mkdir "streams/$1"
	# A word each: the splitting is meant.
	# shellcheck disable=SC2046
	tshark -n -r packets -d "tcp.port==$port-$((port + 19)),tls" \
		-o "tls.keylog_file:$1.keys" -q \
		$(seq -f '-z follow,tls,raw,%g' 0 $((connections - 1))) \
		2>tshark.log | folder=streams/$1 perl -ne '
		$stream = $1 if /^Filter: tcp.stream eq (\d+)/;
		next unless /^(\t?)([0-9a-f]+)$/;
		open my $f, ">>", "$ENV{folder}/$stream." . ($1 ? 1 : 0) or die;
		print $f pack("H*", $2) or die;'
	[ "$(find "streams/$1" -name '*.0' | wc -l)" = \
		"$(grep -c ^CLIENT_TRAFFIC_SECRET_0 "$1.keys")" ] ||
		fail "not all connections of $1 could be decrypted"
}

connections=$(($(tshark -n -r packets -T fields -e tcp.stream 2>tshark.log |
	sort -n | tail -n 1) + 1))
# With the network; between organisations, but not with it; from the relay of one
# to its offices; and all of the addressee, which knows the numbers.
sort keys/digital-network >network.keys
for organisation in 012041 131041 nenkin jlis digital; do
	sort -u keys/$organisation-*
done | sort | uniq -d | comm -23 - network.keys >past.keys
sort keys/131041-relay keys/131041-offices | uniq -d >within.keys
sort keys/131041-addressee >addressee.keys
for part in network past within addressee; do
	decrypt $part
done

# --- The search --------------------------------------------------------------------

known sample packets
never contents packets streams/network streams/past streams/addressee
known contents streams/within
known exchange streams/network
never exchange streams/past # each side has an id of its own
known exchange streams/addressee

never numbers packets streams/network streams/within
known numbers streams/past # to and from J-LIS
known numbers streams/addressee

never codes packets streams/past streams/within streams/addressee
known codes streams/network

for system in digital-network digital-portal jlis-jukinet 012041-registry \
	131041-addressee; do
	query $system .dump >nation/systems/$system/dump
done
never contents live/digital-* live/jlis-* live/131041-addressee \
	nation/systems/digital-* nation/systems/jlis-* \
	nation/systems/131041-addressee
known contents live/012041-relay
known contents nation/systems/131041-offices
never numbers live/digital-* nation/systems/digital-*
known numbers nation/systems/012041-registry
known numbers nation/systems/131041-addressee

echo "$(find streams/network -type f | wc -l) streams of the network, " \
	"$connections connections, $(stat -c %s packets) bytes: nothing"
