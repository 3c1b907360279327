-- type instant: created, not_before, settled, received, since, at, until
-- type instant: born, adopted, revoked
-- type digest: digest, fingerprint
-- type system_id (wire/id.h): peer.id, peer, identity.system, outbox.cause
-- type message_id (wire/id.h): outbox.id, sent.id, inbox.id
-- protected: certificate, certificate_holder, peer_key, revoked_key

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

-- Messages that wait for delivery.  The row goes when its receipt has come, and
-- the text of the envelope with it.
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

-- Accesses to personal data: who, whose, when, on what basis.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	basis TEXT NOT NULL,
	request TEXT NOT NULL
) STRICT;
-- migration 2: none any more
-- It made the tables of the ledger, which are the audit component's today
-- (src/components/audit/schema.sql).
-- migration 3: evidence of exchanges
-- Which exchange a message belongs to, and the entry of the audit of the turn
-- that left it; NULL where no evidence is kept.
ALTER TABLE outbox ADD COLUMN exchange TEXT;
ALTER TABLE outbox ADD COLUMN entry INTEGER;
-- Whether it is evidence of an exchange, and kept for as long.
ALTER TABLE receipt ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;

-- Waybills under which something came that is kept.
CREATE TABLE waybill (
	seq INTEGER PRIMARY KEY,
	text TEXT NOT NULL,
	received INTEGER NOT NULL
) STRICT;

-- Envelopes between organisations about an exchange: one that came,
-- with its waybill, or one that left, with its receipt.
CREATE TABLE evidence (
	seq INTEGER PRIMARY KEY,
	exchange TEXT NOT NULL,
	envelope TEXT NOT NULL,
	waybill INTEGER,
	receipt INTEGER,
	entry INTEGER,
	at INTEGER NOT NULL,
	CHECK ((waybill IS NULL) <> (receipt IS NULL))
) STRICT;
CREATE INDEX evidence_by_exchange ON evidence (exchange);
-- migration 4: what was sent, in the order of time
-- As before, but appended to, so that a commit touches few pages, and erased
-- from its beginning.
CREATE TABLE sent_2 (
	seq INTEGER PRIMARY KEY,
	digest BLOB NOT NULL,
	id BLOB NOT NULL,
	peer TEXT NOT NULL,
	type TEXT NOT NULL,
	created INTEGER NOT NULL,
	settled INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
	reason TEXT NOT NULL,
	receipt INTEGER NOT NULL
) STRICT;
INSERT INTO sent_2 (digest, id, peer, type, created, settled, outcome, reason,
	receipt)
