"""Fits layer 3 of enrichment over the released encoder: head, weight, threshold, calibration.

    python -m jobs.encoder_categories

The head learns from silver lines and knowledge tables but for the merchants that the encoder was
kept from; those lines tell how much the head counts, from which confidence of layer 2 on it is
asked (the cost curve) and how sure the answer is. Writes `categories.npz` and `categories.json`
beside the encoder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import encoder
from encoder import Head
from enrichment.category import Evidence, Frame, Profile, candidates, in_light
from enrichment.choice import Choice, softmax
from enrichment.counterparty import MerchantIndex, common_words
from enrichment.features import features
from enrichment.layers import settled
from enrichment.neighbours import together
from enrichment.third import FACTS, HEAD
from jobs.curves import isotonic
from jobs.encoder_data import held_out, known
from jobs.encoder_head import fit_head
from jobs.enrichment_fit import Held, fit_trees, folds, hold_out, profile_of, table_of
from jobs.enrichment_text import Silver, knowledge_documents, read_silver
from knowledge.merchants import load_merchants
from knowledge.taxonomy import load_taxonomy

ROOT = Path(__file__).parent.parent
_TOLD = 0.3
"""What a text of the knowledge tables counts beside a line's 1."""
_WEIGHTS = (0.2, 0.3, 0.5, 0.8)
_ASKED = tuple(step / 100 for step in range(20, 95, 5))
_COST = 0.02
"""Right answers that must be gained for each line that is asked about."""
_MOST = 0.15
"""Share of distinct texts that may be asked about."""

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Lines:
    """Held-out lines of merchants that the encoder never saw, decided by layer 2.

    Attributes:
        rows: The lines.
        evidence: What is known of each.
        text: The text model's probabilities in the light of the sign.
        heard: The head's.
        fold: Of each line; it is decided by trees that were fitted on the other folds.
        boosters: Those trees.
        frame: The taxonomy over the classes.
        profile: What all lines tell of each class.
    """

    rows: Sequence[Silver]
    evidence: Sequence[Evidence]
    text: Floats
    heard: Floats
    fold: npt.NDArray[np.int64]
    boosters: Sequence[Any]
    frame: Frame
    profile: Profile

    def choices(self, weight: float) -> list[Choice]:
        """What the trees say when the head counts so much."""
        text = together(self.text, self.heard, weight) if weight else self.text
        chosen = candidates(self.evidence, text, self.frame)
        table = features(self.evidence, chosen, text, self.frame, self.profile)
        raw = np.zeros(len(table))
        for n, booster in enumerate(self.boosters):
            inside = self.fold[chosen.line] == n
            if inside.any():
                raw[inside] = booster.predict(table[inside], raw_score=True)
        shares, classes = softmax(raw, chosen.edges).tolist(), chosen.classes.tolist()
        edges = chosen.edges.tolist()
        found = []
        for n, one in enumerate(self.evidence):
            part = slice(edges[n], edges[n + 1])
            found.append(settled(one, chosen.said[n], classes[part], shares[part], self.frame))
        return found

    def right(self, choices: Sequence[Choice]) -> Flags:
        """Which are right to the leaf."""
        return np.array([c.category == r.category for c, r in zip(choices, self.rows, strict=True)])


def _head(rows: Sequence[Silver], classes: Sequence[str]) -> tuple[Head, Floats]:
    """The head, and the vectors of all lines."""
    told = [(text, label) for text, label in dict.fromkeys(known()) if label in set(classes)]
    texts = dict.fromkeys([*(r.reading.text for r in rows), *(text for text, _ in told)])
    vectors = dict(zip(texts, encoder.load().encode(list(texts)), strict=True))
    learnt = [(r.reading.text, r.category) for r in rows if not held_out(r.group)]
    weights = [1.0] * len(learnt) + [_TOLD] * len(told)
    taught = [*learnt, *told]
    given = np.stack([vectors[text] for text, _ in taught])
    head = fit_head(given, [label for _, label in taught], weights)
    return head, np.stack([vectors[r.reading.text] for r in rows])


