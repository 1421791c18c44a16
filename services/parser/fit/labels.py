#!/usr/bin/env python3
"""Fits what tells the label of a column (栏题) from a heading by its characters.

usage: labels.py OUT.tsv WORDS.txt PAGES_DIR... [--without HALF]     (WORDS.txt: label or heading, a tab, the words)
       labels.py --pages HALF PAGES_DIR

HALF          0 or 1: half of the writers; what the sequence model learns of their labels must not come from themselves
--pages       prints the paths of the pages of a half

Gold's sections are labels; headlines, kickers, decks and subheads, and the parts of them that blanks part, are headings. A
logistic regression on what `labels.rs` looks at. Needs numpy and scipy.
"""
import collections, json, re, sys, zlib
from pathlib import Path
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

RARE, STRENGTH, LEAST = 2, 1.0, 0.05
# Half-width columns, as in labels.rs.
NARROW, WIDE = 4, 28


def bare(text):
    return re.sub(r"[\s■●◆★▲□◎#*【】〔〕〖〗\[\]［］]", "", text)


def columns(text):
    return sum(1 if ord(c) < 128 else 2 for c in text)


def clues(text):
    """As in labels.rs."""
    yield "bias"
    yield f"length {min(len(text), 14)}"
    for n in (1, 2, 3):
        if len(text) >= n:
            yield f"first {text[:n]}"
            yield f"last {text[-n:]}"
    for c in set(text):
        yield f"has {c}"
    for i in range(len(text) - 1):
        yield f"has {text[i:i + 2]}"


def half(path):
    return zlib.crc32(re.match(r"[^\d-]*", path.stem)[0].encode()) % 2


def headings(words, folders, without):
    for line in Path(words).read_text(encoding="utf8").splitlines():
        kind, text = line.split("\t")
        yield bare(text), int(kind == "label")
    for folder in folders:
        for path in sorted(Path(folder, "gold").glob("*.json")):
            if half(path) == without:
                continue
            lines = Path(folder, "issues", path.stem + ".txt").read_text(encoding="utf8").split("\n")
            for article in json.loads(path.read_text(encoding="utf8"))["articles"]:
                if article.get("section"):
                    yield bare(article["section"]), 1
                texts = [article.get(kind) for kind in ("headline", "kicker", "deck")]
                texts += [lines[n - 1] for n in article.get("subheads") or []]
                for text in filter(None, texts):
                    for part in {text, *text.split()}:
                        yield bare(part), 0


def main():
    args = sys.argv[1:]
    if args[0] == "--pages":
        print(*(path for path in sorted(Path(args[2], "issues").iterdir()) if half(path) == int(args[1])), sep="\n")
        return
    without = int(args.pop()) if args[-2] == "--without" and args.remove("--without") is None else None
    out, words, *folders = args
    seen = sorted({(text, y) for text, y in headings(words, folders, without) if NARROW <= columns(text) <= WIDE})
    data = [(set(clues(text)), y) for text, y in seen]
    count = collections.Counter(clue for found, _ in data for clue in found)
    names = sorted(clue for clue, n in count.items() if n >= RARE)
    at = {name: i for i, name in enumerate(names)}
    cells = [(row, at[clue]) for row, (found, _) in enumerate(data) for clue in found if clue in at]
    x = csr_matrix((np.ones(len(cells)), tuple(zip(*cells))), shape=(len(data), len(names)))
    y = np.array([y for _, y in data], float)
    pull = np.array([0.0 if name == "bias" else STRENGTH for name in names])

    def loss(w):
        z = x @ w
        return (np.logaddexp(0, z) - y * z).sum() + 0.5 * (pull * w * w).sum(), x.T @ (1 / (1 + np.exp(-z)) - y) + pull * w

    w = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    kept = [(name, weight) for name, weight in zip(names, w) if name == "bias" or abs(weight) >= LEAST]
    Path(out).write_text("".join(f"{name}\t{weight:.2f}\n" for name, weight in kept), encoding="utf8")
    print(f"{int(y.sum())} labels, {int((1 - y).sum())} headings, {len(kept)} weights", file=sys.stderr)


main()
