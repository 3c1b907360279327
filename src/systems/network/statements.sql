-- ORGANISATIONS: all that were ever known
SELECT number, id, kind, name FROM organisation ORDER BY number;

-- ORGANISATION_PUT: a new one, or a new kind or name of one
INSERT INTO organisation (number, id, kind, name)
VALUES (:number, :id, :kind, :name)
ON CONFLICT (number) DO UPDATE SET kind = excluded.kind,
	name = excluded.name;

-- PERSON_BY_CODE: whose Resident Record Code it is
-- marks: personal
-- row: person
SELECT id, record_code FROM person WHERE code = :code;

-- PERSON_OF_HOLDER: somebody for whom the organisation was given a code, if codes
-- of that epoch count
-- marks: personal
-- row: person
SELECT person.id, person.record_code FROM holder
JOIN person ON person.id = holder.id
JOIN organisation ON organisation.number = holder.organisation
WHERE holder.id = :id AND holder.organisation = :organisation
	AND organisation.oldest <= :epoch;

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
-- row: person
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

-- RELINKING_ADD: an officer commands it
INSERT INTO relinking (epoch, reason, officer, begun)
VALUES (:epoch, :reason, :officer, :begun);

-- RELINKING_NEWEST: the epoch to which all codes go
SELECT COALESCE(MAX(epoch), 0) AS epoch FROM relinking;

-- RELINKINGS: all of them, newest first
SELECT epoch, reason, officer, begun FROM relinking ORDER BY epoch DESC;

-- RELINKS_BEGIN: each organisation is to get other codes; one that is still
-- getting some goes on, and begins again afterwards
INSERT INTO relink (organisation, epoch, state, due, changed)
SELECT number, :epoch, 'waiting', :changed, :changed FROM organisation
WHERE number > 0
ON CONFLICT (organisation) DO UPDATE SET epoch = excluded.epoch, taken = 0,
	sent = 0, awaits = 0, confirmed = 0, state = excluded.state,
	due = excluded.due, changed = excluded.changed
WHERE relink.state = 'done';

-- RELINK_DUE: the first one that has to be looked at
-- row: relink
SELECT organisation.id, relink.organisation, epoch, taken, sent, awaits,
	confirmed, state
FROM relink JOIN organisation ON organisation.number = relink.organisation
WHERE due <= :now ORDER BY due, relink.organisation LIMIT 1;

-- RELINK_OF: how far an organisation is
-- row: relink
SELECT organisation.id, relink.organisation, epoch, taken, sent, awaits,
	confirmed, state
FROM relink JOIN organisation ON organisation.number = relink.organisation
WHERE organisation.id = :id;

-- RELINK_SET: the next step
UPDATE relink SET epoch = :epoch, taken = :taken, sent = :sent,
	awaits = :awaits, confirmed = :confirmed, state = :state, due = :due,
	changed = :changed
WHERE organisation = :organisation;

-- RELINK_HOLDERS: the next persons who get other codes, in the order of ids
-- marks: personal
SELECT id, epoch FROM holder
WHERE organisation = :organisation AND id > :taken AND epoch < :epoch
ORDER BY id LIMIT :limit;

-- HOLDERS_RENEW: their codes are in use
-- marks: personal
UPDATE holder SET epoch = :epoch
WHERE organisation = :organisation AND id > :taken AND id <= :sent
	AND epoch < :epoch;

-- ORGANISATION_OLDEST: codes of earlier epochs count no more
UPDATE organisation SET oldest = :oldest WHERE number = :number;

-- RELINK_PAGE: organisations and how far they are
SELECT organisation.id, relink.organisation, epoch, taken, confirmed, state,
	changed
FROM relink JOIN organisation ON organisation.number = relink.organisation
WHERE relink.organisation > :after ORDER BY relink.organisation LIMIT :limit;

-- RELINK_COUNTS: how many are how far
SELECT state, COUNT(*) AS n, COALESCE(SUM(confirmed), 0) AS n_codes
FROM relink GROUP BY state ORDER BY state;

-- COUNT_RELINKING: organisations that still get other codes
SELECT COUNT(*) AS n FROM relink WHERE state <> 'done';

-- SHEET_ADD: who signed for which questions; nothing happens if it is here
INSERT INTO sheet (organisation, sheet, jws, questions, at)
VALUES (:organisation, :sheet, :jws, :questions, :at)
ON CONFLICT (organisation, sheet) DO NOTHING;

