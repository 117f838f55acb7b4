"""Fits everything that enrichment serves with, from silver lines and the knowledge tables."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from enrichment.bank_lines import bank_line
from enrichment.category import (
    Candidates,
    Evidence,
    Frame,
    Profile,
    candidates,
    in_light,
)
from enrichment.choice import softmax
from enrichment.confidence import Curve, Logistic
from enrichment.counterparty import Found, MerchantIndex, common_words, learned
from enrichment.decide import COLLECTORS, trusted
from enrichment.features import features
from enrichment.layers import basis, settled, unaided
from enrichment.models import FACTS_FILE, STREAMS_FILE, TEXT_FILE, TREES_FILE, Models
from enrichment.text_model import TextModel
from jobs.curves import beta
from jobs.enrichment_names import fit_match, fit_named
from jobs.enrichment_text import (
    Documents,
    Silver,
    fit_text,
    knowledge_documents,
    read_silver,
    silver_documents,
)
from jobs.errors import StreamsFitError
from knowledge.merchants import Merchant, load_merchants
from knowledge.taxonomy import load_taxonomy

Floats = npt.NDArray[np.float32]
Progress = Callable[[str], None]
_ROOT = Path(__file__).resolve().parent.parent

_TREES = {
    "objective": "binary", "learning_rate": 0.1, "num_leaves": 24, "min_data_in_leaf": 20,
    "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 2.0,
    "num_threads": 1, "deterministic": True, "seed": 7, "verbose": -1,
}  # fmt: skip
_ROUNDS = 110
FOLDS = 5
_SEEN_SHARE = 0.4
"""Share of the merchants whose lines are held out one by one, so that what is fitted knows their
other lines, as in use it knows most merchants; the rest are held out whole, as never seen."""
_MET = 50
"""Drawn people that tell how often lines of each kind are met."""


@dataclass
class Held:
    """What held-out lines look like to the later stages."""

    rows: list[Silver]
    evidence: list[Evidence]
    text: Floats
    fold: npt.NDArray[np.int64]
    classes: tuple[str, ...]


def folds(rows: Sequence[Silver], count: int = FOLDS, seed: int = 7) -> npt.NDArray[np.int64]:
    """A fold for each line; the lines of one merchant share theirs but for `_SEEN_SHARE`."""
    groups = sorted({row.group for row in rows})
    draw = np.random.default_rng(seed)
    drawn = draw.integers(0, count, len(groups))
    number = dict(zip(groups, drawn, strict=True))
    seen = dict(zip(groups, draw.random(len(groups)) < _SEEN_SHARE, strict=True))
    alone = draw.integers(0, count, len(rows))
    return np.array(
        [
            own if seen[row.group] else number[row.group]
            for row, own in zip(rows, alone, strict=True)
        ]
    )


def learned_merchants(rows: Iterable[Silver], index: MerchantIndex) -> list[Merchant]:
    """Merchants of the lines; one that the base has keeps the base's id and name.

    A line that begins with a collector is no spelling of whom it was collected for.
    """
    entries = []
    for row in rows:
        begins = row.reading.merchant
        if not row.counterparty or row.reading.purpose or (begins and begins.id in COLLECTORS):
            continue
        base = index.exact(row.counterparty)
        name = base.name if base else row.counterparty
        spelling = row.reading.shown
        entries.append((spelling, name, row.category, row.website, ""))
    return learned(entries)


def evidence_of(row: Silver, found: Found | None) -> Evidence:
    """What a silver line shows."""
    rule = bank_line(
        row.reading, row.description, inflow=row.minor > 0, account_type=row.account_type
    )
    return Evidence(row.reading, found, rule, "", row.minor, row.account_type)


def hold_out(
    rows: list[Silver],
    index: MerchantIndex,
    fold: npt.NDArray[np.int64],
    extra: Documents,
    progress: Progress,
) -> Held:
    """Text probabilities and learned merchants of each line from the other folds only."""
    frame_classes: tuple[str, ...] = ()
    text: Floats | None = None
    evidence: list[Evidence | None] = [None] * len(rows)
    for n in range(FOLDS):
        progress(f"held-out text model {n + 1} of {FOLDS}")
        inside = [row for row, f in zip(rows, fold, strict=True) if f != n]
        model = fit_text(silver_documents(inside).plus(extra), epochs=6)
        others = MerchantIndex(learned_merchants(inside, index), index.common)
        places = np.flatnonzero(fold == n)
        probabilities = model.probabilities(silver_documents([rows[p] for p in places]).features)
        if text is None:
            frame_classes, text = (
                model.classes,
                np.zeros((len(rows), len(model.classes)), np.float32),
            )
        assert frame_classes == model.classes, "the knowledge tables name every class"
        text[places] = probabilities
        for p in places:
            row = rows[p]
            found = None if row.reading.purpose else others.find(row.reading.lookup)
            evidence[p] = evidence_of(row, found)
    assert text is not None
    return Held(rows, [e for e in evidence if e is not None], text, fold, frame_classes)


def profile_of(rows: Sequence[Silver], classes: Sequence[str]) -> Profile:
    """Shares, amounts and signs of each class."""
    sizes: dict[str, list[float]] = {c: [] for c in classes}
    inflow: dict[str, list[float]] = {c: [] for c in classes}
    for row in rows:
        sizes[row.category].append(np.log1p(abs(row.minor) / 100))
        inflow[row.category].append(float(row.minor > 0))
    pairs = [(sizes[c], inflow[c]) for c in classes]
    return Profile(
        prior=np.array(
            [np.log((len(s) + 1) / (len(rows) + len(classes))) for s, _ in pairs], np.float32
        ),
        mean=np.array([np.mean(s) if s else 3.5 for s, _ in pairs], np.float32),
        spread=np.array([np.std(s) + 0.3 if len(s) > 1 else 1.5 for s, _ in pairs], np.float32),
        inflow=np.array([(sum(i) + 0.3) / (len(i) + 1) for _, i in pairs], np.float32),
    )


@dataclass
class Table:
    """Candidates of many lines as one matrix."""

    values: Floats
    right: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    chosen: Candidates


def table_of(held: Held, frame: Frame, profile: Profile) -> Table:
    """The candidates of every held-out line, with which of them is right."""
    text = in_light(held.text, held.evidence, frame)
    chosen = candidates(held.evidence, text, frame)
    values = features(held.evidence, chosen, text, frame, profile)
    wanted = np.array([frame.index[row.category] for row in held.rows])
    right = (chosen.classes == wanted[chosen.line]).astype(np.float32)
    return Table(values, right, _met_shares(held)[chosen.line], chosen)


_BRAND = 0.3


def _met_shares(held: Held) -> npt.NDArray[np.float32]:
    """What each line counts for the trees: a brand held out less, since in use the tables have it.

    What no table knows is mostly independents then. On those this lifts the held-out leaf by one
    point.
    """
    new = np.array([e.reading.found is None and e.learned is None for e in held.evidence])
    brand = np.array([bool(row.website) for row in held.rows])
    return np.where(new & brand, _BRAND, 1.0).astype(np.float32)


def fit_trees(table: Table, rows: npt.NDArray[np.bool_]) -> Any:
    """Fits the booster on the candidates of some lines."""
    data = lightgbm.Dataset(
        table.values[rows], table.right[rows], weight=table.weights[rows], free_raw_data=True
    )
    return lightgbm.train(_TREES, data, num_boost_round=_ROUNDS)


Outcomes = dict[str, list[tuple[float, bool, float]]]
"""Confidence, truth and weight of answers, by the curve that they are calibrated with."""


def _crossed(table: Table, held: Held, frame: Frame, weights: Sequence[float]) -> Outcomes:
    """Each line's choice by trees of the other folds, whether it is right, and what it counts."""
    raw, chosen = np.zeros(len(table.right)), table.chosen
    for n in range(FOLDS):
        inside = held.fold[chosen.line] == n
        raw[inside] = fit_trees(table, ~inside).predict(table.values[inside], raw_score=True)
    shares, classes = softmax(raw, chosen.edges).tolist(), chosen.classes.tolist()
    edges = chosen.edges.tolist()
    plain = unaided(held.evidence, in_light(held.text, held.evidence, frame), frame)
    found: Outcomes = {}
    for n, (row, evidence) in enumerate(zip(held.rows, held.evidence, strict=True)):
        inside = slice(edges[n], edges[n + 1])
        choice = plain[n] or settled(
            evidence, chosen.said[n], classes[inside], shares[inside], frame
        )
        right = choice.category == row.category or (
            choice.inner and row.category.startswith(f"{choice.category}.")
        )
        outcome = choice.confidence, right, weights[n]
        found.setdefault(basis(choice), []).append(outcome)
    return found


