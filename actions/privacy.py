"""What is kept, where, and who sees it; and how data comes in. Every sentence is true."""

import re
from collections.abc import Callable, Sequence

from actions import steps
from actions.answer import Answer
from actions.desk import Desk
from actions.evidence import format_of
from actions.hidden import shown_again
from actions.say import and_list, count, fit, short
from actions.scope import Turn
from ledger.hiding import row_counts

_ELSEWHERE = (
    "Only where a language model is set up do bank lines go to it, to file or check, without names "
    "and numbers that I recognise."
)
_TELEGRAM = "On Telegram, Telegram carries and keeps the messages, too."


def _secrets(_: Desk) -> Sequence[str]:
    return (
        "I never have your bank's login, PIN or card: I only read files that you send, and I "
        "can't move money.",
        "A chat opens by a one-time link alone.",
        "Rows are stored unencrypted unless the disk itself is encrypted.",
    )


def _nothing_else(_: Desk) -> Sequence[str]:
    return (
        "I read the bank files that you send and what you write to me, and nothing else: no "
        "e-mail, contacts, photos or location, and nothing from your bank by itself.",
    )


def _free(_: Desk) -> Sequence[str]:
    return (
        "Florin is open-source software and free. It shows no adverts, takes no commission and "
        "sells neither products nor data; whoever runs it pays for the machine.",
    )


def _who(desk: Desk) -> Sequence[str]:
    return (
        "You, and whoever runs this Florin: the database is on their machine. No other person's "
        "chat can reach your rows. Nothing is sold or used for adverts.",
        *([_TELEGRAM] if desk.channel == "telegram" else []),
        "You decide if a person of support sees this chat, and if you are in a peer comparison.",
    )


def _where(desk: Desk) -> Sequence[str]:
    return (
        "On the machine that runs this Florin: in its own database, and the files that you sent "
        "beside it.",
        *([_TELEGRAM] if desk.channel == "telegram" else []),
        _ELSEWHERE,
    )


def _learning(_: Desk) -> Sequence[str]:
    return (
        "Your corrections file your own rows, nobody else's.",
        "Whoever runs this Florin may teach it from messages and corrections, names and account "
        "numbers taken out.",
        _ELSEWHERE,
    )


def _by_telegram(_: Desk) -> Sequence[str]:
    return (
        f"{_TELEGRAM} What you ask and what I answer there passes through its servers.",
        "In the web chat it stays between your browser and the machine that runs this Florin.",
    )


def _how_long(_: Desk) -> Sequence[str]:
    return (
        "Until you delete it: nothing is dropped by itself. “Delete my data” erases everything, "
        "chats and files too, after asking twice; a single account can go alone.",
    )


def _what(desk: Desk) -> Sequence[str]:
    rows = sum(row_counts(desk.connection, desk.scope).values())
    return (
        f"I keep {count(rows, 'transaction')} on {count(len(desk.all_accounts), 'account')}, the "
        "files you sent, what I worked out from them, your plans and rules, and our chats. All of "
        "it is in the database of this Florin, and yours alone to see in a chat.",
        "Nothing is sold.",
    )


_TOPICS: Sequence[tuple[str, Callable[[Desk], Sequence[str]]]] = (
    (r"train\w*|learn\w*|ai|machine learning|language model|gpt|chatgpt|llm", _learning),
    (
        r"passwords?|log ?in|pin|credentials?|bank details|card (?:details|number)|hack\w*|"
        r"encrypt\w*|protect\w*|safe|secure|security|steal|move (?:my )?money|trust",
        _secrets,
    ),
    (r"telegram", _by_telegram),
    (r"e-?mails?|texts|contacts|photos|location|listening|microphone|phone", _nothing_else),
    (
        r"who|whom|anyone|anybody|someone|else|bank (?:see|know|read)|share\w*|sell\w*|sold|"
        r"third part\w*|advert\w*|employees?|staff|government|tax ?man|hmrc|irs|police|"
        r"read my|see my|spy\w*",
        _who,
    ),
    (r"free|costs?|make money|earn money|commission|business model", _free),
    (r"where|cloud|servers?|located|country|device|disk", _where),
    (
        r"how long|happens to|if i (?:leave|stop|quit)|keep it|retain|retention|forever|expire|"
        r"gdpr|ccpa|right",
        _how_long,
    ),
)
"""Words of a question and what answers it; the first that is found."""


def privacy_question(desk: Desk, turn: Turn) -> Answer:
    """What is kept, where, who sees it, whether it is safe: whichever was asked."""
    text = str(turn.parse.get("text") or "").casefold()
    answers = next((said for words, said in _TOPICS if re.search(rf"\b(?:{words})\b", text)), _what)
    first, *rest = answers(desk)
    return Answer(
        fit(first, rest),
        buttons=[steps.say("Export my data", "export_data"), steps.say("Delete it", "delete_data")],
    )


def link_account(desk: Desk, turn: Turn) -> Answer:
    """How data comes in, and what is there already."""
    text = str(turn.parse.get("text") or "").casefold()
    if re.search(r"\btelegram\b", text):
        return Answer(
            f"On the machine that runs Florin, enter “florin link telegram --user "
            f"{desk.scope.person_id}” and send the code that it prints to your Florin bot. It "
            "works once, within half an hour."
        )
    back = shown_again(desk)
    if back and re.search(r"\b(?:again|back|reconnect|relink|re-link|unhide|hidden)\b", text):
        return Answer("Which one shall I bring back?", buttons=back)
    how = {
        "telegram": "Send me your bank's file right here, as a document",
        "web": "Drop your bank's file into this chat, or add it with the paper clip",
    }.get(desk.channel, "Give me your bank's file: “florin import --user YOU FILE”, or in a chat")
    return Answer(
        fit(
            f"{how}: CSV, OFX, QFX, QIF or CAMT.053, from your online banking. I have no direct "
            "connection to banks.",
            [*_there(desk), "Sending one twice counts nothing twice."],
        ),
        buttons=back,
    )


def _there(desk: Desk) -> list[str]:
    if not desk.accounts:
        return []
    names = and_list([short(one.name) for one in desk.accounts[:4]])
    until = f", up to {format_of(desk).day(desk.span[1])}" if desk.span else ""
    return [f"Here so far: {names}{until}."]
