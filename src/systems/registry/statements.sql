-- TALLY_GET: last numbers and counts
SELECT last_resident, last_household, residents, coded, uncoded, requested,
	numbered,
	refused, notices, pool, imports
FROM tally WHERE one = 1;

-- TALLY_PUT: last numbers and counts
INSERT INTO tally (one, last_resident, last_household, residents, coded,
	uncoded, requested, numbered, refused, notices, pool, imports)
VALUES (1, :last_resident, :last_household, :residents, :coded, :uncoded,
	:requested,
	:numbered, :refused, :notices, :pool, :imports)
ON CONFLICT (one) DO UPDATE SET last_resident = excluded.last_resident,
	last_household = excluded.last_household,
	residents = excluded.residents, coded = excluded.coded,
	uncoded = excluded.uncoded,
	requested = excluded.requested, numbered = excluded.numbered,
	refused = excluded.refused, notices = excluded.notices,
	pool = excluded.pool, imports = excluded.imports;

-- RESIDENT_ADD: a new record
-- marks: personal
INSERT INTO resident (resident, version, state, numbering, assignment, birth,
	code, refusal)
VALUES (:resident, 1, 1, 0, 0, :birth, :code, NULL);

-- VERSION_ADD: a state of a record
-- marks: personal
INSERT INTO version (resident, version, event, event_date, recorded_at,
	recorded_by, household, relation, name, kana, former_surname, alias,
	birth, sex, postal_code, address, became, reason, nationality, status,
	status_until)
VALUES (:resident, :version, :event, :event_date, :recorded_at,
	:recorded_by, :household, :relation, :name, :kana, :former_surname,
	:alias, :birth, :sex, :postal_code, :address, :became, :reason,
	:nationality, :status, :status_until);

-- RESIDENT_GET: a record as it is now
-- marks: personal
SELECT r.version AS version, r.state AS state, r.numbering AS numbering,
	r.assignment AS assignment, r.code AS code, r.refusal AS refusal,
	v.event AS event, v.event_date AS event_date,
	v.recorded_at AS recorded_at, v.recorded_by AS recorded_by,
	v.household AS household, v.relation AS relation, v.name AS name,
	v.kana AS kana, v.former_surname AS former_surname, v.alias AS alias,
	v.birth AS birth, v.sex AS sex, v.postal_code AS postal_code,
	v.address AS address, v.became AS became, v.reason AS reason,
	v.nationality AS nationality, v.status AS status,
	v.status_until AS status_until
FROM resident AS r
JOIN version AS v ON v.resident = r.resident AND v.version = r.version
WHERE r.resident = :resident;

-- RESIDENT_NUMBERING: how far the numbering is, without any personal data
SELECT r.numbering AS numbering,
	(SELECT COUNT(*) FROM abroad AS a
	WHERE a.resident = r.resident AND a.state = 'held') AS held,
	(SELECT COUNT(*) FROM abroad_decision AS d
	WHERE d.resident = r.resident AND d.settled_at IS NULL
		AND d.state = '') AS deciding
FROM resident AS r WHERE r.resident = :resident;

-- ABROAD_GET: an arrival from abroad
-- marks: personal
SELECT state, own_code, joined, since FROM abroad
WHERE resident = :resident;

-- ABROAD_PUT: how it stands
-- marks: personal
INSERT INTO abroad (resident, state, own_code, joined, since)
VALUES (:resident, :state, :own_code, :joined, :since)
ON CONFLICT (resident) DO UPDATE SET state = excluded.state,
	own_code = excluded.own_code, joined = excluded.joined;

-- ABROAD_HELD: arrivals that wait for a clerk, and since when
SELECT a.resident AS resident, a.since AS since FROM abroad AS a
JOIN resident AS r ON r.resident = a.resident
WHERE a.state = 'held' AND r.state = 1 AND a.resident > :after
ORDER BY a.resident LIMIT :limit;

