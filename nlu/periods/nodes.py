"""What the grammar builds: parts of an expression that know how to become an interval.

Which Friday, May or 3rd is meant depends on the rest of the sentence, so a node is resolved last,
in an `Env` that tells the day, the direction and the bounds that its neighbours set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from nlu.periods import feasts
from nlu.periods.interval import (
    DAY,
    Interval,
    OutsideCalendarError,
    add_days,
    add_months,
    day,
    one_day,
    shift,
    unit_around,
)

Country = str
Candidates = Callable[[date, Country], list[Interval]]


@dataclass(frozen=True, slots=True)
class Env:
    """What an expression is read against.

    Attributes:
        today: The person's day.
        forward: Whether a bare day is the next one (bills) or the latest one (spending).
        country: GB or US: tax years, feasts.
        within: The unit that the expression must lie in ("the 1st of last month").
        after: The earliest start ("from november to february").
        before: The latest start ("from the 3rd to the 10th of february").
    """

    today: date
    forward: bool = False
    country: str = "GB"
    within: Interval | None = None
    after: date | None = None
    before: date | None = None

    def free(self) -> Env:
        """The same without bounds."""
        return replace(self, within=None, after=None, before=None)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Attributes:
        kind: What the words named (`weekday`, `dom`, `month`, `unit`, `year` …).
        resolve: The interval in an `Env`; raises `OutsideCalendarError` where there is none.
        floating: Whether it repeats, so that direction and bounds choose one.
        strength: How surely the words are a period at all, 0 to 1.
        needs: What of the ledger must be known first; then it resolves to nothing.
        candidates: The repetitions near a day, for floating nodes.
        value: The number that names it (month, weekday, day of the month), if one does.
    """

    kind: str
    resolve: Callable[[Env], Interval]
    floating: bool = False
    strength: float = 0.95
    needs: str | None = None
    candidates: Candidates | None = None
    value: int | None = None


def choose(found: list[Interval], env: Env, mod: int | None, strictly_before: bool) -> Interval:
    """Picks the repetition that bounds, modifier and direction ask for.

    Raises:
        OutsideCalendarError: None fits ("31 April", "the 30th of February").
    """
    today = env.today
    if env.within is not None:
        fits = [c for c in found if _starts_in(c, env.within)]
        picked = fits[:1]
    elif env.after is not None:
        picked = [c for c in found if c.start and c.start >= env.after][:1]
    elif env.before is not None:
        picked = [c for c in found if c.start and c.start <= env.before][-1:]
    elif mod == -1:
        picked = [c for c in found if c.end and c.end <= today][-1:]
    elif mod == 1 or (mod is None and env.forward and strictly_before):
        picked = [c for c in found if c.start and c.start > today][:1]
    elif mod is None and env.forward:
        picked = [c for c in found if c.end and c.end > today][:1]
    else:
        limit = today if strictly_before else today + DAY
        picked = [c for c in found if c.start and c.start < limit][-1:]
    if not picked:
        raise OutsideCalendarError("No such day lies in the period.")
    return picked[0]


def _starts_in(candidate: Interval, outer: Interval) -> bool:
    start = candidate.start
    if start is None:
        return False
    return (outer.start is None or outer.start <= start) and (
        outer.end is None or start < outer.end
    )


def cyclic(
    kind: str,
    candidates: Candidates,
    mod: int | None = None,
    this: Callable[[Env], Interval] | None = None,
    value: int | None = None,
    strength: float = 0.95,
) -> Node:
    """A node that repeats; `this` resolves it after the word "this"."""
    strictly_before = kind == "weekday"

    def resolve(env: Env) -> Interval:
        bounded = env.within or env.after or env.before
        if (mod == 0 or (mod == 1 and kind == "weekday")) and this is not None and not bounded:
            return this(env)
        anchor = env.today
        if env.within is not None:
            anchor = env.within.start or env.within.end or env.today
        elif env.after or env.before:
            anchor = env.after or env.before or env.today
        return choose(candidates(anchor, env.country), env, mod, strictly_before)

    return Node(kind, resolve, mod is None, strength, None, candidates, value)


