"""What a message says about a question, resolved against the person's own ledger."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from actions import hidden
from actions.desk import Desk
from actions.errors import UnclearError
from actions.names import (
    PERSONAL,
    find_accounts,
    find_counterparties,
    mentioned,
)
from actions.own_words import own_month, read_own_words
from actions.paydays import SINCE_LAST, resolve_context, stay_in
from actions.query import Amount, Exclude, Period, amount_from_json, period_from_json
from actions.reread import start_of, with_accounts, with_kinds
from actions.weekdays import named_days, narrowed_to
from knowledge.taxonomy import load_taxonomy

_LEAVES_OUT = re.compile(
    r"(?:\b(?:not|without|w/o|except|excl\.?|excluding|exclude|minus|ignore|ignoring|besides|"
    r"leaving out|leave out|apart from|aside from|other than|but not|"
    r"(?:don'?t|do not|dont|not) (?:count|counting|include|including))"
    r"(?:\s+(?:for|the|my|any|at|on|in|from|with|of|all|to))*)\s*$",
    re.IGNORECASE,
)
_TAKES_OUT = re.compile(
    r"\b(?:drop|dropping|skip|skipping|omit|omitting|take out|taking out|leave off|strip out|lose|"
    r"forget(?: about)?|cut out|remove|removing)(?:\s+(?:the|my|any|all))*\s*$",
    re.IGNORECASE,
)
"""Words that leave out what follows in a question; elsewhere they may end a budget or a goal."""
_NO_REFUNDS = re.compile(
    r"\b(?:without|exclud\w+|ignor\w+|minus|leav\w+ out|before|don'?t count|do not count|"
    r"not count\w*|drop) (?:the |my |any |all )*refunds?\b",
    re.IGNORECASE,
)
_REFUNDS = "income.money_back.refund"
_LEAVES = re.compile(
    r"\b(?:leave|leaving|keep|keeping)(?:\s+(?:the|my|any|all))*\s*$", re.IGNORECASE
)
_OUT = re.compile(
    r"\s*(?:stuff |payments? |one )?\bout\b(?! of (?!it\b|this\b|that\b))", re.IGNORECASE
)
"""As in "leave the rent out", where what is left out stands between both words."""
_AFTER = re.compile(r"\b(?:after|besides)\s+(?:the\s+|my\s+)?$", re.IGNORECASE)
_AND = re.compile(r"^\s*(?:,|and|or|nor|&|\+)\s*(?:the\s+|my\s+)?$", re.IGNORECASE)
_COMMA = re.compile(r"^\s*,")
_CAN_BE_LEFT_OUT = frozenset({"merchant", "category", "account", "period"})
_BESIDE = re.compile(
    r"^\s*(?:,|and|or|&|\+|plus|as well as|and also)\s*(?:(?:also|on|at|for|the|my)\s+)*$",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:without|except|excl\w*|leav\w+ out|not counting|ignor\w+|apart from|other than)\b"
)
_NOT_THEN = re.compile(r"\bnot\s+(?:(?:for|the|my|in|on|of)\s+)*$", re.IGNORECASE)
"""Before a time it corrects ("not october, september") more often than it leaves out."""
_INTO = re.compile(
    r"\b(?:put|puts|putting|move|moved|moving|transfer\w*|add|added|pay|paid|send|sent|save|saved|"
    r"saving|stash\w*|contribut\w*)\b.*\b(?:into|in|to|towards|away|aside)\b"
)
_UNITS = frozenset({"day", "week", "month", "quarter", "year"})


NEEDS_NOBODY = frozenset(
    [
        "check_balance",
        "list_accounts",
        "net_worth",
        "safe_to_spend",
        "can_afford",
        "forecast_balance",
        "upcoming_bills",
        "show_more",
    ]
)
"""Intents that are about no counterparty; a name in them narrows nothing."""
SPENT_SOMEWHERE = frozenset(
    {"spending_total", "spending_breakdown", "list_transactions", "transaction_count"}
)
"""Intents in which a place where the person stayed stands for the days there."""


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a message that say something about a question.

    Attributes:
        text: The message, lower case.
        periods: In the order written.
        exclude: What the words before an entity leave out ("without rent").
        number: A count ("top 5").
        unit: How often, as a unit of time ("a week").
        grouping: How to split.
        goal: The name of a savings goal.
        into_savings: Whether money put into savings accounts is meant, not spent from them.
        weekdays: Days of the week (0 is Monday) that taught words speak of; empty for all.
        month_start: The day on which the person's month starts.
        either: Whether a merchant and a category are named side by side ("trains and ubers").
        around: The message without what is named in it: "just" in "Just Eat" narrows nothing.
        gaps: The times that are left out ("excluding october").
        day_sides: Days of the week by name, in the order written ("weekdays vs weekends").
    """

    intent: str
    text: str
    periods: tuple[Period, ...] = ()
    merchants: tuple[tuple[str, ...], ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
    accounts: tuple[str, ...] = ()
    exclude: Exclude = field(default_factory=Exclude)
    amounts: tuple[Amount, ...] = ()
    number: int | None = None
    unit: str | None = None
    grouping: str | None = None
    goal: str | None = None
    into_savings: bool = False
    weekdays: tuple[int, ...] = ()
    month_start: int = 1
    either: bool = False
    gaps: tuple[Period, ...] = ()
    day_sides: tuple[tuple[int, ...], ...] = ()
    around: str = ""

    @property
    def leaves_out(self) -> bool:
        """Whether the message says what does not count."""
        return bool(self.exclude.to_json()) or bool(_WITHOUT.search(self.text))

    @property
    def says_nothing(self) -> bool:
        """Whether no entity was found that could change a question."""
        filters = (self.periods, self.merchants, self.categories, self.accounts, self.amounts)
        named = self.exclude.to_json() or self.number or self.unit or self.grouping
        return not any(filters) and not named and not self.weekdays and not self.gaps


def _left_out(text: str, entities: list[Mapping[str, Any]], *, edits: bool) -> set[int]:
    """The positions in ``entities`` of those that the words before them leave out.

    Args:
        text: The message.
        entities: In the order written.
        edits: Whether it changes a question, so that "drop the rent" is about its answer.
    """
    out: set[int] = set()
    previous_end: int | None = None
    for position, entity in enumerate(entities):
        start = entity.get("start")
        if not isinstance(start, int):
            continue
        before = text[:start]
        between = text[previous_end:start] if previous_end is not None else None
        chained = position - 1 in out and between is not None and _AND.match(between)
        corrected = between is not None and _COMMA.match(between)
        after = entity.get("entity") == "category" and _AFTER.search(before)
        named = entity.get("entity") in _CAN_BE_LEFT_OUT
        if entity.get("entity") == "period" and _NOT_THEN.search(before):
            named = False
        taken_out = _LEAVES_OUT.search(before) or (edits and _TAKES_OUT.search(before))
        behind = text[entity.get("end") or start :]
        taken_out = taken_out or (_LEAVES.search(before) and _OUT.match(behind))
        if named and (taken_out or after or (chained and not corrected)):
            out.add(position)
        previous_end = entity.get("end")
    return out


def _resolved(entity: Mapping[str, Any]) -> Mapping[str, Any]:
    resolved = entity.get("resolved")
    return resolved if isinstance(resolved, Mapping) else {}


def _period(desk: Desk, entity: Mapping[str, Any], text: str, merchants: tuple[str, ...]) -> Period:
    resolved = _resolved(entity)
    value = str(entity.get("value") or "")
    if resolved.get("needs_context"):
        return resolve_context(desk, str(resolved["needs_context"]), value, text, merchants)
    if "start" not in resolved and "end" not in resolved:
        raise UnclearError(f"Which days do you mean by “{value[:40]}”? A month or two dates help.")
    period = period_from_json(resolved) or Period()
    return own_month(period, value, desk.today, desk.month_start)


def _periods(
    desk: Desk, entities: Iterable[Mapping[str, Any]], text: str, merchants: tuple[str, ...]
) -> tuple[Period, ...]:
    """The periods of a message; one that nothing dates counts only where no other is said.

    Raises:
        UnclearError: None of them can be dated.
    """
    found: list[Period] = []
    unclear: UnclearError | None = None
    for one in entities:
        try:
            found.append(_period(desk, one, text, merchants))
        except UnclearError as error:
            unclear = error
    if unclear is not None and not found:
        raise unclear
    return tuple(found)


def _categories(entity: Mapping[str, Any]) -> tuple[str, ...]:
    taxonomy = load_taxonomy()
    ids = _resolved(entity).get("ids") or []
    known = tuple(str(id_) for id_ in ids if id_ in taxonomy)
    if not known:
        value = str(entity.get("value") or "")[:40]
        raise UnclearError(
            f"I don't have a category “{value}”. Try a broader word, such as groceries, "
            "eating out or transport."
        )
    return known


def _accounts(desk: Desk, entity: Mapping[str, Any]) -> tuple[str, ...]:
    value = str(entity.get("value") or "")
    found = find_accounts(value, _resolved(entity), desk.accounts)
    if not found:
        hidden.check_named(desk, value, _resolved(entity))
        names = ", ".join(account.name for account in desk.accounts[:5]) or "no account yet"
        raise UnclearError(f"I don't see an account “{value[:40]}”. You have: {names[:180]}.")
    return found


def _merchants(desk: Desk, entity: Mapping[str, Any]) -> tuple[str, ...]:
    resolved = _resolved(entity)
    if resolved.get("own"):
        return tuple(resolved["own"])
    id_ = str(resolved.get("id") or "")
    if id_ and desk.name_of(id_):
        return (id_,)
    value = str(entity.get("value") or "")
    return find_counterparties(value, resolved, desk.counterparties, desk.described)


def _first_int(entities: Iterable[Mapping[str, Any]]) -> int | None:
    for entity in entities:
        value = _resolved(entity).get("value")
        if type(value) is int and 0 < value <= 1000:
            return value
    return None


def _unit(entities: Iterable[Mapping[str, Any]]) -> str | None:
    for entity in entities:
        unit = _resolved(entity).get("unit")
        if unit in _UNITS:
            return "month" if unit == "quarter" else str(unit)
    return None


def _flat(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_ for group in groups for id_ in group))


