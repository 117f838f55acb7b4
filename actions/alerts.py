"""Alerts and what is sent unasked: set, listed, changed and stopped in conversation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import steps
from actions.alerts_said import changed_settings, chosen, drafted, wish
from actions.answer import Answer, Figure
from actions.budgets import about
from actions.desk import Desk
from actions.digests import KINDS
from actions.errors import Button, UnclearError
from actions.evidence import account_names, format_of, merchant_name
from actions.facts import BILL_DAYS, facts, is_below, query_of
from actions.query import Period, Query
from actions.said import Said
from actions.say import MAX_TEXT, and_list, category_name, count, fit
from ledger import alerts as ledger_alerts
from ledger import notices
from ledger.alerts import Alert
from ledger.notices import NoticeSettings

EVERYTHING = "everything"
"""What a button stops when it stops all that is sent."""
_PLACE = re.compile(
    r"\bthe (first|second|third|fourth|1st|2nd|3rd|4th|last) (?:one|alert|reminder)\b"
)
_PLACES = {"fir": 0, "1st": 0, "sec": 1, "2nd": 1, "thi": 2, "3rd": 2, "fou": 3, "4th": 3}
_UNHEARD = "I can't write to you unasked yet: link Telegram or open the web chat."


def alerts(desk: Desk) -> list[Alert]:
    """The person's alerts, the oldest first."""
    return ledger_alerts.alerts(desk.connection, desk.scope)


def described(desk: Desk, alert: Alert) -> str:
    """What an alert waits for: ``a payment of over £200.00 goes out``."""
    form = format_of(desk)
    amount = form.money(alert.minor or 0, alert.currency)
    asked = query_of(alert, Period())
    what = _whom(desk, alert)
    on = f" on {account_names(desk, alert.accounts)}" if alert.accounts else ""
    bound = f" {form.bound(asked.amount, alert.currency)}" if asked.amount else ""
    named = alert.merchants or alert.categories
    spent_on = f" {about(desk, replace(asked, amount=None))}" if named else ""
    if alert.kind == "balance":
        held = account_names(desk, alert.accounts) if alert.accounts else "a current account"
        return f"{held} goes {'under' if is_below(alert) else 'over'} {amount}"
    if alert.kind == "bill":
        days = BILL_DAYS if alert.days is None else alert.days
        return f"a payment{what} is due within {count(days, 'day')}"
    return {
        "payment": f"a payment{bound}{what}{on} goes out",
        "money_in": f"money{bound} comes in{what}{on}",
        "spent": f"you spend over {amount}{spent_on} in a {alert.unit}",
        "payday": "your pay comes in",
        "rise": "the price of a regular payment goes up",
        "duplicate": "you seem to be charged twice",
    }[alert.kind]


def _whom(desk: Desk, alert: Alert) -> str:
    """Whom a payment goes to or comes from, and what for: `` to Tesco``, `` for Rent``."""
    way = "from" if alert.kind == "money_in" else "to"
    names = [merchant_name(desk, id_) for id_ in alert.merchants[:4]]
    kinds = [category_name(id_) for id_ in alert.categories[:4]]
    parts = [f" {way} {and_list(names)}"] if names else []
    return "".join([*parts, f" for {and_list(kinds, 'or')}"] if kinds else parts)


