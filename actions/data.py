"""Turns about the person's own data: what comes in, what is kept, what goes, who sees it."""

from collections.abc import Callable, Mapping

from actions.answer import Answer
from actions.deletion import delete_data
from actions.desk import Desk
from actions.fraud import report_fraud
from actions.handoff import human_handoff
from actions.privacy import link_account, privacy_question
from actions.scope import Turn
from actions.unlinking import unlink_account

TOPICS: Mapping[str, Callable[[Desk, Turn], Answer]] = {
    "delete_data": delete_data,
    "unlink_account": unlink_account,
    "link_account": link_account,
    "privacy_question": privacy_question,
    "report_fraud": report_fraud,
    "human_handoff": human_handoff,
}


def data(desk: Desk, turn: Turn) -> Answer:
    """Answer by intent.

    Raises:
        UnclearError: It does not say which account or charge is meant; nothing was changed.
    """
    return TOPICS[turn.intent](desk, turn)
