-- type instant: made, locked, expires, asked, answered, counted, replaced
-- type digest: secret, token
-- type linkage_code: code
-- type date: month

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
