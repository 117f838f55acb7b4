"""From what was said of alerts to an `Alert`, to the alerts that are meant, or to settings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import available_timezones

from actions.counting import MONEY_BACK
from actions.desk import Desk
from actions.digests import KINDS
from actions.errors import Button, UnclearError
from actions.query import Query
from actions.said import Said
from ledger.alerts import Alert
from ledger.notices import NoticeSettings

_BALANCE = re.compile(
    r"\bbalances?\b|\boverdra\w*|\boverdrawn\b|\bin the red\b|\b(?:run|running|get|getting|am|i'm) "
    r"(?:low|short|out)\b|\blow (?:on )?(?:money|funds|balance)\b|\bleft\b|\bbelow zero\b"
)
_MOVES = re.compile(r"\b(?:drops?|falls?|goes|dips?|gets?|is|are|hits?|reach\w*|under|below)\b")
_PAYDAY = re.compile(
    r"\b(?:i|i'm|i am) (?:get |got |been |was |am )?paid\b|\bpay ?days?\b|\b(?:wages?|salary)\b|"
    r"\bpay ?che(?:ck|que)s?\b|\bmy pay\b"
)
_MONEY_IN = re.compile(
    r"\b(?:refunds?|rebate)\b|\bmoney (?:comes|coming|goes|arrives|lands) ?in\b|\bincoming\b|"
    r"\bpays me\b|\bdeposits?\b|\b(?:comes|arrives|lands) (?:in|into)\b"
)
_BACK = re.compile(r"\b(?:refunds?|rebate)\b")
_DUE = re.compile(r"\bdue\b|\bbefore\b|\bbills?\b|\bupcoming\b|\bremind\w*|\bdirect debits?\b")
_OUT = re.compile(r"\b(?:goes|go|gone|went|taken|takes|leaves|charges?|charged|paid)\b")
_RISE = re.compile(
    r"\bprices?\b.*\b(?:up|rises?|increas\w*|hikes?|change\w*)\b|"
    r"\bprice (?:rise|hike|increase)s?\b|\b(?:goes|go|went|gone|put\w*) up\b|"
    r"\bmore expensive\b|\bcosts? more\b"
)
_TWICE = re.compile(r"\b(?:duplicate\w*|twice|double[ -]?charged?|charged? double|same payment)\b")
_SPEND = re.compile(r"\b(?:spend\w*|spent|spending|budget|over ?spen\w*)\b")
_LARGE = re.compile(
    r"\b(?:big|large|huge|major)\b.*\b(?:payments?|transactions?|purchases?|spends?)\b"
)
_SINGLE = re.compile(
    r"\b(?:every|each|any) ?time\b|\bwhenever\b|"
    r"\b(?:payments?|transactions?|purchases?|anything|something|single|one go)\b"
)
_DAYS = re.compile(
    r"\b(\d{1,2}|a|one|two|three|four|five|six|seven) days? (?:before|ahead|early)\b"
)
_WEEK = re.compile(r"\ba week (?:before|ahead|early)\b")
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_ALL = re.compile(r"\b(?:all|every|any|everything)\b|\b(?:the|my) (?:alerts|notifications)\b")
_EVERYTHING = re.compile(
    r"\b(?:stop|quit|no more|don'?t|cease)\b.*\b(?:messag\w+|texting|sending|contact\w*)\b|"
    r"\b(?:all|every) (?:messages?|notifications?)\b"
)
_DIGEST_WORDS = {
    "recap": re.compile(
        r"\brecaps?\b|\bweekly (?:summar\w+|update|report|digest)s?\b|\bdigests?\b"
    ),
    "bills": re.compile(
        r"\bbills? (?:reminders?|messages?|updates?)\b|\breminders? (?:of|about) bills\b"
    ),
    "unusual": re.compile(r"\bunusual\b"),
    "goal": re.compile(r"\bgoals? (?:reached|messages?|alerts?|notifications?)\b"),
}
_QUIET = re.compile(
    r"\bquiet (?:hours|time)?\D{0,20}?(\d{1,2})(?::00)? ?(am|pm)? ?(?:to|until|till|-|–|and) ?"
    r"(\d{1,2})(?::00)? ?(am|pm)?\b"
)
_HOUR = re.compile(r"\b(?:at|from) (\d{1,2})(?::\d\d)? ?(am|pm)?\b(?! ?%)")
_ZONE = re.compile(r"\btime ?zone\b.*?\b(?:is|to|in)\b ([a-z_/ ]{3,40})$")
_SEND = re.compile(
    r"\b(?:send|messages?|notif\w+|alerts|recaps?|summar\w+|updates?|digests?|reminders)\b"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message says about messages that come unasked.

    Attributes:
        kinds: The kinds of digest that it names.
        all: Whether it means everything that is sent.
    """

    kinds: tuple[str, ...] = ()
    all: bool = False


