"""Savings goals: create, look at, put to or take from, remove. They are plans; no money moves."""

import re
from datetime import date
from fractions import Fraction
from math import ceil

from actions import steps
from actions.answer import Answer, Figure
from actions.desk import Desk
from actions.errors import UnclearError
from actions.evidence import as_of, format_of
from actions.query import Amount, Query
from actions.say import fit, short
from knowledge.merchants import slug
from ledger.plans import Goal

DAYS_OF_A_MONTH = Fraction(487, 16)
"""30.4375, of a year of 365.25 days."""
NAMELESS = "Savings"
SHOWN = 4
_HEADS = frozenset({"goal", "goals", "savings", "saving", "fund", "pot", "trip", "my", "for"})
_FOR = re.compile(
    r"\b(?:for|towards?)\s+(?:a |an |the |my |our |some )?(?:new )?"
    r"([^\W\d_][^\d£$€,.?!]{1,40}?)(?=\s+(?:by|before|in|until|at|with|of|next|this)\b|[,.?!]|\s*$)",
    re.IGNORECASE,
)
_TRIM = re.compile(r"\b(?:goal|fund|pot|please|pls|savings)\b", re.IGNORECASE)
_NO_NAMES = frozenset(
    """
    now while bit ages ever sure good once starters weekly monthly
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday week month year me it that this them
    """.split()  # noqa: SIM905  # a list of words is read as words
)
_PLAN_ONLY = "This is your plan; no money is moved at your bank."


def create(desk: Desk, query: Query, name: str | None) -> Answer:
    """Starts a goal, or changes the target of the one of the same name.

    Raises:
        UnclearError: The target is missing.
    """
    if query.amount is None:
        if not name:
            hint = "Say, for example, “1000 for a holiday by June”."
            raise UnclearError(
                f"What do you want to save for, how much, and by when? {hint}",
                wants=("amount", "goal", "name", "period"),
            )
        raise UnclearError(
            f"How much do you want to save for “{name}”, and by when?", wants=("amount", "period")
        )
    title = (name or NAMELESS).strip()[:60]
    title = title[:1].upper() + title[1:]
    home = desk.person.currency
    minor = _sum(query.amount, home)
    due = _last_day(query)
    if due is not None and due <= desk.today:
        raise UnclearError(
            "That day has passed. By when do you want to have it?", wants=("period",)
        )
    known = {goal.id: goal for goal in desk.goals}
    id_ = slug(title) or "goal"
    saved = known[id_].saved if id_ in known else 0
    due = due or (known[id_].due if id_ in known else None)
    goal = Goal(id_, title, minor, home, due, desk.turn.now, saved)
    desk.save_goal(goal)
    form = format_of(desk)
    first = f"Done: {form.money(minor, home)} for {short(title)}{_by(desk, goal)}."
    return Answer(
        fit(first, [_pace(desk, goal), _PLAN_ONLY]),
        query,
        figures=[Figure("target", minor, home), *_pace_figure(desk, goal)],
        dates=[("due", due)] if due else [],
        buttons=[steps.say("My goals", "check_goals")],
        plan=_plan(title),
    )


def _plan(name: str) -> dict[str, object]:
    return {"kind": "goal", "name": name}


def _sum(amount: Amount, currency: str) -> int:
    """What an amount says, minor units.

    Raises:
        UnclearError: It is of another currency, or nothing.
    """
    minor = amount.minor2 or amount.minor
    if amount.currency not in {None, currency} or minor <= 0:
        raise UnclearError(f"Please give me an amount in {currency}.", wants=("amount",))
    return minor


def _last_day(query: Query) -> date | None:
    end = query.period.end if query.period else None
    return None if end is None else date.fromordinal(end.toordinal() - 1)


def _by(desk: Desk, goal: Goal) -> str:
    return f" by {format_of(desk).full_day(goal.due)}" if goal.due else ""


def monthly(desk: Desk, goal: Goal) -> int | None:
    """What must be put aside a month to be there in time, rounded up to a whole minor unit."""
    if goal.due is None or goal.saved >= goal.minor:
        return None
    days = max((goal.due - desk.today).days, 1)
    months = max(Fraction(days) / DAYS_OF_A_MONTH, Fraction(1))
    return ceil((goal.minor - goal.saved) / months)


def _pace(desk: Desk, goal: Goal) -> str:
    each = monthly(desk, goal)
    if each is None:
        return ""
    return f"That is {format_of(desk).money(each, goal.currency)} a month from now."


def _pace_figure(desk: Desk, goal: Goal) -> list[Figure]:
    each = monthly(desk, goal)
    return [] if each is None else [Figure("monthly", each, goal.currency)]


def find(desk: Desk, name: str | None) -> list[Goal]:
    """The goals that a name means; without a name all of them."""
    if not name:
        return desk.goals
    wanted = set(slug(name).split("_"))
    exact = [one for one in desk.goals if one.id == slug(name)]
    return exact or [one for one in desk.goals if wanted & set(one.id.split("_"))]


def named_in(desk: Desk, text: str) -> str | None:
    """The id of the goal whose name's words stand in a text, None where none's do."""
    words = set(slug(text).split("_"))
    return next((goal.id for goal in desk.goals if set(goal.id.split("_")) & words - _HEADS), None)