def rates(
    rows: Sequence[Silver],
    value: Callable[[Silver], bool],
    prior: Callable[[str], float],
    weight: float,
) -> dict[str, float]:
    """Share of a yes by category and its parents, drawn towards a prior where lines are few."""
    yes: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in rows:
        parts = row.category.split(".")
        for depth in range(1, len(parts) + 1):
            id_ = ".".join(parts[:depth])
            seen[id_] += 1
            yes[id_] += value(row)
    return {id_: (yes[id_] + weight * prior(id_)) / (n + weight) for id_, n in sorted(seen.items())}


def _essential_prior(category: str) -> float:
    return {"yes": 0.95, "no": 0.05, "depends": 0.5}[load_taxonomy().essential(category)]


def fit(data_dir: Path, folder: Path, progress: Progress, extra: Sequence[Path] = ()) -> None:
    """Fits all parts and writes them into a folder.

    Args:
        data_dir: Holds `silver/`.
        folder: Where the model's files go.
        progress: Called with what is being done.
        extra: Silver files besides those of `data_dir`.
    """
    from jobs.enrichment_streams import CURVES_FILE  # noqa: PLC0415 - they call one another

    with tempfile.TemporaryDirectory() as scratch:
        files = [path.resolve() for path in (data_dir, Path(scratch), *extra)]
        command = [sys.executable, "-m", "jobs.enrichment_streams", *files]
        # Streams need nothing of the rest: a second core draws and fits them meanwhile.
        with subprocess.Popen([str(part) for part in command], cwd=_ROOT) as drawing:  # noqa: S603
            models, trees = _fit_lines(data_dir, extra, progress)
            progress("streams of drawn histories")
        if drawing.returncode != 0:
            raise StreamsFitError(drawing.returncode)
        curves = json.loads((Path(scratch) / CURVES_FILE).read_text(encoding="utf-8"))
        streams = (Path(scratch) / STREAMS_FILE).read_text(encoding="utf-8")
    fitted = {name: Curve(tuple(x), tuple(y)) for name, (x, y) in curves.items()}
    write(replace(models, curves={**models.curves, **fitted}), folder)
    trees.save_model(str(folder / TREES_FILE))
    (folder / STREAMS_FILE).write_text(streams, encoding="utf-8")


