#!/bin/sh
# install-packages.sh PURPOSE...
#
# Installs what packages.txt names for these purposes (build, run, check) and
# this machine lacks.  Touches neither the network nor the package lists if
# nothing is missing.  BANGO_SKIP_PACKAGES=1 leaves it to you.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
[ -z "${BANGO_SKIP_PACKAGES:-}" ] || exit 0

wanted=$(awk -v purposes=" $* " '
	/^[a-z]/ && index(purposes, " " $2 " ") { print $1 }
' "$root/packages.txt")

if ! command -v dpkg-query >/dev/null; then
	echo "This is no Debian: install by hand what packages.txt names," >&2
	echo "then set BANGO_SKIP_PACKAGES=1." >&2
	exit 1
fi

# A word a package: the splitting is meant.
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted \
    2>/dev/null | awk '$2 == "installed" { print $1 }') || true
missing=$(
	for package in $wanted; do
		echo "$installed" | grep -qx -e "$package" || echo "$package"
	done
)
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "These packages are missing, and this is neither root nor" >&2
		echo "is there sudo.  As root, run:" >&2
		# shellcheck disable=SC2086
		echo "  apt-get install --no-install-recommends" $missing >&2
		exit 1
	fi
	as_root=sudo
fi

# shellcheck disable=SC2086
echo "Installing:" $missing
$as_root apt-get update -q
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing
