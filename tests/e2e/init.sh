#!/bin/sh
# init.sh BUILD: `bango init` founds a nation whole or not at all.
set -eu
. "$(dirname "$0")/../support/script.sh"
mkdir world
cd world

# run STATUS ARGUMENT...
run() {
	status=$1 got=0
	shift
	"$bango" "$@" >../out 2>../err || got=$?
	[ "$got" = "$status" ] ||
		fail "bango $*: status $got instead of $status: $(cat ../err)"
}

says() {
	grep -qF -- "$1" ../err || fail "it does not say: $1"
}

# --- A nation ----------------------------------------------------------------

run 0 init nation
[ "$(echo nation*)" = nation ] || fail "more was left than the nation"
run 0 init --print
cmp -s ../out nation/nation.ini || fail "--print: another founding file"
systems="jlis-jukinet digital-network digital-portal
	012041-registry 012041-addressee 012041-relay 012041-offices
	131041-registry 131041-addressee 131041-relay 131041-offices
	nenkin-addressee nenkin-relay nenkin-offices"
for system in $systems; do
	home=nation/systems/$system
	[ "$(stat -c %a "$home/keys")" = 600 ] || fail "$home/keys is open"
	openssl verify -x509_strict -CAfile nation/ca/ca.pem \
		-CRLfile nation/ca/ca.crl -crl_check \
		"$home/cert.pem" >../out 2>../err || fail "openssl refuses $system"
	id=$(echo "$system" | sed 's|-|/|')
	grep -q "\"id\":\"$id\"" nation/directory.json ||
		fail "the directory lacks $id"
	! grep -q "PRIVATE KEY" "$home/cert.pem" || fail "$system: a key"
done
[ "$(find nation/systems -mindepth 1 -maxdepth 1 | wc -l)" = \
	"$(echo "$systems" | wc -w)" ] || fail "there are other systems"
for file in ca/passphrase ca/ca.keys systems/131041-relay/passphrase operators/131041/key.pem \
	operators/131041/relay-operator/key.pem; do
	[ "$(stat -c %a nation/$file)" = 600 ] || fail "$file is open"
done
find nation -type d ! -perm 700 | grep . && fail "a folder is open"
find nation -type f -perm /022 | grep . && fail "others may write a file"
openssl verify -CAfile nation/ca/ca.pem nation/operators/131041/cert.pem >../out 2>../err ||
	fail "openssl refuses the operator"
openssl x509 -in nation/operators/131041/cert.pem -pubkey -noout >../public
openssl pkey -in nation/operators/131041/key.pem -pubout | cmp -s - ../public ||
	fail "the operator's key is another's"
