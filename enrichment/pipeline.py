"""A person's whole history enriched: clean, counterparty, category, essential, recurring, location.

Pure: the same rows and models give the same result. What one line says is decided first
(`enrichment.decide`); then the history speaks: two legs of a move between own accounts, a refund
and its purchase, streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from enrichment.batch import uncollected
from enrichment.choice import Choice
from enrichment.corrections import Rule, rule_for
from enrichment.counterparty import fold
from enrichment.decide import (
    Decision,
    by_institution,
    counterparty_basis,
    decide,
    finite,
    own_move,
)
from enrichment.duplicates import duplicates
from enrichment.essential import essential_of
from enrichment.home import RENT, unexplained_rent
from enrichment.location import bin_of
from enrichment.models import Models, load
from enrichment.questions import Answer, Question, answered, open_questions
from enrichment.refunds import REFUND, from_payers, purchase_of, without_purchase
from enrichment.streams import Known, find_streams, recurring_rate, said_recurring
from enrichment.transfers import pairs
from knowledge.merchants import slug
from ledger.types import Account, Enriched, Guess, Stream, Transaction

__all__ = ["Enrichment", "Models", "enrich", "load"]

_PAID_BACK_WHOLE = ("housing.rent", "housing.mortgage", "debt")
"""A landlord or lender who sends back part of a sum settles something else with it."""
_UNKNOWN_ACCOUNT = "checking"


@dataclass(frozen=True)
class Enrichment:
    """What was found out about one person's history.

    Attributes:
        rows: One for each transaction, in their order.
        streams: The recurring payments and income.
        overruled: What the layers say of the rows that the person's corrections decide.
        questions: What a language model could tell (layer 4), with the number of rows.
    """

    rows: list[Enriched]
    streams: list[Stream]
    overruled: Sequence[Guess] = ()
    questions: Mapping[Question, int] = field(default_factory=dict)


@uncollected()
def enrich(
    accounts: Sequence[Account],
    transactions: Sequence[Transaction],
    models: Models,
    rules: Sequence[Rule] = (),
    answers: Mapping[Question, Answer] = MappingProxyType({}),
) -> Enrichment:
    """Enriches a history.

    Args:
        accounts: The person's accounts; a row of an unknown one is read as of a current account.
        transactions: All their rows, in any order.
        models: The fitted parts, see `enrichment.models.load`.
        rules: The person's own corrections, the latest last; they win over every layer.
        answers: What a language model said of an earlier result's questions.
    """
    by_id = {account.id: account for account in accounts}
    decisions = _lines(by_id, transactions, models, answers)
    overruled = _overrule(transactions, decisions, rules, models)
    taught = {guess.transaction_id for guess in overruled}
    refunds = _refunds(transactions, decisions)
    for id_, choice in _no_refunds(transactions, decisions, refunds, models).items():
        if id_ not in taught:
            decisions[id_] = replace(decisions[id_], choice=choice)
    twice = duplicates(transactions, decisions, refunds)
    known = [_known(t, decisions[t.id]) for t in transactions]
    until = max((t.booked for t in transactions), default=date.min)
    streams, member, chance = find_streams(known, models, until)
    for choice, those in (
        (_STORAGE, _storage(streams, transactions, member)),
        (RENT, unexplained_rent(streams, transactions, member, decisions)),
    ):
        for id_ in those - taught:
            decisions[id_] = replace(decisions[id_], choice=choice)
        named = {member[id_] for id_ in those - taught}
        streams = [replace(s, category=choice.category) if s.id in named else s for s in streams]
    history = _History(member, chance, refunds, twice)
    shared = _shared(decisions.values(), models)
    enriched = [
        _row(t, decisions[t.id], shared[id(decisions[t.id])], history, models) for t in transactions
    ]
    questions = open_questions(decisions.values(), answers)
    return Enrichment(enriched, streams, tuple(overruled), questions)


def _lines(
    accounts: Mapping[str, Account],
    transactions: Sequence[Transaction],
    models: Models,
    answers: Mapping[Question, Answer],
) -> dict[str, Decision]:
    """What each line says, and the two legs of moves between own accounts."""
    rows = [(t, accounts.get(t.account_id) or _unknown(t)) for t in transactions]
    decisions = {t.id: d for (t, _), d in zip(rows, decide(rows, models), strict=True)}
    decisions = answered(decisions, answers, models.taxonomy)
    homes = {t.id: account for t, account in rows}
    for id_, (other, category) in _legs(accounts, transactions, decisions, models).items():
        decision = replace(decisions[id_], choice=Choice(category, 0.97, "rule"))
        decisions[id_] = by_institution(decision, homes[other], models)
    return decisions


def _overrule(
    transactions: Sequence[Transaction],
    decisions: dict[str, Decision],
    rules: Sequence[Rule],
    models: Models,
) -> list[Guess]:
    """Puts what the person taught into the decisions; returns what was thought before."""
    overruled = []
    for t in transactions if rules else ():
        rule = rule_for(rules, t.id, decisions[t.id].id, t.minor)
        if rule is not None:
            overruled.append(_guess(t, decisions[t.id].choice, models))
            said = Choice(rule.category, 0.995, "rule")
            decisions[t.id] = replace(decisions[t.id], choice=said)
    return overruled


def _guess(row: Transaction, choice: Choice, models: Models) -> Guess:
    essential, sure, source = essential_of(choice.category, models)
    return Guess(
        row.id,
        choice.category,
        finite(choice.confidence),
        choice.source,
        essential,
        finite(models.curve("essential")(sure)),
        source,
    )


def _unknown(row: Transaction) -> Account:
    return Account(row.account_id, "", _UNKNOWN_ACCOUNT, row.currency, row.account_id)


def _legs(
    accounts: Mapping[str, Account],
    rows: Sequence[Transaction],
    decisions: Mapping[str, Decision],
    models: Models,
) -> dict[str, tuple[str, str]]:
    if len(accounts) < 2:
        return {}
    found = {a.id: models.index.find(a.institution) for a in accounts.values()}
    homes = {
        id_: f.merchant.id if f else slug(accounts[id_].institution) for id_, f in found.items()
    }
    seen: dict[tuple[str, str], float] = {}

    def likely(row: Transaction, other: Account) -> float:
        key = (row.id, other.id)
        if key not in seen:
            decision = decisions[row.id]
            weight = own_move(decision, models)
            named = decision.id or ""
            if named == homes[other.id] or _names(row.description, other):
                weight = max(weight, 0.5) + 0.5
            seen[key] = min(1.5, weight)
        return seen[key]

    named = {id_: d.id for id_, d in decisions.items() if d.id}
    return pairs(accounts, rows, likely, named)


def _names(description: str, account: Account) -> bool:
    """Whether a line names the other account's bank."""
    words = account.institution.casefold().split()
    return bool(words) and len(words[0]) > 3 and words[0] in description.casefold()


