-- ACQUISITION_FIND: the half that is here
SELECT internal, code, held FROM acquisition
WHERE acquisition = :acquisition;

-- ACQUISITION_PUT: what is known of it so far
INSERT INTO acquisition (acquisition, internal, code, held, at)
VALUES (:acquisition, :internal, :code, :held, :at)
ON CONFLICT (acquisition) DO UPDATE SET internal = excluded.internal,
	code = excluded.code, held = excluded.held, at = excluded.at;

-- ACQUISITION_DELETE: both halves are joined, or it was refused
DELETE FROM acquisition WHERE acquisition = :acquisition;

-- ACQUISITION_ERASE: halves whose other half will never come.  A code is kept:
-- the network says it once, and the addressee asks until it is joined.
DELETE FROM acquisition WHERE at < :before AND code IS NULL;

-- LINKAGE_CODE: our code for a person
-- marks: personal
SELECT code FROM linkage WHERE internal = :internal;

-- LINKAGE_PERSON: whose code it is
-- marks: personal
SELECT internal FROM linkage WHERE code = :code;

-- LINKAGE_ADD: a code that was acquired
-- marks: personal
INSERT INTO linkage (internal, code, at) VALUES (:internal, :code, :at);

-- LINKAGE_RENEW: another code in the place of one
-- marks: personal
UPDATE linkage SET code = :code WHERE code = :former;

-- FORMER_ADD: the code that was there before; nothing happens if it is known
-- marks: personal
INSERT INTO former_linkage (tag, sealed, code, replaced)
VALUES (:tag, :sealed, :code, :replaced)
ON CONFLICT (tag) DO NOTHING;

-- FORMER_FIND: the code in the place of one that was replaced after an instant
-- marks: personal
SELECT code FROM former_linkage WHERE tag = :tag AND replaced > :since;

-- FORMER_ANY: whether any code was ever replaced
SELECT COUNT(*) AS n FROM (SELECT 1 FROM former_linkage LIMIT 1) AS any_former;

-- FORMER_ERASE: the seven years are over
DELETE FROM former_linkage WHERE replaced < :before;

-- REPLICA_FIND: one version
-- marks: personal
SELECT contents, put FROM replica
WHERE internal = :internal AND item = :item AND version = :version;

-- REPLICA_PUT: the newest contents of one version
-- marks: personal
INSERT INTO replica (internal, item, version, contents, put)
VALUES (:internal, :item, :version, :contents, :put)
ON CONFLICT (internal, item, version)
DO UPDATE SET contents = excluded.contents, put = excluded.put;

-- FORMER_REPLICA_ADD: what was there before, or came too late
-- marks: personal
INSERT INTO former_replica
	(internal, item, version, contents, put, replaced)
VALUES (:internal, :item, :version, :contents, :put, :replaced);

-- FORMER_REPLICA_ERASE: what is deleted is deleted from here, too
-- marks: personal
DELETE FROM former_replica
WHERE internal = :internal AND item = :item AND version = :version;

-- REPLICA_NEWEST: the newest version of an item that was not deleted
-- marks: personal
-- row: replica
SELECT version, contents, put FROM replica
WHERE internal = :internal AND item = :item AND contents <> ''
ORDER BY version DESC LIMIT 1;

-- REPLICA_OF_VERSION: one version of an item, unless it was deleted
-- marks: personal
-- row: replica
SELECT version, contents, put FROM replica
WHERE internal = :internal AND item = :item AND version = :version
	AND contents <> '';

-- REPLICA_CHANGE_ADD: who changed one, and how
-- marks: personal
INSERT INTO replica_change
	(internal, item, version, kind, officer, put, noted, late)
VALUES (:internal, :item, :version, :kind, :officer, :put, :noted, :late);

-- REPLICA_CHANGES: what was done to the replicas of a person
-- marks: personal
SELECT item, version, kind, officer, put, noted, late FROM replica_change
WHERE internal = :internal ORDER BY seq DESC LIMIT :limit;

-- REPLICA_CHANGES_ERASE: the seven years are over
DELETE FROM replica_change WHERE noted < :before;

-- MARK_PUT: a person, or one item, is marked, or no longer; the later order
-- counts, of two at once the mark
-- marks: personal
INSERT INTO mark (internal, item, kind, reason, officer, at, removed, grade,
	ground, ends, second)
VALUES (:internal, :item, :kind, :reason, :officer, :at, :removed, :grade,
	:ground, :ends, :second)
