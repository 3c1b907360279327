# shellcheck shell=sh
# For test scripts, SCRIPT BUILD, that have a nation in the folder `nation`.
. "$(dirname "$0")/../support/script.sh"
port=$(free_port 32)
up=

finish() {
	[ -z "$up" ] || { kill "$up" && wait "$up"; }
}

# found [EDIT [OPTION...]]: a nation of the usual organisations at `port`; EDIT is
# for sed, the options for `bango init`.
found() {
	edit=${1:-}
	[ $# = 0 ] || shift
	"$bango" init --print | sed -e "s/^port = .*/port = $port/
		s/^people_port = .*/people_port = $((port + 15))/" \
		-e "$edit" >nation.ini
	run 0 init nation --from nation.ini "$@"
}

# write_small: the founding file of a nation of two systems, at `port`.
write_small() {
	cat >nation.ini <<-END
		[nation]
		port = $port
		[organisation jlis]
		kind = information-systems-agency
		name = J-LIS
		systems = jukinet
		[organisation 131041]
		kind = municipality
		name = Shinjuku
		systems = registry
	END
}

# demonstrate: the demo's nation with its story, of which `father` is one, goes
# on serving when this returns.
demonstrate() {
	"$bango" demo nation --residents 20 --port "$port" >demo.log 2>&1 &
	up=$!
	tries=0
	until grep -q 'goes on serving' demo.log; do
		kill -0 "$up" 2>/dev/null || fail "the demo ended"
		tries=$((tries + 1))
		[ "$tries" -lt 6000 ] || fail "the demo does not begin to serve"
		sleep 0.1
	done
	father=$(grep -o 'residents/[0-9]*' demo.log | head -n 1 |
		sed 's|.*/||')
}

# start [OPTION...]: the nation is ready when this returns; its output is in
# up.log.
start() {
	mkfifo ready
	"$bango" up nation --ready-fd 9 "$@" >up.log 2>&1 9>ready &
	up=$!
	[ "$(head -c 1 ready)" = r ] ||
		fail "the nation does not start: $(cat up.log)"
	rm ready
}

stop() {
	kill "$up"
	wait "$up" || fail "the nation ends with an error: $(cat up.log)"
	up=
}

# holder SYSTEM: the folder of a certificate with duties there.
holder() {
	folder=nation/operators/${1%/*}
	[ ! -d "$folder/${1#*/}-operator" ] || folder=$folder/${1#*/}-operator
	echo "$folder"
}

# call SYSTEM PATH ARGUMENT...: as the holder with duties there, by the
# directory's URL; leaves out.
call() {
	by=$(holder "$1")
	url=$(jq -r ".systems[] | select(.id == \"$1\") | .url" \
		nation/directory.json)
	path=$2
	shift 2
	curl -sS -g --fail-with-body --noproxy '*' --cacert nation/ca/ca.pem \
		--cert "$by/cert.pem" --key "$by/key.pem" \
		--output out "$@" "$url$path" 2>err || fail "$url$path"
}
