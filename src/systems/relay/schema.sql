-- type internal_number: internal
-- type linkage_code: code
-- type instant: at, put, replaced, noted, since, deadline, decided
-- type instant: requested, expires, answered, held_until, cancelled
-- type instant: corrected, outdated, ends
-- type date: case_opened
-- protected: linkage, provision, replica, mark

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

-- Earlier versions of replicas.
CREATE TABLE former_replica (
	seq INTEGER PRIMARY KEY,
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	version TEXT NOT NULL,
	contents TEXT NOT NULL,
	put INTEGER NOT NULL,
	replaced INTEGER NOT NULL
) STRICT;

-- Our inquiries of others: the record of 番号法23条1項 on the inquirer's side,
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

-- Inquiries of others to us: the same record on the provider's side.  A permit
-- is here once, and so works once.
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
-- migration 2: marks, holds, revocations, changes of replicas, more ends
-- Marks on replicas of a person, or of one item ('': all items).
--   hold         自動応答不可: a person decides about each inquiry
--   undisclosed  不開示 (番号法23条2項): the record of a provision is not shown
-- `officer` and `role` say who set it.
CREATE TABLE mark (
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('hold', 'undisclosed')),
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	role TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (internal, item, kind)
) STRICT, WITHOUT ROWID;

-- Permits that wait for a person, and who decided.  `notice` is what
-- the network sent (令85 41条); it is erased with the decision.
CREATE TABLE held (
	permit TEXT PRIMARY KEY,
	notice TEXT NOT NULL,
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	affair TEXT NOT NULL,
	inquirer TEXT NOT NULL,
	unit TEXT NOT NULL,
	since INTEGER NOT NULL,
	deadline INTEGER NOT NULL,
	decision TEXT NOT NULL DEFAULT '' CHECK (decision IN
		('', 'release', 'refuse', 'deadline', 'revoked')),
	reason TEXT NOT NULL DEFAULT '',
	officer TEXT NOT NULL DEFAULT '',
	role TEXT NOT NULL DEFAULT '',
	decided INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_deadline ON held (decision, deadline);
CREATE INDEX held_by_time ON held (since);

-- Permits that the network took back before they came here.
CREATE TABLE revocation (
	permit TEXT PRIMARY KEY,
	outcome TEXT NOT NULL CHECK (outcome IN ('cancelled', 'revoked')),
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revocation_by_time ON revocation (at);

-- Changes of replicas: who, which, when and how; without contents.  `late` is 1
-- for a change that came after a newer one and changed nothing.
CREATE TABLE replica_change (
	seq INTEGER PRIMARY KEY,
	internal INTEGER NOT NULL,
	item TEXT NOT NULL,
	version TEXT NOT NULL,
	kind TEXT NOT NULL
		CHECK (kind IN ('load', 'replace', 'correct', 'delete')),
	officer TEXT NOT NULL,
	put INTEGER NOT NULL,
	noted INTEGER NOT NULL,
	late INTEGER NOT NULL CHECK (late IN (0, 1))
) STRICT;
CREATE INDEX replica_change_by_person ON replica_change (internal, seq);
CREATE INDEX replica_change_by_time ON replica_change (noted);

-- As before, with the other ways to end, the deadline of a hold and the
-- marks of 番号法23条2項.  `cancelled` is when our office took it back.
CREATE TABLE inquiry_2 (
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
	outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'provided',
		'no-data', 'refused', 'expired', 'cancelled', 'revoked')),
	reason TEXT NOT NULL DEFAULT '',
	article TEXT NOT NULL DEFAULT '',
	answered INTEGER,
	held_until INTEGER,
	cancelled INTEGER,
	undisclosed_inquiry INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_inquiry IN (0, 1)),
	undisclosed_answer INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_answer IN (0, 1)),
	corrected INTEGER,
	correction TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO inquiry_2 (inquiry, internal, affair, item, provider, unit,
	requested, permit, expires, state, outcome, reason, article, answered)
SELECT inquiry, internal, affair, item, provider, unit, requested, permit,
	expires, state, outcome, reason, article, answered