-- SHEET_FIND: one of them
SELECT jws, questions FROM sheet
WHERE organisation = :organisation AND sheet = :sheet;

-- SHEETS_ERASE: nobody asks under them any more
DELETE FROM sheet WHERE at < :before;

-- RECORD_ADD: a request, allowed or refused
-- marks: personal
INSERT INTO record (person, seq, record, inquirer, inquiry, affair, item,
	provider, unit, article, edition, requested, expires, outcome, reason,
	withheld_inquiry, asked, question)
VALUES (:person,
	(SELECT COALESCE(MAX(seq), 0) + 1 FROM record WHERE person = :person),
	:record, :inquirer, :inquiry, :affair, :item, :provider, :unit,
	:article, :edition, :requested, :expires, :outcome, :reason,
	:withheld, :asked, :question);

-- RECORD_FIND: a request, and what came of it
-- marks: personal
-- row: record
SELECT record, person, inquirer, inquiry, affair, item, provider, article,
	requested, expires, outcome, reason, reported, corrected, asked,
	report, question
FROM record WHERE record = :record;

-- PERMIT_OF: one that is open, of an organisation that asks or provides
-- marks: personal
-- row: record
SELECT record, person, inquirer, inquiry, affair, item, provider, article,
	requested, expires, outcome, reason, reported, corrected, asked,
	report, question
FROM record
WHERE outcome = 'permitted'
	AND (inquirer = :organisation OR provider = :organisation)
LIMIT 1;

-- RECORD_OF_INQUIRY: the same by the inquirer's id
-- marks: personal
-- row: record
SELECT record, person, inquirer, inquiry, affair, item, provider, article,
	requested, expires, outcome, reason, reported, corrected, asked,
	report, question
FROM record WHERE inquirer = :inquirer AND inquiry = :inquiry;

-- WAITING_ADD: an inquiry past a budget
-- marks: personal
INSERT INTO waiting (record, id, inquirer, inquiry, question, sheet, asked,
	reason, since, due, until, officer, second)
VALUES (:record, :id, :inquirer, :inquiry, :question, :sheet, :asked, :reason,
	:since, :due, :until, :officer, :second);

-- WAITING_FIND: one of them
-- marks: personal
-- row: waiting
SELECT record, id, inquirer, inquiry, question, sheet, asked, reason, since,
	due, until, officer, second
FROM waiting WHERE record = :record;

-- WAITING_OF_INQUIRY: the same by the inquirer's id
-- marks: personal
-- row: waiting
SELECT record, id, inquirer, inquiry, question, sheet, asked, reason, since,
	due, until, officer, second
FROM waiting WHERE inquirer = :inquirer AND inquiry = :inquiry;

-- WAITING_OF: one of an organisation
-- marks: personal
-- row: waiting
SELECT record, id, inquirer, inquiry, question, sheet, asked, reason, since,
	due, until, officer, second
FROM waiting WHERE inquirer = :inquirer LIMIT 1;

-- WAITING_DUE: the one that came first of those that are looked at again
SELECT record FROM waiting WHERE due <= :now ORDER BY due, seq LIMIT 1;

-- WAITING_LATER: nothing is left today, either
UPDATE waiting SET reason = :reason, due = :due WHERE record = :record;

-- WAITING_END: it was decided
DELETE FROM waiting WHERE record = :record;

-- WAITING_PAGE: for the officer, oldest first
-- marks: personal
SELECT seq, record, inquirer, inquiry, question, reason, since, until
FROM waiting WHERE seq > :seq ORDER BY seq LIMIT :limit;

-- RECORD_REPORT: what the provider did
-- marks: personal
-- never null: reported
UPDATE record SET outcome = :outcome, reason = :reason, provided = :provided,
	reported = :reported, report = :report,
	withheld_answer = :withheld
WHERE record = :record;

-- PERMIT_END: it was taken back
UPDATE record SET outcome = :outcome, reason = :reason
WHERE record = :record AND outcome = 'permitted';

-- WITHHOLDING_PUT: one side withholds a record, or withholds it for longer
-- marks: personal
INSERT INTO withholding (record, side, organisation, grade, ground, article,
	ends, officer, second, since)
VALUES (:record, :side, :organisation, :grade, :ground, :article, :ends,
	:officer, :second, :since)
ON CONFLICT (record, side) DO UPDATE SET grade = excluded.grade,
	ground = excluded.ground, article = excluded.article,
	ends = excluded.ends, officer = excluded.officer,
	second = excluded.second;

