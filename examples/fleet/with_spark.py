#!/usr/bin/env python3
"""Judges a file of hosts on Spark (`pip install pyspark`, a Java of its version) and writes Parquet.

usage: with_spark.py MASTER pipe|arrow hosts.jsonl OUTPUT       HOTFIXCHECK names the program (default: hotfixcheck)

MASTER: local[2], local-cluster[2,1,1024], spark://…: the program must be at the same path on every worker.
pipe:   RDD.pipe, one process for each partition; it reads and writes one line for each host.
arrow:  DataFrame.mapInArrow, for hosts that are already columns of a table (needs pyarrow and pandas).
"""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType

PROGRAM = os.environ.get("HOTFIXCHECK", "hotfixcheck")
# Exit codes are about hosts: 1 means that some lack fixes. Only 2 is a failed task; Spark must not treat the others as
# one.
COMMAND = ["sh", "-c", '"$0" judge --stdin -j 1; code=$?; [ $code -ne 2 ] || exit 2', PROGRAM]

ARTICLE = StructType(
    [StructField(name, StringType()) for name in ("kb", "title", "status", "severity")]
    + [StructField("cves", ArrayType(StringType()))]
)
JUDGED = StructType(
    [StructField("line", LongType())]
    + [StructField(name, StringType()) for name in ("host", "error", "outcome")]
    + [StructField("articles", ArrayType(ARTICLE))]
)


def judge(lines):
    """The answers of one process to lines of bytes, in the order of the lines."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def feed():
            with process.stdin as stdin:
                for line in lines:
                    stdin.write(line)
                    stdin.write(b"\n")

        with ThreadPoolExecutor(1) as pool:
            fed = pool.submit(feed)
            yield from process.stdout
            fed.result()
    if process.returncode:
        raise RuntimeError(f"{PROGRAM} judge: exit code {process.returncode}")


def in_arrow(batches):
    import pyarrow

    for batch in batches:
        lines = (line.encode() for line in batch.column("value").to_pylist())
        answers = [answer.decode().rstrip("\n") for answer in judge(lines)]
        yield pyarrow.RecordBatch.from_pydict({"value": answers})


def main() -> None:
    if len(sys.argv) != 5 or sys.argv[2] not in ("pipe", "arrow"):
        sys.exit(__doc__)
    master, way, hosts, output = sys.argv[1:]
    # Workers of this machine have the same packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master(master).appName("hotfixcheck").getOrCreate()
    lines = spark.read.text(hosts).repartition(spark.sparkContext.defaultParallelism)
    if way == "pipe":
        words = " ".join("'" + word.replace("'", "'\\''") + "'" for word in COMMAND)
        # RDD.pipe splits its command like a shell.
        answers = lines.rdd.map(lambda row: row.value).pipe(words, checkCode=True)
        judged = spark.read.schema(JUDGED).json(answers)
    else:
        answers = lines.mapInArrow(in_arrow, "value string")
        judged = spark.read.schema(JUDGED).json(answers.rdd.map(lambda row: row.value))
    judged.write.mode("overwrite").parquet(output)
    written = spark.read.parquet(output)
    for row in written.groupBy("outcome").count().orderBy("outcome").collect():
        print(f"{row['count']:>8}  {row['outcome']}")
    spark.stop()


if __name__ == "__main__":
    main()
