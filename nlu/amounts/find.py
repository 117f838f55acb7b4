"""Finds the sums of a message with what compares them: "over 20 quid", "£20-30", "£100+"."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from babel.numbers import get_currency_precision

from nlu.amounts.money import Sum, money, read_number
from nlu.periods.cursor import Cursor, unit_name
from nlu.periods.guards import is_after_sum_noun
from nlu.words import listed

_FILE = Path(__file__).parent.parent / "data" / "comparators.yml"


def _phrases(place: str) -> list[tuple[tuple[str, ...], str]]:
    table = yaml.safe_load(_FILE.read_text(encoding="utf-8"))[place]
    rows = [(tuple(phrase.split()), op) for op, phrases in table.items() for phrase in phrases]
    return sorted(rows, key=lambda row: -len(row[0]))


_BEFORE = _phrases("before")
_AFTER = _phrases("after")
# Verbs and nouns behind which bare digits are money.
_MONEY_BEFORE = listed(
    "save saving spend spent budget cap limit pay paid put add move set transfer charged charge "
    "cost costs took take withdraw deposit send sent received got earn earned stash sock chuck "
    "stick contribute allocate lower raise increase decrease reduce bump drop change make "
    "target goal afford blow blew bung throw toss pop shift of to at for is than owe lend hits "
    "reaches below above only and by drops falls another extra budgeted total pull cop was "
    "refund"
)
_SURE_BEFORE = listed(
    "save saving spend spent budget cap limit charged charge deposit withdraw paid afford stash "
    "stashing stick pop sling contribute blow bung chuck cost costs add ad put move drop toss "
    "saved budgt limt transfer sock stack stacking autosave"
)
_COUNTED = listed(
    "times time transactions transaction payments payment purchases people items things days "
    "day weeks week months month years year hours hour minutes subscriptions subs accounts "
    "cards % percent percents pc merchants shops places biggest largest most top visits trips "
    "coffees meals orders more other others of rows results lines bills goals alerts categories "
    "st nd rd th am pm o'clock oclock yr yrs yo old x kids adults stars miles km litres gallons "
    "points bedroom bed pack working business mins sec secs seconds per in i you we ubers pints "
    "beers drinks rides latest recent last or"
)
_COUNT_BEFORE = listed(
    "top last first next past previous these those number no flat room apt unit ending iphone "
    "ps xbox windows chapter page season level gate route platform bus age aged im i'm turning "
    "suite zone exit table size version step option ending'in the"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum and its comparator in a message.

    Attributes:
        first: Index of the first token, comparator included.
        last: Index after the last token.
        op: eq, lt, lte, gt, gte, approx or between.
        low: Value in major units.
        high: The upper value of a range, else None.
        currency: ISO 4217 as named, None for the person's own.
        sure: Whether it is money whatever stands around.
        strength: How surely it is a sum, 0 to 1.
    """

    first: int
    last: int
    op: str
    low: Decimal
    high: Decimal | None
    currency: str | None
    sure: bool
    strength: float

    def resolved(self, own: str) -> dict[str, Any]:
        """The form of the contract, in minor units of the named or the person's own currency.

        A dollar word is the person's own dollar where they have one ("bucks" in Canada).
        """
        currency = self.currency or own
        if currency == "USD" and own.endswith("D") and own in ("CAD", "AUD", "NZD", "SGD", "HKD"):
            currency = own
        high = None if self.high is None else minor_units(self.high, currency)
        return {
            "op": self.op,
            "minor": minor_units(self.low, currency),
            "minor2": high,
            "currency": currency,
        }


def minor_units(value: Decimal, currency: str) -> int:
    """A value in major units as whole minor units of its currency (ISO 4217 digits)."""
    return int((value * 10 ** get_currency_precision(currency)).to_integral_value())


def find_amounts(c: Cursor, taken: frozenset[int] = frozenset()) -> list[Amount]:
    """Every sum of a message, left to right; `taken` tokens are known to be something else."""
    found: list[Amount] = []
    i = 0
    while i < len(c.tokens):
        amount = None if i in taken else _amount(c, i, taken)
        if amount is None:
            i += 1
            continue
        found.append(amount)
        i = amount.last
    return found


def _match(c: Cursor, i: int, table: list[tuple[tuple[str, ...], str]]) -> tuple[str, int] | None:
    first = c.low(i)
    for words, op in table:
        if words[0] != first:
            continue
        end = c.words(i, *words)
        if end is not None:
            return op, end
    return None


