"""Taking an account out of the answers, hidden or for good, and logging out of a chat."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import steps
from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.hidden import MOST_BUTTONS, button, shown_again
from actions.said import understand
from actions.say import count, fit, short
from actions.scope import Turn
from ledger import hiding, people
from ledger.types import Account

_EVERYWHERE = re.compile(
    r"\beverywhere\b|\ball (?:my |the |other )?(?:devices|browsers|sessions)\b"
)
_LOGS_OUT = re.compile(
    r"\b(?:log|logged|sign|signed) ?(?:me |us )?(?:out|off)\b|\blog ?out\b"
    r"|\b(?:unlink|disconnect|forget|remove) (?:this|my) (?:browser|session|chat|phone|device)\b"
)


def unlink_account(desk: Desk, turn: Turn) -> Answer:
    """Disconnect what is meant: an account of the bank, or the chat that this is said in.

    Raises:
        UnclearError: There are several accounts and none was named; nothing was changed.
    """
    edit = turn.parse.get("edit") or {}
    if edit.get("unlink"):
        return _tapped(desk, edit)
    text = str(turn.parse.get("text") or "").casefold()
    if _LOGS_OUT.search(text) or _EVERYWHERE.search(text) or "telegram" in text:
        return _chat(desk, text)
    if not desk.all_accounts:
        return Answer("No account of yours is here, so there is nothing to disconnect.")
    named = [desk.account(id_) for id_ in understand(desk, turn.parse).accounts]
    found = [one for one in named if one] or desk.accounts
    if not found:
        return Answer("All your accounts are hidden already.", buttons=shown_again(desk))
    if len(found) > 1:
        raise UnclearError(
            "Which account shall I take out? I'll ask again before anything happens.",
            [_choice(one) for one in found[:MOST_BUTTONS]],
        )
    return _how(desk, found[0])


def _choice(account: Account) -> Button:
    return button(short(account.name), "ask", account)


def _rows(desk: Desk, account: Account) -> str:
    number = hiding.row_counts(desk.connection, desk.scope).get(account.id, 0)
    return count(number, "transaction")


def _tapped(desk: Desk, edit: Mapping[str, Any]) -> Answer:
    account = next((one for one in desk.all_accounts if one.id == edit.get("account")), None)
    if account is None:
        return Answer("That account is not here any more; nothing was changed.")
    does = {"ask": _how, "hide": _hide, "show": _show, "remove": _sure, "sure": _remove}
    return does[str(edit["unlink"])](desk, account)


def _how(desk: Desk, account: Account) -> Answer:
    name = short(account.name)
    return Answer(
        fit(
            f"{name} has {_rows(desk, account)} here. Hide it, and no answer counts it until you "
            "want it back; or remove it with all of that for good.",
            ["I have no connection to your bank, so nothing changes there."],
        ),
        buttons=[
            button("Hide it", "hide", account),
            button("Remove it for good", "remove", account),
            steps.say("Leave it", "deny"),
        ],
    )


def _hide(desk: Desk, account: Account) -> Answer:
    hiding.hide(desk.connection, desk.scope, account.id, desk.turn.now)
    return Answer(
        f"Done: {short(account.name)} is hidden. No answer counts it any more; its "
        f"{_rows(desk, account)} stay here in case you want it back.",
        buttons=[button("Undo", "show", account)],
        plan={"kind": "undo", "undo": button("Undo", "show", account).payload},
    )


def _show(desk: Desk, account: Account) -> Answer:
    hiding.show(desk.connection, desk.scope, account.id)
    return Answer(
        f"{short(account.name)} is back: its {_rows(desk, account)} count again.",
        buttons=[button("Hide it", "hide", account)],
    )


def _sure(desk: Desk, account: Account) -> Answer:
    return Answer(
        f"This removes {short(account.name)} and its {_rows(desk, account)} for good; only sending "
        "the bank's file again brings them back. Shall I?",
        buttons=[button("Yes, remove it", "sure", account), steps.say("No, keep it", "deny")],
        asks={"unlink": "sure", "account": account.id},
    )


def _remove(desk: Desk, account: Account) -> Answer:
    number = hiding.remove(desk.connection, desk.scope, account.id)
    return Answer(
        f"Removed: {short(account.name)} and its {count(number, 'transaction')}. Your budgets, "
        "goals and rules are as they were. Sending the bank's file again brings it back."
    )


def _chat(desk: Desk, text: str) -> Answer:
    if _EVERYWHERE.search(text):
        return _log_out(desk, _logins(desk))
    if "telegram" in text and desk.channel != "telegram":
        return _unlink_telegram(desk)
    return _log_out(desk)


def _logins(desk: Desk) -> list[tuple[str, str]]:
    return people.channel_accounts(desk.connection, desk.scope)


def _unlink(desk: Desk, logins: Sequence[tuple[str, str]]) -> None:
    for channel, account in logins:
        people.unlink_account(desk.connection, desk.scope, channel, account, desk.turn.now)


def _unlink_telegram(desk: Desk) -> Answer:
    found = [login for login in _logins(desk) if login[0] == "telegram"]
    if not found:
        return Answer("No Telegram account is linked to you, so there is nothing to unlink.")
    _unlink(desk, found)
    return Answer(
        f"Done: {count(len(found), 'Telegram account')} unlinked; nothing of yours is shown there "
        f"any more. “florin link telegram --user {desk.scope.person_id}” links one again."
    )


def _log_out(desk: Desk, others: Sequence[tuple[str, str]] = ()) -> Answer:
    """End this chat's session, and those of other browsers and Telegram accounts if given."""
    own = desk.turn.conversation_id.rpartition(":")[2]
    _unlink(desk, [login for login in others if login[1] != own])
    link = f"“florin link {desk.channel} --user {desk.scope.person_id}”"
    if desk.channel == "telegram":
        return Answer(
            "Done: this Telegram account is unlinked and shows nothing of yours any more. Your "
            f"data stays. {link} on the machine that runs Florin gives a new code.",
            ends="session",
        )
    if desk.channel == "web":
        return Answer(
            f"Done: you are logged out {'everywhere' if others else 'here'}, and this browser "
            "shows nothing of yours any more. "
            f"Your data stays. {link} gives a new link.",
            ends="session",
        )
    if others:
        return Answer("Done: you are logged out of every browser and every Telegram account.")
    return Answer(
        "There is nothing to log out of in a terminal. In the web chat “Log out” is at the top; "
        "on Telegram tell me “unlink telegram” there."
    )
