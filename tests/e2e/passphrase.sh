#!/bin/sh
# passphrase.sh BUILD: each key store has a passphrase, which opens no other one,
# and which a command changes.
# shellcheck disable=SC2154 # script.sh sets bango
set -eu

. "$(dirname "$0")/../support/script.sh"

cat >nation.ini <<-END
	[nation]
	[organisation 131041]
	kind = special-ward
	name = Shinjuku
	systems = registry relay
END
registry=nation/systems/131041-registry
relay=nation/systems/131041-relay

# --- Each its own ---------------------------------------------------------------

run 0 init nation --from nation.ini
[ ! -e nation/passphrase ] || fail "there is one for all"
for file in $registry/passphrase $relay/passphrase nation/ca/passphrase; do
	[ "$(stat -c %a $file)" = 600 ] || fail "$file is open"
	[ "$(wc -c <$file)" = 43 ] || fail "$file has not 256 bits"
done
run 0 keys nation 131041/relay
cp out keys
run 0 keys nation 131041/relay --passphrase-file $relay/passphrase
run 4 keys nation 131041/relay --passphrase-file $registry/passphrase
says "$relay/keys: the passphrase is wrong, or the file was altered"
run 4 keys nation 131041/relay --passphrase-file nation/ca/passphrase
run 4 revoke nation 131041/relay --passphrase-file $relay/passphrase
says "nation/ca/ca.keys: the passphrase is wrong, or the file was altered"
run 4 operator add nation 131041 --name x --systems relay --duties operator \
	--passphrase-file $relay/passphrase
says "nation/ca/ca.keys: the passphrase is wrong, or the file was altered"
# A new signing key needs both.
run 0 keys nation 131041/relay --rotate sign
run 4 keys nation 131041/relay --rotate sign \
	--authority-passphrase-file $relay/passphrase
says "nation/ca/ca.keys"
run 0 keys nation 131041/relay
cp out keys
# A program with bugs ends where it is told of one that it does not have.
if ! BANGO_BUG=no-such-bug "$bango" init none --from nation.ini >out 2>err; then
	BANGO_BUG=passphrase-shared "$bango" init shared --from nation.ini \
		>out 2>err || fail "init"
	run 0 keys shared 131041/relay \
		--passphrase-file shared/systems/131041-registry/passphrase
fi
rm -rf none

# --- Changes ----------------------------------------------------------------------

cp $relay/passphrase old
cp $relay/keys old.keys
run 0 passphrase nation 131041/relay
cmp -s old $relay/passphrase && fail "it is the same"
run 0 keys nation 131041/relay
cmp -s out keys || fail "the keys are others"
run 4 keys nation 131041/relay --passphrase-file old
# Killed when the key store was sealed, and before the name was changed.
mv $relay/passphrase $relay/passphrase.new
cp old $relay/passphrase
run 0 keys nation 131041/relay
run 0 passphrase nation 131041/relay
[ ! -e $relay/passphrase.new ] || fail "there are two"
run 0 keys nation 131041/relay
# Killed before the key store was sealed.
cp old $relay/passphrase.new
run 0 keys nation 131041/relay
run 0 passphrase nation 131041/relay

echo "correct horse battery staple" >chosen
run 0 passphrase nation ca --new-passphrase-file chosen
[ ! -e nation/ca/passphrase ] || fail "what opens nothing is kept"
grep -aq '"memory":65536,"passes":3' nation/ca/ca.keys ||
	fail "a chosen passphrase is cheap to try"
run 3 revoke nation 131041/relay
says "cannot open nation/ca/passphrase"
run 0 keys nation 131041/relay --rotate sign --authority-passphrase-file chosen
run 0 passphrase nation ca --passphrase-file chosen
grep -aq '"memory":64,"passes":1' nation/ca/ca.keys ||
	fail "a random passphrase is dear"

echo "fourteen chars" >short
run 2 passphrase nation ca --new-passphrase-file short
says "has 14 characters, expected 15 or more"
: >empty
run 2 passphrase nation ca --new-passphrase-file empty
run 3 passphrase nation ca --new-passphrase-file none
run 2 passphrase nation --new-passphrase-file chosen
says "is for one key store; name it"
run 3 passphrase nation 131041/portal
run 3 passphrase none
run 4 passphrase nation ca --passphrase-file old
run 0 keys nation 131041/relay --rotate sign

# --- A nation of an earlier day ----------------------------------------------------

echo "the one for all of them" >nation/passphrase
for whose in 131041/registry 131041/relay ca; do
	run 0 passphrase nation $whose --new-passphrase-file nation/passphrase
done
run 0 keys nation 131041/relay --rotate sign
run 0 passphrase nation
[ ! -e nation/passphrase ] || fail "the one for all is kept"
run 0 keys nation 131041/relay --rotate sign
run 4 keys nation 131041/relay --passphrase-file nation/ca/passphrase

# --- Elsewhere ---------------------------------------------------------------------

run 0 init away --from nation.ini --passphrase-dir secrets
find away -name 'passphrase*' | grep . && fail "one is not elsewhere"
[ "$(cd secrets && echo *)" = "131041-registry 131041-relay ca" ] ||
	fail "others are elsewhere"
[ "$(stat -c %a secrets)" = 700 ] || fail "the folder is open"
run 3 keys away 131041/relay
run 0 keys away 131041/relay --passphrase-dir secrets --rotate sign
run 0 passphrase away --passphrase-dir secrets
run 0 keys away 131041/relay --passphrase-dir secrets
run 0 revoke away 131041/relay --passphrase-dir secrets
run 3 init more --from nation.ini --passphrase-dir secrets
says "secrets exists already"
[ ! -e more ] || fail "half a nation"
echo 'x = y' >>nation.ini
run 2 init more --from nation.ini --passphrase-dir others
[ ! -e others ] && [ ! -e more ] || fail "a folder is left behind"