def wish(text: str) -> Wish:
    """The digests that a message names."""
    kinds = tuple(kind for kind in KINDS if _DIGEST_WORDS[kind].search(text))
    return Wish(kinds, bool(_EVERYTHING.search(text)) and not kinds)


def changed_settings(text: str, settings: NoticeSettings) -> NoticeSettings | None:
    """The settings with the hour, quiet hours or time zone of a message; None where it has none."""
    quiet = _QUIET.search(text)
    if quiet:
        first, end = _hour(quiet[1], quiet[2], late=True), _hour(quiet[3], quiet[4])
        return replace(settings, quiet_from=first, quiet_until=end)
    zone = _ZONE.search(text)
    if zone:
        name = _zones().get(zone[1].strip().replace(" ", "_"))
        if name is None:
            raise UnclearError(
                "I don't know that time zone. A city such as Paris or Chicago helps."
            )
        return replace(settings, timezone=name)
    hour = _HOUR.search(text)
    if hour and _SEND.search(text):
        return replace(settings, hour=_hour(hour[1], hour[2]))
    return None


def _hour(digits: str, half: str | None, *, late: bool = False) -> int:
    """An hour of the day, 0 to 23; without am or pm one before 12 in the evening's place is pm."""
    hour = int(digits) % 24
    if half == "pm" or (half is None and late and 6 <= hour < 12):
        return hour % 12 + 12
    return hour % 12 if half == "am" else hour


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Time zones by their whole name and by their city, lower case."""
    names = sorted(available_timezones())
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in names if "/" in name}
    return cities | {name.casefold(): name for name in names}


def drafted(desk: Desk, said: Said, query: Query) -> Alert:
    """The alert that a message asks for.

    Raises:
        UnclearError: It is not said of what, or the amount is missing.
    """
    kind = _kind(said, query)
    if query.weekdays:
        raise UnclearError("I can't watch some days of the week alone. Name the shops instead.")
    amount = query.amount
    if amount is not None and amount.currency not in {None, desk.person.currency}:
        raise UnclearError(
            f"Please give me the amount in {desk.person.currency}.", wants=("amount",)
        )
    minor = None if amount is None else amount.minor
    base = Alert("", kind, desk.person.currency, desk.turn.now)
    named = replace(
        base, accounts=query.accounts, merchants=query.merchants, categories=query.categories
    )
    if kind == "balance":
        return _with_id(_balance(replace(base, accounts=query.accounts), said, query))
    if kind == "spent":
        return _with_id(_spent(desk, replace(named, minor=minor, op="gt"), said))
    if kind == "money_in" and _BACK.search(said.text) and not query.categories:
        named = replace(named, categories=(MONEY_BACK,))
    if kind == "payment" and minor is None and not (query.merchants or query.categories):
        raise UnclearError("Payments over which amount shall I tell you of?", wants=("amount",))
    if kind in {"payment", "money_in"}:
        return _with_id(replace(named, minor=minor, op=None if minor is None else _over(query)))
    if kind == "bill":
        days = _days(said.text)
        return _with_id(replace(named, accounts=(), days=days))
    return _with_id(base)


def _kind(said: Said, query: Query) -> str:  # noqa: PLR0911 (one line a kind)
    text, named = said.text, query.merchants or query.categories
    if _TWICE.search(text):
        return "duplicate"
    if _RISE.search(text) and query.amount is None:
        return "rise"
    if _BALANCE.search(text) or (query.accounts and query.amount and _MOVES.search(text)):
        return "balance"
    if _PAYDAY.search(text) and not query.merchants:
        return "payday"
    if _MONEY_IN.search(text):
        return "money_in"
    if _SPEND.search(text) and not _SINGLE.search(text) and (query.amount or named):
        return "spent"
    if query.amount is not None or _LARGE.search(text):
        return "payment"
    if named and _OUT.search(text) and not _DUE.search(text):
        return "payment"
    if named or _DUE.search(text):
        return "bill"
    raise UnclearError(
        "What shall I tell you of? Say, for example, “when my balance goes under 100”, “a payment "
        "over 200”, “a bill is due” or “I get paid”.",
        [
            Button(title, {"intent": "set_alert", "entities": [], "text": title})
            for title in ("When a bill is due", "When I get paid")
        ],
        wants=("event",),
    )


def _over(query: Query) -> str:
    op = query.amount.op if query.amount else "gt"
    return op if op in {"gt", "gte", "lt", "lte"} else "gte"


def _balance(alert: Alert, said: Said, query: Query) -> Alert:
    if query.amount is None:
        if re.search(r"\boverdra\w*|\bred\b|\bzero\b", said.text):
            return replace(alert, op="lt", minor=0)
        raise UnclearError("Below which balance shall I tell you?", wants=("amount",))
    above = query.amount.op in {"gt", "gte"} or re.search(r"\b(?:above|over|reach\w*)\b", said.text)
    return replace(alert, op="gt" if above else "lt", minor=query.amount.minor)


def _spent(desk: Desk, alert: Alert, said: Said) -> Alert:
    """Spending in a week or month; without an amount the budget's is the bound."""
    unit = said.unit if said.unit in {"week", "month"} else "month"
    if alert.minor is not None:
        return replace(alert, unit=unit)
    about = "+".join(sorted([*alert.categories, *alert.merchants]))
    budget = next((one for one in desk.budgets if one.id == about), None)
    if budget is None or budget.unit == "payday":
        raise UnclearError("Over which amount a month shall I tell you?", wants=("amount",))
    return replace(alert, minor=budget.minor, unit=budget.unit)


