"""Autosave: turned on after a trial over the person's own history, paused, stopped, looked at.

It puts money aside in the person's plan; no bank money moves, and every reply says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions import goals, saving, steps
from actions.answer import Answer, Figure
from actions.autosave_said import PAUSES, drafted, pause_end, rule_from_json, rule_to_json
from actions.calendar import DAY
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.evidence import as_of, format_of, subject
from actions.query import Query
from actions.said import Said
from actions.saving import Trial
from actions.savings_history import history_of, set_aside
from actions.say import and_list, count, fit, short
from ledger import autosave as ledger_autosave
from ledger.autosave import OFF, ON, PAUSED, Move, Rule

LONGEST_TRIAL = 365
"""Days; habits older than that say little."""
PLAN_ONLY = "This is your plan only; money at your bank stays where it is."
_EACH = {
    "day": "a day",
    "week": "a week",
    "fortnight": "every two weeks",
    "month": "a month",
    "payday": "every payday",
}
_KINDS = {"round": "round_up", "overspen": "overspend"}
_FAR = 62
"""Days in which every rule of the calendar is triggered."""


def rules(desk: Desk) -> list[Rule]:
    """The person's rules, those that are off too, the oldest first."""
    return ledger_autosave.rules(desk.connection, desk.scope)


def running(desk: Desk, rule: Rule) -> bool:
    """Whether a rule puts money aside now; one whose pause is over does."""
    return rule.state == ON or (rule.state == PAUSED and rule.begins <= desk.today)


def described(desk: Desk, rule: Rule) -> str:
    """A rule in words: ``£5.00 a week``, ``10% of each pay``."""
    form, currency = format_of(desk), rule.currency
    goal = next((one.name for one in desk.goals if one.id == rule.goal_id), None)
    to = f" for {short(goal)}" if goal else ""
    amount = form.money(rule.minor or 0, currency)
    if rule.kind == "round_up":
        return f"each payment rounded up to the next whole {_unit_name(currency)}{to}"
    if rule.kind == "share":
        whole, rest = divmod(rule.share or 0, 100)
        return f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''}% of each pay{to}"
    if rule.kind == "overspend":
        about = subject(desk, _watched(rule))
        cap = form.money(rule.cap or 0, currency)
        return f"{amount} whenever a month {about} passes {cap}{to}"
    return f"{amount} {_EACH[rule.unit or 'month']}{to}"


def _unit_name(currency: str) -> str:
    return {"GBP": "pound", "USD": "dollar", "EUR": "euro"}.get(currency, currency)


def _watched(rule: Rule) -> Query:
    return Query(
        "spending_total", merchants=rule.merchants, direction="out", categories=rule.categories
    )


def enable(desk: Desk, said: Said, query: Query, edit: Mapping[str, Any]) -> Answer:
    """Proposes a rule with its trial, starts it once that was agreed to, or resumes one.

    Raises:
        UnclearError: It is not said how much or how often.
    """
    body = edit.get("autosave")
    if isinstance(body, Mapping):
        rule = rule_from_json(body, desk)
        return _start(desk, rule) if edit.get("agreed") else _propose(desk, rule, query)
    known = rules(desk)
    rule_said = drafted(desk, said, query, known)
    if rule_said is None:
        return _resume(desk, known)
    named = goals.title_in(said.text) if rule_said.goal_id is None else None
    return _propose(desk, rule_said, query, named)


def trial(desk: Desk, rule: Rule) -> Trial | None:
    """The rule run over the person's own history, at most a year; None without any."""
    if desk.span is None:
        return None
    start = max(desk.span[0], date.fromordinal(desk.tomorrow.toordinal() - LONGEST_TRIAL))
    return saving.tried(rule, history_of(desk, rule, start), start, desk.tomorrow)


def _propose(desk: Desk, rule: Rule, query: Query, named: str | None = None) -> Answer:
    """What a rule would have done, and the question whether it shall start.

    Args:
        desk: What the turn may look at.
        rule: The rule.
        query: The message as a question.
        named: A goal that was spoken of and that there is none of.
    """
    before = next((one for one in rules(desk) if one.id == rule.id and one.state != OFF), None)
    was = f" instead of {described(desk, before)}" if before else ""
    found = trial(desk, rule)
    edit = {"autosave": rule_to_json(rule), "agreed": True}
    ask = "Start it?" if before is None else "Change it?"
    tried_ = _tried(desk, rule, found) if found else "There are no rows yet to try it on."
    lead = f"{described(desk, rule)}{was}"
    first = f"{lead[0].upper()}{lead[1:]}. {tried_} {ask}"
    figures = [Figure("amount", rule.minor, rule.currency)] if rule.minor else []
    if found is not None:
        figures.append(Figure("saved", found.saved, rule.currency))
        figures += (
            [Figure("lowest", found.lowest, rule.currency)] if found.lowest is not None else []
        )
    yes = "Start it" if before is None else "Change it"
    return Answer(
        fit(first, [_no_goal(named), PLAN_ONLY]),
        replace(query, period=None),
        figures=figures,
        counts=[("days", found.days), ("moves", len(found.puts))] if found else [],
        dates=[("lowest", found.worst)] if found and found.worst else [],
        transactions=list(dict.fromkeys(id_ for put in found.puts for id_ in put.rows))
        if found
        else [],
        buttons=[
            Button(yes, {"intent": "enable_autosave", "entities": [], "edit": edit}),
            steps.say("Not now", "deny"),
        ],
        asks=edit,
    )


