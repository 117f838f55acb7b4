"""A bank line taken apart: rail, processor, name, purpose and what is mere noise.

Everything here is a pure function of the text; hostile input (ten thousand characters, control
characters, formulas, markup, right-to-left marks) gives some `Line`, never an exception.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from enrichment.ach_entry import split_entry
from enrichment.comma_fields import by_commas, split_fields
from enrichment.rails import (
    BRACKETED,
    CODES,
    LEADING_CODE,
    METHODS,
    TRAILING_CODE,
    rail_of_code,
    rail_of_method,
    rules_of,
)
from knowledge.merchants import plain_lower, slug
from knowledge.places import US_STATES, load_places

MAX_CHARS = 400

# Payment processors and platforms that print the merchant after a star.
PROCESSORS = {
    "sq": "square", "gosq.com": "square", "gosq": "square", "tst": "toast", "toast": "toast",
    "sumup": "sumup", "zettle_": "zettle", "zettle": "zettle", "iz": "zettle", "izettle": "zettle",
    "paypal": "paypal", "pp": "paypal", "pypl": "paypal", "sp": "shopify", "shopify": "shopify",
    "shop": "shopify", "klarna": "klarna", "stripe": "stripe", "stripe payments": "stripe",
    "cko": "checkout", "clover": "clover", "clv": "clover", "clr": "clover", "cl": "clover",
    "py": "paya", "in": "intuit", "intuit": "intuit", "ls": "lightspeed", "lspd": "lightspeed",
    "fs": "fastspring", "fspring": "fastspring", "paddle.net": "paddle", "paddle": "paddle",
    "ctlp": "vending", "usa": "vending", "nya": "vending", "nyx": "vending", "nayax": "vending",
    "gc": "gocardless", "gocardless": "gocardless", "glossgenius": "glossgenius",
    "vagaro": "vagaro", "fh": "fareharbor",
    "wpy": "wepay", "wepay": "wepay", "eb": "eventbrite", "ysi": "yardi", "pushpay": "pushpay",
    "tithe.ly": "tithely", "lawpay": "lawpay", "dojo": "dojo", "worldpay": "worldpay",
    "shopkeep": "shopkeep", "spoton": "spoton", "revel": "revel", "ezcater": "ezcater",
    "mindbody": "mindbody", "mbo": "mindbody", "bb": "blackbaud", "wix": "wix",
    "sqsp": "squarespace", "gumroad": "gumroad", "gum.co": "gumroad", "etsy": "",
    "ic": "instacart", "dd": "doordash",
    "resy": "resy", "clearpay": "clearpay", "affirm": "affirm", "opentable": "opentable",
    "touchbistro": "touchbistro", "wl": "steam",
    "hltd": "", "act": "active", "pos": "", "ptm": "", "sezzle": "sezzle", "afterpay": "afterpay",
    "crv": "curve", "curve": "curve", "2co.com": "2checkout", "2co": "2checkout",
    "bluesnap": "bluesnap", "wise": "", "lol": "", "tm": "ticketmaster", "ax": "axs", "axs": "axs",
    "wisepay": "wisepay", "treatwell": "treatwell", "fresha": "fresha", "booksy": "booksy",
    "melio": "melio", "bill.com": "bill", "kindle": "", "pmusa": "", "ebay": "",
    "sqc": "square", "sqr": "square", "loyverse": "", "mews": "", "flo": "",
}  # fmt: skip
# Those whose merchant follows even without a star.
_SPACED_PROCESSORS = {"sp", "sq", "tst", "iz", "zettle_", "sumup", "ls", "py", "izettle", "zettle"}

_STARRED = re.compile(r"^(?P<who>[\w.&' -]{1,24}?)\s*_?\*\s*(?P<rest>.*)$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FOREIGN = re.compile(
    r"\s*(?:amount:\s*[a-z]{3}\s*-?[\d.,]+\.?\s*)?(?:conversion rate:\s*[\d.]+\.?)\s*$"
    r"|\s*active card check\s*$|\s+(?:usd|eur|gbp|cad)\s*-?[\d.,]+\s*@.*$"
    r"|\s+(?:apple|google)\s?pay\s*$"
    r"|\s+on \d{1,2} [a-z]{3}(?: (?:bcc|cpm|clp|asd|bbp))?\s*$",
    re.IGNORECASE,
)
# What any of its forms holds; most lines hold none.
_FOREIGN_SIGNS = ("conversion rate", "active card check", "@", "apple", "google", " on ")
_PHONE = re.compile(
    r"(?<![\w])(?:\+?\d{1,2}[ -])?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)|"
    r"\b0\d{3,4}[ -]\d{3}[ -]\d{3,4}\b|\b\d{3}-\d{7}\b"
)
LONG_NUMBER = re.compile(r"\d{3}\)?[ .-]?\d{3}")
"""Stands in every phone number; most lines have none, and this is told sooner."""
_HOST = re.compile(
    r"\b(?:www\.)?([a-z0-9-]+)\.(?:com|co\.uk|net|org|io|co|tv|eu|fm|ai|app|uk|ie|us|me)(?:/\S*)?",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"\bhelp\.[a-z.]+\b|\b\w+@\S+|\bhttps?://\S+|\b[a-z]{2,6}\.[a-z]{2}/\S*", re.IGNORECASE
)
DATE = re.compile(
    r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\d{0,4}\b",
    re.IGNORECASE,
)
IN_DATES = re.compile(r"\d(?:[/-]\d|[a-z]{3})", re.IGNORECASE)
"""Stands in every date; most numbers are none."""
_REFERENCE = re.compile(r"^(?=.*\d)[\w*#./-]{4,}$|^[#*]?\d+$|^[x*]{2,}\w*$|^#.*$", re.IGNORECASE)
_BLANKS = re.compile(r" {2,}")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NO_WORD = re.compile(r"[^\w &+\U0001F300-\U0001FAFF]+")
"""What is no part of a word; the blanks between words may stay."""
_PERSON = re.compile(r"^(?:cash ?app|venmo)\s*\*|^zelle\b", re.IGNORECASE)


class Line(NamedTuple):
    """What a description says.

    Attributes:
        name: Who it is with as written; its place may still follow.
        fields: Name and suffix in the columns in which they were set (two blanks or more).
        memo: What the person or originator wrote it is for; empty when nothing says.
        entry: The originator's own word, such as PAYROLL or AUTOPAY.
        rail: How the money moved, see `enrichment.rails`; empty when the line does not say.
        processor: The payment processor in between, empty for none.
        suffix: What stood after a merchant's star (`TRIP` in `UBER *TRIP`).
        lead: How many characters the processor's prefix took.
    """

    name: str
    fields: tuple[str, ...]
    memo: str = ""
    entry: str = ""
    rail: str = ""
    processor: str = ""
    suffix: str = ""
    lead: int = 0


_CITY, _STATE, _END = 23, 36, 38
"""Where the city and the state of a card line stand, and where it ends: 22 letters are the name's,
13 the city's, 2 the state's (as of card networks' clearing records)."""


def _with_state_apart(text: str) -> str:
    """A card line whose city fills its column with a blank before its state: `SAN FRANCISCOCA`."""
    if len(text) != _END or text[_STATE:] not in US_STATES:
        return text
    city = text[_CITY:_STATE]
    apart = text[_CITY - 1] == " " and city[0].isalpha() and city[-1].isalpha()
    if not apart or not _begins_place(slug(city)):
        return text
    return f"{text[:_CITY]} {city} {text[_STATE:]}"


@lru_cache(maxsize=1 << 10)
def _begins_place(city: str) -> bool:
    return any(place.startswith(city) for place in load_places())


def tidy(description: str) -> str:
    """NFKC without control and direction marks, cut to `MAX_CHARS`; columns keep two blanks."""
    text = _with_state_apart(description[: 4 * MAX_CHARS])
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\t", "  ").replace("\n", "  "))
    text = text[:MAX_CHARS].strip()
    return _BLANKS.sub("  ", text) if "   " in text else text


def _split_rail(text: str) -> tuple[str, str, str, str]:
    """The rail, the name part, the memo and the entry word."""
    flat = " ".join(text.split())
    match = BRACKETED.match(flat) if "(" in flat else None
    if match:
        return rail_of_method(match["method"]), match["name"], match["memo"] or "", ""
    by_method = _set_in_columns(text) or by_commas(text)
    if by_method is not None:
        return (*by_method, "")
    if flat[:24].casefold().startswith(_BANKS_OWN):
        return "bank", text, "", ""
    for rule in rules_of(flat):
        match = rule.match(flat)
        if match:
            found = {key: value or "" for key, value in match.groupdict().items()}
            # The columns of a card line tell the town; take the name from the text as written.
            name = _columns(text, found.get("name", ""))
            name = _first_name_first(name) if rule.surname_first else name
            name = f"{name}  {found['place']}" if found.get("place") else name
            entry = found.get("entry", "")
            if rule.name == "ach" and not entry and flat[:4].casefold() in _BY_FORMAT:
                name, entry = split_entry(name)
            return rule.name, name, found.get("memo", ""), entry
    set_apart = split_fields(text)
    if set_apart is not None:
        return (*set_apart, "")
    return _coded(flat) or ("", text, "", "")


_WITH_CARD = re.compile(
    r"(?<=\S)(?<!\bto)(?<!\bfrom)\s+cd\s*\d{4}(?:\s+\d\d[a-z]{3}\d\d)?\s*$", re.IGNORECASE
)


def _on_card(text: str) -> tuple[str, str, str, str] | None:
    """A line whose end names the card and maybe the day: `LNK HIGH ST CD 4417 12MAR26`."""
    match = _WITH_CARD.search(text) if " cd" in text.casefold() else None
    if match is None:
        return None
    before = text[: match.start()]
    said = _split_rail(before)
    about_account = before.casefold().startswith(_BANKS_OWN + _ABOUT_ACCOUNT)
    # `BP` begins a bill payment and a petrol station: with a card behind it, the latter.
    bought = said[0] in {"", "faster_payment"} and not about_account
    return ("card", before, "", "") if bought else said


_BY_FORMAT = frozenset({"elec", "ach ", "web ", "prea", "with", "depo"})
"""How lines begin that print an ACH entry's two fields behind the bank's own words."""
_SHOPPED = frozenset({"", "card"})
_RETURNED = re.compile(
    r"(?<=\S)[\s,-]+(?P<said>refund(?:ed)?|reversal|return(?=\s*$|\s+\S*\d))\b(?:\s+(?=\S*\d)\w{5,})?",
    re.IGNORECASE,
)
_BACK = ("refund", "reversal", "return")


def _returned(name: str) -> tuple[str, str]:
    """A shop's name without the word in or behind it that money came back, and that word."""
    lower = name.casefold()
    match = _RETURNED.search(name) if any(map(lower.__contains__, _BACK)) else None
    if match is None:
        return name, ""
    return f"{name[: match.start()]}{name[match.end() :]}", match["said"]


def _first_name_first(name: str) -> str:
    """A person's two names in the order in which people say them."""
    words = name.split()
    return " ".join(reversed(words)) if len(words) == 2 else name


_ABOUT_ACCOUNT = ("transfer", "deposit", "cash deposit")
_BANKS_OWN = ("overdraft fee", "interest", "foreign transaction")


def _set_in_columns(text: str) -> tuple[str, str, str] | None:
    """A method, a name and a reference in columns of their own."""
    if "  " not in text:
        return None
    columns = text.split("  ")
    rail = METHODS.get(columns[0].strip().casefold())
    if rail is None:
        return None
    if rail in {"card", "cash"}:
        return rail, "  ".join(columns[1:]), ""
    return rail, columns[1], " ".join(columns[2:])


def _coded(flat: str) -> tuple[str, str, str, str] | None:
    """A United Kingdom code before or behind the name."""
    match = LEADING_CODE.match(flat)
    if match:
        return rail_of_code(match["code"]), match["rest"], "", ""
    coded = not CODES.isdisjoint(flat.casefold().split())
    match = TRAILING_CODE.match(flat) if coded else None
    if match:
        return rail_of_code(match["code"]), match["rest"], (match["memo"] or "").strip(), ""
    return None


def _columns(text: str, name: str) -> str:
    """The part of `text` that reads as `name` once its columns are closed up."""
    if "  " not in text or not name:
        return name
    words = name.split(" ")
    start = text.find(words[0])
    while start >= 0:
        end = start
        for word in words:
            while text[end : end + 1] == " ":
                end += 1
            if not text.startswith(word, end):
                break
            end += len(word)
        else:
            return text[start:end]
        start = text.find(words[0], start + 1)
    return name


def _split_processor(name: str) -> tuple[str, str, str]:
    """Processor, name and what stands after a merchant's own star."""
    match = _STARRED.match(name) if "*" in name else None
    if match is None:
        head, _, rest = name.partition(" ")
        if head.casefold() in _SPACED_PROCESSORS and rest.strip():
            return PROCESSORS[head.casefold()], rest.strip(), ""
        return "", name, ""
    who, rest = match["who"].strip(), match["rest"].strip()
    if rest in US_STATES:  # TD Bank's star before the state
        return "", f"{who} {rest}", ""
    key = who.casefold().rstrip("_ ")
    if key in PROCESSORS and PROCESSORS[key] and _LETTERS.search(rest):
        return PROCESSORS[key], rest, ""
    return "", who, rest


_CODE = re.compile(r"\bCKCD (\d{4})\b|\d{17} (\d{4})(?= Card)")


def merchant_code(description: str) -> str:
    """The merchant category code that some banks print behind a card payment, empty for none."""
    told = "CKCD" in description or " Card" in description
    match = _CODE.search(description[:MAX_CHARS]) if told else None
    return (match[1] or match[2]) if match else ""


def words_of(text: str) -> str:
    """Text for the model: one case, no references, dates, phone numbers or hosts' tails."""
    if not text:
        return ""
    if text.isascii() and text.replace(" ", "").isalpha():
        return " ".join(text.lower().split())
    if "." in text or "@" in text or "://" in text:
        text = _HOST.sub(r" \1 ", _HELP.sub(" ", text))
    if _DIGIT.search(text):
        text = _PHONE.sub(" ", text) if LONG_NUMBER.search(text) else text
        text = DATE.sub(" ", text) if IN_DATES.search(text) else text
    lower = plain_lower(text).replace("'", "").replace("’", "").replace("`", "")
    plain = _NO_WORD.sub(" ", lower)
    words = [w for w in plain.split() if w.isalpha() or not (w.isdigit() or _reference(w))]
    return " ".join(words)


def _reference(word: str) -> bool:
    digits = sum(c.isdigit() for c in word)
    return digits > 0 and ((len(word) >= 6 and digits >= 2) or digits > 2)


def parse(description: str) -> Line:
    """Takes a bank line apart.

    Args:
        description: The line as the bank wrote it; anything at all.

    Returns:
        The parts; all are empty for an empty line.
    """
    text = tidy(description)
    lower = text.casefold()
    if any(map(lower.__contains__, _FOREIGN_SIGNS)):
        text = _FOREIGN.sub("", text)
    rail, name, memo, entry = _on_card(text) or _split_rail(text)
    if rail in {"card", ""} and _PERSON.match(name.strip()):
        rail, name, memo, entry = _split_rail(name.strip())
    before = name.replace(" , ", " ").strip(" ,")
    if not entry and rail in _SHOPPED:
        before, entry = _returned(before)
    processor, name, suffix = _split_processor(before)
    whole = f"{name} {suffix}" if suffix else name
    fields = tuple(filter(None, map(str.strip, whole.split("  "))))
    shown = " ".join(name.split())
    return Line(
        name=shown,
        fields=fields,
        memo=memo.strip(),
        entry=entry.strip(),
        rail=rail,
        processor=processor,
        suffix=suffix,
        lead=len(before) - len(name) if processor else 0,
    )