def _days(text: str) -> int | None:
    found = _DAYS.search(text)
    if found:
        return int(found[1]) if found[1].isdigit() else _NUMBERS[found[1]]
    return 7 if _WEEK.search(text) else None


def _with_id(alert: Alert) -> Alert:
    """The alert with its id: one of a kind and subject, so that another amount replaces it."""
    about = sorted((*alert.accounts, *alert.merchants, *alert.categories))
    above = ["above"] if alert.kind == "balance" and alert.op == "gt" else []
    return replace(alert, id=":".join([alert.kind, *above, *about]))


_KIND_WORDS = {
    "balance": _BALANCE,
    "payday": _PAYDAY,
    "duplicate": _TWICE,
    "rise": re.compile(rf"{_RISE.pattern}|\bprices?\b"),
    "money_in": _MONEY_IN,
    "bill": re.compile(r"\bbills?\b|\breminders?\b|\bdue\b"),
    "payment": re.compile(r"\b(?:large|big|payments?|transactions?)\b"),
    "spent": re.compile(r"\bspend\w*|\bspent\b|\bbudget\b"),
}


def chosen(said: Said, query: Query, known: Sequence[Alert]) -> list[Alert]:
    """The alerts that a message means: by kind, subject or amount, all, or the only one."""
    if _ALL.search(said.text) and not (query.merchants or query.categories or query.accounts):
        return list(known)
    named = {*query.merchants, *query.categories, *query.accounts}
    kinds = {kind for kind, words in _KIND_WORDS.items() if words.search(said.text)}
    found = [
        one
        for one in known
        if (named and named & {*one.accounts, *one.merchants, *one.categories})
        or (query.amount is not None and query.amount.minor == one.minor)
    ]
    found = found or [one for one in known if one.kind in kinds]
    if found or named or kinds:
        return found
    return list(known)
