"""Whether a chain of rows is a stream: fitted and calibrated on drawn histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from enrichment.confidence import Curve
from enrichment.models import Models
from enrichment.recurring import Item, chains_of
from enrichment.streams import Known, grouped, said_recurring, stream_features
from jobs.enrichment_text import Silver
from jobs.histories import Drawn, histories
from knowledge.merchants import slug
from ledger.types import Transaction

PEOPLE = 200
_BOOST = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 8, "min_data_in_leaf": 15,
    "lambda_l2": 2.0, "num_threads": 1, "deterministic": True, "seed": 7, "verbose": -1,
}  # fmt: skip
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


def chains_in(silver: Sequence[Silver], people: int, models: Models, seed: int = 7) -> Chains:
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
            for chain in chains_of(items) if len(items) > 1 else ():
                ids = {item.id for item in chain.items}
                best = max((len(ids & t) / len(ids | t) for t in truth.values()), default=0.0)
                inside = [by_id[item.id] for item in chain.items]
                found.features.append(stream_features(chain, inside, models))
                found.true.append(best >= _JACCARD)
                found.person.append(number)
                found.rows.append((len(ids), len(ids & recurs)))
    return found


def fit_streams(
    silver: Sequence[Silver], models: Models, people: int = PEOPLE
) -> tuple[Any, dict[str, Curve]]:
    """The stream booster and calibration of streams and rows, on people not fitted on."""
    from jobs.enrichment_fit import isotonic  # noqa: PLC0415 - they call one another

    chains = chains_in(silver, people, models)
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
