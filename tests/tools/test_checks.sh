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

repeat() {
	awk -v n="$1" -v line="$2" 'BEGIN { while (n-- > 0) print line }'
}

spoilt check-layers.sh src/base/csv.c "base/ may not look at host/" <<'END'
#include "host/node.h"
END
spoilt check-layers.sh src/systems/relay/relay.c "is none of its business" <<'END'
#include <time.h>
END
spoilt check-layers.sh src/wire/tls.h "is none of its business" <<'END'
#include <openssl/ssl.h>
END
spoilt check-layers.sh src/systems/relay/relay.c "only systems/network/network.h is for others" <<'END'
#include "systems/network/permit.h"
END
for header in dirent ftw stdio; do
	echo "#include <$header.h>" |
	    spoilt check-layers.sh src/systems/relay/relay.c "is none of its business"
done
for call in 'system("id");' 'popen("id", "r");' 'fputs("", stderr);' \
    'fwrite("", 1, 1, f);' 'vprintf("", list);' 'perror("");' 'f = stdout;'; do
	echo "	$call" |
	    spoilt check-layers.sh src/systems/relay/relay.c "nothing else"
done
spoilt check-layers.sh src/systems/relay/relay.c "nothing else" <<'END'
#include "base/file.h"
END
spoilt check-layers.sh src/base/csv.c "<zlib.h> has no owner" <<'END'
#include <zlib.h>
END
spoilt check-style.sh src/base/csv.c "a banned call" <<'END'
int n = atoi("1");
END
spoilt check-style.sh src/base/csv.c "wiped by base/secret.h" <<'END'
int n = (explicit_bzero(p, len), 1);
END
spoilt check-style.sh src/base/csv.h "subject first" <<'END'
/* What is not asked for draws nothing. */
END
spoilt check-style.sh src/base/csv.c "subject first" <<'END'
int n; // What is not asked for draws nothing.
END
spoilt check-style.sh src/base/csv.h "subject first" <<'END'
int n; /* what is left of it */
END
spoilt check-style.sh src/base/csv.h "subject first" <<'END'
/*
 * who asks is not told.
 */
END
spoilt check-style.sh src/base/csv.h "subject first" <<'END'
/* An answer is kept. whose answer is not said. */
END
spoilt check-style.sh docs/law.md "subject first" <<'END'
| a | b |
|---|---|
| a row | whose words decide |
END
printf '\n# %s follows\n' what |
    spoilt check-style.sh tools/check.sh "subject first"
spoilt check-style.sh src/base/csv.h "more than 6 parameters" <<'END'
void f(int a, int b, int c, int d, int e, int g, int h, int *ret);
END
spoilt check-style.sh src/base/csv.h "a bool parameter" <<'END'
void f(int a,
    bool quiet);
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

printf '# 0099: %s crosses a wall is a table\n' what |
    spoilt check-style.sh docs/law.md "subject first"

# drifts COMPARISON FILE SED WORDS: check-docs.sh says WORDS once SED has changed
# FILE.
drifts() {
	echo "$1" >>drifted
	cp "tree/$2" kept
	sed -i "$3" "tree/$2"
	cmp -s kept "tree/$2" && fail "$2: nothing to change by $3"
	"$tools/check-docs.sh" tree "$1" >log 2>&1 &&
	    fail "check-docs.sh $1: does not find: $4"
	if ! grep -qxF -e "$4" log; then
		fail "check-docs.sh $1: expected \"$4\", and it says:"
		cat log
	fi
	cp kept "tree/$2"
}

takes check-docs.sh tree
drifts messages docs/messages.md '/^| registry → jukinet | `codes.request`/d' \
    "docs/messages.md: says nothing of the message: registry -> jukinet codes.request codes_request"
drifts messages src/systems/jukinet/routes.c 's/{&message_codes_request, "registry"/{\&message_codes_request, "portal"/' \
    "docs/messages.md: the code has no message: registry -> jukinet codes.request codes_request"
