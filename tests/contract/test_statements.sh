#!/bin/sh
# test_statements.sh TOOL: what tools/statements refuses, and where it says so.
set -u
tool=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0

schema() {
	printf '%s\n' '-- migration 1: one' \
	    'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT;' >schema.sql
}

run() {
	"$tool" --name it --first 0 --out out --rows rows statements.sql \
	    schema.sql >log 2>&1
}

# refuses CLAIM PLACE-AND-WORDS: statements.sql from standard input.
refuses() {
	cat >statements.sql
	rm -f out.c out.h rows.c rows.h
	run
	status=$?
	if [ "$status" -eq 0 ]; then
		echo "not refused: $1"
	elif [ "$status" -ne 1 ]; then
		echo "$1: the tool ended with $status"
	elif ! grep -q -e "$2" log; then
		echo "$1: expected '$2', got:"
		cat log
	elif [ -e out.c ] || [ -e out.h ] || [ -e rows.c ] || [ -e rows.h ]; then
		echo "$1: files were written all the same"
	else
		return
	fi
	failures=$((failures + 1))
}

expects() {
	if ! grep -qF -e "$2" "$1"; then
		echo "$1 lacks: $2"
		failures=$((failures + 1))
	fi
}

schema
refuses 'an unknown column' '^statements.sql:4: error: no such column: c' <<'END'

-- GET: a value
SELECT a,
	c FROM t;
END
refuses 'an unknown table' '^statements.sql:2: error: no such table: u' <<'END'
-- GET: a value
SELECT a FROM u;
END
refuses 'bad syntax' '^statements.sql:2: error: .*syntax error' <<'END'
-- GET: a value
SELECT a FRM t;
END
refuses 'a string left open' '^statements.sql:2: error: not portable' <<'END'
-- GET: a value
SELECT a FROM t WHERE b = 'x;
END
refuses 'two statements in one' '^statements.sql:2: error: GET: a second' <<'END'
-- GET: a value
SELECT a FROM t; SELECT b FROM t;
END
refuses 'an empty statement' '^statements.sql:1: error: GET: expected' <<'END'
-- GET: a value
END
refuses 'a name twice' '^statements.sql:3: error: there is a GET' <<'END'
-- GET: a value
SELECT a FROM t;
-- GET: another
SELECT b FROM t;
END
refuses 'a parameter without a name' '^statements.sql:2: error: not port' <<'END'
-- GET: a value
SELECT a FROM t WHERE a = ?;
END
refuses 'a column without a name' '^statements.sql:1: error: .*needs a name' <<'END'
-- GET: a value
SELECT count(*) FROM t;
END
refuses 'two columns of one name' '^statements.sql:1: error: .*two columns' <<'END'
-- GET: a value
SELECT a, b AS a FROM t;
END
refuses 'INSERT OR IGNORE' '^statements.sql:2: error: write ON CONFLICT' <<'END'
-- PUT: a value
INSERT OR IGNORE INTO t (b) VALUES (:b);
END
refuses 'an unknown mark' '^statements.sql:2: error: unknown mark: secret' <<'END'
-- GET: a value
-- marks: personal, secret
SELECT a FROM t;
END
refuses 'an audit that reads' '^statements.sql:1: error: .*writes nothing' <<'END'
-- GET: a value
-- marks: audit
SELECT a FROM t;
END
refuses 'a bulk write' '^statements.sql:1: error: .*can be bulk' <<'END'
-- PUT: a value
-- marks: bulk
DELETE FROM t;
END
refuses 'SQL before a heading' '^statements.sql:1: error: SQL before' <<'END'
SELECT a FROM t;
END
refuses 'a pragma' '^statements.sql:2: error: GET: expected SELECT' <<'END'
-- GET: a value
PRAGMA user_version;
END
refuses 'a string in double quotes' '^statements.sql:2: error: no such col' <<'END'
-- GET: a value
SELECT a FROM t WHERE b = "text";
END

refuses 'a parameter of no known type' '^statements.sql:1: error: GET: .*write `-- type integer: wanted`' <<'END'
-- GET: a value
SELECT a FROM t WHERE a + :wanted = 1;
END
refuses 'a parameter of two types' '^statements.sql:1: error: GET: .* x is compared with INTEGER and TEXT' <<'END'
-- GET: a value
SELECT a FROM t WHERE a = :x OR b = :x;
END
refuses 'a row that is another row too' '^statements.sql:4: error: ALL: its row differs from that of GET' <<'END'
-- GET: a value
-- row: t
SELECT a FROM t WHERE a = :a;
-- ALL: values
-- row: t
SELECT a, b FROM t;
END
refuses 'parameters that are others too' '^statements.sql:4: error: PUT: its parameters differ from those of GET' <<'END'
-- GET: a value
-- params: t
SELECT a FROM t WHERE a = :a AND b = :b;
-- PUT: a value
-- params: t
UPDATE t SET b = :b WHERE a = :a;
END
refuses 'two names for a row' '^statements.sql:2: error: expected one `-- row: name`' <<'END'
-- GET: a value
-- row: t, u
SELECT a FROM t;
END
refuses 'a note about a name that is not there' '^statements.sql:2: error: GET: no parameter or column is called c' <<'END'
-- GET: a value
-- never null: b, c
SELECT b FROM t;
END
refuses 'a note without a comma' '^statements.sql:2: error: expected a comma' <<'END'
-- GET: a value
-- may be null: a b
SELECT a, b FROM t;
END
refuses 'a parameter that C cannot have' '^statements.sql:1: error: GET: a parameter of C cannot be called store' <<'END'
-- GET: a value
SELECT a FROM t WHERE b = :store;
END
refuses 'a column that C cannot have' '^statements.sql:1: error: GET: a member in C cannot be called int' <<'END'
-- GET: a value
SELECT a AS int FROM t;
END

