"""Finds every period in a message and dates it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nlu.periods import bounds, ranges
from nlu.periods.cursor import Cursor
from nlu.periods.events import FEAST_STARTS
from nlu.periods.guards import unit_is_meant
from nlu.periods.interval import Interval, OutsideCalendarError, unit_around
from nlu.periods.lexicon import NOTHING
from nlu.periods.nodes import Env, Node
from nlu.tokens import Token
from nlu.words import listed


@dataclass(frozen=True, slots=True)
class Period:
    """A span of a message that names a span of time.

    Attributes:
        first: Index of the first token.
        last: Index after the last token.
        interval: The days, None where the ledger must date it.
        needs: What of the ledger must be known (`payday` …), None where it is dated.
        floating: Whether the direction of the question chose among several.
        strength: How surely it is a period, 0 to 1.
    """

    first: int
    last: int
    interval: Interval | None
    needs: str | None
    floating: bool
    strength: float

    def resolved(self) -> dict[str, Any]:
        """The form of the contract."""
        if self.interval is None:
            return {"needs_context": self.needs}
        start, end = self.interval.start, self.interval.end
        return {
            "start": start.isoformat() if start else None,
            "end": end.isoformat() if end else None,
            "grain": self.interval.grain,
        }


_STARTERS = listed(
    "since ever sinse sinc sicne sence snce sins to after b4 afore atween inbetween up right "
    "until till til untill unitl 'til through thru by prior before befor ahead following later "
    "from starting as frm between betwen btwn bw commencing so in all within more less over "
    "under the a an half same ths my our start beginning begining begin early end late close "
    "middle mid midway rest remainder remaining earlier w ytd mtd qtd wtd eom eoy eow eod eoq q "
    "h ty fy tax financial fiscal while when whilst about around exactly these those each "
    "working business calendar very latter bank school kids semester academic payday pay i' b "
    "easter tail back front cob cop full whole complete entire"
)


def find_periods(
    tokens: Sequence[Token],
    today: date,
    country: str,
    forward: bool,
    blocked: frozenset[int] = frozenset(),
) -> list[Period]:
    """Every period of a message, left to right, none overlapping.

    Args:
        tokens: The message.
        today: The person's day.
        country: GB or US: order of numeric dates, tax years, feasts.
        forward: Whether bare days and months are the next ones.
        blocked: Tokens that are known to be something else (sums, shops with a day in their name).

    Returns:
        The periods; what cannot exist (31 April) is left out.
    """
    shown = [replace(t, kind="sign", low="\0") if k in blocked else t for k, t in enumerate(tokens)]
    cursor = Cursor(shown, country)
    env = Env(today, forward, country)
    return _dated(cursor, _nested(_shared(cursor, _read(cursor))), env)


Placed = tuple[int, int, Node]


def _read(c: Cursor) -> list[Placed]:
    found: list[Placed] = []
    i = 0
    while i < len(c.tokens):
        match = bounds.expression(c, i) if _may_open(c, i) else None
        if match and match[1] > i and unit_is_meant(c, i, match[1]):
            found.append((i, match[1], match[0]))
            i = match[1]
        else:
            i += 1
    return found


_SIGNED = listed("+ # * @ _ .")


def _may_open(c: Cursor, i: int) -> bool:
    token = c.tokens[i]
    if (
        token.kind == "num"
        and token.glued
        and (c.low(i - 1) in _SIGNED or (c.low(i - 1) in ("-", "/") and c.is_number(i - 2)))
    ):
        return False  # inside a phone number, a code, a hashtag
    if token.kind == "num" or c.atoms[i] is not NOTHING:
        return True
    return token.low in _STARTERS or token.low in FEAST_STARTS or token.low in _LEDGER_WORDS


_LEDGER_WORDS = listed(
    "statement billing credit card summer winter spring autumn fall half halfterm february feb "
    "oct term christmas xmas reading freshers trip holiday hols holidays vacation"
)


_LIST_WORDS = listed("and or vs versus & + , / than to compared with")


def _shared(c: Cursor, found: list[Placed]) -> list[Placed]:
    """Gives a month in a list the year of the one behind it ("april and may 2025")."""
    shared = list(found)
    for k in range(len(found) - 2, -1, -1):
        start, end, node = shared[k]
        after, _, other = shared[k + 1]
        between = {c.low(j) for j in range(end, after)}
        listed = between <= _LIST_WORDS and bool(between) and after - end <= 2
        if (
            listed
            and node.floating
            and node.kind in ("month", "daymonth", "quarter", "half", "season")
            and (other.kind == node.kind + "+")
        ):
            shared[k] = (start, end, ranges.shared_year(node, replace(other, kind=node.kind)))
            shared[k] = (start, end, replace(shared[k][2], kind=node.kind + "+"))
    return shared


def _nested(found: list[Placed]) -> list[Placed]:
    """Puts a range in the unit right before it ("last week between friday and sunday")."""
    nested: list[Placed] = []
    for start, end, node in found:
        before = nested[-1] if nested else None
        fits = (
            before is not None
            and start == before[1]
            and node.kind == "bound"
            and node.floating
            and before[2].kind in ("unit", "month")
        )
        if fits and before is not None:
            nested[-1] = (before[0], end, _range_in(before[2], node))
        else:
            nested.append((start, end, node))
    return nested


def _range_in(outer: Node, inner: Node) -> Node:
    def resolve(env: Env) -> Interval:
        whole = outer.resolve(env)
        if whole.end is None:
            return whole
        return inner.resolve(replace(env.free(), today=whole.end, forward=False))

    return replace(inner, resolve=resolve, floating=outer.floating)


def _dated(c: Cursor, found: list[Placed], env: Env) -> list[Period]:
    periods: list[Period] = []
    for first, last, node in found:
        start, end = _trimmed(c, first, last)
        if node.needs:
            periods.append(Period(start, end, None, node.needs, False, node.strength))
            continue
        try:
            interval = node.resolve(env)
        except OutsideCalendarError:
            continue
        if interval.start is None and interval.end is None:
            continue
        new = Period(start, end, interval, None, node.floating, node.strength)
        joined = _union(c, periods[-1], new) if periods else None
        if joined:
            periods[-1] = joined
        else:
            periods.append(new)
    return _with_bare_last(c, periods, env)


def _closes(c: Cursor, k: int) -> bool:
    return k == len(c.tokens) or c.tokens[k].kind == "sign"


_TO_THE_LAST = listed("than vs versus v to against or with and")
_LAST_ONES = (("last",), ("the", "last"), ("the", "one", "before"), ("the", "previous", "one"))
_REPEATING = listed("day week weekend month quarter half year")


def _with_bare_last(c: Cursor, periods: list[Period], env: Env) -> list[Period]:
    """As in "this week vs last", "this month compared to the one before": the unit before it."""
    if not periods or periods[-1].interval is None:
        return periods
    named = periods[-1].interval
    for k in range(periods[-1].last, len(c.tokens)):
        if c.low(k) == "next" and c.low(k - 1) in ("and", "&") and k == periods[-1].last + 1:
            after = unit_around(named.start, named.grain, env.country, 1) if named.start else None
            if after and named.grain in _REPEATING and _closes(c, k + 1):
                whole = Interval(named.start, after.end, "range")
                return [*periods[:-1], replace(periods[-1], last=k + 1, interval=whole)]
        for words in _LAST_ONES:
            end = c.words(k, *words)
            if not (end and _closes(c, end) and c.low(k - 1) in _TO_THE_LAST and named.start):
                continue
            if named.grain in _REPEATING:
                before = unit_around(named.start, named.grain, env.country, -1)
                return [*periods, Period(k, end, before, None, False, 0.9)]
    return periods


_COMPARING = listed(
    "compare compared comparison vs versus difference diff than against more less between"
)


def _union(c: Cursor, first: Period, second: Period) -> Period | None:
    """Joins "april and may" where the second begins as the first ends, unless compared."""
    if second.first - first.last != 1 or c.low(first.last) not in ("and", "&", "+", "n"):
        return None
    if first.interval is None or second.interval is None or first.interval.end is None:
        return None
    if first.interval.end != second.interval.start or first.interval.grain != second.interval.grain:
        return None
    if any(t.low in _COMPARING for t in c.tokens):
        return None
    whole = Interval(first.interval.start, second.interval.end, "range")
    return replace(first, last=second.last, interval=whole, floating=second.floating)


def _trimmed(c: Cursor, start: int, end: int) -> tuple[int, int]:
    while end - 1 > start and c.tokens[end - 1].kind == "sign" and c.low(end - 1) != ")":
        end -= 1
    return start, end
