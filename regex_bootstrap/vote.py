"""The teacher: patterns vote, a label model weighs them, a conflict or nothing is an abstention.

The accuracy of each pattern is learnt without gold labels from how it agrees with the others, in
the manner of Dawid and Skene (1979) and data programming (Ratner et al. 2016): expectation of the
true intent under today's accuracies, then each pattern's mean expectation as its accuracy, again
until it settles.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from regex_bootstrap.catalog import Catalog
from regex_bootstrap.patterns import Pattern, PatternSet, patterns_of

_PRIOR_RIGHT, _PRIOR_WRONG = 9.0, 1.0
"""What is believed of a pattern before it was seen: right in nine of ten votes."""
_ROUNDS = 10
_REMEMBERED = 20_000
_CERTAIN = 0.6
"""The least posterior that is a label; two equal patterns in conflict have 0.5 each."""


@dataclass(frozen=True)
class Label:
    """What the teacher says of a message.

    Attributes:
        intent: The label, or None where it abstains.
        confidence: The posterior of the likeliest intent; 0 where nothing voted.
        votes: The numbers of the patterns that voted.
    """

    intent: str | None
    confidence: float
    votes: tuple[int, ...]


class Teacher:
    """The patterns with the weight that each has.

    Args:
        patterns: The compiled rules.
        accuracies: One per rule, 0 to 1; None where nothing was learnt yet.
    """

    def __init__(self, patterns: PatternSet, accuracies: Sequence[float] | None = None) -> None:
        self.patterns = patterns
        prior = _PRIOR_RIGHT / (_PRIOR_RIGHT + _PRIOR_WRONG)
        self.accuracies = list(accuracies or [prior] * len(patterns.patterns))
        # The same few rules vote together again and again.
        self._judged = lru_cache(_REMEMBERED)(self._judge)

    @classmethod
    def of(cls, catalog: Catalog) -> "Teacher":
        """Return a teacher that trusts all patterns of a catalog alike."""
        return cls(PatternSet(patterns_of(catalog)))

    @classmethod
    def read(cls, file: Path) -> "Teacher":
        """Read a teacher that ``write`` stored beside a model.

        Raises:
            OSError: The file cannot be read.
            ValueError: It holds no rules.
        """
        rows = json.loads(file.read_text(encoding="utf-8"))
        rules = [Pattern(row["intent"], row["text"], row["counter"]) for row in rows]
        return cls(PatternSet(rules), [row["accuracy"] for row in rows])

    def write(self, file: Path) -> None:
        """Store the rules with what was learnt of each."""
        rules = zip(self.patterns.patterns, self.accuracies, strict=True)
        rows = [{**asdict(rule), "accuracy": accuracy} for rule, accuracy in rules]
        file.write_text(json.dumps(rows), encoding="utf-8")

    def learn(self, normals: Iterable[str]) -> "Teacher":
        """Return a teacher whose accuracies were learnt from unlabelled messages."""
        seen = Counter(tuple(self.patterns.votes(text)) for text in normals)
        seen.pop((), None)
        accuracies = self.accuracies
        for _ in range(_ROUNDS):
            right: dict[int, float] = defaultdict(float)
            total: Counter[int] = Counter()
            for votes, count in seen.items():
                posterior = _posterior(self.patterns, accuracies, votes)
                for vote in votes:
                    right[vote] += count * posterior[self.patterns.patterns[vote].intent]
                    total[vote] += count
            accuracies = [
                (right[rule] + _PRIOR_RIGHT) / (total[rule] + _PRIOR_RIGHT + _PRIOR_WRONG)
                for rule in range(len(accuracies))
            ]
        return Teacher(self.patterns, accuracies)

    def label(self, normal: str) -> Label:
        """Label one message in normal form."""
        return self._judged(tuple(self.patterns.votes(normal)))

    def _judge(self, votes: tuple[int, ...]) -> Label:
        if not votes:
            return Label(None, 0.0, ())
        posterior = _posterior(self.patterns, self.accuracies, votes)
        intent = max(posterior, key=posterior.__getitem__)
        certain = posterior[intent] >= _CERTAIN
        return Label(intent if certain else None, posterior[intent], votes)


def _posterior(
    patterns: PatternSet, accuracies: Sequence[float], votes: Sequence[int]
) -> dict[str, float]:
    """Return the probability of each intent that was voted for, by naive Bayes over the votes."""
    odds: dict[str, float] = defaultdict(float)
    for vote in votes:
        accuracy = min(max(accuracies[vote], 0.01), 0.99)
        odds[patterns.patterns[vote].intent] += math.log(accuracy / (1 - accuracy))
    top = max(odds.values())
    weights = {intent: math.exp(value - top) for intent, value in odds.items()}
    # What no pattern says stays possible: a lone vote is as likely right as its pattern.
    rest = math.exp(-top)
    total = sum(weights.values()) + rest
    return {intent: weight / total for intent, weight in weights.items()}
