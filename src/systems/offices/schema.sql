-- type instant: put, retry, opened, asked, answered, held_until, corrected
-- type instant: sent, ordered

-- migration 1: business records, applications, questions
-- Business data under a business number, and where its replica stands:
--   put       sent to the addressee
--   refused   the addressee does not know the person yet; tried again
--   given-up  tried often enough; somebody must look
CREATE TABLE record (
	business_number TEXT NOT NULL,
	item TEXT NOT NULL,
	version TEXT NOT NULL,
	contents TEXT NOT NULL,
	put INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('put', 'refused', 'given-up')),
	attempts INTEGER NOT NULL DEFAULT 0,
	retry INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (business_number, item, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_by_retry ON record (state, retry);

-- Applications for a child allowance (児童手当).
CREATE TABLE application (
	application TEXT PRIMARY KEY,
	applicant TEXT NOT NULL,
	child TEXT NOT NULL,
	previous_municipality TEXT NOT NULL,
	unit TEXT NOT NULL,
	clerk TEXT NOT NULL,
	opened INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Inquiries of other organisations for an application.
CREATE TABLE question (
	inquiry TEXT PRIMARY KEY,
	application TEXT NOT NULL REFERENCES application (application),
	ordinal INTEGER NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN
		('waiting', 'received', 'no-data', 'refused', 'expired')),
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	explanation TEXT NOT NULL DEFAULT '',
	contents TEXT NOT NULL DEFAULT '',
	asked INTEGER NOT NULL,
	answered INTEGER,
	UNIQUE (application, ordinal)
) STRICT, WITHOUT ROWID;
-- migration 2: inquiries without an application, searches, holds
-- Until when a person of the provider's will have decided (自動応答不可).
ALTER TABLE question ADD COLUMN held_until INTEGER;

-- Inquiries that a clerk or a file of them asks.  Those of one file share
-- `batch` (its digest) and are numbered by their line; `batch` is '' for one
-- that stands alone.
CREATE TABLE inquiry (
	inquiry TEXT PRIMARY KEY,
	batch TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	business_number TEXT NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	unit TEXT NOT NULL,
	clerk TEXT NOT NULL,
	undisclosed INTEGER NOT NULL CHECK (undisclosed IN (0, 1)),
	state TEXT NOT NULL CHECK (state IN ('waiting', 'received', 'no-data',
		'refused', 'expired', 'cancelled')),
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	explanation TEXT NOT NULL DEFAULT '',
	contents TEXT NOT NULL DEFAULT '',
	held_until INTEGER,
	asked INTEGER NOT NULL,
	answered INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_by_batch ON inquiry (batch, ordinal);
CREATE INDEX inquiry_waiting ON inquiry (batch) WHERE state = 'waiting';

-- Searches for providers that could be asked about a person (令85 40条3項);
-- `found` is a JSON array.
CREATE TABLE search (
	search TEXT PRIMARY KEY,
	business_number TEXT NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	clerk TEXT NOT NULL,
	found TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	asked INTEGER NOT NULL,
	answered INTEGER
) STRICT, WITHOUT ROWID;
-- migration 3: declarations of own-use affairs and limits, versions received
-- Which version of the item, in which form, was received (data/item_forms.tsv).
ALTER TABLE inquiry ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN form INTEGER NOT NULL DEFAULT 0;

-- Declarations of this organisation to the Commission, by way of the network:
-- own-use affairs (番号法9条2項, 19条9号), and its ordinance's limits for those of
-- others (26条).  `body` is the declaration as it was sent; `sent` is the
-- state until the network has answered.
CREATE TABLE declaration (
	declaration TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('affair', 'limit')),
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN
		('sent', 'declared', 'confirmed', 'refused', 'withdrawn')),
	reason TEXT NOT NULL DEFAULT '',
	clerk TEXT NOT NULL,
	sent INTEGER NOT NULL,
	answered INTEGER
) STRICT, WITHOUT ROWID;
-- migration 4: contents that were corrected, marks
-- The version and form of the contents received; and when the provider
-- corrected them.
ALTER TABLE question ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN form INTEGER NOT NULL DEFAULT 0;
ALTER TABLE question ADD COLUMN corrected INTEGER;
ALTER TABLE inquiry ADD COLUMN corrected INTEGER;
CREATE INDEX question_corrected ON question (corrected)
	WHERE corrected IS NOT NULL;
