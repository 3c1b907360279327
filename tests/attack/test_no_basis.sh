#!/bin/sh
# test_no_basis.sh BUILD: a relay that asks without a basis in law gets no permit.
set -eu

. "$(dirname "$0")/attack.sh"
open_nation 2
be 012041/relay
code=$(rows 012041/relay 'SELECT lower(hex(code)) FROM linkage LIMIT 1')
key=$(jose jwk gen -i '{"kty":"EC","crv":"P-256"}' | jose jwk pub -i-)

# ask ID: an item that the law's table does not give this affair.
ask() {
	say 012041/relay digital/network inquiry.request "$(jq -cn \
		--arg id "$1" --arg code "$code" --argjson key "$key" '{
		inquiry: $id, code: $code, affair: "106", item: "local-tax",
		provider: "nenkin", unit: "unit", undisclosed: false,
		sealing_key: $key}')"
}

ask 00000000000000000000000000000001
hears 012041/relay inquiry.refused no-basis
with digital/network law-skipped
ask 00000000000000000000000000000002
# The basis is believed; that this provider does not know the person comes later.
hears 012041/relay inquiry.refused provider-no-code
