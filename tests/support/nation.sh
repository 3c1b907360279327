# shellcheck shell=sh
# For scripts that have a nation in the folder `nation`: they set `bango`, and
# `up` to nothing, and have a function `fail`.

# The nation is ready when this returns; its output is in up.log.
start() {
	mkfifo ready
	"$bango" up nation --ready-fd 9 >up.log 2>&1 9>ready &
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
