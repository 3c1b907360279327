#!/bin/sh
# number_commands.sh BUILD: what `bango number` and `bango ff1` answer, and
# with which exit status.
set -eu

bango=$1/bango
samples=$(dirname "$0")/../unit/number/ff1_vectors.txt
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# expect STATUS OUTPUT ARGUMENT...: standard input is passed on.
expect() {
	status=$1 output=$2 got=0
	shift 2
	"$bango" "$@" >"$dir/out" 2>"$dir/err" || got=$?
	if [ "$got" != "$status" ] || [ "$(cat "$dir/out")" != "$output" ]; then
		echo "bango $*: status $got, wanted $status; it printed:" >&2
		cat "$dir/out" "$dir/err" >&2
		exit 1
	fi
	# A misuse is explained.
	[ "$status" != 2 ] || [ -s "$dir/err" ]
}

wrong="the check digit does not fit the others"

expect 0 "123456789018 valid" number check 123456789018
expect 1 "131041 valid
123456789019 invalid: $wrong" number check 131041 123456789019
expect 1 "131041 invalid: not 12 digits long" \
	number check --kind individual 131041
expect 1 "-1 invalid: only the digits 0 to 9 may stand in it" \
	number check -- -1
expect 0 "7000012050002" number complete --kind corporate 000012050002
expect 1 "0000 invalid: not 12 digits long, the check digit left out" \
	number complete --kind corporate 0000
expect 0 '{"input":"131041","kind":"government","valid":true}' \
	number check --json 131041
expect 1 '{"input":"131042","kind":"government","valid":false,"reason":"check-digit","message":"'"$wrong"'"}' \
	number check --json 131042

printf '131041\r\n131042\n\n012041' >"$dir/in"
expect 1 "131041 valid
131042 invalid: $wrong
 invalid: not 6 digits long
012041 valid" number check --kind government <"$dir/in"
expect 0 "" number check </dev/null
head -c 9000 /dev/zero | tr '\0' 1 >"$dir/in"
cut=$(head -c 8192 "$dir/in")
expect 1 "$cut invalid: longer than 8192 bytes" \
	number check <"$dir/in"
printf '\033[31m\377' >"$dir/in"
expect 1 "?[31m? invalid: only the digits 0 to 9 may stand in it" \
	number check <"$dir/in"

expect 2 "" number
expect 2 "" number verify
expect 2 "" number complete 13104
expect 2 "" number check --kind passport 1
expect 2 "" number check --colour 1
expect 2 "" numbre check 1

# The published samples, each way.
grep -v '^#' "$samples" | while read -r key tweak radix plain cipher; do
	[ "$tweak" != - ] || tweak=
	expect 0 "$cipher" ff1 encrypt --key "$key" --tweak "$tweak" \
		--radix "$radix" "$plain"
	echo "$cipher" | expect 0 "$plain" ff1 decrypt --key "$key" \
		--tweak "$tweak" --radix "$radix"
done
key=2B7E151628AED2A6ABF7158809CF4F3C
expect 1 "2433477484
012345678a invalid: character 10 is not one of radix 10 (0 to 9)
12345 invalid: shorter than 6 characters: in radix 10 it has fewer than 1000000 possible values" \
	ff1 encrypt --key $key --radix 10 0123456789 012345678a 12345
expect 2 "" ff1 encrypt --key 00 --radix 10 0123456789
expect 2 "" ff1 encrypt --key ${key}0 --radix 10 0123456789
expect 2 "" ff1 encrypt --key $key --radix 37 0123456789
expect 2 "" ff1 encrypt --key $key --radix 1 0123456789
expect 2 "" ff1 encrypt --key $key --tweak x --radix 10 0123456789
expect 2 "" ff1 encrypt --key $key 0123456789

got=0
"$bango" number check 131041 >/dev/full 2>/dev/null || got=$?
[ "$got" = 3 ] || { echo "a full disk gives status $got" >&2; exit 1; }
for level in "" number "number check" "number complete" ff1 "ff1 encrypt"; do
	# shellcheck disable=SC2086 # the level is words
	"$bango" $level --help >"$dir/out" || exit 1
	grep -q '^usage: bango' "$dir/out" || exit 1
done

echo "number_commands: ok"
