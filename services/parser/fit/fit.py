#!/usr/bin/env python3
"""Fits the weights of the sequence model to annotated pages.

usage: fit.py SEEN.ndjson WEIGHTS.tsv OUT.tsv GOLD_DIR... [--generated DIR] [--weight W] [--iterations N] [--near X] [--far X]

SEEN.ndjson   what the model sees of every page: `cargo run --release -p parser --features fitting --example seen -- PAGE…`
WEIGHTS.tsv   the weights to start from, and to stay near to
OUT.tsv       the weights found
GOLD_DIR      <name>.json, gold by line number (seeds/gold)
--generated   gold of generated and varied pages, parted by commas, of which each counts W (0.3)
--near, --far how strongly weights are drawn to where they started: a line's own, its neighbours'

A conditional random field over the roles of a page's lines. Gold says of most lines which role they have and of some only
which ones they may have (a byline, a credit, a jump): the likelihood is that of all sequences gold allows. Weights are drawn to
where they started, so that what the pages say nothing of stays as it was. Needs numpy and scipy.
"""
import json, re, sys, unicodedata
from pathlib import Path
import numpy as np
from scipy.optimize import minimize

QUOTES = str.maketrans({c: None for c in "\"'“”‘’「」『』《》〈〉*#`"})


def norm(s):
    s = unicodedata.normalize("NFKC", s or "").translate(QUOTES).replace("—", "").replace("-", "").replace("–", "")
    return re.sub(r"\s+", "", s)


def read_weights(path):
    """Roles, and the rows of the table: (kind, name) -> weights by role."""
    rows = [line.split("\t") for line in Path(path).read_text(encoding="utf8").splitlines() if line and line[0] != "#"]
    roles = rows[0][2:]
    return roles, {(kind, name): np.array([float(x or 0) for x in cells]) for kind, name, *cells in rows[1:]}


# The fixed forms, by the feature that says so; the first that a line has.
FORMS = [("Jump", "Jump"), ("Credit", "Credit"), ("Byline", "Byline"), ("Source", "Source"), ("Signature", "Byline"), ("BareName", "Byline")]


def allowed(gold, lines, roles, names_of):
    """For each line the roles that gold allows; all where gold says nothing."""
    at = {role: i for i, role in enumerate(roles)}
    furniture = set(gold["furniture"])
    repeats = {n for a in gold["articles"] for n in a.get("repeats", [])}
    owner, first, subhead = {}, set(), set()
    for i, a in enumerate(gold["articles"]):
        for n in a["body"]:
            owner.setdefault(n, i)
        if a["body"]:
            first.add(a["body"][0])
        subhead.update(a.get("subheads", []))
    heads = []
    for i, a in enumerate(gold["articles"]):
        body = a["body"] or [0]
        for role, texts in (("Headline", [a.get("headline")] + a.get("headline_alt", [])), ("Kicker", [a.get("kicker")]),
                            ("Deck", [a.get("deck")]), ("Section", [a.get("section")])):
            heads += [(norm(t), role, i, min(body), max(body)) for t in texts if t and norm(t)]
    out, headed, before, made = [], set(), None, False
    for line in lines:
        ns = range(line["first"], line["last"] + 1)
        body = [n for n in ns if n in owner]
        text = norm(line["text"])
        names, has = None, {names_of[f] for f in line["features"]}
        if any(n in repeats for n in ns):
            pass
        elif body:
            n = body[0]
            kind = gold["articles"][owner[n]]["kind"]
            opens, pictured = "Lead" in has, {"Caption", "CaptionHead", "Picture", "CreditAtEnd"} & has
            if n in subhead:
                names = ["Subhead"]
            elif n in first and opens:
                names = ["Lead"]
            elif n in first and not (owner[n] in headed or made or before is None):
                names = ["Caption"] if kind == "photo" and pictured else ["Opening", "Caption"] if kind == "photo" else ["Opening"]
            elif kind == "notice":
                names = ["Terms", "Body"]
            elif kind == "photo" or pictured:
                names = ["Caption", "Body"]
            else:
                names = ["Body"] if before is None or before == owner[n] or n in first else ["Body", "Opening"]
            before, made = owner[n], False
        elif any(n in furniture for n in ns):
            names = ["Furniture"]
        elif text:
            def far(h):
                return min(abs(line["first"] - h[3]), abs(line["first"] - h[4]))
            exact = sorted((far(h), k) for k, h in enumerate(heads) if h[0] == text)
            part = sorted((far(h), -len(h[0]), k) for k, h in enumerate(heads) if len(text) > 1 and (text in h[0] or h[0] in text and len(h[0]) * 3 > len(text)))
            hit = exact[0][1] if exact else part[0][2] if part and part[0][0] < 40 else None
            if hit is not None:
                role, i = heads[hit][1], heads[hit][2]
                # A line that holds kicker and headline both is the headline's.
                if not exact and any(heads[k][1] == "Headline" and heads[k][2] == i for _, _, k in part):
                    role = "Headline"
                headed.add(i)
                notice = gold["articles"][i]["kind"] == "notice"
                names = ["Notice", "Headline"] if role == "Headline" and notice else [role]
            else:
                form = next((role for feature, role in FORMS if feature in has), None)
                names = [form] if form else ["Fragment", "Furniture"]
                made = form == "Byline"
        out.append(np.array([1.0 if names is None or r in names else 0.0 for r in roles]))
    return out


