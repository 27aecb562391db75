"""All measures of a table: our program against pycanon, interleaved, one JSON line each."""

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
from pycanon import anonymity

ROOT = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / "target/release/examples/measure"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--separator", default=",")
    parser.add_argument("--qi", default="sex,age,race,marital-status,education,native-country")
    parser.add_argument("--sensitive", default="occupation")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=0, help="take the first rows only")
    args = parser.parse_args()
    quasi, sensitive = args.qi.split(","), args.sensitive.split(",")
    frame = pd.read_csv(args.data, sep=args.separator, dtype=str, keep_default_na=False)
    data = args.data
    if args.rows:
        import tempfile

        frame = frame.head(args.rows)
        data = tempfile.NamedTemporaryFile(suffix=".csv", delete=False).name
        frame.to_csv(data, sep=args.separator, index=False)
    command = [args.program, "--data", data, "--separator", args.separator, "--qi", args.qi]
    command += ["--sensitive", args.sensitive]

    def ours():
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def pycanon():
        return {
            "k": anonymity.k_anonymity(frame, quasi),
            "alpha": anonymity.alpha_k_anonymity(frame, quasi, sensitive)[0],
            "l_distinct": anonymity.l_diversity(frame, quasi, sensitive),
            "l_entropy": anonymity.entropy_l_diversity(frame, quasi, sensitive),
            "recursive_c": anonymity.recursive_c_l_diversity(frame, quasi, sensitive)[0],
            "beta": anonymity.basic_beta_likeness(frame, quasi, sensitive),
            "beta_capped": anonymity.enhanced_beta_likeness(frame, quasi, sensitive),
            "t": anonymity.t_closeness(frame, quasi, sensitive),
            "delta": anonymity.delta_disclosure(frame, quasi, sensitive),
        }

    wall, found = {"ours": [], "pycanon": []}, {}
    for _ in range(args.rounds):
        # Ours is short: several runs around the other's one.
        for contender, run, repeats in [("ours", ours, 5), ("pycanon", pycanon, 1), ("ours", ours, 5)]:
            for _ in range(repeats):
                began = time.perf_counter()
                found[contender] = run()
                wall[contender].append(time.perf_counter() - began)
    # Measures on whose definition both agree; entropy l and recursive c of pycanon are whole numbers.
    names = ["k", "alpha", "l_distinct", "beta", "beta_capped", "t", "delta"]
    differ = [n for n in names if not math.isclose(found["ours"][n], float(found["pycanon"][n]), rel_tol=1e-9)]
    for contender in ["ours", "pycanon"]:
        line = {
            "contender": contender,
            "rows": len(frame),
            "n_classes": found["ours"]["n_classes"],
            "wall_s": round(statistics.median(wall[contender]), 5),
            "same": not differ,
            "differ": differ,
        }
        if contender == "pycanon":
            line["ratio_wall"] = statistics.median(wall["ours"]) / statistics.median(wall["pycanon"])
        print(json.dumps(line), flush=True)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
