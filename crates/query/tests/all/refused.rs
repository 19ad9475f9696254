//! What no query may say, each with its place.

use query::{Fault, Source};

use crate::town::{MIB, engine, many};

const NO_SELECT: &str = "a query is one SELECT and nothing else";

/// Queries that do something else than select.
const DOING: &[&str] = &[
    "CREATE TABLE t (a INT)",
    "CREATE VIEW v AS SELECT 1 AS a",
    "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/'",
    "DROP TABLE many",
    "INSERT INTO many SELECT * FROM many",
    "DELETE FROM many",
    "UPDATE many SET number = 1",
    "COPY many TO '/many.parquet'",
    "SET datafusion.execution.batch_size = 1",
    "EXPLAIN SELECT * FROM many",
    "SHOW TABLES",
    "DESCRIBE many",
    "PREPARE p AS SELECT 1 AS a",
    "SELECT 1 AS a; SELECT 2 AS a",
    "",
];

/// Queries with what is said to their authors.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "SELECT number INTO t FROM many",
        &["line 1, column 15: a query is one SELECT and nothing else"],
    ),
    (
        "SELECT number\nFROM many WHERE number > random()",
        &["line 2, column 26: `random` gives UNSTEADY", "line 2, column 26: `random()` is FLOAT"],
    ),
    ("SELECT now() AS a FROM many", &["line 1, column 8: `now` gives UNSTEADY"]),
    ("SELECT current_date AS a FROM many", &["line 1, column 8: `current_date` gives UNSTEADY"]),
    ("SELECT current_time AS a FROM many", &["line 1, column 8: `current_time` gives UNSTEADY"]),
    ("SELECT uuid() AS a FROM many", &["line 1, column 8: `uuid` gives UNSTEADY"]),
    (
        "SELECT number FROM many\nWHERE number IN \
         (SELECT number FROM many WHERE current_timestamp IS NULL)",
        &["line 2, column 48: `now` gives UNSTEADY"],
    ),
    ("SELECT avg(number) AS a FROM many", &["line 1, column 8: `avg(many.number)` is FLOAT"]),
    (
        "SELECT number FROM many WHERE CAST(number AS DOUBLE) > 3",
        &["line 1, column 31: `CAST(many.number AS Float64)` is FLOAT"],
    ),
    (
        "SELECT number FROM many WHERE sqrt(number) > 3",
        &["line 1, column 31: `sqrt(many.number)` is FLOAT"],
    ),
    (
        "SELECT approx_distinct(number) AS a FROM many",
        &["line 1, column 8: `approx_distinct` estimates; count exactly instead"],
    ),
    ("SELECT array_agg(number) AS a FROM many", &["line 1, column 8: `array_agg` UNORDERED"]),
    ("SELECT first_value(number) AS a FROM many", &["line 1, column 8: `first_value` UNORDERED"]),
    (
        "SELECT row_number() OVER (PARTITION BY key) AS a FROM many",
        &["line 1, column 8: `row_number` UNORDERED"],
    ),
    (
        "SELECT lag(number) OVER (PARTITION BY key) AS a FROM many",
        &["line 1, column 8: `lag` UNORDERED"],
    ),
    (
        "SELECT array_agg(number ORDER BY key) AS a FROM many",
        &["line 1, column 8: `array_agg` TIES with `many.number`"],
    ),
    (
        "SELECT lag(number) OVER (PARTITION BY key ORDER BY number) AS a FROM many",
        &["line 1, column 8: `lag` TIES with `intake_number`"],
    ),
    (
        "SELECT sum(number) OVER (ORDER BY key ROWS 3 PRECEDING) AS a FROM many",
        &["line 1, column 8: `sum` TIES with `intake_number`"],
    ),
    ("SELECT number FROM many ORDER BY number LIMIT 3", &["line 1, column 41: SOME"]),
    ("SELECT number FROM many OFFSET 3", &["line 1, column 25: SOME"]),
    ("SELECT DISTINCT ON (key) number FROM many", &["line 1, column 8: SOME"]),
    (
        "WITH RECURSIVE up AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM up WHERE a < 9)\n\
         SELECT a FROM up",
        &["line 1, column 6: a query cannot call itself; use a window"],
    ),
    ("SELECT number FROM many WHERE number > $1", &["`$1` has no value; use a table of figures"]),
    (
        "SELECT a.number, b.number FROM many a JOIN many b ON a.key = b.key",
        &["line 1, column 10: two columns of the answer are called `number`; rename one with AS"],
    ),
    ("SELECT * FROM '/etc/passwd'", &["table `/etc/passwd` not found"]),
    (
        "SELECT * FROM 'https://example.org/a.parquet'",
        &["table `https://example.org/a.parquet` not found"],
    ),
    ("SELECT * FROM read_parquet('/a.parquet')", &["table function `read_parquet` not found"]),
    (
        "SELECT * FROM information_schema.tables",
        &["line 1, column 15: table `datafusion.information_schema.tables` not found"],
    ),
    ("SELECT * FROM less", &["line 1, column 15: table `less` not found"]),
    (
        "SELECT number,\n  amount\nFROM many",
        &["line 2, column 3: there is no column `amount`; there are `many.key`, `many.number`, \
            `many.text`"],
    ),
    ("SELECT number FROM many WHERE", &["expected: an expression, found: EOF"]),
    ("SELECT digest(number) AS a FROM many", &["line 1, column 8: invalid function `digest`"]),
    (
        "SELECT number FROM many WHERE number > 'x' AND key + 1",
        &["cannot coerce arithmetic expression Binary + Int64 to valid types"],
    ),
];

