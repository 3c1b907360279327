#!/bin/sh
# test_misspelt.sh COMPILER INCLUDE...: a name or a type that is wrong in a call
# of a statement does not compile.
set -u
compiler=$1
shift
file=$(mktemp --suffix=.c) || exit 1
trap 'rm -f "$file" "$file.log"' EXIT
failures=0
includes=
for folder in "$@"; do
	includes="$includes -I$folder"
done

# compile: a function's body from standard input.
compile() {
	{
		echo '#include "typed_rows.h"'
		echo 'int f(struct store *store, struct arena *arena);'
		echo 'int f(struct store *store, struct arena *arena) {'
		echo 'struct internal_number internal = {1};'
		echo 'struct typed_member_row row; struct linkage_code linkage;'
		cat
		echo 'return arena != NULL && row.age == 0 && store != NULL &&'
		echo 'internal.value == 0 && linkage.bytes[0] == 0; }'
	} >"$file"
	# shellcheck disable=SC2086
	"$compiler" -std=c17 -Werror $includes -c "$file" -o /dev/null \
	    >"$file.log" 2>&1
}

# refuses CLAIM WORD
refuses() {
	if compile; then
		echo "it compiles: $1"
		failures=$((failures + 1))
	elif ! grep -q -e "$2" "$file.log"; then
		echo "$1: refused for another reason:"
		cat "$file.log"
		failures=$((failures + 1))
	fi
}

if ! compile <<'END'
if (typed_member_get(store, arena, internal, &row)) return 1;
if (typed_member_add(store, &(struct typed_member_add){.internal = internal,
	.linkage = &linkage, .at = row.at})) return 1;
END
then
	cat "$file.log"
	exit 1
fi
refuses 'a misspelt column' nmae <<'END'
if (typed_member_get(store, arena, internal, &row)) return (int)row.nmae.len;
END
refuses 'a misspelt parameter' internl <<'END'
if (typed_member_add(store, &(struct typed_member_add){.internl = internal}))
	return 1;
END
refuses 'a misspelt statement' typed_member_gte <<'END'
if (typed_member_gte(store, arena, internal, &row)) return 1;
END
refuses 'a code for another one' linkage <<'END'
if (typed_member_add(store, &(struct typed_member_add){.code = &linkage}))
	return 1;
END
refuses 'an integer for an instant' incompatible <<'END'
if (typed_member_end_now(store, 5, internal)) return 1;
END
refuses 'parameters in another order' incompatible <<'END'
if (typed_member_end_now(store, internal, row.at)) return 1;
END
refuses 'a parameter too few' few <<'END'
if (typed_member_end_now(store, row.at)) return 1;
END
refuses 'the row of another statement' incompatible <<'END'
struct typed_entry_count_row count;
if (typed_member_get(store, arena, internal, &count)) return 1;
END
refuses 'an error that nobody looks at' unused <<'END'
typed_member_end_now(store, row.at, internal);
END

[ "$failures" = 0 ] && echo 'all as claimed'
exit "$failures"
