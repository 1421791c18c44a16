#!/usr/bin/env python3
"""Makes more annotated pages of those there are: without what stands above the first article, and without blank lines.

usage: vary.py OUT GOLD_DIR ISSUE_DIR

Writes OUT/issues and OUT/gold: pages come without a masthead and without gaps, too, and what heads an article there is the same.
"""
import json, sys
from pathlib import Path


def without(gold, lines, drop):
    """A page without some of its lines, and its gold by the new numbers."""
    number, kept = {}, []
    for n, line in enumerate(lines, 1):
        if n not in drop:
            kept.append(line)
            number[n] = len(kept)
    moved = lambda ns: [number[n] for n in ns if n in number]
    gold = json.loads(json.dumps(gold))
    gold["furniture"] = moved(gold["furniture"])
    for a in gold["articles"]:
        for key in ("body", "subheads", "repeats"):
            a[key] = moved(a.get(key, []))
        a["joins"] = [[number[x], number[y]] for x, y in a.get("joins", []) if x in number and y in number]
    return gold, kept


def main():
    out, golds, issues = map(Path, sys.argv[1:])
    for folder in ("issues", "gold"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for path in sorted(golds.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf8"))
        issue = next(issues.glob(path.stem + ".*"))
        try:
            lines = issue.read_text(encoding="utf8").split("\n")
        except UnicodeDecodeError:
            continue
        blank = {n for n, line in enumerate(lines, 1) if not line.strip()}
        furniture = set(gold["furniture"])
        top = next((n for n in range(1, len(lines) + 1) if n not in blank and n not in furniture), 1)
        for name, drop in (("topless", set(range(1, top))), ("dense", blank)):
            if drop and len(drop) < len(lines):
                varied, kept = without(gold, lines, drop)
                (out / "issues" / f"{path.stem}-{name}.txt").write_text("\n".join(kept), encoding="utf8")
                (out / "gold" / f"{path.stem}-{name}.json").write_text(json.dumps(varied, ensure_ascii=False), encoding="utf8")


main()
