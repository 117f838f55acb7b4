"""From what was said of autosave to a rule: fixed, round-up, a share of pay, or on overspending."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from actions import counting, goals
from actions.budgets import budget_id
from actions.calendar import add_months
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.evidence import entries, format_of, subject
from actions.query import Amount, Period, Query
from actions.resume import SAVING
from actions.said import Said
from ledger.autosave import OFF, Rule

USUAL_MONTHS = 3
"""Whole months whose mean is the cap where no budget and no amount tells one."""
MOST_SHARE = 5_000
"""Half of a pay, in hundredths of a percent."""
_PERCENT = re.compile(r"\b(\d{1,2})(?:\.(\d{1,2}))?\s*(?:%|percent\b|per cent\b)")
_OVER = re.compile(
    r"\bover ?spen\w*|\bspen\w* too much\b|\b(?:go|goes|going|am|i'm) over\b|\bblow\w*\b|"
    r"\b(?:when|whenever|if|each time|every time) (?:i|we) (?:spend|go)\b"
)
_PAY = re.compile(
    r"\bpay ?days?\b|\bpay ?ch(?:e|ec)(?:k|que)s?\b|\bpaych?e(?:ck|que)s?\b|"
    r"\b(?:get|got|am|i'm) paid\b|\b(?:wages?|salary)\b|\beach pay\b|\bevery pay\b"
)
_FORTNIGHT = re.compile(
    r"\bfortnight\w*\b|\b(?:every|each) (?:2|two|other|second) weeks?\b|\bbi-?weekly\b"
)
PAUSES = re.compile(
    r"\bpaus\w*|\b(?:on|to) (?:hold|ice)\b|\bhold off\b|\bsuspend\w*|\bfreeze\b|\bfor now\b|"
    r"\bfor a (?:bit|while)\b|\btemporar\w*|\bsk(?:int|ip)\b"
)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "six": 6}
_LENGTH = re.compile(rf"\bfor (\d{{1,2}}|{'|'.join(_NUMBERS)}) (day|week|month)s?\b")
UNITS = ("day", "week", "fortnight", "month", "payday")
_FIELDS = ("id", "kind", "currency", "unit", "minor", "share", "cap", "goal_id")


def is_overspend_rule(text: str) -> bool:
    """Whether a message asks to put money aside on overspending, whatever its intent."""
    puts = re.match(
        r"^\W*(?:please |can you |could you )?(?:auto)?(?:save|put|move|stash|set aside)\b", text
    )
    return bool(puts and _OVER.search(text))


def pause_end(text: str, query: Query, today: date) -> date | None:
    """The day on which a pause that is spoken of ends; None for no such day."""
    if query.period is not None and query.period.end is not None and query.period.end > today:
        return query.period.end
    length = _LENGTH.search(text)
    if length is None:
        return None
    number = int(length[1]) if length[1].isdigit() else _NUMBERS[length[1]]
    return today + timedelta(days=number * {"day": 1, "week": 7, "month": 30}[length[2]])


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """A rule as a button keeps it."""
    body = {name: getattr(rule, name) for name in _FIELDS}
    return {**body, "categories": list(rule.categories), "merchants": list(rule.merchants)}


def rule_from_json(body: Mapping[str, Any], desk: Desk) -> Rule:
    """The rule that a button kept, beginning today."""
    return Rule(
        **{name: body[name] for name in _FIELDS},
        begins=desk.today,
        created_at=desk.turn.now,
        categories=tuple(body["categories"]),
        merchants=tuple(body["merchants"]),
    )


def drafted(desk: Desk, said: Said, query: Query, known: Sequence[Rule]) -> Rule | None:
    """The rule that a message asks for; None where it says nothing but "on".

    Args:
        desk: What the turn may look at.
        said: The message.
        query: The message as a question.
        known: Their rules; a bare amount changes the one that is not off.

    Raises:
        UnclearError: A part of the rule is missing.
    """
    goal = _goal(desk, said)
    home = desk.person.currency
    base = Rule("", "", home, desk.today, desk.turn.now, goal_id=goal)
    percent = _PERCENT.search(said.text)
    if percent:
        return _named(replace(base, kind="share", share=_share(percent)))
    if SAVING.search(said.text):
        return _named(replace(base, kind="round_up"))
    amounts = [_checked(one, home) for one in said.amounts]
    if _OVER.search(said.text) and (query.categories or query.merchants):
        return _overspend(desk, base, query, said)
    unit = _unit(said)
    minor = amounts[0] if amounts else None
    if unit is None and minor is None:
        if known:
            return None
        raise UnclearError(
            "How much shall I put aside, and how often? Say “5 a week”, “10% of my pay” or "
            "“round up my payments”. It is your plan only; money at your bank stays put.",
            [_button("Round up", replace(base, kind="round_up"))],
            wants=("amount", "recurrence", "saving"),
        )
    on = [one for one in known if one.state != OFF]
    return _fixed(desk, base, minor, unit, on)


def _goal(desk: Desk, said: Said) -> str | None:
    name = said.goal or goals.named_in(desk, said.text)
    found = goals.find(desk, name) if name else []
    return found[0].id if len(found) == 1 else None


def _share(percent: re.Match[str]) -> int:
    share = int(Fraction(f"{percent[1]}.{percent[2] or 0}") * 100)
    if not 0 < share <= MOST_SHARE:
        raise UnclearError("Which part of your pay: a percentage up to 50%?", wants=("saving",))
    return share


def _checked(amount: Amount, home: str) -> int:
    if amount.currency not in {None, home} or amount.minor <= 0:
        raise UnclearError(f"Please give me an amount in {home}.", wants=("amount",))
    return amount.minor


def _unit(said: Said) -> str | None:
    if _PAY.search(said.text):
        return "payday"
    if _FORTNIGHT.search(said.text):
        return "fortnight"
    return said.unit


def _fixed(desk: Desk, base: Rule, minor: int | None, unit: str | None, on: Sequence[Rule]) -> Rule:
    """A fixed sum; an amount or a unit alone changes the one rule that has the other."""
    changed = [one for one in on if one.minor and base.goal_id in {None, one.goal_id}]
    only = len(changed) == 1 and unit in {None, *UNITS}
    if only and (minor is None or unit is None or changed[0].kind == "fixed"):
        before = changed[0]
        kept = replace(before, minor=minor or before.minor, begins=desk.today, state="on")
        return replace(kept, unit=unit or before.unit) if kept.kind == "fixed" else kept
    if minor is None:
        raise UnclearError("How much shall I put aside each time?", wants=("amount",))
    if unit not in UNITS:
        amount = format_of(desk).money(minor, base.currency)
        raise UnclearError(
            f"How often shall I put {amount} aside: every week, every month or every payday?",
            [
                _button(title, replace(base, kind="fixed", minor=minor, unit=unit_))
                for title, unit_ in (("Week", "week"), ("Month", "month"), ("Payday", "payday"))
            ],
            wants=("recurrence",),
        )
    return _named(replace(base, kind="fixed", minor=minor, unit=unit))


def _overspend(desk: Desk, base: Rule, query: Query, said: Said) -> Rule:
    """A sum for each month in which spending on something passes its budget, or what is usual."""
    if query.weekdays:
        raise UnclearError("I can't watch some days of the week alone. Name the shops instead.")
    bounds = [one for one in said.amounts if one.op in {"gt", "gte"}]
    sums = [one for one in said.amounts if one.op not in {"gt", "gte"}]
    if not sums:
        raise UnclearError("How much shall I put aside each time?", wants=("amount",))
    watched = Query("spending_total", None, query.merchants, "out", query.categories)
    budget = next((one for one in desk.budgets if one.id == budget_id(watched)), None)
    if bounds:
        cap = bounds[0].minor
    elif budget is not None and budget.unit == "month":
        cap = budget.minor
    else:
        cap = _usual(desk, watched)
    return _named(
        replace(
            base,
            kind="overspend",
            minor=sums[0].minor,
            cap=cap,
            categories=query.categories,
            merchants=query.merchants,
        )
    )


def _usual(desk: Desk, watched: Query) -> int:
    end = desk.today.replace(day=1)
    period = Period(add_months(end, -USUAL_MONTHS), end)
    found = counting.totals(entries(desk, replace(watched, period=period)))
    mean = found.get(desk.person.currency, 0) // USUAL_MONTHS
    if mean <= 0:
        about = subject(desk, watched)
        raise UnclearError(
            f"I see no usual month {about} to hold you against. Set a budget for it first, say "
            "“cap it at 100 a month”."
        )
    return mean


def _named(rule: Rule) -> Rule:
    """The rule with its id: one of a kind and subject, and one more for each goal."""
    about = sorted((*rule.categories, *rule.merchants))
    return replace(rule, id=":".join([rule.kind, *about, *filter(None, [rule.goal_id])]))


def _button(title: str, rule: Rule) -> Button:
    edit = {"autosave": rule_to_json(_named(rule))}
    return Button(title, {"intent": "enable_autosave", "entities": [], "edit": edit})
