#!/bin/sh
# test_numbers.sh BUILD: an addressee that has stolen an Individual Number learns
# by it neither whether it exists nor its owner's code.
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2
call 131041/registry /notices/1
number=$(jq -r .number out)
be 012041/addressee
be 012041/relay

# ask ACQUISITION NUMBER: with a name that its owner does not have.
ask() {
	say 012041/addressee jlis/jukinet acquisition.request "$(jq -cn \
		--arg acquisition "$1" --arg number "$2" '{items: [[$acquisition,
		$number, "敵　一", "テキ　イチ", "1980-01-01", "1"]]}')"
}

# One that exists, one that does not, and one that is no number get one answer.
for tried in "$number" 100000000005; do
	forget 012041/addressee
	ask 0000000000000000000000000000000a "$tried"
	hears 012041/addressee acquisition.refused
	sort <heard >>answers
done
[ "$(uniq answers | wc -l)" -eq 1 ] || fail "two answers: $(cat answers)"
grep -q no-match answers || fail "another answer: $(cat answers)"
heard_nothing 012041/relay acquisition.code

with jlis/jukinet owner-unchecked
ask 0000000000000000000000000000000b "$number"
hears 012041/relay acquisition.code 000b