def _picking(
    entities: list[Mapping[str, Any]], out: set[int]
) -> Callable[..., list[Mapping[str, Any]]]:
    """A reader of the entities of a kind: those that are meant, or those that are left out."""

    def of(kind: str, *, left_out: bool = False) -> list[Mapping[str, Any]]:
        return [
            one
            for position, one in enumerate(entities)
            if one.get("entity") == kind and (position in out) is left_out
        ]

    return of


def understand(desk: Desk, parse: Mapping[str, Any]) -> Said:
    """Resolves a parse against the person's ledger.

    Args:
        desk: What the turn may look at.
        parse: The parse of the contract, or a tapped button's.

    Raises:
        UnclearError: An entity fits nothing, so that leaving it away would answer another question.
    """
    text = str(parse.get("text") or "")
    entities = sorted(
        (one for one in parse.get("entities") or [] if isinstance(one, Mapping)),
        key=start_of,
    )
    entities, weekdays = read_own_words(desk.rules, entities, text)
    entities = with_kinds(desk, sorted(entities, key=start_of), text)
    entities = with_accounts(desk, entities, text)
    intent = str((parse.get("intent") or {}).get("name") or "")
    edits = intent in {"refine_query", "show_more"}
    of = _picking(entities, _left_out(text, entities, edits=edits))
    periods, merchants = _when_and_who(desk, parse, of)
    amounts = [amount_from_json(_resolved(one) or None) for one in of("amount")]
    groupings = [_resolved(one).get("by") for one in of("grouping")]
    accounts = _flat(_accounts(desk, one) for one in of("account"))
    return Said(
        intent=intent,
        text=text.casefold(),
        periods=periods,
        merchants=merchants,
        categories=tuple(_categories(one) for one in of("category")),
        accounts=accounts,
        exclude=_exclude(desk, of, text),
        amounts=tuple(one for one in amounts if one is not None),
        number=_first_int(of("number")),
        unit=_unit(of("recurrence")),
        grouping=next((str(one) for one in groupings if one), None),
        goal=next((str(one.get("value")) for one in of("goal")), None),
        into_savings=_is_into_savings(desk, accounts, text),
        weekdays=weekdays or narrowed_to(text, intent, edits=edits),
        month_start=desk.month_start,
        either=_are_beside(text, entities),
        gaps=tuple(_period(desk, one, text, ()) for one in of("period", left_out=True)),
        around=_around(text, of("merchant")),
        day_sides=named_days(text),
    )