def _columns(head: Head, vectors: Floats, frame: Frame) -> Floats:
    said = head.probabilities(vectors)
    found = np.zeros((len(vectors), len(frame.classes)), np.float32)
    found[:, [frame.index[c] for c in head.classes]] = said
    return found


def _lines(rows: list[Silver], held: Held, head: Head, vectors: Floats, frame: Frame) -> _Lines:
    profile = profile_of(rows, frame.classes)
    table = table_of(held, frame, profile)
    count = int(held.fold.max()) + 1
    boosters = [fit_trees(table, held.fold[table.chosen.line] != n) for n in range(count)]
    kept = [n for n, row in enumerate(rows) if held_out(row.group)]
    evidence = [held.evidence[n] for n in kept]
    heard = in_light(_columns(head, vectors[kept], frame), evidence, frame)
    return _Lines(
        [rows[n] for n in kept],
        evidence,
        in_light(held.text[kept], evidence, frame),
        heard,
        held.fold[kept],
        boosters,
        frame,
        profile,
    )


def _facts(lines: _Lines) -> dict[str, Any]:
    """Weight, threshold and calibration, and the cost curve that they were read off."""
    before = lines.choices(0)
    sure = np.array([c.confidence for c in before])
    free = np.array([c.source != "rule" for c in before])
    right = lines.right(before)
    best: tuple[float, float, float] | None = None
    curve = []
    for weight in _WEIGHTS:
        after = lines.right(lines.choices(weight))
        for below in _ASKED:
            asked = free & (sure < below)
            texts = {lines.rows[n].reading.text for n in np.flatnonzero(asked).tolist()}
            share = len(texts) / len({row.reading.text for row in lines.rows})
            gain = float((after[asked].sum() - right[asked].sum()) - _COST * asked.sum())
            curve.append([weight, below, round(share, 4), round(_mixed(right, after, asked), 4)])
            if share <= _MOST and (best is None or gain > best[0]):
                best = gain, weight, below
    assert best is not None, "asking about nothing is within every limit"
    _, weight, below = best
    asked = free & (sure < below)
    choices = [c for c, may in zip(lines.choices(weight), asked, strict=True) if may]
    truth = lines.right(lines.choices(weight))[asked]
    weights = [lines.rows[n].weight for n in np.flatnonzero(asked).tolist()]
    fitted = isotonic([c.confidence for c in choices], truth.tolist(), weights, points=8)
    return {
        "weight": weight,
        "ask_below": below,
        "curve": [list(fitted.scores), list(fitted.values)],
        "before": round(float(right.mean()), 4),
        "after": round(_mixed(right, lines.right(lines.choices(weight)), asked), 4),
        "asked": round(float(asked.mean()), 4),
        "lines": len(lines.rows),
        "cost_curve": curve,
    }


def _mixed(before: Flags, after: Flags, asked: Flags) -> float:
    """Share of right lines when only some are asked about."""
    return float(np.where(asked, after, before).mean())


def main() -> None:
    """Fit on the repository's data and write beside the encoder."""
    base = load_merchants()
    index = MerchantIndex(base, common_words(merchant.name for merchant in base))
    rows = read_silver(ROOT / "data", index)
    known = knowledge_documents(rows)
    held = hold_out(rows, index, folds(rows), known, lambda line: print(line, flush=True))
    frame = Frame.of(held.classes, load_taxonomy())
    head, vectors = _head(rows, frame.classes)
    facts = _facts(_lines(rows, held, head, vectors, frame))
    head.save(encoder.FOLDER / HEAD)
    text = json.dumps(facts, indent=1, sort_keys=True)
    (encoder.FOLDER / FACTS).write_text(f"{text}\n", encoding="utf-8")
    print({k: v for k, v in facts.items() if k not in {"curve", "cost_curve"}})


if __name__ == "__main__":
    main()
