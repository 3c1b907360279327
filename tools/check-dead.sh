#!/bin/sh
# check-dead.sh [BUILD]
#
# Exported names of src/ and bench/ that no other object file of BUILD
# (build/dev) uses: such a name is static, or can go.  A name that only tests
# use goes into the tests, or has a reason in tools/for-tests.txt; a part of a
# module that its own file uses, too, may have a test.  Left out are generated
# code, libbango-number, whose users are elsewhere, and the shapes of messages,
# which a macro exports.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$tools/../build/dev}"
objects=$(mktemp)
trap 'rm -f "$objects"' EXIT

# Lines "OBJECT SOURCE".  The build knows its objects: those of sources that are
# gone may lie about.
sed -nE 's|.* -o ([^ ]+[.]o) -c ([^ "]+).*|\1 \2|p' compile_commands.json |
    grep -v '/bango-number' >"$objects"
if [ ! -s "$objects" ]; then
	echo "no objects to look into; build first"
	exit 1
fi

# Lines "OBJECT SYMBOL KIND".
cut -d ' ' -f 1 "$objects" | xargs nm -A --format=posix |
    sed -nE 's|^(.*): ([^ ]+) ([A-Z]).*|\1 \2 \3|p' |
    awk -v reasons="$tools/for-tests.txt" '
	BEGIN {
		while ((getline line <reasons) > 0)
			if (sub(/ .*/, "", line) && line ~ /^[a-z]/)
				reason[line] = 1
	}
	NR == FNR { source[$1] = $2; next }
	$3 == "U" && $1 ~ "(^|/)(tests|fuzz)/" && $1 !~ "/tools/" {
		tested[$2] = 1
		next
	}
	$3 == "U" { used[$2] = 1; next }
	$1 !~ "(^|/)(tests|fuzz|tools|generated)/" &&
	    $2 !~ "^(main$|__|bango_number_)|_shape$" {
		home[$2] = $1
	}
	# Whether its own file has it in one more line than that of its definition.
	function is_own(name,    file, line, n) {
		file = source[home[name]]
		while ((getline line <file) > 0)
			n += line ~ "(^|[^A-Za-z0-9_])" name "([^A-Za-z0-9_]|$)"
		close(file)
		return n > 1
	}
	function complain(name, why,    file) {
		file = home[name]
		sub(/^.*[.]dir\/(__\/__\/)?/, "", file)
		sub(/[.]o$/, "", file)
		print file ": " why " " name
		found = 1
	}
	END {
		for (name in home) {
			if (!(name in used) && !(name in tested))
				complain(name, "no other file uses")
			else if (name in used && name in reason)
				complain(name, "more than tests use")
			else if (!(name in used) && !(name in reason) &&
			    !is_own(name))
				complain(name, "only tests use")
		}
		exit found
	}' "$objects" -