for file in nation/ca/passphrase nation/systems/*/passphrase; do
	[ "$(grep -rlF -e "$(cat "$file")" nation)" = "$file" ] ||
		fail "the passphrase $file stands in a second place"
done

# --- Another nation has other keys -------------------------------------------

run 0 init other
cmp -s nation/ca/passphrase other/ca/passphrase && fail "the same passphrase"
if openssl verify -CAfile other/ca/ca.pem nation/operators/131041/cert.pem \
	>../out 2>../err; then
	fail "one nation trusts another"
fi

# --- Refusals -----------------------------------------------------------------

# All that is in the folder, by content.
snapshot() {
	find . -exec sha256sum {} + 2>/dev/null | sort
	find . | sort
}
snapshot >../before
unchanged() {
	snapshot | cmp -s - ../before || fail "$1: something was left behind"
}

run 3 init nation
says "nation exists already; give another folder"
unchanged "a second founding"
run 3 init missing/nation
says "cannot make the folder missing/nation"
run 2 init
run 2 init a b
says "b is one operand too many: expected the operand DIR"
run 2 init ''
says "the operand DIR is empty"
run 2 init --print nation
says "--print stands alone"
run 2 init --print --from missing.ini
run 3 init x --from missing.ini
says "cannot open missing.ini"
unchanged "a missing file"

# refused TEXT: the founding file is standard input.
number=0
refused() {
	number=$((number + 1))
	cat >../bad$number.ini
	run 2 init new --from ../bad$number.ini
	says "bango init: ../bad$number.ini$1"
	[ "$(wc -l <../err)" = 1 ] || fail "bad$number.ini: more than one line"
	[ ! -e new ] || fail "bad$number.ini: a nation was founded"
	unchanged bad$number.ini
}
one="[organisation 131041]
kind = municipality
name = 新宿区
systems = registry relay"
digital="[organisation digital]
kind = digital-agency
name = デジタル庁
systems = network"

refused " names no system; give an organisation a line" </dev/null
refused ", line 2: neither a section nor" <<END
[nation]
this is no setting
END
refused ", line 2: neither a section nor" <<END
[nation]
[organisation 131041
kind = municipality
colour = red
END
for port in 0 65536 x -1 ''; do
	refused ", line 2: [nation] port: expected a port from 1 to 65535" <<END
[nation]
port = $port
$one
END
done
refused ", line 2: [nation] colour: not known; known are name, host" <<END
[nation]
colour = red
END
refused ", line 2: [nation] database: expected sqlite or postgresql:" <<END
[nation]
database = oracle
END
refused ", line 2: [nation] name: byte 1 belongs to no character" <<END
[nation]
name = $(printf '\220\126')
END
refused ", line 2: [nation] name: character 2 is U+202E, a format" <<END
[nation]
name = N$(printf '\342\200\256')
END
refused ", line 2: [nation] ?[2Jname: character 1 is U+001B, a control" <<END
[nation]
$(printf '\033[2Jname') = N
END
refused ", line 3: [organisation 131041] name: expected 1 to 64" <<END
$(echo "$one" | sed 's/^name.*/name = 　/')
END
refused ", line 1: [weather] section: not known; sections are" <<END
[weather]
rain = no
END
refused ", line 4: [organisation 131041] systems: \"relais\" is not a system; expected " <<END
$(echo "$one" | sed 's/relay/relais/')
END
refused ", line 4: [organisation 131041] systems: names registry twice" <<END
$(echo "$one" | sed 's/relay/registry/')
END
refused ", line 1: [organisation 131041] kind: is missing" <<END
$(echo "$one" | sed '/^kind/d')
END
refused ", line 1: [organisation 131041] name: is missing" <<END
$(echo "$one" | sed '/^name/d')
END
refused ", line 5: [organisation 131041] colour: not known; known are kind" <<END
$one
colour = red
END
for kind in town a-municipality-of-which-one-cannot-say-enough ''; do
	refused ", line 2: [organisation 131041] kind: \"$kind\" is no kind of" <<END
[organisation 131041]
kind = $kind
END
	says "known are municipality,"
	says "data/capacities.tsv"
done
for id in 13120 131203 012042 999999 997994 1; do
	refused ", line 1: [organisation $id] ID: not the code of a local" <<END
$(echo "$one" | sed "s/131041/$id/")
END
done
for id in '' "131041/x" "新宿" "MUNICIPALITY" "a-name-of-many-letters"; do
	refused ", line 1: [organisation $id] ID: expected 1 to 15 of" <<END
[organisation $id]
kind = municipality
END
done
refused ", line 5: [system 131041/offices] ID: no organisation runs this system" <<END
$one
[system 131041/offices]
port = 8000
END
refused ", line 6: [system 131041/relay] port: expected a port from 1 to 65535" <<END
$one
[system 131041/relay]
port = 80000
END
refused ", line 6: [system 131041/relay] port: gives 131041/relay the port 7300, which 131041/registry has" <<END
$one
[system 131041/relay]
port = 7300
END
refused ", line 6: [system 131041/relay] people_port: this system has no such door" <<END
$one
[system 131041/relay]
people_port = 7400
END
refused ", line 2: [nation] people_port: gives digital/portal the port 7300, which digital/network has" <<END
[nation]
people_port = 7300
[organisation digital]
kind = digital-agency
name = デジタル庁
systems = network portal
END
refused ", line 2: [nation] public_port: no system of this nation has such a door" <<END
[nation]
public_port = 7400
$one
END
refused ", line 2: [nation] port: 131041/relay would get the port 65536, and the last port is 65535" <<END
[nation]
port = 65535
$one
END
refused ", line 4: [organisation b] systems: a nation has one jukinet" <<END
[organisation a]
systems = jukinet
[organisation b]
systems = jukinet
END
refused ", line 3: [nation] port stands in line 2 already" <<END
[nation]
port = 7000
port = 7100
$one
END
refused ", line 6: [nation] stands in line 1 already" <<END
[nation]
$one
[nation]
port = 7100
END
refused ", line 5: [organisation 131041] stands in line 1 already" <<END
$one
[organisation 131041]
systems = offices
END
refused ", line 2: [nation] name: expected 1 to 64 characters" <<END
[nation]
name =
$one
END
refused ", line 2: [nation] name: expected 1 to 64 characters" <<END
[nation]
name = $(head -c 65 /dev/zero | tr '\0' x)
$one
END
for host in '' 'a b' 127.0.0.1/8 300.1.1.1 127.0.0.1:80 '[::1]'; do
	refused ", line 2: [nation] host: \"$host\" is not a host; expected an IP" <<END
