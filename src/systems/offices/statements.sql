-- RECORD_PUT: new or changed business data
-- marks: personal
INSERT INTO record (business_number, item, version, contents, put, state)
VALUES (:business_number, :item, :version, :contents, :put, 'put')
ON CONFLICT (business_number, item, version) DO UPDATE SET
	contents = excluded.contents, put = excluded.put, state = 'put',
	attempts = 0;

-- RECORD_DELETE: the office keeps it no longer
-- marks: personal
DELETE FROM record WHERE business_number = :business_number
AND item = :item AND version = :version;

-- RECORD_ATTEMPTS: how often its replica was refused
SELECT attempts FROM record WHERE business_number = :business_number
AND item = :item AND version = :version;

-- RECORD_REFUSED: the addressee did not know the person
UPDATE record SET state = :state, attempts = :attempts, retry = :retry
WHERE business_number = :business_number AND item = :item
AND version = :version;

-- RECORD_IS_DUE: whether any replica is to be tried again
SELECT item FROM record WHERE state = 'refused' AND retry <= :now LIMIT 1;

-- RECORD_DUE: those that are, together what one message may hold together
-- marks: personal
SELECT business_number, item, version, contents, put FROM record
WHERE state = 'refused' AND retry <= :now
ORDER BY item, version, put LIMIT :limit;

-- RECORD_RETRIED: sent again
UPDATE record SET state = 'put' WHERE business_number = :business_number
AND item = :item AND version = :version;

-- APPLICATION_ADD: a new application
-- marks: personal
INSERT INTO application (application, applicant, child,
	previous_municipality, unit, clerk, opened, content)
VALUES (:application, :applicant, :child, :previous_municipality, :unit,
	:clerk, :opened, :content);

-- APPLICATION_FIND: one of them
-- marks: personal
SELECT applicant, child, previous_municipality, unit, clerk, opened, content
FROM application WHERE application = :application;

-- APPLICATION_WAITING: whether all its questions are answered
SELECT COUNT(*) AS questions,
	COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting
FROM question WHERE application = :application;

-- QUESTION_ADD: a question to another organisation
INSERT INTO question (inquiry, application, ordinal, affair, item, provider,
	state, asked)
VALUES (:inquiry, :application, :ordinal, :affair, :item, :provider,
	'waiting', :asked);

-- QUESTION_FIND: whose answer has come
-- marks: personal
SELECT question.application, question.affair, question.state,
	application.applicant
FROM question
JOIN application ON application.application = question.application
WHERE question.inquiry = :inquiry;

-- QUESTION_ANSWER: what came of it
-- marks: personal
-- params: answer
-- never null: answered
UPDATE question SET state = :state, reason = :reason, article = :article,
	explanation = :explanation, contents = :contents, version = :version,
	form = :form, answered = :answered
WHERE inquiry = :inquiry;

-- QUESTIONS: those of one application, in order
-- marks: personal
SELECT inquiry, affair, item, provider, state, reason, article, explanation,
	contents, version, form, asked, answered, held_until, corrected
FROM question WHERE application = :application ORDER BY ordinal;

-- QUESTION_HELD: somebody at the provider decides, or at the network (the reason)
-- never null: held_until
UPDATE question SET held_until = :held_until,
	reason = CASE WHEN state = 'waiting' THEN :reason ELSE reason END
WHERE inquiry = :inquiry;

-- INQUIRY_ADD: a question of a clerk's; nothing happens if the id is taken
-- marks: personal
INSERT INTO inquiry (inquiry, batch, ordinal, business_number, affair, item,
	asked_version, provider, unit, clerk, withheld, state, asked,
	content)
VALUES (:inquiry, :batch, :ordinal, :business_number, :affair, :item,
	:version, :provider, :unit, :clerk, :withheld, 'waiting', :asked,
	:content)
ON CONFLICT (inquiry) DO NOTHING;

-- INQUIRY_FIND: what stands under an id
-- marks: personal
SELECT batch, business_number, affair, state, held_until, content
FROM inquiry WHERE inquiry = :inquiry;

-- INQUIRY_SHOW: all of it
-- marks: personal
-- row: inquiry
SELECT inquiry, ordinal, business_number, affair, item, asked_version,
	provider, unit, clerk, state, reason, article, explanation, contents,
	version, form, held_until, asked, answered, corrected
FROM inquiry WHERE inquiry = :inquiry;

-- INQUIRY_ANSWER: what came of it
-- marks: personal
-- params: answer
-- never null: answered
UPDATE inquiry SET state = :state, reason = :reason, article = :article,
	explanation = :explanation, contents = :contents, version = :version,
	form = :form, answered = :answered
WHERE inquiry = :inquiry;

-- INQUIRY_CANCEL: the clerk needs it no longer
-- never null: answered
UPDATE inquiry SET state = 'cancelled', reason = 'cancelled',
	answered = :answered
WHERE inquiry = :inquiry;

-- INQUIRY_HELD: somebody at the provider decides, or at the network (the reason)
-- never null: held_until
UPDATE inquiry SET held_until = :held_until,
	reason = CASE WHEN state = 'waiting' THEN :reason ELSE reason END
