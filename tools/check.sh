#!/bin/sh
# check.sh [STAGE...]
#
# Everything that must hold before a change goes in; `make check` installs the
# packages and runs it.  A stage says one line when it is green and shows its
# output when it is not.  The stages that read go first; if one of them fails,
# nothing is built.  Without arguments all stages run, otherwise those named.
#
#   layers  style  docs  format  scripts  manual     read the sources
#   clang   circles   tidy   cppcheck                build, and the linters
#   tests-clang                                      tests, clang's program
#   release                                          the program as shipped
#   dev     tests                                    tests, ASan and UBSan
set -u

cd "$(dirname "$0")/.." || exit 1
logs=build/check
mkdir -p "$logs" || exit 1
jobs=$(nproc)
wanted=" $* "
failed=

c_files() {
	find src tests tools fuzz bench -name '*.[ch]' | LC_ALL=C sort
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
	begun=$(date +%s)
	if "$@" >"$logs/$name.log" 2>&1; then
		printf 'ok      %-12s %s (%d s)\n' "$name" "$what" \
		    $(($(date +%s) - begun))
	else
		printf 'FAILED  %-12s %s\n' "$name" "$what"
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

scripts() {
	find tools tests packaging .ci -type f 2>/dev/null | LC_ALL=C sort |
	    while read -r file; do
		    case $file in
		    *.sh | .ci/run) echo "$file" ;;
		    esac
	    done | xargs shellcheck -S warning
}

manual() {
	find man -name '*.[1-8]' | LC_ALL=C sort |
	    xargs mandoc -T lint -W warning
}

# build PRESET
build() {
	cmake --preset "$1" && cmake --build "build/$1"
}

# Every source of the program once, on all cores.
tidy() {
	find src tools -name '*.c' | LC_ALL=C sort |
	    xargs -P "$jobs" -n 2 clang-tidy -p build/clang --quiet
}

lint() {
	cppcheck --enable=warning,performance,portability --std=c11 --quiet \
	    --error-exitcode=1 -j "$jobs" -I src \
	    --library=posix,gnu,bsd,tools/cppcheck.cfg --inline-suppr \
	    --suppressions-list=tools/cppcheck.suppressions \
	    src tools bench fuzz
}

# The slow ones run once, under the sanitizers.
tests_clang() {
	ctest --test-dir build/clang --label-exclude slow -j "$jobs" \
	    --output-on-failure
}

# The last word is ctest's.
tests() {
	case $wanted in
	"  " | *" tests "*) ;;
	*) return 0 ;;
	esac
	ctest --test-dir build/dev -j "$jobs" --output-on-failure \
	    --no-tests=error >"$logs/tests.log" 2>&1
	status=$?
	if [ "$status" -eq 0 ]; then
		printf 'ok      %-12s %s\n' tests "all tests, ASan and UBSan"
		sed -n '/^[0-9]*% tests passed/,$p' "$logs/tests.log"
	else
		printf 'FAILED  %-12s %s\n' tests "all tests, ASan and UBSan"
		cat "$logs/tests.log"
	fi
	exit "$status"
}

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
stage tidy "clang-tidy" tidy
stage cppcheck "cppcheck" lint
stage tests-clang "tests of clang's program" tests_clang
stage release "gcc builds what is shipped" build release
stage dev "gcc builds everything, ASan and UBSan" build dev
stop_if_failed
tests