def _amount(c: Cursor, i: int, taken: frozenset[int]) -> Amount | None:
    between = _between(c, i, taken)
    if between:
        return between
    compared = _match(c, i, _BEFORE)
    if c.low(i) in ("about", "bout", "abt") and c.low(i - 1) in ("what", "how", "wot", "wat"):
        compared = None  # "what about 2k"
    if compared:
        op, at = compared
        at = at + 1 if c.low(at) in ("the", "about", "around", "like", "say") else at
        total = money(c, at) or _ton(c, at)
        if total is None or taken & set(range(at, total.end)) or not _is_money(c, at, total, True):
            return None
        return _closed(c, i, op, total)
    total = money(c, i)
    if total is None or taken & set(range(i, total.end)):
        return None
    ranged = _dashed(c, i, total)
    if ranged:
        return ranged
    after = _after(c, total.end)
    if not _is_money(c, i, total, after is not None and after[0] != "approx"):
        return None
    return _closed(c, i, "eq", total)


def _ton(c: Cursor, i: int) -> Sum | None:
    """A hundred, as in "anything over a ton": without a comparator a ton is only much."""
    end = c.words(i, "a", "ton") or c.words(i, "one", "ton")
    return Sum(Decimal(100), None, True, False, end) if end and c.low(end) != "of" else None


def _after(c: Cursor, end: int) -> tuple[str, int] | None:
    found = _match(c, end, _AFTER)
    if found and c.low(end) == "+" and c.low(found[1])[:1].isdigit():
        return None
    if (
        found
        and c.low(end) in ("plus", "max", "min", "minimum", "maximum", "at", "upwards")
        and found[1] < len(c.tokens)
    ):
        following = c.low(found[1])
        if following in ("a", "the", "my", "some") or (
            c.low(end) == "plus" and following[:1].isdigit()
        ):
            return None
    return found


def _closed(c: Cursor, i: int, op: str, total: Sum) -> Amount:
    """Reads a comparator behind the sum, unless one stood before it."""
    end = total.end
    after = _after(c, end) if op == "eq" else None
    if after:
        op, end = after
    strength = 0.97 if total.sure else (0.9 if op != "eq" else 0.75)
    return Amount(i, end, op, total.value, None, total.currency, total.sure, strength)


def _between(c: Cursor, i: int, taken: frozenset[int]) -> Amount | None:
    """As in "between £20 and £30", "from 20 to 30 quid"."""
    if c.low(i) not in ("between", "from", "btwn", "betwen", "anywhere"):
        return None
    start = i + 2 if c.words(i, "anywhere", "between") or c.words(i, "anywhere", "from") else i + 1
    first = money(c, start)
    if first is None or c.low(first.end) not in ("and", "to", "-", "&", "–"):
        return None
    second = money(c, first.end + 1)
    if second is None or taken & set(range(i, second.end)):
        return None
    if not (first.sure or second.sure):
        counted = _is_counted(c, second.end)
        if (
            c.low(i) == "from"
            or counted
            or first.value >= second.value
            or second.value <= 31
            or _are_years(first, second)
        ):
            return None
    return _range(c, i, first, second)


def _are_years(first: Sum, second: Sum) -> bool:
    return all(1990 <= s.value <= 2100 and s.bare for s in (first, second))


def _dashed(c: Cursor, i: int, first: Sum) -> Amount | None:
    """As in "£20-£30", "20-30 quid", "20 to 30 quid", "£20 to £30"."""
    if c.low(first.end) not in ("-", "–", "—", "to"):
        return None
    second = money(c, first.end + 1)
    if (
        second is None
        or not (first.sure or second.sure)
        or (not second.sure and _is_counted(c, second.end))
    ):
        return None
    if second.value <= first.value and not (second.value * 1000 > first.value and second.sure):
        return None
    return _range(c, i, first, second)


def _range(c: Cursor, i: int, first: Sum, second: Sum) -> Amount:
    low, high = first.value, second.value
    scaled = c.low(second.end - 1) in ("k", "grand") or c.low(second.end - 2) in ("k", "grand")
    plain = c.low(second.end - 1) != c.low(first.end - 1)
    if scaled and plain and low < high / 100:
        low *= 1000
    if first.bare and c.low(second.end - 1) in ("p", "pence", "cents") and low > high:
        low /= 100
    return Amount(
        i, second.end, "between", low, high, second.currency or first.currency, True, 0.97
    )


_WEIGHING = listed("lost lose losing gained gain weigh weighs weighed shed")


def _is_idiom(c: Cursor, i: int, total: Sum) -> bool:
    """As in "lost 10 pounds at the gym", "my two cents"."""
    unit = c.low(total.end - 1)
    weighed = unit in ("pounds", "lbs") and any(
        c.low(k) in _WEIGHING for k in range(max(0, i - 3), i)
    )
    return (weighed and c.low(total.end) not in ("on", "to", "from")) or (
        unit == "cents" and c.low(i) == "two" and c.low(i - 1) in ("my", "your", "their")
    )