drifts answers docs/messages.md 's/`provider.search`, `transfer.notice`/`provider.search`/' \
    "docs/messages.md: says nothing of the message whose sender hears of a refusal: transfer.notice"
drifts answers src/systems/registry/routes.c 's/{&message_transfer_notice, "jukinet"/{\&message_codes_request, "jukinet"/' \
    "docs/messages.md: says nothing of the message whose sender hears of a refusal: codes.request"
drifts routes docs/api.md '/held`/d' \
    "docs/api.md: says nothing of the route: relay GET /held"
drifts routes docs/api.md 's|`GET /status`|`GET /state`|g' \
    "docs/api.md: says nothing of the route of every system: GET /status"
drifts routes docs/api.md 's|`POST /births`|`POST /births2`|' \
    "docs/api.md: the code has no route: registry POST /births2"
drifts routes docs/api.md 's|`DELETE /sessions`|`DELETE /sessions_X9`|' \
    "docs/api.md: the code has no route: portal DELETE /sessions_X9"
drifts routes docs/api.md 's#^| relay | `GET /held`#| relay2 | `GET /held`#' \
    "docs/api.md: the code has no route: relay2 GET /held"
drifts routes docs/api.md 's|`GET /metrics`|`GET /status2`, &|' \
    "docs/api.md: the code has no route of every system: GET /status2"
drifts holdings src/systems/portal/routes.c '/\.holds\.linkage_code/d' \
    "ARCHITECTURE.md: says nothing of the row of who holds what: portal | . | . | . | . | the list of records, passing through"
drifts holdings docs/messages.md '/^| portal | | | | its own/d' \
    "docs/messages.md: says nothing of the row of who holds what: portal | . | . | . | its own | the list of records, passing through"
drifts refusals docs/refusals.md '/^| `assessment-provider`/d' \
    "docs/refusals.md: says nothing of the refusal: assessment-provider 番号法28条"
drifts rooms ARCHITECTURE.md '/^| `src\/pki`/d' \
    "ARCHITECTURE.md: says nothing of the room: src/pki"
drifts rooms ARCHITECTURE.md 's/^| `src\/systems\/portal`/| `src\/systems\/window`/' \
    "ARCHITECTURE.md: the code has no room: src/systems/window"
drifts layers ARCHITECTURE.md '/^wire  *law  *ledger$/s/ledger//' \
    "ARCHITECTURE.md: says nothing of the room among the layers: ledger"
drifts layers ARCHITECTURE.md 's/^pki$/wire/; s/^wire  *law/pki law/' \
    "ARCHITECTURE.md: too low among the layers: wire"
drifts layers tools/layers.awk '/below("ledger"/d' \
    "ARCHITECTURE.md: the code has no room among the layers: ledger"
drifts libraries ARCHITECTURE.md '/^| libcurl |/d' \
    "ARCHITECTURE.md: says nothing of the library: curl"
drifts libraries ARCHITECTURE.md '/^| inih |/s/nation/main/' \
    "ARCHITECTURE.md: nation is no owner of inih"
drifts libraries ARCHITECTURE.md '/^| libevent |/s/`wire`.*/`wire` |/' \
    "ARCHITECTURE.md: says nothing of the owner of a library: libevent live"
drifts libraries ARCHITECTURE.md '/^| libcurl |/s/`wire`/nation, systems/' \
    "ARCHITECTURE.md: the code has no owner of a library: libcurl systems"
drifts libraries tools/layers.awk 's|wire/tls.c|wire|' \
    "ARCHITECTURE.md: says nothing of the owner of a library: OpenSSL wire"
drifts libraries CMakeLists.txt '/^pkg_check_modules(CURL/s/CURL/ZLIB/' \
    "ARCHITECTURE.md: says nothing of the library: zlib"
drifts glossary docs/glossary.md '/system `portal` |/d' \
    "docs/glossary.md: says nothing of the system: portal"