def title_in(text: str) -> str | None:
    """What a goal is for by the words after "for", None where there are none.

    Sums and dates are no names: "save for June" names nothing.
    """
    for found in reversed(list(_FOR.finditer(text))):
        name = _TRIM.sub("", found[1]).strip(" '’,.-")
        if name and not any(word in _NO_NAMES for word in slug(name).split("_")):
            return name
    return None


def check(desk: Desk, query: Query, name: str | None) -> Answer:
    """How the named goal stands, or each of them."""
    found = find(desk, name)
    if not found:
        hint = "Say, for example, “I want to save 1000 for Tokyo by June”."
        missing = f"You have no goal “{name}”" if name and desk.goals else "You have no goal"
        return Answer(fit(f"{missing} yet. {hint}"), query)
    lines = [_line(desk, goal) for goal in found[:SHOWN]]
    when = as_of(desk)
    tail = f"({when[0].upper()}{when[1:]}.)" if when else ""
    return Answer(
        fit(lines[0], [*lines[1:], tail]),
        query,
        figures=[figure for goal in found for figure in _figures(desk, goal)],
        counts=[("goals", len(found))],
        dates=[("due", goal.due) for goal in found if goal.due],
        buttons=[steps.say("My balance", "check_balance")],
        plan=_plan(found[0].name) if len(found) == 1 else {"kind": "goal"},
    )


def _line(desk: Desk, goal: Goal) -> str:
    form = format_of(desk)
    percent = 100 * goal.saved // goal.minor
    each = monthly(desk, goal)
    pace = f", {form.money(each, goal.currency)} a month to go" if each else ""
    reached = " Reached!" if goal.saved >= goal.minor else ""
    return (
        f"{short(goal.name)}: {form.money(goal.saved, goal.currency)} of "
        f"{form.money(goal.minor, goal.currency)} ({percent}%){_by(desk, goal)}{pace}.{reached}"
    )


def _figures(desk: Desk, goal: Goal) -> list[Figure]:
    left = max(goal.minor - goal.saved, 0)
    return [
        Figure("saved", goal.saved, goal.currency, goal.name),
        Figure("target", goal.minor, goal.currency, goal.name),
        Figure("left", left, goal.currency, goal.name),
        *_pace_figure(desk, goal),
    ]


def _only(desk: Desk, name: str | None, verb: str) -> Goal:
    """The one goal that is meant.

    Raises:
        UnclearError: There is none, or there are several.
    """
    found = find(desk, name)
    if not found:
        raise UnclearError("You have no such goal. Say “save 1000 for Tokyo by June” to start one.")
    if len(found) > 1:
        names = ", ".join(short(goal.name) for goal in found[:5])
        raise UnclearError(f"Which goal shall I {verb}: {names}?", wants=("goal",))
    return found[0]


def contribute(
    desk: Desk, query: Query, name: str | None, *, takes: bool, instead: int = 0
) -> Answer:
    """Notes that money was put to a goal, or taken from it.

    Args:
        desk: What the turn may look at.
        query: The amount.
        name: The goal's name, None for the only one.
        takes: Whether it is taken out.
        instead: What the last message moved, in minor units, where this one corrects it.

    Raises:
        UnclearError: The goal or the amount is missing, or more is taken than is there.
    """
    goal = _only(desk, name, "change")
    if query.amount is None:
        verb = "take from" if takes else "put to"
        raise UnclearError(f"How much do you want to {verb} {short(goal.name)}?", wants=("amount",))
    minor = _sum(query.amount, goal.currency)
    form = format_of(desk)
    saved = goal.saved - instead
    if takes and minor > saved:
        there = form.money(saved, goal.currency)
        raise UnclearError(
            f"There is only {there} in {short(goal.name)}. How much shall I take?",
            wants=("amount",),
        )
    moved = -minor if takes else minor
    desk.move_to_goal(goal, moved - instead)
    now = next(one for one in desk.goals if one.id == goal.id)
    verb = "Taken from" if takes else "Put to"
    corrected = f", not {form.money(abs(instead), goal.currency)}" if instead else ""
    first = f"{verb} {short(goal.name)}: {form.money(minor, goal.currency)}{corrected}."
    return Answer(
        fit(first, [_line(desk, now), _PLAN_ONLY]),
        query,
        figures=[Figure("moved", minor, goal.currency), *_figures(desk, now)],
        buttons=[steps.say("My goals", "check_goals")],
        plan={**_plan(goal.name), "moved": moved},
    )


def remove(desk: Desk, query: Query, name: str | None) -> Answer:
    """Removes a goal; what was noted of it goes too.

    Raises:
        UnclearError: It is not clear which one.
    """
    goal = _only(desk, name, "remove")
    desk.delete_goals([goal.id])
    form = format_of(desk)
    return Answer(
        f"Removed: {short(goal.name)}, {form.money(goal.saved, goal.currency)} of "
        f"{form.money(goal.minor, goal.currency)}. {_PLAN_ONLY}",
        query,
        figures=[Figure("saved", goal.saved, goal.currency)],
    )
