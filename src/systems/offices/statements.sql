-- RECORD_PUT: new or changed business data
-- marks: personal
INSERT INTO record (business_number, item, version, contents, put, state)
VALUES (:business_number, :item, :version, :contents, :put, 'put')
ON CONFLICT (business_number, item, version) DO UPDATE SET
	contents = excluded.contents, put = excluded.put, state = 'put',
	attempts = 0;

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
	previous_municipality, unit, clerk, opened)
VALUES (:application, :applicant, :child, :previous_municipality, :unit,
	:clerk, :opened);

-- APPLICATION_FIND: one of them
-- marks: personal
SELECT applicant, child, previous_municipality, unit, clerk, opened
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
UPDATE question SET state = :state, reason = :reason, article = :article,
	explanation = :explanation, contents = :contents, answered = :answered
WHERE inquiry = :inquiry;

-- QUESTIONS: those of one application, in order
-- marks: personal
SELECT inquiry, affair, item, provider, state, reason, article, explanation,
	contents, asked, answered
FROM question WHERE application = :application ORDER BY ordinal;

-- COUNT_RECORDS: how many, and how their replicas stand
SELECT COUNT(*) AS records,
	COUNT(CASE WHEN state = 'refused' THEN 1 END) AS retrying,
	COUNT(CASE WHEN state = 'given-up' THEN 1 END) AS given_up
FROM record;

-- COUNT_APPLICATIONS: how many
SELECT COUNT(*) AS applications FROM application;

-- COUNT_QUESTIONS: those without an answer
SELECT COUNT(*) AS waiting FROM question WHERE state = 'waiting';