-- WITHHOLDING_FIND: what a side withholds
-- marks: personal
SELECT grade, ends FROM withholding WHERE record = :record AND side = :side;

-- WITHHOLDING_LAST: that which ended last, of a record
-- marks: personal
SELECT ground, article, ends FROM withholding
WHERE record = :record ORDER BY ends DESC LIMIT 1;

-- WITHHOLDING_END: an officer shows the record
UPDATE withholding SET ends = :now WHERE record = :record AND ends > :now;

-- RECORD_HIDE: until when it is kept from the person's view
UPDATE record SET
	contents_until = (SELECT COALESCE(MAX(ends), 0) FROM withholding
		WHERE withholding.record = :record AND grade = 'contents'),
	existence_until = (SELECT COALESCE(MAX(ends), 0) FROM withholding
		WHERE withholding.record = :record AND grade = 'existence')
WHERE record.record = :record;

-- WITHHOLDINGS_ERASE: the seven years are over
DELETE FROM withholding WHERE since < :before;

-- RECORD_CORRECT: it was wrong; what was said last counts, in whatever order
-- it comes
-- marks: personal
-- never null: corrected
UPDATE record SET corrected = :corrected, correction = :correction
WHERE record = :record AND (corrected IS NULL OR corrected < :corrected
	OR (corrected = :corrected AND correction < :correction));

-- HIDDEN_PAGE: what is withheld now; the first to end at the head
-- marks: personal
SELECT withholding.seq, withholding.record, side, organisation, grade, ground,
	withholding.article, ends, officer, second, inquirer, provider, item,
	affair, unit, requested, outcome
FROM withholding JOIN record ON record.record = withholding.record
WHERE ends > :now AND ends <= :latest
	AND (ends > :ends OR (ends = :ends AND withholding.seq > :seq))
	AND (:organisation = '' OR organisation = :organisation)
	AND (:outcome = '' OR outcome = :outcome)
ORDER BY ends, withholding.seq LIMIT :limit;

-- HIDDEN_COUNTS: how much each organisation withholds now
SELECT organisation, COUNT(*) AS n,
	COUNT(CASE WHEN outcome = 'provided' THEN 1 END) AS n_provided,
	COUNT(CASE WHEN outcome = 'refused' THEN 1 END) AS n_refused
FROM withholding JOIN record ON record.record = withholding.record
WHERE ends > :now GROUP BY organisation ORDER BY organisation;

-- COUNT_HIDDEN: withheld now
SELECT COUNT(*) AS n FROM withholding WHERE ends > :now;

-- DECISION_ADD: who decided what about a record
INSERT INTO decision (record, kind, reason, officer, at)
VALUES (:record, :kind, :reason, :officer, :at);

-- CORRECTIONS_SINCE: how often somebody has corrected a record
SELECT COUNT(*) AS n FROM decision
WHERE record = :record AND kind = 'correct' AND officer = :officer
	AND at > :since;

-- DECISIONS_ERASE: the seven years are over
DELETE FROM decision WHERE at < :before;

-- RECORDS_OF_PERSON: for the resident, newest first
-- marks: personal
-- row: shown
SELECT record, inquirer, provider, item, affair, article, edition, unit,
	requested, provided, outcome, corrected, correction, contents_until,
	existence_until
FROM record WHERE person = :person AND contents_until <= :now
	AND existence_until <= :now
ORDER BY seq DESC LIMIT :limit;

-- RECORDS_WITHHELD: those of which the person sees that they are
-- marks: personal
SELECT record, contents_until FROM record
WHERE person = :person AND contents_until > :now AND existence_until <= :now
ORDER BY seq DESC LIMIT :limit;

-- RECORDS_EXPIRE: permits that nobody used in time (令85 41条3項)
UPDATE record SET outcome = 'expired'
WHERE outcome = 'permitted' AND expires < :now;

-- RECORDS_ERASE: the seven years are over (番号法施行令30条)
DELETE FROM record WHERE requested < :before;

-- RECORDS_OF_NOBODY_ERASE: the weeks are over
DELETE FROM record WHERE person = :person AND requested < :before;

-- COUNT_PERSONS: who has an id code
SELECT COUNT(*) AS n FROM person;

-- COUNT_CODES: codes given to organisations
SELECT COUNT(*) AS n FROM holder;

-- COUNT_RECORDS: requests, allowed or refused
SELECT COUNT(*) AS n FROM record;

-- COUNT_REFUSALS: those refused
SELECT COUNT(*) AS n FROM record WHERE outcome = 'refused';

