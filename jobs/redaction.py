"""Personal data out of a message, before anything is written: each kind has its placeholder.

What is found: e-mail addresses and handles, IBANs, card numbers (Luhn 1954; a mistyped one by its
form), sort codes, account and routing numbers, national insurance and social security numbers,
phone numbers, postcodes and postal addresses, payment references, names of people (``jobs.names``).
Amounts, dates, merchants and towns stay. The teacher reads a message as it was sent; what is kept
of it is the redacted text.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from jobs.lexicon import listed
from jobs.names import NameFinder

NAME, EMAIL, CARD, ACCOUNT = "<NAME>", "<EMAIL>", "<CARD>", "<ACCOUNT>"
IBAN, SORT_CODE, PHONE, ID = "<IBAN>", "<SORT-CODE>", "<PHONE>", "<ID>"
ADDRESS, POSTCODE, REFERENCE = "<ADDRESS>", "<POSTCODE>", "<REFERENCE>"

_I = re.IGNORECASE
_NO_AMOUNT = r"(?<![\w£$€.,/+])"
_AREAS = listed("areas")
_STATES = listed("states")
_STREETS = (
    "street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|close|cl|court|ct|crescent|cres|way|place|pl|"
    "terrace|gardens|gdns|grove|square|sq|boulevard|blvd|highway|hwy|parkway|pkwy|circle|cir|mews|hill|"
    "row|walk|rise|green|park|view|trail|loop|broadway|parade|quay|wharf|villas|mansions|trl|turnpike"
)
_LONG_STREETS = "street|road|avenue|lane|drive|close|crescent|terrace|gardens|grove|boulevard"
_NOT_STREET = (
    "quid|bucks|dollars?|pounds?|pence|cents?|euros?|of|in|on|at|to|for|from|per|my|your|a|an|and|or|is|"
    "was|are|times?|days?|weeks?|months?|years?|hours?|mins?|minutes?|people|percent|each|every|went|"
    "this|last|next|more|most|less|spent|spend|gone|drinks?|coffees?|meals?|payments?|transactions?|"
    "am|pm|st|nd|rd|th|k|i|it|we|that|with|by|under|over|out|off|but|if|so|half|all|kids"
)
_STREET_WORD = rf"(?!(?:{_NOT_STREET})\b)[^\W\d_][\w'’.]*"
_FLAT = r"(?:flat|apt|apartment|unit|suite|ste|room|rm)\.?\s?#?\s?(?:\d+[a-z]?|[a-h]\b)"
_REFERS = (
    "ref|refs|reference|references|confirmation|conf|order|invoice|inv|receipt|policy|customer|member|"
    "membership|case|ticket|booking|claim|tracking|mandate|transaction|txn|trans|payment|passport|"
    "licence|license|id|auth|trace|utr|pnr|application|student|employee|payroll"
)
_UK_POSTCODE = r"[a-z]{1,2}\d[\da-z]?\s{0,2}\d[abd-hjlnp-uw-z]{2}"
_ZIP = r"[a-z]{2,}\.?,?\s+\d{5}(?:-\d{4})?"
_SEPARATOR = r"[\s.\-–]"

_MAIL = re.compile(
    r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[\w.+-]+\s?(?:\(at\)|\[at\]|\sat\s)\s?(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|aol|live|me|"
    r"proton|protonmail|btinternet|sky|msn)\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?\w+(?:(?:\.|\sdot\s)uk)?",
    _I,
)
_HANDLE = re.compile(r"(?<![\w@])@[a-z][\w.-]{2,}|(?<![\w$])\$[a-z][\w-]{3,}", _I)
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){2,7}(?:\s?[a-z0-9]{1,3})?\b", _I)
_LONG = re.compile(rf"{_NO_AMOUNT}\d(?:[\s-]?\d){{11,18}}(?!\d)")
_ID = re.compile(
    r"\b[a-ceghj-prstw-z][a-ceghj-nprstw-z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b"
    rf"|{_NO_AMOUNT}\d{{3}}-\d{{2}}-\d{{4}}(?!\d)",
    _I,
)
_ACCOUNT_SAID = re.compile(
    r"(?P<said>\b(?:account|accounts|acct|acc|accnt|a/c|routing|aba|roll|bank)\b"
    r"(?:\s?(?:number|num|nr|no|#|is|ending|ends|in|details|with|for|to|:|=|\.|-|,)+)*\s*)"
    r"(?P<found>(?<![£$€])[\dx*•]*\d(?:[\s-]?\d){3,16})(?![\d.,]*\d|\s?(?:quid|pounds?|bucks|dollars?|k)\b)",
    _I,
)
_SORT_SAID = re.compile(
    rf"(?P<said>\b(?:sort\s?-?code|sortcode|s/c|sc)\b(?:\s?(?:is|no|number|:|=|-|,)+)*\s*)"
    rf"(?P<found>\d{{2}}{_SEPARATOR}?\d{{2}}{_SEPARATOR}?\d{{2}})(?!\d)",
    _I,
)
_SIX = re.compile(
    rf"{_NO_AMOUNT}(\d{{2}})([-–\s])(\d{{2}})\2(\d{{2}})(?![\d/-])(?P<more>\s*,?\s*\d{{8}}\b)?"
)
_INTERNATIONAL = re.compile(r"(?<![\w£$€.,-])(?:\+|00)[1-9](?:[\s.()\-–]*\d){7,14}(?!\d)")
_UK_PHONE = re.compile(rf"{_NO_AMOUNT}\(?0(?:[\s.()\-–]{{0,2}}\d){{9,10}}(?!\d)")
_US_PHONE = re.compile(
    rf"{_NO_AMOUNT}(?:1{_SEPARATOR}?)?\(?[2-9]\d{{2}}\)?{_SEPARATOR}?[2-9]\d{{2}}{_SEPARATOR}?\d{{4}}(?!\d)"
)
_LOCAL_PHONE = re.compile(
    r"(?P<said>\b(?:call|ring|phone|text|txt|tel|telephone|mobile|mob|cell|number|fax|whatsapp|reach)\b"
    r"[^\d£$€]{0,20})(?P<found>\d{3}[\s.-]?\d{4}|0?\d{5,6}(?:\s\d{5,6})?)(?!\d)",
    _I,
)
_BARE = re.compile(rf"{_NO_AMOUNT}\d{{8,12}}(?![\w]|[.,]\d|\s?(?:quid|pounds?|bucks|dollars?)\b)")
_TAIL = re.compile(
    r"(?P<said>\b(?:ending|ends|end|last\s(?:four|4)(?:\sdigits)?(?:\sare|\sis)?)\s(?:in\s|with\s|on\s)?)"
    r"(?P<found>\d{4})(?!\d)",
    _I,
)
_MASKED = re.compile(r"(?<!\w)[x*•]{2,}[\sx*•-]*\d{3,4}\b", _I)
_REFERENCE = re.compile(
    rf"(?P<said>\b(?:{_REFERS})"
    r"(?:\s?(?:ref|reference|number|num|nr|no|id|code|#|is|was|:|=|\.|-)+)*\s*#?)"
    r"(?P<found>(?=[a-z0-9/_-]*\d)(?![£$€]|(?:19|20)\d\d\b|\d{1,2}(?:st|nd|rd|th)\b|\d{1,4}[/-]\d{1,2}\b)"
    r"[a-z0-9][a-z0-9/_-]{3,})(?!\w|[.,]\d)",
    _I,
)
_CODE = re.compile(r"(?<![\w£$€])(?=[a-z0-9-]*[a-z])(?:[a-z-]*\d){5,}[a-z0-9-]*\b", _I)
_POSTCODE = re.compile(
    rf"\b(?P<area>[a-z]{{1,2}})(?=\d){_UK_POSTCODE.removeprefix('[a-z]{1,2}')}\b", _I
)
_ZIP_CODE = re.compile(
    rf"\b(?P<state>[a-z]{{2,}})\.?,?\s+\d{{5}}(?:-\d{{4}})?\b|{_NO_AMOUNT}\d{{5}}-\d{{4}}\b"
    r"|\bzip(?:\scode)?(?:\sis)?\s\d{5}\b",
    _I,
)
_ADDRESS = re.compile(
    rf"(?<![\w£$€.,])(?:{_FLAT},?\s+)?\d{{1,5}}[a-z]?(?:-\d{{1,4}})?,?\s+(?:[nsew]{{1,2}}\.?\s+)?"
    rf"(?:(?:the\s+)?(?:{_STREET_WORD}\s+|\d{{1,3}}(?:st|nd|rd|th)\s+){{1,3}}(?:{_STREETS})\b\.?(?:\s[nsew]{{1,2}}\b)?)"
    rf"(?:,?\s+{_FLAT})?(?:,?\s+[^\W\d_]+(?:\s[^\W\d_]+)?,?\s+(?:{_UK_POSTCODE}|{_ZIP})\b)?"
    rf"|\bp\.?\s?o\.?\s?box\s\d+|\b(?:flat|apt|apartment)\s?#?\s?\d+[a-z]?\b",
    _I,
)
_LIVES = re.compile(
    rf"(?P<said>\b(?:live|lives|living|moved|moving|address|deliver|delivered|sent|post|staying)\s"
    rf"(?:is\s|at\s|on\s|in\s|to\s|it\sto\s)?)(?P<found>(?:{_STREET_WORD}\s){{1,3}}"
    rf"(?:{_LONG_STREETS}))\b",
    _I,
)


def luhn(digits: str) -> bool:
    """Whether a number's check digit is right by the method of Luhn (1954)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _long(match: re.Match[str]) -> str:
    digits = _digits(match.group())
    groups = re.split(r"[\s-]", match.group())
    if len(digits) >= 13 and (luhn(digits) or len(digits) in (15, 16)):
        return CARD
    # Amounts and years beside one another are short groups; an account number is written in one.
    return ACCOUNT if len(groups) <= 3 else match.group()


