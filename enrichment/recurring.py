"""Streams: payments and income that come again, found over a person's whole history.

Rows of one account, counterparty and sign are chained along each cadence; a chain that explains
its rows well enough is a stream, what is left is tried again. Dates may shift by weekends and
holidays, a period may be missed, amounts may vary.
"""

from __future__ import annotations

import calendar
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_MAX_GROUP = 400
_STARTS = 5
_MAX_CHAINS = 8


@dataclass(frozen=True, slots=True)
class Period:
    """A cadence.

    Attributes:
        name: As `ledger.types.Cadence` writes it, or `twice_monthly`.
        days: Typical length; for calendar months the mean.
        months: Calendar months between payments, 0 where the cadence counts days.
        slack: Days that a payment may fall away from its day.
        misses: Periods in a row that may be missed.
    """

    name: str
    days: float
    months: int
    slack: int
    misses: int


PERIODS = (
    Period("weekly", 7, 0, 2, 2),
    Period("fortnightly", 14, 0, 3, 1),
    Period("twice_monthly", 15.2, 0, 4, 1),
    Period("four_weekly", 28, 0, 3, 1),
    Period("monthly", 30.44, 1, 5, 1),
    Period("quarterly", 91.3, 3, 8, 0),
    Period("half_yearly", 182.6, 6, 10, 0),
    Period("yearly", 365.25, 12, 15, 0),
)
BY_NAME = {period.name: period for period in PERIODS}


