-- A component for the tests of typed rows and nothing else.

-- type instant: at, until
-- type date: born, departed
-- type bool: hidden, shown
-- type resident_code: code
-- type individual_number: member.number
-- type linkage_code: linkage
-- type digest: secret
-- type internal_number: internal
-- type ticket (tests/contract/ticket.h): ticket
-- type integer: years
-- type text: word

-- migration 1: members, entries
CREATE TABLE member (
	internal INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	alias TEXT,
	photo BLOB,
	age INTEGER,
	born INTEGER NOT NULL,
	departed INTEGER,
	hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
	shown INTEGER CHECK (shown IN (0, 1)),
	at INTEGER NOT NULL,
	until INTEGER,
	code INTEGER,
	number TEXT NOT NULL,
	linkage BLOB,
	secret BLOB NOT NULL,
	ticket INTEGER NOT NULL
) STRICT;

-- `number` is a text of its own here.
CREATE TABLE entry (
	seq INTEGER PRIMARY KEY,
	number TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