-- ABROAD_COUNT: how many
SELECT COUNT(*) AS n FROM abroad WHERE state = 'held';

-- ABROAD_DECISIONS: about one arrival, the newest first
-- marks: personal
-- row: abroad_decision
SELECT resident, serial, claim, decision, before, evidence, officer, version,
	state, until, decided_at, settled_at, refusal
FROM abroad_decision WHERE resident = :resident ORDER BY serial DESC;

-- ABROAD_DECISION_OPEN: one that is not settled
-- marks: personal
-- row: abroad_decision
SELECT resident, serial, claim, decision, before, evidence, officer, version,
	state, until, decided_at, settled_at, refusal
FROM abroad_decision WHERE claim = :claim AND settled_at IS NULL;

-- ABROAD_DECISION_LATER: whether a later one counts already
-- marks: personal
SELECT COUNT(*) AS n FROM abroad_decision
WHERE resident = :resident AND serial > :serial AND settled_at IS NOT NULL
	AND COALESCE(refusal, '') = '';

-- ABROAD_DECISION_ADD: a clerk has decided
-- marks: personal
INSERT INTO abroad_decision (resident, serial, claim, decision, before,
	evidence, officer, version, decided_at)
VALUES (:resident, :serial, :claim, :decision, :before, :evidence, :officer,
	:version, :decided_at);

-- ABROAD_DECISION_STATE: jukinet has told how it stands
-- marks: personal
UPDATE abroad_decision SET state = :state, until = :until
WHERE resident = :resident AND serial = :serial;

-- ABROAD_DECISION_SETTLE: jukinet has answered
-- marks: personal
UPDATE abroad_decision SET settled_at = :settled_at, refusal = :refusal
WHERE resident = :resident AND serial = :serial;

-- CLAIM_ADD: a former resident is said to have come back elsewhere
-- marks: personal
INSERT INTO claim (claim, resident, organisation, details, evidence, until,
	waits, reminded, reply, reason, officer, outcome, received_at)
VALUES (:claim, :resident, :organisation, :details, :evidence, :until, 1, 0, '',
	'', '', '', :received_at);

-- CLAIM_REMIND: we were asked once more
UPDATE claim SET reminded = 1 WHERE claim = :claim;

-- CLAIM_GET: one of them
-- marks: personal
-- row: claim
SELECT claim, resident, organisation, details, evidence, until, reminded,
	reply, reason, officer, outcome, received_at, replied_at, ended_at
FROM claim WHERE claim = :claim;

-- CLAIM_LIST: those that wait for a clerk
-- marks: personal
-- row: claim
SELECT claim, resident, organisation, details, evidence, until, reminded,
	reply, reason, officer, outcome, received_at, replied_at, ended_at
FROM claim
WHERE waits = 1 AND claim > :after
ORDER BY claim LIMIT :limit;

-- CLAIM_COUNT: how many
SELECT COUNT(*) AS n FROM claim WHERE waits = 1;

-- CLAIM_REPLY: we have answered
-- marks: personal
UPDATE claim SET reply = :reply, reason = :reason, officer = :officer,
	replied_at = :replied_at, waits = 0
WHERE claim = :claim;

-- CLAIM_END: no answer is needed any more
-- marks: personal
UPDATE claim SET outcome = :outcome, ended_at = :ended_at, waits = 0
WHERE claim = :claim AND ended_at IS NULL;

-- CLAIM_ERASE: what was said, long after
-- marks: personal
UPDATE claim SET details = '' WHERE details <> '' AND ended_at < :before;

-- CLAIM_ANNOUNCED: whether a resident's last move was announced to another
-- municipality
-- marks: personal
SELECT COUNT(*) AS n
FROM transfer_person AS p JOIN transfer AS t ON t.transfer = p.transfer
WHERE p.resident = :resident AND t.inward = 0 AND t.recorded_at >= (
	SELECT recorded_at FROM version
	WHERE resident = :resident AND version = :version);

