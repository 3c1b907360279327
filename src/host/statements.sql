-- IDENTITY: which database this is, and whose
SELECT id, system, adopted FROM identity;

-- IDENTITY_PUT: at the first start of this database
INSERT INTO identity (one, id, system, born, adopted, reason)
VALUES (1, :id, :system, :born, :adopted, :reason);

-- IDENTITY_ADOPT: an officer takes it for the one that has worked
-- never null: adopted
UPDATE identity SET adopted = :adopted, reason = :reason;

-- PEERS: load the directory
SELECT id, url FROM peer ORDER BY id;

-- PEER_KEYS: load the keys of all peers
SELECT key_id, peer, jwk FROM peer_key;

-- CERTIFICATES: load the fingerprints of peers
SELECT fingerprint, peer FROM certificate;

-- HOLDERS: load the holders of certificates
SELECT fingerprint, organisation, name, duties, since, until, revoked
FROM certificate_holder;

-- HOLDER_PUT: a holder, new or changed
INSERT INTO certificate_holder
	(fingerprint, organisation, name, duties, since, until, revoked)
VALUES (:fingerprint, :organisation, :name, :duties, :since, :until, :revoked)
ON CONFLICT (fingerprint) DO UPDATE SET organisation = excluded.organisation,
	name = excluded.name, duties = excluded.duties, since = excluded.since,
	until = excluded.until, revoked = excluded.revoked;

-- HOLDER_DROP: one who is named no more
DELETE FROM certificate_holder WHERE fingerprint = :fingerprint;

-- PEER_PUT: a peer's row; its address may change.  No row has another state
-- than 'active': the keys tell whether a peer is revoked.
INSERT INTO peer (id, url, state) VALUES (:id, :url, 'active')
ON CONFLICT (id) DO UPDATE SET url = excluded.url;

-- PEER_KEY_PUT: one more signing key of a peer
INSERT INTO peer_key (key_id, peer, jwk, since)
VALUES (:key_id, :peer, :jwk, :since)
ON CONFLICT (key_id) DO NOTHING;

-- PEER_KEY_OWNER: whose key it is
SELECT peer FROM peer_key WHERE key_id = :key_id;

-- CERTIFICATE_PUT: one more certificate key
INSERT INTO certificate (fingerprint, peer) VALUES (:fingerprint, :peer)
ON CONFLICT (fingerprint) DO NOTHING;

-- CERTIFICATES_DROP: forget the certificate keys of a peer but these
DELETE FROM certificate WHERE peer = :peer AND fingerprint <> :first
AND fingerprint <> :second AND fingerprint <> :third AND fingerprint <> :fourth;

-- REVOKED_LIST: the newest list of revoked keys
SELECT number, at FROM revoked_list;

-- REVOKED_TEXT: the same, as it was signed
SELECT text FROM revoked_list;

-- REVOKED_LIST_PUT: a newer one
INSERT INTO revoked_list (one, number, at, text)
VALUES (1, :number, :at, :text)
ON CONFLICT (one) DO UPDATE SET number = excluded.number, at = excluded.at,
	text = excluded.text;

-- REVOKED_KEYS: every key that a list has named
SELECT key, system, reason, since, listed FROM revoked_key ORDER BY key;

-- REVOKED_KEY_PUT: a key that the newest list names
INSERT INTO revoked_key (key, system, reason, since, listed)
VALUES (:key, :system, :reason, :since, :listed)
ON CONFLICT (key) DO UPDATE SET system = excluded.system,
	reason = excluded.reason, since = excluded.since,
	listed = excluded.listed;

-- OUTBOX_PUT: a message to be delivered
INSERT INTO outbox
	(digest, id, peer, type, envelope, created, attempts, not_before,
	exchange, entry, cause, counted)
VALUES (:digest, :id, :peer, :type, :envelope, :created, 0, 0, :exchange,
	:entry, :cause, :counted);

-- OUTBOX_RESERVE: the place of a message that is written at the batch's end
INSERT INTO outbox
	(digest, id, peer, type, envelope, created, attempts, not_before,
	exchange, entry)
VALUES (:digest, :id, :peer, :type, '', :created, 0, 0, :exchange, :entry)
RETURNING seq;

