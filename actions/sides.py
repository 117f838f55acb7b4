"""What a comparison holds against what: times, shops, kinds or days of the week. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.calendar import DAY, following, month_of, preceding
from actions.query import Compare, Period, Query
from actions.said import Said

_VERSUS = re.compile(r"\b(?:than|vs?|versus|against|compared?(?: to| with)?|from)\b")
_SAME_TIME = re.compile(
    r"\b(?:same|this) (?:time|point|stage|day) (?:in |of )?(?:last|the previous)\b"
)
_COMPARES = re.compile(
    r"\b(?:more|less|fewer|than|vs?|versus|compar\w*|differ\w*|chang\w*|against|high\w*|low\w*|"
    r"increas\w*|decreas\w*|reduc\w*|up|down|better|worse|cheap\w*|much as|same|between|or|over|"
    r"under|usual\w*|normal\w*|average|typical\w*|spik\w*|jump\w*|drop\w*|doing|from|beat|"
    r"bigger|smaller|extra|improv\w*|cut\w*|sav\w*|by how much|"
    r"on month|on year|next to|side by side|stack\w*)\b"
)
"""Words of a comparison; one time alone ("tesco in july") asks for a sum, whatever NLU says."""

_BOUND = re.compile(
    r"\b(?:(?:more|less|bigger|larger|smaller) than|over|under|above|below)\s+(?:£|\$|€)?\d[\d,.]*"
)
"""A bound on payments ("more than 100 quid") compares nothing."""


def compared(query: Query, said: Said, today: date) -> Query:
    """The question with its other sides; one time alone without words of comparison is a sum.

    Args:
        query: The question as its parts say it.
        said: The message, resolved.
        today: The person's day.
    """
    if len(said.day_sides) > 1:
        sides = [Compare(weekdays=days) for days in said.day_sides[1:]]
        return replace(query, weekdays=said.day_sides[0], compare=_joined(sides))
    if len(said.periods) > 1:
        first, *rest = said.periods
        if len(rest) == 1 and _SAME_TIME.search(said.text):
            rest = [_as_far(first, rest[0], today)]
        return replace(query, period=first, compare=_joined([Compare(period=one) for one in rest]))
    versus = _things(query, said)
    if versus is not None:
        return versus
    if said.periods and not _COMPARES.search(_BOUND.sub(" ", said.text)):
        return replace(query, measure="spending_total")
    if not said.periods:
        this = month_of(today, said.month_start)
        return replace(query, period=this, compare=Compare(period=preceding(this)))
    return against(query, said.periods[0], said.text, today)


def _as_far(running: Period, then: Period, today: date) -> Period:
    """The unit that "the same time last month" lies in, as far as the running one has come."""
    unit = running
    while unit.start and then.start and unit.start > then.start:
        unit = preceding(unit)
    if running.start is None or unit.start is None:
        return then
    return Period(unit.start, unit.start + (today - running.start) + DAY)


def _joined(sides: Sequence[Compare]) -> Compare:
    """The other sides of a comparison as one."""
    return replace(sides[0], others=tuple(sides[1:]))


def against(query: Query, period: Period, text: str, today: date) -> Query:
    """A comparison of which one period was named.

    "More than last month" holds last month against the unit that is running; "compare October"
    holds it against the unit before.
    """
    running = period.end is None or period.end > today
    if _VERSUS.search(text) and not running:
        return replace(query, period=_running(period, today), compare=Compare(period=period))
    return replace(query, period=period, compare=Compare(period=preceding(period)))


def _running(period: Period, today: date) -> Period:
    """The following unit of the same length, repeated until it holds today."""
    if period.start is None or period.end is None:
        return month_of(today)
    unit = period
    while unit.end is not None and unit.end <= today:
        unit = following(unit)
    return unit


def _things(query: Query, said: Said) -> Query | None:
    """Merchants, categories, or one of each side by side."""
    merchants = tuple(dict.fromkeys(said.merchants))
    categories = tuple(dict.fromkeys(said.categories))
    if len(said.merchants) > 1 and len(merchants) == 1 and not said.periods:
        return replace(query, measure="spending_total")  # one shop written in two ways
    if len(merchants) > 1:
        rest = [Compare(merchants=ids) for ids in merchants[1:]]
        return replace(query, merchants=merchants[0], compare=_joined(rest))
    if len(categories) > 1:
        rest = [Compare(categories=ids) for ids in categories[1:]]
        return replace(query, categories=categories[0], compare=_joined(rest))
    if said.merchants and said.categories and not said.periods:
        return replace(query, categories=(), compare=Compare(categories=said.categories[0]))
    return None
