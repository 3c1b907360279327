#!/bin/sh
# check-docs.sh [ROOT [COMPARISON...]]
#
# The documents against the code.  HACKING.md, "Documents that a script
# compares", lists the comparisons: one function each, check_NAME.  Prints one
# line for each difference.
set -eu

cd "${1:-$(dirname "$0")/..}"
[ $# = 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C.UTF-8
export LC_ALL

comparisons="messages answers routes holdings refusals rooms layers libraries
    glossary settings commands timers decisions links incidents comparisons"

# complain WORDS: may be called where a pipe has made a process of its own.
complain() {
	printf '%s\n' "$1"
	: >"$work/found"
}

# complain_of FORMAT: about each line of standard input, which stands at %s.
complain_of() {
	while read -r line; do
		# shellcheck disable=SC2059 # ours
		complain "$(printf "$1" "$line")"
	done
}

# compare DOCUMENT WHAT: $work/said and $work/done hold a line for each fact.
compare() {
	sort -u "$work/said" >"$work/said.sorted"
	sort -u "$work/done" >"$work/done.sorted"
	if [ ! -s "$work/said.sorted" ] || [ ! -s "$work/done.sorted" ]; then
		complain "$1: no $2 found: has its form changed?"
	fi
	comm -23 "$work/said.sorted" "$work/done.sorted" |
	    complain_of "$1: the code has no $2: %s"
	comm -13 "$work/said.sorted" "$work/done.sorted" |
	    complain_of "$1: says nothing of the $2: %s"
}

# --- Pieces of the code and of documents -------------------------------------

one_line() {
	cat "$@" | tr '\n\t' '  '
}

systems() {
	find src/systems -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort
}

components() {
	find src/components -mindepth 1 -maxdepth 1 -type d |
	    sed 's|.*/||' | sort
}

commands() {
	sed -n 's/^    &\([a-z0-9]*\)_command,$/\1/p' src/main/commands.c
}

# The folders of src; those of systems and components are rooms of their own.
rooms() {
	find src -mindepth 1 -maxdepth 1 -type d |
	    grep -vxE 'src/(systems|components)'
	systems | sed 's|^|src/systems/|'
	components | sed 's|^|src/components/|'
}

# Our own Markdown files.
pages() {
	find . -name '*.md' -not -path './build*' -not -path './.git/*' |
	    sed 's|^\./||' | sort
}

# part HEADING FILE: what stands between that heading and the next.
part() {
	awk -v heading="$1" '
		/^#/ { inside = $0 ~ "^#+ " heading "$"; next }
		inside' "$2"
}

# "tag type" of all messages, from their definitions.
types() {
	one_line src/messages/*.c |
	    grep -oE 'DEFINE_MESSAGE\( *[a-z_]+, *"[a-z.-]+"' |
	    sed -E 's/.*\( *([a-z_]+), *"([a-z.-]+)"/\1 \2/'
}

# routes_of FILE...: "METHOD /path".
routes_of() {
	one_line "$@" | grep -oE '\{ *HTTP_[A-Z]+, *"/[^"]*"' |
	    sed -E 's/\{ *HTTP_([A-Z]+), *"([^"]*)"/\1 \2/'
}

# The libraries of CMakeLists.txt: jansson, pq ...
libraries() {
	sed -nE 's/^(pkg_check_modules|find_library)\(([A-Z0-9]+) .*/\2/p' \
	    CMakeLists.txt | tr '[:upper:]' '[:lower:]'
}

# --- Comparisons, in the order of HACKING.md ---------------------------------

# "from -> to type".  Documents say "registry, offices → own addressee",
# "relay (provider) → network", "registry A → jukinet", "network → relay, portal".
check_messages() {
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
	}' docs/messages.md | sed '/^from -> to /d' >"$work/said"
	types >"$work/types"
	{
		systems | while read -r name; do
			message_rows "$name" src/systems/"$name"/*.c
		done
		message_rows any src/components/*/*.c
	} >"$work/done"
	compare docs/messages.md message
}

