"""Recurrence ("a week", "every other friday"), grouping ("by category") and number ("top 5")."""

from __future__ import annotations

from typing import Any

from nlu.message import Message
from nlu.periods.cursor import Cursor, integer, opens_range, ordinal, unit_name
from nlu.words import listed

_ADVERBS = {
    "daily": ("day", 1),
    "nightly": ("day", 1),
    "weekly": ("week", 1),
    "wkly": ("week", 1),
    "fortnightly": ("week", 2),
    "biweekly": ("week", 2),
    "monthly": ("month", 1),
    "mthly": ("month", 1),
    "mnthly": ("month", 1),
    "montly": ("month", 1),
    "bimonthly": ("month", 2),
    "quarterly": ("quarter", 1),
    "yearly": ("year", 1),
    "annually": ("year", 1),
    "annual": ("year", 1),
    "pw": ("week", 1),
    "pm": ("month", 1),
    "pcm": ("month", 1),
    "pa": ("year", 1),
    "annum": ("year", 1),
    "p/w": ("week", 1),
    "p.a": ("year", 1),
}
_UNITS = {"day", "week", "month", "quarter", "year"}
_EVERY = listed("every each evry evrey per eveery ever everi")
_ARTICLES = frozenset(("a", "an"))
Recurrence = tuple[int, dict[str, Any]]


def recurrences(message: Message) -> None:
    """Proposes how often something happens."""
    c = message.cursor
    i = 0
    while i < len(c.tokens):
        found = (
            _every(c, i)
            or _a_unit(c, i)
            or _adverb(c, i)
            or _times(c, i)
            or _slashed(c, i)
            or _weekdays(c, i)
        )
        if found:
            end, resolved = found
            message.propose("recurrence", i, end, 0.955, resolved, "recurrence")
            i = end
        else:
            i += 1


def _form(name: str, every: int) -> dict[str, Any]:
    if name == "fortnight":
        return {"unit": "week", "every": 2 * every}
    if name in ("weekend", "workday"):
        return {"unit": "week" if name == "weekend" else "day", "every": every}
    if name == "half":
        return {"unit": "month", "every": 6 * every}
    return {"unit": {"tax_year": "year"}.get(name, name), "every": every}


def _every(c: Cursor, i: int) -> Recurrence | None:
    """As in "every week", "each month", "per day", "every 2 weeks", "every other friday"."""
    if c.low(i) not in _EVERY:
        return None
    j, count = i + 1, 1
    if c.low(i) == "ever" and unit_name(c, j) is None:
        return None
    if c.low(j) in ("other", "second", "2nd", "alternate"):
        count, j = 2, j + 1
    elif c.low(j) in ("single",):
        j += 1
    else:
        rank = ordinal(c, j)
        number = integer(c, j)
        if rank and rank[0] > 1 and not c.atom(j).ordinal:
            count, j = rank
        elif number and number[0] > 0:
            count, j = number
        elif c.atom(j).ordinal and (unit_name(c, j + 1) or c.atom(j + 1).weekday is not None):
            count, j = c.atom(j).ordinal or 1, j + 1
    if c.atom(j).weekday is not None:
        end = j + 1
        if c.low(end) in ("morning", "night", "evening"):
            end += 1
        return end, {"unit": "week", "every": count}
    if c.low(j) in ("payday", "paycheck"):
        return j + 1, {"unit": "month", "every": 1}
    named = unit_name(c, j)
    if named is None or named[0] in ("hour", "minute"):
        return None
    return named[1], _form(named[0], count)


_NOT_BEFORE_A = listed(
    "half in within for quite such what is was it's once take over than of last ago have had during"
)


_POINT_AFTER = listed(
    "ago back later before after from earlier off out trial and away 's old early late"
)


