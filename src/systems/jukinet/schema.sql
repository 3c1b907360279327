-- type serial (systems/jukinet/serial.h): serial, person, code_serial
-- type serial: number_serial, known
-- type instant: at, updated, recorded, until, since, ended, last, said, due
-- type date: birth, event_date, moved_on
-- protected: person, former, former_number, later_code, designation
-- protected: transfer_person, claim

-- migration 1: designations, persons, what was before, moves, ledger
-- Neither codes nor numbers stand in this database: a person is known by a
-- serial, from which the keys make the code, and of code and generation the
-- number (ciphers.h).  Dates are yyyymmdd with 00 for unknown parts.

-- Which serials were designated to whom (住基法30条の2).  The codes of
-- `epoch` of the key; `length` is greater than `wanted` where some serials
-- were left out.
CREATE TABLE designation (
	first INTEGER PRIMARY KEY,
	length INTEGER NOT NULL,
	wanted INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	municipality TEXT NOT NULL,
	request TEXT NOT NULL,
	at INTEGER NOT NULL,
	UNIQUE (municipality, request)
) STRICT;

-- 本人確認情報 of everybody who has a number, dead or alive.  `generation` and
-- `epoch` say which number is the current one; `updated` is the time of the
-- message that the row comes from, by its sender's clock.
CREATE TABLE person (
	serial INTEGER PRIMARY KEY,
	municipality TEXT NOT NULL,
	state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
	generation INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 9),
	epoch INTEGER NOT NULL,
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	birth INTEGER NOT NULL,
	sex INTEGER NOT NULL CHECK (sex BETWEEN 1 AND 2),
	address TEXT NOT NULL,
	former_surname TEXT NOT NULL,
	alias TEXT NOT NULL,
	event TEXT NOT NULL,
	event_date INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;
CREATE INDEX person_by_birth ON person (birth);

