"""The second opinion: the same rules over the same files on DuckDB, row for row.

Called by the bench with the folder of the city and that of the queries; needs the package `duckdb`.
Prints one JSON object for each rule, and one with the memory that was used.
"""

import json
import pathlib
import resource
import sys
import time

import duckdb

city, rules = map(pathlib.Path, sys.argv[1:3])
con = duckdb.connect()
con.execute("SET threads = 2")
con.execute("SET memory_limit = '2GB'")
con.execute("SET TimeZone = 'UTC'")
con.execute("SET integer_division = true")
con.execute(f"SET temp_directory = '{city / 'duck-scratch'}'")
con.execute("CREATE MACRO to_unixtime(t) AS epoch_us(t) // 1000000")
for feed, files in json.loads((city / "city.json").read_text())["feeds"].items():
    paths = [str(city / "feeds" / feed / file["path"]) for file in files]
    con.execute(
        f"CREATE VIEW {feed.replace('-', '_')} AS "
        f"SELECT * FROM read_parquet({paths!r}, hive_partitioning = true)"
    )
for table in (city / "knowledge").glob("*.parquet"):
    con.execute(f"CREATE TABLE {table.stem} AS SELECT * FROM read_parquet('{table}')")
for rule in sorted(rules.glob("*.sql")):
    sql = rule.read_text()
    began = time.perf_counter()
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE found AS SELECT * FROM (\n{sql}\n)"
        " ORDER BY finding_at, subject, evidence"
    )
    millis = round((time.perf_counter() - began) * 1000)
    ours = city / "ours" / f"{rule.stem}.parquet"
    told = {"rule": rule.stem, "millis": millis}
    told["found"] = con.execute("SELECT count(*) FROM found").fetchone()[0]
    if ours.exists():
        con.execute(f"CREATE OR REPLACE TEMP TABLE ours AS SELECT * FROM read_parquet('{ours}')")
        columns = ", ".join(f'"{row[0]}"' for row in con.execute("DESCRIBE ours").fetchall())
        for name, one, other in [("only_here", "found", "ours"), ("only_there", "ours", "found")]:
            told[name] = con.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {one} "
                f"EXCEPT ALL SELECT {columns} FROM {other})"
            ).fetchone()[0]
    print(json.dumps(told), flush=True)
print(json.dumps({"peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
