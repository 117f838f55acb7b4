"""Days of the week that a message speaks of: "on weekends", "just mondays", "weekdays vs"."""

import re

_ONLY_DAYS = re.compile(
    r"\b(?:week[- ]?(?:ends|days)|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b", re.IGNORECASE
)
_ON_DAYS = re.compile(rf"\b(?:on|at|over|during)\s+(?:the\s+)?{_ONLY_DAYS.pattern}", re.IGNORECASE)
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BY_DAYS = {
    "spending_total",
    "spending_breakdown",
    "spending_average",
    "spending_compare",
    "transaction_count",
    "list_transactions",
    "biggest_purchases",
    "top_merchants",
}
"""Intents whose first question may be about some days of the week."""


def named_days(text: str) -> tuple[tuple[int, ...], ...]:
    """The days of the week (0 is Monday) of each word for some, in the order written, once."""
    return tuple(dict.fromkeys(map(_days, _ONLY_DAYS.findall(text))))


def narrowed_to(text: str, intent: str, *, edits: bool) -> tuple[int, ...]:
    """The days of the week that a question is narrowed to: "on weekends", "just mondays"."""
    pattern = _ONLY_DAYS if edits else _ON_DAYS
    if not edits and intent not in _BY_DAYS:
        return ()
    days = {day for one in pattern.finditer(text) for day in _days(one[0].split()[-1])}
    return tuple(sorted(days))


def _days(name: str) -> tuple[int, ...]:
    """The days of the week (0 is Monday) that a word for some means."""
    plain = name.casefold()
    if "end" in plain:
        return (5, 6)
    return tuple(range(5)) if "week" in plain else (_DAY_NAMES.index(plain[:3]),)
