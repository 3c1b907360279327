#!/bin/sh
# inquire.sh BUILD: `bango inquire` asks what a file asks, and nothing twice.
set -eu
. "$(dirname "$0")/../support/nation.sh"

# --- A nation with the story's family ------------------------------------------

demonstrate

# These tests ask about one person more than twenty times: an officer allows it.
day=$(TZ=Asia/Tokyo date +%F)
call digital/network /budgets/grants --json "{\"organisation\":\"131041\",
	\"kind\":\"person\",\"amount\":100,\"from\":\"$day\",\"until\":\"$day\",
	\"reason\":\"test\"}"

# --- A file --------------------------------------------------------------------

{
	echo business_number,affair,item,provider
	echo "$father,106,local-tax,012041"
	echo "$father,106,pension,012041"
	echo nobody,106,local-tax,012041
} >ask.csv
run 0 inquire nation 131041 ask.csv --output answers.csv
grep -q 'asked 3, asked before 0, waiting 0' out || fail "not three were asked"
[ "$(wc -l <answers.csv)" = 4 ] || fail "not one result for each line"
grep -q '^2,.*"received".*municipal_tax' answers.csv || fail "nothing received"
grep -q '^3,.*"refused","no-basis","番号法19条8号' answers.csv ||
    fail "a refusal lacks its article"
grep -q '^4,.*"refused","unknown-person"' answers.csv || fail "who is nobody?"

cp answers.csv before.csv
run 0 inquire nation 131041/offices ask.csv --output answers.csv --quiet
cmp -s answers.csv before.csv || fail "the same file has other results"
run 0 inquire nation 131041 ask.csv --wait 0
grep -q 'asked 0, asked before 3' out || fail "the same file asked again"
[ -f ask.csv.results ] || fail "no results beside the file"

# --- Versions --------------------------------------------------------------------

year=$(sed -n 's/^2,.*,"\([0-9]*\)"$/\1/p' answers.csv)
[ -n "$year" ] || fail "the results do not say which version was received"
{
	echo business_number,affair,item,provider,version
	echo "$father,106,local-tax,012041,$year"
	echo "$father,106,local-tax,012041,1999"
	echo "$father,106,local-tax,012041,last"
	echo "$father,106,local-tax,012041,"
} >versions.csv
run 0 inquire nation 131041 versions.csv --output answers.csv
grep -q "^2,.*\"received\".*,\"$year\"\$" answers.csv ||
    fail "the version that was asked for is not received"
grep -q '^3,.*"refused","other-version","番号法22条1項' answers.csv ||
    fail "another version than was asked for?"
grep -q '^4,.*"refused","unknown-version","番号法19条8号' answers.csv ||
    fail "a year that is none is a version?"
grep -q "^5,.*\"received\".*,\"$year\"\$" answers.csv ||
    fail "without a version the newest is not received"

# --- Clerks at once, who wait for their answers in the request that asks ---------

url=$(jq -r '.systems[] | select(.id == "131041/offices") | .url' \
    nation/directory.json)
clerks=12 n=0 pids=
while [ "$n" -lt "$clerks" ]; do
	n=$((n + 1))
	id=$(printf '%032d' "$n")
	curl -sS --fail --cacert nation/ca/ca.pem --cert nation/operators/131041/cert.pem \
	    --key nation/operators/131041/key.pem --output "clerk.$n" \
	    --json "{\"inquiry\":\"$id\",\"business_number\":\"$father\",
		\"affair\":\"106\",\"item\":\"local-tax\",
		\"provider\":\"012041\",\"unit\":\"tax\",
		\"wait\":30}" "$url/inquiries" &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || fail "a clerk is not answered"
done
while [ "$n" -gt 0 ]; do
	id=$(printf '%032d' "$n")
	grep -q "\"inquiry\":\"$id\"" "clerk.$n" &&
	    grep -q '"clerk":"operator"' "clerk.$n" &&
	    grep -q '"state":"received"' "clerk.$n" &&
	    grep -q municipal_tax "clerk.$n" ||
	    fail "clerk $n has another answer: $(cat "clerk.$n")"
	n=$((n - 1))
done

# --- Lines that do not fit ----------------------------------------------------

run 2 inquire nation 131041
run 2 inquire nation 131041 ask.csv --wait long
printf 'a,b\n' >bad.csv
run 2 inquire nation 131041 bad.csv
grep -q 'first line is not a header' err || fail "it does not say what is wrong"
printf 'business_number,affair,item,provider\nR1,106\n' >bad.csv
run 2 inquire nation 131041 bad.csv
grep -q 'line 2' err || fail "it does not say where"

printf 'business_number,affair,item,provider,colour\n' >bad.csv
run 2 inquire nation 131041 bad.csv
grep -q 'first line is not a header' err || fail "a colour is no column"

