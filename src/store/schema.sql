-- migration 1: what was done to the database
-- Every opening executes this, so that a new database has it.
CREATE TABLE IF NOT EXISTS migration (
	component TEXT NOT NULL,
	number INTEGER NOT NULL CHECK (number >= 1),
	applied_at INTEGER NOT NULL,
	PRIMARY KEY (component, number)
) STRICT, WITHOUT ROWID;

-- The sum over the rows of each protected table (crypto/lthash.h), counted when
-- so many migrations had been applied.
CREATE TABLE IF NOT EXISTS row_sum (
	number INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	sum BLOB NOT NULL,
	migrations INTEGER NOT NULL
) STRICT;