FROM inquiry;
DROP TABLE inquiry;
ALTER TABLE inquiry_2 RENAME TO inquiry;
CREATE INDEX inquiry_by_person ON inquiry (internal, requested);
CREATE INDEX inquiry_by_time ON inquiry (requested);
CREATE INDEX inquiry_by_expiry ON inquiry (state, expires);

CREATE TABLE provision_2 (
	permit TEXT PRIMARY KEY,
	inquiry TEXT NOT NULL,
	internal INTEGER NOT NULL,
	affair TEXT NOT NULL,
	item TEXT NOT NULL,
	article TEXT NOT NULL,
	inquirer TEXT NOT NULL,
	unit TEXT NOT NULL,
	requested INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('provided', 'no-data',
		'refused', 'expired', 'cancelled', 'revoked')),
	reason TEXT NOT NULL DEFAULT '',
	answered INTEGER NOT NULL,
	undisclosed_inquiry INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_inquiry IN (0, 1)),
	undisclosed_answer INTEGER NOT NULL DEFAULT 0
		CHECK (undisclosed_answer IN (0, 1)),
	corrected INTEGER,
	correction TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO provision_2 (permit, inquiry, internal, affair, item, article,
	inquirer, unit, requested, outcome, answered)
SELECT permit, inquiry, internal, affair, item, article, inquirer, unit,
	requested, outcome, answered
FROM provision;
DROP TABLE provision;
ALTER TABLE provision_2 RENAME TO provision;
CREATE INDEX provision_by_person ON provision (internal, requested);
CREATE INDEX provision_by_time ON provision (requested);
-- migration 3: contents that were corrected, marks by the offices
-- Which contents were provided: their version, and when the office had put
-- them; '' and 0 for what was provided before this migration.
ALTER TABLE provision ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE provision ADD COLUMN put INTEGER NOT NULL DEFAULT 0;

-- When the provider corrected what it had given us.
ALTER TABLE inquiry ADD COLUMN outdated INTEGER;

-- A mark that was taken away stays as a row, so that an older order that
-- comes later does not bring it back.
ALTER TABLE mark ADD COLUMN removed INTEGER NOT NULL DEFAULT 0
	CHECK (removed IN (0, 1));
