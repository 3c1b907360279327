#!/bin/sh
# bench.sh BUILD: the benchmarks that are quick print figures beside their bounds;
# whether these are met is not judged here.  A benchmark leaves nothing behind,
# however it ends.
set -eu
. "$(dirname "$0")/../support/script.sh"
bench=

finish() {
	[ -z "$bench" ] || kill "$bench"
}
mkdir tmp
TMPDIR=$dir/tmp
export TMPDIR

nothing_is_left() {
	[ -z "$(ls tmp)" ] || fail "a folder is left: $(ls tmp)"
	for entry in /proc/[0-9]*/cmdline; do
		! { tr '\0' ' ' <"$entry"; } 2>/dev/null |
			grep -q "serve $dir/tmp" || fail "a process is left"
	done
}

run 0 bench signatures --json
grep -q '"what":"signatures, ES256","value":[0-9.]*,"unit":"/s"' out ||
	fail "no figure: $(cat out)"
grep -q '"ratio"' out && fail "a limit has a ratio: $(cat out)"
run 0 bench conversion law --json
[ "$(grep -o '"peer":"[^"]*","peer_value":[0-9.]*,"ratio":[0-9.]*,'\
'"ratio_low":[0-9.]*,"ratio_high":[0-9.]*,"asked":[0-9.]*,"bound":"least",'\
'"verdict":"[NOT MEmet]*"' out | wc -l)" = 2 ] || fail "no ratios: $(cat out)"
run 0 bench ledger
grep -q '^ledger entries verified.* /s' out || fail "no figure: $(cat out)"
run 0 bench bulk
grep -q '^bulk inquiries.* /s .* >= [0-9.]*  .*[mM][eE][tT]$' out ||
	fail "no figure: $(cat out)"
grep -q '^processor time of a bulk inquiry.* ms .* <= [0-9.]*  .*[mM][eE][tT]$' out ||
	fail "no figure: $(cat out)"
grep -q '^    against limit: the signatures and seals.*: 6000 lines' out ||
	fail "no conditions: $(cat out)"
nothing_is_left

run 2 bench nothing
run 2 bench size --residents 10
run 2 bench history --records many

# In the middle of it, with the systems of a nation up.
"$bango" bench bulk >out 2>err &
bench=$!
until ls tmp/*/*/nation/systems/131041-offices/data.sqlite >found 2>&1; do
	kill -0 $bench 2>/dev/null || fail "it is over too soon"
done
kill -INT $bench
got=0
wait $bench || got=$?
bench=
[ $got = 3 ] || fail "status $got after an interruption"
nothing_is_left
