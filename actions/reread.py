"""Entities read again beside the person's own ledger: cards taken for shops, names with a kind."""

import re
from collections.abc import Mapping
from typing import Any

from actions.desk import Desk
from actions.names import accounts_named, named_with
from knowledge.merchants import slug

_ON_ACCOUNT = re.compile(
    r"\b(?:on|in|from|with|using|only|just|of|my)\s+(?:the\s+|my\s+)?([a-z]{4,})\b", re.IGNORECASE
)
_ON_CARD = re.compile(
    r"\b(?:on|to|onto|from|off|of)\s+((?:the|my|our)\s+(?:credit\s+)?card)\b(?!\s+(?:number|fee))",
    re.IGNORECASE,
)
_PAID_TO = re.compile(
    r"\b(?:pays?|paid|paying|payments? to|repaid|repay|owed?|sent|refund\w*|interest|fees?)\b",
    re.IGNORECASE,
)


def start_of(entity: Mapping[str, Any]) -> int:
    """Where an entity begins, 0 where no text says."""
    return int(entity.get("start") or 0)


def with_kinds(desk: Desk, entities: list[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    """A name and the kind right behind it as one name, where somebody is called so."""
    read: list[Mapping[str, Any]] = []
    for one in entities:
        before = read[-1] if read else {}
        beside = before.get("end") is not None and not text[before["end"] : start_of(one)].strip()
        pair = (before.get("entity"), one.get("entity")) == ("merchant", "category")
        if pair and beside:
            value, kind = str(before.get("value") or ""), str(one.get("value") or "")
            ids = named_with(value, kind, desk.counterparties)
            if ids:
                whole = {"value": f"{value} {kind}", "end": one.get("end")}
                read[-1] = {**before, **whole, "resolved": {"id": ids[0]}}
                continue
        read.append(one)
    return read


def with_accounts(
    desk: Desk, entities: list[Mapping[str, Any]], text: str
) -> list[Mapping[str, Any]]:
    """Names of the person's own banks and cards as accounts, wherever they were taken for shops.

    "On discover" is the card; "paid discover" is whom the money went to.
    """
    read = [_as_account(desk, one, text) for one in entities]
    if any(one.get("entity") == "account" for one in read):
        return read
    taken = [(one.get("start", 0), one.get("end", 0)) for one in read if "start" in one]
    for found in _ON_ACCOUNT.finditer(text):
        start, end = found.span(1)
        free = all(end <= a or b <= start for a, b in taken)
        ids = accounts_named([found[1].casefold()], desk.accounts) if free else ()
        if len(ids) == 1:
            resolved = {"id": ids[0], "name": found[1]}
            entity = {"entity": "account", "value": found[1], "resolved": resolved}
            return sorted([*read, {**entity, "start": start, "end": end}], key=start_of)
    return _with_only_card(desk, read, text)


def _with_only_card(
    desk: Desk, read: list[Mapping[str, Any]], text: str
) -> list[Mapping[str, Any]]:
    """As in "on the card": the credit card of somebody who has one."""
    found, cards = _ON_CARD.search(text), desk.of_type("credit")
    if found is None or len(cards) != 1:
        return read
    start, end = found.span(1)
    resolved = {"id": next(iter(cards)), "name": found[1]}
    card = {"entity": "account", "value": found[1], "resolved": resolved, "start": start}
    return sorted([*read, {**card, "end": end}], key=start_of)


def _as_account(desk: Desk, entity: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    if entity.get("entity") != "merchant" or _PAID_TO.search(text):
        return entity
    value = str(entity.get("value") or "")
    ids = accounts_named(slug(value).split("_"), desk.accounts)
    if len(ids) != 1:
        return entity
    return {**entity, "entity": "account", "resolved": {"id": ids[0], "name": value}}