-- OUTBOX_FILL: the message for that place
UPDATE outbox SET digest = :digest, envelope = :envelope WHERE seq = :seq;

-- OUTBOX_DUE: the oldest messages for one peer of those that are due
SELECT seq, envelope, digest FROM outbox
WHERE peer = :peer AND seq > :after AND not_before <= :now
ORDER BY seq LIMIT :limit;

-- OUTBOX_NEXT_DUE: when the next one that was put off may be tried again
-- may be null: not_before
SELECT MIN(not_before) AS not_before FROM outbox
WHERE peer = :peer AND not_before > :now;

-- OUTBOX_FIND: the row that a line of a receipt speaks of; a place is used again
SELECT seq, id, type, created, attempts, exchange, entry, envelope, cause,
	counted
FROM outbox WHERE seq = :seq AND digest = :digest;

-- OUTBOX_DELETE: delivered, or refused for good
DELETE FROM outbox WHERE seq = :seq;

-- OUTBOX_DROP: the peer is revoked
DELETE FROM outbox WHERE peer = :peer;

-- OUTBOX_POSTPONE: the peer asked for it later
UPDATE outbox SET attempts = attempts + 1, not_before = :not_before
WHERE seq = :seq;

-- OUTBOX_RELEASE: those that were put off beyond now
UPDATE outbox SET not_before = 0 WHERE not_before > :now;

-- OUTBOX_BACKLOGS: what other organisations asked for
-- never null: cause
SELECT cause, peer, COUNT(*) AS n, COALESCE(SUM(counted), 0) AS total
FROM outbox WHERE cause IS NOT NULL GROUP BY cause, peer;

-- OUTBOX_PEERS: who is waited for, and how long.  The envelopes are not read.
SELECT queue.peer, queue.pending, outbox.created AS since
FROM (
	SELECT peer, COUNT(*) AS pending, MIN(seq) AS oldest
	FROM outbox GROUP BY peer
) AS queue JOIN outbox ON outbox.seq = queue.oldest ORDER BY queue.peer;

-- RECEIPT_PUT: a signed receipt
INSERT INTO receipt (peer, text, received) VALUES (:peer, :text, :received)
RETURNING seq;

-- RECEIPT_DELETE: a receipt that settled nothing
DELETE FROM receipt WHERE seq = :seq;

-- SENT_PUT: what became of a message
INSERT INTO sent
	(digest, id, peer, type, created, settled, outcome, reason, receipt)
VALUES (:digest, :id, :peer, :type, :created, :settled, :outcome, :reason,
	:receipt);

-- SENT_REFUSED: how many of our messages were refused
SELECT COUNT(*) AS n FROM sent WHERE outcome = 'refused';

-- SENT_LAST_REFUSAL: what was refused last
SELECT peer, type, reason, settled FROM sent
WHERE outcome = 'refused' ORDER BY settled DESC LIMIT 1;

-- INBOX_FIND: whether an envelope was here before
SELECT digest, outcome, reason FROM inbox WHERE id = :id;

-- INBOX_PUT: an envelope that is applied or refused now
INSERT INTO inbox (id, peer, type, digest, received, outcome, reason)
VALUES (:id, :peer, :type, :digest, :received, :outcome, :reason);

-- INBOX_ERASE: older than any envelope that we would still take
DELETE FROM inbox WHERE id IN (
	SELECT id FROM (
		SELECT id, received FROM inbox ORDER BY id LIMIT :limit
	) AS oldest WHERE received < :before);

-- SENT_ERASE: old enough to be forgotten
DELETE FROM sent WHERE seq IN (
	SELECT seq FROM (
		SELECT seq, settled FROM sent ORDER BY seq LIMIT :limit
	) AS oldest WHERE settled < :before);

-- RECEIPT_ERASE: receipts whose messages are forgotten
DELETE FROM receipt WHERE kept = 0 AND seq IN (
	SELECT seq FROM (
		SELECT seq, received FROM receipt WHERE kept = 0
		ORDER BY seq LIMIT :limit
	) AS oldest WHERE received < :before);

-- AUDIT_PUT: who touched whose data
-- marks: audit
INSERT INTO audit (at, actor, action, subject, basis, request)
VALUES (:at, :actor, :action, :subject, :basis, :request);

