"""The command line: one function per command in `florin/commands/`, wired here.

Only the module of the command that was typed is imported: all of them take a second.
"""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup

from florin.errors import FlorinError

if TYPE_CHECKING:
    from typer._click import Command, Context

_COMMANDS: Mapping[str, str] = {
    "up": "up.up",
    "ask": "ask.ask",
    "chat": "chat.chat",
    "label": "label.label",
    "link": "link.link",
    "notify": "notify.notify",
    "replay": "replay.replay",
    "delete-person": "delete_person.delete_person",
    "parse": "parse.parse",
    "bench": "bench.bench",
    "enrich": "enrich.enrich",
    "export": "export.export",
    "train": "train.train",
    "evaluate": "evaluate.evaluate",
    "monitor": "monitor.monitor",
    "take": "take.take",
    "weekly": "weekly.weekly",
    "tune": "tune.tune",
    "release": "release.release",
    "rollback": "release.rollback",
    "import": "import_.import_files",
    "cases": "cases.app",
}
"""Where each command is, below `florin.commands`."""


class _Commands(TyperGroup):
    def list_commands(self, ctx: "Context") -> list[str]:  # noqa: ARG002
        """Every command there is."""
        return list(_COMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":  # noqa: ARG002
        """The command of this name, none where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(".")
        found = getattr(import_module(f"florin.commands.{module}"), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="florin",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _florin() -> None:
    """A conversational finance assistant: ask about your own money."""


_UsageError: type[typer.BadParameter] = typer.BadParameter.__mro__[1]
"""typer's own base class of wrong options and commands, which it does not export."""
_INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""
_ROOMS = (
    "actions", "bot", "console", "encoder", "endpoint", "enrichment", "florin", "intake", "jobs",
    "knowledge", "ledger", "nlu", "regex_bootstrap", "registry",
)  # fmt: skip


def _is_ours(error: Exception) -> bool:
    """Whether the error is one of a room's own, whose text is a sentence for people."""
    return isinstance(error, FlorinError) or type(error).__module__.split(".")[0] in _ROOMS


def main() -> None:
    """Run a command; a mistake is one sentence on standard error and a non-zero exit code."""
    try:
        code = app(standalone_mode=False)
    except _UsageError as error:
        sys.exit(error.format_message())
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(_INTERRUPTED)
    except Exception as error:
        if os.environ.get("FLORIN_TRACEBACK"):
            raise
        said = str(error) if _is_ours(error) else (
            f"Something went wrong inside Florin ({type(error).__name__}); "
            f"FLORIN_TRACEBACK=1 shows where."
        )  # fmt: skip
        sys.exit(said)
    sys.exit(code if isinstance(code, int) else 0)
