-- type id_code (systems/network/person.h): person.id, holder.id, former_code.id
-- type id_code: waiting.id
-- type record_code (systems/network/person.h): record_code, record.person
-- type resident_code: person.code, former_code.code
-- type instant: given, until, requested, expires, provided, reported, corrected
-- type instant: at, since, due, loaded, withdrawn, declared, decided
-- type instant: ends, contents_until, existence_until
-- type instant: begun, changed
-- type id_code: relink.taken, relink.sent
-- type date: effective, affair.edition
-- protected: person, holder, record, decision, affair
-- protected: organisation, relinking, relink

-- migration 1: organisations, persons, who holds a code, records
-- An organisation keeps its index for ever: it is part of its codes.
CREATE TABLE organisation (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	name TEXT NOT NULL
) STRICT;

-- A person: IDコード, Resident Record Code, and the code under which records
-- are kept (令85 47条3項), which stands nowhere else.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	code INTEGER NOT NULL UNIQUE,
	record_code BLOB NOT NULL CHECK (LENGTH(record_code) = 16)
) STRICT;

-- The holder of a code for a person (番号法施行令26条6項), and the epoch of the
-- key.  The codes themselves are not stored.
CREATE TABLE holder (
	id INTEGER NOT NULL REFERENCES person (id),
	organisation INTEGER NOT NULL REFERENCES organisation (number),
	epoch INTEGER NOT NULL,
	given INTEGER NOT NULL,
	PRIMARY KEY (id, organisation)
) STRICT, WITHOUT ROWID;

-- The record of a request (番号法23条3項): kept for seven years, without what
-- was provided.  A permit is the record of a request that was allowed, and
-- has its id.  `person` is a record code, NULL where the inquirer's code was
-- not its own.
CREATE TABLE record (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL UNIQUE,
	person BLOB,
	inquirer TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	unit TEXT NOT NULL,
	article TEXT NOT NULL,
	requested INTEGER NOT NULL,
	expires INTEGER,
	outcome TEXT NOT NULL CHECK (outcome IN
		('permitted', 'provided', 'no-data', 'expired', 'refused')),
	reason TEXT NOT NULL,
	provided INTEGER,
	reported INTEGER,
	CHECK ((outcome = 'refused') = (expires IS NULL)),
	UNIQUE (inquirer, inquiry)
) STRICT;
CREATE INDEX record_by_person ON record (person, requested);
CREATE INDEX record_by_time ON record (requested);
CREATE INDEX record_open ON record (expires) WHERE outcome = 'permitted';
-- migration 2: other ends of a permit, 不開示, decisions, former codes
-- As before, and: permits that were taken back, the marks of 番号法23条2項, and
-- whether the record is kept from the person's view (`hidden`).
CREATE TABLE record_2 (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL UNIQUE,
	person BLOB,
	inquirer TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	unit TEXT NOT NULL,
	article TEXT NOT NULL,
	requested INTEGER NOT NULL,
	expires INTEGER,
	outcome TEXT NOT NULL CHECK (outcome IN ('permitted', 'provided',
		'no-data', 'expired', 'refused', 'cancelled', 'revoked')),
	reason TEXT NOT NULL,
	provided INTEGER,
	reported INTEGER,
	undisclosed_inquiry INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_inquiry IN (0, 1)),
	undisclosed_answer INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_answer IN (0, 1)),
	hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
	corrected INTEGER,
	correction TEXT NOT NULL DEFAULT '',
	CHECK (outcome = 'refused' OR expires IS NOT NULL),
	UNIQUE (inquirer, inquiry)
) STRICT;
INSERT INTO record_2 (record, person, inquirer, inquiry, affair, item,
	provider, unit, article, requested, expires, outcome, reason, provided,
	reported)
SELECT record, person, inquirer, inquiry, affair, item, provider, unit,
	article, requested, expires, outcome, reason, provided, reported
FROM record ORDER BY seq;
DROP TABLE record;
ALTER TABLE record_2 RENAME TO record;
CREATE INDEX record_by_person ON record (person, requested);
CREATE INDEX record_by_time ON record (requested);
CREATE INDEX record_open ON record (expires) WHERE outcome = 'permitted';
CREATE INDEX record_hidden ON record (requested) WHERE hidden = 1;

