-- PUT: an account, or its new amount
INSERT INTO account (owner, number, amount) VALUES (:owner, :number, :amount)
ON CONFLICT (owner, number) DO UPDATE SET amount = excluded.amount;

-- MOVE: add to an account
UPDATE account SET amount = amount + :by
WHERE owner = :owner AND number = :number;

-- DELETE: no more account
DELETE FROM account WHERE owner = :owner AND number = :number;

-- ALL: every account in order
SELECT number, amount FROM account WHERE owner = :owner ORDER BY number;

-- TOTAL: all amounts
SELECT COALESCE(SUM(amount), 0) AS total, COUNT(*) AS n FROM account;
