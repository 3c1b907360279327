# shellcheck shell=sh
# For scripts that source attack.sh, too: a question as a relay makes it
# (src/messages/question.h), with openssl, jq and jose.

base64url() {
	openssl base64 -A | tr +/ -_ | tr -d =
}

# bytes HEXADECIMAL
bytes() {
	# shellcheck disable=SC2046,SC2059
	printf "$(printf '\\%03o' $(echo "$1" | sed 's/../0x& /g'))"
}

# ask_for PROVIDER AFFAIR ITEM CODE: by 012041 about the person whom it knows by
# that code, withheld as `withheld` says.  The text is in `question`, its blind in `blind`, its digest in
# `digest`; `sheet` is a signature that says it is of 012041/relay.
ask_for() {
	[ -f key ] || jose jwk gen -i '{"kty":"EC","crv":"P-256"}' >key
	openssl rand 32 >random
	base64url <random >blind
	{ printf bango-who; cat random; bytes "$4"; } |
		openssl dgst -sha256 -binary | base64url >who
	jq -cjn --arg nonce "$(openssl rand -hex 16)" --arg provider "$1" \
		--arg affair "$2" --arg item "$3" --arg who "$(cat who)" \
		--arg asked "$(date -u +%Y-%m-%dT%H:%M:00.000Z)" \
		--arg until "$(date -u -d '+1 day' +%Y-%m-%dT%H:%M:00.000Z)" \
		--arg withheld "${withheld:-}" \
		--argjson seal "$(jose jwk pub -i key | jq -c '{crv, kty, x, y}')" '{
		nonce: $nonce, asker: "012041", provider: $provider,
		affair: $affair, step: "", item: $item, version: "",
		unit: "unit", who: $who, case: $who, asked: $asked,
		until: $until, withheld: $withheld, seal: $seal}' >question
	openssl dgst -sha256 -binary question | base64url >digest
	jq -cjn --arg digest "$(cat digest)" \
		--arg time "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" \
		'{by: "012041/relay", time: $time, questions: [$digest]}' |
		jose jws sig -I- -k key -c -o sheet -s "$(jq -cn \
			--arg kid "$(jose jwk thp -i key)" '{protected: {
			alg: "ES256", kid: $kid, typ: "bango-question"}}')"
}
