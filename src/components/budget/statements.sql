-- DAYS: what was used lately
SELECT day, used, granted, asked, stopped FROM budget
WHERE organisation = :organisation AND kind = :kind AND subject = :subject
	AND day >= :day;

-- SINCE: how much was used since a day, of a budget about nobody
SELECT COALESCE(SUM(used + granted), 0) AS n FROM budget
WHERE organisation = :organisation AND kind = :kind AND subject = ''
	AND day >= :day;

-- ADD: so much today
INSERT INTO budget
	(organisation, kind, subject, day, used, granted, asked, stopped)
VALUES (:organisation, :kind, :subject, :day, :used, :granted, :asked,
	:stopped)
ON CONFLICT (organisation, kind, subject, day) DO UPDATE SET
	used = budget.used + excluded.used,
	granted = budget.granted + excluded.granted,
	asked = budget.asked + excluded.asked,
	stopped = budget.stopped + excluded.stopped;

-- OF_DAY: every budget that was used, without those about somebody
SELECT organisation, kind, used, granted, asked, stopped FROM budget
WHERE day = :day AND subject = ''
ORDER BY organisation, kind LIMIT :limit;

-- STOPPED: how many organisations are over a budget
SELECT COUNT(*) AS n FROM budget WHERE day = :day AND stopped > 0;

-- FORGET: days that need not be kept any longer
DELETE FROM budget WHERE day < :day;

-- GRANT_ADD: a grant
INSERT INTO budget_grant
	(organisation, kind, first, last, amount, origin, reason, officer, at)
VALUES (:organisation, :kind, :first, :last, :amount, :origin, :reason,
	:officer, :at);

-- GRANTS_OPEN: what is left of those of a day, the first to end first
SELECT seq, amount, amount - used AS rest FROM budget_grant
WHERE organisation = :organisation AND kind = :kind AND first <= :day
	AND last >= :day
ORDER BY last, seq;

-- GRANT_USE: a part of it
UPDATE budget_grant SET used = used + :used WHERE seq = :seq;

-- GRANTS_OF: how many of one origin an organisation was given since a day
SELECT COUNT(*) AS n FROM budget_grant
WHERE organisation = :organisation AND kind = :kind AND origin = :origin
	AND first >= :first;

-- GRANTS: all that have not ended, newest first
SELECT organisation, kind, first, last, amount, used, origin, reason, officer,
	at
FROM budget_grant WHERE last >= :last ORDER BY seq DESC LIMIT :limit;

-- SIZE: how many persons
SELECT persons FROM budget_size WHERE organisation = :organisation;

-- SIZE_ADD: more or fewer of them
INSERT INTO budget_size (organisation, persons)
VALUES (:organisation, :persons)
ON CONFLICT (organisation) DO UPDATE
SET persons = budget_size.persons + excluded.persons;
