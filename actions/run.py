"""The actions that the engine calls, one for each topic; each replies with one message."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import Engine

from actions import (
    alerts,
    bare,
    data,
    deletion,
    exporting,
    feedback,
    hardship,
    peers,
    plans,
    refiling,
    resume,
    rulebook,
    smalltalk,
    touched,
)
from actions.answer import Answer
from actions.answers import ask
from actions.desk import Desk
from actions.errors import NoTurnError, UnclearError
from actions.followup import (
    about_prices,
    by_name,
    compare_or_edit,
    list_or_show,
    refine,
    show_more,
)
from actions.meant import reworded as meant_by_words
from actions.say import fit
from actions.scope import Turn, read_turn
from ledger import forecasts
from ledger.database import reading, writing
from ledger.errors import UnknownPersonError

Topic = Callable[[Desk, Turn], Answer]

NOBODY = Answer("Sorry, I can't tell whose accounts these are, so I can't answer here.")


def _spending(desk: Desk, turn: Turn) -> Answer:
    prices = about_prices(desk, turn)
    if prices is not None:
        return prices
    if turn.intent == "spending_compare":
        return compare_or_edit(desk, turn)
    return list_or_show(desk, turn) if turn.intent == "list_transactions" else ask(desk, turn)


def _outlook(desk: Desk, turn: Turn) -> Answer:
    return alerts.listed(desk) if turn.intent == "list_alerts" else ask(desk, turn)


def _followup(desk: Desk, turn: Turn) -> Answer:
    prices = about_prices(desk, turn)
    if prices is not None:
        return prices
    return show_more(desk, turn) if turn.intent == "show_more" else refine(desk, turn)


TOPICS: Mapping[str, Topic] = {
    "action_balances": ask,
    "action_spending": _spending,
    "action_income": ask,
    "action_commitments": ask,
    "action_plans": plans.change,
    "action_outlook": _outlook,
    "action_followup": _followup,
    "action_small_talk": smalltalk.small_talk,
    "action_ask_feedback": feedback.ask_feedback,
    "action_feedback": feedback.feedback,
    "action_recategorize": refiling.recategorize,
    "action_export": exporting.export,
    "action_data": data.data,
    "action_peers": peers.peers,
    "action_out_of_scope": lambda desk, turn: by_name(desk, turn) or smalltalk.out_of_scope(desk),
    "action_default_fallback": lambda _desk, _turn: smalltalk.fallback(),
}
"""Which function answers which action of the engine's domain."""

WRITES = frozenset({data.data, peers.peers, plans.change, refiling.recategorize})
"""Topics that change what the person planned or taught."""
RESUMED: Mapping[str, Topic] = {
    **dict.fromkeys(data.TOPICS, data.data),
    "recategorize": refiling.recategorize,
}
"""Topics beside plans that go on once the person gave what was missing, by intent."""
CLOSES: Mapping[str, str] = {"action_feedback": feedback.SLOT}
"""Actions that end a form, and the slot that must be empty when it opens again."""


def reply(engine: Engine, topic: Topic, turn: Turn) -> Answer:
    """Answers one turn from one state of the database.

    What must be asked back, and what reads no money, leaves the memory of the last question alone.
    A message that gives what a plan was asked for completes the plan, whatever its topic; one that
    teaches something, or speaks of what was taught, is answered by `rulebook` whatever NLU says;
    one of distress by `hardship`.
    """
    agreed, turn = deletion.taken(turn)
    turn, topic, renamed = _routed(turn, topic)
    waits = bool((turn.previous or {}).get("asked")) or touched.corrects(turn)
    rules = rulebook.may_speak_of_rules(turn)
    with (writing if waits or rules or _writes(topic) else reading)(engine) as connection:
        try:
            desk = Desk(connection, turn.scope)
            topic = (rulebook.topic_of(desk, turn) if rules else None) or topic
            topic = deletion.delete if agreed else (hardship.topic_of(turn) or topic)
            plan = _plan(desk, turn) if waits else None
            resumed = RESUMED.get(plan.intent, plans.change) if plan else topic
            answer = _replied(desk, resumed, plan or turn, resumes=bool(plan) or renamed)
        except UnknownPersonError:
            return NOBODY
    if answer.forecast is not None:
        with writing(engine) as connection:
            forecasts.keep(connection, turn.scope.user, turn.scope.turn_id, answer.forecast)
    return answer