fn whole(says: &str) -> String {
    says.replace("UNSTEADY", "something else each time; compare with a column of the rows instead")
        .replace(
            "FLOAT",
            "a float, whose sums depend on the order of rows; use whole numbers or CAST(… AS \
         DECIMAL(38, 0))",
        )
        .replace("UNORDERED", "depends on the order of rows; give it an ORDER BY")
        .replace("TIES", "is told an order in which rows can tie; end its ORDER BY")
        .replace("SOME", "LIMIT, OFFSET and DISTINCT ON leave rows out; use a window")
}

#[test]
fn each_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let sources = [Source::shape("many", many(1, 1).schema())];
    let said = |sql: &str| match engine.check(sql, &sources) {
        Err(Fault::Query(wrongs)) => wrongs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        other => panic!("{sql}: {other:?}"),
    };
    for sql in DOING {
        assert_eq!(said(sql), [NO_SELECT], "{sql}");
    }
    for (sql, says) in REFUSED {
        assert_eq!(said(sql), says.iter().map(|own| whole(own)).collect::<Vec<_>>(), "{sql}");
    }
}

/// What looks like that and is right.
#[test]
fn what_is_told_its_order_passes() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let sources = [Source::shape("many", many(1, 1).schema())];
    for sql in [
        "SELECT array_agg(number ORDER BY key, number) AS a FROM many",
        "SELECT sum(number) OVER (PARTITION BY key) AS a FROM many",
        "SELECT sum(number) OVER (PARTITION BY key ORDER BY number) AS a FROM many",
        "SELECT rank() OVER (PARTITION BY key ORDER BY number) AS a FROM many",
        "SELECT lag(a) OVER (ORDER BY a, intake_number) AS a \
         FROM (SELECT number AS a, number AS intake_number FROM many) AS own",
        "SELECT CAST(number AS DECIMAL(38, 0)) * 0.5 AS a FROM many WHERE number > 1.5",
    ] {
        assert!(engine.check(sql, &sources).is_ok(), "{sql}: {:?}", engine.check(sql, &sources));
    }
}

#[tokio::test]
async fn what_is_refused_does_not_run_either() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let fault = engine.run("DROP TABLE many", vec![many(1, 1)], &[]).await.unwrap_err();
    assert_eq!(fault.to_string(), NO_SELECT);
}