def yearly(make: Callable[[int, Country], Interval | None]) -> Candidates:
    """Candidates of what comes once a year; years in which it does not exist are skipped."""

    def candidates(anchor: date, country: Country) -> list[Interval]:
        for reach in (2, 9):
            found = list(_each(make, range(anchor.year - reach, anchor.year + reach + 1), country))
            if len(found) > 1:
                return found
        return found

    return candidates


def _each(
    make: Callable[[int, Country], Interval | None], years: Iterable[int], country: Country
) -> Iterable[Interval]:
    for year in years:
        try:
            made = make(year, country)
        except OutsideCalendarError:
            continue
        if made is not None:
            yield made


def fixed(kind: str, interval: Interval, strength: float = 0.95) -> Node:
    """A node that is the same whatever the day."""
    return Node(kind, lambda _env: interval, strength=strength)


def weekday(number: int, mod: int | None = None, strength: float = 0.95) -> Node:
    """A day of the week."""

    def candidates(anchor: date, _country: Country) -> list[Interval]:
        first = add_days(anchor, (number - anchor.weekday()) % 7 - 28)
        return [one_day(add_days(first, 7 * k)) for k in range(10)]

    def this(env: Env) -> Interval:
        weeks = 7 if mod == 1 else 0
        return one_day(add_days(env.today, number - env.today.weekday() + weeks))

    return cyclic("weekday", candidates, mod, this, number, strength)


def month(number: int, mod: int | None = None, strength: float = 0.95) -> Node:
    """A month of the year."""

    def make(year: int, _country: Country) -> Interval:
        start = day(year, number, 1)
        return Interval(start, add_months(start, 1), "month")

    return cyclic(
        "month",
        yearly(make),
        mod,
        lambda env: make(env.today.year, env.country),
        number,
        strength,
    )


def day_of_month(number: int, only_weekday: int | None = None, strength: float = 0.9) -> Node:
    """A day of the month ("the 3rd"), perhaps only where it is that weekday ("friday the 13th")."""
    reach = 4 if only_weekday is None else 30

    def candidates(anchor: date, _country: Country) -> list[Interval]:
        first = anchor.replace(day=1)
        found = []
        for offset in range(-reach, reach + 1):
            start = add_months(first, offset)
            try:
                on = day(start.year, start.month, number)
            except OutsideCalendarError:
                continue
            if only_weekday is None or on.weekday() == only_weekday:
                found.append(one_day(on))
        return found

    if only_weekday is None:
        return cyclic("dom", candidates, value=number, strength=strength)

    def nearest(env: Env) -> Interval:
        if env.within or env.after or env.before:
            return choose(candidates(env.today, env.country), env, None, False)
        found = [c for c in candidates(env.today, env.country) if c.start]
        if not found:
            raise OutsideCalendarError("No month has that day on that weekday.")
        return min(found, key=lambda c: abs((c.start or env.today) - env.today))

    return Node("dom", nearest, True, strength, None, candidates, number)


def day_and_month(month_number: int, number: int, mod: int | None = None) -> Node:
    """A day of a month, every year."""
    return cyclic(
        "daymonth",
        yearly(lambda year, _country: one_day(day(year, month_number, number))),
        mod,
        lambda env: one_day(day(env.today.year, month_number, number)),
        month_number * 100 + number,
    )


def iso_week(number: int) -> Node:
    """The n-th week of a year, as ISO 8601 counts them."""

    def make(year: int, _country: Country) -> Interval | None:
        monday = date.fromisocalendar(year, 1, 1) + DAY * 7 * (number - 1)
        if number == 53 and monday.isocalendar().week != 53:
            return None
        return Interval(monday, add_days(monday, 7), "week")

    return cyclic(
        "isoweek",
        yearly(make),
        0,
        lambda env: make(env.today.isocalendar().year, env.country) or _no_feast("week 53"),
    )


def unit(name: str, offset: int, strength: float = 0.95) -> Node:
    """A calendar unit counted from today's."""
    return Node(
        "unit",
        lambda env: unit_around(env.today, name, env.country, offset),
        strength=strength,
    )


def year_part(months: int, number: int, mod: int | None = None) -> Node:
    """The n-th quarter (3 months) or half (6 months) of the year."""
    grain = "quarter" if months == 3 else "half"

    def make(year: int, _country: Country) -> Interval:
        start = day(year, (number - 1) * months + 1, 1)
        return Interval(start, add_months(start, months), grain)

    return cyclic(grain, yearly(make), mod, lambda env: make(env.today.year, env.country), number)


