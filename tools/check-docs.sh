#!/bin/sh
# check-docs.sh [ROOT]
#
# The documents against the code: the messages between systems, the routes, the
# commands with their man pages, the links, and the tests that
# docs/incidents.md names.  Prints one line for each difference.
set -eu

cd "${1:-$(dirname "$0")/..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C.UTF-8
export LC_ALL
found=0

complain() {
	printf '%s\n' "$1"
	found=1
}

# compare DOCUMENT WHAT: $work/said and $work/done hold a line for each fact.
compare() {
	sort -u "$work/said" >"$work/said.sorted"
	sort -u "$work/done" >"$work/done.sorted"
	if [ ! -s "$work/said.sorted" ] || [ ! -s "$work/done.sorted" ]; then
		complain "$1: no $2 found: has its form changed?"
	fi
	comm -23 "$work/said.sorted" "$work/done.sorted" |
	    sed "s|^|$1: the code has no $2: |" >"$work/differences"
	comm -13 "$work/said.sorted" "$work/done.sorted" |
	    sed "s|^|$1: says nothing of the $2: |" >>"$work/differences"
	if [ -s "$work/differences" ]; then
		cat "$work/differences"
		found=1
	fi
}

# The tables of a system as one line.
one_line() {
	find "src/systems/$1" -name '*.c' | sort | xargs cat | tr '\n\t' '  '
}

systems() {
	find src/systems -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort
}

# --- Messages: "from -> to type" --------------------------------------------

# "registry, offices → own addressee", "relay (provider) → network",
# "registry A → jukinet", "network → relay, portal".
awk -F'|' '
	function names(text, list,    n, i) {
		gsub(/\([^)]*\)|own | [AB] *$| [AB],|`/, "", text)
		n = split(text, list, ",")
		for (i = 1; i <= n; i++)
			gsub(/^ +| +$/, "", list[i])
		return n
	}
	$2 ~ /→/ && $3 ~ /`/ {
		split($2, ends, "→")
		type = $3 $4
		gsub(/`[^`]*$/, "", type)
		gsub(/`  *`/, " ", type)
		gsub(/^ *`/, "", type)
		n = names(ends[1], from)
		m = names(ends[2], to)
		for (i = 1; i <= n; i++)
			for (k = 1; k <= m; k++)
				print from[i] " -> " to[k] " " type
	}
' docs/messages.md >"$work/said"
sed -i '/^from -> to /d' "$work/said"
# "tag type" of all messages, from their definitions.
cat src/messages/*.c | tr '\n\t' '  ' |
    grep -oE 'DEFINE_MESSAGE\( *[a-z_]+, *"[a-z.-]+"' |
    sed -E 's/.*\( *([a-z_]+), *"([a-z.-]+)"/\1 \2/' >"$work/types"
# rows RECEIVER: the rows of its table, "from -> to type tag".
rows() {
	grep -oE '\{ *&message_[a-z_]+, *("[a-z]+"|NULL), *FROM_' |
	    sed -E 's/\{ *&message_([a-z_]+), *"?([a-zA-Z]+)"?,.*/\2 \1/' |
	    awk -v to="$1" '
		NR == FNR { type[$1] = $2; next }
		{ print ($1 == "NULL" ? "any" : $1) " -> " to " " type[$2] \
		    " " $2 }' "$work/types" -
}
systems | while read -r name; do
	one_line "$name" | rows "$name"
done >"$work/done"
cat src/components/*/*.c | tr '\n\t' '  ' | rows any >>"$work/done"
compare docs/messages.md message

# --- Routes: "system METHOD /path" ------------------------------------------

awk -F'|' '
	$2 ~ /^ *[a-z]+ *$/ && $3 ~ /(GET|POST|PUT|DELETE) \// {
		system_name = $2
		gsub(/ /, "", system_name)
		rest = $3
		while (match(rest, /(GET|POST|PUT|DELETE) \/[a-z{}\/-]*/)) {
			print system_name " " substr(rest, RSTART, RLENGTH)
			rest = substr(rest, RSTART + RLENGTH)
		}
	}
' docs/api.md >"$work/said"
systems | while read -r name; do
	one_line "$name" |
	    grep -oE '\{ *HTTP_[A-Z]+, *"/[^"]*"' |
	    sed -E 's/\{ *HTTP_([A-Z]+), *"([^"]*)"/'"$name"' \1 \2/' || true
done >"$work/done"
compare docs/api.md route
cat src/host/*.c src/components/*/*.c | tr '\n\t' '  ' | grep -oE '\{ *HTTP_[A-Z]+, *"/[^"]*"' |
    sed -E 's/\{ *HTTP_([A-Z]+), *"([^"]*)"/\1 \2/' >"$work/host"
[ -s "$work/host" ] || complain "src/host: no route found: has its form changed?"
while read -r route; do
	grep -qF "\`$route\`" docs/api.md ||
	    complain "docs/api.md: says nothing of the route: $route"
done <"$work/host"

# --- The data of each system: cells of a row, "." for an empty one ------------

systems | while read -r name; do
	one_line "$name" | awk -v name="$name" '
	function cell(field,    value) {
		if (!match($0, "\\.holds\\." field " = (HOLDS_[A-Z]+|\"[^\"]*\")"))
			return "."
		value = substr($0, RSTART, RLENGTH)
		sub(/^[^=]*= /, "", value)
		if (value ~ /^"/)
			return substr(value, 2, length(value) - 2)
		return value in words ? words[value] : value
	}
	BEGIN {
		words["HOLDS_KEPT"] = "yes"
		words["HOLDS_COMPUTED"] = "by computing"
		words["HOLDS_PASSING"] = "passing through"
		words["HOLDS_OWN"] = "its own"
		words["HOLDS_ALL"] = "all"
	}
	{
		printf "%s | %s | %s | %s | %s | %s\n", name,
		    cell("individual_number"), cell("resident_code"),
		    cell("internal_number"), cell("linkage_code"),
		    cell("contents")
	}'
done >"$work/holdings"
for page in ARCHITECTURE.md docs/messages.md; do
	cp "$work/holdings" "$work/done"
	awk -F' *[|] *' '
	/^\| \| IN \| RC \| INT \| LC \| contents \|$/ { inside = 1; next }
	!/^\|/ { inside = 0 }
	inside && $2 !~ /^-*$/ {
		line = $2
		for (i = 3; i <= 7; i++)
			line = line " | " ($i == "" ? "." : $i)
		print line
	}' "$page" >"$work/said"
	compare "$page" "row of who holds what"
done

# --- Refusals: "token article" -----------------------------------------------

awk -F'|' '$2 ~ /^ `[a-z-]+` $/ && NF == 6 {
	gsub(/[ `]/, "", $2)
	gsub(/^ | $/, "", $4)
	print $2 " " $4
}' docs/refusals.md >"$work/said"
tr '\n\t' '  ' <src/law/refusal.c |
    grep -oE '\] = *\{"[a-z-]+", *"[a-z]+", *"[^"]*"' |
    sed -E 's/^[^"]*"([a-z-]+)", *"[a-z]+", *"([^"]*)"/\1 \2/; s/ $/ none/' \
    >"$work/done"
