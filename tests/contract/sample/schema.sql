-- A component for the tests of the store and nothing else.

-- type integer: years
-- protected: person, note, pair

-- migration 1: people, notes, an audit
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	age INTEGER CHECK (age >= 0),
	photo BLOB
) STRICT;

CREATE TABLE note (
	person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	seq INTEGER NOT NULL,
	text TEXT NOT NULL, -- a column that is called like a type
	PRIMARY KEY (person, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_by_text ON note (text, person) WHERE text <> '';

CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	action TEXT NOT NULL
) STRICT;

-- migration 2: a state with a default that must survive the generator
ALTER TABLE person ADD COLUMN state TEXT NOT NULL
	DEFAULT 'it''s -- INTEGER, STRICT; "new" \ ??/ :name 新'
	CHECK (state <> '' /* INTEGER BLOB */);
CREATE TABLE pair (
	a TEXT NOT NULL,
	"integer" BLOB NOT NULL DEFAULT x'00fF',
	PRIMARY KEY (a)
) STRICT, WITHOUT ROWID;
