#!/bin/sh
# ipv6.sh BUILD: a nation on ::1 serves its people, and answers an inquiry.
set -eu
. "$(dirname "$0")/../support/nation.sh"

grep -q . /proc/net/if_inet6 2>/dev/null || {
	echo "skipped: this machine has no IPv6"
	exit 77
}

found "s/^host = .*/host = 0:0:0:0:0:0:0:1/"
grep -qF "\"url\":\"https://[::1]:$port\"" nation/directory.json ||
	fail "the directory has no address in brackets"
start
grep -qF "[::1]:$port" up.log || fail "up does not tell the address"
grep -qF "https://[::1]:$((port + 15)) (people)" up.log ||
	fail "up does not tell the people's URL"
"$bango" status nation >out 2>err || fail "status"

# --- Somebody whom the city and the Pension Service know -----------------------

cat >residents.csv <<-END
	name,kana,birth,sex,address
	山田太郎,ヤマダタロウ,1980-04-01,1,東京都新宿区歌舞伎町一丁目4番1号
END
"$bango" import nation 131041 residents.csv --quiet >out 2>err || fail "import"
call 131041/registry '/residents/1?wait=60&until=numbered'
resident=$(jq -r .resident out)
call 131041/registry /notices/1
number=$(jq -r .number out)
call nenkin/offices /insured --json "{\"items\": [[\"P1\", \"$number\",
	\"山田太郎\", \"ヤマダタロウ\", \"1980-04-01\", \"1\",
	\"東京都新宿区歌舞伎町一丁目4番1号\", {\"months_insured\": 162}]]}"
call nenkin/relay '/progress?wait=60&linked=1&replicas=1'
call 131041/relay '/progress?wait=60&linked=1'

# --- The inquiry ----------------------------------------------------------------

call 131041/offices /inquiries --json "{\"unit\": \"children\",
	\"inquiry\": \"00000000000000000000000000000001\",
	\"business_number\": \"$resident\", \"affair\": \"107\",
	\"item\": \"pension\", \"provider\": \"nenkin\", \"wait\": 60}"
[ "$(jq -r .state out)" = received ] || fail "the inquiry is not answered"
grep -q months_insured out || fail "the answer has other contents"
stop
echo "ipv6: ok"