-- SUPPORT_PUT: a support measure begins, goes on or ends
-- marks: personal
INSERT INTO support (resident, last_day, reason, officer, recorded_at)
VALUES (:resident, :last_day, :reason, :officer, :recorded_at)
ON CONFLICT (resident) DO UPDATE SET last_day = excluded.last_day,
	reason = excluded.reason, officer = excluded.officer,
	recorded_at = excluded.recorded_at;

-- SUPPORT_FIND: until when somebody has one
-- marks: personal
SELECT last_day FROM support WHERE resident = :resident;

-- RESIDENT_BY_CODE: whose code it is or was
-- marks: personal
SELECT resident FROM resident WHERE code = :code
UNION ALL
SELECT resident FROM former_code WHERE code = :code;

-- FORMER_CODE_ADD: a code that a resident has no longer
-- marks: personal
INSERT INTO former_code (code, resident, until)
VALUES (:code, :resident, :until)
ON CONFLICT (code) DO NOTHING;

-- CODE_CHANGE_ADD: another code was given on request
-- marks: personal
INSERT INTO code_change (request, resident, code, changed_at)
VALUES (:request, :resident, :code, :changed_at);

-- CODE_CHANGE_GET: what a request gave
-- marks: personal
SELECT resident, code, changed_at, refusal FROM code_change
WHERE request = :request;

-- CODE_CHANGE_LAST: when somebody's code was changed last; 0: never
-- marks: personal
SELECT COALESCE(MAX(changed_at), 0) AS last FROM code_change
WHERE resident = :resident AND refusal = '';

-- CODE_CHANGE_REFUSED: jukinet did not take the code
-- marks: personal
UPDATE code_change SET refusal = :refusal WHERE code = :code;

-- RESIDENT_BY_NUMBER: whose number it is or was
-- marks: personal
SELECT a.resident AS resident, a.serial AS serial,
	r.assignment AS assignment
FROM assignment AS a JOIN resident AS r ON r.resident = a.resident
WHERE a.number = :number AND a.withdrawn = 0;

-- RESIDENTS_BY_BIRTH: candidates for a look-up by attributes
-- marks: personal
SELECT r.resident AS resident, v.name AS name, v.sex AS sex,
	v.address AS address, v.household AS household
FROM resident AS r
JOIN version AS v ON v.resident = r.resident AND v.version = r.version
WHERE r.birth = :birth;

-- RESIDENT_CHANGE: another version is the current one
-- marks: personal
UPDATE resident SET version = :version, state = :state,
	numbering = :numbering, birth = :birth, code = :code,
	refusal = :refusal
WHERE resident = :resident;

-- VERSIONS: a record's history, newest first
-- marks: personal
-- row: version
SELECT version, event, event_date, recorded_at, recorded_by, household,
	relation, name, kana, former_surname, alias, birth, sex, postal_code,
	address, became, reason, nationality, status, status_until
FROM version WHERE resident = :resident ORDER BY version DESC LIMIT 1000;

-- VERSION_GET: a record as it was
-- marks: personal
-- row: version
SELECT version, event, event_date, recorded_at, recorded_by, household,
	relation, name, kana, former_surname, alias, birth, sex, postal_code,
	address, became, reason, nationality, status, status_until
FROM version WHERE resident = :resident AND version = :version;

-- WAITING_ANY: whether anybody waits for a number
SELECT COUNT(*) AS waiting FROM (
	SELECT resident FROM resident WHERE numbering = 0 LIMIT 1) AS w;

-- WAITING: residents to be numbered
-- marks: personal
SELECT r.resident AS resident, r.code AS code, v.name AS name,
	v.kana AS kana, v.birth AS birth, v.sex AS sex,
	v.address AS address, v.former_surname AS former_surname,
	v.alias AS alias,
	(SELECT COUNT(*) FROM abroad AS a WHERE a.resident = r.resident)
		AS from_abroad,
	(SELECT COUNT(*) FROM abroad_decision AS d
		WHERE d.resident = r.resident AND d.settled_at IS NULL)
		AS returned
