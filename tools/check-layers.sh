#!/bin/sh
# check-layers.sh [ROOT]
#
# Every #include of src/ and bench/ against the layers (tools/layers.awk).  Prints
# FILE:LINE: REASON for each one that points up.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$tools/..}"
# The names of our files hold no white space.
find src bench -name '*.[ch]' | LC_ALL=C sort | xargs awk -f "$tools/layers.awk"
