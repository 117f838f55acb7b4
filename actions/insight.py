"""Something that the rows show, with the step to take."""

from dataclasses import dataclass

from actions.answer import Figure


@dataclass(frozen=True, slots=True)
class Insight:
    """Something that the rows show and that could be changed.

    Attributes:
        text: One sentence: what, how much, and the step to take.
        year: What it is worth a year, minor units of the home currency.
        figure: The amount that the sentence names.
        rows: The transaction ids that it rests on.
    """

    text: str
    year: int
    figure: Figure
    rows: tuple[str, ...]