def set_alert(desk: Desk, said: Said, query: Query, edit: Mapping[str, Any]) -> Answer:
    """Sets an alert, changes the one on the same subject, or changes what is sent and when.

    Raises:
        UnclearError: It is not said of what, or the amount is missing.
    """
    kinds = tuple(edit.get("resume") or wish(said.text).kinds)
    settings = notices.settings(desk.connection, desk.scope)
    changed = changed_settings(said.text, settings)
    if kinds or changed:
        return _wanted(desk, changed or settings, kinds)
    alert = drafted(desk, said, query)
    before = next((one for one in alerts(desk) if one.id == alert.id), None)
    ledger_alerts.save_alert(desk.connection, desk.scope, alert)
    now = [] if alert.kind == "bill" else facts(desk, alert)
    notices.note(desk.connection, desk.scope, [fact.key for fact in now], desk.today)
    standing = alert.kind in {"balance", "spent"} and now
    form = format_of(desk)
    was = (
        f" (it was {form.money(before.minor, before.currency)})"
        if before and before.minor is not None and before.minor != alert.minor
        else ""
    )
    first = f"Done: I'll tell you when {described(desk, alert)}{was}."
    already = f"It is already so: {now[-1].text}." if standing else ""
    return Answer(
        fit(first, [already, _where(desk, settings)]),
        figures=[Figure("amount", alert.minor, alert.currency)] if alert.minor is not None else [],
        buttons=[_stop("Remove it", alert.id), steps.say("My alerts", "list_alerts")],
        plan={"kind": "alert", "id": alert.id},
    )


def _where(desk: Desk, settings: NoticeSettings) -> str:
    """Where and when it is told."""
    if notices.thread(desk.connection, desk.scope) is None:
        return _UNHEARD
    if settings.off:
        return "All messages are off; “send me alerts” turns them on."
    return f"Never between {settings.quiet_from}:00 and {settings.quiet_until}:00."


def _stop(title: str, what: str) -> Button:
    return Button(title, {"intent": "delete_alert", "entities": [], "edit": {"stop": what}})


def stop_button(what: str) -> tuple[str, dict[str, Any]]:
    """The button under what is sent unasked: typing its title does the same."""
    return "Stop", _stop("Stop", what).payload


def _wanted(desk: Desk, settings: NoticeSettings, kinds: Sequence[str]) -> Answer:
    """Turns digests on again and keeps hour, quiet hours and time zone."""
    stopped = tuple(kind for kind in settings.stopped if kind not in kinds)
    chosen_ = replace(settings, stopped=stopped, off=False)
    notices.save_settings(desk.connection, desk.scope, chosen_)
    on = [KINDS[kind] for kind in KINDS if kind not in stopped]
    hour = f" from {chosen_.hour}:00" if chosen_.hour is not None else ""
    zone = f" ({chosen_.timezone})" if chosen_.timezone else ""
    first = f"Done: I send your {and_list(on)}{hour}{zone}." if on else "Done."
    return Answer(
        fit(first, [_where(desk, chosen_)]),
        buttons=[_stop("Stop all messages", EVERYTHING), steps.say("My alerts", "list_alerts")],
    )


def listed(desk: Desk) -> Answer:
    """Which alerts are on, and what else is sent."""
    known = alerts(desk)
    settings = notices.settings(desk.connection, desk.scope)
    sent = [name for kind, name in KINDS.items() if kind not in settings.stopped]
    if settings.off:
        also = "All messages are off."
    else:
        also = f"I also send your {and_list(sent)}." if sent else ""
    if not known:
        hint = "Say, for example, “tell me when my balance goes under 100”."
        return Answer(fit("You have set no alerts.", [also, hint]), buttons=_less(settings))
    return Answer(
        fit(_lines(desk, known), [also]),
        figures=[
            Figure(one.kind, one.minor, one.currency) for one in known if one.minor is not None
        ],
        counts=[("alerts", len(known))],
        buttons=[
            _stop("Remove it" if len(known) == 1 else "Remove all", known[0].id)
            if len(known) == 1
            else _stop("Remove all", "alerts"),
            *_less(settings),
        ],
        plan={"kind": "alert", "id": known[0].id if len(known) == 1 else None},
    )


def _lines(desk: Desk, known: Sequence[Alert]) -> str:
    """The alerts, as many as there is room for."""
    text = f"{count(len(known), 'alert')}: when {described(desk, known[0])}"
    for number, one in enumerate(known[1:], 1):
        line, more = f"; when {described(desk, one)}", f"; and {len(known) - number} more."
        if len(text) + len(line) + len(more) > MAX_TEXT:
            return f"{text}{more}"
        text += line
    return f"{text}."


