"""One sum as written: symbols, codes, slang, pence, thousands; never a phone number or a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nlu.periods.cursor import Cursor, integer
from nlu.words import listed

SYMBOLS = {
    "£": "GBP",
    "$": "USD",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "zł": "PLN",
}
_CODES = listed(
    "gbp usd eur jpy inr cad aud nzd chf sek nok dkk pln czk huf zar sgd hkd mxn brl aed try thb"
)
# None is the person's own currency: "bucks" are Australian dollars to an Australian.
_WORDS: dict[str, str | None] = {
    **dict.fromkeys(
        listed("quid quids squid nicker pound pounds sterling gbps pnds lbs quidd"), "GBP"
    ),
    **dict.fromkeys(
        listed("dollar dollars dollers dollas doller buck bucks bux smackers usds"), "USD"
    ),
    **dict.fromkeys(["euro", "euros", "eur"], "EUR"),
    **dict.fromkeys(["rupee", "rupees"], "INR"),
    **dict.fromkeys(("yen",), "JPY"),
    **dict.fromkeys(("zloty", "zlotys", "zl", "pln"), "PLN"),
}
_HUNDREDTHS: dict[str, str] = {
    **dict.fromkeys(["p", "pence", "penny", "pennies"], "GBP"),
    **dict.fromkeys(["cent", "cents", "c", "¢"], "USD"),
}
_NOTES: dict[str, int] = {
    **dict.fromkeys(["tenner", "tenners", "tener"], 10),
    **dict.fromkeys(["fiver", "fivers"], 5),
    "twenner": 20,
}
_THOUSANDS = listed("k grand grands gs grnd thousand thou")
_SCALES = {
    **dict.fromkeys(_THOUSANDS, 1000),
    "m": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "mill": 1_000_000,
    "bn": 10**9,
    "billion": 10**9,
    "hundo": 100,
    "hundred": 100,
    "hunned": 100,
    "hundreds": 100,
}
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_COMMA = re.compile(r"\d{1,9},\d{2}")
_DOT_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{2})?")
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum without its comparator.

    Attributes:
        value: In major units, exact.
        currency: ISO 4217, None where the words name none.
        sure: Whether symbol, code, slang or scale make it money whatever stands around.
        bare: Whether it is only digits (a comparator or a verb must make it money).
        end: Index of the token after it.
    """

    value: Decimal
    currency: str | None
    sure: bool
    bare: bool
    end: int