def _six(match: re.Match[str]) -> str:
    first, separator, second, third = match.group(1, 2, 3, 4)
    more = match.group("more")
    day_first = int(first) <= 31 and 1 <= int(second) <= 12
    month_first = 1 <= int(first) <= 12 and int(second) <= 31
    is_date = (day_first or month_first) and 10 <= int(third) <= 39
    year_first = 10 <= int(first) <= 39 and 1 <= int(second) <= 12 and int(third) <= 31
    if not more and (is_date or year_first or separator.isspace()):
        return match.group()
    return f"{SORT_CODE} {ACCOUNT}" if more else SORT_CODE


def _iban(match: re.Match[str]) -> str:
    return IBAN if sum(char.isdigit() for char in match.group()) >= 8 else match.group()


def _bare(match: re.Match[str]) -> str:
    """A long number is an account's unless it is a date such as 20250131."""
    digits = match.group()
    year_first = digits[:2] in ("19", "20") and digits[4:6] <= "12" and digits[6:] <= "31"
    year_last = digits[4:6] in ("19", "20") and digits[:2] <= "31" and digits[2:4] <= "12"
    return digits if len(digits) == 8 and (year_first or year_last) else ACCOUNT


def _postcode(match: re.Match[str]) -> str:
    return POSTCODE if match.group("area").lower() in _AREAS else match.group()


