-- MIGRATIONS: how far each component has come
SELECT component, COUNT(*) AS applied, MAX(number) AS newest
FROM migration GROUP BY component ORDER BY component;

-- MIGRATION_PUT: one more is done
INSERT INTO migration (component, number, applied_at)
VALUES (:component, :number, :applied_at);
