#!/bin/sh
# check-dead.sh [BUILD]
#
# Exported names of src/ and bench/ that no other object file of BUILD
# (build/dev) uses, tests included: such a name is static, or can go.  Left out
# are generated code, libbango-number, whose users are elsewhere, and the shapes
# of messages, which a macro exports.
set -eu

cd "${1:-$(dirname "$0")/../build/dev}"

# Lines "OBJECT SYMBOL KIND".  The build knows its objects: those of sources that
# are gone may lie about.
sed -nE 's|.* -o ([^ ]+[.]o) .*|\1|p' compile_commands.json |
    grep -v '/bango-number' | xargs nm -A --format=posix |
    sed -nE 's|^(.*)\.c\.o: ([^ ]+) ([A-Z]).*|\1 \2 \3|p' |
    awk '
	$3 == "U" { used[$2] = 1; next }
	$1 !~ "(^|/)(tests|fuzz|tools|generated)/" && $2 !~ "^(main$|__)|_shape$" {
		home[$2] = $1
	}
	END {
		if (NR == 0) {
			print "no objects to look into; build first"
			exit 1
		}
		for (name in home) {
			if (name in used)
				continue
			file = home[name]
			sub(/^.*[.]dir\/(__\/__\/)?/, "", file)
			print file ".c: no other file uses " name
			found = 1
		}
		exit found
	}'
