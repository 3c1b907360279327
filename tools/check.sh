#!/bin/sh
# check.sh [STAGE...]
#
# Everything that must hold before a change goes in; `make check` installs the
# packages and runs it.  A stage says one line when it is green and shows its
# output when it is not.  The stages that read go first; if one of them fails,
# nothing is built.  Without arguments all stages run, otherwise those named.
# A line ends with the seconds that passed, and those of all processors.
#
#   layers  style  docs  format  scripts  manual     read the sources
#   clang   circles  dead  tidy  cppcheck           build, and the linters
#   tests-clang                                      tests, clang's program
#   release                                          the programs as shipped
#   dev     tests                                    tests, ASan and UBSan
set -u

cd "$(dirname "$0")/.." || exit 1
logs=build/check
mkdir -p "$logs" || exit 1
jobs=$(nproc)
# Tests wait at times: for a process, a flush, a moment.
test_jobs=$((jobs + 1))
wanted=" $* "
failed=

c_files() {
	find src tests tools fuzz bench -name '*.[ch]' | LC_ALL=C sort
}

# The clock in `now`, and in `spent` the seconds of all processors so far.
look_at_clocks() {
	now=$(date +%s)
	times >"$logs/times"
	spent=$(awk -F '[ms ]+' 'NR == 2 { print int($1 * 60 + $2 + $3 * 60 + $4) }' \
	    "$logs/times")
}

# say ok|FAILED NAME WHAT: and the time since `begun` and `spent_before`.
say() {
	look_at_clocks
	printf '%-7s %-12s %s (%d s, %d of CPU)\n' "$1" "$2" "$3" \
	    $((now - begun)) $((spent - spent_before))
}

# stage NAME WHAT COMMAND...
stage() {
	name=$1
	what=$2
	shift 2
	case $wanted in
	"  " | *" $name "*) ;;
	*) return 0 ;;
	esac
	look_at_clocks
	begun=$now
	spent_before=$spent
	if "$@" >"$logs/$name.log" 2>&1; then
		say ok "$name" "$what"
	else
		say FAILED "$name" "$what"
		tail -n 200 "$logs/$name.log"
		failed="$failed $name"
	fi
}

stop_if_failed() {
	[ -z "$failed" ] && return
	echo "Failed:$failed.  The whole output is in $logs/." >&2
	exit 1
}

format() {
	c_files | xargs clang-format --dry-run -Werror
}

# Scripts have no common ending: those of a package have none.
scripts() {
	find . \( -name .git -o -path ./build \) -prune -o -type f -print |
	    LC_ALL=C sort |
	    xargs awk 'FNR == 1 && /^#! *\/bin\/(ba)?sh/ { print FILENAME }
		{ nextfile }' | xargs shellcheck -x -P SCRIPTDIR -S warning
}

manual() {
	find man -name '*.[1-8]' | LC_ALL=C sort |
	    xargs mandoc -T lint -W warning
}

# build PRESET
build() {
	cmake --preset "$1" && cmake --build "build/$1"
}

# No tests but those of what is in the programs.
release() {
	cmake --preset release && cmake --build build/release --target \
	    bango bango-lab bango-number bango-number-static &&
	    ctest --test-dir build/release -R '^e2e\.(bugs|programs)$' \
		--output-on-failure --no-tests=error
}

# Every source of the program once, on all cores.
tidy() {
	find src tools -name '*.c' | LC_ALL=C sort |
	    xargs -P "$jobs" -n 2 clang-tidy -p build/clang --quiet
}

lint() {
	cppcheck --enable=warning,performance,portability --std=c11 -D__cppcheck__ --quiet \
	    --error-exitcode=1 -j "$jobs" -I src \
	    --library=posix,gnu,bsd,tools/cppcheck.cfg --inline-suppr \
	    --suppressions-list=tools/cppcheck.suppressions \
	    src tools bench fuzz
}

# Slow tests run once, under the sanitizers; those that gain nothing from them
# (label plain) run once, here.
tests_clang() {
	ctest --test-dir build/clang --label-exclude slow -j "$test_jobs" \
	    --output-on-failure --no-tests=error
}

tests() {
	ctest --test-dir build/dev --label-exclude plain -j "$test_jobs" \
	    --output-on-failure --no-tests=error
}

# The last word is ctest's.
the_end() {
	spent_before=0
	begun=$started
	say ok all "everything that was asked for"
	[ ! -e "$logs/tests.log" ] ||
	    sed -n '/^[0-9]*% tests passed/,$p' "$logs/tests.log"
}

look_at_clocks
started=$now
rm -f "$logs/tests.log"
stage layers "no include points up" tools/check-layers.sh
stage style "STYLE.md, as far as a script sees it" tools/check-style.sh
stage docs "documents say what the code does" tools/check-docs.sh
stage format "clang-format has nothing to change" format
stage scripts "shellcheck" scripts
stage manual "mandoc reads the man pages" manual
stop_if_failed
stage clang "clang builds everything" build clang
stop_if_failed
stage circles "no circle of rooms or files" tools/check-circles.sh build/clang
stage dead "every exported name has a user" tools/check-dead.sh build/clang
stage tidy "clang-tidy" tidy
stage cppcheck "cppcheck" lint
stage tests-clang "tests of clang's program" tests_clang
stage release "gcc builds what is shipped" release
stage dev "gcc builds everything, ASan and UBSan" build dev
stop_if_failed
stage tests "tests, ASan and UBSan" tests
stop_if_failed
the_end
