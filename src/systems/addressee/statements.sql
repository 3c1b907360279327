-- PERSON_BY_NUMBER: who holds this Individual Number now
-- marks: personal
SELECT internal, birth, sex, linked FROM person
WHERE number = :number;

-- PERSON_NUMBER: the Individual Number that is in force
-- marks: personal
SELECT number, linked FROM person WHERE internal = :internal;

-- PERSON_SHOW: the record, without the Individual Number
-- marks: personal
SELECT name, kana, birth, sex, address, deceased, linked, refusal
FROM person WHERE internal = :internal;

-- PERSON_LINK: the record, with one of the links to it
-- marks: personal
SELECT l.system, l.business_number, p.number, p.name, p.kana, p.birth, p.sex,
	p.address
FROM person AS p JOIN business_number AS l ON l.internal = p.internal
WHERE p.internal = :internal
ORDER BY l.business_number, l.system LIMIT 1;

-- PERSON_ADD: a person who is new to the organisation
-- marks: personal
INSERT INTO person (internal, number, name, kana, birth, sex, address)
VALUES (:internal, :number, :name, :kana, :birth, :sex, :address)
ON CONFLICT (internal) DO NOTHING;

-- PERSON_UPDATE: the attributes as the newest message has them
-- marks: personal
UPDATE person SET name = :name, kana = :kana, birth = :birth, sex = :sex,
	address = :address
WHERE internal = :internal;

-- PERSON_DECEASED: the day of death
-- marks: personal
UPDATE person SET deceased = :deceased WHERE internal = :internal;

-- PERSON_RENUMBER: the person's new Individual Number
-- marks: personal
UPDATE person SET number = :number WHERE internal = :internal;

-- PERSON_LINKED: the relay holds a code for the person
UPDATE person SET linked = 1, refusal = '' WHERE internal = :internal;

-- PERSON_REFUSED: the acquisition was refused
UPDATE person SET refusal = :refusal WHERE internal = :internal;

-- FORMER_NUMBER_ADD: a number the person had
-- marks: personal
INSERT INTO former_number (number, internal, until)
VALUES (:number, :internal, :until)
ON CONFLICT (number) DO NOTHING;

-- FORMER_NUMBER_FIND: whose number it was
-- marks: personal
SELECT internal FROM former_number WHERE number = :number;

-- FORMER_NUMBERS: the numbers a person had
-- marks: personal
SELECT number, until FROM former_number WHERE internal = :internal
ORDER BY until;

-- BUSINESS_NUMBER_FIND: every system's link of one business number
-- marks: personal
SELECT system, internal, at FROM business_number
WHERE business_number = :business_number;

-- BUSINESS_NUMBER_ADD: a new link.  Without ON CONFLICT, which would open a
-- statement journal for each row and make a bulk turn quadratic.
-- marks: personal
INSERT INTO business_number (business_number, system, internal, at)
VALUES (:business_number, :system, :internal, :at);

-- BUSINESS_NUMBER_NEWS: newer news of a link that stands
-- marks: personal
UPDATE business_number SET at = :at
WHERE business_number = :business_number AND system = :system
AND internal = :internal;

-- BUSINESS_NUMBER_PUT: a link that an operator decided on
-- marks: personal
INSERT INTO business_number (business_number, system, internal, at)
VALUES (:business_number, :system, :internal, :at)
ON CONFLICT (business_number, system)
DO UPDATE SET internal = excluded.internal, at = excluded.at;

-- BUSINESS_NUMBERS: every link of one person
-- marks: personal
SELECT system, business_number FROM business_number
WHERE internal = :internal ORDER BY system, business_number;

-- ACQUISITION_ADD: one more under way
INSERT INTO acquisition (acquisition, internal, asked, attempts)
VALUES (:acquisition, :internal, :asked, 1)
ON CONFLICT (internal) DO NOTHING;