def _routed(turn: Turn, topic: Topic) -> tuple[Turn, Topic, bool]:
    """The turn as its words mean it beside what came before, its topic, and whether NLU differed.

    What a message says outright comes before what it says of a plan that was touched last, and that
    before a few words that change the last question.
    """
    for read in (data.reworded, meant_by_words):
        meant = read(turn)
        if meant is not turn:
            return meant, _topic_of(meant.intent), True
    meant = touched.meant(turn)
    if meant is not turn:
        return meant, _topic_of(meant.intent), True
    edited = None if touched.corrects(turn) else bare.asked(turn)
    if edited is not None:
        return edited, refine, True
    corrected = refiling.declared(turn)
    return (turn, topic, False) if corrected is turn else (corrected, refiling.recategorize, True)


def _topic_of(intent: str) -> Topic:
    """What answers an intent that a plan is looked at or ended with."""
    if intent == "list_alerts":
        return _outlook
    if intent == "leave_peers":
        return TOPICS["action_peers"]
    if intent in data.TOPICS:
        return data.data
    return ask if intent in {"check_budget", "check_goals", "autosave_status"} else plans.change


def _writes(topic: Topic) -> bool:
    """Whether a topic, or what it was made from, changes what the person planned or taught."""
    return getattr(topic, "func", topic) in WRITES


def _plan(desk: Desk, turn: Turn) -> Turn | None:
    completed = resume.completed if (turn.previous or {}).get("asked") else touched.completed
    return completed(turn, desk.person.currency, [goal.id for goal in desk.goals])


def _replied(desk: Desk, topic: Topic, turn: Turn, *, resumes: bool) -> Answer:
    """The answer within the limits, with what the next turn needs to know."""
    try:
        answer = topic(desk, turn)
        memory = answer.memory if answer.memory is not None else turn.previous
        changed = _writes(topic)
        memory = resume.forget(memory) if changed else resume.waited(memory, turn)
        if answer.asks:
            memory = resume.remember(turn, (resume.YES,), answer.asks)
    except UnclearError as unclear:
        answer = Answer(str(unclear), buttons=unclear.buttons)
        wants = unclear.wants
        edit = turn.parse.get("edit") if turn.intent == "recategorize" else None
        again = resume.waited(turn.previous, turn)
        memory = resume.remember(turn, wants, edit) if wants else again
    intent = turn.intent if resumes else answer.intent
    memory = touched.remembered(turn, answer.plan, memory, changed=topic is plans.change)
    memory = _with_before(turn.previous, memory)
    return replace(answer, text=fit(answer.text), memory=memory, intent=intent)


def _with_before(
    previous: Mapping[str, Any] | None, memory: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """The memory with the question before this one, which "compare them" holds it against."""
    last = (previous or {}).get("query")
    if memory is None or last is None or "query" not in memory:
        return memory
    before = last if last != memory["query"] else (previous or {}).get("before")
    return memory if before is None else {**memory, "before": before}


class TopicAction(Action):  # type: ignore[misc]
    """One action of the engine's domain.

    Attributes:
        engine: The ledger's database.
        key: The internal key that turn tokens are signed with.
    """

    def __init__(self, name: str, topic: Topic, engine: Engine, key: str) -> None:
        self._name = name
        self._topic = topic
        self._engine = engine
        self._key = key

    def name(self) -> str:
        """The action's name in the engine's domain."""
        return self._name

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002
    ) -> list[dict[str, Any]]:
        """Replies to the tracker's latest message; the engine keeps no state of it."""
        try:
            turn = read_turn(self._key, tracker.latest_message)
        except NoTurnError:
            dispatcher.utter_message(text=NOBODY.text, json_message=NOBODY.custom("", 0.0))
            return []
        answer = await asyncio.to_thread(reply, self._engine, self._topic, turn)
        dispatcher.utter_message(
            text=answer.text,
            buttons=[
                {"title": button.title, "payload": json.dumps(button.payload)}
                for button in answer.buttons
            ],
            json_message={**answer.custom(turn.intent, turn.confidence), "action": self._name},
        )
        return [SlotSet(CLOSES[self._name], None)] if self._name in CLOSES else []