[nation]
host = $host
$one
END
	refused ", line 6: [system 131041/registry] host: \"$host\" is not a host" <<END
$one
[system 131041/registry]
host = $host
END
done
refused ", line 6: [system 131041/relay] colour: not known; known are host, port, outbox_mib, witness" <<END
$one
[system 131041/relay]
colour = red
END
refused ", line 6: [system digital/network] assessments.x: not known; known are host, port, assessment.ORGANISATION, commission, outbox_mib, witness" <<END
$digital
[system digital/network]
assessments.x = filed
END
for witness in nobody 131041/registries 131041/relay; do
	refused ", line 6: [system 131041/relay] witness: expected another" <<END
$one
[system 131041/relay]
witness = $witness
END
done
refused ", line 1: [organisation shinjuku] ID: a municipality has" <<END
$(echo "$one" | sed 's/131041/shinjuku/')
END
refused ", line 1: ends with CR alone; save the file with" <<END
$(echo "$one" | tr '\n' '\r')
END
iconv -t UTF-16 >../utf16.ini <<END
$one
END
refused ", line 1: is UTF-16; save the file as UTF-8" <../utf16.ini
iconv -t UTF-16LE >../utf16.ini <<END
$one
END
refused ", line 1: has a NUL byte, as UTF-16 has" <../utf16.ini
refused ", line 2: longer than 198 bytes" <<END
[nation]
name = $(head -c 300 /dev/zero | tr '\0' x)
END
for line in "assessment.digital = filled" "assessment.nobody = filed" \
	"commission =" "commission = tanaka"; do
	refused ", line 6: [system digital/network] ${line%% =*}: \"" <<END
$digital
[system digital/network]
$line
END
done
refused ", line 6: [system 131041/offices] pension_provider: \"nobody\" is not an organisation" <<END
$(echo "$one" | sed 's/relay/offices/')
[system 131041/offices]
pension_provider = nobody
END

# --- A founding file of one's own --------------------------------------------

printf '%s\r\n' "[nation]" "name = 村 ; a comment" "port = 9000" "" \
	"; a comment" "[organisation 131041]" "kind = municipality" \
	"  name = 新宿区" "systems = registry   relay offices" \
	"[system 131041/relay]" "port = 9100" "host = localhost" >../good.ini
run 0 init new --from ../good.ini
says "note: ../good.ini, line 9: [organisation 131041] systems: the offices can"
cmp -s ../good.ini new/nation.ini || fail "another founding file was kept"
grep -q '"url":"https://localhost:9100"' new/directory.json ||
	fail "the relay's address is not obeyed"
grep -q '"url":"https://127.0.0.1:9000"' new/directory.json ||
	fail "the registry's address is not obeyed"
openssl x509 -in new/ca/ca.pem -noout -subject -nameopt utf8 >../out
grep -q "村" ../out || fail "the authority has another name"
grep -q "comment" ../out && fail "a comment is part of the name"
rm -r new

# A pipe can be read once; a slash after the folder means the same folder.
cat ../good.ini | run 0 init new// --from /dev/stdin
cmp -s ../good.ini new/nation.ini || fail "a pipe is not read to its end"
rm -r new

# The residents of the demo are for no other nation.
run 3 demo nation --once
says "nation exists; the demo founds a nation of its own"
[ ! -e nation/residents-131041.csv ] || fail "the demo used another nation"

# A disk that fills up, where mounting one is possible.
mkdir small
if mount -t tmpfs -o size=64k none small 2>../err; then
	got=0
	"$bango" init small/nation >../out 2>../err || got=$?
	left=$(ls small)
	umount small
	[ "$got" = 3 ] || fail "a full disk gives status $got"
	grep -q "No space left" ../err || fail "a full disk is not told"
	[ -z "$left" ] || fail "a full disk keeps $left"
fi

echo "init: ok"