# message_rows RECEIVER FILE...: the rows of its table, "from -> to type tag".
message_rows() {
	to=$1
	shift
	one_line "$@" |
	    grep -oE '\{ *&message_[a-z_]+, *("[a-z]+"|NULL), *FROM_' |
	    sed -E 's/\{ *&message_([a-z_]+), *"?([a-zA-Z]+)"?,.*/\2 \1/' |
	    awk -v to="$to" '
		NR == FNR { type[$1] = $2; next }
		{ print ($1 == "NULL" ? "any" : $1) " -> " to " " type[$2] \
		    " " $2 }' "$work/types" -
}

# The messages for whose answer somebody waits: the tables `refused`.
check_answers() {
	tr '\n' ' ' <docs/messages.md |
	    grep -oE "with the receiver's reason:[^.]*(\.[a-z][^.]*)*\." |
	    grep -oE '`[a-z.]+`' | tr -d '`' >"$work/said" || true
	types >"$work/types"
	one_line src/systems/*/*.c src/components/*/*.c |
	    grep -oE 'refused\[\] = \{[^;]*;' |
	    grep -oE '&message_[a-z_]+' | sed 's/&message_//' |
	    awk 'NR == FNR { type[$1] = $2; next } { print type[$1] }' \
		"$work/types" - >"$work/done"
	compare docs/messages.md "message whose sender hears of a refusal"
}

# "system METHOD /path"; those of the host and the components belong to all.  A
# path is the whole word between its backquotes, without its query.
check_routes() {
	awk -F'|' '
	/^\|/ && $3 ~ /`[A-Z]+ \// {
		gsub(/ /, "", $2)
		n = split($3, quoted, "`")
		for (i = 2; i <= n; i += 2)
			if (sub(/^[A-Z]+ \//, $2 " &", quoted[i]))
				print quoted[i]
	}' docs/api.md | sed 's/?.*//' >"$work/said"
	systems | while read -r name; do
		routes_of src/systems/"$name"/*.c | sed "s/^/$name /"
	done >"$work/done"
	compare docs/api.md route

	# A form of a path with <PART> is explained there, and no route.
	awk '/^Common to every system/, /^$/' docs/api.md |
	    grep -oE '`[A-Z]+ /[^`]*`' | tr -d '`' |
	    grep -v '<' >"$work/said" || true
	routes_of src/host/*.c src/components/*/*.c >"$work/done"
	compare docs/api.md "route of every system"
}

# Cells of a row, "." for an empty one.
check_holdings() {
	systems | while read -r name; do
		one_line src/systems/"$name"/*.c | awk -v name="$name" '
		function cell(field,    value) {
			if (!match($0, "\\.holds\\." field \
			    " = (HOLDS_[A-Z]+|\"[^\"]*\")"))
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
	done >"$work/done"
	for page in ARCHITECTURE.md docs/messages.md; do
		awk -F' *[|] *' '
		/^\| \| IN \| RC \| INT \| LC \| contents \|$/ {
			inside = 1
			next
		}
		!/^\|/ { inside = 0 }
		inside && $2 !~ /^-*$/ {
			line = $2
			for (i = 3; i <= 7; i++)
				line = line " | " ($i == "" ? "." : $i)
			print line
		}' "$page" >"$work/said"
		compare "$page" "row of who holds what"
	done
}

# "token article".
check_refusals() {
	awk -F'|' '$2 ~ /^ `[a-z-]+` $/ && NF == 6 {
		gsub(/[ `]/, "", $2)
		gsub(/^ | $/, "", $4)
		print $2 " " $4
	}' docs/refusals.md >"$work/said"
	one_line src/law/refusal.c |
	    grep -oE '\] = *\{"[a-z-]+", *"[a-z]+", *"[^"]*"' |
	    sed -E 's/^[^"]*"([a-z-]+)", *"[a-z]+", *"([^"]*)"/\1 \2/
		s/ $/ none/' >"$work/done"
	compare docs/refusals.md refusal
}

check_rooms() {
	part "The rooms" ARCHITECTURE.md |
	    sed -n 's/^| `\(src\/[^`]*\)` |.*/\1/p' >"$work/said"
	rooms >"$work/done"
	compare ARCHITECTURE.md room
}

# The picture of the layers, top first, against the list of check-layers.sh,
# lowest first: the same rooms, and none below one that comes before it.
check_layers() {
	part "The layers" ARCHITECTURE.md |
	    awk '/^```/ { inside = !inside; next } inside' |
	    sed -E 's/(systems|components)\///g' >"$work/picture"
	tr -s ' ' '\n' <"$work/picture" >"$work/said"
	sed -n 's/^\tbelow("\([a-z]*\)", .*/\1/p' tools/layers.awk |
	    while read -r name; do
		    case $name in
		    systems) systems ;;
		    components) components ;;
		    *) echo "$name" ;;
		    esac
	    done >"$work/done"
	cp "$work/done" "$work/order"
	compare ARCHITECTURE.md "room among the layers"
	awk 'NR == FNR { for (i = 1; i <= NF; i++) line[$i] = FNR; next }
	    before && line[$1] > before { print $1 }
	    { before = line[$1] }' "$work/picture" "$work/order" |
	    complain_of "ARCHITECTURE.md: too low among the layers: %s"
}

