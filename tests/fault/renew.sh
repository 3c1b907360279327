#!/bin/sh
# renew.sh BUILD: `bango renew`, killed at every file that it replaces, leaves the
# old keys in use or the new ones, and the next renewal completes it.  Status 77:
# strace cannot be used here.
set -eu
. "$(dirname "$0")/../support/nation.sh"
found=$build/tests/e2e/found

fail() {
	echo "renew: killed at rename $n: $*" >&2
	cat out err up.log nation/systems/*/log >&2 2>/dev/null || true
	exit 1
}

# A process that is traced cannot look for its own leaks.
export ASAN_OPTIONS=detect_leaks=0
strace -o trace -e trace=none true 2>err || {
	echo "skipped: strace cannot be used: $(cat err)"
	exit 77
}
write_small
n=0
"$found" first $(((730 - 20) * 86400)) nation.ini || fail "found"
# Nothing renews by itself while the system is looked at.
keep_key() {
	mv nation/ca/ca.keys key
}

# The registry gets codes of jukinet, and nothing waits.
talk() {
	keep_key
	start
	tries=0
	until {
		"$bango" status nation >out 2>err || true
		grep -q 'pool [1-9]' out
	} && ! grep -q 'waiting for\|DOWN\|refused by' out; do
		tries=$((tries + 1))
		[ $tries -le 300 ] || fail "the systems do not talk"
		sleep 0.1
	done
	stop
	mv key nation/ca/ca.keys
}

while :; do
	n=$((n + 1))
	rm -rf nation
	cp -R first nation
	begin=$(date -u -d '+1 second' +%Y-%m-%dT%H:%M:%S.000Z)
	status=0
	strace -f -qq -o trace -e trace=rename,renameat,renameat2 \
		-e inject=rename,renameat,renameat2:signal=KILL:when=$n \
		"$bango" renew nation --begin "$begin" >out 2>err || status=$?
	# Every replacement was survived: the last one was not killed.
	[ "$status" != 0 ] || break
	talk
	"$bango" renew nation >out 2>err || fail "the next renewal fails"
	"$bango" renew nation >out 2>err || fail "the one after it fails"
	grep -q "nothing ends" out || fail "it is not complete"
	for system in 131041/registry jlis/jukinet; do
		listed=$(jq -r ".systems[] | select(.id == \"$system\") |
			.certificates | length" nation/directory.json)
		epochs=$("$bango" keys nation "$system" | grep -c '^sign ')
		[ "$listed" = "$epochs" ] || fail "a key is not listed"
	done
	talk
done
[ $n -ge 7 ] || fail "a renewal of two systems replaces six files"