-- AUDIT_NEWEST: the entry that was written last
SELECT seq FROM audit ORDER BY seq DESC LIMIT 1;

-- AUDIT_LAST: the newest entry's time
SELECT at FROM audit ORDER BY seq DESC LIMIT 1;

-- WAYBILL_PUT: a waybill under which something came that is kept
INSERT INTO waybill (text, sealed, received)
VALUES (:text, :sealed, :received) RETURNING seq;

-- EVIDENCE_RECEIVED: an envelope that came
INSERT INTO evidence (exchange, envelope, sealed, waybill, entry, at)
VALUES (:exchange, :envelope, :sealed, :waybill, :entry, :at);

-- EVIDENCE_CAME: what came of an exchange, and is kept
SELECT envelope, sealed FROM evidence
WHERE exchange = :exchange AND waybill IS NOT NULL ORDER BY seq;

-- EVIDENCE_SENT: an envelope that left, and whose receipt has come
INSERT INTO evidence (exchange, envelope, sealed, receipt, entry, at)
VALUES (:exchange, :envelope, :sealed, :receipt, :entry, :at);

-- RECEIPT_KEEP: this receipt is evidence
UPDATE receipt SET kept = 1, text = :text, sealed = :sealed
WHERE seq = :seq;

-- EVIDENCE_CLEAR: envelopes of an earlier day, which are not sealed
-- row: clear
SELECT seq, envelope AS text FROM evidence
WHERE sealed = X'' ORDER BY seq LIMIT :limit;

-- WAYBILL_CLEAR: waybills
-- row: clear
SELECT seq, text FROM waybill WHERE sealed = X'' ORDER BY seq LIMIT :limit;

-- RECEIPT_CLEAR: receipts that are evidence
-- row: clear
SELECT seq, text FROM receipt
WHERE kept = 1 AND sealed = X'' ORDER BY seq LIMIT :limit;

-- EVIDENCE_SEAL: an envelope is sealed in place
UPDATE evidence SET envelope = '', sealed = :sealed WHERE seq = :seq;

-- WAYBILL_SEAL: a waybill
UPDATE waybill SET text = '', sealed = :sealed WHERE seq = :seq;

-- RECEIPT_SEAL: a receipt
UPDATE receipt SET text = '', sealed = :sealed WHERE seq = :seq;

-- EVIDENCE_ERASE: the time for which evidence is kept is over
DELETE FROM evidence WHERE seq IN (
	SELECT seq FROM (
		SELECT seq, at FROM evidence ORDER BY seq LIMIT :limit
	) AS oldest WHERE at < :before);

-- WAYBILL_ERASE: waybills of evidence that is erased
DELETE FROM waybill WHERE seq IN (
	SELECT seq FROM (
		SELECT seq, received FROM waybill ORDER BY seq LIMIT :limit
	) AS oldest WHERE received < :before);

-- RECEIPT_DROP: receipts of evidence that is erased
DELETE FROM receipt WHERE seq IN (
	SELECT seq FROM (
		SELECT seq, received FROM receipt ORDER BY seq LIMIT :limit
	) AS oldest WHERE received < :before);

-- PENDING_PUT: a request that waits for a second holder
INSERT INTO decision_pending (id, route, digest, duty, holder, at)
VALUES (:id, :route, :digest, :duty, :holder, :at);

-- PENDING_SAME: the same request of the same holder, which waits already
SELECT id, at FROM decision_pending
WHERE digest = :digest AND holder = :holder AND at > :at AND emergency = '';

-- PENDING_FIND: the request that waits under an id
SELECT id, route, digest, duty, holder, at, emergency FROM decision_pending
WHERE id = :id;

-- PENDING_DROP: it was done with a second holder, or withdrawn
DELETE FROM decision_pending WHERE id = :id;

-- PENDING_ACT: the first holder acted alone
UPDATE decision_pending SET emergency = :emergency, at = :at WHERE id = :id;

-- PENDING_LIST: the requests that wait, and those that were not to wait
SELECT id, route, duty, holder, at, emergency FROM decision_pending
WHERE at > :at OR emergency <> '' ORDER BY at, id LIMIT :limit;

-- PENDING_ERASE: the requests whose time is over
DELETE FROM decision_pending
WHERE (at < :before AND emergency = '') OR at < :shown_before;
