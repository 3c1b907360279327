#!/bin/sh
# user.sh BUILD: root starts a nation whose systems run as another user, who
# reaches nothing of the nation but what systems need.  Status 77: we are not
# root.
# shellcheck disable=SC2154 # nation.sh sets port and up
set -eu

. "$(dirname "$0")/../support/nation.sh"

cat >nation.ini <<-END
	[nation]
	port = $port
	[organisation 131041]
	kind = special-ward
	name = Shinjuku
	systems = registry relay
END
run 0 init nation --from nation.ini --passphrase-dir secrets
relay=nation/systems/131041-relay
[ "$(id -u)" = 0 ] || {
	run 3 up nation --passphrase-dir secrets --user nobody
	says "only root starts systems as another user"
	exit 77
}

# as_nobody COMMAND...: as the user of the systems.
as_nobody() {
	setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups "$@"
}

# --- Refusals -------------------------------------------------------------------

run 3 up nation --passphrase-dir secrets --user no-such-user
says "there is no user no-such-user on this machine; \`useradd --system no-such-user\` makes one"
run 3 up nation --passphrase-dir secrets --user bango-%
says "there is no user bango-131041-registry"
run 3 up nation --passphrase-dir secrets --user root
says "the user root is root"
run 3 up nation --passphrase-dir secrets --user nobody
says "the user nobody cannot read nation/nation.ini"
says "chmod o+x"
chmod 711 .
ln nation/nation.ini $relay/linked
run 3 up nation --passphrase-dir secrets --user nobody
says "$relay/linked has another name elsewhere, and is not given to the user nobody"
rm $relay/linked

# --- A nation at work -----------------------------------------------------------

start --passphrase-dir secrets --user nobody
for pid in $(pgrep -P "$up"); do
	grep -q '^Uid:	65534	65534	65534	65534$' "/proc/$pid/status" &&
		grep -q '^Groups:	65534 $' "/proc/$pid/status" ||
		fail "$(grep -E 'Uid|Groups' "/proc/$pid/status")"
done
call 131041/relay /status
grep -q '"sandbox":"\(complete\|the kernel\)' out || fail "$(cat out)"
for file in nation/ca/ca.keys nation/operators/131041/key.pem secrets/ca; do
	[ -f "$file" ] || fail "there is no $file"
	! as_nobody cat "$file" >out 2>&1 || fail "$file is read"
done
as_nobody cat $relay/keys >out || fail "its own keys"
# A command of root's replaces a file; a system that dies starts again with it.
run 0 keys nation 131041/relay --passphrase-dir secrets --rotate sign
tries=0
until [ "$(stat -c %u $relay/keys)" = "$(id -u nobody)" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || fail "the user does not get what root wrote"
	sleep 0.1
done
kill -9 "$(pgrep -P "$up" -f 131041/relay | head -n 1)"
tries=0
until grep -c 'ready on port' $relay/log | grep -qx 2; do
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || fail "it does not start again: $(cat $relay/log)"
	sleep 0.1
done
stop

# A link that an intruder left in the folder leads root nowhere.
: >victim
rm $relay/log
ln -s "$(pwd)/victim" $relay/log
run 3 up nation --passphrase-dir secrets --user nobody
says "cannot"
[ ! -s victim ] && [ "$(stat -c %u victim)" = 0 ] || fail "the victim is hit"