compare docs/refusals.md refusal

# --- Commands: man page, list, README ---------------------------------------

sed -n 's/^    &\([a-z0-9]*\)_command,$/\1/p' src/main/commands.c \
    >"$work/commands"
[ -s "$work/commands" ] ||
    complain "src/main/commands.c: no command found: has its form changed?"
while read -r name; do
	[ "$name" = help ] || [ -f "man/bango-$name.1" ] ||
	    complain "man/bango-$name.1: missing, for \`bango $name\`"
	grep -q "bango.$name" man/bango.1 2>/dev/null ||
	    complain "man/bango.1: says nothing of bango-$name"
done <"$work/commands"
for page in man/bango-*.1; do
	name=${page#man/bango-}
	grep -qx -e "${name%.1}" "$work/commands" ||
	    complain "$page: there is no such command"
done

# --- Links of all Markdown files --------------------------------------------

# The headings of a file, as GitHub makes anchors of them.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
	    sed 's/[^[:alnum:] _-]//g; s/ /-/g'
}

find . -name '*.md' -not -path './build*' -not -path './.git/*' |
    sed 's|^\./||' | sort >"$work/pages"
while read -r page; do
	folder=$(dirname "$page")
	awk '/^ *```/ { quoted = !quoted } !quoted' "$page" |
	    grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//' |
	    grep -vE '^(https?|mailto):' >"$work/links" || true
	while read -r link; do
		file=${link%%#*}
		target=$page
		[ -z "$file" ] || target=$folder/$file
		if [ ! -e "$target" ]; then
			complain "$page: leads nowhere: $link"
		elif [ "$link" != "$file" ] && [ -f "$target" ] &&
		    ! anchors "$target" | grep -qxF -e "${link#*#}"; then
			complain "$page: no such heading: $link"
		fi
	done <"$work/links"
done <"$work/pages"

# --- Tests that docs/incidents.md names: [`claim`](../tests/file) -----------

grep -oE '\[`[A-Za-z0-9_]+`\]\(\.\./tests/[^)]+\)' docs/incidents.md |
    sed -E 's/^\[`([^`]+)`\]\(\.\.\/([^)]+)\)/\1 \2/' >"$work/tests" || true
while read -r claim file; do
	grep -qw -e "$claim" "$file" 2>/dev/null ||
	    complain "docs/incidents.md: $file has no test $claim"
done <"$work/tests"
sed 's/\[`[^]]*`\](\.\.\/tests\/[^)]*)//g' docs/incidents.md |
    grep -n 'tests/' >"$work/differences" || true
while read -r line; do
	complain "docs/incidents.md:$line: names no test of that file"
done <"$work/differences"

exit "$found"