-- Earlier contents of records, and news that came too late to be in one.
-- Rows are added, never changed, and kept for 150 years (住基法施行令34条).
CREATE TABLE former (
	seq INTEGER PRIMARY KEY,
	serial INTEGER NOT NULL REFERENCES person (serial),
	municipality TEXT NOT NULL,
	state INTEGER NOT NULL,
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	birth INTEGER NOT NULL,
	sex INTEGER NOT NULL,
	address TEXT NOT NULL,
	former_surname TEXT NOT NULL,
	alias TEXT NOT NULL,
	event TEXT NOT NULL,
	event_date INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX former_by_person ON former (serial);

-- Numbers that somebody had before.  They are never given again.
CREATE TABLE former_number (
	serial INTEGER NOT NULL REFERENCES person (serial),
	generation INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	until INTEGER NOT NULL,
	PRIMARY KEY (serial, generation)
) STRICT, WITHOUT ROWID;

-- Changes of a number, done or refused, by the municipality's own request
-- id, so that none is done twice.
CREATE TABLE number_change (
	municipality TEXT NOT NULL,
	request TEXT NOT NULL,
	serial INTEGER,
	generation INTEGER,
	epoch INTEGER,
	reason TEXT NOT NULL,
	refusal TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (municipality, request)
) STRICT, WITHOUT ROWID;

-- Moves that were announced (住基法24条の2): who may take over whom.
CREATE TABLE transfer (
	transfer TEXT PRIMARY KEY,
	from_municipality TEXT NOT NULL,
	to_municipality TEXT NOT NULL,
	moved_on INTEGER NOT NULL,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer_person (
	serial INTEGER NOT NULL REFERENCES person (serial),
	transfer TEXT NOT NULL REFERENCES transfer (transfer),
	PRIMARY KEY (serial, transfer)
) STRICT, WITHOUT ROWID;

-- How much was done on which day (令85 55条).
CREATE TABLE ledger (
	day INTEGER NOT NULL,
	what TEXT NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (day, what)
) STRICT, WITHOUT ROWID;
-- migration 2: changed Resident Record Codes
-- Codes that people were given after their first one (住基法30条の4), former
-- ones included.  The person's row stays that of the first code's serial.
CREATE TABLE later_code (
	serial INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (serial),
	since INTEGER NOT NULL
) STRICT;
CREATE INDEX later_code_by_person ON later_code (person);

-- Serials of the code that a person has today, and of the one that the
-- current number was made of; NULL: of the first.
ALTER TABLE person ADD COLUMN code_serial INTEGER;
ALTER TABLE person ADD COLUMN number_serial INTEGER;
ALTER TABLE number_change ADD COLUMN number_serial INTEGER;

-- As before, but of any code of the person's: `number_serial` is its.
CREATE TABLE former_number_2 (
	number_serial INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	person INTEGER NOT NULL REFERENCES person (serial),
	until INTEGER NOT NULL,
	PRIMARY KEY (number_serial, generation)
) STRICT, WITHOUT ROWID;
INSERT INTO former_number_2 (number_serial, generation, epoch, person, until)
SELECT serial, generation, epoch, serial, until FROM former_number;
DROP TABLE former_number;
ALTER TABLE former_number_2 RENAME TO former_number;
-- migration 3: arrivals from abroad that are held
-- Arrivals from abroad without a code that look like people who had left for
-- abroad: no number is made until the municipality has decided (docs/
-- decisions/0022-arrivals-from-abroad.md).  `serial` is that of the code set
-- aside for the arrival; `person` is who has come back.
CREATE TABLE arrival (
	serial INTEGER PRIMARY KEY,
	municipality TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('held', 'same', 'different')),
	person INTEGER REFERENCES person (serial),
	at INTEGER NOT NULL
) STRICT;

CREATE TABLE arrival_candidate (
	serial INTEGER NOT NULL REFERENCES arrival (serial),
	candidate INTEGER NOT NULL,
	person INTEGER NOT NULL REFERENCES person (serial),
	PRIMARY KEY (serial, candidate)
) STRICT, WITHOUT ROWID;

-- Decisions, by whom and on which evidence, or why they were refused.
-- Rows are added, never changed.
CREATE TABLE arrival_decision (
	seq INTEGER PRIMARY KEY,
	serial INTEGER NOT NULL,
	decision TEXT NOT NULL,
	person INTEGER,
	evidence TEXT NOT NULL,
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	refusal TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;

CREATE INDEX person_departed ON person (birth) WHERE state = 2;
-- migration 4: the people of a move, to be forgotten
CREATE INDEX transfer_person_by_transfer ON transfer_person (transfer);
-- migration 5: a notice of a move ends
-- By use, withdrawal or time, for each person (docs/decisions/
-- 0040-notices-of-moves.md).  `until` is the end of its last day.  An
-- earlier announcement was used by people who have lived there since.
CREATE TABLE transfer_person_2 (
	serial INTEGER NOT NULL REFERENCES person (serial),
	transfer TEXT NOT NULL REFERENCES transfer (transfer),
	state TEXT NOT NULL CHECK (state IN ('open', 'used', 'withdrawn',
		'expired')),
	until INTEGER NOT NULL,
	ended INTEGER,
	PRIMARY KEY (serial, transfer)
) STRICT, WITHOUT ROWID;
INSERT INTO transfer_person_2 (serial, transfer, state, until)
SELECT p.serial, p.transfer,
	CASE WHEN person.municipality <> t.from_municipality OR EXISTS (
		SELECT 1 FROM former AS f WHERE f.serial = p.serial
			AND f.municipality = t.to_municipality
			AND f.recorded > t.at)
		THEN 'used' ELSE 'open' END,
	t.at + 5184000000
FROM transfer_person AS p
JOIN transfer AS t ON t.transfer = p.transfer
JOIN person ON person.serial = p.serial;
DROP TABLE transfer_person;
ALTER TABLE transfer_person_2 RENAME TO transfer_person;
CREATE INDEX transfer_person_by_transfer ON transfer_person (transfer);
CREATE INDEX transfer_person_open ON transfer_person (until)
	WHERE state = 'open';
-- migration 6: how many residents a municipality has, for its budgets
INSERT INTO budget_size (organisation, persons)
SELECT municipality, COUNT(*) FROM person WHERE state = 1
GROUP BY municipality;
-- migration 7: how many codes a municipality holds unused
CREATE TABLE stock (
	municipality TEXT PRIMARY KEY,
	designated INTEGER NOT NULL,
	used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO stock (municipality, designated, used)
SELECT d.municipality, SUM(d.wanted), SUM(
	(SELECT COUNT(*) FROM person AS p
		WHERE p.serial >= d.first AND p.serial < d.first + d.length)
	+ (SELECT COUNT(*) FROM later_code AS l
		WHERE l.serial >= d.first AND l.serial < d.first + d.length)
	+ (SELECT COUNT(*) FROM arrival AS a
		WHERE a.state = 'held' AND a.serial >= d.first
			AND a.serial < d.first + d.length))
FROM designation AS d GROUP BY d.municipality;
-- migration 8: who an arrival may be is told to nobody
DROP TABLE arrival_candidate;
-- migration 9: the officer alone
-- A holder has duties (host/right.h); nothing that a caller says counts.
ALTER TABLE arrival_decision DROP COLUMN role;
-- migration 10: codes that were given back
-- A code that a municipality has not used and does not need lapses; `request`:
-- it came back to the same municipality by this request for codes.
CREATE TABLE lapsed (
	serial INTEGER PRIMARY KEY,
	municipality TEXT NOT NULL,
	at INTEGER NOT NULL,
	request TEXT
) STRICT;
CREATE INDEX lapsed_open ON lapsed (municipality, serial)
	WHERE request IS NULL;
CREATE INDEX lapsed_by_request ON lapsed (municipality, request);
-- migration 11: a person's third number waits for an officer
-- The number that is to be changed was the `generation`th of the code of
-- `number_serial`; `paper` and `officer` are the municipality's words.
CREATE TABLE number_held (
	change INTEGER PRIMARY KEY,
	municipality TEXT NOT NULL,
	request TEXT NOT NULL,
	serial INTEGER NOT NULL REFERENCES person (serial),
	number_serial INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	paper TEXT NOT NULL,
	officer TEXT NOT NULL,
	reason TEXT NOT NULL,
	at INTEGER NOT NULL,
	UNIQUE (municipality, request)
) STRICT;
CREATE INDEX former_number_by_person ON former_number (person);
ALTER TABLE later_code ADD COLUMN paper TEXT NOT NULL DEFAULT '';
ALTER TABLE later_code ADD COLUMN officer TEXT NOT NULL DEFAULT '';
-- migration 12: the municipality of before is asked
-- Claims that somebody has come back from abroad (docs/decisions/
-- 0046-the-municipality-of-before.md), by the claimant's id.  `serial` is that
-- of the code set aside, `person` who has come back if that is known, `asked` the
-- municipality of before.  `known` is the serial of the code that the claim names;
-- 0: nobody's.  `details` (JSON: the arrival's attributes, the last stay)
-- are erased 90 days after the end.  `due`: when the timer has to look again.
CREATE TABLE claim (
	claim TEXT PRIMARY KEY,
	serial INTEGER NOT NULL,
	municipality TEXT NOT NULL,
	said INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('sought', 'asked', 'held',
		'settled', 'refused', 'withdrawn')),
	until INTEGER NOT NULL,
	due INTEGER,
	person INTEGER REFERENCES person (serial),
	asked TEXT NOT NULL,
	reason TEXT NOT NULL,
	known INTEGER,
	details TEXT NOT NULL,
	evidence TEXT NOT NULL,
	officer TEXT NOT NULL,
	reply TEXT NOT NULL,
	reply_reason TEXT NOT NULL,
	reply_officer TEXT NOT NULL,
	ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_due ON claim (due) WHERE due IS NOT NULL;
CREATE INDEX claim_by_municipality ON claim (municipality) WHERE ended IS NULL;
CREATE INDEX claim_by_serial ON claim (serial) WHERE ended IS NULL;
CREATE INDEX claim_by_person ON claim (person) WHERE ended IS NULL;
CREATE INDEX claim_held ON claim (claim) WHERE state = 'held';
