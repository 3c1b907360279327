#!/bin/sh
# population.sh BUILD: what `bango population` promises of its residents.
set -eu
. "$(dirname "$0")/../support/script.sh"

n=3000

# people FILE OPTION...
people() {
	file=$1
	shift
	"$bango" population --municipality 131041 --count $n "$@" \
		>"$file" || fail "$* fails"
}

# refused STATUS TEXT OPTION...
refused() {
	status=$1 text=$2 got=0
	shift 2
	"$bango" population "$@" >out 2>err || got=$?
	[ "$got" = "$status" ] || fail "$*: status $got instead of $status"
	grep -qF -- "$text" err || fail "$*: it does not say: $text"
	[ ! -s out ] || fail "$*: it wrote something"
}

people one
people same
cmp -s one same || fail "the same seed gives other people"
people same --seed 1 --day 2026-04-01 --foreign 30 --encoding utf-8
cmp -s one same || fail "the defaults are not those that the help names"
people other --seed 2
cmp -s one other && fail "another seed gives the same people"
people later --day 2027-04-01
cmp -s one later && fail "another day gives the same people"
people file --output written
[ ! -s file ] || fail "--output: it wrote to standard output too"
cmp -s one written || fail "--output: other people"

people cp932 --encoding cp932
cmp -s one cp932 && fail "CP932 is UTF-8"
iconv -f CP932 -t UTF-8 cp932 >back || fail "this is no CP932"
cmp -s one back || fail "CP932 says something else than UTF-8"
iconv -f UTF-8 -t UTF-8 one >/dev/null || fail "this is no UTF-8"

# One line of names, and one for each resident, all with 16 fields.
[ "$(wc -l <one)" = $((n + 1)) ] || fail "$(wc -l <one) lines for $n people"
[ "$(head -n 1 one | cut -d, -f1)" = 住民宛名番号 ] || fail "no names of columns"
! grep -q '"' one || fail "a field needs quotation marks"
[ -z "$(awk -F, 'NF != 16' one)" ] || fail "a line has other fields"
sed 1d one >rows
[ "$(cut -d, -f1 rows | sort -u | wc -l)" = $n ] ||
	fail "two residents have one number"
[ -z "$(cut -d, -f1,2 rows | tr -d '0-9,\n')" ] || fail "a number is none"
# Every household has one head, who comes first.
[ "$(cut -d, -f2 rows | sort -u | wc -l)" = \
	"$(cut -d, -f3 rows | grep -cx 世帯主)" ] || fail "a household lacks its head"
# Nobody is born after the day; everybody lives in Shinjuku.
[ -z "$(cut -d, -f8 rows | awk '$0 > "2026-04-01"')" ] || fail "unborn people"
[ -z "$(cut -d, -f9 rows | tr -d '12\n')" ] || fail "a sex is neither 1 nor 2"
! cut -d, -f11 rows | grep -qv '^東京都新宿区' || fail "an address elsewhere"
# There is some of each kind that the commands promise.
[ -n "$(cut -d, -f6 rows | tr -d '\n')" ] || fail "nobody has a former surname"
[ -n "$(cut -d, -f14 rows | tr -d '\n')" ] || fail "nobody is foreign"
people foreign --foreign 1000
[ -z "$(sed 1d foreign | awk -F, '$14 == ""')" ] || fail "--foreign is not obeyed"
[ -n "$(sed 1d foreign | cut -d, -f7 | tr -d '\n')" ] || fail "nobody has an alias"
people japanese --foreign 0
[ -z "$(sed 1d japanese | awk -F, '$14 != ""')" ] || fail "--foreign 0 is not obeyed"

"$bango" population --municipality 012041 --count 0 >out
[ "$(wc -l <out)" = 1 ] || fail "nobody is somebody"
for code in 131041 131199 131202 012041 042021; do
	"$bango" population --municipality $code --count 1 >out ||
		fail "$code has no people"
	[ "$(wc -l <out)" = 2 ] || fail "$code: not one resident"
done

refused 2 "no towns are known of municipality 131083" --municipality 131083
refused 2 "no towns are known of municipality x" --municipality x
refused 2 "--municipality is missing" --count 5
refused 2 "--count: expected a number up to 5000000" \
	--municipality 131041 --count 5000001
refused 2 "--count: expected a number" --municipality 131041 --count -5
refused 2 "--seed: expected a number" --municipality 131041 --seed x
refused 2 "--foreign: expected a number up to 1000" \
	--municipality 131041 --foreign 1001
refused 2 "--day: is no day of the calendar" --municipality 131041 --day 2026-02-30
refused 2 "--day: is no day of the calendar" --municipality 131041 --day 2026-00-00
refused 2 "--encoding: expected utf-8 or cp932" \
	--municipality 131041 --encoding latin1
refused 2 "expected no operands" --municipality 131041 x
refused 3 "/nowhere/x: No such file" --municipality 131041 --output /nowhere/x
got=0
"$bango" population --municipality 131041 >/dev/full 2>err || got=$?
[ "$got" = 3 ] || fail "a full disk gives status $got"
grep -q "No space left" err || fail "a full disk is not told"

echo "population: ok"
