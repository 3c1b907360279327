#!/bin/sh
# certificate.sh BUILD: `bango certificate`, each of the three killed at every file
# that it replaces, leaves the old keys in use or the new ones, and the same again
# completes it.  Status 77: strace cannot be used here.
set -eu
. "$(dirname "$0")/../support/nation.sh"
found=$build/tests/e2e/found

fail() {
	echo "certificate: $verb killed at rename $n: $*" >&2
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
verb=init
n=0
"$found" first $(((730 - 20) * 86400)) nation.ini || fail "found"
mkdir -p key/systems
cp -R first/ca first/nation.ini first/directory.json key
for folder in first/systems/*; do
	mkdir "key/systems/${folder##*/}"
	cp "$folder/cert.pem" "key/systems/${folder##*/}"
done
rm first/ca/ca.keys first/ca/passphrase

# The registry gets codes of jukinet, and nothing waits.
talk() {
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
}

# words VERB: its arguments.
words() {
	case $1 in
	request) echo request nation --output requests ;;
	sign)
		echo sign authority requests --output certificates \
			--begin "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%S.000Z)" \
			--digest "$(sha256sum requests | cut -d' ' -f1)"
		;;
	install) echo install nation certificates ;;
	esac
}

# perform VERB: to its end.
perform() {
	# shellcheck disable=SC2046 # words
	"$bango" certificate $(words "$1") >out 2>err || fail "$1 fails"
}

# killed VERB: at the rename n; false if there are not so many.
killed() {
	status=0
	# shellcheck disable=SC2046 # words
	strace -f -qq -o trace -e trace=rename,renameat,renameat2 \
		-e inject=rename,renameat,renameat2:signal=KILL:when=$n \
		"$bango" certificate $(words "$1") >out 2>err || status=$?
	[ "$status" != 0 ]
}

# whole: all four certificates are where they belong.
whole() {
	for system in 131041/registry jlis/jukinet; do
		for folder in nation authority; do
			counts=$(jq -r ".systems[] | select(.id == \"$system\") |
				\"\(.fingerprints | length) \(.certificates | length)\"" \
				$folder/directory.json)
			[ "$counts" = "2 2" ] || fail "$folder has $counts keys"
		done
	done
	for file in nation/systems/*/cert.pem authority/systems/*/cert.pem; do
		[ "$(grep -c BEGIN "$file")" = 2 ] || fail "not two in $file"
	done
}

total=0
for verb in request sign install; do
	n=0
	while :; do
		n=$((n + 1))
		rm -rf nation authority requests certificates
		cp -R first nation
		cp -R key authority
		[ $verb = request ] || perform request
		[ $verb != install ] || perform sign
		killed $verb || break
		[ $verb = sign ] || talk
		perform request
		[ $verb = install ] || perform sign
		perform install
		whole
		talk
		total=$((total + 1))
	done
done
[ $total -ge 12 ] || fail "the three replace twelve files, not $total"