ON CONFLICT (internal, item, kind) DO UPDATE SET reason = excluded.reason,
	officer = excluded.officer, at = excluded.at,
	removed = excluded.removed, grade = excluded.grade,
	ground = excluded.ground, ends = excluded.ends,
	second = excluded.second
WHERE mark.at < excluded.at
	OR (mark.at = excluded.at AND mark.removed > excluded.removed);

-- MARK_AT: when an order was last given
-- marks: personal
SELECT at FROM mark
WHERE internal = :internal AND item = :item AND kind = :kind;

-- MARK_FIND: whether an item of a person has a mark, or all items ('') have.
-- Not with IN, for which SQLite would make a table in memory each time.
-- marks: personal
SELECT COUNT(*) AS marks FROM mark
WHERE internal = :internal AND kind = :kind
	AND COALESCE(NULLIF(item, ''), :item) = :item AND removed = 0;

-- MARK_WITHHOLDS: the mark that withholds most, of an item or of all
-- marks: personal
SELECT grade, ground, ends, officer, second FROM mark
WHERE internal = :internal AND kind = 'undisclosed'
	AND COALESCE(NULLIF(item, ''), :item) = :item AND removed = 0
	AND ends > :now
ORDER BY grade DESC, ends DESC LIMIT 1;

-- MARKS: all of a person
-- marks: personal
SELECT item, kind, reason, officer, at, grade, ground, ends, second FROM mark
WHERE internal = :internal AND removed = 0 ORDER BY item, kind;

-- MARK_ERASE: taken away seven years ago
DELETE FROM mark WHERE removed = 1 AND at < :before;

-- HELD_ADD: a permit waits for a person
-- marks: personal
-- never null: tag
INSERT INTO held (permit, question_tag, notice, internal, item, affair,
	inquirer, unit, since, deadline)
VALUES (:permit, :tag, :notice, :internal, :item, :affair, :inquirer, :unit,
	:since, :deadline);

-- HELD_FIND: one of them
-- marks: personal
SELECT notice, internal, deadline, decision FROM held WHERE permit = :permit;

-- HELD_OPEN: those that nobody decided, the most urgent first
-- marks: personal
SELECT permit, internal, item, affair, inquirer, unit, since, deadline
FROM held WHERE decision = '' ORDER BY deadline, permit LIMIT :limit;

-- HELD_OVERDUE: one whose deadline has passed
SELECT permit FROM held WHERE decision = '' AND deadline < :now
ORDER BY deadline LIMIT 1;

-- HELD_FOR: one that nobody decided, for an organisation
SELECT permit FROM held WHERE decision = '' AND inquirer = :inquirer LIMIT 1;

-- HELD_DECIDE: who decided, and how; the notice is needed no longer
-- never null: decided
UPDATE held SET decision = :decision, reason = :reason, officer = :officer,
	decided = :decided, notice = X''
WHERE permit = :permit;

-- HELD_ERASE: the seven years are over
DELETE FROM held WHERE since < :before;

-- REVOCATION_ADD: a permit that shall not work
INSERT INTO revocation (permit, outcome, at) VALUES (:permit, :outcome, :at)
ON CONFLICT (permit) DO NOTHING;

-- REVOCATION_FIND: whether it does
SELECT outcome FROM revocation WHERE permit = :permit;

-- REVOCATION_ERASE: the permits have long expired
DELETE FROM revocation WHERE at < :before;

-- INQUIRY_ADD: a question of ours
-- marks: personal
INSERT INTO inquiry (inquiry, internal, affair, item, version, provider,
	unit, requested, state, withheld_inquiry, asked, case_number,
	case_unit, case_clerk, case_second, case_opened, step, whose)
VALUES (:inquiry, :internal, :affair, :item, :version, :provider, :unit,
	:requested, 'asked', :withheld, :asked, :case_number, :case_unit,
	:case_clerk, :case_second, :case_opened, :step, :whose)
ON CONFLICT (inquiry) DO NOTHING;

-- INQUIRIES_OF_CASE: how often a case was asked for; a search is a question
SELECT (SELECT COUNT(*) FROM inquiry AS i
	WHERE i.case_number = :case_number AND i.case_unit = :case_unit
		AND i.requested > :since)
	+ (SELECT COUNT(*) FROM search AS s
	WHERE s.case_number = :case_number AND s.case_unit = :case_unit
		AND s.requested > :since) AS n;

-- SEARCH_ADD: a search for providers; nothing happens if its id is taken
-- marks: personal
INSERT INTO search (search, content, case_number, case_unit, requested)
VALUES (:search, :content, :case_number, :case_unit, :requested)
ON CONFLICT (search) DO NOTHING;

