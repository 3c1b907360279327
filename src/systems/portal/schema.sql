-- type instant: made, locked, expires, asked, answered, counted, ended, until
-- type instant: at, ordered, replaced
-- type digest: secret, token, digest
-- type bool: is_used
-- type linkage_code: code
-- type date: month
-- protected: resident, account, deed

-- migration 1: accounts, sessions, requests
-- One row for each enrolment.  The secret is known by its digest alone.
--   open       waits for the counter; has an acquisition number
--   confirmed  the portal's own code for the resident has arrived
--   held       the network says that the portal holds the resident's code
--              already: the resident joined before
CREATE TABLE account (
	enrolment TEXT PRIMARY KEY,
	secret BLOB NOT NULL CHECK (LENGTH(secret) = 32),
	acquisition TEXT UNIQUE,
	code BLOB UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'held')),
	made INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	locked INTEGER NOT NULL DEFAULT 0,
	CHECK ((acquisition IS NOT NULL) = (state = 'open')),
	CHECK ((code IS NOT NULL) = (state = 'confirmed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX account_by_state ON account (state, made);

-- A session belongs to one account for good (docs/incidents.md F9).
CREATE TABLE session (
	token BLOB PRIMARY KEY CHECK (LENGTH(token) = 32),
	enrolment TEXT NOT NULL REFERENCES account (enrolment),
	expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_expiry ON session (expires);

-- Questions to the network for a session; the answer stays until it was
-- handed over, and no longer than the session.
CREATE TABLE request (
	request TEXT PRIMARY KEY,
	token BLOB NOT NULL UNIQUE REFERENCES session (token),
	asked INTEGER NOT NULL,
	answered INTEGER,
	answer TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
-- migration 2: how often records of exchanges differ
-- Alarms of an organisation in a month (its first day), as its keeper counts them;
-- the latest `counted` stays.
CREATE TABLE discrepancy (
	organisation TEXT NOT NULL,
	month INTEGER NOT NULL,
	open INTEGER NOT NULL,
	explained INTEGER NOT NULL,
	counted INTEGER NOT NULL,
	PRIMARY KEY (organisation, month)
) STRICT, WITHOUT ROWID;
-- migration 3: codes before other ones took their places
-- `tag` finds the row of the old code, of which `sealed` holds the bytes; `code`
-- took its place.
CREATE TABLE former_linkage (
	tag BLOB PRIMARY KEY,
	sealed BLOB NOT NULL,
	code BLOB NOT NULL CHECK (LENGTH(code) = 16),
	replaced INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX former_linkage_by_time ON former_linkage (replaced);
-- migration 4: an enrolment begins at a counter
-- The residents whom a counter has named: an id of our own, our code, and when
-- a counter ordered something last, by its clock.
CREATE TABLE resident (
	resident TEXT PRIMARY KEY,
	code BLOB NOT NULL UNIQUE,
	ordered INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO resident (resident, code)
SELECT enrolment, code FROM account WHERE state = 'confirmed';

-- Tickets that a counter gave out, each known by the digest of its acquisition
-- number alone; a resident has one that works, at most.
CREATE TABLE ticket (
	digest BLOB PRIMARY KEY CHECK (LENGTH(digest) = 32),
	resident TEXT NOT NULL REFERENCES resident (resident),
	municipality TEXT NOT NULL,
	until INTEGER NOT NULL,
	is_used INTEGER NOT NULL CHECK (is_used BETWEEN 0 AND 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_by_resident ON ticket (resident);
CREATE INDEX ticket_by_end ON ticket (until);

-- An account is a resident's sign-in.  The secret is known by its digest alone.
-- `ended`, `municipality`: a counter has ended it, and which one.
CREATE TABLE account_2 (
	enrolment TEXT PRIMARY KEY,
	resident TEXT NOT NULL REFERENCES resident (resident),
	secret BLOB NOT NULL CHECK (LENGTH(secret) = 32),
	made INTEGER NOT NULL,
	ended INTEGER,
	municipality TEXT NOT NULL DEFAULT '',
	tries INTEGER NOT NULL DEFAULT 0,
	locked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO account_2 (enrolment, resident, secret, made, tries, locked)
SELECT enrolment, enrolment, secret, made, tries, locked FROM account
WHERE state = 'confirmed';
-- Everybody signs in again.
DROP TABLE request;
DROP TABLE session;
DROP TABLE account;
ALTER TABLE account_2 RENAME TO account;
CREATE UNIQUE INDEX account_of_resident ON account (resident)
	WHERE ended IS NULL;
CREATE INDEX account_by_end ON account (ended) WHERE ended IS NOT NULL;

CREATE TABLE session (
	token BLOB PRIMARY KEY CHECK (LENGTH(token) = 32),
	enrolment TEXT NOT NULL REFERENCES account (enrolment),
	expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_expiry ON session (expires);
CREATE INDEX session_by_account ON session (enrolment);
CREATE TABLE request (
	request TEXT PRIMARY KEY,
	token BLOB NOT NULL UNIQUE REFERENCES session (token),
	asked INTEGER NOT NULL,
	answered INTEGER,
	answer TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Acts of counters about a resident's sign-in, shown with the records.
CREATE TABLE deed (
	deed INTEGER PRIMARY KEY,
	resident TEXT NOT NULL,
	at INTEGER NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('ticket', 'begun', 'ended')),
	municipality TEXT NOT NULL
) STRICT;
CREATE INDEX deed_of_resident ON deed (resident, deed);
CREATE INDEX deed_by_time ON deed (at);