-- An officer's decision about a record: to hide it from the person or show it
-- (番号法23条2項), that it was wrong, that its permit is taken back.
CREATE TABLE decision (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL,
	kind TEXT NOT NULL
		CHECK (kind IN ('hide', 'show', 'correct', 'revoke')),
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_by_record ON decision (record);
CREATE INDEX decision_by_time ON decision (at);

-- Resident Record Codes that a person had before (住基法30条の9の2): an
-- acquisition under an old one finds the same person.
CREATE TABLE former_code (
	code INTEGER PRIMARY KEY,
	id INTEGER NOT NULL REFERENCES person (id),
	until INTEGER NOT NULL
) STRICT;
CREATE INDEX former_code_by_person ON former_code (id);
-- migration 3: editions of the table, own-use affairs
-- Under which edition a request was decided: the day from which that one is in
-- force; '' where it was decided before any was recorded.
ALTER TABLE record ADD COLUMN edition TEXT NOT NULL DEFAULT '';

-- Editions of the table of 番号法19条8号 that were loaded, beside the one that
-- is built in.  `effective` is a day as a number (20260401).
CREATE TABLE edition (
	seq INTEGER PRIMARY KEY,
	effective INTEGER NOT NULL,
	digest TEXT NOT NULL,
	provisions TEXT NOT NULL,
	affairs INTEGER NOT NULL,
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	loaded INTEGER NOT NULL,
	withdrawn INTEGER
) STRICT;
CREATE UNIQUE INDEX edition_by_day ON edition (effective)
WHERE withdrawn IS NULL;

-- Own-use affairs (番号法9条2項, 19条9号) as local governments declare them;
-- `body` is the declaration, whose row is that of `edition` (a day as a number).
-- One that is declared anew has a row of its own here.
-- Reason and officer are the Commission's.
CREATE TABLE affair (
	declaration TEXT PRIMARY KEY,
	organisation TEXT NOT NULL,
	affair TEXT NOT NULL,
	edition INTEGER NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN
		('declared', 'confirmed', 'refused', 'withdrawn')),
	reason TEXT NOT NULL DEFAULT '',
	officer TEXT NOT NULL DEFAULT '',
	role TEXT NOT NULL DEFAULT '',
	declared INTEGER NOT NULL,
	decided INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX affair_by_id ON affair (organisation, affair);

-- A limit of a provider's ordinance for own-use affairs (番号法26条): an item,
-- or all where it is ''; for one local government and affair, or for all.
CREATE TABLE affair_limit (
	declaration TEXT PRIMARY KEY,
	provider TEXT NOT NULL,
	item TEXT NOT NULL,
	organisation TEXT NOT NULL,
	affair TEXT NOT NULL,
	ordinance TEXT NOT NULL,
	number TEXT NOT NULL,
	declared INTEGER NOT NULL,
	withdrawn INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX affair_limit_by_provider ON affair_limit (provider);
-- migration 4: refusals and open permits, to be counted
-- Only the records that /status counts, so that counting reads nothing else.
CREATE INDEX record_refused ON record (outcome) WHERE outcome = 'refused';
DROP INDEX record_open;
CREATE INDEX record_open ON record (outcome, expires)
	WHERE outcome = 'permitted';
-- migration 5: a person's records lie together
-- As before, in the order of persons: who looks at their own reads a few pages,
-- not one for each record.  `seq` counts within a person from here on, and
-- nobody is the empty `person`.
CREATE TABLE record_3 (
	person BLOB NOT NULL CHECK (LENGTH(person) IN (0, 16)),
	seq INTEGER NOT NULL,
	record TEXT NOT NULL,
	inquirer TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	unit TEXT NOT NULL,
	article TEXT NOT NULL,
	edition TEXT NOT NULL,
	requested INTEGER NOT NULL,
	expires INTEGER,
	outcome TEXT NOT NULL CHECK (outcome IN ('permitted', 'provided',
		'no-data', 'expired', 'refused', 'cancelled', 'revoked')),
	reason TEXT NOT NULL,
	provided INTEGER,
	reported INTEGER,
	undisclosed_inquiry INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_inquiry IN (0, 1)),
	undisclosed_answer INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_answer IN (0, 1)),
	hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
	corrected INTEGER,
	correction TEXT NOT NULL DEFAULT '',
	CHECK (outcome = 'refused' OR expires IS NOT NULL),
	PRIMARY KEY (person, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO record_3 (person, seq, record, inquirer, inquiry, affair, item,
	provider, unit, article, edition, requested, expires, outcome, reason,
	provided, reported, undisclosed_inquiry, undisclosed_answer, hidden,
	corrected, correction)
SELECT COALESCE(person, X''), seq, record, inquirer, inquiry, affair, item,
	provider, unit, article, edition, requested, expires, outcome, reason,
	provided, reported, undisclosed_inquiry, undisclosed_answer, hidden,
	corrected, correction
FROM record ORDER BY person, requested, seq;
DROP TABLE record;
ALTER TABLE record_3 RENAME TO record;
CREATE UNIQUE INDEX record_by_id ON record (record);
CREATE UNIQUE INDEX record_by_inquiry ON record (inquirer, inquiry);
CREATE INDEX record_by_time ON record (requested);
CREATE INDEX record_hidden ON record (requested) WHERE hidden = 1;
CREATE INDEX record_refused ON record (outcome) WHERE outcome = 'refused';
CREATE INDEX record_open ON record (outcome, expires)
	WHERE outcome = 'permitted';
-- migration 6: what was asked and reported
-- Digests of the request and of the provider's report (host/once.h); empty
-- where there is none, or an earlier program wrote the row.
ALTER TABLE record ADD COLUMN asked BLOB NOT NULL DEFAULT X'';
ALTER TABLE record ADD COLUMN report BLOB NOT NULL DEFAULT X'';
-- migration 7: the officer alone
-- A holder has duties (host/right.h); nothing that a caller says counts.
ALTER TABLE decision DROP COLUMN role;
ALTER TABLE edition DROP COLUMN role;
ALTER TABLE affair DROP COLUMN role;

-- migration 8: questions that inquirers sign
-- The digest of the question, by which both relays know the exchange; empty in
-- rows of an earlier day.
ALTER TABLE record ADD COLUMN question BLOB NOT NULL DEFAULT X'';
-- Sheets of questions, for a day; `questions` are the digests one after another.
CREATE TABLE sheet (
	organisation TEXT NOT NULL,
	sheet TEXT NOT NULL,
	jws TEXT NOT NULL,
	questions BLOB NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (organisation, sheet)
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_by_time ON sheet (at);
-- migration 9: inquiries that wait for an officer
-- Past a budget (`reason`), for seven days at most: what is needed to decide later.
-- `record` is the id of the record that is written then; `id` the person;
-- `question` what the inquirer signed, `sheet` the JWS; `due` when the network
-- itself looks again.
CREATE TABLE waiting (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL UNIQUE,
	id INTEGER NOT NULL REFERENCES person (id),
	inquirer TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	question TEXT NOT NULL,
	sheet TEXT NOT NULL,
	asked BLOB NOT NULL,
	reason TEXT NOT NULL CHECK (reason IN ('person', 'inquiries')),
	since INTEGER NOT NULL,
	due INTEGER NOT NULL,
	until INTEGER NOT NULL,
	UNIQUE (inquirer, inquiry)
) STRICT;
CREATE INDEX waiting_by_due ON waiting (due, seq);

-- As before, and: decisions about these.
CREATE TABLE decision_2 (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN
		('hide', 'show', 'correct', 'revoke', 'release', 'refuse')),
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
INSERT INTO decision_2 (record, kind, reason, officer, at)
SELECT record, kind, reason, officer, at FROM decision ORDER BY seq;
DROP TABLE decision;
ALTER TABLE decision_2 RENAME TO decision;
CREATE INDEX decision_by_record ON decision (record);
CREATE INDEX decision_by_time ON decision (at);
-- migration 10: what is withheld has a grade, a ground and an end
-- One side, or an officer of the network, withholds a record until the instant `ends`; `organisation` is the one that does.  `second` is the second officer.
CREATE TABLE withholding (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('inquirer', 'provider', 'network')),
	organisation TEXT NOT NULL,
	grade TEXT NOT NULL CHECK (grade IN ('contents', 'existence')),
	ground TEXT NOT NULL,
	article TEXT NOT NULL,
	ends INTEGER NOT NULL,
	officer TEXT NOT NULL,
	second TEXT NOT NULL,
	since INTEGER NOT NULL,
	UNIQUE (record, side)
) STRICT;
CREATE INDEX withholding_by_end ON withholding (ends, seq);
CREATE INDEX withholding_by_time ON withholding (since);
-- Hidden records had no ground; refusals before a permit are shown.
INSERT INTO withholding (record, side, organisation, grade, ground, article,
	ends, officer, second, since)
SELECT record, CASE WHEN undisclosed_inquiry = 1 THEN 'inquirer'
		WHEN undisclosed_answer = 1 THEN 'provider' ELSE 'network' END,
	CASE WHEN undisclosed_inquiry = 1 THEN inquirer
		WHEN undisclosed_answer = 1 THEN provider ELSE 'digital' END,
	'existence', 'before-2026', '番号法23条2項', requested + 31536000000,
	'', '', requested
FROM record WHERE hidden = 1 AND expires IS NOT NULL;
DROP INDEX record_hidden;
-- The words of question and report; and the end of each grade, an instant, or 0.
ALTER TABLE record ADD COLUMN withheld_inquiry TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN withheld_answer TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN contents_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN existence_until INTEGER NOT NULL DEFAULT 0;
UPDATE record SET existence_until = requested + 31536000000
WHERE hidden = 1 AND expires IS NOT NULL;
UPDATE record SET withheld_inquiry = 'before-2026'
WHERE undisclosed_inquiry = 1;
UPDATE record SET withheld_answer = 'before-2026' WHERE undisclosed_answer = 1;
ALTER TABLE record DROP COLUMN undisclosed_inquiry;
ALTER TABLE record DROP COLUMN undisclosed_answer;
ALTER TABLE record DROP COLUMN hidden;

-- As before, and: the budget `withheld`, and the officers.
CREATE TABLE waiting_2 (
	seq INTEGER PRIMARY KEY,
	record TEXT NOT NULL UNIQUE,
	id INTEGER NOT NULL REFERENCES person (id),
	inquirer TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	question TEXT NOT NULL,
	sheet TEXT NOT NULL,
	asked BLOB NOT NULL,
	reason TEXT NOT NULL
		CHECK (reason IN ('person', 'inquiries', 'withheld')),
	since INTEGER NOT NULL,
	due INTEGER NOT NULL,
	until INTEGER NOT NULL,
	officer TEXT NOT NULL DEFAULT '',
	second TEXT NOT NULL DEFAULT '',
	UNIQUE (inquirer, inquiry)
) STRICT;
INSERT INTO waiting_2 (record, id, inquirer, inquiry, question, sheet, asked,
	reason, since, due, until)
SELECT record, id, inquirer, inquiry, question, sheet, asked, reason, since,
	due, until
FROM waiting ORDER BY seq;
DROP TABLE waiting;
ALTER TABLE waiting_2 RENAME TO waiting;
CREATE INDEX waiting_by_due ON waiting (due, seq);
-- migration 11: other linkage codes after a leaked key
-- The epoch of the oldest codes of the organisation that count.
ALTER TABLE organisation ADD COLUMN oldest INTEGER NOT NULL DEFAULT 0;
CREATE INDEX holder_by_organisation ON holder (organisation, id);

-- An officer's command that all codes go to the key of this epoch.
CREATE TABLE relinking (
	epoch INTEGER PRIMARY KEY,
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	begun INTEGER NOT NULL
) STRICT;

-- How far an organisation is, in the order of id codes: those up to `taken` have
-- a new code in use, those up to `sent` are in the message under way, which the
-- systems of the bits in `awaits` have not taken; `confirmed` counts.
--   waiting  the next message is to be made
--   sent     one is under way, and is sent again when it has been for a day
--   stopped  its systems are revoked, not known or refused it; tried again
--   closing  all are taken; old codes that are under way still count
--   done     old codes count no more
-- `due` is when the network looks at the row.
CREATE TABLE relink (
	organisation INTEGER PRIMARY KEY REFERENCES organisation (number),
	epoch INTEGER NOT NULL,
	taken INTEGER NOT NULL DEFAULT 0,
	sent INTEGER NOT NULL DEFAULT 0,
	awaits INTEGER NOT NULL DEFAULT 0,
	confirmed INTEGER NOT NULL DEFAULT 0,
	state TEXT NOT NULL CHECK (state IN
		('waiting', 'sent', 'stopped', 'closing', 'done')),
	due INTEGER NOT NULL,
	changed INTEGER NOT NULL
) STRICT;
CREATE INDEX relink_by_due ON relink (due);
CREATE INDEX relink_open ON relink (state) WHERE state <> 'done';
