-- DESIGNATION_ADD: a range of serials for a municipality
INSERT INTO designation
	(first, length, wanted, epoch, municipality, request, at)
VALUES (:first, :length, :wanted, :epoch, :municipality, :request, :at);

-- DESIGNATION_OF_REQUEST: the same request came before
SELECT first, wanted, epoch FROM designation
WHERE municipality = :municipality AND request = :request;

-- DESIGNATION_LAST: where the next range begins
SELECT first + length AS next FROM designation ORDER BY first DESC LIMIT 1;

-- DESIGNATION_AFTER: a municipality's first range that ends behind a serial
SELECT first, first + length AS "end" FROM designation
WHERE municipality = :municipality AND first + length > :first
ORDER BY first LIMIT 1;

-- SERIAL_USES: who has or had the code; a lapsed one counts
-- marks: personal
SELECT (SELECT COUNT(*) FROM person AS p WHERE p.serial = :serial)
	+ (SELECT COUNT(*) FROM later_code AS l WHERE l.serial = :serial)
	+ (SELECT COUNT(*) FROM arrival AS a WHERE a.serial = :serial)
	+ (SELECT COUNT(*) FROM lapsed AS x
		WHERE x.serial = :serial AND x.request IS NULL) AS n;

-- LAPSED_OPEN: codes that a municipality has given back
SELECT serial FROM lapsed
WHERE municipality = :municipality AND request IS NULL
ORDER BY serial LIMIT :limit;

-- LAPSED_FIND: when a code lapsed
SELECT at FROM lapsed WHERE serial = :serial AND request IS NULL;

-- LAPSED_PUT: a code has lapsed, perhaps once more
INSERT INTO lapsed (serial, municipality, at)
VALUES (:serial, :municipality, :at)
ON CONFLICT (serial) DO UPDATE SET at = excluded.at, request = NULL;

-- LAPSED_OF_REQUEST: those that came back by a request
SELECT serial FROM lapsed
WHERE municipality = :municipality AND request = :request
ORDER BY serial LIMIT :limit;

-- LAPSED_REVIVE: a code is the municipality's again
-- never null: request
UPDATE lapsed SET request = :request WHERE serial = :serial;

-- STOCK_FIND: the codes that a municipality has not used
SELECT designated - used AS held FROM stock
WHERE municipality = :municipality;

-- STOCK_ADD: more were designated, or used
INSERT INTO stock (municipality, designated, used)
VALUES (:municipality, :designated, :used)
ON CONFLICT (municipality) DO UPDATE
SET designated = stock.designated + excluded.designated,
	used = stock.used + excluded.used;

-- DESIGNATION_OF_SERIAL: the range that holds a serial, if one does
SELECT first, length, epoch, municipality FROM designation
WHERE first <= :serial ORDER BY first DESC LIMIT 1;

-- PERSON_ADD: somebody new; nothing happens if the serial is taken
-- marks: personal
INSERT INTO person (serial, municipality, state, generation, epoch, name,
	kana, birth, sex, address, former_surname, alias, event, event_date,
	updated)
VALUES (:serial, :municipality, 1, :generation, :epoch, :name, :kana, :birth,
	:sex, :address, :former_surname, :alias, :event, :event_date,
	:updated)
ON CONFLICT (serial) DO NOTHING;

-- PERSON_FIND: one record
-- marks: personal
-- row: person
SELECT serial, COALESCE(code_serial, serial) AS code_serial,
	COALESCE(number_serial, serial) AS number_serial, municipality, state,
	generation, epoch, name, kana, birth, sex, address, former_surname,
	alias, event, event_date, updated
FROM person WHERE serial = :serial;

-- PERSON_RECODE: another Resident Record Code is today's
-- marks: personal
-- never null: code_serial
UPDATE person SET code_serial = :code_serial WHERE serial = :serial;

-- LATER_CODE_ADD: a code that somebody was given after the first one
-- marks: personal
INSERT INTO later_code (serial, person, since)
VALUES (:serial, :person, :since);

-- LATER_CODE_FIND: whose it is or was
-- marks: personal
SELECT person FROM later_code WHERE serial = :serial;

