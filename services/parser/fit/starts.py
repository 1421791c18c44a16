#!/usr/bin/env python3
"""Fits what tells a line that begins in the middle of a sentence from one that begins a paragraph.

usage: starts.py OUT.tsv PAGES_DIR...      (a folder with gold/ and issues/)

Gold's `joins` are lines that go on in the next: the next begins in the middle. Lines below a full stop begin paragraphs.
A logistic regression on what `starts.rs` looks at. Needs numpy, scipy and jieba (whose dictionary is the one in use).
"""
import collections, json, sys
from pathlib import Path
import jieba
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

ENDS = ("。", "！", "？", "。”", "！”", "？”", ".", '。"')
INNER = ENDS + ("”", "；", "：", "，", "、", ",", "!", "?", '"', ")", "）", ";", ":")
# As in starts.rs.
MARKS, REACH, LONGEST = "，。、；：,;:.！？", 6, 4
RARE, STRENGTH, LEAST = 3, 1.0, 0.1


def clues(text):
    known = lambda word: bool(jieba.dt.FREQ.get(word))
    length = next((n for n in range(LONGEST, 1, -1) if len(text) >= n and known(text[:n])), 1)
    yield "bias"
    yield f"char {text[0]}"
    yield f"word {length}"
    if length == 1:
        yield f"alone {text[0]}"
        if "\u4e00" <= text[0] <= "\u9fff" and "\u4e00" <= text[1:2] <= "\u9fff":
            yield "then word" if known(text[1:3]) else "then none"
    mark = next(((i, c) for i, c in enumerate(text[:REACH]) if c in MARKS), None)
    if mark:
        yield f"mark {mark[0]}{mark[1]}"


def starts(folder):
    for path in sorted(Path(folder, "gold").glob("*.json")):
        lines = Path(folder, "issues", path.stem + ".txt").read_text(encoding="utf8").split("\n")
        for article in json.loads(path.read_text(encoding="utf8"))["articles"]:
            joined = {after for _, after in article.get("joins") or []}
            for before, here in zip(article["body"], article["body"][1:]):
                text, end = lines[here - 1].strip().lstrip("#*> ").strip(), lines[before - 1].strip()
                if not text or here in (article.get("subheads") or []):
                    continue
                if here in joined and not end.endswith(INNER):
                    yield text, 1
                elif here not in joined and end.endswith(ENDS):
                    yield text, 0


def main():
    out, *folders = sys.argv[1:]
    jieba.setLogLevel(60)
    jieba.initialize()
    data = [(list(clues(text)), y) for folder in folders for text, y in starts(folder)]
    count = collections.Counter(clue for found, _ in data for clue in found)
    names = sorted(clue for clue, n in count.items() if n >= RARE)
    at = {name: i for i, name in enumerate(names)}
    cells = [(row, at[clue]) for row, (found, _) in enumerate(data) for clue in found if clue in at]
    rows, columns = zip(*cells)
    x = csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(data), len(names)))
    y = np.array([label for _, label in data])

    def loss(w):
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        return np.sum(np.logaddexp(0, z) - y * z) + STRENGTH / 2 * w @ w, x.T @ (p - y) + STRENGTH * w

    w = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    kept = [(name, value) for name, value in zip(names, w) if abs(value) >= LEAST]
    Path(out).write_text("".join(f"{name}\t{value:.2f}\n" for name, value in kept), encoding="utf8")
    print(f"{int(y.sum())} lines in the middle, {int(len(y) - y.sum())} at a beginning, {len(kept)} weights")


main()
