"""The category layers over lines that were read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from enrichment.category import (
    Evidence,
    Floats,
    Frame,
    Said,
    agreement,
    candidates,
    in_light,
    proposals,
)
from enrichment.choice import Choice, choose, softmax
from enrichment.features import features
from enrichment.models import Models
from enrichment.neighbours import together
from enrichment.third import Third
from knowledge.taxonomy import UNCATEGORISED


def choices_of(evidence: Sequence[Evidence], text: Floats, models: Models) -> list[Choice]:
    """Decides all lines by layers 1 and 2, those that they are unsure of by layer 3.

    Args:
        evidence: What is known of each line.
        text: The text model's probabilities, one row a line.
        models: The fitted parts.
    """
    if not evidence:
        return []
    raw = _layers_1_and_2(evidence, text, models)
    found = [_sure(choice, models) for choice in raw]
    third = models.third
    asked = [n for n, e in enumerate(evidence) if third and third.asks(raw[n], e)]
    if third and asked:
        lines = [evidence[n] for n in asked]
        for n, choice in zip(asked, by_third(lines, text[asked], models, third), strict=True):
            found[n] = choice._replace(confidence=third.curve(choice.confidence))
    told = [_worth_saying(choice, models.frame) for choice in found]
    return [_share(e, t, c, models.frame) for e, t, c in zip(evidence, text, told, strict=True)]


def _sure(choice: Choice, models: Models) -> Choice:
    """A choice with its confidence calibrated."""
    return choice._replace(confidence=models.curve(basis(choice))(choice.confidence))


_WORTH_SAYING = 0.25
"""A guess that is right less often than one time in four makes the sum that it is counted in wrong
more often than right: the payment is not categorised until somebody says what it was."""


def _worth_saying(choice: Choice, frame: Frame) -> Choice:
    """Leave a payment without a category where the guess is all but surely wrong."""
    guessed = choice.confidence < _WORTH_SAYING and not choice.inner and choice.source != "rule"
    if not guessed or frame.index.get(choice.category) not in frame.spending:
        return choice
    return choice._replace(category=UNCATEGORISED)


def by_third(
    evidence: Sequence[Evidence], text: Floats, models: Models, third: Third
) -> list[Choice]:
    """What the trees say once the small language model was heard, not calibrated."""
    heard = third.probabilities([e.reading.text for e in evidence], models.frame.classes)
    heard = in_light(heard, evidence, models.frame)
    found = raw_choices(evidence, together(text, heard, third.weight), models)
    return [choice._replace(source="slm") for choice in found]


def _layers_1_and_2(evidence: Sequence[Evidence], text: Floats, models: Models) -> list[Choice]:
    """What is plain by itself, and what the trees say of the rest."""
    found = unaided(evidence, text, models.frame)
    unsure = [n for n, choice in enumerate(found) if choice is None]
    if unsure:
        rest = [evidence[n] for n in unsure]
        for n, choice in zip(unsure, raw_choices(rest, text[unsure], models), strict=True):
            found[n] = choice
    return [choice for choice in found if choice is not None]


_CLEAR_BESIDE, _CLEAR_ALONE = 0.9, 0.98
"""From which probability on the text model's best class needs no trees: where another source says
the same, and where none says anything. On held-out lines, most of merchants not seen, the trees
chose otherwise on one of 200 of the first and on none of the others.
"""


def unaided(evidence: Sequence[Evidence], text: Floats, frame: Frame) -> list[Choice | None]:
    """What is said of lines that need no trees: a rule is decisive, or all sources agree.

    The trees all but never choose otherwise there, so asking them would only cost time.

    Args:
        evidence: What is known of each line.
        text: The text model's probabilities, one row a line.
        frame: The taxonomy over the classes.

    Returns:
        A choice, not calibrated, for each line; None for one that the trees are to decide.
    """
    best = text.argmax(axis=1).tolist()
    sure = np.maximum.reduce(text, axis=1).tolist()
    return [
        _by_rule(e) or (_clear(e, b, p, frame) if p >= _CLEAR_BESIDE else None)
        for e, b, p in zip(evidence, best, sure, strict=True)
    ]


def _clear(evidence: Evidence, best: int, sure: float, frame: Frame) -> Choice | None:
    """The text model's best class, if no other source says another."""
    category = frame.classes[best]
    said = [source for source in proposals(evidence) if source]
    if not said and sure < _CLEAR_ALONE:
        return None
    if not all(agreement(source, category) >= _SAME for source in said):
        return None
    return Choice(category, sure, "rule" if category in said else "trees", clear=True)


def raw_choices(evidence: Sequence[Evidence], text: Floats, models: Models) -> list[Choice]:
    """Scores all candidates of all lines in one go and chooses."""
    assert models.trees is not None, "a published model has its trees"
    frame = models.frame
    chosen = candidates(evidence, text, frame)
    table = features(evidence, chosen, text, frame, models.profile)
    raw = models.trees.scores(table)
    shares, classes = softmax(raw, chosen.edges).tolist(), chosen.classes.tolist()
    edges = chosen.edges.tolist()
    parts = [slice(*pair) for pair in pairwise(edges)]
    return [
        settled(e, said, classes[part], shares[part], frame)
        for e, said, part in zip(evidence, chosen.said, parts, strict=True)
    ]


_DECISIVE = 0.95
_SAME = 0.8
"""The agreement of a class with a source that says its parent."""
_FOR_MANY_PURPOSES = ("shopping.marketplace", "shopping.stores", "health.pharmacy")
"""Shops of everything: what was bought there, and what for, no line tells."""


def basis(choice: Choice) -> str:
    """The choices that a category's confidence was measured on, by their source."""
    if choice.inner:
        return "category_inner"
    if choice.source == "rule" and choice.category.startswith(_FOR_MANY_PURPOSES):
        return "category_rule_mixed"
    return f"category_{'clear_' if choice.clear else ''}{choice.source}"


def settled(
    evidence: Evidence, said: Said, chosen: Sequence[int], shares: Sequence[float], frame: Frame
) -> Choice:
    """What a rule says that is all but never wrong, else the likeliest candidate."""
    return _by_rule(evidence) or choose(evidence, said, chosen, shares, frame)


def _by_rule(evidence: Evidence) -> Choice | None:
    """What a rule says that is all but never wrong."""
    rule = evidence.rule
    if rule is None or rule.sure < _DECISIVE:
        return None
    return Choice(rule.category, rule.sure, "rule")


SHARED = re.compile(r"\b(?:bill[sz]?|half|share|split|owe[ds]?|pay ?back|rest of)\b", re.IGNORECASE)
"""What friends write who pay their part."""


def _share(evidence: Evidence, text: Floats, choice: Choice, frame: Frame) -> Choice:
    """A friend's share of something that was paid for them is money back.

    The taxonomy's conventions say so; they outrank what single training lines call it.
    """
    reading = evidence.reading
    if not reading.purpose or evidence.minor <= 0 or reading.line.rail == "standing_order":
        return choice
    if choice.category not in {"transfers.person", "income.money_back.refund"}:
        return choice
    back = float(text[frame.index["income.money_back.refund"]])
    person = float(text[frame.index["transfers.person"]])
    if SHARED.search(reading.line.memo):
        back += 0.5
    sure = max(back, person) / (back + person + 1e-9)
    category = "income.money_back.refund" if back > person else "transfers.person"
    return Choice(category, 0.9 * sure, "rule")
