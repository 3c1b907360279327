-- MIGRATIONS: how far each component has come
SELECT component, COUNT(*) AS applied, MAX(number) AS newest
FROM migration GROUP BY component ORDER BY component;

-- MIGRATION_PUT: one more is done
INSERT INTO migration (component, number, applied_at)
VALUES (:component, :number, :applied_at);

-- MIGRATION_COUNT: how many were done
SELECT COUNT(*) AS n FROM migration;

-- ROW_SUMS: what is known of protected tables
SELECT name, migrations, sum FROM row_sum;

-- ROW_SUM_DROP: the table's rows do not fit it
DELETE FROM row_sum WHERE name = :name;

-- ROW_SUM_PUT: a table has changed
INSERT INTO row_sum (name, migrations, sum) VALUES (:name, :migrations, :sum)
ON CONFLICT (name) DO UPDATE SET migrations = excluded.migrations,
	sum = excluded.sum;
