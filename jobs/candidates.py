"""What people corrected, redacted, as rows that may become silver once somebody has looked at them.

Demo people are left out: their rows are golden, and golden is never learned from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from enrichment.corrections import Rule, from_json, rule_for
from jobs.pseudonyms import stand_ins
from knowledge.taxonomy import load_taxonomy
from ledger import rules, store
from ledger.database import reading
from ledger.money import to_decimal
from ledger.people import list_people
from ledger.scope import UserScope
from ledger.types import Account, Enriched, Transaction

ROWS_A_RULE = 3
"""Distinct lines that one correction gives at the most."""
_DIGITS = 2
"""Figures of an amount that are kept."""


@dataclass
class _Votes:
    """What people say of one redacted line."""

    row: dict[str, str]
    people: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    once: set[str] = field(default_factory=set)


def candidates(engine: Engine, redact: Callable[[str], str]) -> list[dict[str, str]]:
    """Every corrected line with what most of those who corrected it say, as rows of silver.

    The amount is rounded; the counterparty is named only where a merchant table has it. The reason
    tells how many people say so and how many say otherwise.

    Args:
        engine: The ledger.
        redact: Takes names and numbers of people out of a line.
    """
    votes: dict[tuple[str, ...], _Votes] = {}
    with reading(engine) as connection:
        for person in list_people(connection):
            if not person.demo:
                _hear(connection, UserScope(person.id), redact, votes)
    return [_settled(vote) for vote in votes.values()]


def _hear(
    connection: Connection,
    scope: UserScope,
    redact: Callable[[str], str],
    votes: dict[tuple[str, ...], _Votes],
) -> None:
    """Adds what one person says."""
    taught = [r for r in rules.list_rules(connection, scope) if r.kind == rules.CATEGORY]
    if not taught:
        return
    said = from_json(rule.value for rule in taught)
    accounts = {a.id: a for a in store.accounts(connection, scope)}
    found = {e.transaction_id: e for e in store.enriched(connection, scope)}
    for row, rule in _corrected(store.transactions(connection, scope), found, said):
        line = _line(row, accounts.get(row.account_id), found[row.id], redact)
        sign = "in" if row.minor > 0 else "out"
        key = line["description"], line["currency"], line["account_type"], sign
        vote = votes.setdefault(key, _Votes(line))
        vote.people[rule.category].add(scope.person_id)
        if rule.transaction_id is not None:
            vote.once.add(rule.category)


def _corrected(
    rows: Iterable[Transaction], found: Mapping[str, Enriched], said: list[Rule]
) -> Iterable[tuple[Transaction, Rule]]:
    """Rows that a correction decides, the same line once and few of each correction."""
    seen: Counter[Rule] = Counter()
    lines: set[tuple[str, str]] = set()
    for row in rows:
        if row.id not in found:
            continue
        rule = rule_for(said, row.id, found[row.id].counterparty_id, row.minor)
        if rule is None or not load_taxonomy().is_leaf(rule.category):
            continue
        line = row.description, rule.category
        if line not in lines and seen[rule] < ROWS_A_RULE:
            lines.add(line)
            seen[rule] += 1
            yield row, rule


def _line(
    row: Transaction, account: Account | None, found: Enriched, redact: Callable[[str], str]
) -> dict[str, str]:
    in_table = found.counterparty_source == "merchants"
    return {
        "description": stand_ins(redact(row.description)),
        "amount": rounded(row.minor, row.currency),
        "currency": row.currency,
        "account_type": account.type if account else "checking",
        "counterparty": (found.counterparty or "") if in_table else "",
        "website": (found.website or "") if in_table else "",
        "recurring_likely": "yes" if found.recurring else "no",
        "city": found.city or "",
        "region": found.region or "",
        "country": found.country or "",
    }


def rounded(minor: int, currency: str) -> str:
    """A signed amount as silver writes it, with two figures left of it.

    Args:
        minor: Signed minor units.
        currency: ISO 4217; tells how many digits the minor unit has.
    """
    size = max(0, len(str(abs(minor))) - _DIGITS)
    return str(to_decimal(round(minor, -size), currency))


def _settled(vote: _Votes) -> dict[str, str]:
    ranked = sorted(vote.people.items(), key=lambda item: (-len(item[1]), item[0]))
    category, people = ranked[0]
    others: Collection[str] = set().union(*(who for _, who in ranked[1:])) - people
    sure = "medium" if len(people) > 1 and not others else "low"
    how = "just once" if category in vote.once else "always"
    essential = load_taxonomy().essential(category) == "yes"
    return {
        **vote.row,
        "category": category,
        "essential": "yes" if essential else "no",
        "confidence": sure,
        "reason": f"corrected ({how}) by {len(people)}, otherwise by {len(others)}",
    }