# inquiries: of the offices, so far.
inquiries() {
	"$bango" status nation --json | jq '.[] |
		select(.system == "131041/offices") | .counts.inquiries'
}

# bad WORDS: standard input is a file that is refused so.
bad() {
	cat >bad.csv
	run 2 inquire nation 131041 bad.csv
	grep -qF -- "bad.csv, $1" err || fail "it does not say: $1"
}
columns=business_number,affair,item,provider
asked=$(inquiries)
echo 'business_number;affair;item;provider' | bad 'line 1: has semicolons'
printf 'business_number\taffair\n' | bad 'line 1: has tabs'
echo $columns | iconv -t UTF-16 | bad 'line 1: is UTF-16'
echo $columns | iconv -t UTF-16LE | bad 'line 1: has a NUL byte'
printf '%s\r%s\r' $columns 1,106,local-tax,012041 | bad 'line 1: ends with CR'
printf '%s\n' $columns "$father,106,local-tax,012041" 1,106,local-tax,12041 |
	bad 'line 3, column 4: is not the code of a local government'
printf '%s\n' $columns ,106,local-tax,012041 | bad 'line 2, column 1: is empty'
printf '%s\n' $columns "$father,106,local-tax,012041" 1,106,local-tax,A_B |
	bad 'line 3: provider: expected an organisation'
{
	echo $columns
	for n in $(seq 600); do
		echo "$n,106,local-tax,012041"
	done
	echo 1,106,local-tax,12041
} | bad 'line 602, column 4: '
[ "$(inquiries)" = "$asked" ] || fail "a part of a malformed file was asked"

printf '%s\n' $columns 21,106,local-tax,012041 >few.csv
run 0 inquire nation 131041 few.csv
grep -q '^unknown persons: 1; ' out || fail "unknown persons are not counted"

# --- Invalid text ends no process, neither ours nor theirs --------------------

# serving: the processes of the nation.
serving() {
	pgrep -P "$up" | sort
}
serving >before

printf 'business_number,affair,item,provider\n1,106,local-tax,\223\372\n' >bad.csv
run 2 inquire nation 131041 bad.csv
grep -q 'bad.csv, line 2, column 4: byte 1 belongs to no character' err &&
    grep -q 'if the file is in CP932, save it as UTF-8' err ||
    fail "it does not say which field is no text"
printf 'business_number,affair\342\200\213,item,provider\n' >bad.csv
run 2 inquire nation 131041 bad.csv
grep -q 'line 1, column 2: character 7 is U+200B, a format character' err ||
    fail "it does not say which character nobody sees"
printf 'business_number,affair,item,provider\n1,106,a\0b,012041\n' >bad.csv
run 2 inquire nation 131041 bad.csv
run 2 inquire nation 131041 ask.csv --unit "$(printf '\223\372')"
grep -q -- '--unit: byte 1 belongs to no character' err ||
    fail "it does not say which option is no text"
run 2 inquire nation 131041 ask.csv --unit "$(printf 'a\033[2J')"
grep -q -- '--unit: character 2 is U+001B, a control character' err ||
    fail "an escape is a unit's name?"
{
	printf '\357\273\277'
	cat ask.csv
} >mark.csv
run 0 inquire nation 131041 mark.csv --output marked.csv
cmp -s marked.csv before.csv || fail "a mark at the beginning changes answers"

# A file's name out of a ZIP archive of another system.
name=$(printf 'bad\223\372.csv')
printf 'name,kana,birth,sex,address\nA,,1980-04-01,1,B\n' >"$name"
run 1 import nation 131041 "$name" --quiet
grep -qx '2,kana,missing' "$name.rejects" || fail "the file was not read"

# --- No result over the file that is read -------------------------------------

cp "$name" kept.csv
run 2 import nation 131041 "$name" --rejects "./$name"
grep -q 'is the file that is read' err || fail "it does not say why"
run 2 inquire nation 131041 ask.csv --output "$PWD/ask.csv"
cmp -s kept.csv "$name" || fail "the residents' file is another"
printf 'bn,a\n1,\223\372\n' >bad.csv
status=$(curl -sS --cacert nation/ca/ca.pem --cert nation/operators/131041/cert.pem \
    --key nation/operators/131041/key.pem --output err --write-out '%{http_code}' \
    --data-binary @bad.csv -H 'Content-Type: application/octet-stream' \
    "$url/replicas/csv?item=local-tax&version=2024")
[ "$status" = 400 ] || fail "replicas of no text are answered with $status"
grep -q 'row 2, column 2: byte 1 belongs to no character' err ||
    fail "it does not say which value is no text"
serving >after
cmp -s before after || fail "a process of the nation ended"

kill -INT "$up"
wait "$up" || true
up=