def _is_counted(c: Cursor, end: int) -> bool:
    return c.low(end) in _COUNTED or unit_name(c, end) is not None


_COUNTED_SUMS = listed("per in of or i you we")


def _is_money(c: Cursor, i: int, total: Sum, compared: bool) -> bool:
    """Whether digits without a currency are a sum here."""
    following, before = c.low(total.end), c.low(i - 1)
    if total.sure:
        return not _is_idiom(c, i, total) and following not in ("%", "percent")
    if _is_counted(c, total.end) and following not in _COUNTED_SUMS:
        return False
    if before in _COUNT_BEFORE and not compared:
        return before == "the" and total.value >= 20 and _stands_for_charge(c, total)
    if following == "'s" or (c.glued(total.end) and following in ("-", "'")):
        return False
    spelled = c.tokens[i].kind == "word"
    if compared:
        return not (spelled and total.value < 5)
    if spelled:
        return (before in _SURE_BEFORE and total.value >= 5) or (total.value >= 100 and total.bare)
    return _is_bare_sum(c, i, total)


def _is_bare_sum(c: Cursor, i: int, total: Sum) -> bool:
    """Digits that only the words around make a sum: a rate, a verb of paying, their size."""
    before = c.low(i - 1)
    some = total.value >= 10 or "." in c.low(i)
    if _has_rate(c, total.end) and total.value >= 2:
        return True
    if is_after_sum_noun(c, i) and total.value >= 5:
        return True
    if _is_dated_year(total, before) or _is_labelled(c, i):
        return False
    if _follows_paying(c, i, total):
        return True
    year = _year_like(total) and "," not in c.low(i)
    large = total.bare and total.value >= 100 and not c.glued(i) and not year
    if large and _is_loose_sum(c, i, total):
        return True
    if before == "+" and total.value >= 10:
        return True
    needed = c.low(total.end) == "enough" or (before in ("have", "with") and _is_for(c, total))
    if needed and some:
        return True
    return before in _MONEY_BEFORE and some


def _is_for(c: Cursor, total: Sum) -> bool:
    """As in "do i have 60 for dinner"."""
    return c.low(total.end) in ("for", "towards")


def _is_dated_year(total: Sum, before: str) -> bool:
    whole = total.bare and total.value == total.value.to_integral_value()
    told = before in ("in", "of", "since", "from", "until", "by")
    return whole and told and 1990 <= total.value <= 2035


def _follows_paying(c: Cursor, i: int, total: Sum) -> bool:
    """As in "save another 50", "budget of 200", but not "saved in 2024"."""
    near = {c.low(k) for k in range(max(0, i - 3), i)}
    if not near & _SURE_BEFORE or (_year_like(total) and c.low(i - 1) not in _SURE_BEFORE):
        return False
    return total.value >= 5 or "." in c.low(i)


_LABELLED = listed(
    "pin card zip code account number form film ref reference order ticket policy flight "
    "invoice extension ending postcode room flat route highway section page model id no"
)


_CODES = listed("pin zip postcode ref reference invoice policy extension")


def _is_labelled(c: Cursor, i: int) -> bool:
    """As in "my pin is 4821": four digits or more behind the name of a code."""
    bare = c.is_number(i) and len(c.low(i)) >= 4
    return bare and any(c.low(k) in _CODES for k in range(max(0, i - 3), i))


def _is_loose_sum(c: Cursor, i: int, total: Sum) -> bool:
    """Bare digits that nothing makes money but their size: round, and alone."""
    labels = {c.low(k) for k in range(max(0, i - 3), i)}
    neighbours = (i > 0 and c.tokens[i - 1].kind == "num") or (
        total.end < len(c.tokens) and c.tokens[total.end].kind == "num"
    )
    return total.value % 5 == 0 and not labels & _LABELLED and not neighbours


def _year_like(total: Sum) -> bool:
    return total.value == total.value.to_integral_value() and 1950 <= total.value <= 2100


def _stands_for_charge(c: Cursor, total: Sum) -> bool:
    return (
        c.low(total.end) in ("from", "charge", "payment", "to", "at", "one", "on", "for", "refund")
        and total.value > 31
    )


def _has_rate(c: Cursor, end: int) -> bool:
    """As in "200 a month", "50/week"."""
    if c.low(end) in ("a", "per", "each", "every", "/", "an") and unit_name(c, end + 1):
        return True
    if c.low(end) in ("every", "evry", "each", "per") and c.atom(end + 1).weekday is not None:
        return True
    if c.low(end) in ("evry", "ever", "evrey") and unit_name(c, end + 1):
        return True
    return c.low(end) in ("weekly", "monthly", "pm", "pw", "daily", "yearly", "p", "fortnightly")


__all__ = ["Amount", "find_amounts", "minor_units", "read_number"]
