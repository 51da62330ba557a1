#!/usr/bin/env python3
"""Judges a file of hosts in process, with the Python module (the wheel `hotfixcheck_py` of a release; python/README.md).

usage: with_python.py plain  hosts.jsonl judged.jsonl         nothing else is needed
       with_python.py pandas hosts.jsonl judged.csv           pandas
       with_python.py spark  hosts.jsonl OUTPUT [MASTER]      pyspark, pyarrow, pandas; mapInPandas, a row a host as Parquet
       with_python.py arrow  hosts.jsonl OUTPUT [MASTER]      the same by mapInArrow, a line of JSON a host as text
       with_python.py ray    hosts.jsonl OUTPUT               ray[data]; a row a host as Parquet

MASTER is local[2] by default. The module must be installed where the workers run; nothing else is.
"""
import json
import os
import sys

import hotfixcheck

#: A row of an answer, with the type names of Spark.
ROW = "host string, outcome string, error string, missing array<string>, cves array<string>"
COLUMNS = [column.split()[0] for column in ROW.split(", ")]


def row(answer):
    """The columns of an answer."""
    missing = [article for article in answer["articles"] if article["fails"]]
    return {
        "host": answer["host"],
        "outcome": answer["outcome"],
        "error": answer["error"],
        "missing": [article["kb"] for article in missing],
        "cves": sorted({cve for article in missing for cve in article["cves"]}),
    }


def plain(hosts, output):
    with open(hosts, "rb") as lines, open(output, "wb") as answers:
        answers.writelines(hotfixcheck.judge_lines(lines))


def with_pandas(hosts, output):
    import pandas

    with open(hosts, "rb") as lines:
        frame = pandas.DataFrame(map(json.loads, lines))
    # Columns of a frame: 'host', and 'inventory' as dictionaries or text.
    answers = hotfixcheck.judge_many(zip(frame["host"], frame["inventory"]))
    judged = pandas.DataFrame(map(row, answers), index=frame.index)
    print(judged["outcome"].value_counts().to_string())
    judged.explode("missing").to_csv(output, index=False)


def judge_frames(frames):
    """For mapInPandas: each worker of Spark has one processor."""
    import pandas

    for frame in frames:
        answers = hotfixcheck.judge_many(frame["value"], threads=1)
        yield pandas.DataFrame(map(row, answers), columns=COLUMNS)


def judge_batches(batches):
    """For mapInArrow."""
    import pyarrow

    for batch in batches:
        answers = hotfixcheck.judge_lines(batch.column("value").to_pylist(), threads=1)
        yield pyarrow.RecordBatch.from_pydict({"value": [answer.decode().rstrip("\n") for answer in answers]})


def with_spark(way, hosts, output, master="local[2]"):
    from pyspark.sql import SparkSession

    # Workers of this machine have the same packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master(master).appName("hotfixcheck").getOrCreate()
    lines = spark.read.text(hosts).repartition(spark.sparkContext.defaultParallelism)
    if way == "arrow":
        lines.mapInArrow(judge_batches, "value string").write.mode("overwrite").text(output)
    else:
        lines.mapInPandas(judge_frames, ROW).write.mode("overwrite").parquet(output)
        judged = spark.read.parquet(output)
        for counted in judged.groupBy("outcome").count().orderBy("outcome").collect():
            print(f"{counted['count']:>8}  {counted['outcome']}")
    spark.stop()


def judge_texts(batch):
    """For Ray: a batch is a dictionary of columns."""
    rows = [row(answer) for answer in hotfixcheck.judge_many(batch["text"], threads=1)]
    return {column: [one[column] for one in rows] for column in COLUMNS}


def with_ray(hosts, output):
    import ray

    judged = ray.data.read_text(hosts).map_batches(judge_texts, batch_size=256)
    judged.write_parquet(output)


def main() -> None:
    way, *arguments = sys.argv[1:] or [""]
    if way in ("spark", "arrow") and len(arguments) in (2, 3):
        with_spark(way, *arguments)
    elif way in ("plain", "pandas", "ray") and len(arguments) == 2:
        {"plain": plain, "pandas": with_pandas, "ray": with_ray}[way](*arguments)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
