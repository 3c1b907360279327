-- type instant: at, asked, until, decided
-- type internal_number: internal
-- type individual_number: number
-- type bool: linked
-- type date: birth, deceased
-- protected: person, business_number

-- migration 1: persons, business numbers, acquisitions, inquiries
-- One row for each person the organisation deals with.  `internal` is
-- random.  `linked` is 1 once the relay holds a code for the person; if the
-- acquisition was refused, `refusal` says why.
CREATE TABLE person (
	internal INTEGER PRIMARY KEY,
	number TEXT NOT NULL UNIQUE CHECK (LENGTH(number) = 12),
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	birth TEXT NOT NULL,
	sex TEXT NOT NULL CHECK (sex IN ('1', '2')),
	address TEXT NOT NULL,
	deceased TEXT NOT NULL DEFAULT '',
	linked INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1)),
	refusal TEXT NOT NULL DEFAULT ''
) STRICT;

-- Individual Numbers that a person had before a change.
CREATE TABLE former_number (
	number TEXT PRIMARY KEY,
	internal INTEGER NOT NULL REFERENCES person (internal),
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX former_number_by_person ON former_number (internal);

-- Business numbers, each with the systems that use it.  `at` is when the
-- newest message about it was sent: older ones that come later are ignored.
CREATE TABLE business_number (
	business_number TEXT NOT NULL,
	system TEXT NOT NULL,
	internal INTEGER NOT NULL REFERENCES person (internal),
	at INTEGER NOT NULL,
	PRIMARY KEY (business_number, system)
) STRICT, WITHOUT ROWID;
CREATE INDEX business_number_by_person ON business_number (internal);

-- Acquisitions of codes that are under way, and no others: the acquisition
-- number must not be kept longer than the acquisition needs it
-- (番号法21条の2第3項).
CREATE TABLE acquisition (
	acquisition TEXT PRIMARY KEY,
	internal INTEGER NOT NULL UNIQUE REFERENCES person (internal),
	asked INTEGER NOT NULL,
	attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX acquisition_by_time ON acquisition (asked);

-- Rows that were not believed, for a person to decide.
CREATE TABLE conflict (
	conflict INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	system TEXT NOT NULL,
	business_number TEXT NOT NULL,
	number TEXT NOT NULL,
	internal INTEGER,
	reason TEXT NOT NULL,
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	birth TEXT NOT NULL,
	sex TEXT NOT NULL,
	address TEXT NOT NULL,
	decision TEXT NOT NULL DEFAULT ''
		CHECK (decision IN ('', 'keep', 'relink')),
	decided INTEGER,
	decided_by TEXT NOT NULL DEFAULT '',
	UNIQUE (business_number, system, number, reason)
) STRICT;

-- Which office asked what, until the answer has long come.
CREATE TABLE inquiry (
	inquiry TEXT PRIMARY KEY,
	asker TEXT NOT NULL,
	internal INTEGER NOT NULL REFERENCES person (internal),
	affair TEXT NOT NULL,
	asked INTEGER NOT NULL,
	answered INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_by_time ON inquiry (asked);
-- migration 2: what waits or went wrong, to be counted
-- Few rows of many; counting reads nothing but the index.
CREATE INDEX person_unlinked ON person (linked) WHERE linked = 0;
CREATE INDEX person_refused ON person (refusal) WHERE refusal <> '';
CREATE INDEX acquisition_stuck ON acquisition (attempts) WHERE attempts > 1;
CREATE INDEX conflict_open ON conflict (decision) WHERE decision = '';
CREATE INDEX inquiry_open ON inquiry (answered) WHERE answered IS NULL;
-- migration 3: who asked is not kept: the relay tells the office itself
DROP TABLE inquiry;
-- migration 4: dates and sex as numbers
-- As in the other systems: a day is a number (20260401, with 00 for an unknown
-- part), 0 is none; 1 is male, 2 female.
ALTER TABLE person ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
UPDATE person SET day = CAST(REPLACE(birth, '-', '') AS INTEGER);
ALTER TABLE person DROP COLUMN birth;
ALTER TABLE person RENAME COLUMN day TO birth;
ALTER TABLE person ADD COLUMN code INTEGER NOT NULL DEFAULT 1
	CHECK (code IN (1, 2));
UPDATE person SET code = CAST(sex AS INTEGER);
ALTER TABLE person DROP COLUMN sex;
ALTER TABLE person RENAME COLUMN code TO sex;
ALTER TABLE person ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
UPDATE person SET day = CAST(REPLACE(deceased, '-', '') AS INTEGER)
WHERE deceased <> '';
ALTER TABLE person DROP COLUMN deceased;
ALTER TABLE person RENAME COLUMN day TO deceased;
ALTER TABLE conflict ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
UPDATE conflict SET day = CAST(REPLACE(birth, '-', '') AS INTEGER);
ALTER TABLE conflict DROP COLUMN birth;
ALTER TABLE conflict RENAME COLUMN day TO birth;
ALTER TABLE conflict ADD COLUMN code INTEGER NOT NULL DEFAULT 1
	CHECK (code IN (1, 2));
UPDATE conflict SET code = CAST(sex AS INTEGER);
ALTER TABLE conflict DROP COLUMN sex;
ALTER TABLE conflict RENAME COLUMN code TO sex;