-- SEARCH_FIND: what was searched for under an id
-- marks: personal
SELECT content FROM search WHERE search = :search;

-- SEARCHES_FORGET: those that no case counts any more
DELETE FROM search WHERE requested <= :before;

-- INQUIRY_FIND: one of them
-- marks: personal
-- row: inquiry
SELECT inquiry, internal, affair, item, version, provider, expires, state,
	outcome, cancelled, asked, answer
FROM inquiry
WHERE inquiry = :inquiry;

-- INQUIRY_OF_QUESTION: the one that asked it
-- marks: personal
-- row: inquiry
SELECT inquiry, internal, affair, item, version, provider, expires, state,
	outcome, cancelled, asked, answer
FROM inquiry
WHERE question_tag = :tag;

-- INQUIRY_QUESTION: what it asks the network
-- never null: tag
UPDATE inquiry SET question_tag = :tag, question_sealed = :sealed,
	sheet = :sheet
WHERE inquiry = :inquiry;

-- INQUIRY_ARCHIVE: what an archive of it needs beside the messages
-- marks: personal
SELECT sheet, case_number, case_unit, case_clerk, case_second, case_opened
FROM inquiry
WHERE inquiry = :inquiry;

-- PROVISION_ARCHIVE: is it of the day before questions were signed?
-- marks: personal
SELECT question_tag FROM provision WHERE permit = :permit;

-- INQUIRY_PERMIT: it is permitted, by what law, and until when; the article of a
-- refusal stays
-- never null: expires
UPDATE inquiry SET expires = :expires,
	article = CASE WHEN article = '' THEN :article ELSE article END,
	state = CASE WHEN state = 'asked' THEN 'permitted' ELSE state END
WHERE inquiry = :inquiry;

-- INQUIRY_ANSWER: what came of it; without an article that of the permit stays
-- never null: answered
UPDATE inquiry SET state = 'answered', outcome = :outcome, reason = :reason,
	article = CASE WHEN :article = '' THEN article ELSE :article END,
	answered = :answered,
	withheld_answer = :withheld
WHERE inquiry = :inquiry;

-- INQUIRY_ANSWER_TAKEN: the provider has answered
-- marks: personal
UPDATE inquiry SET answer = :answer WHERE inquiry = :inquiry;

-- INQUIRY_HELD: until when the provider's person will have decided
-- never null: held_until
UPDATE inquiry SET held_until = :held_until WHERE inquiry = :inquiry;

-- INQUIRY_CANCEL: our office needs it no longer
-- never null: cancelled
UPDATE inquiry SET cancelled = :cancelled WHERE inquiry = :inquiry;

-- INQUIRY_CORRECTION: whose record it is, and when it was corrected
-- marks: personal
-- row: correction
SELECT internal, reason, corrected FROM inquiry WHERE inquiry = :record;

-- INQUIRY_WITHHELD: what it asked to withhold, and of which affair
-- marks: personal
-- row: withheld
SELECT internal, affair, withheld_inquiry AS withheld FROM inquiry
WHERE inquiry = :record;

-- INQUIRY_WITHHOLD: for longer
-- marks: personal
UPDATE inquiry SET withheld_inquiry = :withheld WHERE inquiry = :record;

-- INQUIRY_CORRECT: the record was wrong; what was said last counts
-- marks: personal
-- never null: corrected
UPDATE inquiry SET corrected = :corrected, correction = :correction
WHERE inquiry = :record AND (corrected IS NULL OR corrected < :corrected
	OR (corrected = :corrected AND correction < :correction));

-- INQUIRY_OUTDATED: the provider corrected what it had given us
-- marks: personal
-- never null: outdated
UPDATE inquiry SET outdated = :outdated
WHERE inquiry = :inquiry AND (outdated IS NULL OR outdated < :outdated);

-- INQUIRY_EXPIRED: one that was permitted, and whose permit is over since
SELECT inquiry FROM inquiry
WHERE state = 'permitted' AND expires < :before LIMIT 1;

-- INQUIRY_RECORDS: the records of one person, as inquirer
-- marks: personal
-- row: record
SELECT inquiry AS record, affair, item, provider AS partner, unit, requested,
	outcome, reason, article, answered, outdated, withheld_inquiry,
	withheld_answer, corrected, correction
FROM inquiry WHERE internal = :internal
ORDER BY requested DESC, inquiry LIMIT :limit;

