"""Layer 4 as the pipeline sees it: what a large language model is asked about, what it answers.

Nothing is asked here. The pipeline says what it would like to know; whoever called it asks (or
not) and calls it again with the answers. Without them the answer of the layers before stands, with
a confidence below `ASK_BELOW`: unsure, so the person is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from enrichment.choice import Choice
from enrichment.decide import Decision
from enrichment.reading import PERSONAL_RAILS, looks_personal
from knowledge.taxonomy import UNCATEGORISED, Taxonomy

ASK_BELOW = 0.5
"""Below this an answer is more likely wrong than right, as confidences are calibrated.

`florin evaluate enrichment` has the cost curve."""
_SUREST = 0.8
"""What a language model says of its own sureness is not calibrated; it is believed up to here."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a line says once it is cleaned; equal for all lines that say the same.

    Attributes:
        text: Its words, without numbers and references. May still hold a name of somebody: whoever
            sends it anywhere redacts it.
        inflow: Whether money came in.
        currency: ISO 4217.
        rail: How the money moved, see `enrichment.rails`; empty where the line does not say.
    """

    text: str
    inflow: bool
    currency: str
    rail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a language model says of a question.

    Attributes:
        category: A leaf of the taxonomy.
        sure: How sure it says it is, 0 to 1.
    """

    category: str
    sure: float


def is_unsure(choice: Choice) -> bool:
    """Whether a choice is likelier wrong than right, or names no leaf."""
    return choice.inner or choice.confidence < ASK_BELOW


def question_of(decision: Decision) -> Question | None:
    """The question that a line raises; none for one that says only a person's name, or nothing."""
    reading = decision.evidence.reading
    personal = reading.line.rail in PERSONAL_RAILS and looks_personal(reading.name)
    if not any(c.isalpha() for c in reading.text) or (personal and not reading.line.memo):
        return None
    return Question(reading.text, decision.evidence.minor > 0, reading.currency, reading.line.rail)


def answered(
    decisions: Mapping[str, Decision], answers: Mapping[Question, Answer], taxonomy: Taxonomy
) -> dict[str, Decision]:
    """The decisions, those that were unsure by what was answered where that is surer."""
    new: dict[int, Decision] = {}
    for decision in decisions.values() if answers else ():
        if not is_unsure(decision.choice) or id(decision) in new:
            continue
        question = question_of(decision)
        answer = answers.get(question) if question else None
        if answer is not None and _fits(answer, decision, taxonomy):
            sure = min(_SUREST, answer.sure)
            new[id(decision)] = replace(decision, choice=Choice(answer.category, sure, "llm"))
    return {id_: new.get(id(decision), decision) for id_, decision in decisions.items()}


def _fits(answer: Answer, decision: Decision, taxonomy: Taxonomy) -> bool:
    """Whether an answer agrees with the sign and says more than what stands."""
    if answer.category == UNCATEGORISED or not taxonomy.is_leaf(answer.category):
        return False
    choice = decision.choice
    if taxonomy.flow(answer.category) == ("out" if decision.evidence.minor > 0 else "in"):
        return False
    finer = choice.inner and answer.category.startswith(f"{choice.category}.")
    return answer.sure > (ASK_BELOW if finer else choice.confidence)


def open_questions(
    decisions: Iterable[Decision], answers: Mapping[Question, Answer]
) -> dict[Question, int]:
    """What is unsure and was not asked yet, with the number of rows; the most rows first."""
    found: Counter[Question] = Counter()
    seen: dict[int, Question | None] = {}
    for decision in decisions:
        if not is_unsure(decision.choice):
            continue
        if id(decision) not in seen:
            seen[id(decision)] = question_of(decision)
        question = seen[id(decision)]
        if question is not None and question not in answers:
            found[question] += 1
    return dict(found.most_common())