def _a_unit(c: Cursor, i: int) -> Recurrence | None:
    """As in "a week", "/month", but not "a week ago" or "in a month"."""
    if c.low(i) == "/" and i > 0:
        named = unit_name(c, i + 1)
        if named and named[0] in _UNITS and (c.tokens[i - 1].kind == "num" or c.glued(i)):
            return named[1], _form(named[0], 1)
        return None
    if c.low(i) not in _ARTICLES or c.low(i - 1) in _NOT_BEFORE_A:
        return None
    named = unit_name(c, i + 1)
    if named is None or named[0] not in _UNITS | {"fortnight"}:
        return None
    if c.low(named[1]) in _POINT_AFTER and not opens_range(c, named[1]):
        return None
    return named[1], _form(named[0], 1)


_NOT_BEFORE_ADVERB = frozenset(("am", "o'clock"))


def _adverb(c: Cursor, i: int) -> Recurrence | None:
    if c.low(i) == "bi" and c.low(i + 1) == "-":
        doubled = _ADVERBS.get("bi" + c.low(i + 2))
        return (i + 3, {"unit": doubled[0], "every": doubled[1]}) if doubled else None
    known = _ADVERBS.get(c.low(i))
    if known is None:
        return None
    if c.low(i) in ("pm", "pw", "pa") and not (c.tokens[i - 1].kind == "num" and i > 0):
        return None
    if c.low(i) == "pm" and (c.glued(i) and len(c.low(i - 1)) <= 2 and c.is_number(i - 1)):
        return None
    if c.low(i) == "annual" and c.low(i + 1) in ("leave", "report", "summary", "statement"):
        return None
    return i + 1, {"unit": known[0], "every": known[1]}


def _slashed(c: Cursor, i: int) -> Recurrence | None:
    """As in "20 p/w", "per annum"."""
    if c.low(i) in ("per", "p") and c.low(i + 1) == "annum":
        return i + 2, {"unit": "year", "every": 1}
    unit = {"w": "week", "m": "month", "a": "year", "d": "day"}.get(c.low(i + 2))
    if (
        c.low(i) == "p"
        and c.low(i + 1) in ("/", ".")
        and c.glued(i + 1)
        and c.glued(i + 2)
        and unit
    ):
        return i + 3, {"unit": unit, "every": 1}
    return None


def _weekdays(c: Cursor, i: int) -> Recurrence | None:
    """As in "on fridays": each of them."""
    if c.atom(i).weekday is None or not c.low(i).endswith("days") or c.atom(i - 1).mod is not None:
        return None
    return i + 1, {"unit": "week", "every": 1}


def _times(c: Cursor, i: int) -> Recurrence | None:
    """As in "once a week", "twice monthly"."""
    if c.low(i) not in ("once", "twice"):
        return None
    rest = _every(c, i + 1) or _adverb(c, i + 1)
    if rest is None and c.low(i + 1) in _ARTICLES:
        named = unit_name(c, i + 2)
        rest = (named[1], _form(named[0], 1)) if named and named[0] in _UNITS else None
    return rest


_GROUPS = {
    "category": "category categories categorys type kind cat catagory cats types area "
    "catergory categry",
    "merchant": "merchant merchants shop shops store stores retailer retailers payee company "
    "companies vendor vendors place places supplier suppliers business brand brands "
    "merchent who restaurant counterparty",
    "account": "account accounts card cards bank banks acct accts",
    "day": "day days date daily weekday",
    "week": "week weeks wk wks weekly",
    "month": "month months mth mnth monthly mths mo",
}
_BY_WORD = {word: group for group, words in _GROUPS.items() for word in words.split()}
_SPLITTING = listed(
    "split break breakdown broken group grouped chart graph plot show spending spend totals "
    "total itemise itemize categorise divided separate separated sort sorted list them it that "
    "compare trend bar pie figures view outgoings uber trends spent expenses"
)
_CHANGES = ("to", "over", "by", "on", "-", "after", "v", "vs")


def groupings(message: Message) -> None:
    """Proposes how an answer is to be split."""
    c = message.cursor
    for i in range(len(c.tokens)):
        found = _by(c, i) or _unit_over_unit(c, i) or _wise(c, i) or _adverb_split(c, i)
        if found:
            message.propose("grouping", i, found[0], 0.965, {"by": found[1]}, "grouping")


