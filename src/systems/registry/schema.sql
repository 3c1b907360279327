-- type resident_id (systems/registry/kinds.h): resident, mother, joined
-- type household_id (systems/registry/kinds.h): version.household
-- type resident_code: code, own_code
-- type individual_number: number
-- type date: birth, event_date, became, status_until, moved_on, last_day
-- type instant: recorded_at, assigned_at, asked_at, answered_at, settled_at
-- type instant: changed_at, decided_at, until, since, started_at, finished_at
-- type instant: received_at, replied_at, ended_at, last
-- type bool: inward, strict, reminded
-- type digest: enrolment.digest
-- protected: version, assignment

-- migration 1: residents, numbering, imports, transfers
-- Dates are yyyymmdd with 00 for unknown parts, 0 for none; instants are
-- milliseconds; texts that are absent are empty.

-- The current state of a resident's record; what it says is in `version`.
CREATE TABLE resident (
	resident INTEGER PRIMARY KEY,
	version INTEGER NOT NULL,
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	numbering INTEGER NOT NULL CHECK (numbering BETWEEN 0 AND 4),
	assignment INTEGER NOT NULL,
	birth INTEGER NOT NULL,
	code INTEGER,
	refusal TEXT
) STRICT;
CREATE INDEX resident_by_birth ON resident (birth);
CREATE UNIQUE INDEX resident_by_code ON resident (code)
	WHERE code IS NOT NULL;
CREATE INDEX resident_waiting ON resident (resident) WHERE numbering = 0;

-- Every state that a record ever had.  Rows are added, never changed.
CREATE TABLE version (
	resident INTEGER NOT NULL,
	version INTEGER NOT NULL,
	event TEXT NOT NULL,
	event_date INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	recorded_by TEXT NOT NULL,
	household INTEGER NOT NULL,
	relation TEXT NOT NULL,
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	former_surname TEXT NOT NULL,
	alias TEXT NOT NULL,
	birth INTEGER NOT NULL,
	sex INTEGER NOT NULL CHECK (sex BETWEEN 1 AND 2),
	postal_code TEXT NOT NULL,
	address TEXT NOT NULL,
	became INTEGER NOT NULL,
	reason TEXT NOT NULL,
	nationality TEXT NOT NULL,
	status TEXT NOT NULL,
	status_until INTEGER NOT NULL,
	PRIMARY KEY (resident, version)
) STRICT, WITHOUT ROWID;

