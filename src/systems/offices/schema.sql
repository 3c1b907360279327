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

-- What other organisations were asked for an application.
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