-- INQUIRY_ERASE: the seven years are over
DELETE FROM inquiry WHERE requested < :before;

-- PROVISION_FIND: whether the permit was used
SELECT outcome FROM provision WHERE permit = :permit;

-- QUESTION_USED: how often a question was asked here under a permit
-- marks: personal
-- never null: n
SELECT (SELECT COUNT(*) FROM provision WHERE question_tag = :tag)
	+ (SELECT COUNT(*) FROM held WHERE question_tag = :tag) AS n;

-- PROVISION_ADD: it is used now
-- marks: personal
-- never null: tag
INSERT INTO provision (permit, question_tag, question_sealed, internal, affair,
	item, article, inquirer, unit, requested, outcome, reason, answered,
	withheld_inquiry, withheld_answer, version, put)
VALUES (:permit, :tag, :sealed, :internal, :affair, :item, :article, :inquirer,
	:unit, :requested, :outcome, :reason, :answered, :withheld_inquiry,
	:withheld_answer, :version, :put);

-- PROVISION_OUTDATED: to whom was given what the office had put before?
-- marks: personal
SELECT question_sealed, inquirer FROM provision
WHERE internal = :internal AND item = :item AND outcome = 'provided'
	AND version IN ('', :version) AND put < :put AND question_sealed <> X''
ORDER BY inquirer, permit;

-- PROVISION_CORRECTION: whose record it is, and when it was corrected
-- marks: personal
-- row: correction
SELECT internal, reason, corrected FROM provision WHERE permit = :record;

-- PROVISION_WITHHELD: what its answer withholds
-- marks: personal
-- row: withheld
SELECT internal, affair, withheld_answer AS withheld FROM provision
WHERE permit = :record;

-- PROVISION_WITHHOLD: for longer
-- marks: personal
UPDATE provision SET withheld_answer = :withheld WHERE permit = :record;

-- PROVISION_CORRECT: the record was wrong; what was said last counts
-- marks: personal
-- never null: corrected
UPDATE provision SET corrected = :corrected, correction = :correction
WHERE permit = :record AND (corrected IS NULL OR corrected < :corrected
	OR (corrected = :corrected AND correction < :correction));

-- EARLY_CORRECTION_PUT: the permit has not ended; what was said last counts
INSERT INTO early_correction (permit, corrected, correction, at)
VALUES (:permit, :corrected, :correction, :at)
ON CONFLICT (permit) DO UPDATE SET corrected = excluded.corrected,
	correction = excluded.correction, at = excluded.at
WHERE early_correction.corrected < excluded.corrected
	OR (early_correction.corrected = excluded.corrected
		AND early_correction.correction < excluded.correction);

-- EARLY_CORRECTION_FIND: was the record corrected before it was written?
SELECT corrected, correction FROM early_correction WHERE permit = :permit;

-- EARLY_CORRECTION_DELETE: the record has it
DELETE FROM early_correction WHERE permit = :permit;

-- EARLY_CORRECTION_ERASE: the permits have long expired
DELETE FROM early_correction WHERE at < :before;

-- PROVISION_RECORDS: the records of one person, as provider
-- marks: personal
-- row: record
-- may be null: answered, outdated
SELECT permit AS record, affair, item, inquirer AS partner, unit, requested,
	outcome, reason, article, answered, CAST(NULL AS INTEGER) AS outdated,
	withheld_inquiry, withheld_answer, corrected, correction
FROM provision WHERE internal = :internal
ORDER BY requested DESC, permit LIMIT :limit;

-- PROVISION_ERASE: the seven years are over
DELETE FROM provision WHERE requested < :before;

-- COUNT_LINKED: persons with a code
SELECT COUNT(*) AS n FROM linkage;

-- COUNT_PENDING: acquisitions of which one half is here
SELECT COUNT(*) AS n FROM acquisition;

-- COUNT_REPLICAS: all versions, deleted ones too
SELECT COUNT(*) AS n FROM replica;

-- COUNT_DELETED: of them, deleted ones
SELECT COUNT(*) AS n FROM replica WHERE contents = '';

-- COUNT_INQUIRIES: ours
SELECT COUNT(*) AS n FROM inquiry;

-- COUNT_WAITING: those without an answer
SELECT COUNT(*) AS n FROM inquiry WHERE state IN ('asked', 'permitted');

-- COUNT_HELD: permits that wait for a person
SELECT COUNT(*) AS n FROM held WHERE decision = '';

-- COUNT_PROVISIONS: what others asked
SELECT COUNT(*) AS n FROM provision;
