"""Hidden accounts: which one a word means, and the buttons that hide, show and remove."""

from collections.abc import Mapping
from typing import Any

from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.names import find_accounts
from actions.say import short
from ledger.types import Account

MOST_BUTTONS = 5


def button(title: str, what: str, account: Account) -> Button:
    """A button that does something to an account: ``ask``, ``hide``, ``show``, ``remove``."""
    edit = {"unlink": what, "account": account.id}
    return Button(title, {"intent": "unlink_account", "entities": [], "edit": edit})


def shown_again(desk: Desk) -> list[Button]:
    """A button for each hidden account that brings it back."""
    return [
        button(f"Show {short(one.name)} again", "show", one) for one in _hidden(desk)[:MOST_BUTTONS]
    ]


def _hidden(desk: Desk) -> list[Account]:
    return [one for one in desk.all_accounts if one.id in desk.hidden]


def check_named(desk: Desk, value: str, resolved: Mapping[str, Any]) -> None:
    """Refuse an account that is hidden.

    Raises:
        UnclearError: The name means hidden accounts alone; the buttons bring them back.
    """
    ids = find_accounts(value, resolved, _hidden(desk))
    found = [one for one in _hidden(desk) if one.id in set(ids)]
    if found:
        raise UnclearError(
            f"{short(found[0].name)} is hidden, so I leave it out.",
            [button(f"Show {short(one.name)} again", "show", one) for one in found],
        )