def _by(c: Cursor, i: int) -> tuple[int, str] | None:
    low = c.low(i)
    if low not in ("by", "per", "for", "across", "between"):
        return None
    j = i + 1
    if low in ("for", "across", "between"):
        if c.low(j) not in ("each", "every", "all"):
            return None
        if low != "for":
            return None
        j += 1
    elif c.low(j) in ("each", "the", "my"):
        j += 1
    group = _BY_WORD.get(c.low(j))
    if c.low(j) in ("card", "bank") and c.low(i - 1) in (
        "pay",
        "paid",
        "payments",
        "payment",
        "paying",
    ):
        return None
    if group is None or (low == "by" and (c.low(j) == "date" or c.low(j + 1) == "end")):
        return None
    if low == "for" and group in ("day", "week", "month"):
        return None
    if low == "per" and group in ("day", "week", "month") and not _splits(c, i):
        return None
    return j + 1, group


def _splits(c: Cursor, i: int) -> bool:
    return any(
        c.low(k)
        in ("split", "break", "breakdown", "broken", "chart", "graph", "plot", "group", "grouped")
        for k in range(i)
    )


def _unit_over_unit(c: Cursor, i: int) -> tuple[int, str] | None:
    """As in "month to month", "week on week", "week by week"."""
    first, last = c.atom(i).unit, c.atom(i + 2).unit
    if first is None or first != last or c.low(i + 1) not in _CHANGES:
        return None
    return (i + 3, first) if first in ("day", "week", "month") else None


def _wise(c: Cursor, i: int) -> tuple[int, str] | None:
    """As in "month wise", "category-wise"."""
    group = _BY_WORD.get(c.low(i))
    j = i + 2 if c.low(i + 1) == "-" else i + 1
    return (j + 1, group) if group and c.low(j) == "wise" else None


def _adverb_split(c: Cursor, i: int) -> tuple[int, str] | None:
    """As in "weekly" behind a word of splitting is no recurrence ("break it down monthly")."""
    group = {"weekly": "week", "monthly": "month", "daily": "day"}.get(c.low(i))
    if group is None or c.low(i + 1) in (
        "breakdown",
        "chart",
        "graph",
        "totals",
        "split",
        "view",
        "summary",
    ):
        return (i + 1, group) if group else None
    return (i + 1, group) if _splits(c, i) else None


_COUNT_BEFORE = listed(
    "top last first latest biggest largest highest next recent past bottom previous any just me "
    "the my show list"
)
_COUNT_AFTER = listed(
    "biggest largest transactions transaction payments purchases merchants shops places most "
    "top latest recent things suppliers stores orders items expenses spends debits highest "
    "cheapest smallest categories retailers charges highest-value payees companies restaurants "
    "vendors subscriptions bills priciest costliest more rows results others other txns buys "
    "brands"
)


def numbers(message: Message) -> None:
    """Proposes counts; digits of sums and dates are taken before."""
    c = message.cursor
    taken = message.covered("period", "amount", "recurrence", "merchant", least=0.8)
    for i in range(len(c.tokens)):
        found = integer(c, i)
        if found is None or i in taken or not 0 < found[0] <= 1000 or c.glued(i):
            continue
        value, end = found
        before, after = c.low(i - 1), c.low(end)
        if c.glued(end) and (c.tokens[end].kind == "word" or after in ("%", ":", "/", "-", "+")):
            continue
        if c.low(i) == "one" and after in ("more", "of", "other", "another"):
            continue
        strong = (before == "next" and (not after or after in "?!.")) or (
            before in ("top", "last", "first", "latest", "bottom", "biggest", "largest", "past")
            and unit_name(c, end) is None
        )
        behind = after in _COUNT_AFTER and before not in ("a", "of", "over", "under")
        if (strong and (value <= 100)) or behind:
            message.propose("number", i, end, 0.85, {"value": value}, "number")
