"""The fitted parts of enrichment, loaded from one published folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from enrichment.category import Frame, Profile
from enrichment.confidence import Curve, Logistic
from enrichment.counterparty import MerchantIndex, common_words
from enrichment.text_model import TextModel
from enrichment.third import Third, load_third
from enrichment.trees import Trees, TreesError
from knowledge.merchants import Merchant, load_merchants
from knowledge.taxonomy import Taxonomy, load_taxonomy

TEXT_FILE = "text.npz"
TREES_FILE = "trees.txt"
STREAMS_FILE = "streams.txt"
FACTS_FILE = "facts.json"


_LEVEL = Curve((), ())


class BrokenModelError(RuntimeError):
    """A model folder that lacks a file or holds one of another version."""


@dataclass(frozen=True)
class Models:
    """Everything that `enrichment.pipeline.enrich` needs.

    Attributes:
        name: The content hash under which the folder is published.
        text: The hashed n-gram model.
        trees: The LightGBM booster that scores candidates; None while it is being fitted.
        profile: What the training lines tell of each class.
        learned: Merchants of the training lines.
        curves: Calibration by attribute and what an answer rests on: `category_rule`,
            `counterparty_merchants`, `location_town_GBP` and so on.
        match: Whether a merchant found in a name is right, by features of the match.
        named: Whether a name read off the line is the counterparty's.
        essential_rate: Share of essential lines by category.
        recurring_rate: Share of recurring lines by category.
        streams: The booster that tells whether a chain of rows is a stream; None while fitting.
        third: Layer 3; None while fitting, and where none was released.
    """

    name: str
    text: TextModel
    trees: Trees | None
    profile: Profile
    learned: tuple[Merchant, ...]
    curves: Mapping[str, Curve]
    match: Logistic
    named: Logistic
    essential_rate: Mapping[str, float]
    recurring_rate: Mapping[str, float]
    streams: Trees | None
    third: Third | None = None

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy."""
        return load_taxonomy()

    @cached_property
    def frame(self) -> Frame:
        """The taxonomy over the text model's classes."""
        return Frame.of(self.text.classes, self.taxonomy)

    @cached_property
    def index(self) -> MerchantIndex:
        """The merchant base."""
        base = load_merchants()
        return MerchantIndex(base, common_words(m.name for m in base))

    @cached_property
    def learned_index(self) -> MerchantIndex:
        """The merchants of the training lines."""
        return MerchantIndex(self.learned, self.index.common)

    def curve(self, *names: str) -> Curve:
        """The first calibration that was fitted of these; none leaves scores as they are."""
        for name in names:
            if name in self.curves:
                return self.curves[name]
        return _LEVEL


def _logistic(raw: Any) -> Logistic | None:
    return Logistic(tuple(raw["weights"]), raw["bias"]) if raw else None


def load(folder: Path) -> Models:
    """Loads the models of a folder.

    Raises:
        BrokenModelError: A file is missing or cannot be read.
    """
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        text = TextModel.load(folder / TEXT_FILE)
        trees = Trees(folder / TREES_FILE)
        streams = Trees(folder / STREAMS_FILE)
    except (OSError, ValueError, KeyError, TreesError) as error:
        raise BrokenModelError(
            f"The enrichment model in {folder} cannot be read ({type(error).__name__}); "
            "train it again with `florin train enrichment`."
        ) from error
    profile = Profile(*(np.array(facts["profile"][k], dtype=np.float32) for k in facts["profile"]))
    match = _logistic(facts["match"])
    named = _logistic(facts["named"])
    if match is None or named is None:
        raise BrokenModelError(f"The enrichment model in {folder} lacks its merchant match.")
    return Models(
        name=folder.name,
        text=text,
        trees=trees,
        profile=profile,
        learned=tuple(
            Merchant(m[0], m[1], tuple(m[2]), m[3], m[4], None, ()) for m in facts["learned"]
        ),
        curves={k: Curve(tuple(c[0]), tuple(c[1])) for k, c in facts["curves"].items()},
        match=match,
        named=named,
        essential_rate=facts["essential_rate"],
        recurring_rate=facts["recurring_rate"],
        streams=streams,
        third=load_third(),
    )