def _refunds(rows: Sequence[Transaction], decisions: Mapping[str, Decision]) -> dict[str, str]:
    """The purchase of each refund that has one."""
    back = [r for r in rows if r.minor > 0 and decisions[r.id].choice.category == REFUND]
    if not back:
        return {}
    outgoing = sorted(
        (r for r in rows if r.minor < 0), key=lambda r: (r.booked, r.id), reverse=True
    )
    merchants = {r.id: (decisions[r.id].id, decisions[r.id].name) for r in outgoing}
    named: dict[str, list[int]] = {}
    for place, row in enumerate(outgoing):
        id_, name = merchants[row.id]
        for key in {id_ or "", *fold(name or "")[:1]}:
            named.setdefault(key, []).append(place)
    found: dict[str, str] = {}
    for row in back:
        decision = decisions[row.id]
        memo = decision.evidence.reading.line.memo
        keys = {decision.id or "", *fold(memo)}
        places = sorted({place for key in keys for place in named.get(key, ())})
        likely = [
            bought
            for bought in (outgoing[place] for place in places)
            if bought.minor == -row.minor
            or not decisions[bought.id].choice.category.startswith(_PAID_BACK_WHOLE)
        ]
        purchase = purchase_of(row, decision.id, memo, likely, merchants)
        if purchase is not None:
            found[row.id] = purchase
    return found


def _no_refunds(
    rows: Sequence[Transaction],
    decisions: Mapping[str, Decision],
    found: Mapping[str, str],
    models: Models,
) -> dict[str, Choice]:
    """Money that was taken for a refund and is none, as what it is."""
    frame = models.frame
    leaf_of = {
        r.id: frame.classes[int(frame.spending[decisions[r.id].text[frame.spending].argmax()])]
        for r in rows
        if r.minor > 0
        and decisions[r.id].choice.category == REFUND
        and decisions[r.id].choice.source != "llm"
    }
    if not leaf_of:
        return {}
    paid = from_payers(rows, decisions, leaf_of.keys() - found.keys())
    return {**without_purchase(rows, decisions, found, leaf_of), **paid}


