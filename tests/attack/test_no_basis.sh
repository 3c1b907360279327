#!/bin/sh
# test_no_basis.sh BUILD: a relay that asks without a basis in law gets no permit.
set -eu

. "$(dirname "$0")/attack.sh"
. "$(dirname "$0")/question.sh"
open_nation 2
be 012041/relay
code=$(rows 012041/relay 'SELECT lower(hex(code)) FROM linkage LIMIT 1')

# ask ID: an item that the law's table does not give this affair.
ask() {
	ask_for nenkin 106 local-tax "$code"
	say 012041/relay digital/network question.sheet "$(jq -cn \
		--arg sheet "$1" --rawfile jws sheet '{$sheet, $jws}')"
	say 012041/relay digital/network inquiry.request "$(jq -cn \
		--arg inquiry "$1" --arg code "$code" \
		--arg blind "$(cat blind)" --rawfile question question '{
		$inquiry, $code, whose: "self", $blind, $question,
		sheet: $inquiry}')"
}

ask 00000000000000000000000000000001
hears 012041/relay inquiry.refused no-basis
with digital/network law-skipped
ask 00000000000000000000000000000002
# The basis is believed; that this provider does not know the person comes later.
hears 012041/relay inquiry.refused provider-no-code
