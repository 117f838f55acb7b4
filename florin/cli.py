"""The command line: one function per command in `florin/commands/`, wired here."""

import os
import sys

import typer

from florin.commands import (
    ask,
    bench,
    cases,
    chat,
    delete_person,
    enrich,
    evaluate,
    export,
    import_,
    label,
    link,
    monitor,
    notify,
    parse,
    release,
    replay,
    take,
    train,
    tune,
    up,
)
from florin.errors import FlorinError

app = typer.Typer(
    name="florin",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _florin() -> None:
    """A conversational finance assistant: ask about your own money."""


for command in (
    up.up,
    ask.ask,
    chat.chat,
    label.label,
    link.link,
    notify.notify,
    replay.replay,
    delete_person.delete_person,
    parse.parse,
    bench.bench,
    enrich.enrich,
    export.export,
    train.train,
    evaluate.evaluate,
    monitor.monitor,
    take.take,
    tune.tune,
    release.release,
    release.rollback,
):
    app.command()(command)
app.command("import")(import_.import_files)
app.add_typer(cases.app, name="cases")

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