WHERE inquiry = :inquiry;

-- BATCH_STATE: how far a file is
SELECT COUNT(*) AS inquiries,
	COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting
FROM inquiry WHERE batch = :batch AND batch <> '';

-- BATCH_RESULTS: its results in order
-- marks: personal
-- row: inquiry
SELECT inquiry, ordinal, business_number, affair, item, asked_version,
	provider, unit, clerk, state, reason, article, explanation, contents,
	version, form, held_until, asked, answered, corrected
FROM inquiry WHERE batch = :batch AND batch <> '' AND ordinal > :after
ORDER BY ordinal LIMIT :limit;

-- SEARCH_ADD: who could be asked?
-- marks: personal
INSERT INTO search (search, business_number, affair, item, clerk, asked,
	content)
VALUES (:search, :business_number, :affair, :item, :clerk, :asked, :content)
ON CONFLICT (search) DO NOTHING;

-- SEARCH_FOUND: the answer; the first counts
-- marks: personal
-- never null: answered
UPDATE search SET found = :found, reason = :reason, article = :article,
	answered = :answered
WHERE search = :search AND answered IS NULL;

-- SEARCH_FIND: one of them
-- marks: personal
SELECT business_number, affair, item, found, reason, article, answered,
	content
FROM search WHERE search = :search;

-- COUNT_INQUIRIES: those of clerks and files
SELECT COUNT(*) AS n FROM inquiry;

-- COUNT_ASKING: those without an answer
SELECT COUNT(*) AS n FROM inquiry WHERE state = 'waiting';

-- COUNT_RECORDS: how many
SELECT COUNT(*) AS n FROM record;

-- COUNT_RETRYING: those whose replica is tried again
SELECT COUNT(*) AS n FROM record WHERE state = 'refused';

-- COUNT_GIVEN_UP: those whose replica is not tried any more
SELECT COUNT(*) AS n FROM record WHERE state = 'given-up';

-- COUNT_APPLICATIONS: how many
SELECT COUNT(*) AS n FROM application;

-- COUNT_QUESTIONS: those without an answer
SELECT COUNT(*) AS n FROM question WHERE state = 'waiting';

-- DECLARATION_ADD: an own-use affair or a limit; nothing if the id is taken
INSERT INTO declaration (declaration, kind, body, state, clerk, sent)
VALUES (:declaration, :kind, :body, 'sent', :clerk, :sent)
ON CONFLICT (declaration) DO NOTHING;

-- DECLARATION_FIND: one of them
-- row: declaration
SELECT declaration, kind, body, state, reason, clerk, sent, answered
FROM declaration WHERE declaration = :declaration;

-- DECLARATION_STATE: what the network answers; the newest answer counts
-- never null: answered
UPDATE declaration SET state = :state, reason = :reason, answered = :answered
WHERE declaration = :declaration
	AND (answered IS NULL OR answered <= :answered);

-- DECLARATIONS: all of them, newest first
-- row: declaration
SELECT declaration, kind, body, state, reason, clerk, sent, answered
FROM declaration ORDER BY sent DESC, declaration LIMIT :limit;

-- INQUIRY_CORRECTED: the provider corrected what it had given us
-- marks: personal
-- never null: corrected
UPDATE inquiry SET corrected = :corrected
WHERE inquiry = :inquiry AND (corrected IS NULL OR corrected < :corrected);

-- QUESTION_CORRECTED: the same of an application's question
-- marks: personal
-- never null: corrected
UPDATE question SET corrected = :corrected
WHERE inquiry = :inquiry AND (corrected IS NULL OR corrected < :corrected);

-- CORRECTED: what was received and then corrected, newest first
-- marks: personal
-- never null: corrected
SELECT inquiry, '' AS application, business_number, affair, item, provider,
	unit, clerk, answered, corrected
FROM inquiry WHERE corrected IS NOT NULL
UNION ALL
SELECT question.inquiry, question.application, application.applicant,
	question.affair, question.item, question.provider, application.unit,
	application.clerk, question.answered, question.corrected
FROM question
JOIN application ON application.application = question.application
WHERE question.corrected IS NOT NULL
ORDER BY corrected DESC, inquiry LIMIT :limit;

-- MARK_ADD: a mark is ordered; nothing happens if the id is taken
-- marks: personal
INSERT INTO mark (mark, business_number, item, kind, change, officer,
	ordered, state, content)
VALUES (:mark, :business_number, :item, :kind, :change, :officer,
	:ordered, 'ordered', :content)
ON CONFLICT (mark) DO NOTHING;

-- MARK_SHOW: one of the orders
-- marks: personal
SELECT mark, business_number, item, kind, change, officer, ordered,
	state, refusal, answered, content
FROM mark WHERE mark = :mark;

-- MARK_ANSWERED: what the relay, or the addressee, has done
-- never null: answered
UPDATE mark SET state = :state, refusal = :refusal, answered = :answered
WHERE mark = :mark AND state = 'ordered';

-- COUNT_MARKS: orders without an answer
SELECT COUNT(*) AS n FROM mark WHERE state = 'ordered';
