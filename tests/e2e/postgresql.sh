#!/bin/sh
# private_cluster.sh postgresql.sh BUILD: a nation on PostgreSQL is founded
# whole or not at all, and lives.
set -eu
. "$(dirname "$0")/../support/nation.sh"

location="postgresql:host=$PGHOST user=bango"

sql() {
	psql -qXAt -v ON_ERROR_STOP=1 -c "$1"
}

databases() {
	sql "SELECT count(*) FROM pg_database WHERE datname LIKE 'bango\_%'"
}

# ini LOCATION: the built-in founding file there.
ini() {
	"$bango" init --print | sed "s|^database = .*|database = $1|" >nation.ini
}

# --- Refusals -----------------------------------------------------------------

sql "CREATE ROLE poor LOGIN"
ini "postgresql:host=$PGHOST user=poor"
run 3 init nation --from nation.ini
says "createdb -h $PGHOST -p 5432 -O poor -E UTF8 -T template0 bango_jlis"
ini "postgresql:host=$PGHOST user=nobody"
run 3 init nation --from nation.ini
says 'role "nobody" does not exist'
ini "postgresql:host=/nonexistent"
run 3 init nation --from nation.ini
ini "postgresql:host"
run 2 init nation --from nation.ini
says 'does not understand the location: missing "=" after "host"'
[ "$(databases)" = 0 ] || fail "databases were made"

# --- Midway ------------------------------------------------------------------

ini "$location"
sql "CREATE DATABASE bango_131041_relay"
PGDATABASE=bango_131041_relay sql "CREATE TABLE somebody_s (id BIGINT)"
run 3 init nation --from nation.ini
says "bango_131041_relay is taken, there are tables in it"
[ "$(echo nation*)" = nation.ini ] || fail "a part of a nation was left"
[ "$(databases)" -gt 1 ] || fail "it looked at bango_131041_relay first"
sql "DROP DATABASE bango_131041_relay"
run 0 init nation --from nation.ini
[ "$(databases)" = "$(jq '.systems | length' nation/directory.json)" ] ||
	fail "$(databases) databases"

run 3 init other --from nation.ini
says "bango_jlis_jukinet is taken by the nation 見本国, founded at "
[ ! -e other ] || fail "two nations in the same databases"
for database in $(sql "SELECT datname FROM pg_database
    WHERE datname LIKE 'bango\_%'"); do
	sql "DROP DATABASE $database"
done
rm -r nation

# --- The whole story, the location as a URI ----------------------------------

run 2 demo --database "$location"
says "name a folder too"
run 0 demo nation --once --residents 100 --port $port \
	--database "postgresql://bango@/template1?host=$PGHOST"
grep -q "the father sees it in the portal" out || fail "no story was told"
[ ! -e nation/systems/131041-registry/data.sqlite ] ||
	fail "a system has a database of SQLite"
[ "$(PGDATABASE=bango_131041_registry sql "SELECT count(*) > 100
    FROM resident")" = t ] || fail "the residents are not on PostgreSQL"
run 3 demo nation2 --once --database "$location"
says "bango_jlis_jukinet is taken by"

# --- The ledger, which does not mind gaps between numbers ----------------------

run 0 ledger verify nation
[ "$(grep -c ' holds: ' out)" = "$(jq '.systems | length' nation/directory.json)" ] ||
	fail "not all ledgers hold"
grep -q '^131041/registry .* [1-9][0-9]* entries' out ||
	fail "nothing was written down"
entry=$(PGDATABASE=bango_131041_registry sql "SELECT max(seq) FROM audit")
run 0 ledger prove nation 131041/registry "$entry"
grep -q '"inclusion":\["' out || fail "no proof of an entry"
PGDATABASE=bango_131041_registry sql "UPDATE audit SET actor = 'nobody'
    WHERE seq = $entry"
run 1 ledger verify nation 131041/registry
grep -q "DOES NOT HOLD: .* entry $entry" out || fail "a change went unseen"

# --- A database that is lost, or put back ----------------------------------------

registry=bango_131041_registry
pg_dump -Fc $registry >older
PGDATABASE=$registry sql "UPDATE audit SET actor = 'operator clerk'
    WHERE seq = $entry"
sql "ALTER DATABASE $registry RENAME TO newest"
sql "CREATE DATABASE $registry OWNER bango"
run 4 serve nation 131041/registry
says "the database $registry is missing or empty, but 131041/registry has worked before, as nation/systems/131041-registry/mark says"
sql "DROP DATABASE $registry"
sql "CREATE DATABASE $registry OWNER bango"
pg_restore -d $registry older
PGDATABASE=$registry sql "DELETE FROM ledger_head"
run 3 serve nation 131041/registry
says "$registry is not the database of 131041/registry that nation/systems/131041-registry/mark names: its ledger has 0 entries, and had "
sql "DROP DATABASE $registry"
sql "ALTER DATABASE newest RENAME TO $registry"

# --- A server that is away ---------------------------------------------------

sed "s|^database = .*|database = postgresql:host=/nonexistent|" \
	nation/nation.ini >nation.ini
cp nation.ini nation/nation.ini
run 3 up nation --quiet
says "cannot be reached"

echo "postgresql: ok"
