# shellcheck shell=sh
# For test scripts, SCRIPT BUILD: they go on in a folder of their own, `dir`,
# which is gone when they end.  A script that starts something says in a function
# `finish` how that ends.
script=$(basename "$0" .sh)
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
bango=$build/bango
dir=$(mktemp -d)

finish() {
	:
}

leave() {
	finish 2>/dev/null || true
	rm -rf "$dir"
}
trap leave EXIT
trap 'exit 1' INT TERM
cd "$dir"

# fail WORDS: the script ends; what was written last is shown.
fail() {
	echo "$script: $*" >&2
	tail -n 30 out err ./*.log >&2 2>/dev/null || true
	exit 1
}

# does STATUS COMMAND...: a command ends with that status; leaves out and err.
does() {
	wanted=$1 status=0
	shift
	"$@" >out 2>err </dev/null || status=$?
	[ "$status" = "$wanted" ] || fail "$*: status $status instead of $wanted"
}

# run STATUS ARGUMENT...: the same of the program.
run() {
	wanted=$1
	shift
	does "$wanted" "$bango" "$@"
}

# says TEXT [FILE]: the file, by itself what `said` names, has the text.
said=err
says() {
	grep -qF -- "$1" "${2:-$said}" || {
		cat "${2:-$said}" >&2
		fail "${2:-$said} does not say: $1"
	}
}

# free_port COUNT: the first of so many that are free.
free_port() {
	"$build/tests/fault/ports" free $((10000 + $$ % 1000 * 20)) "$1"
}
