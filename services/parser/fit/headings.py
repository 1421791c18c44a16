#!/usr/bin/env python3
"""Fits what tells label, kicker, headline and deck apart in a heading of several lines.

usage: headings.py PRIOR.tsv OUT.tsv SEEN.ndjson GOLD_DIR...     (SEEN.ndjson: what the example `headings` prints)

A log-linear model over the ways to cut a heading's lines: the weight of each clue for each role, of each clue of two lines for
each step from role to role, and of each cut, so that the annotated cut is the likeliest. What the sequence model's word counts
for is fixed in `stack.rs`. Weights are drawn to those of PRIOR.tsv, which were found with the headings of an archive that is not
here (`run`), so that what these headings say nothing of stays as it was. How often each cut is written in the list is not how often
pages have it: that is learned apart and thrown away. Needs numpy and scipy.
"""
import collections, json, sys, unicodedata
from pathlib import Path
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

RARE, STRENGTH, FREE, LEAST = 2, 8, 1.5, 0.1
# What a heading of the list counts for beside one of a page.
LISTED = 0.4


def norm(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text or "") if c.isalnum())


def told(texts, cut):
    return {role: norm("".join(text for text, own in zip(texts, cut) if own == role)) for role in "SKHD"}


def annotated(texts, cuts, articles):
    """The cut that an article's annotation asks for, if one does."""
    for cut in cuts:
        found = told(texts, cut)
        for section, kicker, headline, deck in articles:
            if found["H"] == headline and found["K"] == kicker and found["D"] == deck and found["S"] in ("", section):
                return cut
    return None


def read(seen, folders):
    gold = {}
    for folder in folders:
        for path in Path(folder).glob("*.json"):
            articles = json.loads(path.read_text(encoding="utf8"))["articles"]
            kinds = ("section", "kicker", "headline", "deck")
            gold[path.stem] = [tuple(norm(a.get(kind)) for kind in kinds) for a in articles if a.get("headline")]
    for line in Path(seen).read_text(encoding="utf8").rstrip("\n").split("\n"):
        row = json.loads(line)
        heading = row["heading"]
        cuts = [cut for cut, _, _ in heading["cuts"]]
        wanted = row.get("cut") or annotated(heading["texts"], cuts, gold.get(Path(row["file"]).stem, []))
        if wanted in cuts:
            yield heading, wanted, "cut" in row


def clues(heading, cut, of, listed):
    for role, own in zip(cut, heading["lines"]):
        yield from (f"{role} {clue}" for clue in own)
    for at, own in enumerate(heading["steps"]):
        yield from (f"{cut[at:at + 2]} {clue}" for clue in own)
    yield from (f"cut {clue}" for clue in of)
    if listed:
        yield f"listed {cut}"


def main():
    prior, out, seen, *folders = sys.argv[1:]
    start = {name: float(w) for name, w in (line.split("\t") for line in Path(prior).read_text(encoding="utf8").splitlines())}
    data = list(read(seen, folders))
    rows, offsets, wanted, starts, known = [], [], [], [0], collections.Counter()
    for heading, right, listed in data:
        own = []
        for cut, of, trust in heading["cuts"]:
            own.append(list(clues(heading, cut, of, listed)))
            offsets.append(trust)
            wanted.append(cut == right)
        rows += own
        starts.append(len(rows))
        known.update({clue for row in own for clue in row})
    names = sorted({clue for clue, count in known.items() if count >= RARE} | set(start))
    at = {name: i for i, name in enumerate(names)}
    cells = [[at[clue] for clue in row if clue in at] for row in rows]
    ends = np.cumsum([0] + [len(row) for row in cells])
    x = csr_matrix((np.ones(ends[-1], np.float32), [i for row in cells for i in row], ends), shape=(len(rows), len(names)))
    xt, offset, right, first = x.T.tocsr(), np.array(offsets), np.array(wanted), np.array(starts[:-1])
    owner = np.repeat(np.arange(len(data)), np.diff(starts))
    pull = np.array([FREE if name.startswith(("listed", "cut")) or name.endswith("bias") else STRENGTH for name in names])

    w0 = np.array([start.get(name, 0.0) for name in names])
    counts = np.array([LISTED if listed else 1.0 for _, _, listed in data])
    each = counts[owner]

    def loss(w):
        z = x @ w + offset
        most = np.maximum.reduceat(z, first)
        e = np.exp(z - most[owner])
        total = np.add.reduceat(e, first)
        value = (counts * (np.log(total) + most)).sum() - (each * z)[right].sum() + 0.5 * (pull * (w - w0) ** 2).sum()
        return value, xt @ ((e / total[owner] - right) * each) + pull * (w - w0)

    w = minimize(loss, w0, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    kept = [(n, v) for n, v in zip(names, w) if not n.startswith("listed") and abs(v) >= LEAST]
    Path(out).write_text("".join(f"{name}\t{weight:.2f}\n" for name, weight in kept), encoding="utf8")
    best = [int(np.argmax(x[a:b] @ w + offset[a:b])) for a, b in zip(starts, starts[1:])]
    hit = sum(bool(right[a + i]) for a, i in zip(starts, best))
    print(f"{len(data)} headings, {hit} cut as annotated, {len(kept)} weights", file=sys.stderr)


if __name__ == "__main__":
    main()
