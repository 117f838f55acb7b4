"""What NLU may know of the person who asks: names to recognise, no amounts."""

from typing import Any

from actions.desk import Desk
from actions.names import ACCOUNT_WORDS
from actions.own_words import effective
from knowledge.merchants import slug
from ledger.rules import ACCOUNT, WORDS

MOST_MERCHANTS = 2_000
"""The most frequent counterparties; rarer ones are still found when the question is answered."""


def context_of(desk: Desk) -> dict[str, Any]:
    """The caller's context of the contract's parse."""
    person, own = desk.person, effective(desk.rules)
    words = [rule.name for rule in own if rule.kind == WORDS]
    nicks = [rule for rule in own if rule.kind == ACCOUNT]
    return {
        "currency": person.currency,
        "timezone": person.timezone,
        "locale": person.locale,
        "accounts": [
            *({"id": one.id, "name": one.name} for one in desk.accounts),
            *({"id": rule.value["account_id"], "name": rule.name} for rule in nicks),
        ],
        "goals": [
            # A goal that is only called "savings" is no name for what accounts are called as well.
            {"id": one.id, "name": one.name}
            for one in desk.goals
            if one.id not in ACCOUNT_WORDS
        ],
        "merchants": [
            # Words of their own stand for whom they mean; the actions know whom.
            *({"id": f"own_{slug(word)}", "name": word} for word in words),
            *({"id": one.id, "name": one.name} for one in desk.counterparties[:MOST_MERCHANTS]),
        ],
    }