SELECT digest, id, peer, type, created, settled, outcome, reason, receipt
FROM sent ORDER BY settled;
DROP TABLE sent;
ALTER TABLE sent_2 RENAME TO sent;
CREATE INDEX sent_refused ON sent (settled) WHERE outcome = 'refused';
-- migration 5: what is put off does not delay what is due
-- The index tells which messages are due; the envelopes of the others are not
-- read.
DROP INDEX outbox_by_peer;
CREATE INDEX outbox_by_peer ON outbox (peer, seq, not_before);
-- migration 6: whose database this is
-- Its id stands in the mark, too (host/mark.h).  `adopted` is when an officer
-- let the system start on it although it was not the one that had worked.
CREATE TABLE identity (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	id TEXT NOT NULL,
	system TEXT NOT NULL,
	born INTEGER NOT NULL,
	adopted INTEGER,
	reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- migration 7: revoked keys
-- The newest list of revoked keys that this system has seen (pki/revoked.h).
CREATE TABLE revoked_list (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	number INTEGER NOT NULL,
	at INTEGER NOT NULL,
	text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every key that a list has named: the hexadecimal fingerprint of a
-- certificate's key, or the id of a signing key.  `listed` is the number of the
-- last list that has it; the key stays revoked after that.
CREATE TABLE revoked_key (
	key TEXT PRIMARY KEY,
	system TEXT NOT NULL,
	reason TEXT NOT NULL CHECK (reason IN
		('superseded', 'compromised', 'ended')),
	since INTEGER NOT NULL,
	listed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- migration 8: holders of certificates, with their duties
-- The people and business systems of an organisation who may use routes here:
-- `duties` has the names of host/right.h, with spaces between.  An earlier
-- program knew one operator, who had every right; that row is dropped.
CREATE TABLE certificate_holder (
	fingerprint BLOB PRIMARY KEY,
	organisation TEXT NOT NULL,
	name TEXT NOT NULL,
	duties TEXT NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	revoked INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate_2 (
	fingerprint BLOB PRIMARY KEY,
	peer TEXT NOT NULL REFERENCES peer (id)
) STRICT, WITHOUT ROWID;
INSERT INTO certificate_2 (fingerprint, peer)
SELECT fingerprint, peer FROM certificate WHERE peer IS NOT NULL;
DROP TABLE certificate;
ALTER TABLE certificate_2 RENAME TO certificate;
-- migration 9: requests that wait for a second holder
-- `route` is "POST /path?query" and `digest` that of route and body; `holder` the
-- first one, "131041:山田花子".  `emergency` is the reason for which that one acted
-- alone, or empty; the row is then kept so that others see it.
CREATE TABLE decision_pending (
	id TEXT PRIMARY KEY,
	route TEXT NOT NULL,
	digest BLOB NOT NULL,
	duty TEXT NOT NULL,
	holder TEXT NOT NULL,
	at INTEGER NOT NULL,
	emergency TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
-- migration 10: evidence is sealed at rest
-- Words that both sides of an exchange have would join their databases
-- (decision 0043).  Where the system has a key for values at rest, the text is
-- empty and `sealed` holds it (crypto/rest.h).
ALTER TABLE evidence ADD COLUMN sealed BLOB NOT NULL DEFAULT X'';
ALTER TABLE waybill ADD COLUMN sealed BLOB NOT NULL DEFAULT X'';
ALTER TABLE receipt ADD COLUMN sealed BLOB NOT NULL DEFAULT X'';
-- migration 11: evidence of an earlier day is sealed in place
-- Rows that are not sealed, which a timer looks for.
CREATE INDEX evidence_clear ON evidence (seq) WHERE sealed = X'';
CREATE INDEX waybill_clear ON waybill (seq) WHERE sealed = X'';
CREATE INDEX receipt_clear ON receipt (seq) WHERE kept = 1 AND sealed = X'';
-- migration 12: an outbox without an index of digests, with a backlog
-- A receipt's lines are found by the place of what was posted: digests have no
-- order, so that every message dirtied a page of their index twice.
-- `cause` is the system of another organisation in whose turn the message was
-- left, and `counted` the bytes that it has in that system's backlog
-- (host/backlog.h).
CREATE TABLE outbox_2 (
	seq INTEGER PRIMARY KEY,
	digest BLOB NOT NULL,
	id BLOB NOT NULL,
	peer TEXT NOT NULL REFERENCES peer (id),
	type TEXT NOT NULL,
	envelope TEXT NOT NULL,
	created INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	exchange TEXT,
	entry INTEGER,
	cause TEXT,
	counted INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO outbox_2 (digest, id, peer, type, envelope, created, attempts,
	not_before, exchange, entry)
SELECT digest, id, peer, type, envelope, created, attempts, not_before,
	exchange, entry
FROM outbox ORDER BY seq;
DROP TABLE outbox;
ALTER TABLE outbox_2 RENAME TO outbox;
CREATE INDEX outbox_by_peer ON outbox (peer, seq, not_before);
-- migration 13: the states of the rows
-- Entries that say which rows the protected tables have (components/audit/state.h).
CREATE INDEX audit_state ON audit (seq) WHERE action = 'rows.state';