drifts glossary src/systems/portal/routes.c 's/\.title = ".*"/.title = "窓口"/' \
    "docs/glossary.md: portal is not called 窓口"
drifts settings man/bango-init.1 '/^\.It Va commission$/d' \
    "man/bango-init.1: says nothing of the setting: commission"
drifts settings src/nation/config_setting.c 's/{"database",/{"store",/' \
    "man/bango-init.1: says nothing of the setting: store"
drifts settings man/bango-init.1 's/^\.It Cm portal$/.It Cm window/' \
    "man/bango-init.1: the code has no system: window"
drifts commands man/bango.1 '/^\.Xr bango-law /d' \
    "man/bango.1: says nothing of the command: law"
drifts commands src/main/commands.c '/&law_command,/d' \
    "man: the code has no command: law"
drifts commands README.md 's/`bango bench`/`bango measure`/' \
    "README.md: the code has no command: measure"
drifts timers src/systems/registry/README.md 's/The timer `numbering`/The timer `pool`/' \
    "src/systems/registry/README.md: the code has no timer: pool"
drifts decisions docs/decisions/README.md '/^| \[0030\]/d' \
    "docs/decisions/README.md: says nothing of the decision: [0030](0030-shapes.md) every body that crosses a wall is a table"
drifts decisions docs/decisions/README.md 's/^| \[0030\]/| [0031]/' \
    "docs/decisions/README.md: the code has no decision: [0031](0030-shapes.md) every body that crosses a wall is a table"
drifts decisions docs/decisions/0030-shapes.md '1s/: .*/: a table/' \
    "docs/decisions/README.md: says nothing of the decision: [0030](0030-shapes.md) a table"
drifts links docs/law.md '$a [a page](nowhere.md)' \
    "docs/law.md: leads nowhere: nowhere.md"
drifts links docs/law.md '$a [a part](api.md#nowhere)' \
    "docs/law.md: no such heading: api.md#nowhere"
drifts incidents docs/incidents.md '$a [`a_claim`](../tests/support/double.c)' \
    "docs/incidents.md: tests/support/double.c has no test a_claim"
drifts incidents docs/incidents.md '1i see tests/support/double.c' \
    "docs/incidents.md:1:see tests/support/double.c: names no test of that file"
drifts comparisons HACKING.md '/^| `timers` |/d' \
    "HACKING.md: says nothing of the comparison of documents: timers"
sed -n 's/^check_\([a-z]*\)() {$/\1/p' "$tools/check-docs.sh" | sort >made
sort -u drifted | diff - made >log ||
    fail "check-docs.sh: a fault for each comparison: $(cat log)"

# --- Scripts that read the symbols of a build -------------------------------------

# room NAME FILE: an object of standard input in the library of a room.
room() {
	objects=build/CMakeFiles/$1.dir/src/$1
	mkdir -p "$objects"
	cat >"$objects/$2.c"
	"$cc" -w -c -o "$objects/$2.c.o" "$objects/$2.c"
	rm -f "build/lib$1.a"
	ar rcs "build/lib$1.a" "$objects"/*.o
	(cd build && find . -name '*.o') |
	    sed -E 's|^[.]/(.*)[.]o$|cc -o \1.o -c \1|' \
		>build/compile_commands.json
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
room high e <<'END'
int e(void) { return 1; }
int g(void) { return 2; }
int h(void) { return g(); }
int arena_used(void) { return 0; }
END
room tests t <<'END'
int e(void), g(void), h(void), arena_used(void);
int t(void) { return e() + g() + h() + arena_used(); }
END
finds check-dead.sh build src/high/e.c "only tests use e"
grep -q "use g" log && fail "check-dead.sh: complains of a part that its file uses"
grep -q "use arena" log && fail "check-dead.sh: complains of a name with a reason"
room high f <<'END'
int arena_used(void);
int f(void) { return arena_used(); }
END
finds check-dead.sh build src/high/e.c "more than tests use arena_used"

exit $((failures > 0))
