#!/bin/sh
# test_withheld.sh BUILD: a relay withholds the record of its inquiry for a ground
# that the affair does not have, and for years.
set -eu

. "$(dirname "$0")/attack.sh"
. "$(dirname "$0")/question.sh"
open_nation 2
be 012041/relay
code=$(rows 012041/relay 'SELECT lower(hex(code)) FROM linkage LIMIT 1')
export withheld=contents:shame:2035-12-31

# hide ID
hide() {
	ask_for 131041 106 local-tax "$code"
	say 012041/relay digital/network question.sheet "$(jq -cn \
		--arg sheet "$1" --rawfile jws sheet '{$sheet, $jws}')"
	say 012041/relay digital/network inquiry.request "$(jq -cn \
		--arg inquiry "$1" --arg code "$code" \
		--arg blind "$(cat blind)" --rawfile question question '{
		$inquiry, $code, whose: "self", $blind, $question,
		sheet: $inquiry, officer: "somebody"}')"
}

hide 00000000000000000000000000000001
hears 012041/relay inquiry.refused withholding-not-allowed
with digital/network ground-unchecked
hide 00000000000000000000000000000002
# The ground is believed; that this provider does not know the person comes later.
hears 012041/relay inquiry.refused provider-no-code
