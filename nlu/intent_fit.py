"""What an intent makes of entities: its own head word is none, small talk carries none.

The extractor runs beside the intent model, so it proposes what words may be; once the intent is
known, this table says which of them can be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlu.entities.goals import PART_OF_NAME
from nlu.types import Entity
from nlu.words import listed

# Turns that read no money and name nothing.
BARE = listed(
    "greet goodbye thanks affirm deny praise complain bot_challenge help tell_joke "
    "human_handoff privacy_question out_of_scope join_peers leave_peers delete_data "
    "list_accounts autosave_status"
)
# Of these kinds alone an intent can speak.
_ONLY: dict[str, frozenset[str]] = {
    "enable_autosave": frozenset(("amount", "recurrence", "period", "number")),
    "disable_autosave": frozenset(("period",)),
    "explain_transaction": frozenset(("merchant", "amount", "period", "account")),
    "bank_fees": frozenset(("period", "account", "amount")),
    "show_more": frozenset(("grouping", "merchant", "number", "period", "account")),
    "list_alerts": frozenset(("account",)),
    "compare_peers": frozenset(("category", "merchant", "period", "recurrence")),
    "net_worth": frozenset(("period", "account")),
    "check_balance": frozenset(("account", "period", "goal")),
    "link_account": frozenset(("account",)),
    "unlink_account": frozenset(("account",)),
    "list_accounts": frozenset(("account",)),
    "autosave_status": frozenset(("period", "recurrence")),
    "roast_me": frozenset(("merchant", "category", "period", "amount")),
    "hype_me": frozenset(("merchant", "category", "period", "amount")),
    "export_data": frozenset(("period", "account", "merchant")),
    "create_goal": frozenset(("goal", "amount", "period", "recurrence")),
    "contribute_goal": frozenset(("goal", "amount", "period", "account", "recurrence")),
    "delete_goal": frozenset(("goal",)),
    "check_goals": frozenset(("goal", "period", "amount")),
    "next_payday": frozenset(("merchant", "period", "category")),
    "can_afford": frozenset(("amount", "period", "merchant", "number", "recurrence")),
    "safe_to_spend": frozenset(("period", "recurrence", "category", "account", "amount")),
    "report_fraud": frozenset(("merchant", "amount", "period", "account")),
    "get_plan": frozenset(("amount", "period", "category", "recurrence", "goal")),
}
# Categories that are the head word of the intent.
_HEADS: dict[str, tuple[str, ...]] = {
    "list_subscriptions": ("subscriptions",),
    "cancel_subscription": ("subscriptions",),
    "upcoming_bills": ("utilities",),
    "bank_fees": ("taxes_fees.bank", "debt.interest", "income.returns.interest"),
    "next_payday": ("income.pay",),
    "income_total": ("income", "income.pay"),
    "refunds": ("income.money_back",),
    "safe_to_spend": ("utilities", "income.pay", "entertainment"),
    "forecast_balance": ("income.pay", "utilities"),
}
_EXACT_HEADS = listed(
    "upcoming_bills income_total safe_to_spend list_subscriptions cancel_subscription "
    "forecast_balance"
)
# Where how often is how to split.
_SPLITTING = frozenset(("spending_breakdown", "spending_trend"))
_RANKED = listed("shop shops store stores retailers places")
_GOAL_INTENTS = frozenset(["create_goal", "contribute_goal", "delete_goal", "check_goals"])
_ACCOUNT_INTENTS = frozenset(
    ("link_account", "unlink_account", "list_accounts", "check_balance", "bank_fees")
)


def fitted(entities: Sequence[Entity], intent: str) -> list[Entity]:
    """The entities that the intent can mean, some read as another kind.

    Args:
        entities: What the extractor found.
        intent: A name of the contract.
    """
    found = [_as_goal(e, entities) for e in entities] if intent in _GOAL_INTENTS else list(entities)
    found = _one_goal(found) if intent in _GOAL_INTENTS else sure(found)
    if intent in _ACCOUNT_INTENTS:
        found = [_as_account(e) for e in found]
    if intent in BARE and intent not in _ONLY:
        return []
    if intent in _SPLITTING and not any(e.entity == "grouping" for e in found):
        found = [_as_grouping(e) for e in found]
    if intent == "top_merchants":
        found = [e for e in found if not _is_shops(e)]
    allowed = _ONLY.get(intent)
    if allowed is not None:
        found = [e for e in found if e.entity in allowed]
    return [e for e in found if not _is_head(e, intent)]


def sure(entities: Sequence[Entity]) -> list[Entity]:
    """What is meant whatever the intent: without the goals that only an intent makes likely."""
    return [e for e in entities if e.entity != "goal" or e.confidence > PART_OF_NAME]


def _is_head(entity: Entity, intent: str) -> bool:
    if entity.entity == "period" and intent == "next_payday":
        return bool(entity.resolved and entity.resolved.get("needs_context") == "payday")
    heads = _HEADS.get(intent)
    if heads is None or entity.entity != "category" or not entity.resolved:
        return False
    ids = entity.resolved["ids"]
    if intent in _EXACT_HEADS:
        return ids[0] in heads
    if intent == "refunds" and entity.value.casefold().startswith("tax "):
        return False
    return all(any(i == h or i.startswith(h + ".") for h in heads) for i in ids)


def _one_goal(found: list[Entity]) -> list[Entity]:
    """Of goals that only the intent makes likely the first stays, and none beside a sure one."""
    goals = [e for e in found if e.entity == "goal"]
    kept = [e for e in goals if e.confidence > PART_OF_NAME] or goals[:1]
    return [e for e in found if e.entity != "goal" or e in kept]


def _is_shops(entity: Entity) -> bool:
    """As in "my top five shops": what is ranked narrows nothing."""
    return entity.entity == "category" and entity.value.casefold() in _RANKED


def _as_grouping(entity: Entity) -> Entity:
    """As in "what did i spend per day last week", "uber monthly 2024-2026"."""
    form = entity.resolved or {}
    splits = entity.entity == "recurrence" and form.get("every") == 1
    if not splits or form["unit"] not in ("day", "week", "month"):
        return entity
    return replace(entity, entity="grouping", resolved={"by": form["unit"]})


def _as_goal(entity: Entity, entities: Sequence[Entity]) -> Entity:
    """What a goal's name is taken for, where nothing else in the message is the goal."""
    if entity.entity not in ("category", "merchant") or any(e.entity == "goal" for e in entities):
        return entity
    first = next(e for e in entities if e.entity in ("category", "merchant"))
    if entity is not first or entity.value.casefold().startswith("my "):
        return entity
    return replace(entity, entity="goal", resolved={"id": None, "name": entity.value})


def _as_account(entity: Entity) -> Entity:
    if entity.entity != "merchant" or entity.value.casefold().startswith("my "):
        return entity
    return replace(entity, entity="account", resolved={"id": None, "name": entity.value})