def recurring_rates(rows: Sequence[Silver]) -> dict[str, float]:
    """Share of recurring lines by category."""
    return rates(rows, lambda r: r.recurring, lambda _: 0.3, 2.0)


def _fit_lines(data_dir: Path, extra: Sequence[Path], progress: Progress) -> tuple[Models, Any]:
    """All that single lines teach: the models without streams, and the trees."""
    from jobs.enrichment_calibrate import (  # noqa: PLC0415 - they call one another
        calibrate,
        visits,
    )

    progress("reading training lines")
    base = load_merchants()
    index = MerchantIndex(base, common_words(m.name for m in base))
    rows = read_silver(data_dir, index, extra)
    known = knowledge_documents(rows)
    held = hold_out(rows, index, folds(rows), known, progress)
    progress("text model")
    text = fit_text(silver_documents(rows).plus(known))
    frame = Frame.of(text.classes, load_taxonomy())
    models = _draft(rows, text, index)
    models = replace(models, match=fit_match(held, models), named=fit_named(held, models))
    held.evidence = [trusted(e, t, models) for e, t in zip(held.evidence, held.text, strict=True)]
    progress("trees")
    table = table_of(held, frame, models.profile)
    trees = fit_trees(table, np.ones(len(table.right), dtype=bool))
    met = visits(rows, _MET)
    crossed = _crossed(table, held, frame, met)
    rights = [right for part in crossed.values() for _, right, _ in part]
    share = sum(rights) / len(rights)
    progress(f"held-out silver lines, most of merchants not seen: {100 * share:.1f} % leaf right")
    progress("calibration")
    by_basis = {name: beta(part) for name, part in sorted(crossed.items())}
    curves = {**by_basis, **calibrate(held, models, met)}
    return replace(models, curves=curves), trees


def _draft(rows: Sequence[Silver], text: TextModel, index: MerchantIndex) -> Models:
    """The models before trees, matches and calibration."""
    return Models(
        name="draft",
        text=text,
        trees=None,
        profile=profile_of(rows, text.classes),
        learned=tuple(learned_merchants(rows, index)),
        curves={},
        match=Logistic((0.0,) * 15, 0.0),
        named=Logistic((0.0,) * 19, 0.0),
        essential_rate=rates(rows, lambda r: r.essential, _essential_prior, 2.0),
        recurring_rate=recurring_rates(rows),
        streams=None,
    )


def write(models: Models, folder: Path) -> None:
    """Writes the models as `enrichment.models.load` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    models.text.save(folder / TEXT_FILE)
    facts: Mapping[str, Any] = {
        "profile": {
            name: [round(float(v), 5) for v in getattr(models.profile, name)]
            for name in ("prior", "mean", "spread", "inflow")
        },
        "learned": [[m.id, m.name, list(m.aliases), m.category, m.website] for m in models.learned],
        "curves": {k: [list(c.scores), list(c.values)] for k, c in models.curves.items()},
        "match": {"weights": list(models.match.weights), "bias": models.match.bias},
        "named": {"weights": list(models.named.weights), "bias": models.named.bias},
        "essential_rate": models.essential_rate,
        "recurring_rate": models.recurring_rate,
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")