def pages_of(seen_path, gold_dirs, roles):
    gold = {p.stem: p for d in gold_dirs for p in Path(d).glob("*.json")}
    pages = []
    with open(seen_path, encoding="utf8") as f:
        names = json.loads(next(f))["features"]
        for row in map(json.loads, f):
            stem = Path(row["file"]).stem
            if stem in gold and row["lines"]:
                g = json.loads(gold[stem].read_text(encoding="utf8"))
                pages.append((stem, row["lines"], allowed(g, row["lines"], roles, names)))
    return names, pages


def main():
    args, flags = [], {}
    it = iter(sys.argv[1:])
    for a in it:
        if a.startswith("--"):
            flags[a[2:]] = next(it)
        else:
            args.append(a)
    seen, start, out, *golds = args
    roles, table = read_weights(start)
    R = len(roles)
    generated = flags["generated"].split(",") if "generated" in flags else []
    names, pages = pages_of(seen, golds + generated, roles)
    made = {p.stem for d in generated for p in Path(d).glob("*.json")}
    F = len(names)
    places = ["here", "above", "below"]
    rows = [(p, n) for p in places for n in names]
    zero = np.zeros(R)
    near = float(flags.get("near", 3)); far = float(flags.get("far", 8)); gweight = float(flags.get("weight", 0.3))
    # parameters: bias, emissions here/above/below, start, finish, transitions
    W0 = np.concatenate([[table[("bias", "")]], np.array([table.get(r, zero) for r in rows]),
                         [table[("start", "")]], [table[("finish", "")]],
                         np.array([table[("from", r)] for r in roles])])
    NB = 1 + 3 * F
    pull = np.full(W0.shape, near)
    pull[1 + F:NB] = far
    # Nearly all annotated pages begin and end with what is the page's own; others do not.
    pull[NB:NB + 2] = 20
    P, T = len(pages), max(len(p[1]) for p in pages)
    length = np.array([len(p[1]) for p in pages])
    weight = np.array([gweight if p[0] in made else 1.0 for p in pages])
    # the features of every line, as indices into the rows of W
    ids, seg = [], []
    ok = np.ones((P, T, R))
    for pi, (_, lines, allow) in enumerate(pages):
        for t, line in enumerate(lines):
            idx = [0] + [1 + f for f in line["features"]]
            if t and not line["opens_page"]:
                idx += [1 + F + f for f in lines[t - 1]["features"]]
            if t + 1 < len(lines) and not lines[t + 1]["opens_page"]:
                idx += [1 + 2 * F + f for f in lines[t + 1]["features"]]
            ids += idx; seg += [pi * T + t] * len(idx)
            ok[pi, t] = allow[t]
    from scipy.sparse import csr_matrix
    X = csr_matrix((np.ones(len(ids)), (seg, ids)), shape=(P * T, NB))
    print(f"{P} pages, {length.sum()} lines, {F} features", file=sys.stderr)
    lse = lambda x, axis: (m := x.max(axis=axis, keepdims=True)).squeeze(axis) + np.log(np.exp(x - m).sum(axis=axis))
    NEG = -1e9

    def marginals(E, tr, st, fi, mask):
        """Log partition, expected states (P,T,R) and transitions summed with page weights."""
        E = np.where(mask > 0, E, NEG)
        A = np.full((P, T, R), NEG); B = np.zeros((P, T, R))
        A[:, 0] = E[:, 0] + st
        for t in range(1, T):
            step = lse(A[:, t - 1][:, :, None] + tr[None], 1) + E[:, t]
            A[:, t] = np.where((t < length)[:, None], step, A[:, t - 1])
        last = A[np.arange(P), length - 1] + fi
        Z = lse(last, 1)
        pairs = np.zeros((R, R))
        gamma = np.zeros((P, T, R))
        B[np.arange(P), length - 1] = fi
        for t in range(T - 1, -1, -1):
            live = (t < length)[:, None]
            gamma[:, t] = np.where(live, np.exp(np.minimum(A[:, t] + B[:, t] - Z[:, None], 50)), 0)
            if t:
                j = A[:, t - 1][:, :, None] + tr[None] + (E[:, t] + B[:, t])[:, None, :] - Z[:, None, None]
                j = np.where(live[:, :, None], np.exp(np.minimum(j, 50)), 0) * weight[:, None, None]
                pairs += j.sum(0)
                back = lse(tr[None] + (E[:, t] + B[:, t])[:, None, :], 2)
                B[:, t - 1] = np.where(live & (length - 1 > t - 1)[:, None], back, B[:, t - 1])
        return Z, gamma * weight[:, None, None], pairs

    everything = np.ones_like(ok)

    def loss(v):
        W = v.reshape(W0.shape)
        E = (X @ W[:NB]).reshape(P, T, R)
        st, fi, tr = W[NB], W[NB + 1], W[NB + 2:]
        Z1, g1, p1 = marginals(E, tr, st, fi, ok)
        Z, g, p = marginals(E, tr, st, fi, everything)
        d = (g - g1)
        G = np.zeros_like(W)
        G[:NB] = X.T @ d.reshape(P * T, R)
        G[NB] = d[:, 0].sum(0)
        G[NB + 1] = d[np.arange(P), length - 1].sum(0)
        G[NB + 2:] = p - p1
        D = W - W0
        value = (weight * (Z - Z1)).sum() + 0.5 * (pull * D * D).sum()
        return value, (G + pull * D).ravel()

    def right(W):
        E = (X @ W[:NB]).reshape(P, T, R); st, fi, tr = W[NB], W[NB + 1], W[NB + 2:]
        hit = total = 0
        for pi in range(P):
            if pages[pi][0] in made: continue
            best = E[pi, 0] + st; back = []
            for t in range(1, length[pi]):
                s = best[:, None] + tr; back.append(s.argmax(0)); best = s.max(0) + E[pi, t]
            r = int((best + fi).argmax()); path = [r]
            for b in reversed(back): r = int(b[r]); path.append(r)
            path.reverse()
            hit += sum(ok[pi, t, r] for t, r in enumerate(path)); total += len(path)
        return hit / total

    print("lines right before", right(W0), file=sys.stderr)
    n = [0]
    def say(v):
        n[0] += 1
        if n[0] % 20 == 0: print(n[0], loss(v)[0], right(v.reshape(W0.shape)), file=sys.stderr, flush=True)
    found = minimize(loss, W0.ravel(), jac=True, method="L-BFGS-B", callback=say, options={"maxiter": int(flags.get("iterations", 60))})
    W = found.x.reshape(W0.shape)
    print("lines right after", right(W), file=sys.stderr)
    with open(out, "w", encoding="utf8") as f:
        def row(kind, name, w):
            f.write("\t".join([kind, name] + ["" if abs(x) < 0.005 else f"{x:.2f}" for x in w]) + "\n")
        f.write("\t".join(["place", "feature"] + roles) + "\n")
        row("bias", "", W[0])
        for i, (p, name) in enumerate(rows):
            if np.abs(W[1 + i]).max() >= 0.005: row(p, name, W[1 + i])
        row("start", "", W[NB]); row("finish", "", W[NB + 1])
        for i, r in enumerate(roles): row("from", r, W[NB + 2 + i])


main()
