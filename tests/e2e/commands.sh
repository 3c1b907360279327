#!/bin/sh
# commands.sh BUILD: what all commands have in common: help, misuse, manual
# pages, completion, and the descriptions of the APIs.
#
# shellcheck disable=SC2016 # there are backquotes in messages
set -eu
. "$(dirname "$0")/../support/script.sh"

# --- The program -------------------------------------------------------------

run 2
says "usage: bango COMMAND" err
run 0 --help
sed -n 's/^  \([a-z0-9]*\)  *[^ ].*/\1/p' out >commands
[ "$(wc -l <commands)" -ge 14 ] || fail "too few commands are listed"
mv out list
run 0 help
cmp -s out list || fail "help and --help differ"
run 0 --version
grep -qx 'bango [0-9]*\.[0-9]*\.[0-9]*' out || fail "no version"
run 2 populaton
says 'there is no command "populaton"; did you mean `bango population`?' err
run 2 weather
says 'there is no command "weather"; `bango help` lists the commands' err
run 2 --colour
run 2 help weather

# --- Each command ------------------------------------------------------------

# The options in the list of a help text.
options() {
	sed -n 's/^  \(--[a-z][a-z-]*\).*/\1/p' "$1" | sort -u
}

lower() {
	tr '[:upper:]' '[:lower:]' | sed '/^$/d'
}

# The forms and options of a help text, without case: a form a line, then the
# options.
takes() {
	awk '/^$/ { exit }
		/^(usage: |       )bango / { sub(/^(usage: |  *)/, "\n") }
		{ gsub(/  +/, " "); printf "%s", $0 }
		END { print "" }' "$1"
	sed -n '/^  --/s/^  \([^ ]* *[^ ]*\)  .*/\1/p' "$1" | sed 's/  .*//'
}

# The same of a manual page.
page_takes() {
	awk '/^\.Sh/ { synopsis = /SYNOPSIS/ }
		function plain(s) {
			gsub(/Fl -/, "--", s)
			gsub(/(Ar|Cm) /, "", s)
			gsub(/ \| /, "|", s)
			gsub(/ Ns /, "", s)
			return s
		}
		/^\.It Fl -/ { options = options "\n" plain(substr($0, 5)) }
		!synopsis || /^\.Sh/ { next }
		sub(/^\.Nm /, "") { printf "\n%s", plain($0); next }
		sub(/^\.Op /, "") { printf " [%s]", plain($0); next }
		{ printf " %s", plain(substr($0, 2)) }
		END { print options }' "$1" | grep -vx -e --help -e --
}

while read -r command; do
	run 0 "$command" --help
	says "usage: bango" out
	cp out "$command.help"
	options out >"$command.options"
	run 0 help "$command"
	cmp -s out "$command.help" || fail "help $command: another text"
	[ "$command" != help ] || continue

	run 2 "$command" --no-such-option
	[ -s err ] || fail "$command: a misuse without words"
	[ ! -s out ] || fail "$command: a misuse is no output"

	page=$root/man/bango-$command.1
	[ -f "$page" ] || fail "there is no $page"
	takes "$command.help" | lower >table.takes
	page_takes "$page" | lower >page.takes
	diff table.takes page.takes ||
		fail "$page: SYNOPSIS or options are not those of the table"
done <commands

# The table refuses what does not fit, and says what would.
refused() {
	said=$1
	shift
	run 2 "$@"
	says "$said" err
}
refused "expected the operands DIR SYSTEM FILE.csv" import nation 131041
refused "expected the operands DIR SYSTEM FILE.csv" import a b c d
refused "expected no operands" simulate now
refused "the first operand must be verify, prove or audit" ledger look nation
refused "the first operand must be check or complete" number
refused "--seen goes with audit" ledger verify nation --seen folder
refused "--anchor is missing" evidence verify archive
refused "--kind is missing" number complete 13104
refused "--kind: expected individual, corporate, resident-code or government" \
	number check --kind passport 1
refused "weather is not one of affairs, items, providers" law list weather
refused "--wait: expected a number up to 3600" evidence export a b c --wait 3601
refused "--port: expected a number from 1024 to 60000" demo --port 80
refused "option --json=1 is unknown or lacks its value" number check --json=1
refused "option --seed is unknown or lacks its value" simulate --seed
refused "option --ready is unknown" up nation --ready 3
refused "d is one operand too many: expected the operands DIR" import a b c d
refused "the operand FILE.csv is empty" inquire nation 131041 ''
refused 'there is no item "rain"; see `bango law list items`' law may \
	municipality 106 municipality rain
! grep -q -- --help err || fail "one error names two places to look"
run 0 init --print

# --- Exit statuses: man/bango.1 has the table ----------------------------------

