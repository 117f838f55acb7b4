"""`florin chat`: the same conversation in the terminal."""

import secrets
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from florin.turns import Turns, turns

_END = {"", "exit", "quit"}


def chat(
    user: Annotated[str, typer.Option(help="Who talks, a person's id.")] = "maya",
    now: Annotated[str | None, typer.Option(help="The time it is for them, ISO 8601.")] = None,
) -> None:
    """Talk to Florin; a number taps a button, an empty line ends."""
    console = Console()
    with turns() as asked:
        console.print(f"You are {user}. Ask about your money; an empty line ends.", style="dim")
        _talk(asked, console, user, now)


def _talk(asked: Turns, console: Console, user: str, now: str | None) -> None:
    conversation = f"chat-{secrets.token_hex(6)}"
    buttons: list[str] = []
    while True:
        try:
            said = console.input("[bold]You[/bold]     ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if said.casefold() in _END:
            return
        if said.isdecimal() and 0 < int(said) <= len(buttons):
            said = buttons[int(said) - 1]
        with console.status("…"):
            answer = asked.ask(user, said, now, conversation)
        buttons = answer["buttons"]
        _show(console, answer["reply"], buttons)
        for text in [(answer.get("chart") or {}).get("description"), *answer.get("further", [])]:
            if text:
                _show(console, text, [])
        if answer.get("document"):
            hint = f"        In a terminal: florin export --user {user} --out {answer['document']}"
            console.print(Text(hint, style="dim"))


def _show(console: Console, reply: str, buttons: list[str]) -> None:
    first, *others = reply.splitlines() or [""]
    console.print(Text.assemble(("Florin  ", "bold green"), first))
    for line in others:
        console.print(Text(f"        {line}"))
    if buttons:
        titles = "   ".join(f"[{number}] {title}" for number, title in enumerate(buttons, 1))
        console.print(Text(f"        {titles}", style="cyan"))
