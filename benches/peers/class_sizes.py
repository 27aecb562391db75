"""Class sizes of 10 million rows in six columns: ours against polars and duckdb, interleaved, one JSON line each."""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[2]
SETS = {"low": [8, 2, 10, 5, 4, 7], "mid": [75, 16, 15, 6, 2, 42], "high": [100, 2, 1000, 50, 12, 40]}


class Ours:
    """The built example, which holds the columns and counts once for every line."""

    def __init__(self, program, columns, folder):
        paths = []
        for place, column in enumerate(columns):
            path = Path(folder) / f"{place}.u{column.dtype.itemsize * 8}"
            column.astype(column.dtype.newbyteorder("<")).tofile(path)
            paths.append(str(path))
        self.child = subprocess.Popen([program, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.child.stdout.readline()

    def cpu(self):
        """Processor seconds of all threads that live; those of its pool stay until it ends."""
        tasks = Path(f"/proc/{self.child.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def run(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        return answer["n_classes"], answer["min"]

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def polars_plain(frame):
    sizes = frame.lazy().group_by(frame.columns).len().select(pl.len().alias("classes"), pl.col("len").min())
    return tuple(sizes.collect().row(0))


def polars_streaming(frame):
    sizes = frame.lazy().group_by(frame.columns).len().select(pl.len().alias("classes"), pl.col("len").min())
    return tuple(sizes.collect(engine="streaming").row(0))


def polars_packed(frame):
    key = pl.lit(0, dtype=pl.UInt64)
    for name in frame.columns:
        key = key * (int(frame[name].max()) + 1) + pl.col(name).cast(pl.UInt64)
    sizes = frame.lazy().select(key.alias("key")).group_by("key").len()
    return tuple(sizes.select(pl.len().alias("classes"), pl.col("len").min()).collect().row(0))


def duck(connection):
    columns = ", ".join(f"c{place}" for place in range(6))
    query = f"select count(*), min(n) from (select count(*) as n from t group by {columns})"
    return connection.execute(query).fetchone()


def codes(n_values, n_rows, rng):
    weights = np.arange(1, n_values + 1) ** -0.8
    ends = np.cumsum(weights / weights.sum())
    ranks = np.minimum(np.searchsorted(ends, rng.random(n_rows), side="right"), n_values - 1)
    # Codes of ranks are shuffled, as dictionaries do not know ranks.
    return rng.permutation(n_values)[ranks].astype(np.uint8 if n_values <= 256 else np.uint16)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / "target/release/examples/class_sizes"))
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sets", default="low,mid,high")
    args = parser.parse_args()
    for name in args.sets.split(","):
        rng = np.random.default_rng(42)
        columns = [codes(n, args.rows, rng) for n in SETS[name]]
        frame = pl.DataFrame({f"c{place}": column for place, column in enumerate(columns)})
        connection = duckdb.connect()
        connection.register("arrived", {f"c{place}": column for place, column in enumerate(columns)})
        connection.execute("create table t as select * from arrived")
        with tempfile.TemporaryDirectory() as folder:
            ours = Ours(args.program, columns, folder)
            contenders = {
                "ours": (ours.run, ours.cpu),
                "polars": (lambda: polars_plain(frame), time.process_time),
                "polars_streaming": (lambda: polars_streaming(frame), time.process_time),
                "polars_packed": (lambda: polars_packed(frame), time.process_time),
                "duckdb": (lambda: duck(connection), time.process_time),
            }
            wall, cpu, found = {}, {}, {}
            for _ in range(args.rounds):
                for contender, (run, clock) in contenders.items():
                    began, began_cpu = time.perf_counter(), clock()
                    found[contender] = tuple(run())
                    wall.setdefault(contender, []).append(time.perf_counter() - began)
                    cpu.setdefault(contender, []).append(clock() - began_cpu)
            ours.close()
        of = lambda times, contender: statistics.median(times[contender])
        for contender in contenders:
            line = {
                "set": name,
                "rows": args.rows,
                "contender": contender,
                "cpu_s": round(of(cpu, contender), 4),
                "wall_s": round(of(wall, contender), 4),
                "n_classes": found[contender][0],
                "min": found[contender][1],
                "same": found[contender] == found["ours"],
            }
            if contender != "ours":
                line["ratio_cpu"] = round(of(cpu, "ours") / of(cpu, contender), 4)
                line["ratio_wall"] = round(of(wall, "ours") / of(wall, contender), 4)
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