CREATE INDEX mark_removed ON mark (at) WHERE removed = 1;
-- migration 4: replicas, to be counted
-- All rows without the contents, which need not be read to count them; in the
-- order of time, so that what is loaded is appended.  And the deleted ones.
CREATE INDEX replica_by_time ON replica (put);
CREATE INDEX replica_deleted ON replica (contents) WHERE contents = '';
-- migration 5: the version that was asked for
-- '': the newest that the provider has.
ALTER TABLE inquiry ADD COLUMN version TEXT NOT NULL DEFAULT '';
-- migration 6: corrections that come before the record
-- The newest correction of a record that a permit will leave here when it
-- ends.
CREATE TABLE early_correction (
	permit TEXT PRIMARY KEY,
	corrected INTEGER NOT NULL,
	correction TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX early_correction_by_time ON early_correction (at);
-- migration 7: what was asked and answered
-- Digests of the request and of the provider's answer (host/once.h); empty
-- where there is none, or an earlier program wrote the row.
ALTER TABLE inquiry ADD COLUMN asked BLOB NOT NULL DEFAULT X'';
ALTER TABLE inquiry ADD COLUMN answer BLOB NOT NULL DEFAULT X'';
-- migration 8: the case that needs the answer
-- The case (事案) of the office, the procedure, and the part that the person has
-- in the case, as the record keeps them; '' where an earlier program wrote the
-- row.  `case_opened` is a day as a number.
ALTER TABLE inquiry ADD COLUMN case_number TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN case_unit TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN case_clerk TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN case_opened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inquiry ADD COLUMN step TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN whose TEXT NOT NULL DEFAULT '';
CREATE INDEX inquiry_by_case ON inquiry (case_number, case_unit, requested);
-- migration 9: the officer alone
-- A holder has duties (host/right.h); nothing that a caller says counts.
ALTER TABLE mark DROP COLUMN role;
ALTER TABLE held DROP COLUMN role;

-- migration 10: each side has its own id
-- The digest of the question, which both sides of an exchange know, stands in no
-- row in the clear (decision 0043): `question_tag` finds the row, of which
-- `question_sealed` holds the digest, the inquirer's also the blind.  `sheet` is the
-- id of the signature.  Rows of an
-- earlier day have none.  `notice` is sealed, too; permits that were held on the
-- day of the change have ended.
ALTER TABLE inquiry DROP COLUMN permit;
ALTER TABLE inquiry ADD COLUMN question_tag BLOB;
ALTER TABLE inquiry ADD COLUMN question_sealed BLOB NOT NULL DEFAULT X'';
ALTER TABLE inquiry ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX inquiry_by_question ON inquiry (question_tag);
ALTER TABLE provision DROP COLUMN inquiry;
ALTER TABLE provision ADD COLUMN question_tag BLOB;
ALTER TABLE provision ADD COLUMN question_sealed BLOB NOT NULL DEFAULT X'';
CREATE INDEX provision_by_question ON provision (question_tag);
ALTER TABLE held DROP COLUMN notice;
ALTER TABLE held ADD COLUMN notice BLOB NOT NULL DEFAULT X'';
ALTER TABLE held ADD COLUMN question_tag BLOB;
CREATE INDEX held_by_question ON held (question_tag);
UPDATE held SET decision = 'deadline', decided = deadline WHERE decision = '';
-- migration 11: searches count as inquiries of their case
-- Kept for 30 days; `content` is the digest by which a repetition is known.
CREATE TABLE search (
	search TEXT PRIMARY KEY,
	content BLOB NOT NULL,
	case_number TEXT NOT NULL,
	case_unit TEXT NOT NULL,
	requested INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX search_by_case ON search (case_number, case_unit, requested);
-- migration 12: what is withheld has a grade, a ground and an end
-- As question and answer say it (law/withholding.h); '' where nothing is withheld,
-- 'before-2026' alone in rows of an earlier day.  `case_second` is the second
-- officer of a question of which the existence is withheld.
ALTER TABLE inquiry ADD COLUMN withheld_inquiry TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN withheld_answer TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN case_second TEXT NOT NULL DEFAULT '';
UPDATE inquiry SET withheld_inquiry = 'before-2026'
WHERE undisclosed_inquiry = 1;
UPDATE inquiry SET withheld_answer = 'before-2026'
WHERE undisclosed_answer = 1;
ALTER TABLE inquiry DROP COLUMN undisclosed_inquiry;
ALTER TABLE inquiry DROP COLUMN undisclosed_answer;
ALTER TABLE provision ADD COLUMN withheld_inquiry TEXT NOT NULL DEFAULT '';
ALTER TABLE provision ADD COLUMN withheld_answer TEXT NOT NULL DEFAULT '';
UPDATE provision SET withheld_inquiry = 'before-2026'
WHERE undisclosed_inquiry = 1;
UPDATE provision SET withheld_answer = 'before-2026'
WHERE undisclosed_answer = 1;
ALTER TABLE provision DROP COLUMN undisclosed_inquiry;
ALTER TABLE provision DROP COLUMN undisclosed_answer;
-- A mark `undisclosed` withholds until `ends`, an instant; one of an earlier day for
-- a year after it was set.
ALTER TABLE mark ADD COLUMN grade TEXT NOT NULL DEFAULT '';
ALTER TABLE mark ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE mark ADD COLUMN ends INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mark ADD COLUMN second TEXT NOT NULL DEFAULT '';
UPDATE mark SET grade = 'existence', ground = 'before-2026',
	ends = at + 31536000000
WHERE kind = 'undisclosed';
-- migration 13: codes before other ones took their places
-- `tag` finds the row of the old code, of which `sealed` holds the bytes; `code`
-- took its place.  Kept as long as the records.
CREATE TABLE former_linkage (
	tag BLOB PRIMARY KEY,
	sealed BLOB NOT NULL,
	code BLOB NOT NULL CHECK (LENGTH(code) = 16),
	replaced INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX former_linkage_by_time ON former_linkage (replaced);
