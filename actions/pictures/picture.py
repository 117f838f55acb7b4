"""What a chart shows, and its Vega-Lite specification. Pure.

A picture holds whole minor units only; what is drawn is what the answer's figures say.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from actions.say import Format
from ledger.money import exponent

Kind = Literal["bars", "columns", "sides", "forecast", "pace"]

_DATA = Path(__file__).parent / "data"
_BARS_WIDTH = 150
_LETTER_WIDTH = 7
"""Pixels for bars with their sums on a small phone, and of a letter of a sum."""
_AIR = 1.08
"""How much higher than its highest point a plot is."""
LONGEST_TEXT = 1000
"""Code points of the figures as text; a caption in Telegram has at most 1,024."""
_SHOWN_IN_TEXT = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar, column or day.

    Attributes:
        name: The figure's name in the answer; for days the day.
        label: What people read; ``short`` where an axis has less room.
        minor: Minor units; None on a day that has not come yet.
        more: Further sums by field (``low``, ``high``, ``even``, ``cap``), minor units.
    """

    name: str
    label: str
    minor: int | None
    short: str | None = None
    day: date | None = None
    more: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of an answer.

    Attributes:
        title: What it shows: ``Spending by category``.
        subtitle: Of which time and accounts: ``1–31 October, all accounts``.
        marks: In the order in which they are drawn.
        told: The names of marks that are read out; empty for all.
        asked_only: It is drawn where somebody asks for a chart, not unasked.
    """

    kind: Kind
    title: str
    subtitle: str
    currency: str
    marks: Sequence[Mark]
    told: frozenset[str] = frozenset()
    asked_only: bool = False


@cache
def _template(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_DATA / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def spec_of(picture: Picture, form: Format) -> dict[str, Any]:
    """The Vega-Lite specification, with the same figures as text in its ``description``.

    Args:
        picture: What to draw.
        form: How the person writes money and dates.
    """
    spec = deepcopy(_template(picture.kind))
    values = [_value(picture, mark, form) for mark in picture.marks]
    params = _params(picture, form)
    if picture.kind in {"bars", "sides"}:
        for value in values:  # a sum stands at the end of its bar, of one below zero at zero
            value["end"] = max(value["minor"], 0)
    spec["datasets"] = {"marks": values}
    spec["params"] = [{"name": name, "value": value} for name, value in params.items()]
    spec["title"] = {"text": picture.title, "subtitle": picture.subtitle}
    spec["description"] = text_of(picture, form)
    spec["usermeta"] = {"kind": picture.kind, "currency": picture.currency}
    return spec


def _value(picture: Picture, mark: Mark, form: Format) -> dict[str, Any]:
    value: dict[str, Any] = {"name": mark.name, "label": mark.label, "minor": mark.minor}
    if mark.minor is not None:
        value["text"] = form.money(mark.minor, picture.currency)
    if mark.short:
        value["short"] = mark.short
    if mark.day:
        value["day"] = f"{mark.day.isoformat()}T12:00:00"
    if "cap" in mark.more:
        value["capText"] = form.money(mark.more["cap"], picture.currency)
    last = mark is picture.marks[-1]
    return value | dict(mark.more) | {"last": last, "lowest": mark.name == "lowest"}


def _params(picture: Picture, form: Format) -> dict[str, Any]:
    """What the specification leaves open: scale, currency and the person's way of writing."""
    sums = [mark.minor for mark in picture.marks if mark.minor is not None]
    sums += [minor for mark in picture.marks for minor in mark.more.values()]
    least, most = min(0, *sums), max(0, *sums)
    room = _room(picture, form) if picture.kind in {"bars", "sides"} else _AIR
    before, _, after = form.money(0, picture.currency).partition("0")
    params: dict[str, Any] = {
        "least": round(least * _AIR),
        "most": max(round(most * room), 1),
        "unit": 10 ** exponent(picture.currency),
        "before": before,
        "after": after.lstrip("0.,"),
        "monthFirst": form.locale == "US",
    }
    if picture.kind == "forecast":
        params["lowestAlign"] = _lowest_align(picture)
    return params


def _room(picture: Picture, form: Format) -> float:
    """How much longer than the longest bar the plot is, so that the sums stand beside the bars."""
    letters = max(len(form.money(mark.minor or 0, picture.currency)) for mark in picture.marks)
    taken = min((letters * _LETTER_WIDTH + 10) / _BARS_WIDTH, 0.7)
    return 1 / (1 - taken)


def _lowest_align(picture: Picture) -> str:
    """The lowest day's sum stays within the plot at its sides."""
    names = [mark.name for mark in picture.marks]
    place = names.index("lowest") / max(len(names) - 1, 1) if "lowest" in names else 0.5
    return "left" if place < 0.2 else "right" if place > 0.8 else "center"


def text_of(picture: Picture, form: Format) -> str:
    """The figures in words, for who cannot see the chart."""
    told = [mark for mark in picture.marks if not picture.told or mark.name in picture.told]
    parts = [
        f"{mark.label} {form.money(mark.minor, picture.currency)}"
        for mark in told[:_SHOWN_IN_TEXT]
        if mark.minor is not None
    ]
    text = f"{picture.title} ({picture.subtitle}): {'; '.join(parts)}."
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
