"""The answer of the contract, and how it becomes one rasa message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.errors import Button
from actions.pictures.picture import Picture
from actions.query import Query
from ledger.forecasts import Forecast


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of money in the reply.

    Attributes:
        name: What it is; in a breakdown the id of its group.
        label: The group as people are shown it.
    """

    name: str
    minor: int
    currency: str
    label: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's form."""
        body = {"name": self.name, "minor": self.minor, "currency": self.currency}
        return {**body, "label": self.label} if self.label else body


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn replies.

    Attributes:
        query: The question that was answered, None where no money was read.
        figures: The main one first.
        counts: Name and value.
        dates: Name and day.
        transactions: Ids of the rows that the figures rest on.
        page: How many rows or ranks were shown already, for "more".
        intent: The intent of a plan that the turn completed, where that is not the turn's own.
        asks: What a yes to the reply does, as a button's ``edit``; None where it asks for no yes.
        ends: What is over with the reply: ``session``, or ``person`` with everything of theirs.
        taught: Whether the person taught something that NLU is told of them, or took it back.
        document: A file that is made when it is fetched: its ``name`` and ``query``.
        picture: What a chart of it shows, if it can be drawn.
        chart: The picture's Vega-Lite specification, where it is shown.
        further: What is said after the first message: the whole of a list.
        plan: The plan that "it" is from now on: its ``kind`` (`actions.touched`), what names it.
        forecast: What was foretold, kept to be graded later.
        view: What "more" goes on with: the ``list`` itself or the ``rows`` behind a figure.
    """

    text: str
    query: Query | None = None
    figures: Sequence[Figure] = ()
    counts: Sequence[tuple[str, int]] = ()
    dates: Sequence[tuple[str, date]] = ()
    transactions: Sequence[str] = ()
    buttons: Sequence[Button] = ()
    page: int | None = None
    view: str = "list"
    picture: Picture | None = None
    chart: Mapping[str, Any] | None = None
    further: Sequence[str] = ()
    plan: Mapping[str, Any] | None = None
    forecast: Forecast | None = None
    memory: Mapping[str, Any] | None = field(default=None)
    intent: str | None = None
    asks: Mapping[str, Any] | None = None
    ends: str | None = None
    taught: bool = False
    document: Mapping[str, Any] | None = None

    def custom(self, intent: str, confidence: float) -> dict[str, Any]:
        """The answer of the contract without ``id``, ``text`` and ``trace``, plus ``memory``."""
        extras: dict[str, Any] = {"taught": True} if self.taught else {}
        if self.further:
            extras["further"] = list(self.further)
        if self.ends is not None:
            extras["ends"] = self.ends
        if self.document is not None:
            extras["document"] = dict(self.document)
        return {
            "reply": self.text,
            "intent": self.intent or intent,
            "confidence": confidence,
            "query": self.query.to_json() if self.query else None,
            "figures": [figure.to_json() for figure in self.figures],
            "counts": [{"name": name, "value": value} for name, value in self.counts],
            "dates": [{"name": name, "date": day.isoformat()} for name, day in self.dates],
            "transactions": list(self.transactions),
            "chart": None if self.chart is None else dict(self.chart),
            "memory": None if self.memory is None else dict(self.memory),
            **extras,
        }
