"""What NLU may know of the person who asks: names to recognise, no amounts."""

from typing import Any

from actions.desk import Desk

MOST_MERCHANTS = 2_000
"""The most frequent counterparties; rarer ones are still found when the question is answered."""


def context_of(desk: Desk) -> dict[str, Any]:
    """The caller's context of the contract's parse."""
    person = desk.person
    return {
        "currency": person.currency,
        "timezone": person.timezone,
        "locale": person.locale,
        "accounts": [{"id": one.id, "name": one.name} for one in desk.accounts],
        "goals": [{"id": one.id, "name": one.name} for one in desk.goals],
        "merchants": [
            {"id": one.id, "name": one.name} for one in desk.counterparties[:MOST_MERCHANTS]
        ],
    }