echo "business_number,affair,item,provider" >some.csv
id=00112233445566778899aabbccddeeff
dies() {
	while read -r words; do
		# shellcheck disable=SC2086 # words
		run $1 $words
		says "$2" err
	done <words
}
cat >words <<END
up none
serve none 131041/registry
status none
revoke none 131041/registry
ledger verify none
ledger audit none
ledger prove none 131041/registry 1
evidence export none 131041/relay $id
import none 131041 some.csv
inquire none 131041 some.csv
keys none 131041/registry
END
dies 3 ": No such file or directory"
run 0 init --print
sed 's/^port = .*/port = 20000/' out >nation.ini
run 0 init nation --from nation.ini
cp -r nation none
echo "no setting" >none/nation.ini
sed -i '/^keys/d' words # which need no founding file
dies 2 "none/nation.ini, line 1: "
run 2 init new --from none/nation.ini
run 3 init new --from missing.ini
run 3 init none
run 3 evidence verify missing --anchor missing
run 3 law list --editions missing editions
run 1 law may --date 1999-01-01 municipality 106 municipality local-tax
run 1 number check 131042
refused "131041/offices is another system; expected 131041/registry" \
	import none 131041/offices some.csv
refused "131041/registry is another system; expected 131041/offices" \
	inquire none 131041/registry some.csv

# A result that cannot be written is told before the work, which would fail
# here for another reason.
for words in "import nation 131041 some.csv --rejects" \
	"inquire nation 131041 some.csv --output" \
	"evidence export nation 131041/relay $id --output" \
	"population --municipality 131041 --output"; do
	for path in missing/file nation; do
		# shellcheck disable=SC2086 # words
		run 3 $words $path
		says "$path" err
		! grep -q "does not answer" err || fail "$words: told too late"
	done
done
[ "$(echo nation.* nation/nation.ini)" = "nation.ini nation/nation.ini" ] ||
	fail "a check of a path leaves a file"
rm -r nation none

# The pages list the same commands and benchmarks.
sed -n 's/^  \([a-z0-9]\{1,\}\)  *[^ ].*/\1/p' bench.help >names
sed -n 's/^\.It Cm //p' "$root/man/bango-bench.1" | cmp -s - names ||
	fail "man/bango-bench.1: other benchmarks than bango bench --help"
sed -n 's/^\.It Cm \([a-z0-9]*\).*/\1/p' "$root/man/bango.1" |
	sort >names
sort commands | cmp -s - names || fail "man/bango.1: other commands"

# --- Completion --------------------------------------------------------------

run 2 completion
run 2 completion csh
says 'csh is not one of bash' err
run 0 completion bash
mv out completion.bash
bash -n completion.bash || fail "bash does not understand its script"

# offer WORD...: what bash offers for the last word.
cat >complete.bash <<'END'
. ./completion.bash
compopt() { :; }
COMP_WORDS=(bango "$@")
COMP_CWORD=$#
_bango
printf '%s\n' "${COMPREPLY[@]}"
END
offer() {
	bash complete.bash "$@" | sed '/^$/d' | sort >offered
}

offer ''
grep -v '^--' offered >offered.commands
sort commands | cmp -s - offered.commands || fail "completion: other commands"
while read -r command; do
	offer "$command" --
	grep -vx -e --help offered >offered.options || true
	[ "$command" != help ] || continue
	cmp -s "$command.options" offered.options ||
		fail "completion: other options than bango $command --help"
done <commands

# offers EXPECTED WORD...
offers() {
	expected=$1
	shift
	offer "$@"
	[ "$(tr '\n' ' ' <offered)" = "$expected" ] ||
		fail "after bango $*: $(tr '\n' ' ' <offered)"
}
sed -n 's/^  \([a-z0-9]\{1,\}\)  *[^ ].*/\1/p' bench.help | sort >names
offer bench ''
cmp -s names offered || fail "bench: other benchmarks than the help names"
mkdir nation
touch residents.csv
offers "population " pop
offers "cp932 utf-8 " population --encoding ''
offers "cp932 " population --count 5 --encoding cp
offers "cp932 " import --encoding = cp
offers "nation " up na
offers "" import nation ''
offers "" ledger prove nation ''
echo '[{"id":"131041/registry","url":"u"},{"id":"131041/relay","url":"u"},
	{"id":"nenkin/relay","url":"u"}]' >nation/directory.json
systems="131041/registry 131041/relay nenkin/relay "
offers "131041/registry 131041/relay " import nation 131041
for command in serve revoke keys import inquire "evidence export" \
	"ledger prove" "ledger verify" "ledger audit"; do
	# shellcheck disable=SC2086 # words
	offers "$systems" $command nation ''
