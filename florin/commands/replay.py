"""`florin replay`: stored turns on today's models and code."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from florin.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


def replay(
    conversation: Annotated[str, typer.Argument(help="A conversation, or an answer's trace.")],
) -> None:
    """Run stored turns again and show the first stage that differs; changes and sends nothing."""
    from ledger.database import open_engine

    settings = Settings()
    engine = open_engine(settings.database_url)
    try:
        different = asyncio.run(_replay(engine, settings.registry_dir, conversation))
    finally:
        engine.dispose()
    print(f"{different} of the turns differ.")


async def _replay(engine: "Engine", registry: Path, conversation: str) -> int:
    """Print each turn as it is run; how many differ."""
    from console.replay import replay as run

    different = 0
    async for turn in run(engine, registry, conversation):
        print(f"{turn.turn.seq:>3}  {turn.turn.trace['text']}")
        if turn.skipped:
            print(f"     not run again: {turn.skipped}")
        elif turn.difference is None:
            print("     the same")
        else:
            different += 1
            print(f"     differs at {turn.difference.stage}")
            print(f"       then  {_shown(turn.difference.then)}")
            print(f"       now   {_shown(turn.difference.now)}")
    return different


def _shown(value: object) -> str:
    return orjson.dumps(value).decode()
