-- ENTRIES_AFTER: entries that the ledger does not have yet
-- row: entry
SELECT seq, at, actor, action, subject, basis, request FROM audit
WHERE seq > :after ORDER BY seq LIMIT :limit;

-- ENTRY_FIND: one entry, to prove it
-- marks: personal
-- row: entry
SELECT seq, at, actor, action, subject, basis, request FROM audit
WHERE seq = :seq;

-- ENTRY_COUNT: how many entries there are up to one
SELECT COUNT(*) AS n FROM audit WHERE seq <= :last;

-- ENTRY_AGE: when the newest of these entries was made
-- may be null: at
SELECT MAX(at) AS at FROM audit WHERE seq <= :last;

-- ENTRIES_ERASE: entries that need not be kept any longer
DELETE FROM audit WHERE seq <= :last;

-- ENTRY_NEWEST: the newest entry; 0: none
SELECT COALESCE(MAX(seq), 0) AS seq FROM audit;

-- STATE_LAST: the newest entry about the state of the rows up to one
SELECT seq, subject, basis FROM audit
WHERE action = 'rows.state' AND seq <= :last
ORDER BY seq DESC LIMIT 1;

-- MISFIT_COUNT: starts at which rows did not fit
SELECT COUNT(*) AS n FROM audit WHERE action = 'rows.misfit';

-- STATE_PUT: another state
INSERT INTO audit (at, actor, action, subject, basis, request)
VALUES (:at, :actor, 'rows.state', :subject, :basis, :request);

-- HEAD: the ledger's size and checkpoint
SELECT size, last_seq, note FROM ledger_head WHERE name = :name;

-- HEAD_PUT: a new checkpoint
INSERT INTO ledger_head (name, size, last_seq, note)
VALUES (:name, :size, :last_seq, :note)
ON CONFLICT (name) DO UPDATE SET size = excluded.size,
	last_seq = excluded.last_seq, note = excluded.note;

-- TILE: the hashes of a tile
SELECT hashes FROM ledger_tile WHERE level = :level AND number = :number;

-- TILE_PUT: a tile that has grown
INSERT INTO ledger_tile (level, number, hashes)
VALUES (:level, :number, :hashes)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes;

-- PAGE: what a tile's leaves stand for
SELECT first_seq, seqs, secret FROM ledger_page WHERE number = :number;

-- PAGE_OF: the page that an entry would be on
SELECT number, seqs, secret FROM ledger_page
WHERE first_seq <= :seq ORDER BY first_seq DESC LIMIT 1;

-- PAGE_PUT: a page that has grown
INSERT INTO ledger_page (number, first_seq, seqs, secret)
VALUES (:number, :first_seq, :seqs, :secret)
ON CONFLICT (number) DO UPDATE SET seqs = excluded.seqs;

-- PAGE_OLDEST: the first page whose entries are still there
SELECT number, seqs FROM ledger_page WHERE secret IS NOT NULL
ORDER BY number LIMIT 1;

-- PAGE_ERASE: its entries are erased: nobody tries them out
UPDATE ledger_page SET secret = NULL WHERE number = :number;

-- WITNESSED: what we have cosigned of a log
SELECT size, root, note, contradiction FROM ledger_witnessed WHERE origin = :origin;

-- WITNESSED_PUT: a checkpoint that we cosign
INSERT INTO ledger_witnessed (origin, size, root, note)
VALUES (:origin, :size, :root, :note)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size,
	root = excluded.root, note = excluded.note;

-- CONTRADICTED: a checkpoint that does not continue what we cosigned
-- never null: note
UPDATE ledger_witnessed SET contradiction = :note
WHERE origin = :origin AND contradiction IS NULL;

-- CONTRADICTIONS: of whose logs two histories were seen
SELECT origin, note, contradiction FROM ledger_witnessed
WHERE contradiction IS NOT NULL ORDER BY origin;

-- COSIGNATURE_PUT: a witness of ours has signed a head
INSERT INTO ledger_cosignature (witness, size, note, line)
VALUES (:witness, :size, :note, :line)
ON CONFLICT (witness, size) DO UPDATE SET note = excluded.note,
	line = excluded.line;

-- COSIGNATURE_LAST: the entries that a witness has signed; 0: none
SELECT COALESCE(MAX(size), 0) AS size FROM ledger_cosignature
WHERE witness = :witness;

-- COSIGNATURES: who has signed the same head
SELECT witness, line FROM ledger_cosignature
WHERE size = :size AND note = :note ORDER BY witness;

-- COSIGNATURES_FORGET: all but the newest of a witness
DELETE FROM ledger_cosignature WHERE witness = :witness AND size NOT IN (
	SELECT c.size FROM ledger_cosignature AS c
	WHERE c.witness = :witness ORDER BY c.size DESC LIMIT :limit);

-- CLAIM_PUT: a witness shows one; nothing happens if it is known
INSERT INTO ledger_claim (size, root, note, witness, at)
VALUES (:size, :root, :note, :witness, :at)
ON CONFLICT (size, root) DO NOTHING;

-- CLAIMS_OPEN: those that no officer has decided about
SELECT COUNT(*) AS n FROM ledger_claim WHERE adopted IS NULL;

-- CLAIMS_ADOPT: an officer lets the system work all the same
-- never null: adopted
UPDATE ledger_claim SET adopted = :adopted WHERE adopted IS NULL;

-- PEER_JWKS: the keys of one peer, newest first
SELECT jwk FROM peer_key WHERE peer = :peer ORDER BY since DESC;

-- OUTBOX_COUNT: messages of one type that wait for one peer
SELECT COUNT(*) AS n FROM outbox WHERE peer = :peer AND type = :type;

-- EVIDENCE_OF: all that is kept of an exchange, as it came and went
-- marks: personal
-- may be null: waybill, sealed_waybill, receipt, sealed_receipt
SELECT evidence.envelope, evidence.sealed, evidence.entry,
	waybill.text AS waybill, waybill.sealed AS sealed_waybill,
	receipt.text AS receipt, receipt.sealed AS sealed_receipt
FROM evidence
LEFT JOIN waybill ON waybill.seq = evidence.waybill
LEFT JOIN receipt ON receipt.seq = evidence.receipt
WHERE evidence.exchange = :exchange ORDER BY evidence.entry, evidence.seq;