class Item(NamedTuple):
    """One row as the search for streams sees it.

    Attributes:
        id: Of the transaction.
        on: Booking date.
        minor: Signed minor units.
    """

    id: str
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Rows along a cadence.

    Attributes:
        items: In order of date.
        period: The cadence.
        hits: Payments per expected payment over the chain's span, at most 1.
        drift: Mean distance in days from the expected day.
        steady: Share of neighbours with the same amount.
        spread: Relative spread of amounts: median distance from the median over the median.
        purity: Share of the group's rows within its span that belong to it.
        exact: Share of payments on the very day, weekends aside: habits come about then, bills do.
    """

    items: tuple[Item, ...]
    period: Period
    hits: float
    drift: float
    steady: float
    spread: float
    purity: float
    exact: float


def step(start: date, period: Period, count: int = 1, day: int | None = None) -> date:
    """The day `count` periods after `start`.

    Args:
        start: A payment's day.
        period: The cadence; calendar months keep the day of month, cut to the month's length.
        count: How many periods.
        day: The day of month that monthly payments are due; that of `start` unless given.
    """
    if not period.months:
        return start + timedelta(days=round(period.days * count))
    months = start.month - 1 + period.months * count
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(day or start.day, _last_day(year, month)))


@lru_cache(maxsize=1 << 11)
def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _follow(items: Sequence[Item], days: Sequence[int], first: int, period: Period) -> list[int]:
    """Indices of a chain that begins at `first`, taking at each due day the closest row.

    Args:
        items: In order of date.
        days: The ordinal of each one's date.
        first: Where to begin.
        period: The cadence.
    """
    chain = [first]
    anchor, missed, due_count = items[first].on, 0, 1
    position = first + 1
    while position < len(items):
        due = step(anchor, period, due_count).toordinal()
        best, cost = -1, 1e9
        last = items[chain[-1]].minor
        for n in range(position, len(items)):
            away = days[n] - due
            if away > period.slack:
                break
            if away < -period.slack:
                continue
            change = abs(items[n].minor - last) / max(1, abs(last))
            if abs(away) + 6 * min(1.0, change) < cost:
                best, cost = n, abs(away) + 6 * min(1.0, change)
        if best >= 0:
            chain.append(best)
            position, missed = best + 1, 0
            if not period.months:
                anchor, due_count = items[best].on, 1
                continue
        else:
            missed += 1
            if missed > period.misses:
                break
        due_count += 1
    return chain


def _measure(items: Sequence[Item], chain: Sequence[int], period: Period) -> Chain:
    members = [items[n] for n in chain]
    gaps = [(b.on - a.on).days for a, b in pairwise(members)]
    span = (members[-1].on - members[0].on).days
    expected = max(1.0, span / period.days + 1)
    drift = statistics.fmean(
        abs(g - period.days * max(1, round(g / period.days))) for g in gaps
    ) if gaps else 0.0  # fmt: skip
    amounts = [abs(m.minor) for m in members]
    middle = statistics.median(amounts)
    same = [a == b for a, b in pairwise(amounts)]
    inside = sum(1 for i in items if members[0].on <= i.on <= members[-1].on)
    return Chain(
        items=tuple(members),
        period=period,
        hits=min(1.0, len(members) / expected),
        drift=drift,
        steady=statistics.fmean(same) if same else 0.0,
        spread=statistics.median([abs(a - middle) for a in amounts]) / max(1, middle),
        purity=len(members) / max(1, inside),
        exact=_exactness(members, period),
    )


def _exactness(members: Sequence[Item], period: Period) -> float:
    """The share of payments on their day: the commonest weekday, or the same day of the month."""
    if not period.months:
        days = Counter(member.on.weekday() for member in members)
        return max(days.values()) / len(members)
    day = statistics.mode(member.on.day for member in members)
    away = [min((m.on.day - day) % 31, (day - m.on.day) % 31) for m in members]
    shifted = [n <= 2 and m.on.weekday() in {0, 4} for n, m in zip(away, members, strict=True)]
    return statistics.fmean(n == 0 or s for n, s in zip(away, shifted, strict=True))


def _quality(chain: Chain) -> float:
    """How good a chain is among those of one group: long, complete, on its day, steady."""
    length = len(chain.items)
    tight = chain.drift / chain.period.slack
    return length * (chain.hits**2) * (1 - 0.35 * min(1.0, tight)) * (0.8 + 0.2 * chain.purity) + (
        0.5 * chain.steady
    )


def best_chain(items: Sequence[Item], least: int = 2) -> Chain | None:
    """The best chain of a group over all cadences, or None where no two rows chain."""
    found: list[Chain] = []
    days = [item.on.toordinal() for item in items]
    gaps = [b - a for a, b in pairwise(days)]
    apart = days[-1] - days[0] if days else 0
    for period in PERIODS:
        if apart < period.days - period.slack or min(gaps) > period.days * 2 + period.slack:
            continue
        starts = range(min(_STARTS, len(items)))
        chains = [_follow(items, days, start, period) for start in starts]
        longest = max(chains, key=len, default=[])
        if len(longest) >= least:
            found.append(_measure(items, longest, period))
    return max(found, key=_quality, default=None)


def chains_of(items: Sequence[Item]) -> list[Chain]:
    """All chains of a group: first by equal amounts where several prices run side by side."""
    rest = sorted(items, key=lambda item: (item.on, item.id))[:_MAX_GROUP]
    found = _amount_chains(rest)
    whole = best_chain(rest)
    if whole is not None and whole.purity > 0.85 and whole.hits > 0.8 and not _beside(found, rest):
        left = [i for i in rest if i not in whole.items]
        return [whole, *(_amount_chains(left) if len(left) > 2 else [])]
    left = [i for i in rest if not any(i in chain.items for chain in found)]
    chain = best_chain(left) if len(left) > 1 else None
    while chain is not None and len(chain.items) > 1 and len(found) < _MAX_CHAINS:
        found.append(chain)
        left = [i for i in left if i not in chain.items]
        chain = best_chain(left, least=3) if len(left) > 2 else None
    return found


def _beside(chains: Sequence[Chain], items: Sequence[Item]) -> bool:
    """Whether chains of different prices run side by side and explain most rows."""
    if len(chains) < 2 or sum(len(c.items) for c in chains) < 0.7 * len(items):
        return False
    first, second = sorted(chains, key=lambda c: len(c.items))[-2:]
    return first.items[0].on < second.items[-1].on and second.items[0].on < first.items[-1].on


def _amount_chains(items: Sequence[Item]) -> list[Chain]:
    """Chains among rows of one exact amount, three or more of them; each row is in one at most."""
    found: list[Chain] = []
    counts = Counter(item.minor for item in items)
    free = list(items)
    for minor, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        same = [i for i in free if i.minor == minor]
        if len(same) < 3 or len(counts) == 1:
            continue
        chain = best_chain(same, least=3)
        if chain is not None and chain.hits > 0.75 and len(chain.items) >= 0.7 * count:
            grown = _grown(free, chain)
            free = [i for i in free if i not in grown.items]
            found.append(grown)
    return found


def _grown(items: Sequence[Item], chain: Chain) -> Chain:
    """A chain of one price continued over price changes, before and after."""
    taken = set(chain.items)
    period, first, last = chain.period, chain.items[0], chain.items[-1]
    free = [i for i in items if i not in taken]
    for forward in (True, False):
        edge = last if forward else first
        while True:
            due = step(edge.on, period, 1 if forward else -1)
            near = [
                i for i in free
                if i not in taken and abs((i.on - due).days) <= period.slack
                and abs(i.minor - edge.minor) <= 0.35 * abs(edge.minor)
            ]  # fmt: skip
            if not near:
                break
            edge = min(near, key=lambda i: (abs(i.minor - edge.minor), abs((i.on - due).days)))
            taken.add(edge)
    members = sorted(taken, key=lambda i: (i.on, i.id))
    pool = sorted({*members, *items}, key=lambda i: (i.on, i.id))
    return _measure(pool, [pool.index(m) for m in members], period)


def due_day(chain: Chain) -> int | None:
    """The day of month that payments are due: the commonest, as weekends only shift some."""
    if not chain.period.months:
        return None
    days = Counter(item.on.day for item in chain.items)
    top = max(days.values())
    return min(day for day, count in days.items() if count == top)


def on_working_day(day: date, *, income: bool) -> date:
    """A due date as banks book it: pay moves before a weekend, payments after."""
    while day.weekday() > 4:
        day += timedelta(days=-1 if income else 1)
    return day


def next_due(chain: Chain, *, income: bool) -> date:
    """The day that the next payment is expected: its own where weekends never moved it."""
    expected = _nominally_due(chain)
    if any(item.on.weekday() > 4 for item in chain.items):
        return expected
    return on_working_day(expected, income=income)


def _nominally_due(chain: Chain) -> date:
    """The next day of a chain, weekends not regarded."""
    last, day = chain.items[-1].on, due_day(chain)
    if day is None:
        return step(last, chain.period)
    # A payment shifted over the end of its month counts for the month that it was due in.
    base = last
    if day - last.day > 20:
        base = last.replace(day=1) - timedelta(days=1)
    elif last.day - day > 20:
        base = last.replace(day=28) + timedelta(days=4)
    return step(base, chain.period, 1, day)


def next_amounts(chain: Chain) -> tuple[int, int, int]:
    """Expected signed amount of the next payment, and the range that it falls in."""
    recent = [item.minor for item in chain.items[-6:]]
    if (len(recent) > 1 and recent[-1] == recent[-2]) or len(recent) == 1:
        return recent[-1], recent[-1], recent[-1]
    middle = round(statistics.median(recent))
    return middle, min(recent), max(recent)
