-- NOTE_ADD: a side of an exchange that ended
INSERT INTO keeper_note (day, organisation, side, token, record)
VALUES (:day, :organisation, :side, :token, :record)
ON CONFLICT (day, organisation, side, token) DO NOTHING;

-- NOTE_FIND: one of them, and whether it has been sent
-- never null: sent
SELECT record, (SELECT COUNT(*) FROM keeper_sent
	WHERE (keeper_sent.day, keeper_sent.organisation, keeper_sent.side,
		keeper_sent.token) >= (keeper_note.day,
		keeper_note.organisation, keeper_note.side,
		keeper_note.token)) AS sent
FROM keeper_note
WHERE day = :day AND organisation = :organisation AND side = :side
	AND token = :token;

-- NOTES_DUE: those of days before, after the last one that was sent
SELECT day, organisation, side, token FROM keeper_note
WHERE (day, organisation, side, token) > (:day, :organisation, :side, :token)
	AND day < :before
ORDER BY day, organisation, side, token LIMIT :limit;

-- NOTES_OLDEST: a group of the oldest day
SELECT day, organisation, side FROM keeper_note WHERE day < :before
ORDER BY day, organisation, side LIMIT 1;

-- NOTES_FORGET: nobody asks about them any more
DELETE FROM keeper_note
WHERE day = :day AND organisation = :organisation AND side = :side;

-- SENT: the last one that was
SELECT day, organisation, side, token FROM keeper_sent;

-- SENT_PUT: it is sent with this turn
INSERT INTO keeper_sent (one, day, organisation, side, token)
VALUES (1, :day, :organisation, :side, :token)
ON CONFLICT (one) DO UPDATE SET day = excluded.day,
	organisation = excluded.organisation, side = excluded.side,
	token = excluded.token;

-- DISCREPANCY_ADD: an alarm of the keeper; one that was settled is open again
INSERT INTO keeper_discrepancy
	(organisation, side, token, ours, day, record, since)
VALUES (:organisation, :side, :token, :ours, :day, :record, :since)
ON CONFLICT (organisation, side, token) DO UPDATE SET state = 'open';

-- DISCREPANCY_SETTLE: the other record has come
UPDATE keeper_discrepancy SET state = 'settled'
WHERE organisation = :organisation AND side = :side AND token = :token;

-- UNSETTLED: those that are not settled, the oldest first
SELECT seq, organisation, side, token, ours, day, record, since, cause, reason,
	officer
FROM keeper_discrepancy WHERE seq > :after AND state <> 'settled'
ORDER BY seq LIMIT :limit;

-- DISCREPANCY_EXPLAIN: an officer has looked
-- never null: explained
UPDATE keeper_discrepancy SET state = 'explained', cause = :cause,
	reason = :reason, officer = :officer, explained = :explained
WHERE organisation = :organisation AND side = :side AND token = :token
	AND state <> 'settled';

-- DISCREPANCIES_OPEN: how many nobody has explained
SELECT COUNT(*) AS n FROM keeper_discrepancy WHERE state = 'open';

-- DISCREPANCIES_ERASE: the seven years are over
DELETE FROM keeper_discrepancy WHERE day < :day;

-- TOKEN_MATCH: both have reported it
DELETE FROM keeper_token
WHERE organisation = :organisation AND side = :side AND token = :token
	AND reporter <> :reporter
RETURNING day, level;

-- TOKEN_ADD: one of both has; nothing happens if it has said so before
INSERT INTO keeper_token
	(organisation, side, token, reporter, day, arrived, level)
VALUES (:organisation, :side, :token, :reporter, :day, :arrived, '')
ON CONFLICT (organisation, side, token) DO NOTHING;

-- TOKENS_OF: how many tokens of one of both are open, up to a bound
SELECT COUNT(*) AS n FROM (SELECT token FROM keeper_token
	WHERE organisation = :organisation AND side = :side
		AND reporter = :reporter LIMIT :limit) AS theirs;

-- TOKENS_DUE: those that are at a level since a day
SELECT organisation, side, day, token, reporter FROM keeper_token
WHERE level = :level AND arrived <= :arrived
ORDER BY organisation, side, day, token LIMIT :limit;

-- TOKEN_LEVEL: it goes on to the next level
UPDATE keeper_token SET level = :level
WHERE organisation = :organisation AND side = :side AND token = :token;

-- TOKEN_RELAY_SAYS: an officer of the organisation has looked
-- row: explained
UPDATE keeper_token SET relay_says = :cause
WHERE organisation = :organisation AND side = :side AND token = :token
	AND level = 'alarm'
RETURNING day;

-- TOKEN_NETWORK_SAYS: one of the network has
-- row: explained
UPDATE keeper_token SET network_says = :cause
WHERE organisation = :organisation AND side = :side AND token = :token
	AND level = 'alarm'
RETURNING day;

-- ALARMS: how many an organisation has of some days
SELECT COUNT(*) AS n FROM keeper_token
WHERE organisation = :organisation AND level = 'alarm' AND day >= :first
	AND day <= :last;

-- ALARMS_EXPLAINED: how many of them both have explained
SELECT COUNT(*) AS n FROM keeper_token
WHERE organisation = :organisation AND level = 'alarm' AND day >= :first
	AND day <= :last AND relay_says <> '' AND network_says <> '';

-- TOKENS_ERASE: the seven years are over
DELETE FROM keeper_token WHERE day < :day;

-- COUNT_ADD: so many more
INSERT INTO keeper_count (organisation, side, day, relay, network, matched)
VALUES (:organisation, :side, :day, :relay, :network, :matched)
ON CONFLICT (organisation, side, day) DO UPDATE SET
	relay = keeper_count.relay + excluded.relay,
	network = keeper_count.network + excluded.network,
	matched = keeper_count.matched + excluded.matched;

-- COUNTS: the newest days
SELECT organisation, side, day, relay, network, matched FROM keeper_count
WHERE day <= :day ORDER BY day DESC, organisation, side LIMIT :limit;

-- COUNTS_ERASE: the seven years are over
DELETE FROM keeper_count WHERE day < :day;

-- WORK: today's number
SELECT number, day FROM keeper_work;

-- WORK_PUT: another day has begun
INSERT INTO keeper_work (one, number, day) VALUES (1, :number, :day)
ON CONFLICT (one) DO UPDATE SET number = excluded.number, day = excluded.day;