def _no_goal(named: str | None) -> str:
    if named is None:
        return ""
    title = short(named)
    return f"You have no goal “{title}”, so it is for none; “save 1000 for {title}” makes one."


def _tried(desk: Desk, rule: Rule, found: Trial) -> str:
    form = format_of(desk)
    saved = form.money(found.saved, rule.currency)
    over = f"On your last {count(found.days, 'day')} it would have saved {saved}"
    if found.lowest is None or found.worst is None:
        return f"{over}; I know no balance to say how low you'd have been."
    low, worst = form.money(found.lowest, rule.currency), form.day(found.worst)
    if found.lowest < 0:
        return f"{over}, but you'd have been at {low} on {worst}, overdrawn."
    return f"{over}, never below {low}, worst day {worst}."


def _start(desk: Desk, rule: Rule) -> Answer:
    """Turns a rule on that was agreed to; what it is triggered by today is put aside at once."""
    ledger_autosave.save_rule(desk.connection, desk.scope, rule)
    run(desk)
    form = format_of(desk)
    coming = saving.puts(
        rule, saving.History(), desk.today, date.fromordinal(desk.today.toordinal() + _FAR)
    )
    first = f"Autosave is on: {described(desk, rule)}"
    when = f", first on {form.day(coming[0].day)}" if coming else ""
    return Answer(
        fit(f"{first}{when}.", [PLAN_ONLY, "Say “pause autosave” or “stop autosave” any time."]),
        figures=[Figure("amount", rule.minor, rule.currency)] if rule.minor else [],
        buttons=[_STOP, _STATUS],
        plan=_PLAN,
    )


_STOP = steps.say("Stop it", "disable_autosave")
_STATUS = steps.say("Autosave status", "autosave_status")
_PLAN = {"kind": "autosave"}


def _resume(desk: Desk, known: Sequence[Rule]) -> Answer:
    """Turns on what is paused, or what was turned off last.

    Raises:
        UnclearError: All is on already.
    """
    paused = [one for one in known if not running(desk, one) and one.state == PAUSED]
    waiting = paused or [one for one in known if one.state == OFF][-1:]
    on = [one for one in known if running(desk, one)]
    if on and not paused:
        what = and_list([described(desk, one) for one in on])
        hint = "To change it, say how much and how often."
        raise UnclearError(
            fit(f"Autosave is on already: {what}.", [hint]),
            [_STOP, _STATUS],
            wants=("amount", "recurrence", "saving"),
        )
    ledger_autosave.set_state(
        desk.connection, desk.scope, [one.id for one in waiting], ON, desk.today
    )
    run(desk)
    what = and_list([described(desk, one) for one in waiting])
    first = fit(f"Autosave is on again: {what}.", [PLAN_ONLY])
    return Answer(first, buttons=[_STOP, _STATUS], plan=_PLAN)


def disable(desk: Desk, said: Said, query: Query, edit: Mapping[str, Any]) -> Answer:
    """Turns rules off, or pauses them until a day where one is said; a button lets money go."""
    if edit.get("release"):
        return release(desk)
    on = [one for one in rules(desk) if one.state != OFF]
    if not on:
        return Answer("Autosave is off already; nothing is being put aside.")
    kinds = {kind for words, kind in _KINDS.items() if words in said.text}
    chosen = [one for one in on if one.kind in kinds] or on
    until = pause_end(said.text, query, desk.today)
    pauses = until is not None or bool(PAUSES.search(said.text))
    state, begins = (PAUSED, until or date.max) if pauses else (OFF, desk.today)
    ids = [one.id for one in chosen]
    ledger_autosave.set_state(desk.connection, desk.scope, ids, state, begins)
    what = and_list([described(desk, one) for one in chosen])
    when = f" until {format_of(desk).full_day(until)}" if until else ""
    aside, home = set_aside(desk), desk.person.currency
    kept = f"{format_of(desk).money(aside, home)} stays put aside in your plan." if aside else ""
    return Answer(
        fit(
            f"Autosave is {'paused' if pauses else 'off'}{when}: {what}.",
            [kept, "“Resume autosave” turns it on again."],
        ),
        figures=[Figure("aside", aside, home)] if aside else [],
        dates=[("until", until)] if until else [],
        buttons=[steps.say("Turn it back on", "enable_autosave"), *_release(aside)],
        plan=_PLAN,
    )


