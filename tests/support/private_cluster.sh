#!/bin/sh
# private_cluster.sh COMMAND ARGUMENT...
#
# Runs the command with a PostgreSQL server of its own: a new cluster in a
# temporary folder, reached by a Unix socket only.  BANGO_TEST_POSTGRESQL holds
# the location for store_open(), PGHOST, PGUSER and PGDATABASE are set for
# psql.  In any case the server is stopped and the folder removed; its
# exit status is the command's.
#
# The command may ask for the server to be stopped, and started again a second
# later, with a signal to BANGO_TEST_CLUSTER: SIGUSR1 for an orderly stop,
# SIGUSR2 for one as in a crash.  $PGHOST/starts has a line for each start.
set -u

bin=
for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)"; do
	[ -x "$folder/initdb" ] && bin=$folder
done
if [ -z "$bin" ]; then
	echo "private_cluster: no PostgreSQL server: install postgresql" >&2
	exit 1
fi

home=$(mktemp -d) || exit 1
server=
child=

clean() {
	trap '' HUP INT TERM
	[ -n "$child" ] && kill "$child" 2>/dev/null
	# SIGQUIT: at once, without a checkpoint; nothing is kept anyway.
	[ -n "$server" ] && kill -QUIT "$server" 2>/dev/null && wait "$server"
	rm -rf "$home"
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The server refuses to run as root.  It gets a signal when this shell dies,
# even by SIGKILL.
as_user="setpriv --pdeathsig QUIT"
if [ "$(id -u)" = 0 ]; then
	user=postgres
	id "$user" >/dev/null 2>&1 || user=nobody
	as_user="setpriv --reuid $user --regid $(id -g "$user") \
	    --clear-groups --pdeathsig QUIT"
	chown "$user" "$home" || exit 1
fi

cd "$home" || exit 1
if ! $as_user "$bin/initdb" --pgdata="$home/data" --username=bango \
    --auth=trust --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --no-sync >"$home/log" 2>&1; then
	cat "$home/log" >&2
	exit 1
fi
cd "$OLDPWD" || exit 1

start() {
	$as_user "$bin/postgres" -D "$home/data" -k "$home" \
	    -c listen_addresses= -c unix_socket_permissions=0777 \
	    >>"$home/log" 2>&1 &
	server=$!
	n=0
	until "$bin/pg_isready" -q -h "$home"; do
		n=$((n + 1))
		if [ "$n" -gt 3000 ] || ! kill -0 "$server" 2>/dev/null; then
			cat "$home/log" >&2
			exit 1
		fi
		sleep 0.1
	done
	echo started >>"$home/starts"
}
start

export PGHOST="$home" PGUSER=bango PGDATABASE=postgres
export BANGO_TEST_POSTGRESQL="postgresql:host=$home user=bango dbname=postgres"
export BANGO_TEST_CLUSTER=$$
stop=
trap 'stop=INT' USR1
trap 'stop=QUIT' USR2
"$@" &
child=$!
while :; do
	wait "$child"
	status=$?
	# A signal ends the wait, too.
	[ -n "$stop" ] || break
	kill -"$stop" "$server"
	wait "$server"
	server=
	sleep 1
	stop=
	start
done
child=
[ "$status" -ne 0 ] && [ -n "${BANGO_TEST_VERBOSE:-}" ] && cat "$home/log" >&2
exit "$status"
