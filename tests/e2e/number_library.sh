#!/bin/sh
# number_library.sh BUILD: install libbango-number of the folder BUILD below a
# DESTDIR, and build and run a foreign program against it by pkg-config.
set -eu

build=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "number_library: $*" >&2
	exit 1
}

DESTDIR=$dir/root cmake --install "$build" --component number-library \
	>"$dir/log" 2>&1 || { cat "$dir/log" >&2; fail "it does not install"; }
pc=$(find "$dir/root" -name bango-number.pc)
man=$(find "$dir/root" -name 'libbango-number.3*')
[ -n "$pc" ] || fail "there is no pkg-config file"
[ -n "$man" ] || fail "there is no manual page"

PKG_CONFIG_LIBDIR=$(dirname "$pc")
PKG_CONFIG_SYSROOT_DIR=$dir/root
PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS

cat >"$dir/payroll.c" <<'EOF'
#include <bango-number.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	char whole[BANGO_NUMBER_DIGITS_MAX + 1];
	int result;

	if (argc != 2)
		return 2;
	result = bango_number_complete(
	    BANGO_NUMBER_CORPORATE, argv[1], whole, sizeof(whole));
	if (result != BANGO_NUMBER_VALID) {
		puts(bango_number_text(result));
		return 1;
	}
	puts(whole);

	return bango_number_check(BANGO_NUMBER_CORPORATE, whole);
}
EOF
# A sanitized library wants a sanitized program.
extra=
if grep -q '^BANGO_SANITIZE:[A-Z]*=ON' "$build/CMakeCache.txt"; then
	extra=-fsanitize=address,undefined
fi
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
cflags=$(pkg-config --cflags bango-number)
libs=$(pkg-config --libs bango-number)
libdir=$dir/root$(pkg-config --variable=libdir bango-number)
[ -d "$libdir" ] || libdir=$(dirname "$(dirname "$pc")")

# expect PROGRAM: it must complete a number and refuse another.
expect() {
	[ "$("$1" 000012050002)" = 7000012050002 ] || fail "$1: wrong number"
	[ "$("$1" 123)" = "not as many digits as such a number has" ] ||
		fail "$1: wrong refusal"
}

# shellcheck disable=SC2086 # flags are words
{
	"$compiler" -std=c99 -pedantic -Wall -Wextra -Werror $extra $cflags \
		-o "$dir/shared" "$dir/payroll.c" $libs
	"$compiler" -std=c99 $extra $cflags -o "$dir/static" \
		"$dir/payroll.c" "$libdir/libbango-number.a"
	if command -v c++ >/dev/null; then
		echo '#include <bango-number.h>' >"$dir/header.cc"
		c++ -Wall -Wextra -Werror -fsyntax-only $cflags \
			"$dir/header.cc"
	fi
}
LD_LIBRARY_PATH=$libdir
export LD_LIBRARY_PATH
expect "$dir/shared"
expect "$dir/static"

# It stands on the C library alone and shows nothing but its interface.
needed=$(readelf -d "$libdir/libbango-number.so" |
	sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	grep -v -e '^libc\.' -e '^libasan\.' -e '^libubsan\.' || true)
[ -z "$needed" ] || fail "it drags in $needed"
foreign=$(nm -D --defined-only "$libdir/libbango-number.so" |
	awk '$2 != "A" { print $3 }' | grep -v '^bango_number_' |
	grep -v -i -e asan -e ubsan || true)
[ -z "$foreign" ] || fail "it exports $foreign"

echo "number_library: ok"