def _release(aside: int) -> list[Button]:
    payload = {"intent": "disable_autosave", "entities": [], "edit": {"release": True}}
    return [Button("Let the money go", payload)] if aside else []


def release(desk: Desk) -> Answer:
    """Lets go what was put aside for no goal: it was moved at the bank, or is wanted back."""
    made = ledger_autosave.moves(desk.connection, desk.scope)
    sums: dict[tuple[str, str], int] = {}
    for move in made:
        if move.goal_id is None:
            key = (move.rule_id, move.currency)
            sums[key] = sums.get(key, 0) + move.minor
    trigger = f"let go {desk.turn.turn_id}"
    back = [
        Move(rule_id, trigger, -minor, currency, None, desk.today)
        for (rule_id, currency), minor in sums.items()
        if minor > 0
    ]
    ledger_autosave.add_moves(desk.connection, desk.scope, back)
    totals: dict[str, int] = {}
    for move in back:
        totals[move.currency] = totals.get(move.currency, 0) - move.minor
    home = desk.person.currency
    amount = format_of(desk).sums(totals, home)
    return Answer(
        f"Done: {amount} counts as spendable again. Goals keep what was put to them.",
        figures=[Figure("released", minor, currency) for currency, minor in totals.items()],
        buttons=[_STATUS],
    )


def status(desk: Desk, query: Query) -> Answer:
    """Whether autosave is on, by which rules, and what it has put aside."""
    known, home = rules(desk), desk.person.currency
    on = [one for one in known if running(desk, one)]
    paused = [one for one in known if one.state == PAUSED and not running(desk, one)]
    period = query.period
    made = [
        move
        for move in ledger_autosave.moves(desk.connection, desk.scope)
        if move.currency == home
        and move.minor > 0
        and (period is None or period.start is None or move.moved_on >= period.start)
        and (period is None or period.end is None or move.moved_on < period.end)
    ]
    saved, form = sum(move.minor for move in made), format_of(desk)
    first = _verdict(desk, on, paused)
    when = f", {form.period(period, desk.span)}" if period else " so far"
    done = f"It put aside {form.money(saved, home)}{when}" if known else ""
    tail = as_of(desk)
    amounts = [Figure("amount", one.minor, one.currency) for one in on if one.minor]
    saved_figure = Figure("saved", saved, home)
    sum_first = period is not None or not amounts
    figures = [saved_figure, *amounts] if sum_first else [*amounts, saved_figure]
    return Answer(
        fit(first, [f"{done}{f' ({tail})' if tail else ''}." if done else "", PLAN_ONLY]),
        query,
        figures=figures if known else [],
        counts=[("rules", len(on)), ("moves", len(made))],
        buttons=_next(on, paused),
        plan=_PLAN if known else None,
    )


def _verdict(desk: Desk, on: Sequence[Rule], paused: Sequence[Rule]) -> str:
    what = and_list([described(desk, one) for one in on or paused])
    if on:
        return f"Yes, autosave is on: {what}."
    if paused:
        until = min(one.begins for one in paused)
        when = "" if until == date.max else f" until {format_of(desk).full_day(until)}"
        return f"No, autosave is paused{when}: {what}."
    return "No, autosave is off. Say, for example, “autosave £5 a week” or “round up”."


def _next(on: Sequence[Rule], paused: Sequence[Rule]) -> list[Button]:
    if on:
        return [_STOP]
    return [steps.say("Turn it on", "enable_autosave")] if paused else []


def planned(desk: Desk) -> list[Move]:
    """What the rules are triggered by up to today and have not put aside yet."""
    made = ledger_autosave.moves(desk.connection, desk.scope)
    new: list[Move] = []
    for rule in (one for one in rules(desk) if running(desk, one)):
        own = {move.trigger: move.minor for move in made if move.rule_id == rule.id}
        others = sum(
            move.minor
            for move in (*made, *new)
            if move.rule_id != rule.id and move.currency == rule.currency
        )
        history = history_of(desk, rule, rule.begins)
        end = desk.today + DAY
        new += [
            Move(rule.id, put.trigger, put.minor, rule.currency, rule.goal_id, put.day)
            for put in saving.puts(rule, history, rule.begins, end, made=own, aside=others)
        ]
    return new


def run(desk: Desk) -> list[Move]:
    """Puts aside what rules are triggered by up to today, each trigger once; returns the new."""
    new = planned(desk)
    ledger_autosave.add_moves(desk.connection, desk.scope, new)
    return new