CREATE INDEX inquiry_corrected ON inquiry (corrected)
	WHERE corrected IS NOT NULL;

-- Marks that were ordered from the relay: 自動応答不可 (hold), 不開示
-- (undisclosed), of a person or one item ('': all items).  The reason is kept
-- by the relay alone.
CREATE TABLE mark (
	mark TEXT PRIMARY KEY,
	business_number TEXT NOT NULL,
	item TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('hold', 'undisclosed')),
	change TEXT NOT NULL CHECK (change IN ('set', 'remove')),
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	ordered INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('ordered', 'done', 'refused')),
	refusal TEXT NOT NULL DEFAULT '',
	answered INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_open ON mark (ordered) WHERE state = 'ordered';
-- migration 5: questions without an answer, to be counted
-- Counting reads nothing but the index.
CREATE INDEX question_waiting ON question (state) WHERE state = 'waiting';
DROP INDEX inquiry_waiting;
CREATE INDEX inquiry_waiting ON inquiry (state) WHERE state = 'waiting';
-- migration 6: the version that was asked for
-- '': the newest that the provider has.  `version` is what was received.
ALTER TABLE inquiry ADD COLUMN asked_version TEXT NOT NULL DEFAULT '';
-- migration 7: what an id was used for
-- `content` is the digest of the request (host/once.h); empty where an earlier
-- program wrote the row.
ALTER TABLE application ADD COLUMN content BLOB NOT NULL DEFAULT X'';
ALTER TABLE inquiry ADD COLUMN content BLOB NOT NULL DEFAULT X'';
ALTER TABLE search ADD COLUMN content BLOB NOT NULL DEFAULT X'';
ALTER TABLE mark ADD COLUMN content BLOB NOT NULL DEFAULT X'';
-- migration 8: questions of applications that were cancelled
-- As before, and: an inquiry that the relay says was cancelled.
CREATE TABLE question_2 (
	inquiry TEXT PRIMARY KEY,
	application TEXT NOT NULL REFERENCES application (application),
	ordinal INTEGER NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	provider TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'received', 'no-data',
		'refused', 'expired', 'cancelled')),
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	explanation TEXT NOT NULL DEFAULT '',
	contents TEXT NOT NULL DEFAULT '',
	version TEXT NOT NULL DEFAULT '',
	form INTEGER NOT NULL DEFAULT 0,
	asked INTEGER NOT NULL,
	answered INTEGER,
	held_until INTEGER,
	corrected INTEGER,
	UNIQUE (application, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO question_2 (inquiry, application, ordinal, affair, item, provider,
	state, reason, article, explanation, contents, version, form, asked,
	answered, held_until, corrected)
SELECT inquiry, application, ordinal, affair, item, provider, state, reason,
	article, explanation, contents, version, form, asked, answered,
	held_until, corrected
FROM question;
DROP TABLE question;
ALTER TABLE question_2 RENAME TO question;
CREATE INDEX question_corrected ON question (corrected)
	WHERE corrected IS NOT NULL;
CREATE INDEX question_waiting ON question (state) WHERE state = 'waiting';
-- migration 9: the officer alone
-- A holder has duties (host/right.h); nothing that a caller says counts.
ALTER TABLE mark DROP COLUMN role;
-- migration 10: the inquiries of a file alone
-- Most inquiries stand alone; an index of these would be written with each and
-- never read.
DROP INDEX inquiry_by_batch;
CREATE INDEX inquiry_by_batch ON inquiry (batch, ordinal) WHERE batch <> '';
-- migration 11: what is withheld has a grade, a ground and an end
-- As law/withholding.h writes it; 'before-2026' alone in rows of an earlier day.
ALTER TABLE inquiry ADD COLUMN withheld TEXT NOT NULL DEFAULT '';
UPDATE inquiry SET withheld = 'before-2026' WHERE undisclosed = 1;
ALTER TABLE inquiry DROP COLUMN undisclosed;