-- Every Individual Number that a resident was assigned here, and the notice
-- that told it.  Rows are added, never changed; `version` is the record as
-- it was then.
CREATE TABLE assignment (
	resident INTEGER NOT NULL,
	serial INTEGER NOT NULL,
	number INTEGER NOT NULL,
	version INTEGER NOT NULL,
	assigned_at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (resident, serial)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assignment_by_number ON assignment (number);

-- Codes designated to us and not yet on a record, in the random order in
-- which they came.
CREATE TABLE pool (
	position INTEGER PRIMARY KEY,
	code INTEGER NOT NULL
) STRICT;

CREATE TABLE code_request (
	request TEXT PRIMARY KEY,
	wanted INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX code_request_open ON code_request (asked_at)
	WHERE answered_at IS NULL;

-- One row: the last numbers given, and counts that nobody should have to
-- count.
CREATE TABLE tally (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	last_resident INTEGER NOT NULL,
	last_household INTEGER NOT NULL,
	residents INTEGER NOT NULL,
	coded INTEGER NOT NULL,
	uncoded INTEGER NOT NULL,
	requested INTEGER NOT NULL,
	numbered INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	notices INTEGER NOT NULL,
	pool INTEGER NOT NULL,
	imports INTEGER NOT NULL
) STRICT;

-- Births and arrivals by the caller's own id, so that none is twice.
CREATE TABLE registration (
	registration TEXT PRIMARY KEY,
	event TEXT NOT NULL,
	mother INTEGER,
	resident INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX registration_by_mother ON registration (mother)
	WHERE mother IS NOT NULL;

CREATE TABLE number_change (
	request TEXT PRIMARY KEY,
	resident INTEGER NOT NULL,
	serial INTEGER NOT NULL,
	reason TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	settled_at INTEGER,
	refusal TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX number_change_open ON number_change (resident)
	WHERE settled_at IS NULL;

-- Moves from and to other municipalities.  The people's details are erased
-- once they are on a record here.
CREATE TABLE transfer (
	transfer TEXT PRIMARY KEY,
	inward INTEGER NOT NULL CHECK (inward BETWEEN 0 AND 1),
	organisation TEXT NOT NULL,
	household TEXT NOT NULL,
	moved_on INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'refused')),
	reason TEXT NOT NULL,
	recorded_at INTEGER NOT NULL,
	settled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer_person (
	transfer TEXT NOT NULL REFERENCES transfer (transfer),
	position INTEGER NOT NULL,
	code INTEGER NOT NULL,
	resident INTEGER,
	arrived INTEGER NOT NULL CHECK (arrived BETWEEN 0 AND 1),
	number INTEGER,
	details TEXT NOT NULL,
	PRIMARY KEY (transfer, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
	import TEXT PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	strict INTEGER NOT NULL CHECK (strict BETWEEN 0 AND 1),
	state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'refused')),
	encoding TEXT NOT NULL,
	header BLOB NOT NULL,
	next_offset INTEGER NOT NULL,
	next_line INTEGER NOT NULL,
	loaded INTEGER NOT NULL,
	unchanged INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	finished_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE reject (
	import TEXT NOT NULL REFERENCES import (import),
	line INTEGER NOT NULL,
	field TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

-- Chunks of a strict import, until it is finished.
CREATE TABLE staged (
	import TEXT NOT NULL REFERENCES import (import),
	position INTEGER NOT NULL,
	line INTEGER NOT NULL,
	content BLOB NOT NULL,
	PRIMARY KEY (import, position)
) STRICT, WITHOUT ROWID;
-- migration 2: changed Resident Record Codes
-- Changes on request (住基法30条の4), by the caller's own id, so that none is
-- twice.
CREATE TABLE code_change (
	request TEXT PRIMARY KEY,
	resident INTEGER NOT NULL,
	code INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Codes that residents had before.  They are nobody else's, ever.
CREATE TABLE former_code (
	code INTEGER PRIMARY KEY,
	resident INTEGER NOT NULL,
	until INTEGER NOT NULL
) STRICT;
-- migration 3: arrivals from abroad
-- Arrivals from abroad without a code: jukinet looks whether they may have had
-- one.  `candidates` is what it found, until a clerk has decided (docs/
-- messages.md); `own_code` is the code set aside for the arrival while the
-- record has that of the person who came back; `joined` is that person's old
-- record, if it is one of ours.
CREATE TABLE abroad (
	resident INTEGER PRIMARY KEY,
	state TEXT NOT NULL CHECK (state IN ('asked', 'held', 'same',
		'different')),
	candidates TEXT NOT NULL,
	own_code INTEGER,
	joined INTEGER,
	since INTEGER NOT NULL
) STRICT;
CREATE INDEX abroad_held ON abroad (resident) WHERE state = 'held';

-- Decisions of clerks, and their evidence; settled when jukinet has
-- answered, with a refusal or without.
CREATE TABLE abroad_decision (
	resident INTEGER NOT NULL,
	serial INTEGER NOT NULL,
	decision TEXT NOT NULL CHECK (decision IN ('same', 'different')),
	candidate INTEGER,
	known_code INTEGER,
	evidence TEXT NOT NULL,
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	version INTEGER NOT NULL,
	decided_at INTEGER NOT NULL,
	settled_at INTEGER,
	refusal TEXT,
	PRIMARY KEY (resident, serial)
) STRICT, WITHOUT ROWID;

-- A number that was another person's all the time, and is free for that one.
ALTER TABLE assignment ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
DROP INDEX assignment_by_number;
CREATE UNIQUE INDEX assignment_by_number ON assignment (number)
	WHERE withdrawn = 0;
-- migration 4: what an id was used for
-- `content` is the digest of the request (host/once.h); empty where an earlier
-- program wrote the row, and for a move that another municipality announced.
ALTER TABLE registration ADD COLUMN content BLOB NOT NULL DEFAULT X'';
ALTER TABLE number_change ADD COLUMN content BLOB NOT NULL DEFAULT X'';
ALTER TABLE transfer ADD COLUMN content BLOB NOT NULL DEFAULT X'';
-- migration 5: numbers that wait until jukinet gives more
-- One row, if there is any: when to ask again.
CREATE TABLE put_off (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	until INTEGER NOT NULL
) STRICT;

-- migration 6: a notice of a move ends for each person
-- `declared`: the arrival was declared, and jukinet has not answered; only then
-- is there a record (仮登録; docs/decisions/0040-notices-of-moves.md).
CREATE TABLE transfer_2 (
	transfer TEXT PRIMARY KEY,
	inward INTEGER NOT NULL CHECK (inward BETWEEN 0 AND 1),
	organisation TEXT NOT NULL,
	household TEXT NOT NULL,
	moved_on INTEGER NOT NULL,
	last_day INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'refused',
		'ended')),
	reason TEXT NOT NULL,
	recorded_at INTEGER NOT NULL,
	settled_at INTEGER,
	content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO transfer_2 (transfer, inward, organisation, household, moved_on,
	last_day, state, reason, recorded_at, settled_at, content)
SELECT transfer, inward, organisation, household, moved_on, 0, state, reason,
	recorded_at, settled_at, content
FROM transfer;
CREATE TABLE transfer_person_2 (
	transfer TEXT NOT NULL REFERENCES transfer_2 (transfer),
	position INTEGER NOT NULL,
	code INTEGER NOT NULL,
	resident INTEGER,
	state TEXT NOT NULL CHECK (state IN ('open', 'declared', 'withdrawing',
		'arrived', 'withdrawn', 'expired', 'refused')),
	number INTEGER,
	details TEXT NOT NULL,
	PRIMARY KEY (transfer, position)
) STRICT, WITHOUT ROWID;
INSERT INTO transfer_person_2 (transfer, position, code, resident, state,
	number, details)
SELECT p.transfer, p.position, p.code, p.resident,
	CASE WHEN p.arrived = 1 THEN 'arrived'
		WHEN t.state = 'refused' THEN 'refused' ELSE 'open' END,
	p.number, p.details
FROM transfer_person AS p JOIN transfer AS t ON t.transfer = p.transfer;
DROP TABLE transfer_person;
DROP TABLE transfer;
ALTER TABLE transfer_2 RENAME TO transfer;
ALTER TABLE transfer_person_2 RENAME TO transfer_person;
CREATE INDEX transfer_person_by_resident ON transfer_person (resident);

-- migration 7: the pool made anew
-- One row while jukinet lists the codes that nobody has: the open question.
CREATE TABLE relisting (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	request TEXT NOT NULL
) STRICT;

-- migration 8: who an arrival may be is told to nobody
-- A decision keeps the stay of before that shows the person (JSON); `held`
-- arrivals have no candidates any more (docs/decisions/
-- 0041-claims-of-arrivals.md).
ALTER TABLE abroad DROP COLUMN candidates;
ALTER TABLE abroad_decision DROP COLUMN candidate;
ALTER TABLE abroad_decision DROP COLUMN known_code;
ALTER TABLE abroad_decision ADD COLUMN before TEXT NOT NULL DEFAULT '';
-- migration 9: the officer alone
-- A holder has duties (host/right.h); nothing that a caller says counts.
ALTER TABLE abroad_decision DROP COLUMN role;
-- migration 10: a change of code that jukinet did not take
ALTER TABLE code_change ADD COLUMN refusal TEXT NOT NULL DEFAULT '';
-- migration 11: the municipality of before is asked
-- `claim` is a decision's id among systems; `state` and `until` are as jukinet
-- told last (docs/decisions/0046-the-municipality-of-before.md).
ALTER TABLE abroad_decision ADD COLUMN claim TEXT NOT NULL DEFAULT '';
ALTER TABLE abroad_decision ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE abroad_decision ADD COLUMN until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX abroad_decision_open ON abroad_decision (claim)
	WHERE settled_at IS NULL;

-- Claims of other municipalities that a former resident of ours has come back
-- to them.  `details` (JSON: attributes, last stay) are erased 90 days after
-- the end; `waits`: for a clerk.  `officer` is empty if the record itself showed
-- the reply.
CREATE TABLE claim (
	claim TEXT PRIMARY KEY,
	resident INTEGER,
	organisation TEXT NOT NULL,
	details TEXT NOT NULL,
	evidence TEXT NOT NULL,
	until INTEGER NOT NULL,
	waits INTEGER NOT NULL,
	reminded INTEGER NOT NULL,
	reply TEXT NOT NULL,
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	outcome TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	replied_at INTEGER,
	ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_waits ON claim (claim) WHERE waits = 1;
CREATE INDEX claim_ended ON claim (ended_at) WHERE details <> '';
-- migration 12: support measures (DV等支援措置)
CREATE TABLE support (
	resident INTEGER PRIMARY KEY,
	last_day INTEGER NOT NULL,
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	recorded_at INTEGER NOT NULL
) STRICT;
-- migration 13: orders of the counter about residents' sign-ins at the portal
-- The acquisition number is known by its digest alone, and the ticket not at all.
CREATE TABLE enrolment (
	enrolment TEXT PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE CHECK (LENGTH(digest) = 32),
	resident INTEGER NOT NULL,
	step TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	settled_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_by_time ON enrolment (asked_at);
-- migration 14: when the counter may order again what its budget stopped
ALTER TABLE enrolment ADD COLUMN until INTEGER;
