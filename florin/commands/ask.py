"""`florin ask`: one turn through the whole path, or many from standard input."""

import json
import sys
from typing import Annotated, Any

import typer

from florin.errors import TurnError
from florin.turns import Turns, turns


def ask(
    text: Annotated[str, typer.Argument(help="What to ask; - reads JSON Lines.")],
    user: Annotated[str | None, typer.Option(help="Who asks, a person's id.")] = None,
    now: Annotated[str | None, typer.Option(help="The time it is for them, ISO 8601.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Which conversation goes on.")] = None,
) -> None:
    """Ask one question; prints one JSON object.

    With - as TEXT: JSON Lines in ({"id", "user", "conversation", "text", "now"}), JSON Lines out.
    """
    if text != "-" and user is None:
        raise TurnError("Say who asks: --user maya.")
    with turns() as asked:
        if text == "-":
            _ask_lines(asked, user, now, conversation)
        else:
            print(json.dumps(asked.ask(str(user), text, now, conversation), ensure_ascii=False))


def _ask_lines(asked: Turns, user: str | None, now: str | None, conversation: str | None) -> None:
    """Answer each line in order; what a line leaves out comes from the options."""
    failed = 0
    defaults = {"user": user, "now": now, "conversation": conversation}
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            answer = _ask_line(asked, number, line, defaults)
        except TurnError as error:
            failed += 1
            print(error, file=sys.stderr)
            answer = {"id": _id(line), "error": str(error)}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    if failed:
        raise TurnError(f"{failed} of the questions got no answer; see above.")


def _id(line: str) -> Any:
    try:
        return json.loads(line).get("id")
    except (ValueError, AttributeError):
        return None


def _ask_line(
    asked: Turns, number: int, line: str, defaults: dict[str, str | None]
) -> dict[str, Any]:
    try:
        given = {**defaults, **{name: value for name, value in json.loads(line).items() if value}}
        person, text = str(given["user"] or ""), str(given["text"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise TurnError(
            f'Line {number} is no question such as {{"id": "q1", "user": "maya", "text": "hi"}}.'
        ) from error
    if not person:
        raise TurnError(f'Line {number} does not say who asks: "user".')
    answer = asked.ask(person, text, given["now"], given["conversation"])
    return {**answer, "id": given.get("id", answer["id"])}
