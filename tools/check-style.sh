#!/bin/sh
# check-style.sh [ROOT]
#
# What STYLE.md asks for and clang-format cannot see: length of functions and
# files, nesting, parameters, banned calls (tools/style.awk).
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$tools/..}"
find src tests tools fuzz bench -name '*.[ch]' | LC_ALL=C sort |
    xargs awk -f "$tools/style.awk"