-- ACQUISITION_FIND: whose it is, and how often it was asked for
SELECT internal, attempts FROM acquisition WHERE acquisition = :acquisition;

-- ACQUISITION_DELETE: it has ended, one way or the other
DELETE FROM acquisition WHERE acquisition = :acquisition;

-- ACQUISITION_IS_STUCK: whether any is under way since long
SELECT acquisition FROM acquisition WHERE asked < :before LIMIT 1;

-- ACQUISITION_STUCK: under way since long
-- marks: personal
SELECT acquisition.acquisition, acquisition.internal, person.number,
	person.name, person.kana, person.birth, person.sex, person.address
FROM acquisition JOIN person ON person.internal = acquisition.internal
WHERE acquisition.asked < :before ORDER BY acquisition.asked LIMIT :limit;

-- ACQUISITION_ASKED: asked again
UPDATE acquisition SET asked = :asked, attempts = attempts + 1
WHERE acquisition = :acquisition;

-- ACQUISITION_STOPPED: it was not looked at, and is asked for again later
UPDATE acquisition SET asked = :asked, attempts = attempts - 1
WHERE acquisition = :acquisition;

-- CONFLICT_ADD: a row that was not believed
-- marks: personal
-- never null: internal
-- params: conflict_add
INSERT INTO conflict (at, system, business_number, number, internal, reason,
	name, kana, birth, sex, address)
VALUES (:at, :system, :business_number, :number, :internal, :reason,
	:name, :kana, :birth, :sex, :address)
ON CONFLICT (business_number, system, number, reason) DO NOTHING;

-- CONFLICT_RENEW: the same; it is open again if it was decided about before
-- marks: personal
-- never null: internal
-- params: conflict_add
INSERT INTO conflict (at, system, business_number, number, internal, reason,
	name, kana, birth, sex, address)
VALUES (:at, :system, :business_number, :number, :internal, :reason,
	:name, :kana, :birth, :sex, :address)
ON CONFLICT (business_number, system, number, reason) DO UPDATE
SET at = excluded.at, decision = '', decided = NULL, decided_by = '',
	name = excluded.name, kana = excluded.kana, birth = excluded.birth,
	sex = excluded.sex, address = excluded.address;

-- CONFLICTS_END: those whose person has a code by now
DELETE FROM conflict WHERE decision = '' AND reason = :reason
AND EXISTS (SELECT 1 FROM person
	WHERE person.internal = conflict.internal AND person.linked = 1);

-- CONFLICTS_OPEN: what waits for a decision
-- marks: personal
-- never null: internal
SELECT conflict, at, system, business_number, internal, reason, name, kana,
	birth, sex, address
FROM conflict WHERE decision = '' AND conflict > :after
ORDER BY conflict LIMIT :limit;

-- CONFLICT_FIND: one of them
-- marks: personal
-- never null: internal
SELECT conflict, system, business_number, number, internal, reason, name, kana, birth,
	sex, address, decision
FROM conflict WHERE conflict = :conflict;

-- CONFLICT_DECIDE: the decision; the attributes are needed no longer
-- never null: decided
UPDATE conflict SET decision = :decision, decided = :decided,
	decided_by = :decided_by, name = '', kana = '', address = ''
WHERE conflict = :conflict;

-- COUNT_PERSONS: how many
SELECT COUNT(*) AS n FROM person;

-- COUNT_UNLINKED: those without a code
SELECT COUNT(*) AS n FROM person WHERE linked = 0;

-- COUNT_REFUSED: those whose acquisition was refused
SELECT COUNT(*) AS n FROM person WHERE refusal <> '';

-- COUNT_ACQUISITIONS: under way
SELECT COUNT(*) AS n FROM acquisition;

-- COUNT_STUCK: those asked for more than once
SELECT COUNT(*) AS n FROM acquisition WHERE attempts > 1;

-- COUNT_CONFLICTS: open ones
SELECT COUNT(*) AS n FROM conflict WHERE decision = '';