-- LATER_CODES: those of one person; what was set aside for an arrival is no
-- news to anybody
-- marks: personal
SELECT serial FROM later_code AS l
WHERE l.person = :person AND l.serial <> :today
	AND NOT EXISTS (SELECT 1 FROM arrival AS a WHERE a.serial = l.serial)
ORDER BY since, serial;

-- LATER_CODE_SHOWN: the papers of a change, and the officer who saw them
-- marks: personal
UPDATE later_code SET paper = :paper, officer = :officer
WHERE serial = :serial;

-- LATER_CODE_LAST: when somebody's code was changed last; 0: never
-- marks: personal
SELECT COALESCE(MAX(since), 0) AS last FROM later_code AS l
WHERE l.person = :person
	AND NOT EXISTS (SELECT 1 FROM arrival AS a WHERE a.serial = l.serial);

-- LATER_CODE_DROP: it was not that person's
-- marks: personal
DELETE FROM later_code WHERE serial = :serial;

-- PERSON_CHANGE: the record says something else now
-- marks: personal
UPDATE person SET municipality = :municipality, state = :state, name = :name,
	kana = :kana, birth = :birth, sex = :sex, address = :address,
	former_surname = :former_surname, alias = :alias, event = :event,
	event_date = :event_date, updated = :updated
WHERE serial = :serial;

-- PERSON_LOOK_UP: by all four attributes; two rows are one too many
-- marks: personal
SELECT serial FROM person AS p
WHERE p.birth = :birth AND p.sex = :sex AND p.name = :name
	AND p.address = :address
	AND NOT EXISTS (SELECT 1 FROM later_code AS l WHERE l.serial = p.serial)
LIMIT 2;

-- FORMER_ADD: what a record said, or would have said
-- marks: personal
INSERT INTO former (serial, municipality, state, name, kana, birth, sex,
	address, former_surname, alias, event, event_date, updated, recorded)
VALUES (:serial, :municipality, :state, :name, :kana, :birth, :sex, :address,
	:former_surname, :alias, :event, :event_date, :updated, :recorded);

-- FORMER_IDENTITIES: as somebody was known before, and where
-- marks: personal
SELECT municipality, name, kana, birth, sex, former_surname, alias
FROM former WHERE serial = :serial;

-- FORMER_ABROAD: as it was before a return that was none
-- marks: personal
-- row: person
SELECT p.serial, COALESCE(p.code_serial, p.serial) AS code_serial,
	COALESCE(p.number_serial, p.serial) AS number_serial, f.municipality,
	f.state, p.generation, p.epoch, f.name, f.kana, f.birth, f.sex,
	f.address, f.former_surname, f.alias, f.event, f.event_date, f.updated
FROM former AS f JOIN person AS p ON p.serial = f.serial
WHERE f.serial = :serial AND f.state = 2
ORDER BY f.seq DESC LIMIT 1;

-- FORMER_SO: as it was when it last was so
-- marks: personal
-- row: person
SELECT p.serial, COALESCE(p.code_serial, p.serial) AS code_serial,
	COALESCE(p.number_serial, p.serial) AS number_serial, f.municipality,
	f.state, p.generation, p.epoch, f.name, f.kana, f.birth, f.sex,
	f.address, f.former_surname, f.alias, f.event, f.event_date, f.updated
FROM former AS f JOIN person AS p ON p.serial = f.serial
WHERE f.serial = :serial AND f.state = :state
	AND f.municipality = :municipality
ORDER BY f.seq DESC LIMIT 1;

-- NUMBER_CURRENT: which number is somebody's, which code, and whose they are
-- marks: personal
SELECT COALESCE(code_serial, serial) AS code_serial,
	COALESCE(number_serial, serial) AS number_serial, generation, epoch,
	municipality, name, kana, birth, sex, former_surname, alias
FROM person WHERE serial = :serial;

-- NUMBER_FORMER: under which epoch a former number was made
-- marks: personal
SELECT epoch FROM former_number
WHERE number_serial = :number_serial AND generation = :generation;

-- NUMBER_SET: another number is the current one
-- marks: personal
-- never null: number_serial
UPDATE person SET number_serial = :number_serial, generation = :generation,
	epoch = :epoch
WHERE serial = :serial;

