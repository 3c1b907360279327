#!/bin/sh
# test_unasked.sh BUILD: the network issues a permit for a question that nobody
# signed, in the name of an organisation whose relay helps it: the provider gives
# nothing, and says so.
set -eu

. "$(dirname "$0")/attack.sh"
. "$(dirname "$0")/question.sh"
open_nation 2
jq -cn '{year: 2025, items: [["0000000001", {municipal_tax: 187400}]]}' >tax.json
call 131041/offices /tax-records -H 'Content-Type: application/json' \
	--data-binary @tax.json
call 131041/relay '/progress?wait=60&replicas=1'
be 012041/relay
be digital/network
code=$(rows 131041/relay "SELECT lower(hex(l.code)) FROM linkage AS l
	JOIN replica AS r ON r.internal = l.internal LIMIT 1")

# issue PERMIT
issue() {
	ask_for 131041 106 local-tax "$code"
	say digital/network 131041/relay permit.issued "$(jq -cn \
		--arg permit "$1" --arg code "$code" \
		--arg requested "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" \
		--arg expires "$(date -u -d '+1 day' +%Y-%m-%dT%H:%M:%S.000Z)" \
		--rawfile question question --rawfile sheet sheet '{
		$permit, $code, article: "番号法19条8号", $requested, $expires,
		$question, $sheet}')"
}

issue 00000000000000000000000000000001
hears digital/network provision.report question-invalid
heard_nothing 012041/relay answer.sealed
with 131041/relay question-unsigned
issue 00000000000000000000000000000002
hears 012041/relay answer.sealed provided