_STORAGE = Choice("subscriptions.cloud_web", 0.75, "rule")
# What Apple bills for storage by month, in minor units; it prints no more than APPLE.COM/BILL.
_STORAGE_PRICES = {"USD": {99, 299, 999}, "GBP": {99, 299, 899}, "EUR": {99, 299, 999}}


def _storage(
    streams: Sequence[Stream], rows: Sequence[Transaction], member: Mapping[str, str]
) -> set[str]:
    """Rows of app-store streams whose price and rhythm are those of cloud storage."""
    monthly = {
        s.id
        for s in streams
        if s.counterparty_id == "apple" and s.cadence == "monthly"
        and s.category == "subscriptions.app_store"
    }  # fmt: skip
    return {
        r.id
        for r in rows
        if member.get(r.id) in monthly and -r.minor in _STORAGE_PRICES.get(r.currency, ())
    }


def _known(row: Transaction, decision: Decision) -> Known:
    line = decision.evidence.reading.line
    said = said_recurring(row.description)
    return Known(row, decision.name, decision.id, decision.choice.category, line.rail, said)


@dataclass(frozen=True, slots=True)
class _History:
    """What rows say about one another.

    Attributes:
        member: The stream of each row in one.
        chance: The probability that a row recurs, for each that was in a chain.
        refunds: The purchase of each refund.
        twice: The earlier row of each that is charged a second time.
    """

    member: Mapping[str, str]
    chance: Mapping[str, float]
    refunds: Mapping[str, str]
    twice: Mapping[str, str]


class _Shared(NamedTuple):
    """What all rows of one decision say alike.

    Attributes:
        counterparty: Calibrated confidence of the counterparty.
        essential: Whether it is essential.
        essential_sure: How sure that is, calibrated.
        essential_source: What it rests on.
        alone: Chance that a row of such a category recurs, where no chain holds it.
        place: Calibrated confidence of the place.
    """

    counterparty: float
    essential: bool
    essential_sure: float
    essential_source: str
    alone: float
    place: float


def _shared(decisions: Iterable[Decision], models: Models) -> dict[int, _Shared]:
    """What rows that were decided as one share, by the identity of their decision."""
    kinds: dict[str, tuple[bool, float, str, float]] = {}
    places: dict[tuple[str, str], float] = {}
    found: dict[int, _Shared] = {}
    for decision in decisions:
        if id(decision) in found:
            continue
        reading, category = decision.evidence.reading, decision.choice.category
        if category not in kinds:
            kinds[category] = _kind(category, models)
        located = reading.located
        place = bin_of(located, reading.line.rail, reading.currency), f"location_{located.how}"
        if place not in places:
            places[place] = finite(models.curve(*place)(0.7))
        named = models.curve(counterparty_basis(decision.how, reading, decision.id))
        found[id(decision)] = _Shared(finite(named(decision.sure)), *kinds[category], places[place])
    return found


def _kind(category: str, models: Models) -> tuple[bool, float, str, float]:
    """What a category says of a row, as in `_Shared`."""
    essential, sure, source = essential_of(category, models)
    alone = 0.5 * recurring_rate(category, models.recurring_rate)
    return essential, finite(models.curve("essential")(sure)), source, alone


def _row(
    row: Transaction,
    decision: Decision,
    shared: _Shared,
    history: _History,
    models: Models,
) -> Enriched:
    choice, place, merchant = decision.choice, decision.evidence.reading.located, decision.merchant
    stream, chained = history.member.get(row.id), history.chance.get(row.id)
    recurs = shared.alone if chained is None else models.curve("recurring")(chained)
    return Enriched(
        transaction_id=row.id,
        counterparty=decision.name,
        counterparty_id=decision.id,
        counterparty_confidence=shared.counterparty,
        counterparty_source=decision.how,
        website=merchant.website if merchant else None,
        logo=merchant.logo if merchant else None,
        category=choice.category,
        category_confidence=finite(choice.confidence),
        category_source=choice.source,
        essential=shared.essential,
        essential_confidence=shared.essential_sure,
        essential_source=shared.essential_source,
        recurring=stream is not None,
        recurring_confidence=finite(recurs if stream is not None else 1 - recurs),
        stream_id=stream,
        city=place.city,
        region=place.region,
        country=place.country,
        location_confidence=shared.place,
        refund_of=history.refunds.get(row.id),
        duplicate_of=history.twice.get(row.id),
        model=models.name,
    )
