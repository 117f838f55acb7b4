"""What is told unasked: the weekly recap, the bills of the next days, unusual payments, goals."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from statistics import median_low

from actions import counting
from actions.calendar import preceding, week_of
from actions.counting import Entry
from actions.desk import Desk
from actions.due import outgoing
from actions.evidence import entries, format_of
from actions.facts import BILL_DAYS, Fact, bills, charged_twice, payment_text
from actions.query import Period, Query
from actions.say import category_name, short

KINDS: Mapping[str, str] = {
    "recap": "weekly recap",
    "bills": "bills of the next days",
    "unusual": "unusual payments",
    "goal": "goals reached",
}
"""Every kind with its name."""
WHY: Mapping[str, str] = {
    "recap": "This recap comes each Monday",
    "bills": "I tell you of bills in the next days",
    "unusual": "I tell you of unusual payments",
    "goal": "I tell you when a goal is reached",
}
"""Why a person is told, though they asked for nothing."""
LATEST_RECAP = 3
"""A recap that could not be sent on Monday is sent until Wednesday."""
HABIT = timedelta(days=365)
UNUSUAL_SINCE = timedelta(days=7)
FEWEST = 5
"""Payments to somebody before one of them can be unusual."""
TIMES = 3
"""How many times the usual payment an unusual one is."""
FEWEST_OF_ALL = 50
"""Single payments in a year before one to somebody new can be unusual."""
ONE_IN = 50
"""A first payment to somebody is unusual where at most one single payment in so many is
larger; rent and other regular payments are no measure of it."""


def digest(desk: Desk, kind: str) -> list[Fact]:
    """What there is to tell of a kind as of the turn's today, told or not."""
    return _DIGESTS[kind](desk)


def _recap(desk: Desk) -> list[Fact]:
    """What last week cost, against the week before, and where most of it went."""
    this = week_of(desk.today)
    last = preceding(this)
    if this.start is None or last.start is None or last.end is None:
        return []
    covered = desk.span is not None and desk.span[1] >= last.start
    if not covered or (desk.today - this.start).days >= LATEST_RECAP:
        return []
    form, home = format_of(desk), desk.person.currency
    asked = Query("spending_total", last, direction="out")
    found = entries(desk, asked)
    spent = counting.totals(found)
    before = counting.totals(entries(desk, replace(asked, period=preceding(last))))
    more = spent.get(home, 0) - before.get(home, 0)
    side = f"{form.money(abs(more), home)} {'more' if more > 0 else 'less'} than"
    change = f"{side if more else 'as much as'} the week before"
    days = form.days(last.start, last.end - timedelta(days=1))
    text = f"last week ({days}) you spent {form.sums(spent, home)}, {change}{_most(desk, found)}"
    return [Fact(f"recap:{last.start}", desk.today, text, tuple(e.row.id for e in found))]


def _most(desk: Desk, found: list[Entry]) -> str:
    """Where most of the money of the home currency went."""
    home = desk.person.currency
    query = Query("spending_breakdown", direction="out", group_by="category")
    filed = [one for one in found if one.row.currency == home and one.row.category]
    groups = counting.grouped(filed, counting.category_key(query))
    sums = {name: sum(one.minor for one in members) for name, members in groups.items()}
    if not sums:
        return ""
    top = max(sums, key=lambda name: (sums[name], name))
    return f", most on {category_name(top)} ({format_of(desk).money(sums[top], home)})"


def _unusual(desk: Desk) -> list[Fact]:
    """Payments of the last days that are charged twice, or far above what is usual there."""
    period = Period(desk.today - HABIT, desk.tomorrow)
    found = entries(desk, Query("biggest_purchases", period, direction="out"))
    home = [one for one in reversed(found) if one.row.currency == desk.person.currency]
    sizes = sorted(one.minor for one in home if not one.row.recurring)
    large = sizes[-1 - len(sizes) // ONE_IN] if len(sizes) >= FEWEST_OF_ALL else None
    earlier: dict[str, list[int]] = {}
    facts_ = charged_twice(desk)
    twice = {fact.rows[0] for fact in facts_}
    for one in home:
        known = earlier.setdefault(one.row.counterparty_id or one.row.description, [])
        usual = _usual(known)
        if one.row.booked >= desk.today - UNUSUAL_SINCE:
            text = _why(desk, one, usual, large, is_new=not known)
            if text and one.row.id not in twice:
                key = f"row:{one.row.id}"
                facts_.append(Fact(key, one.row.booked, text, (one.row.id,)))
        known.append(one.minor)
    return facts_


def _usual(known: list[int]) -> int | None:
    return median_low(known) if len(known) >= FEWEST else None


def _why(desk: Desk, entry: Entry, usual: int | None, large: int | None, *, is_new: bool) -> str:
    """Why a payment is unusual, empty where it is not."""
    text = payment_text(desk, entry)
    if usual is not None and entry.minor >= TIMES * usual:
        return f"{text}, usually about {format_of(desk).money(usual, entry.row.currency)}"
    if is_new and large is not None and entry.minor > large and not entry.row.recurring:
        return f"{text}, your first payment there and a large one"
    return ""


def _goals(desk: Desk) -> list[Fact]:
    form = format_of(desk)
    return [
        Fact(
            f"goal:{one.id}:{one.minor}",
            desk.today,
            f"you've reached {short(one.name)}: {form.money(one.saved, one.currency)} saved",
        )
        for one in desk.goals
        if one.saved >= one.minor
    ]


_DIGESTS: Mapping[str, Callable[[Desk], list[Fact]]] = {
    "recap": _recap,
    "bills": lambda desk: bills(desk, outgoing(desk), BILL_DAYS),
    "unusual": _unusual,
    "goal": _goals,
}
