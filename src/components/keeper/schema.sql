-- type date: day
-- type instant: since, explained

-- migration 1: tokens at those who report, and at the keeper
-- The sides of exchanges that ended here on a day in Japan.  `record` is this system's own id of the
-- exchange; kept for thirty days, so that an alarm finds it.
CREATE TABLE keeper_note (
	day INTEGER NOT NULL,
	organisation TEXT NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('asked', 'answered')),
	token TEXT NOT NULL,
	record TEXT NOT NULL,
	PRIMARY KEY (day, organisation, side, token)
) STRICT, WITHOUT ROWID;

-- The last note that was sent; all before it were.
CREATE TABLE keeper_sent (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	day INTEGER NOT NULL,
	organisation TEXT NOT NULL,
	side TEXT NOT NULL,
	token TEXT NOT NULL
) STRICT;

-- The alarms of the keeper: a token that one of both has alone, and whether
-- it is ours.  `settled`: the other one has come.  `cause`: an officer's word.
CREATE TABLE keeper_discrepancy (
	seq INTEGER PRIMARY KEY,
	organisation TEXT NOT NULL,
	side TEXT NOT NULL,
	token TEXT NOT NULL,
	ours INTEGER NOT NULL CHECK (ours IN (0, 1)),
	day INTEGER NOT NULL,
	record TEXT NOT NULL,
	since INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'explained', 'settled')),
	cause TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',
	officer TEXT NOT NULL DEFAULT '',
	explained INTEGER,
	UNIQUE (organisation, side, token)
) STRICT;
CREATE INDEX keeper_discrepancy_open ON keeper_discrepancy (state)
	WHERE state = 'open';
CREATE INDEX keeper_discrepancy_by_day ON keeper_discrepancy (day);

-- At the keeper: tokens that one of both has reported, and `reporter` is the one.
-- `arrived` is the number of the keeper's day (keeper_work); what they say of it
-- when an officer has looked.
CREATE TABLE keeper_token (
	organisation TEXT NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('asked', 'answered')),
	token TEXT NOT NULL,
	reporter TEXT NOT NULL CHECK (reporter IN ('relay', 'network')),
	day INTEGER NOT NULL,
	arrived INTEGER NOT NULL,
	level TEXT NOT NULL CHECK (level IN ('', 'ask', 'alarm')),
	relay_says TEXT NOT NULL DEFAULT '',
	network_says TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (organisation, side, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX keeper_token_by_level ON keeper_token (level, arrived);
CREATE INDEX keeper_token_by_day ON keeper_token (day);

-- How many each of both has reported of a day, and how many of them matched.
CREATE TABLE keeper_count (
	organisation TEXT NOT NULL,
	side TEXT NOT NULL,
	day INTEGER NOT NULL,
	relay INTEGER NOT NULL,
	network INTEGER NOT NULL,
	matched INTEGER NOT NULL,
	PRIMARY KEY (organisation, side, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX keeper_count_by_day ON keeper_count (day);

-- The days on which this keeper was at work, counted: nothing grows older while
-- it is down, or the whole nation is.
CREATE TABLE keeper_work (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	number INTEGER NOT NULL,
	day INTEGER NOT NULL
) STRICT;
