-- PERSON_PUT: a person with a chosen number
INSERT INTO person (id, name, age, photo) VALUES (:id, :name, :age, :photo);

-- PERSON_NEW: a person whose number the database chooses
INSERT INTO person (name) VALUES (:name) RETURNING id;

-- PERSON_OFFER: a person, unless the name is taken
INSERT INTO person (id, name) VALUES (:id, :name)
ON CONFLICT (name) DO NOTHING;

-- PERSON_UPSERT: a person, or the age of the one of that name
INSERT INTO person (id, name, age) VALUES (:id, :name, :age)
ON CONFLICT (name) DO UPDATE SET age = excluded.age;

-- PERSON_GET: all about one
SELECT name, age, photo, state FROM person WHERE id = :id;

-- PERSON_AGE_ALL: a birthday for everybody over an age
UPDATE person SET age = age + :years WHERE age >= :from;

-- PERSON_DELETE: gone, with the notes
DELETE FROM person WHERE id = :id;

-- PERSON_COUNT: what kinds of number there are
SELECT COUNT(*) AS n, SUM(id) AS total, MAX(age) AS oldest,
	COALESCE(MIN(age), -1) AS youngest,
	EXISTS (SELECT 1 FROM person WHERE age > 100) AS has_old, 7 AS seven
FROM person;

-- PERSON_NAMES: in the order of their bytes
SELECT id, name FROM person ORDER BY name;

-- PERSON_LIKE: by pattern, case counts
SELECT id FROM person WHERE name LIKE :pattern ORDER BY id;

-- PERSON_BY_AGE: by age, or without one when asked for NULL
SELECT id FROM person
WHERE age = :age OR (age IS NULL AND CAST(:age AS INTEGER) IS NULL)
ORDER BY id;

-- PERSON_ALL: everybody, however many
-- marks: bulk
SELECT id, name, age FROM person WHERE id >= :from ORDER BY id;

-- NOTE_PUT: one more note
INSERT INTO note (person, seq, text) VALUES (:person, :seq, :text);

-- NOTE_COUNT: how many in all
SELECT COUNT(*) AS n FROM note;

-- PERSONAL_GET: a name, which is personal
-- marks: personal
SELECT name FROM person WHERE id = :id;

-- PERSONAL_PUT: a name, which is personal
-- marks: personal
UPDATE person SET name = :name WHERE id = :id;

-- AUDIT_PUT: what was done
-- marks: audit
INSERT INTO audit (action) VALUES (:action);

-- AUDIT_COUNT: how many entries
SELECT COUNT(*) AS n FROM audit;

-- PAIR_PUT: a blob that is compared with a literal
INSERT INTO pair (a) VALUES (:a)
RETURNING "integer" AS b, "integer" = x'00FF' AS same,
	':a -- "$1" INTEGER' AS literal;
