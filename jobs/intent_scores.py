"""What the layers say of the golden messages, and how right they are."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from jobs.golden import Golden
from nlu.intents import OUT
from nlu.normalise import normalise
from nlu.types import Previous, Understanding
from regex_bootstrap.vote import Teacher

_BINS = 15
_SHORT, _LONG = 3, 10
"""Words up to which a message is short, and from which on it is long."""
_MISSPELT = 1 / 3
_VOWELS = "aeiou"

Reader = Callable[[str, Previous | None], Understanding]


@dataclass(frozen=True)
class Said:
    """What a layer said of one golden message.

    Attributes:
        row: The message.
        intent: The layer's answer; an abstention is ``out_of_scope``.
        confidence: How sure it is, 0 to 1.
        answered: False for an abstention or ``unsure``.
    """

    row: Golden
    intent: str
    confidence: float
    answered: bool

    @property
    def right(self) -> bool:
        """Whether the answer is the label."""
        return self.intent == self.row.intent


@dataclass(frozen=True)
class Scores:
    """Figures of one layer, shares from 0 to 1.

    Attributes:
        accuracy: Of all messages.
        macro_f1: The mean of the intents' F1.
        coverage: Share of the messages that were answered.
        precision: Share of the answers that are right.
        out_recall: Share of the out-of-scope messages that are called so.
        out_precision: Share of what is called out of scope that is.
        calibration_error: Expected, over 15 bins.
    """

    messages: int
    accuracy: float
    macro_f1: float
    coverage: float
    precision: float
    out_recall: float
    out_precision: float
    calibration_error: float


def by_teacher(teacher: Teacher, rows: Sequence[Golden], mend: Callable[[str], str]) -> list[Said]:
    """What the patterns say.

    Args:
        teacher: The patterns.
        rows: The messages.
        mend: Mends misspelt words of a normal form, as ``florin label`` does.
    """
    said = []
    for row in rows:
        label = teacher.label(mend(normalise(row.text)))
        answered = label.intent is not None
        said.append(Said(row, label.intent or OUT, label.confidence, answered))
    return said


def by_reader(read: Reader, rows: Sequence[Golden]) -> list[Said]:
    """What a model says."""
    said = []
    for row in rows:
        found = read(row.text, row.previous)
        answered = found.route != "unsure"
        said.append(Said(row, found.intent.name, found.intent.confidence, answered))
    return said


def score(said: Sequence[Said]) -> Scores:
    """Return the figures of one layer."""
    right = [one.right for one in said]
    answered = [one for one in said if one.answered]
    out = [one for one in said if one.row.intent == OUT]
    called = [one for one in said if one.intent == OUT]
    return Scores(
        messages=len(said),
        accuracy=_share(right),
        macro_f1=float(np.mean([row["f1-score"] for row in per_intent(said).values()] or [0.0])),
        coverage=len(answered) / max(len(said), 1),
        precision=_share([one.right for one in answered]),
        out_recall=_share([one.right for one in out]),
        out_precision=_share([one.right for one in called]),
        calibration_error=calibration_error(said),
    )


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / max(len(flags), 1)


def per_intent(said: Sequence[Said]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of each intent, named as ``rasa test nlu`` names them."""
    truth = Counter(one.row.intent for one in said)
    called = Counter(one.intent for one in said)
    hits = Counter(one.intent for one in said if one.right)
    found = {}
    for intent in sorted(truth):
        precision = hits[intent] / called[intent] if called[intent] else 0.0
        recall = hits[intent] / truth[intent]
        total = precision + recall
        found[intent] = {
            "precision": precision,
            "recall": recall,
            "f1-score": 2 * precision * recall / total if total else 0.0,
            "support": truth[intent],
        }
    return found


def calibration_error(said: Sequence[Said]) -> float:
    """Mean gap between confidence and accuracy, bins weighted by size (Naeini et al. 2015)."""
    bins: dict[int, list[Said]] = {}
    for one in said:
        bins.setdefault(min(int(one.confidence * _BINS), _BINS - 1), []).append(one)
    return sum(len(rows) * _gap(rows) for rows in bins.values()) / max(len(said), 1)


def _gap(rows: Sequence[Said]) -> float:
    confidence = float(np.mean([one.confidence for one in rows]))
    return abs(_share([one.right for one in rows]) - confidence)


def confusions(said: Sequence[Said]) -> list[tuple[str, str, int]]:
    """Pairs (label, answer, count) that were mixed up, the most frequent first."""
    pairs = Counter((one.row.intent, one.intent) for one in said if not one.right)
    return [(truth, answer, count) for (truth, answer), count in pairs.most_common()]


def slices(said: Sequence[Said]) -> dict[str, dict[str, Any]]:
    """Accuracy by region, length and tag."""
    groups: dict[str, list[bool]] = {}
    for one in said:
        words = len(one.row.text.split())
        length = "short" if words <= _SHORT else "long" if words >= _LONG else "middle"
        for name in (one.row.locale, length, *one.row.tags):
            groups.setdefault(name, []).append(one.right)
    return {
        name: {"messages": len(flags), "accuracy": _share(flags)}
        for name, flags in sorted(groups.items())
    }


def misspelt(rows: Sequence[Golden], seed: int = 5) -> list[Golden]:
    """The messages with a third of the words misspelt, by rules that training does not use.

    Training slips on single keys; here a word loses its vowels but the first, has two letters
    turned round at its start, or runs into the next one.
    """
    rng = random.Random(seed)  # noqa: S311 - draws test messages
    return [_reworded(row, _misspelt(row.text, rng)) for row in rows]


def _reworded(row: Golden, text: str) -> Golden:
    return Golden(
        **{**{name: getattr(row, name) for name in row.__dataclass_fields__}, "text": text}
    )


def _misspelt(text: str, rng: random.Random) -> str:
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for at in rng.sample(long, min(len(long), round(len(words) * _MISSPELT))):
        words[at] = _mangled(words[at], rng)
    return " ".join(words)


def _mangled(word: str, rng: random.Random) -> str:
    kind = rng.randrange(4)
    if kind == 0:
        return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
    if kind == 1:
        return word[1] + word[0] + word[2:]
    if kind == 2:
        at = rng.randrange(1, len(word) - 1)
        return word[:at] + rng.choice("etaoinsr") + word[at + 1 :]
    return word + rng.choice(("e", "s", word[-1], "x"))


def as_json(scores: Scores) -> Mapping[str, float]:
    """The figures by name."""
    return asdict(scores)
