#!/bin/sh
# evidence.sh BUILD: archives of a nation at work, judged by us and, with the
# commands of docs/evidence.md, by jose, openssl, jq and sha256sum; and what was
# altered, refused by both.
set -eu
. "$(dirname "$0")/../support/nation.sh"

for tool in curl jose jq openssl sqlite3; do
	command -v $tool >/dev/null || fail "install the package $tool"
done
# The script in the document.
awk '/^```sh$/ { getline line; if (line == "#!/bin/sh") { on = 1; print line; next } }
	/^```$/ { on = 0 } on' "$root/docs/evidence.md" >check.sh
grep -q '^echo "holds"$' check.sh || fail "docs/evidence.md has no script"

# --- Misuse --------------------------------------------------------------------

run 2 evidence
run 2 evidence weather
run 2 evidence export nation 131041/relay
run 2 evidence export nation weather 00000000000000000000000000000001
run 2 evidence export nation 131041/relay 1
run 2 evidence export nation 131041/relay 0000000000000000000000000000000A
run 2 evidence export nation 131041/relay 00000000000000000000000000000001 --wait long
run 2 evidence verify archive
run 2 evidence verify archive --anchor ca.pem --output out
run 3 evidence verify archive --anchor ca.pem
run 3 evidence export nation 131041/relay 00000000000000000000000000000001

# --- A nation at work --------------------------------------------------------------

demonstrate
cp nation/ca/ca.pem .

# ask INQUIRY ITEM: until it is answered.
ask() {
	call 131041/offices /inquiries -H 'Content-Type: application/json' -d \
		"{\"inquiry\": \"$1\", \"business_number\": \"$father\",
		\"affair\": \"106\", \"item\": \"$2\", \"provider\": \"012041\",
		\"unit\": \"児童手当係\"}"
	while call 131041/offices "/inquiries/$1?wait=60" &&
		grep -q '"state":"waiting"' out; do
		:
	done
}
provided=00000000000000000000000000000001
refused=00000000000000000000000000000002
ask $provided local-tax
says '"state":"received"' out
ask $refused pension
says '"state":"refused"' out

# --- Certificates -------------------------------------------------------------------

n=0
while [ "$n" -lt "$(jq '.systems | length' nation/directory.json)" ]; do
	jq -j ".systems[$n].certificates[0]" nation/directory.json >cert.pem
	openssl verify -x509_strict -CAfile ca.pem cert.pem >out 2>&1 ||
		fail "openssl refuses the certificate of a signing key"
	n=$((n + 1))
done
[ "$n" -gt 1 ] || fail "no system has one"

# --- Archives ----------------------------------------------------------------------

# both ARCHIVE: it holds for us and for the others.
both() {
	run 0 evidence verify "$1" --anchor ca.pem
	! grep -q '^NO' out || fail "$1 holds, and does not"
	sh check.sh "$1" ca.pem >theirs 2>err || fail "check.sh refuses $1"
	grep -qx holds theirs || fail "check.sh says nothing of $1"
}

run 3 evidence export nation 131041/relay 00000000000000000000000000000003
says "131041/relay keeps nothing of" err
run 0 evidence export nation 131041/relay $provided --output inquirer.json
[ "$(stat -c %a inquirer.json)" = 600 ] || fail "others can read an archive"
both inquirer.json
says '新宿区 (131041)の児童手当係は、令和' out
says '旭川市 (012041)が持つ情報を事務106のため照会した: 地方税 (local-tax)。' out
says 'under 番号法19条8号、令和6年命令第9号2条の表106の項.' out
says '旭川市 (012041) provided it at ' out
says '131041/relay accepted the answer at ' out

# The network alone knows both ids of an exchange: ask a copy of its database.
! jq -e 'any(.messages[].envelope | fromjson; .body | has("permit"))' \
	inquirer.json >out || fail "the inquirer learns the permit"
mkdir copy
cp nation/systems/digital-network/data.sqlite* copy/
permit=$(sqlite3 -batch copy/data.sqlite \
	"SELECT record FROM record WHERE inquiry = '$provided'")
run 0 evidence export nation 012041/relay "$permit" --output provider.json
both provider.json
says 'asked 旭川市 (012041) for affair 106' out
# The answer is one and the same, in both archives.
answer='.messages[].envelope | select(fromjson | .type == "answer.sealed")'
[ "$(jq "$answer" inquirer.json)" = "$(jq "$answer" provider.json)" ] ||
	fail "the archives have different answers"

# They show one exchange, and no other.
run 0 evidence verify inquirer.json provider.json --anchor ca.pem
says 'ok  one exchange' out
# Two of three witnesses have signed at least, and there are three.
run 0 evidence verify inquirer.json --anchor ca.pem --witnesses 2
sh check.sh inquirer.json ca.pem 2 >theirs 2>err ||
	fail "check.sh sees one witness"
! sh check.sh inquirer.json ca.pem 4 >theirs 2>err ||
	fail "check.sh counts too many witnesses"

run 0 evidence export nation 131041/relay $refused --output refused.json
run 1 evidence verify provider.json refused.json --anchor ca.pem
says 'NO  not one exchange: the archives are about different questions' out
both refused.json
says 'デジタル庁 (digital) refused it at ' out
says 'no-basis (番号法19条8号' out

# --- Alterations that both refuse ----------------------------------------------

# altered JQ-PROGRAM: of the inquirer's archive; of(TYPE) is a message of it.
altered() {
	jq 'def of($type): .messages[] |
		select(.envelope | fromjson | .type == $type);
	def request: of("inquiry.request");
	def permitted: of("inquiry.permitted");
	def sheet: of("question.sheet");
	def answer: of("answer.sealed"); '"$1" inquirer.json >altered.json
	! cmp -s altered.json inquirer.json || fail "nothing is altered: $1"
	echo "altered: $1" >altered.log
	run 1 evidence verify altered.json --anchor ca.pem
	says NO out
	! sh check.sh altered.json ca.pem >out 2>&1 || fail "check.sh takes $1"
	says 'DOES NOT HOLD' out
}
altered 'request.envelope |= sub("local-tax"; "local-tex")'
altered 'request.receipt |= sub("[.](?<a>.)"; ".\(if .a == "e" then "f" else "e" end)")'
altered 'answer.waybill = permitted.waybill'
altered 'permitted.proof.entry.at += 1'
altered 'permitted.proof.entry.actor = "012041/relay"'
altered 'permitted.proof.index += 1'
altered 'request.proof.inclusion |= .[1:]'
altered 'request.proof = permitted.proof'
altered '.messages[].proof.checkpoint |= (split("\n\n") |
	.[0] + "\n\n" + (.[1] | split("\n")[0]) + "\n")'
altered '.messages[].proof.checkpoint |= sub("\n(?<size>[0-9]+)\n"; "\n1\(.size)\n")'
altered '.certificates["digital/network"] = .certificates["012041/relay"]'
altered 'del(.certificates["digital/network"])'
altered '.holder = "012041/relay"'
altered '.exchange = "00000000000000000000000000000003"'
altered 'del(permitted)'
altered 'del(sheet)'
altered 'del(.case)'
altered '.case |= sub("opened"; "closed")'
altered 'request.envelope |= sub("\"blind\":\"."; "\"blind\":\"_")'
altered '.format = "bango-evidence-1"'

# One witness less leaves the others.
jq '.messages[].proof.checkpoint |= (split("\n")[:-2] | join("\n") + "\n")' \
	inquirer.json >fewer.json
run 0 evidence verify fewer.json --anchor ca.pem
sh check.sh fewer.json ca.pem >theirs 2>err || fail "check.sh wants all"
run 1 evidence verify fewer.json --anchor ca.pem --witnesses 3
says 'NO  other organisations that signed the ledger: ' out

# An authority of the same name is another one.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-subj "/CN=other" -keyout other.key -out other.pem 2>/dev/null
run 1 evidence verify inquirer.json --anchor other.pem
! sh check.sh inquirer.json other.pem >out 2>&1 || fail "any anchor will do"

# --- A new key: what was signed with the old one stays good -----------------------

mv nation/ca/ca.keys .
cp nation/directory.json before.json
"$bango" keys nation digital/network >before
run 3 keys nation digital/network --rotate sign
"$bango" keys nation digital/network | cmp -s - before ||
	fail "there is a new key without a certificate"
cmp -s nation/directory.json before.json || fail "the directory has changed"
mv ca.keys nation/ca/
run 0 keys nation digital/network --rotate sign
run 0 evidence export nation 131041/relay $provided --output again.json
[ "$(jq '.certificates["digital/network"] | length' again.json)" = 2 ] ||
	fail "the archive lacks the certificate of the new key, or the old"
both again.json

# --- A system that is revoked: its signing keys are on the list ------------------

run 0 revoke nation digital/portal
openssl crl -in nation/ca/ca.crl -noout -text >crl.txt
jq -j '.systems[] | select(.id == "digital/portal") | .certificates[0]' \
	nation/directory.json >cert.pem
grep -q "$(openssl x509 -in cert.pem -noout -serial | cut -d= -f2)" crl.txt ||
	fail "the certificate of its signing key is not revoked"
! openssl verify -CAfile ca.pem -crl_check -CRLfile nation/ca/ca.crl cert.pem \
	>out 2>&1 || fail "openssl takes what is revoked"
says revoked out
run 3 status nation
says "digital/portal     DOWN  digital/portal is revoked: its certificate is on the list nation/ca/ca.crl, and no system" out
run 3 ledger audit nation digital/portal
says "not checked: digital/portal is revoked" out

# --- A relay that does not run ----------------------------------------------------

kill -INT "$up"
wait "$up" || true
up=
run 3 evidence export nation 131041/relay $provided
says "does not answer" err

echo "evidence: ok"