# The owners of libraries, "library owner", against those of check-layers.sh;
# CMake looks for the same libraries, and links each with rooms of its owners.
check_libraries() {
	awk -F' *[|] *' '
	/^\| library \| only in \|$/ { inside = 1; next }
	!/^\|/ { inside = 0 }
	inside && $2 !~ /^-/ {
		gsub(/`| *\([^)]*\)/, "", $3)
		n = split($2, names, ", ")
		m = split($3, places, ", ")
		for (i = 1; i <= n; i++)
			for (k = 1; k <= m; k++)
				print names[i] " " places[k]
	}' ARCHITECTURE.md >"$work/said"
	sed -nE 's/^\towner\("([^"]+)", "[^"]*", "([^"]*)"\)$/\1 \2/p' \
	    tools/layers.awk |
	    awk '{ for (i = 2; i <= NF; i++) print $1 " " $i }' >"$work/done"
	compare ARCHITECTURE.md "owner of a library"

	tr '[:upper:]' '[:lower:]' <"$work/said" | sed 's/^lib//' \
	    >"$work/owners"
	sed 's/ .*//' "$work/owners" >"$work/said"
	libraries >"$work/done"
	compare ARCHITECTURE.md library
	sed -nE 's/^bango_layer\(([a-z]+) (.*)\)$/\1 \2/p' CMakeLists.txt |
	    tr '[:upper:]' '[:lower:]' |
	    while read -r room linked; do
		    for library in $(libraries); do
			    case $linked in
			    *"::$library"* | *"{$library}"*) ;;
			    *) continue ;;
			    esac
			    grep -qE "^$library $room(/|\$)" "$work/owners" ||
				complain "ARCHITECTURE.md: $room is no owner of $library"
		    done
	    done
}

# The glossary has each system by its name and title, and no other.
check_glossary() {
	grep -oE 'system `[a-z]+` \|$' docs/glossary.md |
	    sed 's/^system `//; s/`.*//' >"$work/said" || true
	systems >"$work/done"
	compare docs/glossary.md system
	systems | while read -r name; do
		title=$(sed -n 's/^    \.title = "\(.*\)",$/\1/p' \
		    "src/systems/$name/routes.c")
		grep -F "system \`$name\` |" docs/glossary.md |
		    grep -qF -e "${title:-no title found}" ||
		    complain "docs/glossary.md: $name is not called ${title:-by a title}"
	done
}

# The founding file: names of settings, and of systems.
check_settings() {
	sed -n '/^\.Sh FOUNDING FILE/,/^\.Sh FILES/p' man/bango-init.1 \
	    >"$work/founding"
	sed -n 's/^\.It Va //p' "$work/founding" | sed 's/ Ns .*//; s/\\&//' |
	    tr -s ' ,' '\n' >"$work/said"
	one_line src/nation/config_setting.c src/host/*.c src/systems/*/*.c \
	    src/components/*/*.c |
	    grep -oE 'struct [a-z_]*rule [a-z_]+\[\] = \{[^;]*' |
	    grep -oE '\{"[^"]+"' | tr -d '{"' >"$work/done"
	compare man/bango-init.1 setting
	sed -n 's/^\.It Cm //p' "$work/founding" >"$work/said"
	systems >"$work/done"
	compare man/bango-init.1 system
}

# A page each, their list, and those that the READMEs show.
check_commands() {
	find man -name 'bango-*.1' | sed 's/.*bango-//; s/\.1$//' >"$work/said"
	echo help >>"$work/said"
	commands >"$work/done"
	compare man command
	sed -n 's/^\.Xr bango-\([a-z0-9]*\) 1.*/\1/p' man/bango.1 \
	    >"$work/said"
	commands | grep -vx help >"$work/done"
	compare man/bango.1 command
	commands >"$work/commands"
	for page in README.md README.ja.md; do
		grep -oE '(`|/)bango [a-z0-9]+' "$page" | sed 's/.* //' |
		    sort -u | grep -vxF -f "$work/commands" |
		    complain_of "$page: the code has no command: %s"
	done
}

# A timer that a document names: timer `NAME`.
check_timers() {
	one_line src/systems/*/*.[ch] src/components/*/*.[ch] src/host/*.[ch] |
	    grep -oE '(timers\[\] = \{[^;]*;|_TIMER "[^"]+")' |
	    grep -oE '(\{|_TIMER )"[^"]+"' | sed 's/"$//; s/.*"//' >"$work/timers"
	pages | while read -r page; do
		grep -oE '[Tt]imer `[^`]+`' "$page" | sed 's/.* `//; s/`$//' |
		    grep -vxF -f "$work/timers" |
		    complain_of "$page: the code has no timer: %s"
	done
}

# "[number](file) title"; the list may say more after ";".
check_decisions() {
	sed -nE 's/^\| (\[[0-9]*\]\([^)]*\)) \| ([^;]*)(;.*)? \|$/\1 \2/p' \
	    docs/decisions/README.md >"$work/said"
	for page in docs/decisions/[0-9]*.md; do
		name=${page##*/}
		printf '[%s](%s) ' "${name%%-*}" "$name"
		sed -nE '1s/^# [0-9]*: ([^;]*).*/\1/p' "$page"
	done >"$work/done"
	compare docs/decisions/README.md decision
}

# Links of all Markdown files, with their headings.
check_links() {
	pages | while read -r page; do
		awk '/^ *```/ { quoted = !quoted } !quoted' "$page" |
		    grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//' |
		    grep -vE '^(https?|mailto):' |
		    while read -r link; do
			    follow "$page" "$link"
		    done
	done
}

# follow PAGE LINK
follow() {
	file=${2%%#*}
	target=$1
	[ -z "$file" ] || target=$(dirname "$1")/$file
	if [ ! -e "$target" ]; then
		complain "$1: leads nowhere: $2"
	elif [ "$2" != "$file" ] && [ -f "$target" ] &&
	    ! anchors "$target" | grep -qxF -e "${2#*#}"; then
		complain "$1: no such heading: $2"
	fi
}

# The headings of a file, as GitHub makes anchors of them.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
	    sed 's/[^[:alnum:] _-]//g; s/ /-/g'
}

# Tests that docs/incidents.md names: [`claim`](../tests/file)
check_incidents() {
	grep -oE '\[`[A-Za-z0-9_]+`\]\(\.\./tests/[^)]+\)' docs/incidents.md |
	    sed -E 's/^\[`([^`]+)`\]\(\.\.\/([^)]+)\)/\1 \2/' |
	    while read -r claim file; do
		    grep -qw -e "$claim" "$file" 2>/dev/null ||
			complain "docs/incidents.md: $file has no test $claim"
	    done
	sed 's/\[`[^]]*`\](\.\.\/tests\/[^)]*)//g' docs/incidents.md |
	    grep -n 'tests/' |
	    complain_of "docs/incidents.md:%s: names no test of that file"
}

# This script against the list of HACKING.md.
check_comparisons() {
	part "Documents that a script compares" HACKING.md |
	    sed -n 's/^| `\([a-z]*\)` |.*/\1/p' >"$work/said"
	printf '%s\n' $comparisons >"$work/done"
	compare HACKING.md "comparison of documents"
}

# shellcheck disable=SC2086 # a list of names
[ $# != 0 ] || set -- $comparisons
for name; do
	"check_$name"
done
[ ! -e "$work/found" ]
