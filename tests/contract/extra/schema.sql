-- A second component, whose statements are numbered after the sample's.

-- type integer: by
-- protected: account

-- migration 1: accounts
CREATE TABLE account (
	owner INTEGER NOT NULL REFERENCES person (id),
	number INTEGER NOT NULL,
	amount INTEGER NOT NULL CHECK (amount >= 0),
	PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;
