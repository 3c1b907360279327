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

-- REPLICA_NEWEST: the newest version of an item
-- marks: personal
SELECT version, contents FROM replica
WHERE internal = :internal AND item = :item
ORDER BY version DESC LIMIT 1;

-- INQUIRY_ADD: a question of ours
-- marks: personal
INSERT INTO inquiry (inquiry, internal, affair, item, provider, unit,
	requested, state)
VALUES (:inquiry, :internal, :affair, :item, :provider, :unit, :requested,
	'asked')
ON CONFLICT (inquiry) DO NOTHING;

-- INQUIRY_FIND: one of them
-- marks: personal
SELECT internal, affair, item, provider, permit, state, outcome FROM inquiry
WHERE inquiry = :inquiry;

-- INQUIRY_PERMIT: the permit's number, and until when it works
UPDATE inquiry SET permit = :permit, expires = :expires,
	state = CASE WHEN state = 'asked' THEN 'permitted' ELSE state END
WHERE inquiry = :inquiry;

-- INQUIRY_ANSWER: what came of it
UPDATE inquiry SET state = 'answered', outcome = :outcome, reason = :reason,
	article = :article, permit = :permit, answered = :answered
WHERE inquiry = :inquiry;

-- INQUIRY_EXPIRED: permitted, and the permit is over since
SELECT inquiry, permit FROM inquiry
WHERE state = 'permitted' AND expires < :before LIMIT :limit;

-- INQUIRY_RECORDS: the records of one person, as inquirer
-- marks: personal
SELECT inquiry, affair, item, provider, unit, requested, outcome, reason,
	article, answered
FROM inquiry WHERE internal = :internal
ORDER BY requested DESC, inquiry LIMIT :limit;

-- INQUIRY_ERASE: the seven years are over
DELETE FROM inquiry WHERE requested < :before;

-- PROVISION_FIND: whether the permit was used
SELECT outcome FROM provision WHERE permit = :permit;

-- PROVISION_ADD: it is used now
-- marks: personal
INSERT INTO provision (permit, inquiry, internal, affair, item, article,
	inquirer, unit, requested, outcome, answered)
VALUES (:permit, :inquiry, :internal, :affair, :item, :article, :inquirer,
	:unit, :requested, :outcome, :answered);

-- PROVISION_RECORDS: the records of one person, as provider
-- marks: personal
SELECT inquiry, affair, item, inquirer, unit, requested, outcome, article,
	answered
FROM provision WHERE internal = :internal
ORDER BY requested DESC, permit LIMIT :limit;

-- PROVISION_ERASE: the seven years are over
DELETE FROM provision WHERE requested < :before;

-- COUNT_LINKED: persons with a code
SELECT COUNT(*) AS linked FROM linkage;

-- COUNT_PENDING: acquisitions of which one half is here
SELECT COUNT(*) AS pending FROM acquisition;

-- COUNT_REPLICAS: all versions
SELECT COUNT(*) AS replicas FROM replica;

-- COUNT_INQUIRIES: ours, and those without an answer
SELECT COUNT(*) AS inquiries,
	COUNT(CASE WHEN state <> 'answered' THEN 1 END) AS waiting
FROM inquiry;

-- COUNT_PROVISIONS: what others asked
SELECT COUNT(*) AS provisions FROM provision;
