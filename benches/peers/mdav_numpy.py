#!/usr/bin/env python3
"""Times a plain numpy MDAV on the rows of a CSV of numbers and prints one JSON line.

usage: mdav_numpy.py FILE.csv K [REPEATS]

The rules are ours: z-scores with the sample deviation, ties by the lowest row, information loss 100 * SSE / SST.
"""

import json
import sys
import time

import numpy as np


def nearest(distances, k):
    """The k nearest, the lowest of equals first."""
    bound = np.partition(distances, k - 1)[k - 1]
    inside = np.flatnonzero(distances < bound)
    ties = np.flatnonzero(distances == bound)[: k - len(inside)]
    return np.concatenate([inside, ties])


def mdav(z, k):
    left = np.arange(len(z))
    label = np.zeros(len(z), dtype=np.int64)
    n_classes = 0

    def squares(place):
        return ((z[left] - place) ** 2).sum(axis=1)

    def take(place):
        nonlocal left, n_classes
        chosen = nearest(squares(place), k)
        label[left[chosen]] = n_classes
        n_classes += 1
        left = np.delete(left, chosen)

    while len(left) >= 3 * k:
        r = z[left[np.argmax(squares(z[left].mean(axis=0)))]]
        s = z[left[np.argmax(squares(r))]]
        take(r)
        take(s)
    if len(left) >= 2 * k:
        take(z[left[np.argmax(squares(z[left].mean(axis=0)))]])
    if len(left) > 0:
        label[left] = n_classes
        n_classes += 1
    return label, n_classes


def main():
    path, k = sys.argv[1], int(sys.argv[2])
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    x = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        deviation = x.std(axis=0, ddof=1)
        z = np.divide(x - x.mean(axis=0), deviation, out=np.zeros_like(x), where=deviation > 0)
        label, n_classes = mdav(z, k)
        times.append((time.perf_counter() - start) * 1000)
    counts = np.bincount(label, minlength=n_classes)
    means = np.stack([np.bincount(label, weights=column, minlength=n_classes) / counts for column in z.T], axis=1)
    loss = 100 * ((z - means[label]) ** 2).sum() / ((z - z.mean(axis=0)) ** 2).sum()
    print(json.dumps({
        "contender": "mdav_numpy", "rows": len(x), "columns": x.shape[1], "k": k, "classes": int(n_classes),
        "min_class": int(counts.min()), "loss": float(loss), "ms_median": float(np.median(times)),
        "repeats_ms": times, "numpy": np.__version__,
    }))


if __name__ == "__main__":
    main()