_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def season(name: str, mod: int | None = None, strength: float = 0.9) -> Node:
    """A meteorological season: three whole months."""

    def make(year: int, _country: Country) -> Interval:
        start = day(year, _SEASON_STARTS[name], 1)
        return Interval(start, add_months(start, 3), "range")

    def this(env: Env) -> Interval:
        inside = make(env.today.year - 1, env.country)
        if inside.end and env.today < inside.end:
            return inside
        return make(env.today.year, env.country)

    return cyclic("season", yearly(make), mod, this, strength=strength)


def feast(name: str, mod: int | None = None, form: str = "day") -> Node:
    """A feast's days, weekend, week or eve (`form`)."""

    def of_year(year: int, country: Country) -> list[Interval]:
        found = feasts.feast_days(name, year, country)
        return [_shaped(one, name, form, country) for one in found]

    def candidates(anchor: date, country: Country) -> list[Interval]:
        years = range(anchor.year - 2, anchor.year + 3)
        return [one for year in years for one in of_year(year, country)]

    def this(env: Env) -> Interval:
        found = of_year(env.today.year, env.country)
        return found[0] if found else _no_feast(name)

    return cyclic("feast", candidates, mod, this, strength=0.93)


def _shaped(days: Interval, name: str, form: str, country: Country) -> Interval:
    on = days.start
    if on is None or form == "day":
        return days
    if form == "weekend":
        return feasts.feast_weekend(name, on)
    return unit_around(on, "week", country) if form == "week" else one_day(add_days(on, -1))


def _no_feast(name: str) -> Interval:
    raise OutsideCalendarError(f"There is no {name} that year.")


def bank_holiday(mod: int | None = None, weekend: bool = False, only: int | None = None) -> Node:
    """Any bank holiday, or the weekend that one makes long."""

    def candidates(anchor: date, country: Country) -> list[Interval]:
        days = [
            on
            for year in range(anchor.year - 1, anchor.year + 2)
            for on in feasts.bank_holidays(year, country)
        ]
        if not weekend:
            return [one_day(on) for on in days if only is None or on.weekday() == only]
        mondays = [on for on in days if on.weekday() == 0]
        return [feasts.long_weekend(on) for on in mondays]

    return cyclic("feast", candidates, mod)


def any_weekend(mod: int | None = None) -> Node:
    """The weekend without a word before it: the latest begun, or the next."""

    def candidates(anchor: date, country: Country) -> list[Interval]:
        return [unit_around(anchor, "weekend", country, k) for k in range(-6, 7)]

    return cyclic("weekend", candidates, mod, strength=0.93)


def year(number: int, strength: float = 0.95) -> Node:
    """A calendar year by its number."""
    start = day(number, 1, 1)
    return fixed("year", Interval(start, add_months(start, 12), "year"), strength)


def tax_year(first: int) -> Node:
    """The tax year that starts in a year."""

    def resolve(env: Env) -> Interval:
        start = day(first, 4, 6) if env.country == "GB" else day(first, 1, 1)
        return Interval(start, add_months(start, 12), "year")

    return Node("year", resolve)


def needs(what: str, strength: float = 0.97) -> Node:
    """A period that only the ledger can date."""
    return Node("needs", lambda _env: Interval(None, None, "range"), strength=strength, needs=what)


def within(inner: Node, outer: Node) -> Node:
    """The inner one that lies in the outer one ("the 1st of last month")."""

    def resolve(env: Env) -> Interval:
        return inner.resolve(replace(env.free(), within=outer.resolve(env)))

    return Node(inner.kind + "+", resolve, outer.floating, max(inner.strength, outer.strength))


def back(parts: tuple[tuple[float, str], ...], on: date, sign: int) -> date:
    """Moves a date by a duration; halves of months and years are taken as days and months."""
    for count, name in parts:
        whole = int(count)
        on = shift(on, name, sign * whole)
        if count != whole:
            half, size = {"year": (6, "month"), "month": (15, "day"), "week": (3, "day")}.get(
                name, (0, "day")
            )
            on = shift(on, size, sign * half)
    return on
