# shellcheck shell=sh
# attack.sh BUILD, for scripts that source it: a nation at work, of which one
# organisation is the enemy (012041, Asahikawa), and another has residents
# (131041, Shinjuku).  The nation's supervisor is stopped, so that a process
# that the script replaces stays replaced.
#
#   be SYSTEM            the liar takes the place of a system of the enemy
#   say SYSTEM TO TYPE BODY [TIMES]
#                        the liar sends a message, with that system's keys
#   hears SYSTEM TYPE [PATTERN]
#                        wait until the liar of that system has heard such a
#                        message, whose body has PATTERN; its body is in `heard`
#   heard_nothing SYSTEM PATTERN
#   forget SYSTEM        what it heard so far
#   with SYSTEM BUG      a system of others, its process and its database as they
#                        are, with its check taken out
#   rows SYSTEM SQL      what a copy of a system's database says
. "$(dirname "$0")/../support/nation.sh"
liars=

finish() {
	[ -z "$up" ] || kill -9 "$up" $(pgrep -P "$up") $liars
	wait
}

# A file name for a system.
named() {
	echo "$1" | tr / -
}

# settle ORGANISATION COUNT: residents who all have numbers and codes.
settle() {
	"$bango" population --municipality "$1" --count "$2" \
		--output "$1.csv" >out 2>err || fail "population"
	"$bango" import nation "$1" "$1.csv" --quiet >out 2>err || fail "import"
	call "$1/registry" "/residents/$2?wait=60&until=numbered"
	call "$1/relay" "/progress?wait=60&linked=$2"
}

# open_nation COUNT: with that many residents of each of the two.  `founding`, if it
# is set, edits the founding file.
open_nation() {
	found "${founding:-}"
	start
	settle 131041 "$1"
	settle 012041 "$1"
	kill -STOP "$up"
}

# end_of SYSTEM: its process is gone when this returns.
end_of() {
	pid=$(pgrep -P "$up,$$" -f "nation $1" | head -n 1)
	[ -n "$pid" ] || fail "$1 does not run"
	kill -9 "$pid"
	while [ -e "/proc/$pid/stat" ] &&
		! grep -q ') Z ' "/proc/$pid/stat"; do
		sleep 0.05
	done
}

# launch SYSTEM COMMAND...: until it is ready.
launch() {
	log=$(named "$1").log
	shift
	: >"$log"
	"$@" >>"${log%.log}.heard" 2>>"$log" &
	liars="$liars $!"
	tries=0
	until grep -q 'ready on port' "$log"; do
		kill -0 "$!" 2>/dev/null || fail "$* ends: $(cat "$log")"
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || fail "$* is not ready"
		sleep 0.05
	done
}

be() {
	end_of "$1"
	launch "$1" "$build/tests/attack/liar" nation "$1"
}

with() {
	end_of "$1"
	launch "$1" env BANGO_BUG="$2" "$bango" serve nation "$1"
}

say() {
	jq -cn --arg to "$2" --arg type "$3" --argjson body "$4" \
		--argjson times "${5:-1}" \
		'{$to, $type, $body, $times}' >message.json
	call "$1" /say -H 'Content-Type: application/json' \
		--data-binary @message.json
}

hears() {
	tries=0
	until cut -f 2- "$(named "$1").heard" | grep "^$2	.*${3:-}" |
		tail -n 1 | cut -f 2 >heard && [ -s heard ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || fail "$1 heard no $2 ${3:-}: $(cat \
			"$(named "$1").heard")"
		sleep 0.05
	done
}

heard_nothing() {
	! grep "$2" "$(named "$1").heard" || fail "$1 heard it"
}

forget() {
	: >"$(named "$1").heard"
}

rows() {
	rm -rf copy
	cp -r "nation/systems/$(named "$1")" copy
	sqlite3 copy/data.sqlite "$2"
}
