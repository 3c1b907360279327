-- migration 1: codes, replicas, inquiries, provisions
-- The two halves of an acquisition, until both are here; then the row goes
-- (番号法21条の2第3項).  `held` is 1 if the network says that we hold the
-- person's code already.
CREATE TABLE acquisition (
	acquisition TEXT PRIMARY KEY,
	internal INTEGER,
	code BLOB,
	held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX acquisition_by_time ON acquisition (at);

-- 符号: this organisation's code for each person.
CREATE TABLE linkage (
	internal INTEGER PRIMARY KEY,
	code BLOB NOT NULL UNIQUE CHECK (LENGTH(code) = 16),
	at INTEGER NOT NULL
) STRICT;

-- 副本: what may be provided, as the offices keep it.  `put` is the instant
-- at which the office put it.
CREATE TABLE replica (
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	version TEXT NOT NULL,
	contents TEXT NOT NULL,
	put INTEGER NOT NULL,
	PRIMARY KEY (internal, item, version)
) STRICT, WITHOUT ROWID;

-- What replicas were before.
CREATE TABLE former_replica (
	seq INTEGER PRIMARY KEY,
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	version TEXT NOT NULL,
	contents TEXT NOT NULL,
	put INTEGER NOT NULL,
	replaced INTEGER NOT NULL
) STRICT;

-- What we asked others: the record of 番号法23条1項 on the inquirer's side,
-- kept for seven years (施行令30条).  The contents are not in it.
CREATE TABLE inquiry (
	inquiry TEXT PRIMARY KEY,
	internal INTEGER NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	unit TEXT NOT NULL,
	requested INTEGER NOT NULL,
	permit TEXT NOT NULL DEFAULT '',
	expires INTEGER,
	state TEXT NOT NULL
		CHECK (state IN ('asked', 'permitted', 'answered')),
	outcome TEXT NOT NULL DEFAULT ''
		CHECK (outcome IN
			('', 'provided', 'no-data', 'refused', 'expired')),
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	answered INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_by_person ON inquiry (internal, requested);
CREATE INDEX inquiry_by_time ON inquiry (requested);
CREATE INDEX inquiry_by_expiry ON inquiry (state, expires);

-- What we were asked: the same record on the provider's side.  A permit is
-- here once, and so works once.
CREATE TABLE provision (
	permit TEXT PRIMARY KEY,
	inquiry TEXT NOT NULL,
	internal INTEGER NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	article TEXT NOT NULL,
	inquirer TEXT NOT NULL,
	unit TEXT NOT NULL,
	requested INTEGER NOT NULL,
	outcome TEXT NOT NULL
		CHECK (outcome IN ('provided', 'no-data', 'expired')),
	answered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX provision_by_person ON provision (internal, requested);
CREATE INDEX provision_by_time ON provision (requested);
