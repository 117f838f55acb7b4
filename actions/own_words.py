"""Words that people taught, read in what they say: phrases of their own, names of accounts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from actions.calendar import month_of, months_in
from actions.query import Period
from ledger.rules import ACCOUNT, WORDS, Rule

Entity = Mapping[str, Any]

_MONTH = re.compile(r"\bmonths?\b", re.IGNORECASE)


def effective(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that hold: of those that speak of the same the last one, in order."""
    last = {_target(rule): rule for rule in rules}
    return sorted(last.values(), key=lambda rule: rule.seq)


def same(rules: Sequence[Rule], one: Rule) -> list[str]:
    """The ids of every rule that speaks of the same as this one."""
    return [rule.id for rule in rules if _target(rule) == _target(one)]


def _target(rule: Rule) -> tuple[object, ...]:
    value = rule.value
    about = value.get("counterparty_id"), value.get("transaction_id"), value.get("inflow")
    return rule.kind, *about, rule.name.casefold() if rule.kind in {WORDS, ACCOUNT} else ""


def read_own_words(
    rules: Sequence[Rule], entities: Iterable[Entity], text: str
) -> tuple[list[Entity], tuple[int, ...]]:
    """The entities with those of taught phrases in their place, and the weekdays these mean.

    A longer phrase comes first; what NLU made of its words is dropped.

    Args:
        rules: What the person taught.
        entities: As NLU found them.
        text: The message.
    """
    found = list(entities)
    weekdays: tuple[int, ...] = ()
    taken: list[tuple[int, int]] = []
    phrases = [rule for rule in effective(rules) if rule.kind in {WORDS, ACCOUNT}]
    for rule in sorted(phrases, key=lambda one: -len(one.name)):
        pattern = rf"(?<!\w)(?:the |my )?{re.escape(rule.name)}(?!\w)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            taken.append((start, end))
            found = [one for one in found if not _overlaps(one, start, end)]
            found.append({**_entity(rule), "value": match[0], "start": start, "end": end})
            weekdays += tuple(rule.value.get("weekdays") or ())
    return found, tuple(sorted(set(weekdays)))


def _overlaps(entity: Entity, start: int, end: int) -> bool:
    a, b = entity.get("start"), entity.get("end")
    return isinstance(a, int) and isinstance(b, int) and a < end and start < b


def _entity(rule: Rule) -> dict[str, Any]:
    value = rule.value
    if rule.kind == ACCOUNT:
        return {"entity": "account", "resolved": {"id": value["account_id"], "name": rule.name}}
    if value.get("categories"):
        return {"entity": "category", "resolved": {"ids": value["categories"]}}
    return {"entity": "merchant", "resolved": {"own": value["merchants"]}}


def own_month(period: Period, value: str, today: date, first: int) -> Period:
    """A period in months as the person counts them: "this month" from the day theirs starts on.

    A month that is named ("March") stays the calendar's.

    Args:
        period: As NLU resolved it, by the calendar.
        value: As written.
        today: The person's day.
        first: The day on which their month starts.
    """
    length = months_in(period)
    if first == 1 or not length or period.start is None or not _MONTH.search(value):
        return period
    away = (period.start.year - today.year) * 12 + period.start.month - today.month
    return month_of(today, first, away, length)