FROM resident AS r
JOIN version AS v ON v.resident = r.resident AND v.version = r.version
WHERE r.numbering = 0 ORDER BY r.resident LIMIT :limit;

-- LIVING_HERE: the attributes of those who live here
-- marks: personal
SELECT r.resident AS resident, v.name AS name, v.kana AS kana,
	v.former_surname AS former_surname, v.alias AS alias,
	v.birth AS birth, v.sex AS sex, v.address AS address
FROM resident AS r
JOIN version AS v ON v.resident = r.resident AND v.version = r.version
WHERE r.resident > :after AND r.state = 1 ORDER BY r.resident LIMIT :limit;

-- RESIDENT_REQUESTED: the number was asked for, under this code
-- marks: personal
UPDATE resident SET numbering = 1, code = :code WHERE resident = :resident;

-- RESIDENT_NUMBERED: a number was assigned
-- marks: personal
UPDATE resident SET numbering = 2, assignment = :assignment, refusal = NULL
WHERE resident = :resident;

-- RESIDENT_REFUSED: the network refused to number
-- marks: personal
UPDATE resident SET numbering = 3, refusal = :refusal
WHERE resident = :resident;

-- RESIDENT_PUT_OFF: jukinet gives no more numbers today
-- marks: personal
UPDATE resident SET numbering = 0 WHERE resident = :resident;

-- PUT_OFF: until when those who wait are not asked for
SELECT until FROM put_off;

-- PUT_OFF_UNTIL: not before then
INSERT INTO put_off (one, until) VALUES (1, :until)
ON CONFLICT (one) DO UPDATE SET until = excluded.until;

-- ASSIGNMENT_ADD: an Individual Number, assigned now, unless it is somebody's
-- marks: personal
INSERT INTO assignment (resident, serial, number, version, assigned_at,
	reason)
VALUES (:resident, :serial, :number, :version, :assigned_at, :reason)
ON CONFLICT (number) WHERE withdrawn = 0 DO NOTHING;

-- ASSIGNMENT_WITHDRAW: it was another person's all the time
-- marks: personal
UPDATE assignment SET withdrawn = 1
WHERE resident = :resident AND serial = :serial;

-- ASSIGNMENT_GET: one of a resident's numbers
-- marks: personal
SELECT number, version, assigned_at, reason FROM assignment
WHERE resident = :resident AND serial = :serial;

-- ASSIGNMENTS: when numbers were assigned, newest first
SELECT serial, version, assigned_at, reason FROM assignment
WHERE resident = :resident ORDER BY serial DESC;

-- ANSWERED: what an answer to a request for a number is about
-- marks: personal
SELECT r.resident AS resident, r.version AS version, r.state AS state,
	r.numbering AS numbering, r.assignment AS assignment,
	v.name AS name, v.kana AS kana, v.former_surname AS former_surname,
	v.alias AS alias, v.birth AS birth, v.sex AS sex,
	v.address AS address
FROM resident AS r
JOIN version AS v ON v.resident = r.resident AND v.version = r.version
WHERE r.code = :code;

-- REFUSED: residents whom the network refused to number
SELECT resident, refusal FROM resident
WHERE numbering = 3 AND resident > :after ORDER BY resident LIMIT 100;

-- POOL_ADD: a code designated to us
INSERT INTO pool (code) VALUES (:code);

-- POOL_TAKE: the codes that came first
SELECT position, code FROM pool ORDER BY position LIMIT :limit;

-- POOL_DROP: these are on records now
DELETE FROM pool WHERE position <= :position;

-- POOL_EMPTY: jukinet's list replaces it
DELETE FROM pool;

-- RELISTING: the question that is open
SELECT request FROM relisting;

-- RELISTING_PUT: another one is
INSERT INTO relisting (one, request) VALUES (1, :request)
ON CONFLICT (one) DO UPDATE SET request = excluded.request;