-- NUMBER_RETIRE: a number is no longer somebody's
-- marks: personal
INSERT INTO former_number (number_serial, generation, epoch, person, until)
VALUES (:number_serial, :generation, :epoch, :person, :until);

-- CHANGE_ADD: a change, done or refused
-- marks: personal
INSERT INTO number_change
	(municipality, request, serial, number_serial, generation, epoch,
	reason, refusal, at)
VALUES (:municipality, :request, :serial, :number_serial, :generation, :epoch,
	:reason, :refusal, :at);

-- CHANGE_FIND: the same request came before
-- marks: personal
SELECT serial, COALESCE(number_serial, serial) AS number_serial, generation,
	epoch, refusal
FROM number_change
WHERE municipality = :municipality AND request = :request;

-- NUMBERS_HAD: how many numbers somebody had before, and until when
-- marks: personal
SELECT COUNT(*) AS former, COALESCE(MAX(until), 0) AS last
FROM former_number WHERE person = :person;

-- CHANGE_HOLD: a change waits for an officer
-- marks: personal
INSERT INTO number_held (municipality, request, serial, number_serial,
	generation, paper, officer, reason, at)
VALUES (:municipality, :request, :serial, :number_serial, :generation, :paper,
	:officer, :reason, :at)
ON CONFLICT (municipality, request) DO NOTHING;

-- CHANGES_HELD: those that wait, the oldest first
-- marks: personal
SELECT change, municipality, serial, paper, officer, reason, at,
	(SELECT COUNT(*) FROM former_number AS f WHERE f.person = h.serial) + 1
		AS numbers
FROM number_held AS h ORDER BY change LIMIT :limit;

-- CHANGE_HELD: one of them
-- marks: personal
SELECT municipality, request, serial, number_serial, generation, reason
FROM number_held WHERE change = :change;

-- CHANGE_HELD_END: it is decided
DELETE FROM number_held WHERE change = :change;

-- CHANGES_HELD_COUNT: how many wait
SELECT COUNT(*) AS n FROM number_held;

-- TRANSFER_ADD: a move was announced
INSERT INTO transfer
	(transfer, from_municipality, to_municipality, moved_on, at)
VALUES (:transfer, :from_municipality, :to_municipality, :moved_on, :at);

-- TRANSFER_FIND: who announced it, and where to
SELECT from_municipality, to_municipality FROM transfer
WHERE transfer = :transfer;

-- TRANSFER_PERSON_ADD: somebody moves with it, and until when
-- marks: personal
INSERT INTO transfer_person (serial, transfer, state, until)
VALUES (:serial, :transfer, 'open', :until);

-- TRANSFER_PERSON_GET: how somebody's notice stands
-- marks: personal
SELECT state FROM transfer_person
WHERE serial = :serial AND transfer = :transfer;

-- TRANSFER_PERSON_END: it was used, withdrawn, or not used in time
-- marks: personal
UPDATE transfer_person SET state = :state, ended = :ended
WHERE serial = :serial AND transfer = :transfer;

-- TRANSFER_ARRIVED: has somebody of it arrived?
-- marks: personal
SELECT serial FROM transfer_person
WHERE transfer = :transfer AND state = 'used' LIMIT 1;

-- TRANSFER_OVERDUE: the first notice that was not used in time
SELECT p.serial AS serial, p.transfer AS transfer,
	t.from_municipality AS from_municipality,
	t.to_municipality AS to_municipality
FROM transfer_person AS p JOIN transfer AS t ON t.transfer = p.transfer
WHERE p.state = 'open' AND p.until <= :now
ORDER BY p.until, p.serial LIMIT 1;

-- TRANSFER_PEOPLE_FORGET: nobody moves with it
-- marks: personal
DELETE FROM transfer_person WHERE transfer = :transfer;

-- TRANSFER_FORGET: the new municipality did not take it
DELETE FROM transfer WHERE transfer = :transfer;

-- DEPARTED: who was born on a day and has left for abroad
-- marks: personal
SELECT serial, name, kana, alias FROM person AS p
WHERE p.state = 2 AND p.birth = :birth
	AND NOT EXISTS (SELECT 1 FROM later_code AS l WHERE l.serial = p.serial)
