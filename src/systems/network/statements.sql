-- ORGANISATIONS: all that were ever known
SELECT number, id, kind, name FROM organisation ORDER BY number;

-- ORGANISATION_PUT: a new one, or a new kind or name of one
INSERT INTO organisation (number, id, kind, name)
VALUES (:number, :id, :kind, :name)
ON CONFLICT (number) DO UPDATE SET kind = excluded.kind,
	name = excluded.name;

-- PERSON_BY_CODE: whose Resident Record Code it is
-- marks: personal
SELECT id, record_code FROM person WHERE code = :code;

-- PERSON_RECORD_CODE: under which code records are kept
-- marks: personal
SELECT record_code FROM person WHERE id = :id;

-- PERSON_ADD: somebody new; nothing happens if the id is taken
-- marks: personal
INSERT INTO person (id, code, record_code)
VALUES (:id, :code, :record_code)
ON CONFLICT (id) DO NOTHING;

-- PERSON_RECODE: the person has another Resident Record Code now
-- marks: personal
UPDATE person SET code = :code WHERE id = :id;

-- FORMER_CODE_RETIRE: today's code is the newest of the former ones
-- marks: personal
INSERT INTO former_code (code, id, until)
SELECT code, id, :until FROM person WHERE id = :id;

-- FORMER_CODE_ADD: what it was before
-- marks: personal
INSERT INTO former_code (code, id, until) VALUES (:code, :id, :until)
ON CONFLICT (code) DO NOTHING;

-- PERSON_BY_FORMER_CODE: whose Resident Record Code it was
-- marks: personal
SELECT person.id, person.record_code FROM former_code
JOIN person ON person.id = former_code.id WHERE former_code.code = :code;

-- HOLDER_ADD: an organisation gets a code; nothing happens if it has one
-- marks: personal
INSERT INTO holder (id, organisation, epoch, given)
VALUES (:id, :organisation, :epoch, :given)
ON CONFLICT (id, organisation) DO NOTHING;

-- HOLDER_EPOCH: under which epoch its code was made
-- marks: personal
SELECT epoch FROM holder WHERE id = :id AND organisation = :organisation;

-- HOLDERS: which organisations were given a code for a person
-- marks: personal
SELECT organisation FROM holder WHERE id = :id ORDER BY given, organisation;

-- RECORD_ADD: a request, allowed or refused
-- marks: personal
INSERT INTO record (record, person, inquirer, inquiry, affair, item, provider,
	unit, article, requested, expires, outcome, reason,
	undisclosed_inquiry, hidden)
VALUES (:record, :person, :inquirer, :inquiry, :affair, :item, :provider,
	:unit, :article, :requested, :expires, :outcome, :reason,
	:undisclosed, :undisclosed);

-- RECORD_OF_INQUIRY: what became of a request
-- marks: personal
SELECT record, affair, item, provider, article, expires, outcome, reason
FROM record WHERE inquirer = :inquirer AND inquiry = :inquiry;

-- RECORD_FIND: the permit that a provider reports on
-- marks: personal
SELECT person, provider, expires, outcome, reported FROM record
WHERE record = :record;

-- RECORD_REPORT: what the provider did
-- marks: personal
UPDATE record SET outcome = :outcome, reason = :reason, provided = :provided,
	reported = :reported, undisclosed_answer = :undisclosed,
	hidden = CASE WHEN :undisclosed = 1 THEN 1 ELSE hidden END
WHERE record = :record;

-- PERMIT_FIND: one that an officer decides about
-- marks: personal
SELECT record, person, inquirer, inquiry, provider, outcome, reported
FROM record WHERE record = :record;

-- PERMIT_OF_INQUIRY: one that its inquirer takes back
-- marks: personal
SELECT record, person, inquirer, inquiry, provider, outcome, reported
FROM record WHERE inquirer = :inquirer AND inquiry = :inquiry;

-- PERMIT_END: it was taken back
UPDATE record SET outcome = :outcome, reason = :reason
WHERE record = :record AND outcome = 'permitted';

-- RECORD_HIDE: an officer keeps it from the person's view, or shows it
UPDATE record SET hidden = :hidden WHERE record = :record;

-- RECORD_CORRECT: it was wrong
-- marks: personal
UPDATE record SET corrected = :corrected, correction = :correction
WHERE record = :record;

-- RECORDS_HIDDEN: those kept from a person's view
-- marks: personal
SELECT record, inquirer, provider, item, affair, article, unit, requested,
	provided, outcome, corrected, correction
FROM record WHERE hidden = 1 ORDER BY requested DESC, seq DESC LIMIT :limit;

-- DECISION_ADD: who decided what about a record
INSERT INTO decision (record, kind, reason, officer, role, at)
VALUES (:record, :kind, :reason, :officer, :role, :at);

-- DECISIONS_ERASE: the seven years are over
DELETE FROM decision WHERE at < :before;

-- RECORDS_OF_PERSON: for the resident, newest first
-- marks: personal
SELECT record, inquirer, provider, item, affair, article, unit, requested,
	provided, outcome, corrected, correction
FROM record WHERE person = :person AND hidden = 0
ORDER BY requested DESC, seq DESC LIMIT :limit;

-- RECORDS_EXPIRE: permits that nobody used in time (令85 41条3項)
UPDATE record SET outcome = 'expired'
WHERE outcome = 'permitted' AND expires < :now;

-- RECORDS_ERASE: the seven years are over (番号法施行令30条)
DELETE FROM record WHERE requested < :before;

-- COUNT_PERSONS: who has an id code
SELECT COUNT(*) AS persons FROM person;

-- COUNT_CODES: codes given to organisations
SELECT COUNT(*) AS codes FROM holder;

-- COUNT_RECORDS: requests, those refused, and permits still open
SELECT COUNT(*) AS records,
	COUNT(CASE WHEN outcome = 'refused' THEN 1 END) AS refusals,
	COUNT(CASE WHEN outcome = 'permitted' THEN 1 END) AS open
FROM record;
