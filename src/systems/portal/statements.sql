-- ACCOUNT_COUNT_OPEN: enrolments that wait for the counter
SELECT COUNT(*) AS n FROM account WHERE state = 'open';

-- ACCOUNT_COUNT_CONFIRMED: residents who joined
SELECT COUNT(*) AS n FROM account WHERE state = 'confirmed';

-- ACCOUNT_ADD: a new enrolment
INSERT INTO account (enrolment, secret, acquisition, state, made)
VALUES (:enrolment, :secret, :acquisition, 'open', :made);

-- ACCOUNT_SECRET: what a sign-in is checked against
SELECT secret, state, tries, locked FROM account
WHERE enrolment = :enrolment;

-- ACCOUNT_TRIED: a sign-in failed, or worked
UPDATE account SET tries = :tries, locked = :locked
WHERE enrolment = :enrolment;

-- ACCOUNT_BY_ACQUISITION: whose code has come
SELECT enrolment FROM account WHERE acquisition = :acquisition;

-- ACCOUNT_CONFIRM: the code is here; the acquisition number goes
-- marks: personal
UPDATE account SET state = 'confirmed', code = :code, acquisition = NULL
WHERE enrolment = :enrolment;

-- ACCOUNT_HELD: another account has the code; the acquisition number goes
UPDATE account SET state = 'held', acquisition = NULL
WHERE enrolment = :enrolment;

-- ACCOUNT_CODE: the portal's code for a resident
-- marks: personal
SELECT code FROM account WHERE enrolment = :enrolment;

-- ACCOUNT_RENEW: another code in the place of one
-- marks: personal
UPDATE account SET code = :code WHERE code = :former;

-- FORMER_ADD: the code that was there before; nothing happens if it is known
-- marks: personal
INSERT INTO former_linkage (tag, sealed, code, replaced)
VALUES (:tag, :sealed, :code, :replaced)
ON CONFLICT (tag) DO NOTHING;

-- FORMER_FIND: the code that took its place
-- marks: personal
SELECT code FROM former_linkage WHERE tag = :tag;

-- FORMER_ERASE: records that name it are erased, too
DELETE FROM former_linkage WHERE replaced < :before;

-- ACCOUNT_ERASE: enrolments that nobody confirmed in time, or a second time
DELETE FROM account WHERE state <> 'confirmed' AND made < :before;

-- SESSION_ADD: a sign-in that worked
INSERT INTO session (token, enrolment, expires)
VALUES (:token, :enrolment, :expires);

-- SESSION_FIND: whose session it is
SELECT enrolment FROM session WHERE token = :token AND expires > :now;

-- SESSION_DELETE: signed out
DELETE FROM session WHERE token = :token;

-- SESSION_ERASE: sessions that are over
DELETE FROM session WHERE expires <= :now;

-- SESSION_COUNT: how many there are
SELECT COUNT(*) AS n FROM session;

-- REQUEST_ADD: a question to the network
INSERT INTO request (request, token, asked) VALUES (:request, :token, :asked);

-- REQUEST_FIND: how a session's question stands
SELECT answered FROM request WHERE token = :token;

-- REQUEST_OWNER: who asked it
SELECT session.enrolment FROM request
JOIN session ON session.token = request.token
WHERE request.request = :request;

-- REQUEST_ANSWER: the network's answer
-- marks: personal
-- never null: answered
UPDATE request SET answered = :answered, answer = :answer
WHERE request = :request AND answered IS NULL;

-- REQUEST_READ: the answer, to be handed over
-- marks: personal
SELECT answered, answer FROM request WHERE token = :token;

-- REQUEST_DELETE: handed over, or too old
DELETE FROM request WHERE token = :token;

-- REQUEST_ERASE: those of sessions that are over
DELETE FROM request WHERE token IN
	(SELECT token FROM session WHERE expires <= :now);

-- DISCREPANCY_PUT: what a keeper says; the later word stays
INSERT INTO discrepancy (organisation, month, open, explained, counted)
VALUES (:organisation, :month, :open, :explained, :counted)
ON CONFLICT (organisation, month) DO UPDATE SET open = excluded.open,
	explained = excluded.explained, counted = excluded.counted
WHERE discrepancy.counted <= excluded.counted;

-- DISCREPANCIES: all months that have some, the newest first
SELECT organisation, month, open, explained FROM discrepancy
WHERE open > 0 OR explained > 0
ORDER BY month DESC, organisation LIMIT :limit;
