#!/usr/bin/env python3
"""Fits what tells whether an article begins at a place.

usage: boundaries.py PRIOR.tsv OUT.tsv SEEN.ndjson GOLD_DIR...     (SEEN.ndjson: what the example `boundaries` prints)

A logistic regression for each sort of place: gold says of the texts above and below whether they are one article. Weights are
drawn to those of PRIOR.tsv, which were found together with pages of archives that are not here (`run`). Needs numpy and scipy.
"""
import collections, json, sys
from bisect import bisect_left
from pathlib import Path
import numpy as np
from scipy.optimize import minimize

RARE, STRENGTH, LEAST = 8, 1000.0, 0.02


def examples(seen, folders):
    gold = {path.stem: path for folder in folders for path in Path(folder).glob("*.json")}
    for row in map(json.loads, Path(seen).read_text(encoding="utf8").splitlines()):
        path = gold.get(Path(row["file"]).stem)
        if path is None:
            continue
        page = json.loads(path.read_text(encoding="utf8"))
        owner = {n: i for i, a in enumerate(page["articles"]) for n in a["body"]}
        apart = set(page["furniture"]) | {n for a in page["articles"] for n in a.get("repeats", [])}
        order = sorted(owner)
        # Strays are told by a rule: too few of them are known to fit weights to.
        for site in (site for site in row["sites"] if site["sort"] != "Stray"):
            lines = range(site["first"], site["last"] + 1)
            text = site["last"] + 1 if site["sort"] == "Heading" else site["first"]
            above, below = bisect_left(order, site["first"]) - 1, bisect_left(order, text)
            if above < 0 or below == len(order) or apart & set(lines):
                continue
            before, after = owner[order[above]], owner[order[below]]
            own = [owner[n] for n in lines if n in owner]
            if site["sort"] == "Heading" and own and own[0] != before:
                continue
            yield site, before != after


def fit(rows, start):
    known = collections.Counter(name for clues, _ in rows for name, _ in clues)
    names = sorted({name for name, count in known.items() if count >= RARE} | set(start))
    at = {name: i for i, name in enumerate(names)}
    x, y = np.zeros((len(rows), len(names))), np.array([float(begins) for _, begins in rows])
    for i, (clues, _) in enumerate(rows):
        for name, value in clues:
            if name in at:
                x[i, at[name]] = value
    w0 = np.array([start.get(name, 0.0) for name in names])

    def loss(w):
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = (np.logaddexp(0, z) - y * z).sum() + 0.5 * STRENGTH * ((w - w0) ** 2).sum()
        return value, x.T @ (p - y) + STRENGTH * (w - w0)

    w = minimize(loss, w0, jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return dict(zip(names, w)), ((x @ w > 0) == (y > 0)).sum()


def main():
    prior, out, seen, *folders = sys.argv[1:]
    start = collections.defaultdict(dict)
    for line in Path(prior).read_text(encoding="utf8").splitlines():
        name, weight = line.split("\t")
        sort, clue = name.split(" ", 1)
        start[sort][clue] = float(weight)
    by_sort = collections.defaultdict(list)
    model = collections.Counter()
    for site, begins in examples(seen, folders):
        by_sort[site["sort"]].append((site["clues"], begins))
        model[site["sort"]] += site["begins"] == begins
    table = []
    for sort, rows in sorted(by_sort.items()):
        found, right = fit(rows, start[sort])
        table += [f"{sort} {name}\t{weight:.2f}\n" for name, weight in sorted(found.items()) if abs(weight) >= LEAST]
        print(f"{sort}: {len(rows)} places, {right} told right, by the sequence model {model[sort]}", file=sys.stderr)
    Path(out).write_text("".join(table), encoding="utf8")


if __name__ == "__main__":
    main()