def _around(text: str, named: Iterable[Mapping[str, Any]]) -> str:
    """The text, folded, with blanks where shops and people are named."""
    for one in named:
        start, end = one.get("start"), one.get("end")
        if isinstance(start, int) and isinstance(end, int):
            text = text[:start] + " " * (end - start) + text[end:]
    return text.casefold()


def _are_beside(text: str, entities: list[Mapping[str, Any]]) -> bool:
    """Whether a merchant and a category stand side by side, and none narrows the other."""
    things = [one for one in entities if one.get("entity") in {"merchant", "category"}]
    joined = [
        bool(_BESIDE.match(text[int(one.get("end") or 0) : start_of(other)]))
        for one, other in pairwise(things)
        if one["entity"] != other["entity"]
    ]
    return bool(joined) and all(joined)


def _when_and_who(
    desk: Desk, parse: Mapping[str, Any], of: Callable[..., list[Mapping[str, Any]]]
) -> tuple[tuple[Period, ...], tuple[tuple[str, ...], ...]]:
    """Periods and merchants together, since either may tell the other.

    "Since I last went to Greggs" names Greggs for the date alone; "in Porto" is the days there.
    """
    text = str(parse.get("text") or "")
    merchants = tuple(_merchants(desk, one) for one in of("merchant")) or _people(desk, parse)
    periods = _periods(desk, of("period"), text, _flat(merchants))
    if SINCE_LAST.search(text) and merchants:
        since = resolve_context(desk, "last_occurrence", text, text, merchants[-1])
        return (since,), merchants[:-1]
    asks_money = (parse.get("intent") or {}).get("name") in SPENT_SOMEWHERE
    if not periods and not merchants and asks_money:
        stay = stay_in(desk, text)
        return ((stay,) if stay else ()), merchants
    return periods, merchants


def _exclude(desk: Desk, of: Callable[..., list[Mapping[str, Any]]], text: str) -> Exclude:
    categories = _flat(_categories(one) for one in of("category", left_out=True))
    if _NO_REFUNDS.search(text):
        categories = tuple(dict.fromkeys((*categories, _REFUNDS)))
    return Exclude(
        _flat(_merchants(desk, one) for one in of("merchant", left_out=True)),
        categories,
        _flat(_accounts(desk, one) for one in of("account", left_out=True)),
    )


def _people(desk: Desk, parse: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Somebody of the person's own ledger who is named in the text though no entity says so."""
    if parse.get("intent") and parse["intent"].get("name") in NEEDS_NOBODY:
        return ()
    found = mentioned(str(parse.get("text") or ""), desk.paid_for(PERSONAL))
    return (found,) if found else ()


def _is_into_savings(desk: Desk, accounts: tuple[str, ...], text: str) -> bool:
    savings = desk.of_type("savings")
    return bool(accounts) and set(accounts) <= savings and bool(_INTO.search(text.casefold()))