def _zip(match: re.Match[str]) -> str:
    state = match.group("state")
    if state is None or state.lower() in _STATES:
        return POSTCODE
    return f"zip {POSTCODE}" if state.lower() == "zip" else match.group()


def _always(placeholder: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: placeholder


def _after(placeholder: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match.group('said').rstrip()} {placeholder}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of personal data.

    Attributes:
        pattern: What it looks like.
        replace: What stands in its place.
        digits: How many digits a message with it has at least.
        words: Of which the message must have one; empty for a kind that needs none.
    """

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    digits: int = 0
    words: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace("|", " ").split())


_RULES = (
    Rule(_INTERNATIONAL, _always(PHONE), 8),
    Rule(_IBAN, _iban, 8),
    Rule(_SORT_SAID, _after(SORT_CODE), 6),
    Rule(_ID, _always(ID), 6),
    Rule(_LONG, _long, 12),
    Rule(_SIX, _six, 6),
    Rule(
        _ACCOUNT_SAID,
        _after(ACCOUNT),
        4,
        _words("account accounts acct acc accnt a routing aba roll bank"),
    ),
    Rule(_UK_PHONE, _always(PHONE), 10),
    Rule(_US_PHONE, _always(PHONE), 10),
    Rule(_LOCAL_PHONE, _after(PHONE), 6),
    Rule(_BARE, _bare, 8),
    Rule(_ADDRESS, _always(ADDRESS), 1, _words(f"{_STREETS} flat apt apartment box")),
    Rule(_POSTCODE, _postcode, 2),
    Rule(_ZIP_CODE, _zip, 5),
    Rule(_TAIL, _after(CARD), 4, _words("ending ends end last")),
    Rule(_MASKED, _always(CARD), 3),
    Rule(_REFERENCE, _after(REFERENCE), 1, _words(_REFERS)),
    Rule(_CODE, _always(REFERENCE), 5),
    Rule(_LIVES, _after(ADDRESS), 0, _words(_LONG_STREETS)),
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")


class Redactor:
    """Takes personal data out of messages.

    Args:
        payees: People whom the ledger names.
        without: Names that the gazetteer is to do without; lets a test hold some out.
    """

    def __init__(self, payees: Iterable[str] = (), without: Collection[str] = ()) -> None:
        self._names = NameFinder(payees, without)

    def redact(self, text: str) -> str:
        """Return the message with a placeholder for each piece of personal data."""
        low = text.lower()
        words = _WORD.findall(low)
        if "@" in low or "$" in low or "at" in words:
            text = _HANDLE.sub(NAME, _MAIL.sub(EMAIL, text))
        digits = len(_DIGIT.findall(text))
        for rule in _RULES:
            if digits >= rule.digits and not (rule.words and rule.words.isdisjoint(words)):
                text = rule.pattern.sub(rule.replace, text)
        pieces, reached = [], 0
        for start, end in self._names.spans(text, words):
            pieces += [text[reached:start], NAME]
            reached = end
        return "".join(pieces) + text[reached:] if pieces else text