def read_number(text: str) -> Decimal | None:
    """`1,200.50`, `12.99`, `12,50`; None for what is no plain number (`1.2.3`)."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def money(c: Cursor, i: int) -> Sum | None:
    """The sum that starts at a token."""
    found = _symbol_first(c, i) or _note(c, i) or _number_first(c, i) or _word_sum(c, i)
    return found if found and found.value < LARGEST else None


def _symbol_first(c: Cursor, i: int) -> Sum | None:
    """As in "£20", "$1.5k", "US$ 20", "gbp 20", "$.99", "-£5"."""
    currency = SYMBOLS.get(c.low(i))
    j = i + 1
    if (
        currency is None
        and c.low(i) in ("us", "au", "ca", "nz", "hk", "a", "c")
        and c.low(j) == "$"
        and c.glued(j)
    ):
        currency = {
            "us": "USD",
            "au": "AUD",
            "ca": "CAD",
            "nz": "NZD",
            "hk": "HKD",
            "a": "AUD",
            "c": "CAD",
        }[c.low(i)]
        j += 1
    if currency is None and c.low(i) in _CODES and c.low(i) != "try" and c.low(j)[:1].isdigit():
        currency = c.low(i).upper()
    if currency is None:
        return None
    if c.low(j) == "." and c.glued(j) and c.is_number(j + 1) and c.glued(j + 1):
        return Sum(Decimal("0." + c.low(j + 1)), currency, True, False, j + 2)
    value = _digits(c, j)
    if value is None and _DOT_GROUPED.fullmatch(c.low(j)) and "," in c.low(j):
        value = Decimal(c.low(j).replace(".", "").replace(",", "."))
    if value is None:
        return None
    scale, end = _scale(c, j + 1)
    value *= scale
    if c.low(end) in _CODES and c.low(end) not in ("try",):
        currency, end = c.low(end).upper(), end + 1
    elif c.low(end) in _WORDS:
        end += 1
    value, end = _hundredths(c, end, value, currency)
    return Sum(value, currency, True, False, end)


def _digits(c: Cursor, i: int) -> Decimal | None:
    token = c.low(i)
    return read_number(token) if token[:1].isdigit() and token[:1].isascii() else None


def _scale(c: Cursor, j: int) -> tuple[int, int]:
    low = c.low(j)
    if low in ("k", "m", "bn") and not c.glued(j):
        return 1, j
    if low in _SCALES and not (low == "m" and not c.glued(j)):
        return _SCALES[low], j + 1
    return 1, j


def _hundredths(c: Cursor, end: int, value: Decimal, currency: str | None) -> tuple[Decimal, int]:
    """The pence behind the pounds: "2 pounds 50", "10 dollars and 50 cents"."""
    j = end + 1 if c.low(end) == "and" else end
    if not (c.is_number(j) and len(c.low(j)) == 2 and value == value.to_integral_value()):
        return value, end
    if c.low(j + 1) in _HUNDREDTHS:
        return value + Decimal(c.low(j)) / 100, j + 2
    worded = c.low(end - 1) in _WORDS and c.low(end - 1) not in ("quid", "bucks")
    plain_end = j + 1 >= len(c.tokens) or c.low(j + 1) in "?.!,"
    if worded and plain_end and currency:
        return value + Decimal(c.low(j)) / 100, j + 1
    return value, end


def _number_first(c: Cursor, i: int) -> Sum | None:
    """As in "20 quid", "1.5k", "50p", "20£", "20gbp", "12.99", "200"."""
    value = _digits(c, i)
    if value is None or _is_part_of_other(c, i):
        return None
    j = i + 1
    low = c.low(j)
    if low in _HUNDREDTHS and (c.glued(j) or len(low) > 1):
        return Sum(value / 100, _HUNDREDTHS[low], True, False, j + 1)
    if low == "odd":
        j += 1
    scale, end = _scale(c, j)
    if (
        scale == 1000
        and c.low(end - 1) == "k"
        and c.low(i) in ("401", "4", "5", "8", "10")
        and (
            c.low(i) == "401"
            or c.low(end) in ("run", "tv", "race", "resolution", "video", "monitor")
        )
    ):
        return None
    value *= scale
    unit = c.low(end)
    if unit in SYMBOLS and not (c.low(end + 1)[:1].isdigit() and c.glued(end + 1)):
        return Sum(value, SYMBOLS[unit], True, False, end + 1)
    if unit in _WORDS:
        total, end2 = _hundredths(c, end + 1, value, _WORDS[unit])
        return Sum(total, _WORDS[unit], True, False, end2)
    if unit in _CODES and unit != "try":
        return Sum(value, unit.upper(), True, False, end + 1)
    if c.low(end) in _NOTES and value < 100:
        return Sum(value * _NOTES[c.low(end)], None, True, False, end + 1)
    if scale > 1 and c.low(end - 1) in ("m", "mil", "hundred", "hundreds"):
        return Sum(value, None, c.low(end - 1) != "m", False, end)
    bare = scale == 1
    priced = bare and "." in c.low(i) and len(c.low(i).split(".")[1]) == 2
    return Sum(value, None, scale > 1 or priced, bare and not priced, end)


_JOINED = frozenset("/-.:–")


def _is_part_of_other(c: Cursor, i: int) -> bool:
    """Whether the digits belong to a date, time, phone number, sort code or product."""
    before, after = c.low(i - 1), c.low(i + 1)
    if c.glued(i) and (
        before in ("#", "/", ":", "@", "*", "_") or (c.tokens[i - 1].kind == "word" and i > 0)
    ):
        return True
    if c.glued(i) and before == "-" and i > 1 and c.glued(i - 1):
        return not _is_money_range(c, i - 2, i)
    if not c.glued(i + 1):
        return _is_code(c.low(i))
    if after in ("/", ":", "_", "@") and c.low(i + 2)[:1].isalnum() and c.glued(i + 2):
        return True
    if after in ("-", "–") and c.is_number(i + 2) and c.glued(i + 2):
        return not _is_money_range(c, i, i + 2)
    return after in _GLUED_UNITS or _is_code(c.low(i))


_GLUED_UNITS = listed("st nd rd th am pm g x gb mb ml kg km mi mpg in ft hr hrs min d w y")


def _is_code(digits: str) -> bool:
    """Too long for a sum, or with a leading nought."""
    whole = digits.replace(",", "").split(".")[0]
    return len(whole) > 7 or (digits.startswith("0") and len(digits) > 1 and "." not in digits)


def _is_money_range(c: Cursor, i: int, k: int) -> bool:
    """Whether two numbers with a dash are a range of money ("20-30 quid") and not a sort code."""
    more = c.low(k + 1) in _JOINED and c.glued(k + 1) and c.low(k + 2)[:1].isdigit()
    less = c.low(i - 1) in _JOINED and c.glued(i) and c.low(i - 2)[:1].isdigit()
    if more or less:
        return False
    named = (
        c.low(k + 1) in _WORDS
        or c.low(k + 1) in SYMBOLS
        or c.low(k + 1) in _CODES
        or c.low(k + 1) in _THOUSANDS
        or (c.low(k + 1) in _HUNDREDTHS and (c.glued(k + 1)))
    )
    return named or c.low(i - 1) in SYMBOLS


def _note(c: Cursor, i: int) -> Sum | None:
    """As in "a tenner", "two fivers", "half a grand", "a couple of grand", "a buck fifty"."""
    low = c.low(i)
    j = i + 1
    if low in ("a", "an", "one", "the"):
        note = _NOTES.get(c.low(j))
        if note:
            return Sum(Decimal(note), None, True, False, j + 1) if low != "the" else None
        if c.low(j) in ("grand", "thousand") and low != "the":
            half = c.words(j + 1, "and", "a", "half")
            return Sum(Decimal(1500 if half else 1000), *_worded(c, half or j + 1, True))
        if c.low(j) in ("quid", "pound", "dollar", "buck", "euro") and low != "the":
            return Sum(Decimal(1), _WORDS[c.low(j)], True, False, j + 1)
        if c.low(j) in ("hundred", "hundo") and low != "the":
            return _hundred(c, j)
    if _NOTES.get(low):
        return Sum(Decimal(_NOTES[low]), None, True, False, j)
    half = c.words(i, "half", "a")
    if half and c.low(half) in ("grand", "mil", "million", "k"):
        return Sum(Decimal(_SCALES[c.low(half)]) / 2, *_worded(c, half + 1, True))
    couple = c.words(i, "a", "couple") or c.words(i, "couple") or c.words(i, "a", "cpl")
    few = c.words(i, "a", "few")
    if couple or few:
        end = couple or few or i
        end = end + 1 if c.low(end) == "of" else end
        count = Decimal(2 if couple else 3)
        if c.low(end) in ("grand", "hundred", "thousand", "k"):
            return Sum(count * _SCALES[c.low(end)], *_worded(c, end + 1, True))
        if c.low(end) in ("quid", "bucks", "pounds", "dollars", "euros"):
            return Sum(count, _WORDS[c.low(end)], True, False, end + 1)
        if c.low(end) in ("tenners", "fivers"):
            return Sum(count * _NOTES[c.low(end)], None, True, False, end + 1)
    return None


def _hundred(c: Cursor, j: int) -> Sum | None:
    value, end = Decimal(100), j + 1
    more = integer(c, end + 1) if c.low(end) == "and" else None
    if more and more[0] < 100 and c.atom(end + 1).number:
        value, end = value + more[0], more[1]
    return Sum(value, *_worded(c, end, False))


def _worded(c: Cursor, end: int, sure: bool) -> tuple[str | None, bool, bool, int]:
    """Currency, sureness, bareness and end behind a number in words."""
    if c.low(end) in _WORDS:
        return _WORDS[c.low(end)], True, False, end + 1
    if c.low(end) in _CODES and c.low(end) != "try":
        return c.low(end).upper(), True, False, end + 1
    return None, sure, not sure, end


def _word_sum(c: Cursor, i: int) -> Sum | None:
    """As in "fifty bucks", "two hundred and fifty pounds", "five grand", "twenty"."""
    if c.atom(i).number is None or c.low(i) in ("couple", "few", "dozen", "cpl"):
        return None
    found = integer(c, i)
    if found is None:
        return None
    number, end = found
    value = Decimal(number)
    if (c.low(end) in _THOUSANDS and c.low(end) != "k") or c.low(end) in ("million", "mil"):
        value, end = value * _SCALES[c.low(end)], end + 1
        return Sum(value, *_worded(c, end, True))
    if c.low(end) in _HUNDREDTHS and len(c.low(end)) > 1:
        return Sum(value / 100, _HUNDREDTHS[c.low(end)], True, False, end + 1)
    if c.low(end) in _NOTES and _NOTES[c.low(end)]:
        return Sum(value * _NOTES[c.low(end)], None, True, False, end + 1)
    pence = integer(c, end) if c.atom(end).number is not None else None
    if pence and 10 <= pence[0] <= 99 and 2 <= number <= 99 and number not in (19, 20):
        return Sum(value + Decimal(pence[0]) / 100, *_worded(c, pence[1], True))
    currency, sure, bare, after = _worded(c, end, False)
    if currency:
        value, after = _hundredths(c, after, value, currency)
    return Sum(value, currency, sure, bare, after)
