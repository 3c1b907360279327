-- NOTE_PUT: a note of our own
-- marks: personal
INSERT INTO note (id, text) VALUES (:id, :text);

-- HEARD_PUT: a note that another told us; twice would be seen
INSERT INTO heard (id, text) VALUES (:id, :text);

-- NOTE_ALL: our own
-- marks: personal
SELECT id, text FROM note ORDER BY seq;

-- NOTES: how many of our own
SELECT COUNT(*) AS n FROM note;

-- HEARD: how many were told, and how many different ones
SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS different FROM heard;

-- HEARD_FIND: whether a note was told
SELECT text FROM heard WHERE id = :id;

-- HEARD_SILENT: how many of them say nothing
SELECT COUNT(*) AS n FROM heard WHERE text = '';

-- HEARD_DOUBLE: as many again
INSERT INTO heard (id, text) SELECT id, text FROM heard;

-- OUTBOX: messages that wait
SELECT COUNT(*) AS n FROM outbox;

-- NEWEST_ENTRY: the newest entry of the audit
SELECT actor, action, subject, basis FROM audit ORDER BY seq DESC LIMIT 1;

-- RECEIPTS: how many are kept
-- never null: n
SELECT COUNT(*) AS n FROM receipt;

-- AUDITS: how many entries
SELECT COUNT(*) AS n FROM audit;