ORDER BY serial;

-- ARRIVAL_GET: an arrival from abroad
SELECT municipality, state, person FROM arrival WHERE serial = :serial;

-- ARRIVAL_PUT: how it stands
-- marks: personal
INSERT INTO arrival (serial, municipality, state, person, at)
VALUES (:serial, :municipality, :state, :person, :at)
ON CONFLICT (serial) DO UPDATE SET state = excluded.state,
	person = excluded.person, at = excluded.at;

-- ARRIVAL_DECISION_ADD: what was decided
-- marks: personal
INSERT INTO arrival_decision
	(serial, decision, person, evidence, officer, refusal, at)
VALUES (:serial, :decision, :person, :evidence, :officer, :refusal, :at);

-- CLAIM_ADD: somebody is said to have come back
-- marks: personal
INSERT INTO claim (claim, serial, municipality, said, state, until, due,
	asked, reason, known, details, evidence, officer, reply,
	reply_reason, reply_officer)
VALUES (:claim, :serial, :municipality, :said, 'sought', :until, :due, '', '',
	:known, :details, :evidence, :officer, '', '', '');

-- CLAIM_SET: how it stands
-- marks: personal
UPDATE claim SET state = :state, until = :until, due = :due,
	person = :person, asked = :asked, reason = :reason, reply = :reply,
	reply_reason = :reply_reason, reply_officer = :reply_officer,
	ended = :ended
WHERE claim = :claim;

-- CLAIM_GET: one of them
-- marks: personal
-- row: claim
SELECT claim, serial, municipality, said, state, until, due, person, asked,
	reason, known, details, evidence, officer, reply, reply_reason,
	reply_officer, ended
FROM claim WHERE claim = :claim;

-- CLAIM_DUE: the first that the timer has to look at
SELECT claim FROM claim WHERE due <= :now ORDER BY due, claim LIMIT 1;

-- CLAIM_OF_ARRIVAL: an open one about an arrival
-- marks: personal
-- row: claim
SELECT claim, serial, municipality, said, state, until, due, person, asked,
	reason, known, details, evidence, officer, reply, reply_reason,
	reply_officer, ended
FROM claim WHERE serial = :serial AND ended IS NULL LIMIT 1;

-- CLAIM_OF_PERSON: an open one about a person, but for one
-- marks: personal
-- row: claim
SELECT claim, serial, municipality, said, state, until, due, person, asked,
	reason, known, details, evidence, officer, reply, reply_reason,
	reply_officer, ended
FROM claim
WHERE person = :person AND ended IS NULL AND claim <> :claim LIMIT 1;

-- CLAIM_OF_REVOKED: one that waits for a registry, or is one of its own
-- marks: personal
-- row: claim
SELECT claim, serial, municipality, said, state, until, due, person, asked,
	reason, known, details, evidence, officer, reply, reply_reason,
	reply_officer, ended
FROM claim
WHERE ended IS NULL AND state <> 'held'
	AND (municipality = :organisation OR asked = :organisation) LIMIT 1;

-- CLAIM_LIST: open ones, in the order of their ids
-- marks: personal
SELECT claim, municipality, said, state, until, asked, reason, reply
FROM claim WHERE ended IS NULL AND claim > :after
ORDER BY claim LIMIT :limit;

-- CLAIM_OPEN_OF: how many are a municipality's
SELECT COUNT(*) AS n FROM claim
WHERE municipality = :municipality AND ended IS NULL;

-- CLAIM_HELD: how many wait for an officer
SELECT COUNT(*) AS n FROM claim WHERE state = 'held';

-- CLAIM_ERASE: long ended
-- marks: personal
UPDATE claim SET details = '', due = NULL WHERE claim = :claim;

-- LEDGER_ADD: so many today
INSERT INTO ledger (day, what, count) VALUES (:day, :what, :count)
ON CONFLICT (day, what) DO UPDATE SET count = ledger.count + excluded.count;

-- LEDGER_DAYS: day by day, newest first
SELECT day, what, count FROM ledger ORDER BY day DESC, what LIMIT :limit;

-- LEDGER_TOTALS: altogether
SELECT what, SUM(count) AS total FROM ledger GROUP BY what ORDER BY what;
