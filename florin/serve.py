"""A service's process: `python -m florin.serve NAME`, its settings as JSON in FLORIN_SERVICE."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from encoder.memory import share_arenas

Config = Mapping[str, Any]
_GRACE_SECONDS = 2
"""Open chats hold event streams; a stop does not wait for them."""


def _nlu(config: Config) -> Any:
    from nlu.service import create_app

    return create_app(registry_root=Path(config["registry"]), key=config["key"])


def _actions(config: Config) -> Any:
    from actions.scheduler import Scheduler
    from actions.server import create_app
    from ledger.database import open_engine

    engine, hour = open_engine(config["database"]), config["proactive_hour"]
    scheduler = None if hour is None else Scheduler(engine, lambda: datetime.now(UTC), hour)
    return create_app(engine, config["key"], scheduler, config["peers_minimum"])


def _intake(config: Config) -> Any:
    from florin.language import asker_of
    from florin.settings import Settings
    from intake.service import create_app

    return create_app(
        database_url=config["database"],
        key=config["key"],
        uploads=Path(config["uploads"]),
        registry=Path(config["registry"]),
        asker=asker_of(Settings(**config["language"])),
    )


def _gateway(config: Config) -> Any:
    from bot.channels.telegram import TelegramSettings
    from bot.gateway import LOCAL_ORIGINS, create_app
    from bot.services import Addresses
    from ledger.database import open_engine

    telegram = config["telegram"] and TelegramSettings(
        config["telegram"],
        base_url=config["telegram_base_url"],
        webhook=config["telegram_webhook"],
        secret=config["telegram_secret"],
    )
    return create_app(
        database=open_engine(config["database"]),
        addresses=Addresses(config["nlu"], config["actions"], config["engine"], config["intake"]),
        internal_key=config["key"],
        uploads=Path(config["uploads"]),
        clock=lambda: datetime.now(UTC),
        telegram=telegram or None,
        embed_origins=(*LOCAL_ORIGINS, *config["embed_origins"]),
    )


_APPS: Mapping[str, Callable[[Config], Any]] = {
    "nlu": _nlu,
    "actions": _actions,
    "intake": _intake,
    "gateway": _gateway,
}


def main() -> None:
    """Serve one of the modern services until it is told to stop."""
    share_arenas()
    config: Config = json.loads(os.environ.pop("FLORIN_SERVICE"))
    uvicorn.run(
        _APPS[sys.argv[1]](config),
        host=config.get("host", "127.0.0.1"),
        port=config["port"],
        log_level="warning",
        access_log=False,  # addresses hold link codes
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
