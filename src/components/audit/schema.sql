-- type digest: root
-- type instant: ledger_claim.at, adopted
-- type system_id (wire/id.h): witness

-- migration 1: the ledger, and other systems' ledgers that we witness
-- A database of an earlier day has these tables: the host made them.
-- The Merkle log of the audit: its hashes in tiles of 256.
CREATE TABLE IF NOT EXISTS ledger_tile (
	level INTEGER NOT NULL,
	number INTEGER NOT NULL,
	hashes BLOB NOT NULL,
	PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

-- Which entries the leaves of a tile of level 0 stand for, 8 bytes for each
-- seq, and what their salts are made of.  Once the entries are erased, so is
-- the secret.
CREATE TABLE IF NOT EXISTS ledger_page (
	number INTEGER PRIMARY KEY,
	first_seq INTEGER NOT NULL,
	seqs BLOB NOT NULL,
	secret BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_page_by_seq ON ledger_page (first_seq);

-- 'signed': the newest checkpoint.  'cosigned': the newest that a witness
-- has signed too.
CREATE TABLE IF NOT EXISTS ledger_head (
	name TEXT PRIMARY KEY CHECK (name IN ('signed', 'cosigned')),
	size INTEGER NOT NULL,
	last_seq INTEGER NOT NULL,
	note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest checkpoint of each log that we have cosigned.  One that does not
-- continue it is kept: both together show that its log has two histories.
CREATE TABLE IF NOT EXISTS ledger_witnessed (
	origin TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	note TEXT NOT NULL,
	contradiction TEXT
) STRICT, WITHOUT ROWID;

-- migration 2: histories of ours that this ledger does not have
-- A checkpoint that our own key has signed and a witness has shown, of a tree
-- that this database does not have.  The system takes no work until an officer
-- has decided.
CREATE TABLE ledger_claim (
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	note TEXT NOT NULL,
	witness TEXT NOT NULL,
	at INTEGER NOT NULL,
	adopted INTEGER,
	PRIMARY KEY (size, root)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_claim_open ON ledger_claim (adopted)
	WHERE adopted IS NULL;
-- migration 3: several witnesses
-- The signatures of our witnesses, some of the newest of each: the lines of those
-- who signed the same checkpoint are joined in the head 'cosigned'.
CREATE TABLE ledger_cosignature (
	witness TEXT NOT NULL,
	size INTEGER NOT NULL,
	note TEXT NOT NULL,
	line TEXT NOT NULL,
	PRIMARY KEY (witness, size)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_cosignature_by_size ON ledger_cosignature (size);
-- migration 4: rows that did not fit are found at once
CREATE INDEX audit_misfit ON audit (action) WHERE action = 'rows.misfit';
