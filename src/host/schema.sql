-- migration 1: peers, outbox, inbox, audit
-- The directory: whom we know, by which key and which certificate.
CREATE TABLE peer (
	id TEXT PRIMARY KEY,
	url TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('active', 'revoked'))
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_key (
	key_id TEXT PRIMARY KEY,
	peer TEXT NOT NULL REFERENCES peer (id),
	jwk TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A certificate's key stands for a peer or for an operator, never for both.
CREATE TABLE certificate (
	fingerprint BLOB PRIMARY KEY,
	peer TEXT REFERENCES peer (id),
	operator TEXT,
	CHECK ((peer IS NULL) <> (operator IS NULL))
) STRICT, WITHOUT ROWID;

-- What waits for delivery.  The row goes when its receipt has come, and the
-- text of the envelope with it.
CREATE TABLE outbox (
	seq INTEGER PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE,
	id BLOB NOT NULL,
	peer TEXT NOT NULL REFERENCES peer (id),
	type TEXT NOT NULL,
	envelope TEXT NOT NULL,
	created INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	not_before INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_peer ON outbox (peer, seq);

-- Signed receipts, and what each of them settled.
CREATE TABLE receipt (
	seq INTEGER PRIMARY KEY,
	peer TEXT NOT NULL,
	text TEXT NOT NULL,
	received INTEGER NOT NULL
) STRICT;

CREATE TABLE sent (
	digest BLOB PRIMARY KEY,
	id BLOB NOT NULL,
	peer TEXT NOT NULL,
	type TEXT NOT NULL,
	created INTEGER NOT NULL,
	settled INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
	reason TEXT NOT NULL,
	receipt INTEGER NOT NULL REFERENCES receipt (seq)
) STRICT, WITHOUT ROWID;

-- Every envelope that was applied or refused, so that none is twice.
CREATE TABLE inbox (
	id BLOB PRIMARY KEY,
	peer TEXT NOT NULL,
	type TEXT NOT NULL,
	digest BLOB NOT NULL,
	received INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
	reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who touched whose data, when, on what basis.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	basis TEXT NOT NULL,
	request TEXT NOT NULL
) STRICT;
