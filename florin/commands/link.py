"""`florin link`: tie a browser or a Telegram account to a person."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from florin.settings import Settings


class Channel(StrEnum):
    """What can be linked."""

    WEB = "web"
    TELEGRAM = "telegram"


def link(
    channel: Annotated[Channel, typer.Argument(help="web or telegram")],
    user: Annotated[str, typer.Option(help="Whose money it shows, a person's id.")],
) -> None:
    """Print a one-time link (web) or code (Telegram) for a person."""
    from bot.identity import issue_link, issue_telegram_code
    from ledger.database import migrate, open_engine

    settings = Settings()
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    at = datetime.now(UTC)
    try:
        if channel is Channel.WEB:
            print(issue_link(engine, user, at, settings.gateway_url(settings.port)))
        else:
            print(issue_telegram_code(engine, user, at))
            print("Send this to your bot within half an hour; it works once.")
    finally:
        engine.dispose()
