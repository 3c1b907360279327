#!/bin/sh
# commands.sh BUILD: what all commands have in common: help, misuse, manual
# pages, completion, and the descriptions of the APIs.
#
# shellcheck disable=SC2016 # there are backquotes in messages
set -eu

bango=$1/bango
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

fail() {
	echo "commands: $*" >&2
	exit 1
}

# run STATUS ARGUMENT...: leaves out and err.
run() {
	status=$1 got=0
	shift
	"$bango" "$@" >out 2>err </dev/null || got=$?
	[ "$got" = "$status" ] || {
		cat err >&2
		fail "bango $*: status $got instead of $status"
	}
}

says() {
	grep -qF -- "$1" "$2" || fail "$2 does not say: $1"
}

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
says 'there is no command "weather"; `bango help` lists them' err
run 2 --colour
run 2 help weather

# --- Each command ------------------------------------------------------------

# The options in a help text, but --help.
options() {
	grep -o -e '--[a-z][a-z-]*' out | grep -vx -e --help | sort -u || true
}

while read -r command; do
	run 0 "$command" --help
	says "usage: bango" out
	cp out "$command.help"
	options >"$command.options"
	run 0 help "$command"
	cmp -s out "$command.help" || fail "help $command: another text"
	[ "$command" != help ] || continue

	run 2 "$command" --no-such-option
	[ -s err ] || fail "$command: a misuse without words"
	[ ! -s out ] || fail "$command: a misuse is no output"

	# The manual page knows the same options.
	page=$root/man/bango-$command.1
	[ -f "$page" ] || fail "there is no $page"
	grep -o 'Fl -[a-z][a-z-]*' "$page" | sed 's/Fl -/--/' |
		grep -vx -e --help | sort -u >page.options || true
	[ "$command" != init ] || # it refers to an option of another command
		sed -i '/^--passphrase-file$/d' page.options
	[ "$command" = number ] || [ "$command" = ff1 ] ||
		cmp -s "$command.options" page.options ||
		fail "$page: other options than bango $command --help"
done <commands
# The verbs of these say more than they themselves.
for verb in "number check" "number complete" "ff1 encrypt"; do
	# shellcheck disable=SC2086 # two words
	run 0 $verb --help
	options >>"${verb% *}.options"
done
for command in number ff1; do
	sort -u -o $command.options $command.options
done

# The pages list the same commands and benchmarks.
sed -n 's/^  \([a-z0-9]*\)  *[^ ].*/\1/p' bench.help >names
sed -n 's/^\.It Cm //p' "$root/man/bango-bench.1" | cmp -s - names ||
	fail "man/bango-bench.1: other benchmarks than bango bench --help"
sed -n 's/^\.It Cm \([a-z0-9]*\).*/\1/p' "$root/man/bango.1" |
	sort >names
sort commands | cmp -s - names || fail "man/bango.1: other commands"

# --- Completion --------------------------------------------------------------

run 2 completion
run 2 completion csh
says '"csh" is not bash, zsh or fish' err
for shell in bash zsh fish; do
	run 0 completion $shell
	mv out completion.$shell
	! command -v $shell >/dev/null || $shell -n completion.$shell ||
		fail "$shell does not understand its script"
done

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
	while read -r option; do
		name=${option#--}
		grep -q "seen_subcommand_from $command' -l $name " \
			completion.fish || fail "fish lacks $command $option"
		sed -n "/^		$command)/,/;;/p" completion.zsh |
			grep -q -e "'${option}[=[]" ||
			fail "zsh lacks $command $option"
	done <"$command.options"
	grep -q "^		$command:'" completion.zsh || fail "zsh: $command"
	grep -q "subcommand -a $command " completion.fish ||
		fail "fish: $command"
done <commands

# offers EXPECTED WORD...
offers() {
	expected=$1
	shift
	offer "$@"
	[ "$(tr '\n' ' ' <offered)" = "$expected" ] ||
		fail "after bango $*: $(tr '\n' ' ' <offered)"
}
sed -n 's/^  \([a-z0-9]*\)  *[^ ].*/\1/p' bench.help | sort >names
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
offers "residents.csv " import nation 131041 res
offers "residents.csv " import --quiet nation --encoding cp932 131041 res
offers "residents.csv " import nation --encoding = cp932 131041 res
offers "residents.csv " population --output res
offers "check complete " number ''
offers "bash fish zsh " completion ''
offers "exchange " bench registry exch
offers "relay " openapi rel
offers "status " help sta

# --- The descriptions of the APIs --------------------------------------------

# What a document of OpenAPI 3.1 must have, and we say.
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
	and (.requestBody == null or .responses["413"] != null)
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
says 'there is no such system; there are registry' err

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
	echo "post /envelopes" >>said
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
if [ -e /dev/full ]; then
	got=0
	"$bango" openapi relay >/dev/full 2>err || got=$?
	[ "$got" = 3 ] || fail "a full disk gives status $got"
fi

# --- The manual pages --------------------------------------------------------

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$root"/man/bango*.1 \
		"$root"/man/libbango*.3 >out ||
		fail "$(cat out)"
fi

echo "commands: ok"
