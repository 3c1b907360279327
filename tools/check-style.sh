#!/bin/sh
# check-style.sh [ROOT]
#
# The rules of STYLE.md that clang-format cannot see: length of functions and
# files, nesting, parameters, banned calls, beginnings of sentences in comments,
# documents, manual pages and texts of the program (tools/style.awk).
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$tools/..}"

{
	find src tests tools fuzz bench cmake data -name '*.[ch]' -o \
	    -name '*.sh' -o -name '*.awk' -o -name '*.sql' -o \
	    -name '*.cmake' -o -name CMakeLists.txt -o -name '*.md'
	ls README.md NEWS.md SECURITY.md ARCHITECTURE.md HACKING.md STYLE.md \
	    docs/*.md docs/decisions/*.md man/*.[1-9] CMakeLists.txt Makefile
} | LC_ALL=C sort | xargs awk -f "$tools/style.awk"