def _less(settings: NoticeSettings) -> list[Button]:
    if settings.off:
        return [Button("Messages on", {**_RESUME, "edit": {"resume": list(KINDS)}})]
    on = [kind for kind in KINDS if kind not in settings.stopped]
    return [_stop(f"No {KINDS[on[0]]}", f"digest {on[0]}")] if on else []


_RESUME: Mapping[str, Any] = {"intent": "set_alert", "entities": []}


def delete_alert(desk: Desk, said: Said, query: Query, edit: Mapping[str, Any]) -> Answer:
    """Removes alerts, or stops what is sent unasked.

    Raises:
        UnclearError: There are several and none was named.
    """
    known = alerts(desk)
    what = str(edit.get("stop") or "")
    asked = wish(said.text)
    digests = what.startswith("digest ")
    kinds = tuple(what.removeprefix("digest ").split()) if digests else asked.kinds
    if digests and len(kinds) > 1:
        raise _which_of(kinds)
    if what == EVERYTHING or (asked.all and not what):
        return _silence(desk)
    if kinds:
        return _stopped(desk, kinds)
    if what:
        found = [one for one in known if what in {one.id, "alerts"}]
    else:
        found = _nth(said.text, known) or chosen(said, query, known)
        if len(found) > 1 and len(found) == len(known) and not _is_all(said.text):
            raise UnclearError(
                "Which alert shall I remove?",
                [_stop(described(desk, one)[:60].capitalize(), one.id) for one in known[:4]]
                + [_stop("All of them", "alerts")],
            )
    if not found:
        return Answer(
            "There is no such alert, so nothing was changed.",
            buttons=[steps.say("My alerts", "list_alerts")],
        )
    ledger_alerts.delete_alerts(desk.connection, desk.scope, [one.id for one in found])
    lines = and_list([described(desk, one) for one in found])
    first = f"Removed: I won't tell you any more when {lines}."
    return Answer(
        fit(first, ["Set it again whenever you like."]),
        figures=[
            Figure("amount", one.minor, one.currency) for one in found if one.minor is not None
        ],
        counts=[("alerts", len(found))],
        buttons=[steps.say("My alerts", "list_alerts")],
    )


def _which_of(kinds: Sequence[str]) -> UnclearError:
    """Which of the digests that came together shall end."""
    buttons = [_stop(f"No {KINDS[kind]}", f"digest {kind}") for kind in kinds if kind in KINDS]
    return UnclearError(
        "Which of them shall I stop?", [*buttons, _stop("All messages", EVERYTHING)]
    )


def _nth(text: str, known: Sequence[Alert]) -> list[Alert]:
    """The alert that its place in the list names ("the second one")."""
    found = _PLACE.search(text)
    place = -1 if found and found[1] == "last" else _PLACES.get(found[1][:3], 99) if found else 99
    return [known[place]] if place < len(known) else []


def _is_all(text: str) -> bool:
    return any(word in text.split() for word in ("all", "every", "everything", "alerts", "them"))


def _silence(desk: Desk) -> Answer:
    settings = notices.settings(desk.connection, desk.scope)
    notices.save_settings(desk.connection, desk.scope, replace(settings, off=True))
    again = Button("Turn on again", {**_RESUME, "edit": {"resume": list(KINDS)}})
    return Answer(
        "Done: I write nothing unasked any more. Your alerts are kept for when you want them back.",
        buttons=[again],
        plan={"kind": "undo", "undo": again.payload},
    )


def _stopped(desk: Desk, kinds: Sequence[str]) -> Answer:
    settings = notices.settings(desk.connection, desk.scope)
    stopped = tuple(dict.fromkeys((*settings.stopped, *kinds)))
    notices.save_settings(desk.connection, desk.scope, replace(settings, stopped=stopped))
    names = and_list([KINDS[kind] for kind in kinds if kind in KINDS])
    again = Button("Turn on again", {**_RESUME, "edit": {"resume": list(kinds)}})
    return Answer(
        f"Done: no more messages about {names}." if "goal" in kinds else f"Done: no more {names}.",
        buttons=[again],
        plan={"kind": "undo", "undo": again.payload},
    )