-- COUNT_WAITING: inquiries past a budget
SELECT COUNT(*) AS n FROM waiting;

-- COUNT_OPEN: permits that nobody used yet
SELECT COUNT(*) AS n FROM record WHERE outcome = 'permitted';

-- EDITION_ON: the loaded edition that is in force on a day
SELECT effective, digest FROM edition
WHERE effective <= :day AND withdrawn IS NULL
ORDER BY effective DESC LIMIT 1;

-- EDITION_TEXT: its table
SELECT provisions FROM edition
WHERE effective = :effective AND withdrawn IS NULL;

-- EDITION_OF_DAY: is there one that takes effect on that day?
SELECT digest FROM edition
WHERE effective = :effective AND withdrawn IS NULL;

-- EDITION_ADD: one that an operator loads
INSERT INTO edition (effective, digest, provisions, affairs, reason, officer,
	loaded)
VALUES (:effective, :digest, :provisions, :affairs, :reason, :officer,
	:loaded);

-- EDITION_WITHDRAW: before it has taken effect
-- never null: withdrawn
UPDATE edition SET withdrawn = :withdrawn
WHERE effective = :effective AND withdrawn IS NULL;

-- EDITIONS: all that were loaded
SELECT effective, digest, affairs, reason, officer, loaded, withdrawn
FROM edition ORDER BY effective, seq;

-- COUNT_EDITIONS: those that are in force or will be
SELECT COUNT(*) AS editions FROM edition WHERE withdrawn IS NULL;

-- AFFAIR_ADD: a local government declares one; nothing happens if it is here
INSERT INTO affair (declaration, organisation, affair, edition, body, state,
	reason, declared, decided)
VALUES (:declaration, :organisation, :affair, :edition, :body, :state,
	:reason, :declared, :decided)
ON CONFLICT (declaration) DO NOTHING;

-- AFFAIR_FIND: a declaration
-- row: affair
SELECT declaration, organisation, affair, edition, body, state, reason
FROM affair WHERE declaration = :declaration;

-- AFFAIR_IN_USE: the one that counts: confirmed, else the newest
-- row: affair
SELECT declaration, organisation, affair, edition, body, state, reason
FROM affair WHERE organisation = :organisation AND affair = :affair
ORDER BY CASE WHEN state = 'confirmed' THEN 0 ELSE 1 END, declared DESC,
	declaration
LIMIT 1;

-- AFFAIR_CONFIRMED: the one that was confirmed before
-- row: affair
SELECT declaration, organisation, affair, edition, body, state, reason
FROM affair WHERE organisation = :organisation AND affair = :affair
	AND state = 'confirmed';

-- AFFAIR_DECIDE: the Commission's decision, or a withdrawal
-- never null: decided
UPDATE affair SET state = :state, reason = :reason, officer = :officer,
	decided = :decided
WHERE declaration = :declaration;

-- AFFAIRS: all of them, newest first
SELECT declaration, organisation, affair, edition, body, state, reason,
	officer, declared, decided
FROM affair ORDER BY declared DESC, declaration LIMIT :limit;

-- AFFAIR_LIMIT_ADD: a provider's ordinance; nothing happens if it is here
INSERT INTO affair_limit (declaration, provider, item, organisation, affair,
	ordinance, number, declared)
VALUES (:declaration, :provider, :item, :organisation, :affair, :ordinance,
	:number, :declared)
ON CONFLICT (declaration) DO NOTHING;

-- AFFAIR_LIMIT_FIND: whose it is
SELECT provider, withdrawn FROM affair_limit
WHERE declaration = :declaration;

-- AFFAIR_LIMIT_WITHDRAW: it does not limit any more
-- never null: withdrawn
UPDATE affair_limit SET withdrawn = :withdrawn
WHERE declaration = :declaration AND withdrawn IS NULL;

-- AFFAIR_LIMIT_ON: does one stand against this inquiry?
SELECT ordinance, number FROM affair_limit
WHERE provider = :provider AND withdrawn IS NULL
	AND (item = '' OR item = :item)
	AND (organisation = '' OR organisation = :organisation)
	AND (affair = '' OR affair = :affair)
ORDER BY declared, declaration LIMIT 1;

-- AFFAIR_LIMITS: all of them, newest first
SELECT declaration, provider, item, organisation, affair, ordinance, number,
	declared, withdrawn
FROM affair_limit ORDER BY declared DESC, declaration LIMIT :limit;