-- RELISTING_END: the list has ended
DELETE FROM relisting;

-- CODE_REQUESTS_END: what they asked for is in the list
-- never null: answered_at
UPDATE code_request SET answered_at = :answered_at WHERE answered_at IS NULL;

-- CODE_REQUEST_ADD: codes were asked for
INSERT INTO code_request (request, wanted, asked_at)
VALUES (:request, :wanted, :asked_at);

-- CODE_REQUEST_GET: whether a request is open
SELECT wanted, answered_at FROM code_request WHERE request = :request;

-- CODE_REQUEST_ANSWERED: the codes have come
UPDATE code_request SET answered_at = :answered_at
WHERE request = :request;

-- CODE_REQUESTS_OPEN: how many codes are on their way
SELECT COUNT(*) AS requests, COALESCE(SUM(wanted), 0) AS wanted
FROM code_request WHERE answered_at IS NULL;

-- CODE_REQUEST_OLD: asked for long ago, never answered
SELECT request, wanted FROM code_request
WHERE answered_at IS NULL AND asked_at < :before ORDER BY asked_at LIMIT 1;

-- CODE_REQUEST_AGAIN: asked for once more
UPDATE code_request SET asked_at = :asked_at WHERE request = :request;

-- CODE_REQUEST_LESS: not as many are to be had; it is to be asked for again
UPDATE code_request SET wanted = :wanted, asked_at = :asked_at
WHERE request = :request AND answered_at IS NULL;

-- REGISTRATION_GET: whether a birth or an arrival was registered before
SELECT event, resident, content FROM registration
WHERE registration = :registration;

-- REGISTRATION_ADD: a birth or an arrival
INSERT INTO registration (registration, event, mother, resident,
	recorded_at, content)
VALUES (:registration, :event, :mother, :resident, :recorded_at, :content);

-- CHILDREN: whom a mother bore here
-- marks: personal
SELECT v.resident AS resident, v.name AS name, v.birth AS birth
FROM registration AS g
JOIN version AS v ON v.resident = g.resident AND v.version = 1
WHERE g.mother = :mother;

-- NUMBER_CHANGE_GET: a request for another number
SELECT resident, serial, reason, settled_at, refusal, content
FROM number_change
WHERE request = :request;

-- NUMBER_CHANGE_ADD: another number was asked for
-- marks: personal
INSERT INTO number_change (request, resident, serial, reason, asked_at,
	content)
VALUES (:request, :resident, :serial, :reason, :asked_at, :content);

-- NUMBER_CHANGE_OPEN: whether another number is on its way
SELECT COUNT(*) AS open FROM number_change
WHERE resident = :resident AND settled_at IS NULL;

-- NUMBER_CHANGE_SETTLE: answered
UPDATE number_change SET settled_at = :settled_at, refusal = :refusal
WHERE request = :request;

-- TRANSFER_GET: a move
SELECT inward, organisation, household, moved_on, last_day, state, reason,
	recorded_at, settled_at, content
FROM transfer WHERE transfer = :transfer;

-- TRANSFER_ADD: a move declared or announced
INSERT INTO transfer (transfer, inward, organisation, household, moved_on,
	last_day, state, reason, recorded_at, content)
VALUES (:transfer, :inward, :organisation, :household, :moved_on, :last_day,
	'open', '', :recorded_at, :content);

-- TRANSFER_SETTLE: a move completed, refused or ended
UPDATE transfer SET state = :state, reason = :reason,
	settled_at = :settled_at
WHERE transfer = :transfer;

-- TRANSFERS_OPEN: announced to us and not yet declared here
SELECT transfer, organisation, moved_on, last_day, recorded_at FROM transfer
WHERE state = 'open' AND inward = 1 ORDER BY recorded_at, transfer LIMIT 100;

-- TRANSFER_PERSON_ADD: somebody who moves
-- marks: personal
INSERT INTO transfer_person (transfer, position, code, resident, state,
	number, details)
