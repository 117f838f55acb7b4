"""Small talk: short, kind, varied, and without touching the thread of the conversation."""

from collections.abc import Mapping, Sequence
from zlib import crc32

from actions import steps, voice
from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.said import understand
from actions.say import fit, short
from actions.scope import Turn

REPLIES: Mapping[str, Sequence[str]] = {
    "greet": (
        "Hi {name}! What would you like to know about your money?",
        "Hello {name}. Ask me anything about your accounts.",
        "Hey {name}, good to see you. What shall I look up?",
    ),
    "goodbye": (
        "Bye {name}, take care!",
        "See you, {name}. I'll be here.",
        "Bye for now, {name}!",
    ),
    "thanks": (
        "You're welcome!",
        "Any time, {name}.",
        "Happy to help.",
    ),
    "affirm": (
        "Good. What shall I look up?",
        "All right! What would you like to know?",
        "OK. Ask away.",
    ),
    "deny": (
        "No problem, nothing was changed.",
        "All right, leaving it there.",
        "OK, forget it. Ask me something else whenever you like.",
    ),
    "praise": (
        "That's kind, thank you!",
        "Glad it helps, {name}.",
        "Lovely to hear!",
    ),
    "bot_challenge": (
        "I'm Florin, a computer program that answers questions about your own money.",
        "Not a person: I'm Florin, software that reads your transactions to answer you.",
        "I'm Florin, an open-source assistant. Every figure I give comes from your own rows.",
    ),
    "tell_joke": (
        "My favourite exercise is a running total.",
        "Why did the penny go to school? It wanted a little more sense.",
        "I told my wallet a joke. It folded.",
        "What do you call a budget that works out? Fit.",
    ),
}


VOICES: Mapping[str, str] = {"roast_me": voice.ROAST, "hype_me": voice.HYPE}


def small_talk(desk: Desk, turn: Turn) -> Answer:
    """The reply to a turn that asks for nothing.

    Which of the variants is chosen follows from the turn's id, so that a replay says the same.
    """
    intent = turn.intent
    if intent == "help":
        return help_with(desk)
    if intent in VOICES:
        tapped = turn.parse.get("edit") or {}
        chosen = tapped.get("voice")
        how = chosen if chosen in voice.VOICES else VOICES[intent]
        return voice.speak(desk, how, tuple(tapped.get("categories") or _categories(desk, turn)))
    variants = REPLIES[intent]
    chosen = variants[crc32(desk.turn.turn_id.encode()) % len(variants)]
    name = desk.person.name.split()[0] if desk.person.name.strip() else "there"
    buttons = _starters(desk)[:2] if intent == "greet" else []
    return Answer(chosen.format(name=short(name)), buttons=buttons)


def _categories(desk: Desk, turn: Turn) -> list[str]:
    """What a roast is to be about; a word that names no category changes nothing."""
    try:
        return [id_ for ids in understand(desk, turn.parse).categories for id_ in ids]
    except UnclearError:
        return []


def _starters(desk: Desk) -> list[Button]:
    if not desk.accounts:
        return []
    return [
        steps.say("My balance", "check_balance"),
        steps.say("Where did it go?", "spending_breakdown"),
    ]


def _own_merchants(desk: Desk) -> list[str]:
    """Names of shops the person often pays: what an example should speak of."""
    shops = ("groceries", "eating_out", "shopping", "transport", "subscriptions")
    return [
        short(one.name)
        for one in desk.counterparties
        if one.categories and one.categories[0].split(".")[0] in shops
    ]


def help_with(desk: Desk) -> Answer:
    """What can be asked, in examples from the person's own ledger."""
    if not desk.accounts:
        return Answer(
            "I answer questions about your own money. Send me a bank file (CSV, OFX, QIF or CAMT) "
            "and then ask, say, “how much did I spend last month?”"
        )
    names = _own_merchants(desk)
    account = short(desk.accounts[0].name)
    examples = [f"“what's in my {account}?”"]
    if names:
        examples.append(f"“how much at {names[0]} last month?”")
    if len(names) > 1:
        examples.append(f"“when did I last pay {names[1]}?”")
    examples.append("“where did my money go?”")
    first = f"Ask about your balances, spending and income: {', '.join(examples)}."
    return Answer(
        fit(first, ["Then go on: “and the month before?”, “by week”, “why?”"]),
        buttons=_starters(desk),
    )


def out_of_scope(desk: Desk) -> Answer:
    """What Florin can do, where it was asked for something else."""
    return Answer(
        "That one is outside what I do. I can tell you about your own money: balances, spending, "
        "income, bills, subscriptions, single payments and comparisons.",
        buttons=[*_starters(desk), steps.say("Examples", "help")],
    )


def fallback() -> Answer:
    """A turn that nothing else answered."""
    return Answer(
        "Sorry, I didn't get that. Could you say it another way?",
        buttons=[steps.say("Examples", "help")],
    )