cat >statements.sql <<'END'
-- GET: a value
SELECT a FROM t;
END
good=$(cat statements.sql)
bad_schema() {
	cat >schema.sql
	printf '%s\n' "$good" | refuses "$1" "$2"
}
bad_schema 'a table that is not strict' 'error: table t is not STRICT' <<'END'
-- migration 1: one
CREATE TABLE t (a INTEGER);
END
bad_schema 'a foreign type' 'error: t.a: the type REAL' <<'END'
-- migration 1: one
CREATE TABLE t (a REAL) STRICT;
END
bad_schema 'a gap in the migrations' '^schema.sql:3: error: migration 2 is next' <<'END'
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
-- migration 3: three
END
bad_schema 'a broken migration' '^schema.sql:4: error: .*syntax error' <<'END'
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
CREATE TABLE u (
	b TEXT,, c TEXT) STRICT;
END
bad_schema 'a trigger' 'triggers are not portable' <<'END'
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM t; END;
END

bad_schema 'an unknown type' '^schema.sql:1: error: the type instnat is unknown' <<'END'
-- type instnat: a
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
END
bad_schema 'a type line without columns' '^schema.sql:1: error: expected a name' <<'END'
-- type instant:
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
END
bad_schema 'a type of a column that is not there' '^schema.sql:1: error: no column, parameter or result is called c' <<'END'
-- type instant: a, c
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
END
bad_schema 'a type that is stored otherwise' '^schema.sql:1: error: t.a is INTEGER, which no linkage_code is' <<'END'
-- type linkage_code: a
-- migration 1: one
CREATE TABLE t (a INTEGER) STRICT;
END

# The files that it does write.
cat >schema.sql <<'END'
-- migration 1: one
CREATE TABLE t (
	a INTEGER PRIMARY KEY, -- INTEGER in a comment
	text TEXT NOT NULL DEFAULT 'BLOB STRICT',
	b BLOB CHECK (length(b) > 1 AND text IS NOT NULL),
	c TEXT CHECK (c IN ('x', 'y, ''z',
		'') AND c NOT IN ('p', 'q', 'r')),
	d INTEGER CHECK (d IN (0, 1) AND d IN (0, 1, 2))
) STRICT;
CREATE TABLE u (k TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
END
cat >statements.sql <<'END'
-- GET: a value
-- marks: personal bulk
SELECT a, CAST(text AS INTEGER) AS n FROM t
WHERE text = :x AND b <> x'0aFF' AND a > :y AND text <> ':x' OR text = :x;
-- ALL: everything
SELECT * FROM u;
END
run || { cat log; exit 1; }
expects log 'statements.sql:6: warning: ALL: name the columns'
expects out.h 'IT_GET = 0,'
expects out.h 'IT_STATEMENTS_END'
expects out.c 'CAST(text AS BIGINT) AS n'
expects out.c "WHERE text = \$1 AND b <> '\\\\x0aFF'::bytea AND a > \$2"
expects out.c "text <> ':x' OR text = \$1\""
expects out.c 'a BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,'
expects out.c "text TEXT COLLATE \\\"C\\\" NOT NULL DEFAULT 'BLOB STRICT',"
expects out.c 'b BYTEA CHECK (length(b) > 1 AND text IS NOT NULL)'
expects out.c ') STRICT, WITHOUT ROWID;'
expects out.c "c TEXT CHECK ((c = 'x' OR c = 'y, ''z' OR c = '') AND"
expects out.c "c NOT IN ('p', 'q', 'r')),"
expects out.c 'd INTEGER CHECK (d IN (0, 1) AND (d = 0 OR d = 1 OR d = 2))'
expects out.c "c TEXT COLLATE \\\"C\\\" CHECK (c IN ('x', 'y, ''z',"
expects out.c 'PRIMARY KEY);'
expects out.c '0 | STATEMENT_PERSONAL | STATEMENT_BULK'
if grep -q 'NOT =' out.c; then
	echo 'a NOT IN became a chain of OR'
	failures=$((failures + 1))
fi
if grep -q comment out.c; then
	echo 'a comment was kept'
	failures=$((failures + 1))
fi

[ "$failures" = 0 ] && echo 'all as claimed'
exit "$failures"