VALUES (:transfer, :position, :code, :resident, 'open', :number, :details);

-- TRANSFER_PEOPLE: who moves
-- marks: personal
SELECT position, code, resident, state, number, details
FROM transfer_person WHERE transfer = :transfer ORDER BY position;

-- TRANSFER_PERSON_DECLARED: the arrival was declared
-- marks: personal
UPDATE transfer_person SET state = 'declared', details = :details
WHERE transfer = :transfer AND position = :position;

-- TRANSFER_PERSON_STATE: a notice is used or has ended; its details go
-- marks: personal
UPDATE transfer_person SET state = :state, resident = :resident,
	number = NULL, details = ''
WHERE transfer = :transfer AND position = :position;

-- TRANSFER_AWAY: the move by which a resident of before is still on the way
SELECT p.transfer AS transfer FROM transfer_person AS p
JOIN transfer AS t ON t.transfer = p.transfer
WHERE p.resident = :resident AND t.inward = 0
	AND p.state IN ('open', 'withdrawing') LIMIT 1;

-- TRANSFER_STAYS: a notice that expired takes nobody away any more
UPDATE transfer_person SET state = 'withdrawn'
WHERE resident = :resident AND state = 'expired';

-- IMPORT_GET: an import
-- row: job
SELECT import, digest, name, size, strict, state, encoding, header, next_offset,
	next_line, loaded, unchanged, rejected, started_at, finished_at
FROM import WHERE import = :import;

-- IMPORT_ADD: an import begins
INSERT INTO import (import, digest, name, size, strict, state, encoding,
	header, next_offset, next_line, loaded, unchanged, rejected,
	started_at)
VALUES (:import, :digest, :name, :size, :strict, 'open', :encoding, :header,
	0, 1, 0, 0, 0, :started_at);

-- IMPORT_PUT: how far it is
UPDATE import SET strict = :strict, state = :state, encoding = :encoding,
	header = :header, next_offset = :next_offset, next_line = :next_line,
	loaded = :loaded, unchanged = :unchanged, rejected = :rejected,
	started_at = :started_at, finished_at = :finished_at
WHERE import = :import;

-- REJECT_ADD: a line that was not loaded
INSERT INTO reject (import, line, field, reason)
VALUES (:import, :line, :field, :reason)
ON CONFLICT (import, line) DO NOTHING;

-- REJECTS: lines that were not loaded
SELECT line, field, reason FROM reject
WHERE import = :import AND line > :after ORDER BY line LIMIT :limit;

-- REJECTS_DROP: the import begins again
DELETE FROM reject WHERE import = :import;

-- STAGED_ADD: a chunk to be applied later
-- marks: personal
INSERT INTO staged (import, position, line, content)
VALUES (:import, :position, :line, :content);

-- STAGED_NEXT: the next chunk to be applied
-- marks: personal
SELECT position, line, content FROM staged
WHERE import = :import AND position >= :position ORDER BY position LIMIT 1;

-- STAGED_DROP: applied or refused
DELETE FROM staged WHERE import = :import;

-- ENROLMENT_ADD: an order of the counter to the portal
-- marks: personal
INSERT INTO enrolment (enrolment, digest, resident, step, asked_at, state)
VALUES (:enrolment, :digest, :resident, :step, :asked_at, 'sent');

-- ENROLMENT_GET: how it stands
-- marks: personal
SELECT resident, step, state, reason, until FROM enrolment
WHERE enrolment = :enrolment;

-- ENROLMENT_OF_DIGEST: which one is answered
SELECT enrolment, resident FROM enrolment
WHERE digest = :digest AND settled_at IS NULL;

-- ENROLMENT_SETTLE: answered
-- never null: settled_at
UPDATE enrolment SET state = :state, reason = :reason, until = :until,
	settled_at = :settled_at
WHERE enrolment = :enrolment;

-- ENROLMENTS_ERASE: those of long ago
DELETE FROM enrolment WHERE asked_at < :before;
