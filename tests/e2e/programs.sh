#!/bin/sh
# programs.sh BUILD: the test kit is in bango-lab and not in bango; each program
# finds the other in its own folder.
set -eu
. "$(dirname "$0")/../support/script.sh"

# --- Contents of each program -------------------------------------------------

# symbols OPTION FILE...: the names that it defines.
symbols() {
	nm --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u
}

{
	symbols -g "$build/src/lab/liblab.a" "$build/libvirtual.a"
	echo store_inject
} | sort -u >kit
for program in bango bango-lab; do
	symbols "$build/$program" | comm -12 kit - >$program.kit
done
[ ! -s bango.kit ] || fail "bango has test kit in it: $(cat bango.kit)"
for name in simulation_new liar_batch simulate_run story_tell stage_open \
	population_write bench_ff1 embedded_towns store_inject; do
	grep -qx $name bango-lab.kit || fail "bango-lab has no $name in it"
done

# --- What stands in the way of an intruder --------------------------------------

for program in bango bango-lab; do
	readelf -dW "$build/$program" | grep -q 'Flags:.*NOW' ||
		fail "$program resolves its symbols late: it lacks -z now"
	readelf -lW "$build/$program" | grep -q GNU_RELRO ||
		fail "$program lacks -z relro"
	readelf -hW "$build/$program" | grep -q 'Type: *DYN' ||
		fail "$program is not position-independent"
	readelf -lW "$build/$program" | grep 'GNU_STACK' | grep -q 'RW ' ||
		fail "$program has an executable stack"
done
case $(uname -m) in
x86_64)
	readelf -nW "$build/libbase.a" | grep -q 'x86 feature: IBT, SHSTK' ||
		fail "the objects lack -fcf-protection=full"
	;;
esac
jq -r '.[].command' "$build/compile_commands.json" >compiled
[ -s compiled ] || fail "no compile_commands.json"
! grep -v -- -fstack-clash-protection compiled ||
	fail "these lack -fstack-clash-protection"

# --- How one becomes the other ------------------------------------------------

does 0 "$build/bango-lab" --help
sed -n 's/^  \([a-z]*\)  *[^ ].*/\1/p' out >commands
[ "$(tr '\n' ' ' <commands)" = "demo population bench simulate " ] ||
	fail "other commands than expected: $(cat commands)"
while read -r command; do
	does 0 "$build/bango-lab" "$command" --help
	mv out help
	does 0 "$build/bango" "$command" --help
	cmp -s help out || fail "bango $command --help: another text"
done <commands
does 0 "$build/bango-lab" --version
grep -qx 'bango-lab [0-9]*\.[0-9]*\.[0-9]*' out || fail "no version"
does 2 "$build/bango-lab"
says "usage: bango-lab COMMAND" err
does 2 "$build/bango-lab" status
says 'there is no command "status"' err

# Both programs have one version.
version=$("$build/bango" --version | sed 's/bango //')
does 0 "$build/bango-lab" --called-by "$version" population --help
does 3 "$build/bango-lab" --called-by 9.9.9 population --help
says "bango-lab: this is version $version, but bango is version 9.9.9; install the same version of both packages" err
[ ! -s out ] || fail "an error is no output"

# Arguments, output and status pass through.
does 2 "$build/bango" bench "two words"
says "bango bench: two words is not one of ff1, conversion" err
does 2 "$build/bango" population --municipality 131067
does 0 "$build/bango" population --municipality 131041 --count 3
[ "$(wc -l <out)" = 4 ] || fail "no residents: $(cat out)"
ln -s "$build/bango" elsewhere
does 0 ./elsewhere population --help

# --- Where one is missing -----------------------------------------------------

mkdir alone
cp "$build/bango" alone/bango
for command in demo population bench simulate; do
	does 3 alone/bango $command
	says "bango $command: cannot run $dir/alone/bango-lab: No such" err
	says "the package bango-lab: install it" err
	[ ! -s out ] || fail "$command: an error is no output"
done
does 3 alone/bango help demo
does 0 alone/bango help
says "  simulate" out
rm alone/bango
cp "$build/bango-lab" alone/bango-lab
does 3 alone/bango-lab demo nation --once --residents 10
says "bango demo: cannot run $dir/alone/bango: No such file" err
[ ! -e nation ] || fail "a nation was founded that nobody can run"

echo "programs: ok"
