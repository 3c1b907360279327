#!/bin/sh
# test_checks.sh SOURCE CC: each of tools/check-*.sh finds faults of its kind.
#
# The scripts read a copy of the tree, or a small build, into which a fault is
# put.
set -eu

source=$1
cc=$2
tools=$source/tools
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

fail() {
	echo "$1"
	failures=$((failures + 1))
}

# finds SCRIPT ROOT FILE WORDS: it refuses, and says so of the file.
finds() {
	if "$tools/$1" "$2" >log 2>&1; then
		fail "$1: does not find: $4"
	elif ! grep -F -e "$3" log | grep -qF -e "$4"; then
		fail "$1: expected of \"$3\": \"$4\", and it says:"
		cat log
	fi
}

# takes SCRIPT ROOT: nothing is wrong there.
takes() {
	if ! "$tools/$1" "$2" >log 2>&1; then
		fail "$1: expected no finding, and it says:"
		cat log
	fi
}

# --- Scripts that read the sources ------------------------------------------------

mkdir tree
for part in src bench tests tools fuzz cmake data docs man; do
	cp -r "$source/$part" tree
done
for file in "$source"/*; do
	[ ! -f "$file" ] || cp "$file" tree
done

# spoilt SCRIPT FILE WORDS: FILE ends with the lines of standard input.
spoilt() {
	cp "tree/$2" kept
	cat >>"tree/$2"
	finds "$1" tree "$2:" "$3"
	cp kept "tree/$2"
}

# without SCRIPT FILE PATTERN WORDS: FILE lacks the lines with PATTERN.
without() {
	cp "tree/$2" kept
	sed -i "\\#$3#d" "tree/$2"
	cmp -s kept "tree/$2" && fail "$2 has no line with $3"
	finds "$1" tree "$2:" "$4"
	cp kept "tree/$2"
}

repeat() {
	awk -v n="$1" -v line="$2" 'BEGIN { while (n-- > 0) print line }'
}

spoilt check-layers.sh src/base/csv.c "base/ may not look at host/" <<'END'
#include "host/node.h"
END
spoilt check-layers.sh src/systems/relay/relay.c "is none of its business" <<'END'
#include <time.h>
END
spoilt check-layers.sh src/systems/relay/relay.c "only systems/network/network.h is for others" <<'END'
#include "systems/network/permit.h"
END
spoilt check-style.sh src/base/csv.c "a banned call" <<'END'
int n = atoi("1");
END
spoilt check-style.sh src/base/csv.h "subject first" <<'END'
/* What is not asked for draws nothing. */
END
spoilt check-style.sh src/base/csv.h "more than 6 parameters" <<'END'
void f(int a, int b, int c, int d, int e, int g, int h, int *ret);
END
{
	printf 'void\nf(void)\n{\n'
	repeat 61 "	g();"
	echo '}'
} | spoilt check-style.sh src/base/csv.c "a function of 61 lines"
repeat 801 "int n;" | spoilt check-style.sh src/base/csv.c "more than 800 lines"
spoilt check-style.sh docs/law.md "subject first" <<'END'
Of the rows, one decides.
END
spoilt check-docs.sh docs/law.md "leads nowhere: nowhere.md" <<'END'
[a page](nowhere.md)
END
without check-docs.sh docs/api.md '/held`' "says nothing of the route: relay GET /held"
without check-docs.sh docs/messages.md '^| registry → jukinet | `codes.request`' "says nothing of the message"
without check-docs.sh man/bango.1 'bango-law' "says nothing of bango-law"

# --- Scripts that read the symbols of a build -------------------------------------

# room NAME FILE: an object of standard input in the library of a room.
room() {
	objects=build/CMakeFiles/$1.dir/src/$1
	mkdir -p "$objects"
	"$cc" -w -c -x c -o "$objects/$2.c.o" -
	rm -f "build/lib$1.a"
	ar rcs "build/lib$1.a" "$objects"/*.o
	(cd build && find . -name '*.o') |
	    sed 's|^[.]/|cc -o |; s|$| -c|' >build/compile_commands.json
}

room low a <<'END'
void a(void) {}
END
room low b <<'END'
void a(void);
void b(void) { a(); }
END
room high c <<'END'
void b(void);
int main(void) { b(); return 0; }
END
takes check-circles.sh build
takes check-dead.sh build
room low a <<'END'
void b(void);
void a(void) { b(); }
END
finds check-circles.sh build low/a.c "a circle of files: "
room low a <<'END'
void d(void);
void a(void) { d(); }
END
room high d <<'END'
void d(void) {}
END
finds check-circles.sh build low "a circle of rooms: "
room high e <<'END'
void e(void) {}
static void f(void) {}
END
finds check-dead.sh build src/high/e.c "no other file uses e"
grep -q "uses f" log && fail "check-dead.sh: complains about a static function"

exit $((failures > 0))
