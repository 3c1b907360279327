-- RESIDENT_COUNT: residents whom a counter has named
SELECT COUNT(*) AS n FROM resident;

-- RESIDENT_ADD: a counter names somebody for the first time
-- marks: personal
INSERT INTO resident (resident, code) VALUES (:resident, :code)
ON CONFLICT (code) DO NOTHING;

-- RESIDENT_OF_CODE: our id of a resident
-- marks: personal
SELECT resident FROM resident WHERE code = :code;

-- RESIDENT_ORDER: an order of a counter; nothing happens if a later one came
UPDATE resident SET ordered = :ordered
WHERE resident = :resident AND ordered < :ordered;

-- TICKET_COUNT: tickets, used or not, that are not over
SELECT COUNT(*) AS n FROM ticket;

-- TICKET_ADD: a counter has given one out
INSERT INTO ticket (digest, resident, municipality, until, is_used)
VALUES (:digest, :resident, :municipality, :until, 0);

-- TICKET_GET: whose it is
SELECT resident, municipality, until, is_used FROM ticket
WHERE digest = :digest;

-- TICKET_USE: somebody has enrolled with it
UPDATE ticket SET is_used = 1 WHERE digest = :digest;

-- TICKETS_STOP: a counter's later order counts
UPDATE ticket SET is_used = 1 WHERE resident = :resident AND is_used = 0;

-- TICKETS_ERASE: those that are over
DELETE FROM ticket WHERE until < :before;

-- ACCOUNT_COUNT: sign-ins, ended ones among them
SELECT COUNT(*) AS n FROM account;

-- ACCOUNT_COUNT_ENDED: those that a counter has ended
SELECT COUNT(*) AS n FROM account WHERE ended IS NOT NULL;

-- ACCOUNT_ADD: a resident has enrolled
INSERT INTO account (enrolment, resident, secret, made)
VALUES (:enrolment, :resident, :secret, :made);

-- ACCOUNT_OF_RESIDENT: the sign-in that works
SELECT enrolment, made FROM account
WHERE resident = :resident AND ended IS NULL;

-- ACCOUNT_SECRET: what a sign-in is checked against
SELECT secret, ended, municipality, tries, locked FROM account
WHERE enrolment = :enrolment;

-- ACCOUNT_TRIED: a sign-in failed, or worked
UPDATE account SET tries = :tries, locked = :locked
WHERE enrolment = :enrolment;

-- ACCOUNT_END: by a counter's order
-- never null: ended
UPDATE account SET ended = :ended, municipality = :municipality
WHERE enrolment = :enrolment;

-- ACCOUNT_RESIDENT: whose it is
SELECT resident FROM account WHERE enrolment = :enrolment;

-- ACCOUNT_CODE: the portal's code for a resident
-- marks: personal
SELECT resident.code FROM account
JOIN resident ON resident.resident = account.resident
WHERE account.enrolment = :enrolment;

-- RESIDENT_RENEW: another code in the place of one
-- marks: personal
UPDATE resident SET code = :code WHERE code = :former;

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

-- ACCOUNTS_ERASE: those that ended long ago
-- never null: before
DELETE FROM account WHERE ended < :before;

-- DEED_ADD: what a counter did, or what was done with its ticket
-- marks: personal
INSERT INTO deed (resident, at, what, municipality)
VALUES (:resident, :at, :what, :municipality);

-- DEEDS: of one resident, oldest first
-- marks: personal
SELECT at, what, municipality FROM deed WHERE resident = :resident
ORDER BY deed;

-- DEEDS_ERASE: those of long ago
DELETE FROM deed WHERE at < :before;

-- SESSION_ADD: a sign-in that worked
INSERT INTO session (token, enrolment, expires)
VALUES (:token, :enrolment, :expires);

-- SESSION_FIND: whose session it is
SELECT enrolment FROM session WHERE token = :token AND expires > :now;

-- SESSION_DELETE: signed out
DELETE FROM session WHERE token = :token;

-- SESSIONS_CUT: those of an account that has ended
DELETE FROM session WHERE enrolment = :enrolment;

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

-- REQUESTS_CUT: those of sessions that are cut
DELETE FROM request WHERE token IN
	(SELECT token FROM session WHERE enrolment = :enrolment);

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
