#!/bin/sh
# check-circles.sh [BUILD]
#
# Calls between rooms, by the symbols of the libraries in BUILD (build/dev): no
# room needs another one that needs it, and no file needs another file of its
# room that needs it.  Prints a line for each circle, with all that stand in it.
set -eu

cd "${1:-$(dirname "$0")/../build/dev}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Lines "ROOM FILE SYMBOL KIND" of all rooms: src/ROOM is libROOM.a.
for library in lib*.a; do
	[ "$library" = libbango-number.a ] && continue # part of src/number
	room=${library#lib}
	nm -A --format=posix "$library" 2>/dev/null |
	    sed -nE "s|^[^[]*\\[(.*)\\.c\\.o\\]: ([^ ]+) ([A-Z]).*|${room%.a} \\1 \\2 \\3|p"
done >"$work/symbols"
[ -s "$work/symbols" ] || {
	echo "$PWD: no libraries to look into; build first" >&2
	exit 1
}

# Lines "A B": A needs something of B.  For rooms, then for files.
needs() {
	awk -v files="$1" '
	function node(room, file) { return files ? room "/" file ".c" : room }
	NR == FNR { if ($4 != "U") home[$3] = node($1, $2); next }
	$4 == "U" && $3 in home {
		from = node($1, $2)
		to = home[$3]
		if (from == to)
			next
		if (!files || substr(to, 1, length($1) + 1) == $1 "/")
			print from, to
	}' "$work/symbols" "$work/symbols" | sort -u
}

# circles WHAT: those in the lines that come in.
circles() {
	tsort 2>"$work/loops" >/dev/null || true
	sed 's/^tsort: //' "$work/loops" |
	    awk -v what="$1" '
		/input contains a loop/ {
			if (line != "") print line
			line = "a circle of " what ":"
			next
		}
		{ line = line " " $0 }
		END { if (line != "") print line }' >>"$work/found"
}

: >"$work/found"
needs 0 | circles rooms
needs 1 | circles files
cat "$work/found"
[ ! -s "$work/found" ]
