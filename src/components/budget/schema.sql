-- type instant: at
-- type date: day, first, last
-- protected: budget_grant

-- migration 1: budgets, grants, sizes
-- The use that an organisation made of a budget on a day in Japan; for a budget
-- about somebody, `subject` says about whom.  `used` is of the day's own budget,
-- `granted` of grants; `asked` is the number of which the rule allows a share;
-- `stopped` is what was beyond it.
CREATE TABLE budget (
	organisation TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	day INTEGER NOT NULL,
	used INTEGER NOT NULL,
	granted INTEGER NOT NULL,
	asked INTEGER NOT NULL,
	stopped INTEGER NOT NULL,
	PRIMARY KEY (organisation, kind, subject, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_by_day ON budget (day);
CREATE INDEX budget_stopped ON budget (day) WHERE stopped > 0;

-- Amounts that an organisation may use beside the days' budgets, from the first
-- to the last day.  Rows are added, and only `used` changes.
CREATE TABLE budget_grant (
	seq INTEGER PRIMARY KEY,
	organisation TEXT NOT NULL,
	kind TEXT NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	used INTEGER NOT NULL DEFAULT 0,
	origin TEXT NOT NULL
		CHECK (origin IN ('founding', 'announced', 'officer')),
	reason TEXT NOT NULL,
	officer TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX budget_grant_by_organisation ON budget_grant (organisation, kind);

-- For how many persons an organisation is responsible, where this system knows.
CREATE TABLE budget_size (
	organisation TEXT PRIMARY KEY,
	persons INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
