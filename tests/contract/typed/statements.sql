-- MEMBER_ADD: every type there is
INSERT INTO member (internal, name, alias, photo, age, born, departed, hidden,
	shown, at, until, code, number, linkage, secret, ticket)
VALUES (:internal, :name, :alias, :photo, :age, :born, :departed, :hidden,
	:shown, :at, :until, :code, :number, :linkage, :secret, :ticket);

-- MEMBER_GET: one of them
-- row: member
SELECT name, alias, photo, age, born, departed, hidden, shown, at, until, code,
	number, linkage, secret, ticket
FROM member WHERE internal = :internal;

-- MEMBERS: all from one on
-- row: member
SELECT name, alias, photo, age, born, departed, hidden, shown, at, until, code,
	number, linkage, secret, ticket
FROM member WHERE internal >= :from ORDER BY internal;

-- MEMBER_END: until then; or no longer
UPDATE member SET until = :until, alias = :alias, ticket = :ticket
WHERE internal = :internal;

-- MEMBER_END_NOW: a value always
-- never null: until
UPDATE member SET until = :until WHERE internal = :internal;

-- MEMBERS_OLDER: a birthday
UPDATE member SET age = age + :years WHERE at < :before AND hidden = :hidden;

-- MEMBER_FIGURES: expressions
-- may be null: oldest, at
SELECT COUNT(*) AS n, MAX(age) AS oldest, MAX(at) AS at, 'a' AS word
FROM member;

-- MEMBER_SPOIL: what no code of ours is
UPDATE member SET linkage = x'00' WHERE internal = :internal;

-- MEMBER_TELL: a name, which is personal
-- marks: personal
SELECT name FROM member WHERE internal = :internal;

-- ENTRY_NEW: the audit entry for that
-- marks: audit
INSERT INTO entry (number, at) VALUES (:number, :at) RETURNING seq, number;

-- ENTRY_BY_SEQ: one of a number
-- params: entry
SELECT at FROM entry WHERE number = :number AND seq = :seq;

-- ENTRY_DROP: it goes
-- params: entry
DELETE FROM entry WHERE number = :number AND seq = :seq;

-- ENTRY_COUNT: how many
SELECT COUNT(*) AS n FROM entry WHERE number = :number;
