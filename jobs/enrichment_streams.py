"""Whether a chain of rows is a stream: fitted and calibrated on drawn histories."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from enrichment.confidence import Curve
from enrichment.counterparty import MerchantIndex, common_words
from enrichment.models import STREAMS_FILE
from enrichment.recurring import Item, chains_of
from enrichment.streams import Known, grouped, said_recurring, stream_features
from jobs.curves import isotonic
from jobs.enrichment_text import Silver, read_silver
from jobs.histories import Drawn, histories
from knowledge.merchants import load_merchants, slug
from ledger.types import Transaction

PEOPLE = 200
CURVES_FILE = "curves.json"
_BOOST = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 8, "min_data_in_leaf": 15,
    "lambda_l2": 2.0, "num_threads": 1, "deterministic": True, "seed": 7, "verbose": -1,
    "monotone_constraints": [1, 0, 0, 1, -1, 1, -1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0],
}  # fmt: skip
# More of what speaks for a stream never speaks against it, see `stream_features`.
_JACCARD = 0.6
_NOISE = 0.1
"""Share of categories that the model will have got wrong by the time streams are looked for."""


@dataclass
class Chains:
    """Chains found in drawn histories.

    Attributes:
        features: Of each chain.
        true: Whether it is a true stream.
        person: Whose it is.
        rows: How many rows it has, and how many of them belong to some true stream.
    """

    features: list[list[float]]
    true: list[bool]
    person: list[int]
    rows: list[tuple[int, int]]


def known_of(row: Drawn, wrong: str | None) -> Known:
    """What the pipeline would know of a drawn row."""
    line = row.line
    transaction = Transaction(
        row.id, row.account, row.on, line.description, row.minor, line.currency
    )
    return Known(
        row=transaction,
        counterparty=line.counterparty or None,
        counterparty_id=slug(line.counterparty or line.reading.shown) or None,
        category=wrong or line.category,
        rail=line.reading.line.rail,
        said=said_recurring(line.description),
    )


def chains_in(
    silver: Sequence[Silver], people: int, rates: Mapping[str, float], seed: int = 7
) -> Chains:
    """Draws histories and finds their chains."""
    found = Chains([], [], [], [])
    draw = np.random.default_rng(seed)
    for number, rows in enumerate(histories(silver, people, seed)):
        truth: dict[str, set[str]] = {}
        for row in rows:
            if row.stream:
                truth.setdefault(row.stream, set()).add(row.id)
        recurs = {id_ for ids in truth.values() for id_ in ids}
        mistaken = {
            row.line.description: silver[int(draw.integers(len(silver)))].category
            for row in rows
            if draw.random() < _NOISE
        }
        known = [known_of(row, mistaken.get(row.line.description)) for row in rows]
        for group in grouped(known):
            by_id = {k.row.id: k for k in group}
            items = [Item(k.row.id, k.row.booked, k.row.minor) for k in group]
            for chain in chains_of(items):
                ids = {item.id for item in chain.items}
                best = max((len(ids & t) / len(ids | t) for t in truth.values()), default=0.0)
                inside = [by_id[item.id] for item in chain.items]
                found.features.append(stream_features(chain, inside, rates))
                found.true.append(best >= _JACCARD)
                found.person.append(number)
                found.rows.append((len(ids), len(ids & recurs)))
    return found


def fit_streams(
    silver: Sequence[Silver], rates: Mapping[str, float], people: int = PEOPLE
) -> tuple[Any, dict[str, Curve]]:
    """The stream booster and calibration of streams and rows, on people not fitted on."""
    chains = chains_in(silver, people, rates)
    values, truth = np.array(chains.features, np.float32), np.array(chains.true)
    odd = np.array(chains.person) % 4 > 1
    held = np.zeros(len(truth))
    for part in (odd, ~odd):
        held[part] = _boost(values[~part], truth[~part]).predict(values[part])
    scores = list(held)
    # A chain counts once among streams, among rows as often as it has rows.
    yes = [float(good) for _, good in chains.rows]
    no = [float(count - good) for count, good in chains.rows]
    both = [True] * len(yes) + [False] * len(no)
    return _boost(values, truth), {
        "stream": isotonic(scores, list(truth)),
        "recurring": isotonic(scores + scores, both, weights=yes + no),
    }


def _boost(values: npt.NDArray[np.float32], truth: npt.NDArray[np.bool_]) -> Any:
    data = lightgbm.Dataset(values, truth.astype(np.float32))
    return lightgbm.train(_BOOST, data, num_boost_round=90)


def main(data_dir: Path, out: Path, extra: Sequence[Path]) -> None:
    """Fits from the files and writes the booster and the curves, for another process to read.

    Args:
        data_dir: Holds `silver/`.
        out: Folder that is there.
        extra: Silver files besides.
    """
    from jobs.enrichment_fit import recurring_rates  # noqa: PLC0415 - they call one another

    base = load_merchants()
    rows = read_silver(data_dir, MerchantIndex(base, common_words(m.name for m in base)), extra)
    booster, curves = fit_streams(rows, recurring_rates(rows))
    booster.save_model(str(out / STREAMS_FILE))
    points = {name: [list(curve.scores), list(curve.values)] for name, curve in curves.items()}
    (out / CURVES_FILE).write_text(json.dumps(points), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