done
offers "nenkin/relay " ledger verify nation 131041/relay nen
# shellcheck disable=SC2088 # the tilde is what the user typed
HOME=$PWD offers "$systems" serve '~/nation' ''
offers "residents.csv " import nation 131041 res
offers "residents.csv " import --quiet nation --encoding cp932 131041 res
offers "residents.csv " import nation --encoding = cp932 131041 res
offers "residents.csv " population --output res
offers "check complete " number ''
offers "items " law list it
offers "nation " ledger verify na
offers "residents.csv " evidence verify res
offers "nation " evidence export na
offers "bash " completion ''
offers "exchange " bench registry exch
offers "relay " openapi rel
offers "status " help sta

# --- The descriptions of the APIs --------------------------------------------

# The members that a document of OpenAPI 3.1 must have, and that ours has.
cat >openapi.jq <<'END'
def schema:
	(has("$ref") or (.type | type == "string") or
		(.type | length == 2 and .[1] == "null"))
	and all((.properties // {})[]; schema)
	and ((.required // []) - ((.properties // {}) | keys) == [])
	and all((.prefixItems // [])[]; schema)
	and all((.items // empty); schema)
	and all((.pattern // empty); . as $p | "" | test($p) | not);
def operation($document; $path):
	(.operationId | test("^[a-z][a-z-]*$")) and (.summary | length > 0)
	and ((.["x-doors"] | length) > 0)
	and all(.parameters[]?; .name as $p | ($p | length > 0) and (.schema | schema)
		and (if .in == "path"
			then .required and ($path | contains("{" + $p + "}"))
			else .in == "query" end))
	and all(.requestBody.content[]?; .schema // {"type": ""} | schema)
	and (.requestBody == null or
		(.responses["413"] != null and .responses["415"] != null))
	and (.security == [] or .responses["401"] != null or
		.responses["403"] != null)
	and all(.responses[]; .description != null or
		($document.components.responses[.["$ref"] // "" |
			ltrimstr("#/components/responses/")] != null))
	and all(.security[] | keys[];
		$document.components.securitySchemes[.] != null);
. as $document | .openapi == "3.1.0"
and (.info | .title != null and .version != null)
and (.servers | length > 0)
and ([.paths[][].operationId] | length == (unique | length))
and all(.paths | to_entries[]; .key as $path |
	($path | startswith("/")) and
	all(.value[]; operation($document; $path)))
END

run 2 openapi
run 2 openapi weather
says 'there is no such system; expected one of registry' err

# routes FILE...: "METHOD PATH" of each row of the tables in these sources.
routes() {
	cat "$@" | tr '\n\t' '  ' | grep -oE '\{ *HTTP_[A-Z]+, *"/[^"]*"' |
		sed -E 's/.*HTTP_([A-Z]+), *"(.*)"/\L\1\E \2/'
}
while read -r system; do
	document=$1/openapi/$system.json
	run 0 openapi "$system"
	cmp out "$document" || fail "$document is not what bango openapi says"
	routes "$root/src/systems/$system"/*.c "$root"/src/components/*/*.c \
		"$root"/src/host/*.c >said
	sort -u -o said said
	jq -r '.paths | to_entries[] | .key as $path | .value | keys[] |
		"\(.) \($path)"' out | sort >described
	cmp said described || fail "$document: other routes than the tables"
	jq -e -f openapi.jq out >/dev/null || fail "$document: malformed"
done <<END
$(ls "$root/src/systems")
END
jq -e '.paths["/enrolments"].post["x-doors"] == ["peers", "people"]' \
	"$1/openapi/portal.json" >/dev/null || fail "portal: doors"

# The reader takes these types, and a form where nothing is nested.
types() {
	jq -r ".paths[\"$2\"].post.requestBody.content | keys | join(\" \")" \
		"$1/openapi/$3.json"
}
flat="application/json application/x-www-form-urlencoded multipart/form-data"
[ "$(types "$1" /sessions portal)" = "$flat" ] ||
	fail "portal: types of a flat body"
[ "$(types "$1" /tax-records offices)" = application/json ] ||
	fail "offices: types of a nested body"
[ "$(types "$1" /replicas/csv offices)" = '*/*' ] ||
	fail "offices: types of a raw body"
jq -e '.paths["/records"].get.responses["401"] != null and
	.paths["/enrolments"].post.responses["401"] == null' \
	"$1/openapi/portal.json" >/dev/null || fail "portal: 401"

# --- Output that is lost ------------------------------------------------------

# lost ARGUMENT...
lost() {
	got=0
	"$bango" "$@" >/dev/full 2>err || got=$?
	[ "$got" = 3 ] || fail "bango $*: a full disk gives status $got"
	says "cannot write standard output" err
}
if [ -e /dev/full ]; then
	lost --help
	lost help
	lost --version
	lost init --help
	lost init --print
	lost completion bash
	lost law list affairs
	lost number check 131041
	lost number check 131042
	lost openapi relay
	lost demo --help
fi

# --- The manual pages --------------------------------------------------------

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$root"/man/bango*.1 \
		"$root"/man/libbango*.3 >out ||
		fail "$(cat out)"
fi

echo "commands: ok"
