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

-- Who was given a code for whom (番号法施行令26条6項), under which epoch of the
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
