"""A labelling rule is judged by a table: coverage, overlap, conflict, accuracy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from regex_bootstrap.patterns import Pattern
from regex_bootstrap.vote import Teacher


@dataclass(frozen=True)
class Row:
    """One rule's figures, shares from 0 to 1.

    Attributes:
        pattern: The rule.
        coverage: Share of the messages on which it votes.
        overlap: Share on which another rule votes too.
        conflict: Share on which another rule votes for another intent.
        accuracy: Share of its votes that gold confirms; None without a labelled vote.
        learnt: The accuracy learnt without gold.
        votes: How many messages it votes on.
    """

    pattern: Pattern
    coverage: float
    overlap: float
    conflict: float
    accuracy: float | None
    learnt: float
    votes: int


def pattern_report(
    teacher: Teacher, normals: Sequence[str], gold: Sequence[str | None]
) -> list[Row]:
    """Judge every rule that votes.

    Args:
        teacher: The rules and what was learnt of them.
        normals: Messages in normal form.
        gold: The true intent of each message, or None where nobody labelled it.

    Returns:
        A row per rule that is no counter-pattern, in the order of the rules.
    """
    rules = teacher.patterns.patterns
    voted: Counter[int] = Counter()
    overlapped: Counter[int] = Counter()
    conflicted: Counter[int] = Counter()
    right: Counter[int] = Counter()
    judged: Counter[int] = Counter()
    for normal, truth in zip(normals, gold, strict=True):
        votes = teacher.patterns.votes(normal)
        intents = {rules[vote].intent for vote in votes}
        for vote in votes:
            voted[vote] += 1
            overlapped[vote] += len(votes) > 1
            conflicted[vote] += len(intents) > 1
            if truth is not None:
                judged[vote] += 1
                right[vote] += rules[vote].intent == truth
    size = max(len(normals), 1)
    return [
        Row(
            pattern=rule,
            coverage=voted[number] / size,
            overlap=overlapped[number] / size,
            conflict=conflicted[number] / size,
            accuracy=right[number] / judged[number] if judged[number] else None,
            learnt=teacher.accuracies[number],
            votes=voted[number],
        )
        for number, rule in enumerate(rules)
        if not rule.counter
    ]
